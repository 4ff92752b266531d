// Package proofs never heard of the runtime, so its hand-written SQL is read:
// each org-owned relation needs a condition that binds its ownership column.
package proofs

import (
	"context"
	"database/sql"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

type Project struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

func boundByNumberedParameter(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1", org)
	db.Query(ctx, "SELECT id FROM tasks WHERE $1 = organization_id", org)
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1::uuid AND (id = $2 OR id = $3)", org, 1, 2)
	db.Exec(ctx, "UPDATE tasks SET title = $1 WHERE id = $2 AND organization_id = $3", "", 1, org)
	db.Exec(ctx, "DELETE FROM tasks WHERE organization_id = $1", org)
}

func boundByNothing(ctx context.Context, db *pgxpool.Pool, id int) {
	db.Query(ctx, "SELECT id FROM tasks")                          // want `query on org-owned table "tasks" is not restricted to one organization; add tasks.organization_id = \$n`
	db.Query(ctx, "SELECT id FROM tasks WHERE id = $1", id)        // want `"tasks" is not restricted`
	db.Exec(ctx, "UPDATE tasks SET title = '' WHERE id = $1", id)  // want `update of org-owned table "tasks" is not restricted`
	db.Exec(ctx, "DELETE FROM tasks WHERE id = $1", id)            // want `delete from org-owned table "tasks" is not restricted`
	db.Query(ctx, "SELECT organization_id FROM tasks ORDER BY $1") // want `"tasks" is not restricted`
}

func merges(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, "MERGE INTO tasks t USING roles r ON t.organization_id = $1 AND t.title = r.name WHEN NOT MATCHED THEN INSERT (organization_id, title) VALUES ($1, r.name)", org)
	db.Exec(ctx, "MERGE INTO tasks t USING roles r ON t.organization_id = $1 AND t.title = r.name WHEN NOT MATCHED THEN INSERT (title) VALUES (r.name)", org) // want `insert into org-owned table "tasks" leaves out organization_id`
	db.Exec(ctx, "MERGE INTO tasks t USING roles r ON t.title = r.name WHEN MATCHED THEN DELETE")                                                             // want `merge into org-owned table "tasks" is not restricted`
	db.Exec(ctx, "MERGE INTO tasks t USING roles r ON t.organization_id = $1 AND t.title = r.name WHEN NOT MATCHED BY SOURCE THEN DELETE", org)               // want `merge into org-owned table "tasks" is not restricted`
	db.Exec(ctx, "MERGE INTO roles r USING tasks t ON t.organization_id = $1 AND t.title = r.name WHEN NOT MATCHED THEN INSERT (name) VALUES (t.title)", org) // want `"tasks" is not restricted`
}

func boundByQuestionMark(ctx context.Context, db *sql.DB, org uuid.UUID) {
	db.QueryContext(ctx, "SELECT id FROM tasks WHERE id = ? AND organization_id = ?", 1, org)
	db.QueryContext(ctx, "SELECT id FROM tasks WHERE id = ?", 1) // want `"tasks" is not restricted`
}

func boundByName(ctx context.Context, db *pgxpool.Pool, x *sqlx.DB, org uuid.UUID) {
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = @org", pgx.NamedArgs{"org": org})
	db.Query(ctx, "SELECT id FROM tasks WHERE id = @id", pgx.NamedArgs{"id": 1}) // want `"tasks" is not restricted`
	x.NamedExec("DELETE FROM tasks WHERE organization_id = :org", map[string]any{"org": org})
	x.NamedExec("DELETE FROM tasks WHERE id = :id", map[string]any{"id": 1}) // want `"tasks" is not restricted`
}

func loosened(ctx context.Context, db *pgxpool.Pool, org *uuid.UUID) {
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 OR $1 IS NULL", org)               // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE ($1::uuid IS NULL OR organization_id = $1)", org)       // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 OR public", org)                   // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE NOT organization_id = $1", org)                         // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id <> $1", org)                            // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id IS NOT NULL", org)                      // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = COALESCE($1, organization_id)", org)  // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = organization_id")                     // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT count(*) FILTER (WHERE organization_id = $1) FROM tasks", org)              // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks /* WHERE organization_id = $1 */ WHERE id = $1", 1)           // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE title = 'organization_id = $1'")                        // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE project_id IN (SELECT id FROM projects WHERE id = $1)") // want `add tasks.organization_id = \$n, and likewise projects.organization_id`
}

