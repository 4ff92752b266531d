// Package edited changes text after it was scoped.
package edited

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

func text(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, all bool) error {
	sql, args, err := query.ForOrg(board.Tasks.SelectFrom(), sc).SQL()
	if err != nil {
		return err
	}
	db.Query(ctx, sql+" OR true", args...)                       // want `SQL text that was scoped is extended before it reaches Query; change the builder in front of query.ForOrg instead`
	db.Query(ctx, fmt.Sprintf("%s LIMIT 1", sql), args...)       // want `SQL text that was scoped is extended`
	db.Query(ctx, strings.Replace(sql, "AND", "OR", 1), args...) // want `SQL text that was scoped is changed by package strings`
	db.Query(ctx, sql[:10], args...)                             // want `SQL text that was scoped is changed by taking a part of it`
	if all {
		sql += " -- all"
	}
	db.Query(ctx, sql, args...)       // want `SQL text that was scoped is extended`
	db.Query(ctx, wrap(sql), args...) // want `SQL text that was scoped is extended`
	return nil
}

func wrap(sql string) string { return "SELECT count(*) FROM (" + sql + ") x" }

func arguments(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	st := query.ForOrg(board.Tasks.SelectFrom(), sc)
	db.Query(ctx, "", st, pgx.NamedArgs{"a": 1}) // want `Query has a second query rewriter beside a \*query.Scoped, and the last one wins`
	db.Query(ctx, "", st, 1)                     // want `Query has arguments beside a \*query.Scoped`
	db.Query(ctx, "SELECT 1", st)                // want `Query has SQL text beside a \*query.Scoped; the text has to be ""`
	var b pgx.Batch
	b.Queue("", st, st) // want `Queue has a second query rewriter`
	args := []any{st}
	db.Query(ctx, "", args...)
	args = append(args, 1)
	db.Query(ctx, "", args...) // want `Query has arguments beside`
}

func queued(b *pgx.Batch, sc *scope.Scope) {
	q, err := query.Queue(b, query.ForOrg(board.Tasks.SelectFrom(), sc))
	if err != nil {
		return
	}
	q.SQL += " OR true" // want `SQL text that was scoped is extended`
	if text, _, err := query.ForOrg(board.Tasks.SelectFrom(), sc).SQL(); err == nil {
		b.Queue("SELECT 1").SQL = text
	}
}
