// Package pgx has the parts of the real package that the tests call.
package pgx

import (
	"context"

	"github.com/jackc/pgx/v5/pgconn"
)

type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Close()
	Err() error
}

type Row interface{ Scan(dest ...any) error }

type Identifier []string

func (Identifier) Sanitize() string { return "" }

type CopyFromSource interface{ Next() bool }

func CopyFromRows(rows [][]any) CopyFromSource                               { return nil }
func CopyFromSlice(length int, next func(int) ([]any, error)) CopyFromSource { return nil }

type NamedArgs map[string]any

func (NamedArgs) RewriteQuery(ctx context.Context, conn *Conn, sql string, args []any) (string, []any, error) {
	return "", nil, nil
}

type QueryRewriter interface {
	RewriteQuery(ctx context.Context, conn *Conn, sql string, args []any) (string, []any, error)
}

type QueryExecMode int32

const QueryExecModeExec QueryExecMode = 1

type TxOptions struct {
	BeginQuery  string
	CommitQuery string
}

type Conn struct{}

func (*Conn) Query(ctx context.Context, sql string, args ...any) (Rows, error) { return nil, nil }
func (*Conn) QueryRow(ctx context.Context, sql string, args ...any) Row        { return nil }
func (*Conn) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, nil
}
func (*Conn) Prepare(ctx context.Context, name, sql string) (any, error) { return nil, nil }
func (*Conn) SendBatch(ctx context.Context, b *Batch) any                { return nil }
func (*Conn) CopyFrom(ctx context.Context, table Identifier, columns []string, src CopyFromSource) (int64, error) {
	return 0, nil
}

type Tx interface {
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Prepare(ctx context.Context, name, sql string) (any, error)
	CopyFrom(ctx context.Context, table Identifier, columns []string, src CopyFromSource) (int64, error)
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

type QueuedQuery struct{ SQL string }

type Batch struct{}

func (*Batch) Queue(sql string, args ...any) *QueuedQuery { return nil }

func BeginFunc(ctx context.Context, db any, fn func(Tx) error) error { return nil }

func RowToStructByName[T any](row any) (T, error) { var t T; return t, nil }

func CollectOneRow[T any](rows Rows, fn func(any) (T, error)) (T, error) { var t T; return t, nil }

func CollectRows[T any](rows Rows, fn func(any) (T, error)) ([]T, error) { return nil, nil }
