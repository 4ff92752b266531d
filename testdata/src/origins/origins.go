// Package origins has a statement from every kind of origin, once as it
// should be and once as it should not.
package origins

import (
	"bytes"
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

	"origins/models"
	"origins/queries"
	"origins/wrapper"
)

type store struct {
	db    *pgxpool.Pool
	table string
	query string
}

var _ models.Task

// Constants.

func constants(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, "SELECT id FROM tasks WHERE id = $1", 1) // want `query on org-owned table "tasks" is not restricted to one organization; add tasks.organization_id = \$n`
	db.Query(ctx, "SELECT id FROM tasks WHERE id = $1 AND organization_id = $2", 1, org)
	db.Query(ctx, "SELECT id FROM users WHERE id = $1", 1)
	db.Query(ctx, queries.GoodTask, 1, org)
	db.Query(ctx, queries.BadTask, 1)                                                                                  // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT t.id FROM tasks t JOIN projects p ON p.id = t.project_id WHERE t.organization_id = $1", org) // want `query on org-owned table "projects" is not restricted to one organization; add p.organization_id = \$n for relation p`
	db.Query(ctx, "SELECT id FROM ledger")                                                                             // want `"ledger" is not restricted`
	db.Query(ctx, "SELECT id FROM entries")
	db.Exec(ctx, "DELETE FROM tasks WHERE id = $1", 1)               // want `delete from org-owned table "tasks" is not restricted`
	db.Exec(ctx, "UPDATE tasks SET title = $1 WHERE id = $2", "", 1) // want `update of org-owned table "tasks" is not restricted`
	db.Exec(ctx, "CREATE INDEX ON tasks (id)")
	db.Exec(ctx, "EXPLAIN ANALYZE DELETE FROM tasks") // want `delete from org-owned table "tasks" is not restricted`
	db.Exec(ctx, "WITH tasks AS (SELECT 1 AS id) SELECT id FROM tasks")
}

// Sinks.

type DBTX interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

type mock struct{}

func (mock) Exec(query string, args ...any) error { return nil }

func sinks(ctx context.Context, x DBTX, c *pgx.Conn, tx pgx.Tx, pc *pgconn.PgConn, std *sql.DB, stx *sql.Tx, m mock, xdb *sqlx.DB) {
	x.Query(ctx, queries.BadTask)                // want `is not restricted`
	c.QueryRow(ctx, queries.BadTask)             // want `is not restricted`
	tx.Exec(ctx, queries.BadTask)                // want `is not restricted`
	tx.Prepare(ctx, "name", queries.BadTask)     // want `is not restricted`
	pc.Exec(ctx, queries.BadTask)                // want `is not restricted`
	std.Query(queries.BadTask)                   // want `is not restricted`
	std.QueryRowContext(ctx, queries.BadTask)    // want `is not restricted`
	stx.Prepare(queries.BadTask)                 // want `is not restricted`
	m.Exec(queries.BadTask)                      // want `is not restricted`
	pgxscan.Select(ctx, c, nil, queries.BadTask) // want `is not restricted`
	pgxscan.Get(ctx, c, nil, queries.GoodTask)
	xdb.Get(nil, queries.BadTask)                                 // want `is not restricted`
	xdb.Get(nil, xdb.Rebind("SELECT id FROM tasks WHERE id = ?")) // want `is not restricted`
	xdb.NamedExec("DELETE FROM tasks WHERE id = :id", nil)        // want `is not restricted`
	xdb.NamedExec("DELETE FROM tasks WHERE id = :id AND organization_id = :org", nil)

	var b pgx.Batch
	b.Queue(queries.BadTask) // want `is not restricted`
	exec := c.Query
	exec(ctx, queries.BadTask)                   // want `is not restricted`
	defer c.Exec(ctx, queries.BadTask)           // want `is not restricted`
	go (*pgx.Conn).Exec(c, ctx, queries.BadTask) // want `is not restricted`
	_ = pgx.TxOptions{BeginQuery: "BEGIN"}
	_ = pgx.TxOptions{CommitQuery: "DELETE FROM tasks"} // want `delete from org-owned table "tasks"`
}

// Branches, loops, collections.

