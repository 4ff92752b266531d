// Package pg is how this code base talks to PostgreSQL.
package pg

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DBTX is met by pools, connections and transactions.
type DBTX interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	Query(context.Context, string, ...any) (pgx.Rows, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

// ErrNotFound is returned instead of the driver's error.
var ErrNotFound = errors.New("not found")

// One reads one row.
func One[T any](ctx context.Context, db DBTX, sql string, args ...any) (v T, err error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return v, err
	}
	v, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	return v, err
}

// All reads all rows.
func All[T any](ctx context.Context, db DBTX, sql string, args ...any) ([]T, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// Exec runs a statement that has to affect one row.
func Exec(ctx context.Context, db DBTX, sql string, args ...any) error {
	tag, err := db.Exec(ctx, sql, args...)
	if err == nil && tag.RowsAffected() != 1 {
		err = ErrNotFound
	}
	return err
}

// Tx runs f in a transaction.
func Tx(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Tables that other packages put into their statements.
const (
	CustomersTable  = "customers"
	CurrenciesTable = "currencies"
	OrgPredicate    = "organization_id = $1"
)

// ByID finds a row of a table that only the caller knows.
func ByID(ctx context.Context, db DBTX, table string, id uuid.UUID) pgx.Row {
	return db.QueryRow(ctx, "SELECT * FROM "+table+" WHERE id = $1", id) // open
}
