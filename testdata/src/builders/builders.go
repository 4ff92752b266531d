// Package builders builds statements without ForOrg, in code that never heard
// of it.
package builders

import (
	"context"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

func builders(ctx context.Context, db *pgxpool.Pool, org uuid.UUID, title string) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From("tasks").Where(sb.Equal("organization_id", org))
	if title != "" {
		sb.Where(sb.Equal("title", title))
	}
	sql, args := sb.Build()
	db.Query(ctx, sql, args...)

	sb = sqlbuilder.Select("id").From("tasks")
	if title != "" {
		sb.Where(sb.Equal("organization_id", org))
	}
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `query on org-owned table "tasks" is not restricted`

	sb = sqlbuilder.Select("id").From("tasks")
	sb.Where(sb.Or(sb.Equal("organization_id", org), sb.IsNull("title")))
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not restricted`

	sb = sqlbuilder.Select("id").From("tasks")
	sb.Where(sb.Equal("organization_id", org), "a OR b")
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not restricted`

	sb = sqlbuilder.Select("t.id").From("tasks t").Join("tasks p", "p.id = t.parent_id")
	sb.Where(sb.Equal("t.organization_id", org))
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `add p.organization_id = \$n for relation p`

	ub := sqlbuilder.Update("tasks")
	ub.Set(ub.Assign("title", title)).Where(ub.Equal("organization_id", org))
	sql, args = ub.Build()
	db.Exec(ctx, sql, args...)

	ub = sqlbuilder.Update("tasks")
	ub.Set(ub.Assign("organization_id", org)).Where(ub.Equal("id", 1), ub.Equal("organization_id", org))
	sql, args = ub.Build()
	db.Exec(ctx, sql, args...) // want `sets organization_id, which can move rows`

	del := sqlbuilder.DeleteFrom("tasks")
	del.Where(del.Equal("id", 1))
	sql, args = del.Build()
	db.Exec(ctx, sql, args...) // want `delete from org-owned table "tasks" is not restricted`

	ib := sqlbuilder.InsertInto("tasks").Cols("id", "title").Values(1, title)
	sql, args = ib.Build()
	db.Exec(ctx, sql, args...) // want `insert into org-owned table "tasks" leaves out organization_id`
	ib = sqlbuilder.InsertInto("tasks").Cols("id", "organization_id").Values(1, org)
	sql, args = ib.Build()
	db.Exec(ctx, sql, args...)
	sql, args = sqlbuilder.NewStruct(new(Task)).InsertInto("tasks", Task{}).Build()
	db.Exec(ctx, sql, args...)
}

func formatted(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	sql, args := sqlbuilder.Buildf("SELECT id FROM tasks WHERE id = %v", 1).Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not restricted`
	sql, args = sqlbuilder.Buildf("SELECT id FROM tasks WHERE organization_id = %v", org).Build()
	db.Query(ctx, sql, args...)
}

// listed puts its conditions into a list before it uses them.
func listed(ctx context.Context, db *pgxpool.Pool, org uuid.UUID, ids []any) {
	sb := sqlbuilder.Select("id").From("tasks")
	conditions := []string{sb.Equal("organization_id", org)}
	if len(ids) > 0 {
		conditions = append(conditions, sb.In("id", ids...))
	}
	sb.Where(conditions...)
	sql, args := sb.Build()
	db.Query(ctx, sql, args...)

	sb = sqlbuilder.Select("id").From("tasks")
	conditions = nil
	if len(ids) > 0 {
		conditions = append(conditions, sb.Equal("organization_id", org))
	}
	sb.Where(append(conditions, sb.In("id", ids...))...)
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not restricted`
}
