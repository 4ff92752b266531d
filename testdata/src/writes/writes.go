// Package writes never heard of the runtime: its statements are read.
package writes

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

func insert(ctx context.Context, db *pgxpool.Pool, org uuid.UUID, src pgx.CopyFromSource, columns []string) {
	db.Exec(ctx, "INSERT INTO tasks (id) VALUES ($1)", 1) // want `insert into org-owned table "tasks" leaves out organization_id`
	db.Exec(ctx, "INSERT INTO tasks (id, organization_id) VALUES ($1, $2)", 1, org)
	db.Exec(ctx, "INSERT INTO tasks (id, organization_id) SELECT id, $1 FROM tasks", org) // want `query on org-owned table "tasks" is not restricted`
	db.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"id"}, src)                        // want `copy into org-owned table "tasks" leaves out organization_id`
	db.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"id", "organization_id"}, src)
	db.CopyFrom(ctx, pgx.Identifier{"tasks"}, columns, src) // want `columns of a copy into org-owned table "tasks" cannot be known here`
	load(ctx, db, "tasks", src)                             // want `copy into org-owned table "tasks" leaves out organization_id`
	load(ctx, db, "users", src)
}

func load(ctx context.Context, db *pgxpool.Pool, table string, src pgx.CopyFromSource) {
	db.CopyFrom(ctx, pgx.Identifier{table}, []string{"id"}, src)
}

func move(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, "UPDATE tasks SET organization_id = $1 WHERE id = $2 AND organization_id = $3", org, 1, org) // want `update of org-owned table "tasks" sets organization_id, which can move rows to another organization`
	db.Exec(ctx, "UPDATE tasks SET organization_id = $1 WHERE id = $2 AND organization_id = $1", org, 1)
}

func conflict(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	const into = "INSERT INTO tasks (id, organization_id) VALUES ($1, $2) ON CONFLICT "
	db.Exec(ctx, into+"(id) DO UPDATE SET title = ''", 1, org) // want `ON CONFLICT on org-owned table "tasks" can update another organization's row`
	db.Exec(ctx, into+"(organization_id, id) DO UPDATE SET title = ''", 1, org)
	db.Exec(ctx, into+"(id) DO UPDATE SET title = '' WHERE tasks.organization_id = EXCLUDED.organization_id", 1, org)
	db.Exec(ctx, into+"DO NOTHING", 1, org)
	db.Exec(ctx, into+"(organization_id, id) DO UPDATE SET organization_id = EXCLUDED.organization_id", 1, org)
	db.Exec(ctx, into+"(organization_id, id) DO UPDATE SET organization_id = $3", 1, org, 2) // want `sets organization_id, which can move rows`
}