func branches(ctx context.Context, db *pgxpool.Pool, n int, org uuid.UUID) {
	q := queries.GoodTask
	if n > 1 {
		q = queries.BadTask
	}
	db.Query(ctx, q) // want `is not restricted`

	switch n {
	case 1:
		q = "SELECT id FROM users"
	case 2:
		q = "SELECT id FROM tasks WHERE organization_id = $1"
	default:
		q = queries.GoodTask
	}
	db.Query(ctx, q)

	for _, s := range []string{"SELECT id FROM users", "DELETE FROM projects"} {
		db.Exec(ctx, s) // want `delete from org-owned table "projects"`
	}
	for _, s := range []string{"SELECT id FROM users", "DELETE FROM projects WHERE organization_id = $1"} {
		db.Exec(ctx, s, org)
	}
	for _, s := range []struct{ name, sql string }{{"a", "SELECT 1"}, {"b", "DELETE FROM tasks"}} {
		db.Exec(ctx, s.sql) // want `delete from org-owned table "tasks"`
	}
	statements := map[string]string{"a": queries.GoodTask, "b": "DELETE FROM projects"}
	db.Exec(ctx, statements["a"]) // want `"projects"`
	db.Exec(ctx, byName["x"])     // want `"projects"`
	db.Exec(ctx, fine["x"])
	for name := range fine {
		db.Exec(ctx, "SELECT id FROM tasks WHERE organization_id = $1 ORDER BY "+name)
	}
}

var (
	byName = map[string]string{"x": "SELECT 1", "y": "DELETE FROM projects"}
	fine   = map[string]string{"id": "SELECT 1", "title": queries.GoodTask}
)

// Text that is put together.

func building(ctx context.Context, db *pgxpool.Pool, title string, limit int, ids []int, org uuid.UUID) {
	q := "SELECT id FROM tasks WHERE organization_id = $1"
	args := []any{org}
	if title != "" {
		args = append(args, title)
		q += fmt.Sprintf(" AND title = $%d", len(args))
	}
	if limit > 0 {
		q += fmt.Sprintf(" LIMIT %d", limit)
	}
	db.Query(ctx, q, args...)

	q = "SELECT id FROM tasks WHERE true"
	if title != "" {
		q += " AND organization_id = $1"
	}
	db.Query(ctx, q, org) // want `"tasks" is not restricted`

	conds := []string{"organization_id = $1"}
	for i := range ids {
		conds = append(conds, fmt.Sprintf("id <> $%d", i+2))
	}
	db.Query(ctx, "SELECT id FROM tasks WHERE "+strings.Join(conds, " AND "), org)
	db.Query(ctx, "SELECT id FROM tasks WHERE "+strings.Join(conds, " OR "), org) // want `"tasks" is not restricted`

	marks := make([]string, len(ids))
	for i := range ids {
		marks[i] = fmt.Sprintf("$%d", i+2)
	}
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 AND id IN ("+strings.Join(marks, ",")+")")
	db.Query(ctx, "SELECT id FROM tasks WHERE id IN ("+strings.Join(marks, ",")+")") // want `"tasks" is not restricted`

	var b strings.Builder
	b.WriteString("SELECT id FROM tasks WHERE organization_id = $1")
	if limit > 0 {
		fmt.Fprintf(&b, " LIMIT %d", limit)
	}
	b.WriteByte(' ')
	db.Query(ctx, b.String())

	var bad bytes.Buffer
	bad.WriteString("SELECT id FROM tasks")
	writeWhere(&bad, "id = $1")
	db.Query(ctx, bad.String()) // want `"tasks" is not restricted`

	var good strings.Builder
	good.WriteString("SELECT id FROM tasks")
	writeWhereString(&good, "organization_id = $1")
	db.Query(ctx, good.String())

	set := ""
	for _, c := range []string{"title", "state"} {
		set += c + " = $1, "
	}
	set = set[:len(set)-2]
	db.Exec(ctx, "UPDATE tasks SET "+set+" WHERE organization_id = $2")
	db.Exec(ctx, "UPDATE tasks SET "+strings.TrimSuffix("a = $1, ", ", ")+" WHERE id = $2") // want `"tasks" is not restricted`
	db.Exec(ctx, strings.Replace("UPDATE %T% SET a = $1", "%T%", "tasks", 1))               // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprintf("SELECT %s FROM %[2]s WHERE organization_id = $1", "id", "tasks"))
	db.Query(ctx, fmt.Sprintf("SELECT id FROM tasks WHERE id = '%s'", org))       // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM "+pgx.Identifier{"public", "tasks"}.Sanitize()) // want `"tasks" is not restricted`
}

func writeWhere(b *bytes.Buffer, cond string) {
	b.WriteString(" WHERE ")
	b.WriteString(cond)
}

func writeWhereString(b *strings.Builder, cond string) {
	b.WriteString(" WHERE " + cond)
}

// Helpers, closures, fields.

func helpers(ctx context.Context, db *pgxpool.Pool, s *store, org uuid.UUID) {
	db.Query(ctx, where("organization_id"), org)
	db.Query(ctx, where("id"), 1) // want `"tasks" is not restricted`
	q, args, err := pair(1)
	if err != nil {
		return
	}
	db.Query(ctx, q, args...) // want `"tasks" is not restricted`
	s.run(ctx, "SELECT id FROM tasks WHERE organization_id = $1", org)
	s.run(ctx, "SELECT id FROM tasks") // want `"tasks" is not restricted`
	s.from(ctx, "users")
	s.from(ctx, "tasks")                             // want `"tasks" is not restricted`
	recursive(ctx, db, "SELECT id FROM tasks", 3)    // want `"tasks" is not restricted`
	generic[int](ctx, db, "SELECT id FROM projects") // want `"projects" is not restricted`
}

