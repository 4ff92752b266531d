// Package flows brings text to a database in the ways that Go has. Each
// function shows one of them, once without and once with a condition that
// binds.
package flows

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

const (
	leaking = "SELECT id FROM tasks WHERE id = $1"
	bound   = "SELECT id FROM tasks WHERE id = $1 AND organization_id = $2"
)

func variable(ctx context.Context, db *pgxpool.Pool) {
	q := leaking
	db.Query(ctx, q) // want `"tasks" is not restricted`
	q = bound
	db.Query(ctx, q)
	var declared string
	declared = leaking
	db.Query(ctx, declared) // want `"tasks" is not restricted`
}

func pointer(ctx context.Context, db *pgxpool.Pool) {
	q := leaking
	p := &q
	db.Query(ctx, *p) // want `"tasks" is not restricted`
	good := bound
	p = &good
	db.Query(ctx, *p)
}

func branchLeaks(ctx context.Context, db *pgxpool.Pool, one bool) {
	q := bound
	if one {
		q = leaking
	}
	db.Query(ctx, q) // want `"tasks" is not restricted`
}

func branchBinds(ctx context.Context, db *pgxpool.Pool, one bool) {
	q := bound
	if one {
		q = "SELECT id FROM tasks WHERE organization_id = $1"
	}
	db.Query(ctx, q)
}

func loopOverTextsLeaks(ctx context.Context, db *pgxpool.Pool) {
	for _, q := range []string{bound, leaking} {
		db.Query(ctx, q) // want `"tasks" is not restricted`
	}
	for _, q := range [...]string{"DELETE FROM tasks", "SELECT 1"} {
		db.Exec(ctx, q) // want `delete from org-owned table "tasks"`
	}
}

func loopOverTextsBinds(ctx context.Context, db *pgxpool.Pool) {
	for _, q := range []string{bound, "SELECT 1", "DELETE FROM tasks WHERE organization_id = $1"} {
		db.Query(ctx, q)
	}
}

func loopOverTablesLeaks(ctx context.Context, db *pgxpool.Pool) {
	for _, table := range []string{"users", "tasks"} {
		db.Exec(ctx, "DELETE FROM "+table) // want `delete from org-owned table "tasks"`
	}
}

func loopOverTablesBinds(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	for _, table := range []string{"users", "tasks"} {
		db.Exec(ctx, "DELETE FROM "+table+" WHERE organization_id = $1", org)
	}
}

func switchLeaks(ctx context.Context, db *pgxpool.Pool, n int) {
	var q string
	switch n {
	case 0:
		q = bound
	case 1:
		q = leaking
	default:
		return
	}
	db.Query(ctx, q) // want `"tasks" is not restricted`
}

func switchBinds(ctx context.Context, db *pgxpool.Pool, column string) {
	order := "id"
	switch column {
	case "title", "due":
		order = "title DESC"
	}
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 ORDER BY "+order)
}

func mapOfTextsLeaks(ctx context.Context, db *pgxpool.Pool, key string) {
	db.Query(ctx, map[string]string{"a": bound, "b": leaking}[key]) // want `"tasks" is not restricted`
}

func mapOfTextsBinds(ctx context.Context, db *pgxpool.Pool, key string) {
	order, ok := map[string]string{"id": "id", "title": "title, id"}[key]
	if !ok {
		order = "id"
	}
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 ORDER BY "+order)
}

func helperFunction(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	run(ctx, db, leaking, 1) // want `"tasks" is not restricted`
	run(ctx, db, bound, 1, org)
	remove(ctx, db, "tasks") // want `delete from org-owned table "tasks"`
	remove(ctx, db, "users")
}

func run(ctx context.Context, db *pgxpool.Pool, q string, args ...any) { db.Query(ctx, q, args...) }

func remove(ctx context.Context, db *pgxpool.Pool, table string) { db.Exec(ctx, "DELETE FROM "+table) }

func helperOfHelper(ctx context.Context, db *pgxpool.Pool) {
	twice(ctx, db, leaking) // want `"tasks" is not restricted`
	twice(ctx, db, bound)
}

func twice(ctx context.Context, db *pgxpool.Pool, q string) { run(ctx, db, q); run(ctx, db, q) }

func returned(ctx context.Context, db *pgxpool.Pool, all bool) {
	db.Query(ctx, text(all))         // want `"tasks" is not restricted`
	db.Query(ctx, byColumn("title")) // want `"tasks" is not restricted`
	db.Query(ctx, byColumn("organization_id"))
}

func text(all bool) string {
	if all {
		return "SELECT id FROM tasks"
	}
	return bound
}

