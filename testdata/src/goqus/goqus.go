// Package goqus builds statements with goqu.
package goqus

import (
	"context"
	"database/sql"

	"github.com/doug-martin/goqu/v9"
	"github.com/doug-martin/goqu/v9/exp"
	"github.com/google/uuid"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

type note struct {
	ID    uuid.UUID `db:"id"`
	Title string    `db:"title"`
}

const (
	tasks   = "tasks"
	ownerID = "organization_id"
)

var (
	pg       = goqu.Dialect("postgres")
	archived = goqu.Or(goqu.Ex{"state": nil}, goqu.Ex{"state": goqu.Op{"neq": "archived"}})
)

func read(ctx context.Context, db *sql.DB, org uuid.UUID, title string, states []string) error {
	text, args, err := pg.From(tasks).Where(goqu.Ex{ownerID: org}).Where(archived).ToSQL()
	if err != nil {
		return err
	}
	db.QueryContext(ctx, text, args...)

	text, args, _ = pg.From(tasks).Where(goqu.ExOr{"id": 1}).Where(archived).ToSQL()
	db.QueryContext(ctx, text, args...) // want `query on org-owned table "tasks" is not restricted`

	text, args, _ = pg.From(tasks).Where(goqu.ExOr{"id": 1, ownerID: org}).ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	text, args, _ = pg.From(tasks).Where(goqu.C("organization_id").Eq(org), goqu.C("state").In(states)).ToSQL()
	db.QueryContext(ctx, text, args...)

	text, args, _ = pg.From(tasks).Where(goqu.C("organization_id").Neq(org)).ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	text, args, _ = pg.From(tasks).Where(goqu.Or(goqu.C("organization_id").Eq(org), goqu.C("public").Eq(true))).ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	text, args, _ = pg.From(tasks).Where(goqu.And(goqu.C("organization_id").Eq(org), goqu.C("public").Eq(true))).ToSQL()
	db.QueryContext(ctx, text, args...)

	text, args, _ = pg.From(tasks).Where(goqu.L("organization_id = ?", org), goqu.L("state IS NOT NULL")).ToSQL()
	db.QueryContext(ctx, text, args...)

	text, args, _ = pg.From(tasks).Where(goqu.Ex{ownerID: goqu.Op{"eq": org}}).ToSQL()
	db.QueryContext(ctx, text, args...)

	text, args, _ = pg.From(tasks).Where(goqu.Ex{ownerID: goqu.Op{title: org}}).ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	text, args, _ = pg.From(tasks).Where(goqu.Ex{ownerID: org}).ClearWhere().ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`
	return nil
}

// joined looks at every relation, a dataset inside another included.
func joined(ctx context.Context, db *sql.DB, org uuid.UUID) {
	text, args, _ := pg.From(goqu.T("tasks").As("t")).
		Join(goqu.T("tasks").As("p"), goqu.On(goqu.I("p.id").Eq(goqu.I("t.parent_id")), goqu.I("p.organization_id").Eq(goqu.I("t.organization_id")))).
		Select(goqu.I("t.id").As("task"), goqu.COUNT("*")).Where(goqu.Ex{"t.organization_id": org}).ToSQL()
	db.QueryContext(ctx, text, args...)

	text, args, _ = pg.From(goqu.T("tasks").As("t")).
		LeftJoin(goqu.T("tasks").As("p"), goqu.On(goqu.Ex{"p.id": goqu.I("t.parent_id")})).Where(goqu.Ex{"t.organization_id": org}).ToSQL()
	db.QueryContext(ctx, text, args...) // want `add p.organization_id = \$n for relation p`

	open := pg.From(tasks).Select("id").Where(goqu.Ex{"state": "open"})
	text, args, _ = pg.From(tasks).Where(goqu.Ex{ownerID: org, "parent_id": goqu.Op{"in": open}}).ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`
	text, args, _ = pg.From(open.As("o")).ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`
	text, args, _ = pg.From("o").With("o", open.Where(goqu.Ex{ownerID: org})).ToSQL()
	db.QueryContext(ctx, text, args...)
	text, args, _ = pg.From(tasks).Where(goqu.Ex{ownerID: org}).Union(open).ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`
}

type filter struct {
	org     string
	orgs    []string
	columns []string
	search  string
}

// filtered has an organization on some paths only.
func filtered(ctx context.Context, db *sql.DB, f filter) {
	stmt := pg.From(tasks)
	if f.org != "" {
		stmt = stmt.Where(goqu.Ex{ownerID: f.org})
	}
	if len(f.orgs) > 0 {
		stmt = stmt.Where(goqu.Ex{ownerID: goqu.Op{"in": f.orgs}})
	}
	text, args, _ := stmt.ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	ex := goqu.Ex{"state": "open"}
	if f.org != "" {
		ex[ownerID] = f.org
	}
	text, args, _ = pg.From(tasks).Where(ex).ToSQL()
	db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`

	ex = goqu.Ex{ownerID: f.org}
	if f.search != "" {
		ex["title"] = f.search
	}
	text, args, _ = pg.From(tasks).Where(ex).ToSQL()
	db.QueryContext(ctx, text, args...)
}

// searched takes names of columns from a caller: goqu quotes them.
func searched(ctx context.Context, db *sql.DB, f filter) error {
	stmt := pg.From(tasks).Prepared(true).Where(goqu.Ex{"tasks." + ownerID: f.org})
	for _, column := range f.columns {
		stmt = restricted(stmt, column, f.search)
	}
	var any []exp.Expression
	for _, column := range f.columns {
		any = append(any, goqu.I("tasks."+column).Eq(f.search))
	}
	stmt = stmt.Where(goqu.Or(any...)).Order(goqu.I(f.search).Desc()).Limit(10)
	text, args, err := stmt.ToSQL()
	if err != nil {
		return err
	}
	_, err = db.QueryContext(ctx, text, args...)
	return err
}

func restricted(stmt *goqu.SelectDataset, column, search string) *goqu.SelectDataset {
	switch search {
	case "":
		return stmt.Where(goqu.I(tasks + "." + column).IsNull())
	default:
		return stmt.Where(goqu.Ex{tasks + "." + column: goqu.Op{"like": search}})
	}
}

// found is conditions of which there may be none, and datasets that are handed
// on before they are read.
func found(ctx context.Context, db *sql.DB, f filter) error {
	var some []goqu.Expression
	for _, column := range f.columns {
		some = append(some, goqu.C(column).Eq(f.search))
	}
	counted := goqu.From("c").With("c", named(grouped(pg.From(tasks).Where(goqu.Ex{ownerID: f.org}, goqu.Or(some...))), "g"))
	text, args, err := counted.ToSQL()
	if err != nil {
		return err
	}
	if _, err := db.QueryContext(ctx, text, args...); err != nil {
		return err
	}
	text, args, err = named(grouped(pg.From(tasks).Where(goqu.Or(some...))), "g").ToSQL()
	if err != nil {
		return err
	}
	_, err = db.QueryContext(ctx, text, args...) // want `"tasks" is not restricted`
	return err
}

func grouped(stmt *goqu.SelectDataset) *goqu.SelectDataset {
	return stmt.Select("state", goqu.COUNT("*"))
}

func named(stmt *goqu.SelectDataset, alias string) *goqu.SelectDataset {
	return goqu.From(stmt.As(alias)).Select("state")
}

type repository struct{ db *sql.DB }

// find is told its condition, and its callers answer for it.
func (r *repository) find(ctx context.Context, where goqu.Ex) error {
	text, args, err := pg.From(tasks).Where(where).ToSQL()
	if err != nil {
		return err
	}
	_, err = r.db.QueryContext(ctx, text, args...)
	return err
}

func (r *repository) byID(ctx context.Context, id uuid.UUID) error {
	return r.find(ctx, goqu.Ex{"id": id}) // want `"tasks" is not restricted`
}

func (r *repository) byOrganization(ctx context.Context, org uuid.UUID) error {
	return r.find(ctx, goqu.Ex{ownerID: org})
}

func write(ctx context.Context, db *sql.DB, org uuid.UUID, task Task, title string) {
	text, args, _ := pg.Update(tasks).Set(goqu.Record{"title": "", "updated_at": goqu.L("now()")}).Where(goqu.Ex{"id": 1}).ToSQL()
	db.ExecContext(ctx, text, args...) // want `update of org-owned table "tasks" is not restricted`
	text, args, _ = pg.Update(tasks).Set(goqu.Record{"title": ""}).Where(goqu.Ex{"id": 1, ownerID: org}).ToSQL()
	db.ExecContext(ctx, text, args...)
	text, args, _ = pg.Update(tasks).Set(goqu.Record{ownerID: title}).Where(goqu.Ex{"id": 1, ownerID: org}).ToSQL()
	db.ExecContext(ctx, text, args...) // want `sets organization_id, which can move rows`
	text, args, _ = pg.Delete(tasks).Where(goqu.Ex{"id": 1}).ToSQL()
	db.ExecContext(ctx, text, args...) // want `delete from org-owned table "tasks" is not restricted`

	text, args, _ = pg.Insert(tasks).Rows(goqu.Record{"id": 1}).ToSQL()
	db.ExecContext(ctx, text, args...) // want `insert into org-owned table "tasks" leaves out organization_id`
	text, args, _ = pg.Insert(tasks).Rows(note{}).ToSQL()
	db.ExecContext(ctx, text, args...) // want `leaves out organization_id`
	text, args, _ = pg.Insert(tasks).Rows(task).ToSQL()
	db.ExecContext(ctx, text, args...)
	text, args, _ = pg.Insert(tasks).Cols("id", "organization_id").Vals(goqu.Vals{1, org}).ToSQL()
	db.ExecContext(ctx, text, args...)

	row := goqu.Record{"id": 1, "organization_id": org}
	if title != "" {
		row["title"] = title
	}
	text, args, _ = pg.Insert(tasks).Rows(row).OnConflict(goqu.DoUpdate("id", goqu.Record{"title": title})).Returning("id").ToSQL()
	db.ExecContext(ctx, text, args...) // want `ON CONFLICT on org-owned table "tasks" can update another`
	text, args, _ = pg.Insert(tasks).Rows(row).OnConflict(goqu.DoUpdate("organization_id, id", goqu.Record{"title": title})).ToSQL()
	db.ExecContext(ctx, text, args...)
	text, args, _ = pg.Insert(tasks).Rows(row).OnConflict(goqu.DoNothing()).ToSQL()
	db.ExecContext(ctx, text, args...)
}

// themselves are the datasets of a database, which run themselves.
func themselves(ctx context.Context, db *goqu.Database, org uuid.UUID) {
	var found []Task
	db.From(tasks).Where(goqu.Ex{"id": 1}).ScanStructsContext(ctx, &found) // want `"tasks" is not restricted`
	db.From(tasks).Where(goqu.Ex{ownerID: org}).ScanStructsContext(ctx, &found)
	db.From(tasks).Count()                                           // want `"tasks" is not restricted`
	pg.Update(tasks).Set(goqu.Record{"title": ""}).Executor().Exec() // want `"tasks" is not restricted`
	pg.Insert(tasks).Rows(goqu.Record{ownerID: org}).Executor().Exec()
}
