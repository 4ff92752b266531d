// Package store asks for organizations, of which it knows only the id.
package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type Tasks struct{ db *pgxpool.Pool }

func (t *Tasks) List(ctx context.Context, org uuid.UUID) ([]board.Task, error) {
	return query.All[board.Task](ctx, t.db, query.ForOrg(board.Tasks.SelectFrom(), org))
}

type Filter struct{ Org uuid.UUID }

func (t *Tasks) Find(ctx context.Context, f Filter) ([]board.Task, error) {
	return t.List(ctx, f.Org)
}

func (t *Tasks) Create(ctx context.Context, sc *scope.Scope, task board.Task) error {
	_, err := query.Exec(ctx, t.db, query.ForOrg(board.Tasks.InsertInto(task), sc))
	return err
}

func (t *Tasks) Get(ctx context.Context, id uuid.UUID) (board.Task, error) {
	var task board.Task
	err := t.db.QueryRow(ctx, "SELECT organization_id FROM tasks WHERE id = $1", id).Scan(&task.OrganizationID) // want `"tasks" is not scoped`
	return task, err
}
