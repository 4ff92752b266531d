// Package builders keeps builders around, rightly and wrongly.
package builders

import (
	"context"
	"sync"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

var (
	openJobs  = sqlbuilder.PostgreSQL.NewSelectBuilder().Select("*").From("jobs").Where("NOT done")
	siteQuery = model.Sites.SelectFrom()
	purge     = func() *sqlbuilder.DeleteBuilder {
		d := sqlbuilder.PostgreSQL.NewDeleteBuilder()
		d.DeleteFrom("jobs").Where("done")
		return d
	}()
	siteStruct = sqlbuilder.NewStruct(new(model.Site)).For(sqlbuilder.PostgreSQL)
	templates  = struct{ visits *sqlbuilder.SelectBuilder }{visits: model.Visits.SelectFrom()}
)

func Open(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	return query.All[model.Job](ctx, db, query.ForOrg(openJobs, sc)) // want shared-builder
}

func OpenAt(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, site uuid.UUID) ([]model.Job, error) {
	openJobs.Where(openJobs.Equal("site_id", site))                  // may shared-builder
	return query.All[model.Job](ctx, db, query.ForOrg(openJobs, sc)) // want shared-builder
}

func OpenCloned(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, site uuid.UUID) ([]model.Job, error) {
	sb := openJobs.Clone()
	sb.Where(sb.Equal("site_id", site))
	return query.All[model.Job](ctx, db, query.ForOrg(sb, sc)) // ok
}

func Sites(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	st := query.ForOrg(siteQuery, sc) // may shared-builder
	return db.Query(ctx, "", st)      // want shared-builder
}

func SitesRendered(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	text, args, err := query.ForOrg(siteQuery, sc).SQL() // want shared-builder
	if err != nil {
		return nil, err
	}
	return db.Query(ctx, text, args...) // may shared-builder
}

func SitesCloned(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Site, error) {
	return query.All[model.Site](ctx, db, query.ForOrg(siteQuery.Clone(), sc)) // ok
}

func Purge(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) error {
	_, err := query.Exec(ctx, db, query.ForOrg(purge, sc)) // want shared-builder
	return err
}

func PurgeCloned(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) error {
	d := purge.Clone()
	_, err := query.Exec(ctx, db, query.ForOrg(d, sc)) // ok
	return err
}

func Visits(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Visit, error) {
	return query.All[model.Visit](ctx, db, query.ForOrg(templates.visits, sc)) // want shared-builder
}

// A Struct is no builder: each call makes one.
func FromStruct(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Site, error) {
	sb := siteStruct.SelectFrom("sites")
	return query.All[model.Site](ctx, db, query.ForOrg(sb, sc)) // ok
}

// Every goroutine renders the same builder.
func Captured(ctx context.Context, db *pgxpool.Pool, scopes []*scope.Scope) {
	sb := model.Jobs.SelectFrom()
	var wg sync.WaitGroup
	for _, sc := range scopes {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _ = query.All[model.Job](ctx, db, query.ForOrg(sb, sc)) // want shared-builder
		}()
	}
	wg.Wait()
}

func CapturedGroup(ctx context.Context, db *pgxpool.Pool, scopes []*scope.Scope) error {
	sb := model.Sites.SelectFrom()
	g, ctx := errgroup.WithContext(ctx)
	for _, sc := range scopes {
		g.Go(func() error {
			_, err := query.All[model.Site](ctx, db, query.ForOrg(sb, sc)) // want shared-builder
			return err
		})
	}
	return g.Wait()
}

func CapturedCloned(ctx context.Context, db *pgxpool.Pool, scopes []*scope.Scope) {
	sb := model.Jobs.SelectFrom()
	var wg sync.WaitGroup
	for _, sc := range scopes {
		own := sb.Clone()
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _ = query.All[model.Job](ctx, db, query.ForOrg(own, sc)) // ok
		}()
	}
	wg.Wait()
}

// A closure that runs at once shares nothing.
func Immediate(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	sb := model.Jobs.SelectFrom()
	run := func() ([]model.Job, error) {
		return query.All[model.Job](ctx, db, query.ForOrg(sb, sc)) // ok
	}
	return run()
}

func fresh() *sqlbuilder.SelectBuilder {
	return sqlbuilder.PostgreSQL.NewSelectBuilder().Select("*").From("jobs")
}

func Fresh(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	return query.All[model.Job](ctx, db, query.ForOrg(fresh(), sc)) // ok
}

// Repo stores a builder, and renders it unscoped.
type Repo struct {
	db   *pgxpool.Pool
	base *sqlbuilder.SelectBuilder
}

func New(db *pgxpool.Pool) *Repo {
	return &Repo{db: db, base: model.Jobs.SelectFrom()}
}

func (r *Repo) All(ctx context.Context) (pgx.Rows, error) {
	text, args := r.base.Build()
	return r.db.Query(ctx, text, args...) // want unscoped
}

func (r *Repo) Narrowed(ctx context.Context, sc *scope.Scope) ([]model.Job, error) {
	sb := r.base.Clone()
	sb.Where("done")
	return query.All[model.Job](ctx, r.db, query.ForOrg(sb, sc)) // ok
}

// choose returns a builder that its caller has to scope.
func choose(done bool) sqlbuilder.Builder {
	if done {
		return query.Text("SELECT * FROM jobs WHERE done")
	}
	return model.Jobs.SelectFrom()
}

func Chosen(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	return query.All[model.Job](ctx, db, query.ForOrg(choose(true), sc)) // ok
}

func ChosenUnscoped(ctx context.Context, db *pgxpool.Pool) (pgx.Rows, error) {
	text, args := choose(false).Build()
	return db.Query(ctx, text, args...) // want unscoped
}

// A union of two builders passes through ForOrg as one statement.
func Union(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	a, b := fresh().Where("done"), fresh().Where("due_at < now()")
	return query.All[model.Job](ctx, db, query.ForOrg(sqlbuilder.PostgreSQL.NewUnionBuilder().Union(a, b), sc)) // ok
}

// Only one arm was scoped.
func HalfUnion(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	u := sqlbuilder.PostgreSQL.NewUnionBuilder().Union(query.ForOrg(fresh(), sc), fresh())
	text, args := u.Build()
	return db.Query(ctx, text, args...) // want unscoped
}

// Both arms are scoped, the union is not: what runs is no Scoped.
func NestedScoped(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	sub := sqlbuilder.PostgreSQL.NewSelectBuilder().Select("site_id").From("jobs")
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("*").From("sites").Where(sb.In("id", query.ForOrg(sub, sc)))
	text, args := sb.Build()
	return db.Query(ctx, text, args...) // want unscoped
}

func StructDelete(ctx context.Context, db *pgxpool.Pool, id uuid.UUID) error {
	d := siteStruct.DeleteFrom("sites")
	text, args := d.Where(d.Equal("id", id)).Build()
	_, err := db.Exec(ctx, text, args...) // want unscoped
	return err
}

func Buildf(ctx context.Context, db *pgxpool.Pool, id uuid.UUID) (pgx.Rows, error) {
	text, args := sqlbuilder.Buildf("SELECT * FROM jobs WHERE id = %v", id).BuildWithFlavor(sqlbuilder.PostgreSQL)
	return db.Query(ctx, text, args...) // want unscoped|unproven
}

func CTE(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	with := sqlbuilder.PostgreSQL.NewCTEBuilder()
	with.With(sqlbuilder.CTEQuery("late").As(fresh().Where("due_at < now()")))
	sb := with.Select("*").From("late")
	return db.Query(ctx, "", query.ForOrg(sb, sc)) // ok
}
