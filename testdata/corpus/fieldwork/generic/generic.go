// Package generic carries statements through type parameters, channels, maps
// and functions.
package generic

import (
	"context"
	_ "embed"
	"iter"
	"os"
	"sync"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/dbx"
	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Repo works for every declared table.
type Repo[M any] struct {
	db    *pgxpool.Pool
	table query.Table[M]
}

func Sites(db *pgxpool.Pool) Repo[model.Site] { return Repo[model.Site]{db, model.Sites} }
func Jobs(db *pgxpool.Pool) Repo[model.Job]   { return Repo[model.Job]{db, model.Jobs} }

func (r Repo[M]) List(ctx context.Context, sc *scope.Scope) ([]M, error) {
	return query.All[M](ctx, r.db, query.ForOrg(r.table.SelectFrom(), sc)) // ok
}

func (r Repo[M]) Get(ctx context.Context, sc *scope.Scope, id uuid.UUID) (M, error) {
	sb := r.table.SelectFrom()
	sb.Where(sb.Equal("id", id))
	return query.One[M](ctx, r.db, query.ForOrg(sb, sc)) // ok
}

func (r Repo[M]) Count(ctx context.Context, sc *scope.Scope) (int64, error) {
	st := query.Text("SELECT count(*) FROM " + r.table.Name())
	return query.One[int64](ctx, r.db, query.ForOrg(st, sc)) // ok
}

func (r Repo[M]) ListAll(ctx context.Context) (pgx.Rows, error) {
	text, args := r.table.SelectFrom().Build()
	return r.db.Query(ctx, text, args...) // want unscoped|unproven
}

func (r Repo[M]) CountAll(ctx context.Context) (int64, error) {
	return dbx.Count(ctx, r.db, "SELECT count(*) FROM "+r.table.Name()) // want unscoped|unproven
}

// ForOwner takes whatever ForOrg takes.
func ForOwner[O query.Owner](ctx context.Context, db query.Querier, owner O) ([]model.Job, error) {
	return query.All[model.Job](ctx, db, query.ForOrg(model.Jobs.SelectFrom(), owner)) // ok
}

// Channel hands statements to a worker.
func Channel(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) error {
	work := make(chan *query.Scoped, 1)
	work <- query.ForOrg(model.Jobs.DeleteFrom(), sc)
	close(work)
	for st := range work {
		if _, err := query.Exec(ctx, db, st); err != nil { // ok
			return err
		}
	}
	return nil
}

// Texts sends strings, and nobody scoped them.
func Texts(ctx context.Context, db *pgxpool.Pool) error {
	work := make(chan string, 2)
	work <- "DELETE FROM jobs WHERE done"
	close(work)
	for text := range work {
		if _, err := db.Exec(ctx, text); err != nil { // want unscoped|unproven
			return err
		}
	}
	return nil
}

func ByName(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, name string) (pgx.Rows, error) {
	statements := map[string]*query.Scoped{
		"jobs":  query.ForOrg(model.Jobs.SelectFrom(), sc),
		"sites": query.ForOrg(model.Sites.SelectFrom(), sc),
	}
	st, ok := statements[name]
	if !ok {
		return nil, query.ErrNotFound
	}
	return db.Query(ctx, "", st) // ok
}

func builders() map[string]sqlbuilder.Builder {
	return map[string]sqlbuilder.Builder{"jobs": model.Jobs.SelectFrom(), "sites": model.Sites.SelectFrom()}
}

func ByNameForgot(ctx context.Context, db *pgxpool.Pool, name string) (pgx.Rows, error) {
	text, args := builders()[name].Build()
	return db.Query(ctx, text, args...) // want unscoped|unproven
}

// Either statement is accounted for: scoped, or a bypass with its reason.
func Statement(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, all bool) (pgx.Rows, error) {
	var st query.Statement = query.ForOrg(model.Jobs.SelectFrom(), sc)
	if all {
		st = query.Unscoped(model.Jobs.SelectFrom(), "the operator's overview")
	}
	text, args, err := st.SQL()
	if err != nil {
		return nil, err
	}
	return db.Query(ctx, text, args...) // ok
}

// Any takes a sealed type: whoever made it has scoped it.
func Any(ctx context.Context, db *pgxpool.Pool, st query.Statement) error {
	_, err := query.Exec(ctx, db, st) // ok
	return err
}

func Statements(sc *scope.Scope) iter.Seq[*query.Scoped] {
	return func(yield func(*query.Scoped) bool) {
		_ = yield(query.ForOrg(model.Jobs.DeleteFrom(), sc)) && yield(query.ForOrg(model.Sites.DeleteFrom(), sc))
	}
}

func Clear(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) error {
	for st := range Statements(sc) {
		if _, err := query.Exec(ctx, db, st); err != nil { // ok
			return err
		}
	}
	return nil
}

// lazy scopes once and for one request.
type lazy struct {
	once sync.Once
	text string
	args []any
	err  error
}

func (l *lazy) render(sc *scope.Scope) {
	l.once.Do(func() { l.text, l.args, l.err = query.ForOrg(model.Jobs.SelectFrom(), sc).SQL() })
}

func (l *lazy) Run(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	if l.render(sc); l.err != nil {
		return nil, l.err
	}
	return db.Query(ctx, l.text, l.args...) // ok
}

var _ = (*lazy).Run

//go:embed late.sql
var lateSQL string

func Late(ctx context.Context, db *pgxpool.Pool) (pgx.Rows, error) {
	return db.Query(ctx, lateSQL) // want unscoped|unproven
}

func LateScoped(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	return db.Query(ctx, "", query.ForOrg(query.Text(lateSQL), sc)) // ok
}

func FromEnvironment(ctx context.Context, db *pgxpool.Pool) (pgx.Rows, error) {
	return db.Query(ctx, "SELECT id FROM "+os.Getenv("TABLE")) // want unproven
}

func CopyEnvironment(ctx context.Context, db *pgxpool.Pool, src pgx.CopyFromSource) (int64, error) {
	return db.CopyFrom(ctx, pgx.Identifier{os.Getenv("TABLE")}, []string{"id"}, src) // want unproven
}

// maker is a function that returns statements.
type maker func(*scope.Scope) *query.Scoped

func Made(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, make maker) (pgx.Rows, error) {
	return db.Query(ctx, "", make(sc)) // ok
}

// text is a type of its own over string.
type text string

const allJobs text = "SELECT * FROM jobs"

func Typed(ctx context.Context, db *pgxpool.Pool) (pgx.Rows, error) {
	return db.Query(ctx, string(allJobs)) // want unscoped
}

func Named(sc *scope.Scope) (sql string, args []any, err error) {
	defer func() {
		if err != nil {
			sql = ""
		}
	}()
	sql, args, err = query.ForOrg(model.Sites.SelectFrom(), sc).SQL()
	return
}

func RunNamed(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	sql, args, err := Named(sc)
	if err != nil {
		return nil, err
	}
	return db.Query(ctx, sql, args...) // ok
}

// Traced forwards what it is given.
type Traced struct {
	inner dbx.DBTX
	log   func(string)
}

func (t Traced) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	t.log(sql)
	return t.inner.Query(ctx, sql, args...)
}

func UseTraced(ctx context.Context, t Traced, sc *scope.Scope) ([]model.Job, error) {
	return query.All[model.Job](ctx, t, query.ForOrg(model.Jobs.SelectFrom(), sc)) // ok
}

func UseTracedRaw(ctx context.Context, t Traced) (pgx.Rows, error) {
	return t.Query(ctx, "SELECT * FROM jobs WHERE done") // want unscoped
}

// A recursive helper retries.
func retry(ctx context.Context, db *pgxpool.Pool, n int, sql string) error {
	if _, err := db.Exec(ctx, sql); err == nil || n == 0 {
		return err
	}
	return retry(ctx, db, n-1, sql)
}

func Retried(ctx context.Context, db *pgxpool.Pool) error {
	return retry(ctx, db, 3, "DELETE FROM visits WHERE minutes = 0") // want unscoped
}

func RetriedShared(ctx context.Context, db *pgxpool.Pool) error {
	return retry(ctx, db, 3, "DELETE FROM sessions_seen") // ok
}
