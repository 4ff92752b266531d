// Package query has the signatures of the real package.
package query

import (
	"context"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/runtime/scope"
)

type Owner interface{ *scope.Scope | uuid.UUID }

type Scoped struct{}

func ForOrg[O Owner](b sqlbuilder.Builder, owner O) *Scoped { return nil }
func Text(sql string, args ...any) sqlbuilder.Builder       { return nil }

func (s *Scoped) Err() error                                                          { return nil }
func (s *Scoped) SQL() (string, []any, error)                                         { return "", nil, nil }
func (s *Scoped) Build() (string, []any)                                              { return "", nil }
func (s *Scoped) BuildWithFlavor(f sqlbuilder.Flavor, initial ...any) (string, []any) { return "", nil }
func (s *Scoped) Flavor() sqlbuilder.Flavor                                           { return 0 }
func (s *Scoped) RewriteQuery(ctx context.Context, conn *pgx.Conn, sql string, args []any) (string, []any, error) {
	return "", nil, nil
}

type Statement interface{ render() (string, []any, error) }

type Bypass struct{}

func (s *Scoped) render() (string, []any, error)           { return "", nil, nil }
func (b *Bypass) render() (string, []any, error)           { return "", nil, nil }
func Unscoped(b sqlbuilder.Builder, reason string) *Bypass { return nil }

type Table[M any] struct{ name string }

type TableOption func()

func Declare[M any](table string, opts ...TableOption) Table[M] { return Table[M]{} }
func Column(name string) TableOption                            { return nil }
func Owned(tables ...string) struct{}                           { return struct{}{} }
func Shared(tables ...string) struct{}                          { return struct{}{} }

func (t Table[M]) Name() string                                   { return "" }
func (t Table[M]) SelectFrom() *sqlbuilder.SelectBuilder          { return nil }
func (t Table[M]) InsertInto(rows ...M) *sqlbuilder.InsertBuilder { return nil }
func (t Table[M]) Update(row M) *sqlbuilder.UpdateBuilder         { return nil }
func (t Table[M]) DeleteFrom() *sqlbuilder.DeleteBuilder          { return nil }

type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

type Execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

type Copier interface {
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, src pgx.CopyFromSource) (int64, error)
}

func All[T any](ctx context.Context, db Querier, st Statement) ([]T, error) { return nil, nil }
func One[T any](ctx context.Context, db Querier, st Statement) (T, error)   { var t T; return t, nil }
func Exec(ctx context.Context, db Execer, st Statement) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, nil
}
func Queue(b *pgx.Batch, st Statement) (*pgx.QueuedQuery, error) { return nil, nil }
func CopyForOrg[O Owner](ctx context.Context, db Copier, owner O, table string, columns []string, rows pgx.CopyFromSource) (int64, error) {
	return 0, nil
}
