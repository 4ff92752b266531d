// Package handwritten never heard of the runtime and is looked at under raw:
// forbid, where conditions do not help.
package handwritten

import (
	"context"
	"database/sql"

	"github.com/huandu/go-sqlbuilder"
)

type Task struct {
	ID             string `db:"id"`
	OrganizationID string `db:"organization_id"`
}

func bound(ctx context.Context, db *sql.DB, org string) {
	db.QueryContext(ctx, "SELECT id FROM tasks WHERE organization_id = $1", org) // want `query on org-owned table "tasks" is not scoped`
	db.QueryContext(ctx, "SELECT id FROM users")
	sb := sqlbuilder.Select("id").From("tasks")
	text, args := sb.Where(sb.Equal("organization_id", org)).Build()
	db.QueryContext(ctx, text, args...) // want `query on org-owned table "tasks" is not scoped; wrap the builder`
}