func byColumn(column string) string { return "SELECT id FROM tasks WHERE " + column + " = $1" }

func closureOverText(ctx context.Context, db *pgxpool.Pool) {
	q := leaking
	func() { db.Query(ctx, q) }() // want `"tasks" is not restricted`
	good := bound
	func() { db.Query(ctx, good) }()
}

func closureWithParameter(ctx context.Context, db *pgxpool.Pool) {
	exec := func(q string) { db.Exec(ctx, q) }
	exec(leaking) // want `"tasks" is not restricted`
	exec(bound)
}

func closureHandedOn(ctx context.Context, db *pgxpool.Pool) {
	inTx(ctx, func(tx pgx.Tx) { tx.Exec(ctx, leaking) }) // want `"tasks" is not restricted`
	inTx(ctx, func(tx pgx.Tx) { tx.Exec(ctx, bound) })
}

func inTx(ctx context.Context, f func(pgx.Tx)) { f(nil) }

type repository struct {
	db    *pgxpool.Pool
	table string
	find  string
}

var leaky = &repository{table: "tasks", find: leaking}

func (r *repository) structField(ctx context.Context) {
	r.db.Query(ctx, r.find)                    // want `"tasks" is not restricted`
	r.db.Query(ctx, "SELECT id FROM "+r.table) // want `"tasks" is not restricted`
	r.db.Query(ctx, "SELECT id FROM "+r.table+" WHERE organization_id = $1")
}

type careful struct{ find string }

func structFieldBinds(ctx context.Context, db *pgxpool.Pool) {
	c := careful{find: bound}
	db.Query(ctx, c.find)
}

func methodValue(ctx context.Context, db *pgxpool.Pool) {
	query := db.Query
	query(ctx, leaking) // want `"tasks" is not restricted`
	query(ctx, bound)
	(*pgxpool.Pool).Exec(db, ctx, leaking) // want `"tasks" is not restricted`
}

func deferredAndConcurrent(ctx context.Context, db *pgxpool.Pool) {
	defer db.Exec(ctx, leaking) // want `"tasks" is not restricted`
	go db.Exec(ctx, leaking)    // want `"tasks" is not restricted`
	defer db.Exec(ctx, bound)
	go db.Exec(ctx, bound)
}

// DBTX is what generated code asks for.
type DBTX interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

type queries struct{ db DBTX }

func (q *queries) throughInterface(ctx context.Context) {
	q.db.Query(ctx, leaking) // want `"tasks" is not restricted`
	q.db.Query(ctx, bound)
}

// logged is a database with a log.
type logged struct{ DBTX }

func throughEmbeddedInterface(ctx context.Context, l logged) {
	l.Exec(ctx, leaking) // want `"tasks" is not restricted`
	l.Exec(ctx, bound)
}

func genericHelper(ctx context.Context, db *pgxpool.Pool) {
	find[Task](ctx, db, leaking) // want `"tasks" is not restricted`
	find[Task](ctx, db, bound)
}

func find[T any](ctx context.Context, db *pgxpool.Pool, q string) (out []T) {
	db.Query(ctx, q)
	return out
}

func genericReceiver(ctx context.Context, db *pgxpool.Pool) {
	find := &finder[*pgxpool.Pool]{db}
	find.run(ctx, leaking) // want `"tasks" is not restricted`
	find.run(ctx, bound)
}

type finder[D DBTX] struct{ db D }

func (f *finder[D]) run(ctx context.Context, q string) { f.db.Query(ctx, q) }

func sprintf(ctx context.Context, db *pgxpool.Pool, n int) {
	db.Query(ctx, fmt.Sprintf("SELECT id FROM %s LIMIT %d", "tasks", n)) // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprintf("SELECT id FROM %s WHERE organization_id = $1 LIMIT %d", "tasks", n))
}

func concatenation(ctx context.Context, db *pgxpool.Pool, title string) {
	q := "SELECT id FROM tasks"
	if title != "" {
		q += " WHERE organization_id = $1"
	}
	db.Query(ctx, q) // want `"tasks" is not restricted`
	q = "SELECT id FROM tasks WHERE organization_id = $1"
	if title != "" {
		q += " AND title = $2"
	}
	db.Query(ctx, q)
}

func stringsBuilder(ctx context.Context, db *pgxpool.Pool, by string) {
	var b strings.Builder
	b.WriteString("SELECT id FROM tasks WHERE ")
	b.WriteString("id = $1")
	db.Query(ctx, b.String()) // want `"tasks" is not restricted`
	var c strings.Builder
	c.WriteString("SELECT id FROM tasks WHERE ")
	c.WriteString("organization_id = $1")
	db.Query(ctx, c.String())
}