func everyRelationOfAJoin(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, `SELECT t.id FROM tasks t JOIN projects p ON p.id = t.project_id
		WHERE t.organization_id = $1 AND p.organization_id = $1`, org)
	db.Query(ctx, `SELECT t.id FROM tasks t JOIN projects p ON p.id = t.project_id AND p.organization_id = t.organization_id
		WHERE t.organization_id = $1`, org)
	db.Query(ctx, `SELECT t.id FROM tasks t LEFT JOIN projects p ON p.id = t.project_id AND p.organization_id = $1
		WHERE t.organization_id = $1`, org)
}

func oneRelationOfAJoin(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	// want +1 `add p.organization_id = \$n for relation p \(projects\)`
	db.Query(ctx, "SELECT t.id FROM tasks t JOIN projects p ON p.id = t.project_id WHERE t.organization_id = $1", org)
	// want +1 `add p.organization_id = \$n for relation p \(tasks\)`
	db.Query(ctx, "SELECT t.id FROM tasks t JOIN tasks p ON p.id = t.parent_id WHERE t.organization_id = $1", org)
	// want +1 `add t.organization_id = \$n for relation t \(tasks\)`
	db.Query(ctx, "SELECT t.id FROM tasks t LEFT JOIN projects p ON t.organization_id = $1 WHERE p.organization_id = $1", org)
	// want +1 `"projects" is not restricted`
	db.Exec(ctx, "DELETE FROM tasks USING projects WHERE projects.id = project_id AND tasks.organization_id = $1", org)
	// want +1 `"projects" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 UNION SELECT id FROM projects", org)
}

func names(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, `SELECT "t"."id" FROM "tasks" AS "t" WHERE "t"."organization_id" = $1`, org)
	db.Query(ctx, `SELECT id FROM public.tasks WHERE public.tasks.organization_id = $1`, org)
	db.Query(ctx, `SELECT id FROM TASKS T WHERE t.Organization_ID = $1`, org)
	db.Query(ctx, `SELECT id FROM "tasks"`)          // want `"tasks" is not restricted`
	db.Query(ctx, `SELECT id FROM public.tasks`)     // want `"tasks" is not restricted`
	db.Query(ctx, `SELECT id FROM "public"."tasks"`) // want `"tasks" is not restricted`
	db.Query(ctx, `SELECT id FROM TASKS t`)          // want `add t.organization_id = \$n for relation t \(tasks\)`
	db.Query(ctx, `SELECT id FROM ONLY tasks`)       // want `"tasks" is not restricted`
	db.Query(ctx, `SELECT id FROM archive.tasks`)
	db.Query(ctx, `SELECT id FROM "Tasks"`)
	db.Query(ctx, `SELECT tasks FROM users AS tasks`)
}

func shadowed(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, "WITH tasks AS (SELECT 1 AS id) SELECT id FROM tasks")
	db.Query(ctx, "WITH tasks AS (SELECT id FROM public.tasks WHERE organization_id = $1) SELECT id FROM tasks", org)
	db.Query(ctx, "WITH tasks AS (SELECT id FROM public.tasks) SELECT id FROM tasks")              // want `"tasks" is not restricted`
	db.Query(ctx, "WITH tasks AS (SELECT id FROM tasks) SELECT id FROM tasks")                     // want `"tasks" is not restricted`
	db.Query(ctx, "WITH tasks AS (SELECT 1 AS id) SELECT id FROM public.tasks")                    // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM tasks JOIN (WITH tasks AS (SELECT 1) TABLE tasks) x USING (id)") // want `"tasks" is not restricted`
}

func touchesNoRows(ctx context.Context, db *pgxpool.Pool, name string) {
	db.Exec(ctx, "CREATE INDEX ON tasks (organization_id)")
	db.Exec(ctx, "ALTER TABLE tasks ADD COLUMN note text")
	db.Exec(ctx, "DROP TABLE IF EXISTS tasks")
	db.Exec(ctx, "VACUUM tasks")
	db.Exec(ctx, "LISTEN tasks")
	db.Exec(ctx, "SET search_path = tasks")
	db.Exec(ctx, "CREATE INDEX ON tasks ("+name+")")
	db.Exec(ctx, "BEGIN")
}

func explained(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, "EXPLAIN ANALYZE DELETE FROM tasks")                      // want `delete from org-owned table "tasks" is not restricted`
	db.Exec(ctx, "EXPLAIN (ANALYZE, BUFFERS) UPDATE tasks SET title = ''") // want `update of org-owned table "tasks" is not restricted`
	db.Exec(ctx, "EXPLAIN ANALYZE DELETE FROM tasks WHERE organization_id = $1", org)
}

func secondStatement(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Exec(ctx, "SELECT 1; DELETE FROM tasks") // want `delete from org-owned table "tasks" is not restricted`
}
