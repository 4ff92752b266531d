// Package inserts adds rows to org-owned tables by hand-written SQL.
package inserts

import (
	"context"
	"database/sql"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

func namesTheColumn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, "INSERT INTO tasks (id, organization_id) VALUES ($1, $2)", 1, org)
	db.Exec(ctx, `INSERT INTO public."tasks" ("organization_id", id) VALUES ($1, $2), ($1, $3)`, org, 1, 2)
	db.Exec(ctx, "INSERT INTO tasks (id, organization_id) SELECT id, $1 FROM templates", org)
	db.Exec(ctx, "INSERT INTO users (id) VALUES ($1)", 1)
}

func leavesTheColumnOut(ctx context.Context, db *pgxpool.Pool, std *sql.DB) {
	db.Exec(ctx, "INSERT INTO tasks (id) VALUES ($1)", 1)                                      // want `insert into org-owned table "tasks" leaves out organization_id; set it to the caller's organization`
	db.Exec(ctx, "INSERT INTO tasks DEFAULT VALUES")                                           // want `insert into org-owned table "tasks" leaves out organization_id`
	db.Exec(ctx, "INSERT INTO tasks (id) SELECT id FROM templates")                            // want `insert into org-owned table "tasks" leaves out organization_id`
	db.Exec(ctx, "WITH n AS (INSERT INTO tasks (id) VALUES (1) RETURNING id) SELECT * FROM n") // want `insert into org-owned table "tasks" leaves out organization_id`
	std.ExecContext(ctx, "INSERT INTO tasks (id) VALUES (?)", 1)                               // want `insert into org-owned table "tasks" leaves out organization_id`
}

func fillsTheColumnWithNothing(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, "INSERT INTO tasks (id, organization_id) VALUES ($1, NULL)", 1)             // want `insert into org-owned table "tasks" sets organization_id to NULL or a default; set it to the caller's organization`
	db.Exec(ctx, "INSERT INTO tasks (id, organization_id) VALUES ($1, DEFAULT)", 1)          // want `sets organization_id to NULL or a default`
	db.Exec(ctx, "INSERT INTO tasks (organization_id, id) VALUES ($1, 1), (null, 2)", org)   // want `sets organization_id to NULL or a default`
	db.Exec(ctx, "INSERT INTO tasks (organization_id, id) SELECT NULL::uuid, id FROM users") // want `sets organization_id to NULL or a default`
}

func readsWhatItInserts(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, "INSERT INTO tasks (id, organization_id) SELECT id, $1 FROM tasks WHERE organization_id = $1", org)
	db.Exec(ctx, "INSERT INTO tasks (id, organization_id) SELECT id, $1 FROM tasks", org) // want `query on org-owned table "tasks" is not restricted`
}

func copyWithTheColumn(ctx context.Context, db *pgxpool.Pool, src pgx.CopyFromSource) {
	db.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"id", "organization_id"}, src)
	db.CopyFrom(ctx, pgx.Identifier{"public", "tasks"}, []string{"organization_id"}, src)
	db.CopyFrom(ctx, pgx.Identifier{"users"}, []string{"id"}, src)
	db.CopyFrom(ctx, pgx.Identifier{"archive", "tasks"}, []string{"id"}, src)
}

func copyWithoutTheColumn(ctx context.Context, db *pgxpool.Pool, tx pgx.Tx, src pgx.CopyFromSource) {
	db.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"id"}, src)           // want `copy into org-owned table "tasks" leaves out organization_id; add it to the columns`
	tx.CopyFrom(ctx, pgx.Identifier{"public", "tasks"}, []string{"id"}, src) // want `copy into org-owned table "tasks" leaves out organization_id`
	table, columns := pgx.Identifier{"tasks"}, []string{"id", "title"}
	db.CopyFrom(ctx, table, columns, src) // want `copy into org-owned table "tasks" leaves out organization_id`
}