func batch(ctx context.Context, db *pgxpool.Pool) {
	b := &pgx.Batch{}
	b.Queue(leaking) // want `"tasks" is not restricted`
	b.Queue(bound)
	db.SendBatch(ctx, b)
}

func prepared(ctx context.Context, c *pgx.Conn, db *sql.DB) {
	c.Prepare(ctx, "find", leaking) // want `"tasks" is not restricted`
	c.Prepare(ctx, "find", bound)
	db.PrepareContext(ctx, leaking) // want `"tasks" is not restricted`
	db.PrepareContext(ctx, bound)
	st, _ := db.Prepare(bound)
	st.Query(1)
}

func standardLibrary(ctx context.Context, db *sql.DB, tx *sql.Tx, c *sql.Conn) {
	db.Query(leaking)               // want `"tasks" is not restricted`
	db.QueryRow(leaking)            // want `"tasks" is not restricted`
	tx.ExecContext(ctx, leaking)    // want `"tasks" is not restricted`
	c.QueryRowContext(ctx, leaking) // want `"tasks" is not restricted`
	db.Query(bound)
	tx.ExecContext(ctx, bound)
	c.QueryRowContext(ctx, bound)
}

func pools(ctx context.Context, p *pgxpool.Pool, tx pgx.Tx) {
	p.QueryRow(ctx, leaking)  // want `"tasks" is not restricted`
	tx.QueryRow(ctx, leaking) // want `"tasks" is not restricted`
	p.QueryRow(ctx, bound)
	tx.QueryRow(ctx, bound)
}

func transactionOptions(ctx context.Context, p *pgxpool.Pool) {
	p.BeginTx(ctx, pgx.TxOptions{CommitQuery: "DELETE FROM tasks"}) // want `delete from org-owned table "tasks"`
	p.BeginTx(ctx, pgx.TxOptions{BeginQuery: "BEGIN READ ONLY"})
}

func scanners(ctx context.Context, c *pgx.Conn, x *sqlx.DB, out []Task) {
	pgxscan.Select(ctx, c, &out, leaking) // want `"tasks" is not restricted`
	pgxscan.Select(ctx, c, &out, bound)
	x.Select(&out, leaking)          // want `"tasks" is not restricted`
	x.GetContext(ctx, &out, leaking) // want `"tasks" is not restricted`
	x.Select(&out, bound)
	x.GetContext(ctx, &out, bound)
}

var (
	global       = leaking
	carefulTexts = []string{bound, "SELECT 1"}
)

func packageVariable(ctx context.Context, db *pgxpool.Pool, i int) {
	db.Query(ctx, global) // want `"tasks" is not restricted`
	db.Query(ctx, carefulTexts[i])
}

type page struct{ sort, dir string }

// compared uses a text only where it was found to be one of some constants.
func compared(ctx context.Context, db *pgxpool.Pool, org uuid.UUID, p page, sort string) {
	dir := p.dir
	if dir != "asc" && dir != "desc" {
		dir = "desc"
	}
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 ORDER BY id "+dir, org)

	if p.dir == "asc" || p.dir == "desc" {
		db.Query(ctx, fmt.Sprintf("SELECT id FROM tasks WHERE organization_id = $1 ORDER BY title %s, id %s", p.dir, p.dir), org)
	}
	switch sort {
	case "title", "due_at":
		db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 ORDER BY "+sort, org)
		db.Query(ctx, "SELECT id FROM tasks ORDER BY "+sort) // want `"tasks" is not restricted`
	default:
		db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 ORDER BY "+sort, org) // want `cannot be known here`
	}
	if p.dir != "asc" {
		db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 ORDER BY id "+p.dir, org) // want `cannot be known here`
	}
	if p.sort == "title" {
		p.sort = sort
		db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 ORDER BY "+p.sort, org) // want `cannot be known here`
	}
}

// placeholders makes those of n rows.
func placeholders(n, columns int) string {
	row := "(" + strings.TrimRight(strings.Repeat("?,", columns), ",") + ")"
	return strings.TrimRight(strings.Repeat(row+",", n), ",")
}

func repeated(ctx context.Context, db *sql.DB, tasks []Task) {
	db.ExecContext(ctx, "INSERT INTO tasks (id, title, organization_id) VALUES "+placeholders(len(tasks), 3))
	db.ExecContext(ctx, "INSERT INTO tasks (id) VALUES "+placeholders(len(tasks), 1)) // want `leaves out organization_id`
}