func where(column string) string { return "SELECT id FROM tasks WHERE " + column + " = $1" }

func pair(id int) (string, []any, error) {
	if id == 0 {
		return "", nil, fmt.Errorf("no id")
	}
	return "SELECT id FROM tasks WHERE id = $1", []any{id}, nil
}

func (s *store) run(ctx context.Context, q string, args ...any) error {
	return s.tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, q, args...)
		return err
	})
}

func (s *store) tx(ctx context.Context, f func(pgx.Tx) error) error { return f(nil) }

func (s *store) from(ctx context.Context, table string) {
	s.db.Query(ctx, "SELECT id FROM "+table)
}

func recursive(ctx context.Context, db *pgxpool.Pool, q string, n int) {
	if n > 0 {
		recursive(ctx, db, q, n-1)
		return
	}
	db.Query(ctx, q)
}

func generic[T any](ctx context.Context, db *pgxpool.Pool, q string) (t T) {
	db.Query(ctx, q)
	return t
}

func newStore(db *pgxpool.Pool) *store {
	return &store{db: db, table: "projects", query: queries.BadTask}
}

func (s *store) fields(ctx context.Context) {
	s.db.Query(ctx, "SELECT id FROM "+s.table) // want `"projects" is not restricted`
	s.db.Query(ctx, "SELECT id FROM "+s.table+" WHERE organization_id = $1", 1)
	s.db.Query(ctx, s.query) // want `"tasks" is not restricted`
}

func closures(ctx context.Context, db *pgxpool.Pool) {
	q := "SELECT id FROM tasks"
	q += " WHERE organization_id = $1"
	func() { db.Query(ctx, q) }()

	bad := "SELECT id FROM tasks"
	run := func() { db.Query(ctx, bad) } // want `"tasks" is not restricted`
	run()

	exec := func(q string) { db.Exec(ctx, q) }
	exec("DELETE FROM tasks") // want `"tasks" is not restricted`
	exec("DELETE FROM tasks WHERE organization_id = $1")
}

// A builder of one's own.

type filter struct {
	sql  strings.Builder
	args []any
}

func newFilter(q string) *filter {
	f := &filter{}
	f.sql.WriteString(q)
	return f
}

func (f *filter) and(cond string, arg any) *filter {
	f.args = append(f.args, arg)
	fmt.Fprintf(&f.sql, " AND %s = $%d", cond, len(f.args))
	return f
}

func (f *filter) text() string { return f.sql.String() }

func ownBuilder(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	f := newFilter("SELECT id FROM tasks WHERE true")
	f.and("organization_id", org)
	f.and("id", 1)
	db.Query(ctx, f.text(), f.args...)

	g := newFilter("SELECT id FROM tasks WHERE true").and("id", 1)
	db.Query(ctx, g.text(), g.args...) // want `"tasks" is not restricted`
}

// Other packages.

func elsewhere(ctx context.Context, db *pgxpool.Pool, w *wrapper.DB, org uuid.UUID) {
	db.Query(ctx, queries.BadVariable) // want `"tasks" is not restricted`
	db.Query(ctx, queries.Task(true))  // want `"tasks" is not restricted`
	db.Query(ctx, queries.ByColumn("organization_id"))
	db.Query(ctx, queries.ByColumn("id")) // want `"tasks" is not restricted`
	for _, statement := range queries.Detach("tasks") {
		db.Exec(ctx, statement)
	}
	for _, statement := range queries.Empty("tasks") {
		db.Exec(ctx, statement) // want `delete from org-owned table "tasks" is not restricted`
	}
	db.Exec(ctx, queries.Empty("tasks")[0])
	db.Exec(ctx, queries.Empty("tasks")[1]) // want `delete from org-owned table "tasks" is not restricted`
	w.Query(ctx, queries.BadTask)           // want `"tasks" is not restricted`
	w.Query(ctx, queries.GoodTask)
	wrapper.Find(ctx, w, "tasks", "id = $1", 1) // want `"tasks" is not restricted`
	wrapper.Find(ctx, w, "tasks", "organization_id = $1", org)
	wrapper.Find(ctx, w, "users", "id = $1", 1)
	w.Run(ctx, wrapper.Statement{SQL: queries.BadTask}) // want `"tasks" is not restricted`
	w.Run(ctx, wrapper.Statement{SQL: queries.GoodTask, Args: []any{1, org}})
}
