// Package rows spares callers the loop over pgx.Rows.
//
//	people, err := rows.Collect[Person](ctx, db, sql, args...)
package rows

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Collect runs sql and reads each row into a T by the names of its columns.
func Collect[T any](ctx context.Context, db *pgxpool.Pool, sql string, args ...any) ([]T, error) {
	found, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowToStructByName[T])
}
