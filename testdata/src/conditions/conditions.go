// Package conditions replaces the conditions of builders.
package conditions

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

var ctx = context.Background()

func dropped(db *pgxpool.Pool, org uuid.UUID) {
	sb := sqlbuilder.Select("id").From("tasks")
	sb.Where(sb.Equal("organization_id", org))
	sb.WhereClause = nil
	sql, args := sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not restricted`

	sb = sqlbuilder.Select("id").From("tasks")
	sb.WhereClause = nil
	sb.Where(sb.Equal("organization_id", org))
	sql, args = sb.Build()
	db.Query(ctx, sql, args...)
}

func replaced(db *pgxpool.Pool, org uuid.UUID) {
	ub := sqlbuilder.Update("tasks").Set("done = true")
	ub.Where(ub.Equal("organization_id", org))
	ub.WhereClause = sqlbuilder.NewWhereClause()
	ub.Where(ub.Equal("id", 1))
	sql, args := ub.Build()
	db.Exec(ctx, sql, args...) // want `"tasks" is not restricted`

	del := sqlbuilder.DeleteFrom("tasks")
	del.WhereClause = ub.WhereClause
	sql, args = del.Build()
	db.Exec(ctx, sql, args...) // want `"tasks" is not restricted`

	other := sqlbuilder.DeleteFrom("comments")
	other.Where(other.Equal("organization_id", org))
	del = sqlbuilder.DeleteFrom("tasks")
	del.WhereClause = other.WhereClause
	sql, args = del.Build()
	db.Exec(ctx, sql, args...)
}

func perhaps(db *pgxpool.Pool, org uuid.UUID, all bool) {
	sb := sqlbuilder.Select("id").From("tasks")
	sb.Where(sb.Equal("organization_id", org))
	if all {
		sb.WhereClause = nil
	}
	sql, args := sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not restricted`
}

func byHelper(db *pgxpool.Pool, org uuid.UUID) {
	sb := sqlbuilder.Select("id").From("tasks")
	sb.Where(sb.Equal("organization_id", org))
	reset(sb)
	sql, args := sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not restricted`
}

func reset(sb *sqlbuilder.SelectBuilder) { sb.WhereClause = nil }

func added(db *pgxpool.Pool, org uuid.UUID) {
	wc := sqlbuilder.NewWhereClause()
	sb := sqlbuilder.Select("id").From("tasks")
	wc.AddWhereExpr(sb.Args, sb.Equal("organization_id", org))
	sb.AddWhereClause(wc)
	sql, args := sb.Build()
	db.Query(ctx, sql, args...)

	sb = sqlbuilder.Select("id").From("tasks")
	sb.AddWhereExpr(sb.Args, sb.Equal("organization_id", org))
	sql, args = sb.Build()
	db.Query(ctx, sql, args...)

	sb = sqlbuilder.Select("id").From("tasks")
	sb.AddWhereClause(sqlbuilder.NewWhereClause())
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not restricted`

	sb = sqlbuilder.Select("id").From("tasks")
	sb.Where(sb.Equal("organization_id", org))
	sb.AddWhereClause(sqlbuilder.NewWhereClause())
	sql, args = sb.Build()
	db.Query(ctx, sql, args...)
}

func unknown(db *pgxpool.Pool, org uuid.UUID, wc *sqlbuilder.WhereClause) {
	sb := sqlbuilder.Select("id").From("tasks")
	sb.Where(sb.Equal("organization_id", org))
	sb.WhereClause = wc
	sql, args := sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks"`
}
