package store

import (
	"context"
	"sync"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"corpus.test/fieldwork/dbx"
	"corpus.test/fieldwork/model"
	"corpus.test/fieldwork/person"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Jobs holds its scope: one is made for each request.
type Jobs struct {
	db    *dbx.DB
	scope *scope.Scope
	order string
}

// ForRequest returns the repository of one request.
func ForRequest(db *dbx.DB, sc *scope.Scope) *Jobs {
	return &Jobs{db: db, scope: sc, order: "due_at"}
}

func (j *Jobs) Open(ctx context.Context) ([]model.Job, error) {
	sb := model.Jobs.SelectFrom()
	sb.Where("NOT done OR due_at > now()").OrderBy(j.order)
	return query.All[model.Job](ctx, j.db.Pool, query.ForOrg(sb, j.scope)) // ok
}

// Close closes a job inside a transaction with its visit.
func (j *Jobs) Close(ctx context.Context, id uuid.UUID, minutes int) error {
	return j.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		ub := sqlbuilder.PostgreSQL.NewUpdateBuilder()
		ub.Update("jobs").Set("done = true").Where(ub.Equal("id", id))
		if _, err := query.Exec(ctx, tx, query.ForOrg(ub, j.scope)); err != nil { // ok
			return err
		}
		visit := model.Visit{ID: uuid.New(), JobID: id, Minutes: minutes}
		_, err := query.Exec(ctx, tx, query.ForOrg(model.Visits.InsertInto(visit), j.scope)) // ok
		return err
	})
}

// WithSite joins two owned tables; ForOrg restricts both.
func (j *Jobs) WithSite(ctx context.Context) ([]model.JobRow, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("j.*", "s.name AS site_name").From("jobs j").
		JoinWithOption(sqlbuilder.LeftJoin, "sites s", "s.id = j.site_id")
	return query.All[model.JobRow](ctx, j.db.Pool, query.ForOrg(sb, j.scope)) // ok
}

// Late nests one builder in another.
func (j *Jobs) Late(ctx context.Context, site string) ([]model.Job, error) {
	sites := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sites.Select("id").From("sites").Where(sites.Equal("slug", site))
	sb := model.Jobs.SelectFrom()
	sb.Where(sb.In("site_id", sites), "due_at < now()")
	return query.All[model.Job](ctx, j.db.Pool, query.ForOrg(sb, j.scope)) // ok
}

// Report is hand-written and still scoped.
func (j *Jobs) Report(ctx context.Context, year int) (pgx.Rows, error) {
	const text = `WITH done AS (SELECT site_id, count(*) AS n FROM jobs WHERE done GROUP BY site_id)
		SELECT s.name, d.n FROM sites s LEFT JOIN done d ON d.site_id = s.id
		WHERE extract(year FROM now()) = $1`
	return j.db.Pool.Query(ctx, "", query.ForOrg(query.Text(text, year), j.scope)) // ok
}

// Each closure keeps the scope that it was made with.
func (j *Jobs) Counter() func(ctx context.Context, done bool) (int64, error) {
	return func(ctx context.Context, done bool) (int64, error) {
		st := query.ForOrg(query.Text("SELECT count(*) FROM jobs WHERE done = $1", done), j.scope)
		return query.One[int64](ctx, j.db.Pool, st) // ok
	}
}

// Either branch is scoped.
func (j *Jobs) Either(ctx context.Context, done bool) ([]model.Job, error) {
	var st query.Statement
	if done {
		sb := model.Jobs.SelectFrom()
		sb.Where("done")
		st = query.ForOrg(sb, j.scope)
	} else {
		st = query.ForOrg(query.Text("SELECT * FROM jobs WHERE NOT done"), j.scope)
	}
	return query.All[model.Job](ctx, j.db.Pool, st) // ok
}

// Batch queues scoped statements.
func (j *Jobs) Batch(ctx context.Context, ids []uuid.UUID) error {
	b := &pgx.Batch{}
	for _, id := range ids {
		st := query.ForOrg(query.Text("UPDATE jobs SET done = true WHERE id = $1", id), j.scope)
		if _, err := query.Queue(b, st); err != nil { // ok
			return err
		}
	}
	return j.db.Pool.SendBatch(ctx, b).Close()
}

// Parallel gives every goroutine a builder of its own.
func (j *Jobs) Parallel(ctx context.Context, sites []uuid.UUID) {
	var wg sync.WaitGroup
	for _, site := range sites {
		wg.Go(func() {
			sb := model.Jobs.SelectFrom()
			sb.Where(sb.Equal("site_id", site))
			_, _ = query.All[model.Job](ctx, j.db.Pool, query.ForOrg(sb, j.scope)) // ok
		})
	}
	wg.Wait()
}

// Technicians takes the organization as an id.
func (j *Jobs) Technicians(ctx context.Context, orgID uuid.UUID) ([]person.Technician, error) {
	return query.All[person.Technician](ctx, j.db.Pool, query.ForOrg(Technicians.SelectFrom(), orgID)) // ok
}

// Import copies rows in through the runtime.
func (j *Jobs) Import(ctx context.Context, rows [][]any) (int64, error) {
	return query.CopyForOrg(ctx, j.db.Pool, j.scope, "jobs", []string{"id", "title"}, pgx.CopyFromRows(rows)) // ok
}

// load is generic over the row and takes what is scoped already.
func load[T any](ctx context.Context, db query.Querier, st *query.Scoped) ([]T, error) {
	text, args, err := st.SQL()
	if err != nil {
		return nil, err
	}
	rows, err := db.Query(ctx, text, args...) // ok
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

func (j *Jobs) Loaded(ctx context.Context) ([]model.Job, error) {
	return load[model.Job](ctx, j.db.Pool, query.ForOrg(model.Jobs.SelectFrom(), j.scope)) // ok
}

// Collected passes rendered text to a helper of another package.
func (j *Jobs) Collected(ctx context.Context) ([]model.Job, error) {
	text, args, err := query.ForOrg(model.Jobs.SelectFrom(), j.scope).SQL()
	if err != nil {
		return nil, err
	}
	return dbx.Collect[model.Job](ctx, j.db.Pool, text, args...) // ok
}

// render returns text and arguments of what is scoped.
func (j *Jobs) render(b sqlbuilder.Builder) (string, []any, error) {
	return query.ForOrg(b, j.scope).SQL()
}

func (j *Jobs) Rendered(ctx context.Context, id uuid.UUID) (pgconn.CommandTag, error) {
	del := model.Jobs.DeleteFrom()
	del.Where(del.Equal("id", id))
	text, args, err := j.render(del)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	return j.db.Pool.Exec(ctx, text, args...) // ok
}

// Explain looks at the plan of a scoped count by another route.
func (j *Jobs) Version(ctx context.Context) (v string, err error) {
	err = j.db.Pool.QueryRow(ctx, "SHOW server_version").Scan(&v) // ok
	return v, err
}

// Shadow reads a CTE that happens to be called jobs.
func (j *Jobs) Shadow(ctx context.Context) (n int64, err error) {
	err = j.db.Pool.QueryRow(ctx, "WITH jobs AS (SELECT code FROM countries) SELECT count(*) FROM jobs").Scan(&n) // ok
	return n, err
}

// Either shared table.
func (j *Jobs) Lookup(ctx context.Context, kind string) (pgx.Rows, error) {
	var table string
	switch kind {
	case "user":
		table = "users"
	default:
		table = "countries"
	}
	return j.db.Pool.Query(ctx, "SELECT * FROM "+table) // ok
}
