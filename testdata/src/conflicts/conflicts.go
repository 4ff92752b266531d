// Package conflicts updates rows that are there already.
package conflicts

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

const into = "INSERT INTO tasks (id, slug, organization_id) VALUES ($1, $2, $3) ON CONFLICT "

func keyOfEverybody(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, into+"(slug) DO UPDATE SET title = ''", 1, "", org)                         // want `ON CONFLICT on org-owned table "tasks" can update another organization's row; put organization_id into the conflict target, or guard the update with WHERE tasks.organization_id = EXCLUDED.organization_id`
	db.Exec(ctx, into+"ON CONSTRAINT tasks_pkey DO UPDATE SET title = ''", 1, "", org)       // want `can update another organization`
	db.Exec(ctx, into+"(slug) DO UPDATE SET title = '' WHERE tasks.title <> ''", 1, "", org) // want `can update another organization's row`
}

func keyLedByTheColumn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, into+"(organization_id, slug) DO UPDATE SET title = ''", 1, "", org)
}

func guardedUpdate(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, into+"(slug) DO UPDATE SET title = '' WHERE tasks.organization_id = EXCLUDED.organization_id", 1, "", org)
	db.Exec(ctx, into+"(slug) DO UPDATE SET title = '' WHERE tasks.organization_id = $3", 1, "", org)
}

func nothingToUpdate(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, into+"(slug) DO NOTHING", 1, "", org)
	db.Exec(ctx, into+"DO NOTHING", 1, "", org)
}

func sharedTable(ctx context.Context, db *pgxpool.Pool) {
	db.Exec(ctx, "INSERT INTO users (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET name = ''", 1)
}

func keyOfEverybodyAndTheColumn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, into+"(slug) DO UPDATE SET title = '', organization_id = EXCLUDED.organization_id", 1, "", org) // want `can update another organization's row`
}
