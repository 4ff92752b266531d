// Package base is a generic repository.
package base

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Row is a struct that knows its table.
type Row interface{ TableName() string }

// Find reads one row.
func Find[T Row](ctx context.Context, db *pgxpool.Pool, id any) {
	var t T
	db.Query(ctx, "SELECT * FROM "+t.TableName()+" WHERE id = $1", id)
}

// Repo reads rows of one table.
type Repo[T Row] struct{ DB *pgxpool.Pool }

// All reads every row.
func (r *Repo[T]) All(ctx context.Context) {
	var t T
	r.DB.Query(ctx, "SELECT * FROM "+t.TableName())
}

// Delete removes a row.
func Delete(ctx context.Context, db *pgxpool.Pool, row Row, id any) {
	db.Exec(ctx, "DELETE FROM "+row.TableName()+" WHERE id = $1", id)
}
