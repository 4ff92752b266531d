// Package fields keeps texts in objects: one function puts them there, another
// runs them.
package fields

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
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

// Method stores in one method what another runs.
type Method struct {
	db        *pgxpool.Pool
	bad, good string
}

func (m *Method) prepare() { m.bad, m.good = leaking, bound }
func (m *Method) Bad()     { m.db.Exec(ctx, m.bad) } // want `"tasks" is not restricted`
func (m *Method) Good()    { m.db.Exec(ctx, m.good) }

// Constructed has a helper of its constructor store them.
type Constructed struct {
	db        *pgxpool.Pool
	bad, good string
}

func NewConstructed(db *pgxpool.Pool) *Constructed {
	c := &Constructed{db: db}
	c.init()
	return c
}

func (c *Constructed) init()     { fill(c) }
func fill(c *Constructed)        { c.bad, c.good = leaking, bound }
func (c *Constructed) Bad()      { c.db.Exec(ctx, c.bad) }
func (c *Constructed) Good()     { c.db.Exec(ctx, c.good) }
func (c *Constructed) again()    { c.Bad(); c.Good() } // want `"tasks" is not restricted`
func unknown(c *Constructed)     { c.Bad() }           // want `"tasks" is not restricted`
func known(db *pgxpool.Pool)     { (&Constructed{db: db, bad: bound}).Bad() }
func construct(db *pgxpool.Pool) { NewConstructed(db).Bad() } // want `"tasks" is not restricted`

// Registry has maps, which a method fills.
type Registry struct {
	db                 *pgxpool.Pool
	bad, good, anybody map[string]string
}

func NewRegistry(db *pgxpool.Pool) *Registry {
	r := &Registry{db: db, bad: map[string]string{}, good: map[string]string{}}
	r.add("a", leaking)
	r.addGood("a", bound)
	return r
}

func (r *Registry) add(name, q string)      { r.bad[name] = q }
func (r *Registry) addGood(name, q string)  { r.good[name] = q }
func (r *Registry) Register(name, q string) { r.anybody[name] = q }
func (r *Registry) Bad(name string)         { r.db.Exec(ctx, r.bad[name]) } // want `"tasks" is not restricted`
func (r *Registry) Good(name string)        { r.db.Exec(ctx, r.good[name]) }
func (r *Registry) Anybody(name string)     { r.db.Exec(ctx, r.anybody[name]) } // want `cannot be known here \(parameter q of Registry.Register\)`

// List collects them.
type List struct {
	db        *pgxpool.Pool
	bad, good []string
	first     [2]string
}

func (l *List) add(q string) { l.bad = append(l.bad, q) }

func (l *List) setup() {
	l.add(leaking)
	l.good = append(l.good, bound)
	l.first[0] = leaking
}

func (l *List) Bad() {
	for _, q := range l.bad {
		l.db.Exec(ctx, q) // want `"tasks" is not restricted`
	}
	l.db.Exec(ctx, l.first[0]) // want `"tasks" is not restricted`
}

func (l *List) Good() {
	for _, q := range l.good {
		l.db.Exec(ctx, q)
	}
}

// Setter lets other packages choose.
type Setter struct {
	db *pgxpool.Pool
	q  string
}

func (s *Setter) Set(q string) { s.q = q }
func (s *Setter) Run()         { s.db.Exec(ctx, s.q) } // want `cannot be known here \(parameter q of Setter.Set\)`

// Configured gets a struct of options.
type Configured struct {
	db   *pgxpool.Pool
	opts Options
}

type Options struct{ Query string }

func NewConfigured(db *pgxpool.Pool, o Options) *Configured { return &Configured{db, o} }
func (c *Configured) Run()                                  { c.db.Exec(ctx, c.opts.Query) } // want `field Query of parameter o`

// Deep has them in an object of its own, some by the field's address.
type Deep struct {
	db *pgxpool.Pool
	in *inner
}

type inner struct {
	bad, good, put, scanned string
	buffer                  strings.Builder
}

func (d *Deep) setup() {
	d.in.bad, d.in.good = leaking, bound
	put(&d.in.put)
	fmt.Sscan("x", &d.in.scanned)
	d.in.buffer.WriteString(leaking)
}

func put(p *string) { *p = leaking }

func (d *Deep) Run() {
	d.db.Exec(ctx, d.in.bad) // want `"tasks" is not restricted`
	d.db.Exec(ctx, d.in.good)
	d.db.Exec(ctx, d.in.put)             // want `"tasks" is not restricted`
	d.db.Exec(ctx, d.in.scanned)         // want `it is filled in by fmt.Sscan`
	d.db.Exec(ctx, d.in.buffer.String()) // want `"tasks" is not restricted`
}

// Buffered has a pointer to a buffer.
type Buffered struct {
	db  *pgxpool.Pool
	buf *strings.Builder
}

func NewBuffered() *Buffered { return &Buffered{buf: &strings.Builder{}} }
func (b *Buffered) start()   { b.buf.WriteString(leaking) }
func (b *Buffered) Run()     { b.db.Exec(ctx, b.buf.String()) } // want `"tasks" is not restricted`

// Handler's text can be set by every package; this one sets a good one.
type Handler struct {
	DB   *pgxpool.Pool
	Text string
}

func NewHandler(db *pgxpool.Pool) *Handler { return &Handler{DB: db, Text: bound} }
func (h *Handler) Serve()                  { h.DB.Exec(ctx, h.Text) }

// A package variable points to an object, or is one.

var (
	pointed = &texts{}
	plain   texts
)

type texts struct{ bad, good string }

func (t *texts) set() { t.bad, t.good = leaking, bound }

func init() {
	pointed.set()
	plain.set()
}

func variables(db *pgxpool.Pool) {
	db.Exec(ctx, pointed.bad) // want `"tasks" is not restricted`
	db.Exec(ctx, pointed.good)
	db.Exec(ctx, plain.bad) // want `"tasks" is not restricted`
	db.Exec(ctx, plain.good)
}

// Package variables that are containers.

var (
	byName = map[string]string{"a": bound}
	list   []string
	items  = map[string]*item{}
)

type item struct{ q string }

func register(q string) { byName["b"] = q }

func init() {
	register(leaking)
	list = append(list, bound)
	list[0] = leaking
	items["a"] = &item{leaking}
}

func containers(db *pgxpool.Pool, name string, i int) {
	db.Exec(ctx, byName[name])  // want `"tasks" is not restricted`
	db.Exec(ctx, list[i])       // want `"tasks" is not restricted`
	db.Exec(ctx, items[name].q) // want `"tasks" is not restricted`
}

// A builder of one's own keeps apart what its objects hold.

type statement struct{ q string }

func begin(q string) *statement                 { return &statement{q: q} }
func (s *statement) and(cond string) *statement { s.q += " AND " + cond; return s }
func (s *statement) run(db *pgxpool.Pool)       { db.Exec(ctx, s.q) }
func built(db *pgxpool.Pool) {
	begin("DELETE FROM tasks WHERE true").and("organization_id = $1").run(db)
}
func builtBadly(db *pgxpool.Pool) { begin("DELETE FROM tasks WHERE true").and("id = $1").run(db) } // want `"tasks" is not restricted`

type service struct {
	db *pgxpool.Pool
	st *statement
}

func newService(db *pgxpool.Pool) *service { return &service{db, begin(bound)} }
func (s *service) run()                    { s.st.run(s.db) }
