// Package sharing lets several callers meet at one builder, or keeps them apart.
package sharing

import (
	"context"
	"sync"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

var (
	byName = map[string]*sqlbuilder.SelectBuilder{
		"jobs":  model.Jobs.SelectFrom(),
		"sites": model.Sites.SelectFrom(),
	}
	list     = []*sqlbuilder.SelectBuilder{model.Jobs.SelectFrom()}
	once     = sync.OnceValue(func() *sqlbuilder.SelectBuilder { return model.Jobs.SelectFrom() })
	makeJobs = func() *sqlbuilder.SelectBuilder { return model.Jobs.SelectFrom() }
	closing  *sqlbuilder.UpdateBuilder
	anything sqlbuilder.Builder = model.Sites.SelectFrom()
)

func init() {
	closing = sqlbuilder.PostgreSQL.NewUpdateBuilder()
	closing.Update("jobs").Set("done = true")
}

// ---- leaks

func Named(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, name string) ([]model.Job, error) {
	return query.All[model.Job](ctx, db, query.ForOrg(byName[name], sc)) // want shared-builder
}

func First(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	return query.All[model.Job](ctx, db, query.ForOrg(list[0], sc)) // want shared-builder
}

func Close(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) error {
	_, err := query.Exec(ctx, db, query.ForOrg(closing, sc)) // want shared-builder
	return err
}

func Interface(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Site, error) {
	return query.All[model.Site](ctx, db, query.ForOrg(anything, sc)) // want shared-builder
}

func current() *sqlbuilder.SelectBuilder { return list[0] }

func Returned(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	sb := current()
	return query.All[model.Job](ctx, db, query.ForOrg(sb, sc)) // want shared-builder
}

func Text(sc *scope.Scope) (string, []any, error) {
	return query.ForOrg(closing, sc).SQL() // want shared-builder
}

func fetch(ctx context.Context, db *pgxpool.Pool, sb *sqlbuilder.SelectBuilder, sc *scope.Scope) {
	_, _ = query.All[model.Job](ctx, db, query.ForOrg(sb, sc)) // may shared-builder
}

func Passed(ctx context.Context, db *pgxpool.Pool, scopes []*scope.Scope) {
	sb := model.Jobs.SelectFrom()
	for _, sc := range scopes {
		go fetch(ctx, db, sb, sc) // open
	}
}

func Limited(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, sites []uuid.UUID) error {
	sb := model.Jobs.SelectFrom()
	var g errgroup.Group
	g.SetLimit(2)
	for _, site := range sites {
		g.Go(func() error {
			sb.Where(sb.Equal("site_id", site))                           // may shared-builder
			_, err := query.All[model.Job](ctx, db, query.ForOrg(sb, sc)) // want shared-builder
			return err
		})
	}
	return g.Wait()
}

// The clone is made, and the template is rendered.
func WrongOne(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	sb := list[0].Clone()
	sb.Where("done")
	return query.All[model.Job](ctx, db, query.ForOrg(list[0], sc)) // want shared-builder
}

// ---- good

func NamedCloned(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, name string) ([]model.Job, error) {
	sb, ok := byName[name]
	if !ok {
		return nil, query.ErrNotFound
	}
	return query.All[model.Job](ctx, db, query.ForOrg(sb.Clone(), sc)) // ok
}

func Made(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	return query.All[model.Job](ctx, db, query.ForOrg(makeJobs(), sc)) // ok
}

func OnceCloned(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	sb := once().Clone()
	sb.Where("NOT done")
	return query.All[model.Job](ctx, db, query.ForOrg(sb, sc)) // ok
}

func cloned() *sqlbuilder.UpdateBuilder { return closing.Clone() }

func CloseCloned(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, id uuid.UUID) error {
	ub := cloned()
	ub.Where(ub.Equal("id", id))
	_, err := query.Exec(ctx, db, query.ForOrg(ub, sc)) // ok
	return err
}

func Inside(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, sites []uuid.UUID) error {
	var g errgroup.Group
	for _, site := range sites {
		g.Go(func() error {
			sb := model.Jobs.SelectFrom()
			sb.Where(sb.Equal("site_id", site))
			_, err := query.All[model.Job](ctx, db, query.ForOrg(sb, sc)) // ok
			return err
		})
	}
	return g.Wait()
}

func ClonedInside(ctx context.Context, db *pgxpool.Pool, scopes []*scope.Scope) {
	sb := model.Jobs.SelectFrom()
	var wg sync.WaitGroup
	for _, sc := range scopes {
		wg.Add(1)
		go func(sb *sqlbuilder.SelectBuilder) {
			defer wg.Done()
			_, _ = query.All[model.Job](ctx, db, query.ForOrg(sb, sc)) // ok
		}(sb.Clone())
	}
	wg.Wait()
}

// Deferred work runs after the function, and alone.
func Deferred(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	del := model.Jobs.DeleteFrom()
	defer func() {
		_, _ = query.Exec(ctx, db, query.ForOrg(del, sc)) // ok
	}()
	del.Where("done")
}

// A text is immutable, whoever shares it.
const openJobs = "SELECT * FROM jobs WHERE NOT done"

func Constant(ctx context.Context, db *pgxpool.Pool, scopes []*scope.Scope) error {
	var g errgroup.Group
	for _, sc := range scopes {
		g.Go(func() error {
			_, err := query.All[model.Job](ctx, db, query.ForOrg(query.Text(openJobs), sc)) // ok
			return err
		})
	}
	return g.Wait()
}

// Declarations and struct mappings make a builder at each call.
var siteStruct = sqlbuilder.NewStruct(new(model.Site)).For(sqlbuilder.PostgreSQL)

func Struct(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, id uuid.UUID) error {
	d := siteStruct.DeleteFrom("sites")
	d.Where(d.Equal("id", id))
	_, err := query.Exec(ctx, db, query.ForOrg(d, sc)) // ok
	return err
}

// A request's repository may keep a builder: one goroutine has it.
type report struct {
	sb *sqlbuilder.SelectBuilder
	sc *scope.Scope
}

func newReport(sc *scope.Scope) *report { return &report{model.Jobs.SelectFrom(), sc} }

func (r *report) only(cond string) *report {
	r.sb.Where(cond)
	return r
}

func Report(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) ([]model.Job, error) {
	r := newReport(sc).only("done").only("title <> ''")
	return query.All[model.Job](ctx, db, query.ForOrg(r.sb, r.sc)) // ok
}
