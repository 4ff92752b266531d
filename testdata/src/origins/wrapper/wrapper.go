// Package wrapper is a team's own way to the database.
package wrapper

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type DB struct{ pool *pgxpool.Pool }

// Query runs sql.
func (d *DB) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return d.pool.Query(ctx, "/* app */ "+sql, args...)
}

// Find reads from a table.
func Find(ctx context.Context, d *DB, table, where string, args ...any) (pgx.Rows, error) {
	return d.Query(ctx, "SELECT id FROM "+table+" WHERE "+where, args...)
}

// Statement is a text with its arguments.
type Statement struct {
	SQL  string
	Args []any
}

// Run runs a statement.
func (d *DB) Run(ctx context.Context, st Statement) error {
	_, err := d.pool.Exec(ctx, st.SQL, st.Args...)
	return err
}
