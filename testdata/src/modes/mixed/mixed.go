// Package mixed uses the runtime and is looked at under raw: prove, where
// hand-written SQL may have its own condition.
package mixed

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
)

func bound(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1", org)
	db.Query(ctx, "SELECT id FROM labels WHERE team_id = $1", org)
	query.All[board.Task](ctx, db, query.ForOrg(board.Tasks.SelectFrom(), org))
}

func unbound(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, "SELECT id FROM tasks WHERE id = $1", 1)                 // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM labels WHERE organization_id = $1", org) // want `add labels.team_id = \$n`
	sql, args := board.Tasks.SelectFrom().Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not restricted`
}
