// Package off is looked at under raw: off, where only builders count.
package off

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

func statements(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	db.Query(ctx, "SELECT id FROM tasks")
	query.All[board.Task](ctx, db, query.ForOrg(board.Tasks.SelectFrom(), sc))
	sql, args := board.Tasks.SelectFrom().Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped; wrap the builder`
}
