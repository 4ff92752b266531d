// Package sinks reaches a database in one way of each kind.
package sinks

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io"

	"github.com/Masterminds/squirrel"
	"github.com/doug-martin/goqu/v9"
	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"

	"sinks/lookup"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

const (
	everybodys = "SELECT id FROM tasks"
	ours       = "SELECT id FROM tasks WHERE organization_id = $1"
)

func ofPgx(ctx context.Context, conn *pgx.Conn, tx pgx.Tx, pool *pgxpool.Pool, b *pgx.Batch) {
	conn.Query(ctx, everybodys)         // want `"tasks" is not restricted`
	conn.QueryRow(ctx, everybodys)      // want `"tasks" is not restricted`
	conn.Prepare(ctx, "t", everybodys)  // want `"tasks" is not restricted`
	tx.Exec(ctx, "DELETE FROM tasks")   // want `delete from org-owned table "tasks"`
	tx.Prepare(ctx, "t", everybodys)    // want `"tasks" is not restricted`
	pool.Exec(ctx, "DELETE FROM tasks") // want `delete from org-owned table "tasks"`
	b.Queue(everybodys)                 // want `"tasks" is not restricted`

	q := b.Queue("SELECT 1")
	q.SQL = everybodys // want `"tasks" is not restricted`

	pool.BeginTx(ctx, pgx.TxOptions{
		BeginQuery:  "BEGIN; UPDATE tasks SET id = id", // want `update of org-owned table "tasks"`
		CommitQuery: "COMMIT",
	})

	conn.Query(ctx, ours, 1)
	conn.Exec(ctx, "tasks") // a prepared statement, by its name
	tx.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"id", "organization_id"}, nil)
	tx.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"id"}, nil) // want `copy into org-owned table "tasks" leaves out organization_id`
}

func ofPgconn(ctx context.Context, conn *pgconn.PgConn, p *pgconn.Pipeline, b *pgconn.Batch, r io.Reader, w io.Writer) {
	conn.Exec(ctx, everybodys)                                   // want `"tasks" is not restricted`
	conn.ExecParams(ctx, everybodys, nil, nil, nil, nil)         // want `"tasks" is not restricted`
	conn.Prepare(ctx, "t", everybodys, nil)                      // want `"tasks" is not restricted`
	conn.CopyTo(ctx, w, "COPY (SELECT id FROM tasks) TO STDOUT") // want `"tasks"`
	conn.CopyFrom(ctx, r, "COPY tasks (id) FROM STDIN")          // want `"tasks"`
	p.SendPrepare("t", everybodys, nil)                          // want `"tasks" is not restricted`
	p.SendQueryParams(everybodys, nil, nil, nil, nil)            // want `"tasks" is not restricted`
	b.ExecParams(everybodys, nil, nil, nil, nil)                 // want `"tasks" is not restricted`
	conn.ExecParams(ctx, ours, nil, nil, nil, nil)
}

func ofDatabaseSQL(ctx context.Context, db *sql.DB, tx *sql.Tx, conn *sql.Conn, stmt *sql.Stmt, raw driver.ExecerContext) {
	db.Query(everybodys)                  // want `"tasks" is not restricted`
	tx.QueryRow(everybodys)               // want `"tasks" is not restricted`
	conn.ExecContext(ctx, everybodys)     // want `"tasks" is not restricted`
	conn.PrepareContext(ctx, everybodys)  // want `"tasks" is not restricted`
	raw.ExecContext(ctx, everybodys, nil) // want `"tasks" is not restricted`
	stmt.Query(1)                         // what was prepared is judged there
	tx.Query(ours, 1)
}

func ofOthers(ctx context.Context, x *sqlx.DB, q pgxscan.Querier, b *bun.DB, g *goqu.Database) {
	var dest []Task
	x.Select(&dest, everybodys)               // want `"tasks" is not restricted`
	x.NamedExec("DELETE FROM tasks", dest)    // want `delete from org-owned table "tasks"`
	pgxscan.Select(ctx, q, &dest, everybodys) // want `"tasks" is not restricted`
	b.NewRaw(everybodys)                      // want `"tasks" is not restricted`
	bun.NewRawQuery(b, everybodys)            // want `"tasks" is not restricted`
	g.ScanStructs(&dest, everybodys)          // want `"tasks" is not restricted`
	g.ScanValContext(ctx, &dest, everybodys)  // want `"tasks" is not restricted`
	x.Get(&dest, ours, 1)
	g.ScanStructs(&dest, ours, 1)

	squirrel.Select("id").From("tasks").Scan(&dest)           // want `"tasks" is not restricted`
	squirrel.ExecWith(x, squirrel.Select("id").From("tasks")) // want `"tasks" is not restricted`
	squirrel.ExecWith(x, squirrel.Select("id").From("tasks").Where(squirrel.Eq{"organization_id": 1}))
}

// Querier is one of a team's own, as sqlc makes it.
type Querier interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

// Finder names no type of a database.
type Finder interface {
	Query(sql string, args ...any) error
	Get(key string) string
}

func byShape(ctx context.Context, db Querier, f Finder) {
	db.Exec(ctx, "DELETE FROM tasks") // want `delete from org-owned table "tasks"`
	db.QueryRow(ctx, everybodys)      // want `"tasks" is not restricted`
	f.Query(everybodys)               // want `"tasks" is not restricted`
	f.Get(everybodys)
	db.QueryRow(ctx, ours, 1)
}

// A method that is called like a sink and is none is known by its package.
func notASink(l *lookup.Lookup, tx *sql.Tx, name string) {
	l.Query(name, tx)
	l.Run(everybodys, tx) // want `"tasks" is not restricted`
}
