// Package moves writes the ownership column of rows that exist.
package moves

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

func setsTheColumn(ctx context.Context, db *pgxpool.Pool, org, to uuid.UUID) {
	db.Exec(ctx, "UPDATE tasks SET organization_id = $1 WHERE id = $2 AND organization_id = $3", to, 1, org)      // want `update of org-owned table "tasks" sets organization_id, which can move rows to another organization; leave the column out`
	db.Exec(ctx, "UPDATE tasks SET (title, organization_id) = ($1, $2) WHERE organization_id = $3", "", to, org)  // want `sets organization_id`
	db.Exec(ctx, "UPDATE tasks AS t SET title = '', organization_id = DEFAULT WHERE t.organization_id = $1", org) // want `sets organization_id`
	db.Exec(ctx, `UPDATE tasks SET "organization_id" = (SELECT $2::uuid) WHERE organization_id = $1`, org, to)    // want `sets organization_id`
}

func setsAnotherColumn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, "UPDATE tasks SET title = $1 WHERE id = $2 AND organization_id = $3", "", 1, org)
	db.Exec(ctx, "UPDATE users SET organization_id = $1 WHERE id = $2", org, 1)
}

func setsWhatItFinds(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, "UPDATE tasks SET title = $1, organization_id = $2 WHERE id = $3 AND organization_id = $2", "", org, 1)
}

func conflictSetsTheColumn(ctx context.Context, db *pgxpool.Pool, org, to uuid.UUID) {
	// want +1 `sets organization_id`
	db.Exec(ctx, `INSERT INTO tasks (id, organization_id) VALUES ($1, $2)
		ON CONFLICT (organization_id, id) DO UPDATE SET organization_id = $3`, 1, org, to)
}
