package planwitness

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Querier runs a query; *pgx.Conn, pgx.Tx and *pgxpool.Pool are.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Explain gives the plan of a statement with the values of its arguments. The
// statement does not run.
func Explain(ctx context.Context, db Querier, sql string, args ...any) ([]byte, error) {
	rows, err := db.Query(ctx, "EXPLAIN (FORMAT JSON, VERBOSE, COSTS OFF) "+sql, args...)
	if err != nil {
		return nil, fmt.Errorf("planwitness: explain: %w", err)
	}
	plan, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]byte])
	if err != nil {
		return nil, fmt.Errorf("planwitness: explain: %w", err)
	}
	return plan, nil
}

// Partitions gives the tables and all that inherit from them, partitions too,
// under which names their scans are in a plan.
func Partitions(ctx context.Context, db Querier, tables ...Table) ([]Table, error) {
	const inheritors = `
WITH RECURSIVE tree AS (
	SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
	UNION
	SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid
)
SELECT n.nspname::text, c.relname::text FROM tree JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY 1, 2`
	var all []Table
	for _, t := range tables {
		rows, err := db.Query(ctx, inheritors, t.Schema, t.Name)
		if err != nil {
			return nil, fmt.Errorf("planwitness: partitions of %s.%s: %w", t.Schema, t.Name, err)
		}
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Table, error) {
			f := Table{Column: t.Column}
			return f, row.Scan(&f.Schema, &f.Name)
		})
		if err != nil {
			return nil, fmt.Errorf("planwitness: partitions of %s.%s: %w", t.Schema, t.Name, err)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("planwitness: there is no table %s.%s", t.Schema, t.Name)
		}
		all = append(all, found...)
	}
	return all, nil
}
