// Package store runs SQL for others.
package store

import (
	"context"
	"database/sql"
	"fmt"

	"app/models"
)

type Store struct{ DB *sql.DB }

var _ models.Invoice

// Query hands its text on.
func (s *Store) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	return s.DB.QueryContext(ctx, text, args...)
}

// ByID reads one row of a table.
func ByID(ctx context.Context, db *sql.DB, table, id string) *sql.Row {
	return db.QueryRowContext(ctx, fmt.Sprintf("SELECT id FROM %s WHERE id = $1", table), id)
}

// Where reads the rows of a table that meet a condition.
func Where(ctx context.Context, db *sql.DB, table, cond string, args ...any) (*sql.Rows, error) {
	return db.QueryContext(ctx, "SELECT id FROM "+table+" WHERE "+cond, args...)
}

// Runner is what handlers know of a store.
type Runner interface {
	Query(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

// Everything is a statement on each organization's rows.
const Everything = "SELECT id FROM invoices"

// Newest is a statement without a condition.
func Newest() string { return Everything + " ORDER BY id DESC" }

func count(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT count(*) FROM invoices") // want `"invoices" is not restricted`
}
