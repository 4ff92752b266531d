// Package reports reads a lot of rows in one statement.
package reports

import (
	"context"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"

	"corpus.test/fieldwork/dbx"
	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

const (
	perSite = `SELECT s.name, count(j.id) AS n FROM sites s LEFT JOIN jobs j ON j.site_id = s.id GROUP BY s.name`
	minutes = `WITH m AS (SELECT job_id, sum(minutes) AS total FROM visits GROUP BY job_id)
		SELECT j.title, m.total FROM jobs j JOIN m ON m.job_id = j.id`
	perUser = `SELECT u.name FROM users u JOIN countries c ON c.code = u.country`
)

type Reports struct {
	db    dbx.DBTX
	cache map[string]string
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func (r *Reports) PerSite(ctx context.Context, sc *scope.Scope) (pgx.Rows, error) {
	return r.db.Query(ctx, "", query.ForOrg(query.Text(perSite), sc)) // ok
}

func (r *Reports) PerSiteAll(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, perSite) // want unscoped
}

func (r *Reports) Minutes(ctx context.Context, sc *scope.Scope) (pgx.Rows, error) {
	text, args, err := query.ForOrg(query.Text(minutes), sc).SQL()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, text, args...) // ok
}

func (r *Reports) MinutesAll(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, minutes) // want unscoped
}

func (r *Reports) PerUser(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, perUser) // ok
}

func pick(kind int) string {
	switch kind {
	case 0:
		return perSite
	case 1:
		return minutes
	}
	return perUser
}

func (r *Reports) Picked(ctx context.Context, kind int) (pgx.Rows, error) {
	return r.db.Query(ctx, pick(kind)) // want unscoped
}

func (r *Reports) PickedScoped(ctx context.Context, kind int, sc *scope.Scope) (pgx.Rows, error) {
	return r.db.Query(ctx, "", query.ForOrg(query.Text(pick(kind)), sc)) // ok
}

// Put keeps text that somebody else has written.
func (r *Reports) Put(name, text string) { r.cache[name] = text }

func (r *Reports) Cached(ctx context.Context, name string) (pgx.Rows, error) {
	return r.db.Query(ctx, r.cache[name]) // want unproven
}

func (r *Reports) CachedScoped(ctx context.Context, name string, sc *scope.Scope) (pgx.Rows, error) {
	return r.db.Query(ctx, "", query.ForOrg(query.Text(r.cache[name]), sc)) // ok
}

// each passes the querier on as another interface.
func each(ctx context.Context, q querier, text string, f func(pgx.Rows) error) error {
	rows, err := q.Query(ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (r *Reports) Walk(ctx context.Context, f func(pgx.Rows) error) error {
	return each(ctx, r.db, minutes, f) // want unscoped
}

func (r *Reports) WalkUsers(ctx context.Context, f func(pgx.Rows) error) error {
	return each(ctx, r.db, perUser, f) // ok
}

type option func(*sqlbuilder.SelectBuilder)

func done(v bool) option {
	return func(sb *sqlbuilder.SelectBuilder) { sb.Where(sb.Equal("done", v)) }
}

func (r *Reports) Options(ctx context.Context, sc *scope.Scope, opts ...option) ([]model.Job, error) {
	sb := model.Jobs.SelectFrom()
	for _, o := range append(opts, done(true)) {
		o(sb)
	}
	return query.All[model.Job](ctx, r.db, query.ForOrg(sb, sc)) // ok
}

func (r *Reports) OptionsForgot(ctx context.Context, opts ...option) (pgx.Rows, error) {
	sb := model.Jobs.SelectFrom()
	for _, o := range opts {
		o(sb)
	}
	text, args := sb.Build()
	return r.db.Query(ctx, text, args...) // want unscoped
}

// statement is a method set that both kinds of builder meet.
type statement interface {
	Build() (string, []any)
}

func (r *Reports) exec(ctx context.Context, st statement) error {
	text, args := st.Build()
	_, err := r.db.Exec(ctx, text, args...) // may unscoped|unproven
	return err
}

func (r *Reports) Archive(ctx context.Context, id uuid.UUID) error {
	ub := sqlbuilder.PostgreSQL.NewUpdateBuilder()
	ub.Update("jobs").Set("done = true").Where(ub.Equal("id", id))
	return r.exec(ctx, ub) // want unscoped
}

func (r *Reports) run(ctx context.Context, st *query.Scoped) error {
	text, args := st.Build()
	_, err := r.db.Exec(ctx, text, args...) // ok
	return err
}

func (r *Reports) ArchiveScoped(ctx context.Context, sc *scope.Scope, id uuid.UUID) error {
	ub := sqlbuilder.PostgreSQL.NewUpdateBuilder()
	ub.Update("jobs").Set("done = true").Where(ub.Equal("id", id))
	return r.run(ctx, query.ForOrg(ub, sc)) // ok
}

// Queries are fields of a struct that is filled once.
type Queries struct{ Late, Users string }

var queries = Queries{Late: "SELECT id FROM jobs WHERE due_at < now()", Users: "SELECT id FROM users"}

func (r *Reports) Late(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, queries.Late) // want unscoped
}

func (r *Reports) Users(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, queries.Users) // ok
}

func (r *Reports) Variadic(ctx context.Context, sc *scope.Scope) error {
	for _, st := range []*query.Scoped{query.ForOrg(query.Text(perSite), sc), query.ForOrg(query.Text(minutes), sc)} {
		rows, err := r.db.Query(ctx, "", st) // ok
		if err != nil {
			return err
		}
		rows.Close()
	}
	return nil
}

func two(sc *scope.Scope) (site, job *query.Scoped) {
	return query.ForOrg(model.Sites.SelectFrom(), sc), query.ForOrg(model.Jobs.SelectFrom(), sc)
}

func (r *Reports) Second(ctx context.Context, sc *scope.Scope) ([]model.Job, error) {
	_, jobs := two(sc)
	return query.All[model.Job](ctx, r.db, jobs) // ok
}
