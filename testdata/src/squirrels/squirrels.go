// Package squirrels builds statements with squirrel.
package squirrels

import (
	"context"
	"database/sql"

	sq "github.com/Masterminds/squirrel"
	"github.com/google/uuid"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

var psql = sq.StatementBuilder.PlaceholderFormat(sq.Dollar)

func base() sq.SelectBuilder { return psql.Select("id").From("tasks") }

func read(ctx context.Context, db *sql.DB, org uuid.UUID, title string) error {
	text, args, err := base().Where(sq.Eq{"organization_id": org}).ToSql()
	if err != nil {
		return err
	}
	db.QueryContext(ctx, text, args...)

	text, args, _ = base().Where(sq.Eq{"id": 1}).OrderBy("id").ToSql()
	db.QueryContext(ctx, text, args...) // want `query on org-owned table "tasks" is not restricted`

	q := base().Where("organization_id = ?", org)
	if title != "" {
		q = q.Where(sq.Eq{"title": title})
	}
	text, args, _ = q.ToSql()
	db.QueryContext(ctx, text, args...)

	q = base()
	if title != "" {
		q = q.Where(sq.Eq{"organization_id": org, "title": title})
	}
	text, args, _ = q.ToSql()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	text, args, _ = base().Where(sq.Or{sq.Eq{"organization_id": org}, sq.Expr("title = ?", title)}).ToSql()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`
	text, args, _ = base().Where(sq.And{sq.Eq{"organization_id": org}, sq.Expr("title = ?", title)}).ToSql()
	db.QueryContext(ctx, text, args...)

	text, args, _ = sq.Select("t.id").From("tasks t").LeftJoin("tasks p ON p.id = t.parent_id").Where("t.organization_id = ?", org).ToSql()
	db.QueryContext(ctx, text, args...) // want `add p.organization_id = \$n for relation p`
	text, args, _ = sq.Select("id").FromSelect(base(), "x").ToSql()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	base().RunWith(db).Query() // want `"tasks" is not restricted`
	base().Where(sq.Eq{"organization_id": org}).RunWith(db).Query()
	return nil
}

func write(ctx context.Context, db *sql.DB, org uuid.UUID) {
	text, args, _ := psql.Update("tasks").Set("title", "").Where(sq.Eq{"id": 1}).ToSql()
	db.ExecContext(ctx, text, args...) // want `update of org-owned table "tasks" is not restricted`
	text, args, _ = psql.Update("tasks").Set("title", "").Where(sq.Eq{"id": 1, "organization_id": org}).ToSql()
	db.ExecContext(ctx, text, args...)
	text, args, _ = psql.Update("tasks").SetMap(map[string]any{"organization_id": org}).Where(sq.Eq{"id": 1, "organization_id": org}).ToSql()
	db.ExecContext(ctx, text, args...) // want `sets organization_id, which can move rows`
	text, args, _ = psql.Delete("tasks").Where(sq.Eq{"id": 1}).ToSql()
	db.ExecContext(ctx, text, args...) // want `delete from org-owned table "tasks" is not restricted`
	text, args, _ = psql.Insert("tasks").Columns("id").Values(1).ToSql()
	db.ExecContext(ctx, text, args...) // want `insert into org-owned table "tasks" leaves out organization_id`
	text, args, _ = psql.Insert("tasks").SetMap(map[string]any{"id": 1, "organization_id": org}).ToSql()
	db.ExecContext(ctx, text, args...)
}

// collected puts its conditions into a list, or a map, before it uses them.
func collected(ctx context.Context, db *sql.DB, org uuid.UUID, title string) {
	and := sq.And{sq.Eq{"organization_id": org}}
	if title != "" {
		and = append(and, sq.Eq{"title": title})
	}
	text, args, _ := base().Where(and).ToSql()
	db.QueryContext(ctx, text, args...)

	and = sq.And{sq.Eq{"state": "open"}, sq.Or{sq.Eq{"public": true}, sq.NotEq{"title": title}}}
	if title != "" {
		and = append(and, sq.Eq{"organization_id": org})
	}
	text, args, _ = base().Where(and).ToSql()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	eq := sq.Eq{"organization_id": org}
	if title != "" {
		eq["title"] = title
	}
	text, args, _ = base().Where(eq).ToSql()
	db.QueryContext(ctx, text, args...)

	eq = sq.Eq{"state": "open"}
	if title != "" {
		eq["organization_id"] = org
	}
	text, args, _ = base().Where(eq).ToSql()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	text, args, _ = base().Where(sq.Eq{"organization_id": nil, "id": 1}).ToSql()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	text, args, _ = sq.Delete("tasks").Where(sq.Eq{"organization_id": nil, "id": 1}).ToSql()
	db.ExecContext(ctx, text, args...) // want `"tasks" is not restricted`

	where(ctx, db, sq.Eq{"organization_id": org})
	where(ctx, db, sq.Eq{"id": 1}) // want `"tasks" is not restricted`
}

// where is told its conditions, and its callers answer for them.
func where(ctx context.Context, db *sql.DB, eq sq.Eq) {
	text, args, _ := base().Where(eq).ToSql()
	db.QueryContext(ctx, text, args...)
}

// narrow changes a builder that it is given the address of.
func narrow(q *sq.SelectBuilder, org uuid.UUID) { *q = q.Where(sq.Eq{"organization_id": org}) }

func pointed(ctx context.Context, db *sql.DB, org uuid.UUID) {
	q := base()
	narrow(&q, org)
	text, args, _ := q.ToSql()
	db.QueryContext(ctx, text, args...)

	q = base()
	func() { q = q.OrderBy("id") }()
	text, args, _ = q.ToSql()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`
}
