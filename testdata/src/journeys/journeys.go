// Package journeys brings texts to a database by the less common roads.
package journeys

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

const (
	all = "SELECT id FROM tasks"
	own = "SELECT id FROM tasks WHERE organization_id = $1"
)

type repo struct{ db *pgxpool.Pool }

func (r *repo) run(ctx context.Context, q string, args ...any) { r.db.Query(ctx, q, args...) }

func (r repo) byValue(ctx context.Context, q string, args ...any) { r.db.Query(ctx, q, args...) }

func methodExpressions(ctx context.Context, r *repo, org uuid.UUID) {
	(*repo).run(r, ctx, all)   // want `"tasks" is not restricted`
	repo.byValue(*r, ctx, all) // want `"tasks" is not restricted`
	f := (*repo).run
	f(r, ctx, all) // want `"tasks" is not restricted`
	f(r, ctx, own, org)
}

type embedded struct {
	*repo
	statement
}

type statement struct{ text string }

func (s statement) exec(ctx context.Context, db *pgxpool.Pool, args ...any) {
	db.Exec(ctx, s.text, args...)
}

func embeddedPointer(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	e := embedded{&repo{db}, statement{all}}
	e.run(ctx, e.text) // want `"tasks" is not restricted`
	e.exec(ctx, db)    // want `"tasks" is not restricted`
	e.text = own
	e.run(ctx, e.text, org)
	p := &e
	p.statement.text = all
	p.run(ctx, p.text) // want `"tasks" is not restricted`
}

type handler struct {
	load func(ctx context.Context, q string, args ...any)
	list []func(ctx context.Context)
}

func functionFields(ctx context.Context, r *repo, org uuid.UUID) {
	h := handler{load: r.run}
	h.load(ctx, all) // want `"tasks" is not restricted`
	h.load(ctx, own, org)
	h.list = append(h.list, func(ctx context.Context) { r.db.Query(ctx, all) }) // want `"tasks" is not restricted`
}

func deferred(ctx context.Context, r *repo, org uuid.UUID) {
	q := own
	defer func() { r.run(ctx, q, org) }() // want `"tasks" is not restricted`
	defer r.run(ctx, q, org)
	go r.run(ctx, all) // want `"tasks" is not restricted`
	q = all
}

func tableDriven(ctx context.Context, r *repo, org uuid.UUID) {
	for _, c := range []struct {
		name string
		q    string
	}{{"a", own}, {"b", "SELECT id FROM users"}} {
		r.run(ctx, c.q, org)
	}
	for _, c := range []struct{ name, q string }{{"a", own}, {"b", all}} {
		r.run(ctx, c.q, org) // want `"tasks" is not restricted`
	}
	for _, c := range []*statement{{own}, {all}} {
		r.run(ctx, c.text, org) // want `"tasks" is not restricted`
	}
	m := map[string]statement{"a": {own}, "b": {all}}
	r.run(ctx, m["a"].text, org) // want `"tasks" is not restricted`
	for _, k := range slices.Sorted(maps.Keys(m)) {
		r.run(ctx, m[k].text, org) // want `"tasks" is not restricted`
	}
}

var once = sync.OnceValue(func() string { return all })

func onceValue(ctx context.Context, r *repo) {
	r.run(ctx, once()) // want `"tasks" is not restricted`
}

var initialised string

func init() { initialised = all }

func initialisedLater(ctx context.Context, r *repo) {
	r.run(ctx, initialised) // want `"tasks" is not restricted`
}

type option func(*[]string)

func titled(t string) option { return func(w *[]string) { *w = append(*w, "title = 'x'") } }

func within() option { return func(w *[]string) { *w = append(*w, "organization_id = $1") } }

func sequence(yield func(string) bool) {
	_ = yield(own) && yield(all)
}

func iterators(ctx context.Context, r *repo, org uuid.UUID, s iter.Seq[string]) {
	for q := range sequence {
		r.run(ctx, q, org) // want `"tasks" is not restricted`
	}
}

type lister[T any] struct {
	r *repo
	q string
}

func newLister[T any](r *repo, q string) *lister[T] { return &lister[T]{r: r, q: q} }

func (l *lister[T]) list(ctx context.Context, args ...any) {
	l.r.db.Query(ctx, l.q, args...) // want `"tasks" is not restricted`
}

func genericReceivers(ctx context.Context, r *repo, org uuid.UUID) {
	(&lister[Task]{r, all}).list(ctx)
	(&lister[Task]{r, own}).list(ctx, org)
	newLister[Task](r, all).list(ctx)
}

type text interface{ ~string }

func typed[T text](ctx context.Context, r *repo, q T, args ...any) {
	r.db.Query(ctx, string(q), args...)
}

type sqlText string

func typeParameters(ctx context.Context, r *repo, org uuid.UUID) {
	typed(ctx, r, sqlText(all)) // want `"tasks" is not restricted`
	typed(ctx, r, sqlText(own), org)
}

func workers(ctx context.Context, r *repo, org uuid.UUID) {
	jobs := make(chan statement)
	for range 2 {
		go func() {
			for j := range jobs {
				r.run(ctx, j.text, org) // want `"tasks" is not restricted`
			}
		}()
	}
	jobs <- statement{own}
	jobs <- statement{all}
	fine := make(chan string, 1)
	fine <- own
	if q, ok := <-fine; ok {
		r.run(ctx, q, org)
	}
	select {
	case q := <-fine:
		r.run(ctx, q, org)
	default:
	}
}

func transactions(ctx context.Context, r *repo, org uuid.UUID) error {
	return pgx.BeginFunc(ctx, r.db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE tasks SET title = '' WHERE organization_id = $1", org); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE tasks SET title = ''") // want `"tasks" is not restricted`
		return err
	})
}

func replaced(ctx context.Context, r *repo, org uuid.UUID) {
	q := strings.NewReplacer("{table}", "tasks").Replace("SELECT id FROM {table}")
	r.run(ctx, q) // want `cannot be known here|"tasks" is not restricted`
	q = strings.ReplaceAll("SELECT id FROM {table} WHERE organization_id = $1", "{table}", "tasks")
	r.run(ctx, q, org)
	q = strings.ReplaceAll("SELECT id FROM {table}", "{table}", "tasks")
	r.run(ctx, q) // want `"tasks" is not restricted`
}

func labelled(ctx context.Context, r *repo, org uuid.UUID, n int) {
	q := "SELECT id FROM users"
outer:
	for i := range n {
		switch i {
		case 1:
			q = own
			fallthrough
		case 2:
			continue outer
		case 3:
			q = all
			break outer
		}
	}
	r.run(ctx, q, org) // want `"tasks" is not restricted`
}

func recovered(ctx context.Context, r *repo) (q string) {
	defer func() {
		if recover() != nil {
			q = "SELECT id FROM users"
		}
	}()
	q = all
	r.run(ctx, q) // want `"tasks" is not restricted`
	return q
}
