// Package wrapped hands statements to a database through interfaces of its
// own.
package wrapped

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

const (
	leaking = "DELETE FROM tasks WHERE id = $1"
	bound   = "DELETE FROM tasks WHERE id = $1 AND organization_id = $2"
)

var ctx = context.Background()

type builder interface{ Build() (string, []any) }

type DB struct{ pool *pgxpool.Pool }

func (d *DB) Run(ctx context.Context, b builder) {
	sql, args := b.Build()
	d.pool.Exec(ctx, sql, args...)
}

func builders(d *DB, org uuid.UUID, all bool) {
	bad := sqlbuilder.DeleteFrom("tasks")
	d.Run(ctx, bad) // want `"tasks" is not restricted`
	good := sqlbuilder.DeleteFrom("tasks")
	good.Where(good.Equal("organization_id", org))
	d.Run(ctx, good)

	var chosen builder = good
	if all {
		chosen = bad
	}
	d.Run(ctx, chosen)             // want `"tasks" is not restricted`
	d.Run(ctx, remove(org, false)) // want `"tasks" is not restricted`
	d.Run(ctx, restricted(org))
}

func remove(org uuid.UUID, all bool) builder {
	b := sqlbuilder.DeleteFrom("tasks")
	if !all {
		b.Where(b.Equal("organization_id", org))
	}
	return b
}

func restricted(org uuid.UUID) builder {
	b := sqlbuilder.DeleteFrom("tasks")
	return b.Where(b.Equal("organization_id", org))
}

// A builder of one's own.

type removal struct{ table, column string }

func (r removal) Build() (string, []any) {
	return "DELETE FROM " + r.table + " WHERE " + r.column + " = $1", nil
}

type text string

func (t text) Build() (string, []any) { return string(t), nil }

func own(d *DB) {
	d.Run(ctx, removal{"tasks", "id"}) // want `"tasks" is not restricted`
	d.Run(ctx, removal{"tasks", "organization_id"})
	d.Run(ctx, &removal{"users", "id"})
	d.Run(ctx, text(leaking)) // want `"tasks" is not restricted`
	d.Run(ctx, text(bound))
}

// Many at once, and in a struct.

func (d *DB) all(bs ...builder) {
	for _, b := range bs {
		d.Run(ctx, b)
	}
}

type job struct{ b builder }

func (d *DB) job(j job) { d.Run(ctx, j.b) }

func many(d *DB, org uuid.UUID) {
	bad := sqlbuilder.DeleteFrom("tasks")
	good := sqlbuilder.DeleteFrom("tasks")
	good.Where(good.Equal("organization_id", org))
	d.all(good, bad) // want `"tasks" is not restricted`
	d.all(good)
	d.job(job{bad}) // want `"tasks" is not restricted`
	d.job(job{good})
}

// What a method of an interface returns.

type source interface{ Next() string }

type leaks struct{}

func (leaks) Next() string { return leaking }

type binds struct{}

func (binds) Next() string { return bound }

func run(db *pgxpool.Pool, s source) {
	sql := s.Next()
	db.Exec(ctx, sql)
}

func sources(db *pgxpool.Pool) {
	run(db, leaks{}) // want `"tasks" is not restricted`
	run(db, binds{})
	var s source = leaks{}
	db.Exec(ctx, s.Next()) // want `"tasks" is not restricted`
	s = binds{}
	db.Exec(ctx, s.Next())
}

func unknown(db *pgxpool.Pool, s source) {
	db.Exec(ctx, s.Next()) // want `cannot be known here \(the result of source.Next\)`
}

type holder struct {
	db *pgxpool.Pool
	s  source
}

func NewHolder(db *pgxpool.Pool, s source) *holder { return &holder{db, s} }

func (h *holder) Run() {
	sql := h.s.Next()
	h.db.Exec(ctx, sql) // want `cannot be known here \(the result of source.Next\)`
}

type pair interface {
	Statement() (string, []any, error)
}

type embedding struct{ source }

func unknowns(db *pgxpool.Pool, p pair, e embedding, list []source) error {
	sql, args, err := p.Statement()
	if err != nil {
		return err
	}
	db.Exec(ctx, sql, args...) // want `cannot be known here \(the result of pair.Statement\)`
	db.Exec(ctx, e.Next())     // want `cannot be known here`
	for _, s := range list {
		db.Exec(ctx, s.Next()) // want `cannot be known here`
	}
	return nil
}
