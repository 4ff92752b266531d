package query

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Querier runs a statement that returns rows: *pgx.Conn, pgx.Tx, *pgxpool.Pool,
// *pgxpool.Conn, *pgxpool.Tx.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Execer runs a statement for its effect. It is met by the same types as
// [Querier].
type Execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Copier runs COPY FROM. It is met by the same types as [Querier].
type Copier interface {
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
}

// All runs a statement and returns its rows. There may be none, which is not an
// error.
//
// A struct T is read as pgx.RowToStructByName does: columns and fields are
// matched by name, and each must have its counterpart. Any other T is the value
// of the only column, as are times, addresses, ranges and whatever implements
// sql.Scanner. A pointer to a struct of columns is an error: use the struct. So is
// pgtype.DriverBytes, which would be the memory of rows that are closed: use
// []byte.
//
// Errors are an [*Error] when the statement was refused, or that of the hook of
// [OnBypass], in which cases nothing was sent; and those of pgx.
func All[T any](ctx context.Context, db Querier, st Statement) ([]T, error) {
	rows, read, err := run[T](ctx, db, st)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, read)
}

// One runs a statement and returns its first row, read as [All] does. Without
// any it is [ErrNotFound]. Like pgx.CollectOneRow it does not look whether there
// are more. Other errors are those of [All].
func One[T any](ctx context.Context, db Querier, st Statement) (T, error) {
	rows, read, err := run[T](ctx, db, st)
	if err != nil {
		var none T
		return none, err
	}
	row, err := pgx.CollectOneRow(rows, read)
	if errors.Is(err, pgx.ErrNoRows) {
		return row, ErrNotFound
	}
	return row, err
}

func run[T any](ctx context.Context, db Querier, st Statement) (pgx.Rows, pgx.RowToFunc[T], error) {
	read, err := reader[T]()
	if err != nil {
		return nil, nil, err
	}
	text, args, err := render(ctx, st)
	if err != nil {
		return nil, nil, err
	}
	rows, err := db.Query(ctx, text, args...)
	if err != nil {
		return nil, nil, err
	}
	return rows, read, nil
}

// Exec runs a statement for its effect. Errors are those of [All].
func Exec(ctx context.Context, db Execer, st Statement) (pgconn.CommandTag, error) {
	text, args, err := render(ctx, st)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	return db.Exec(ctx, text, args...)
}

// Queue adds a statement to a batch. When it is refused, by an [*Error] or by the
// hook of [OnBypass], the batch is as it was.
func Queue(b *pgx.Batch, st Statement) (*pgx.QueuedQuery, error) {
	if b == nil {
		return nil, refuse(ErrStatement, "batch is nil; pass a new(pgx.Batch)")
	}
	text, args, err := render(context.Background(), st)
	if err != nil {
		return nil, err
	}
	return b.Queue(text, args...), nil
}

func render(ctx context.Context, st Statement) (string, []any, error) {
	if st == nil {
		return "", nil, refuse(ErrNilBuilder, "statement is nil; make it with query.ForOrg")
	}
	return st.render(ctx)
}
