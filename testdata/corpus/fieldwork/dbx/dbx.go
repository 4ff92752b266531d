// Package dbx wraps pgx for the rest of the application.
package dbx

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DBTX is met by pools, connections and transactions.
type DBTX interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, src pgx.CopyFromSource) (int64, error)
}

// DB is the application's handle.
type DB struct {
	Pool *pgxpool.Pool
}

// Run sends a statement and wraps the error.
func (d *DB) Run(ctx context.Context, sql string, args ...any) error {
	if _, err := d.Pool.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("run: %w", err)
	}
	return nil
}

// Count runs a statement that returns one number.
func Count(ctx context.Context, db DBTX, sql string, args ...any) (n int64, err error) {
	err = db.QueryRow(ctx, sql, args...).Scan(&n)
	return n, err
}

// Collect reads rows into structs.
func Collect[T any](ctx context.Context, db DBTX, sql string, args ...any) ([]T, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// InTx runs f in a transaction.
func (d *DB) InTx(ctx context.Context, f func(ctx context.Context, tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, d.Pool, func(tx pgx.Tx) error { return f(ctx, tx) })
}

// Ping asks the server for nothing.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.Pool.QueryRow(ctx, "SELECT 1").Scan(&one) // ok
}

// CountJobsSQL is exported text on an org-owned table.
const CountJobsSQL = "SELECT count(*) FROM jobs WHERE done"

// CountCountriesSQL is exported text on a shared table.
const CountCountriesSQL = "SELECT count(*) FROM countries"
