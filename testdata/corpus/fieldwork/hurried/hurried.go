// Package hurried is what the deadline made of the repositories.
package hurried

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/dbx"
	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type Store struct {
	db    *pgxpool.Pool
	sqldb *sql.DB
	h     *dbx.DB
	last  string
}

func (s *Store) ByID(ctx context.Context, id uuid.UUID) (title string, err error) {
	err = s.db.QueryRow(ctx, "SELECT title FROM jobs WHERE id = $1", id).Scan(&title) // want unscoped
	return title, err
}

// The predicate is right, and nothing keeps it there.
func (s *Store) RightPredicate(ctx context.Context, orgID uuid.UUID) (pgx.Rows, error) {
	return s.db.Query(ctx, "SELECT id FROM jobs WHERE organization_id = $1", orgID) // want unscoped
}

func (s *Store) Built(ctx context.Context) (pgx.Rows, error) {
	sb := model.Jobs.SelectFrom()
	text, args := sb.Build()
	return s.db.Query(ctx, text, args...) // want unscoped
}

func (s *Store) Stringed(ctx context.Context) (pgx.Rows, error) {
	return s.db.Query(ctx, model.Sites.SelectFrom().String()) // want unscoped
}

func (s *Store) Naive(ctx context.Context, sc *scope.Scope) (pgx.Rows, error) {
	org, err := sc.OrganizationID()
	if err != nil {
		return nil, err
	}
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("*").From("jobs").Where("done OR due_at < now()", sb.Equal("organization_id", org))
	text, args := sb.Build()
	return s.db.Query(ctx, text, args...) // want unscoped
}

// One branch forgot.
func (s *Store) Branch(ctx context.Context, sc *scope.Scope, all bool) (pgx.Rows, error) {
	var b sqlbuilder.Builder = model.Jobs.SelectFrom()
	if !all {
		b = query.ForOrg(b, sc)
	}
	text, args := b.Build()
	return s.db.Query(ctx, text, args...) // want unscoped
}

// Scoped once, but the plain builder is what runs.
func (s *Store) WrongOne(ctx context.Context, sc *scope.Scope) (pgx.Rows, error) {
	sb := model.Jobs.SelectFrom()
	if err := query.ForOrg(sb, sc).Err(); err != nil {
		return nil, err
	}
	text, args := sb.Build()
	return s.db.Query(ctx, text, args...) // want unscoped
}

func (s *Store) Reassigned(ctx context.Context, sc *scope.Scope) error {
	del := model.Jobs.DeleteFrom()
	text, args, err := query.ForOrg(del, sc).SQL()
	if err != nil {
		return err
	}
	if len(args) > 0 {
		text, args = del.Build()
	}
	_, err = s.db.Exec(ctx, text, args...) // want unscoped
	return err
}

func (s *Store) Std(ctx context.Context, id uuid.UUID) error {
	_, err := s.sqldb.ExecContext(ctx, "DELETE FROM sites WHERE id = $1", id) // want unscoped
	return err
}

func (s *Store) StdRow(id uuid.UUID) (name string, err error) {
	err = s.sqldb.QueryRow("SELECT name FROM sites WHERE id = $1", id).Scan(&name) // want unscoped
	return name, err
}

func (s *Store) StdPrepare(ctx context.Context) (*sql.Stmt, error) {
	return s.sqldb.PrepareContext(ctx, "UPDATE jobs SET done = true WHERE id = $1") // want unscoped
}

func (s *Store) PgxPrepare(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Prepare(ctx, "close_job", "UPDATE jobs SET done = true WHERE id = $1") // want unscoped
	return err
}

func (s *Store) Helper(ctx context.Context, id uuid.UUID) error {
	return s.h.Run(ctx, "DELETE FROM jobs WHERE id = $1", id) // want unscoped
}

func (s *Store) CrossConst(ctx context.Context) (int64, error) {
	return dbx.Count(ctx, s.db, dbx.CountJobsSQL) // want unscoped
}

func (s *Store) Generic(ctx context.Context) ([]model.Job, error) {
	return dbx.Collect[model.Job](ctx, s.db, "SELECT * FROM jobs") // want unscoped
}

// run is how this package talks to the database.
func (s *Store) run(ctx context.Context, text string, args ...any) error {
	_, err := s.db.Exec(ctx, text, args...)
	return err
}

func (s *Store) Wrapped(ctx context.Context, id uuid.UUID) error {
	return s.run(ctx, "UPDATE sites SET name = '' WHERE id = $1", id) // want unscoped
}

func (s *Store) WrappedShared(ctx context.Context) error {
	return s.run(ctx, "UPDATE countries SET seen = true") // ok
}

func (s *Store) Closure(ctx context.Context, id uuid.UUID) error {
	do := func(text string) error {
		_, err := s.db.Exec(ctx, text, id) // may unscoped
		return err
	}
	return do("DELETE FROM visits WHERE job_id = $1") // want unscoped
}

func (s *Store) Remember(id uuid.UUID) {
	s.last = "DELETE FROM jobs WHERE id = '" + "x" + "'"
}

func (s *Store) Replay(ctx context.Context) error {
	_, err := s.db.Exec(ctx, s.last) // want unscoped|unproven
	return err
}

func (s *Store) Tx(ctx context.Context, id uuid.UUID) error {
	return s.h.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE jobs SET done = true WHERE id = $1", id) // want unscoped
		return err
	})
}

func (s *Store) Quoted(ctx context.Context) (pgx.Rows, error) {
	return s.db.Query(ctx, `SELECT "id" FROM public."jobs"`) // want unscoped
}

func (s *Store) Upper(ctx context.Context) (pgx.Rows, error) {
	return s.db.Query(ctx, `SELECT ID FROM JOBS AS J`) // want unscoped
}

func (s *Store) SchemaQualified(ctx context.Context) (pgx.Rows, error) {
	return s.db.Query(ctx, "SELECT sum(cents) FROM billing.totals") // want unscoped
}

func (s *Store) OwnedNoModel(ctx context.Context, q string) (pgx.Rows, error) {
	return s.db.Query(ctx, "SELECT job_id FROM job_search WHERE tsv @@ plainto_tsquery($1)", q) // want unscoped
}

func (s *Store) OtherColumn(ctx context.Context, orgID uuid.UUID) (pgx.Rows, error) {
	return s.db.Query(ctx, "SELECT id FROM visits WHERE org = $1", orgID) // want unscoped
}

func (s *Store) Loop(ctx context.Context) error {
	for _, table := range []string{"countries", "jobs"} {
		if _, err := s.db.Exec(ctx, "UPDATE "+table+" SET checked = now()"); err != nil { // want unscoped
			return err
		}
	}
	return nil
}

func (s *Store) Switch(ctx context.Context, kind string) (pgx.Rows, error) {
	text := "SELECT id FROM users"
	switch kind {
	case "site":
		text = "SELECT id FROM sites"
	case "country":
		text = "SELECT code FROM countries"
	}
	return s.db.Query(ctx, text) // want unscoped
}

func (s *Store) Sprintf(ctx context.Context, table string) (pgx.Rows, error) {
	return s.db.Query(ctx, fmt.Sprintf("SELECT id FROM %s WHERE done", table)) // open
}

func (s *Store) SprintfKnown(ctx context.Context, n int) (pgx.Rows, error) {
	return s.db.Query(ctx, fmt.Sprintf("SELECT id FROM jobs LIMIT %d", n)) // want unscoped|unproven
}

func (s *Store) Builder(ctx context.Context, ids []string) (pgx.Rows, error) {
	var b strings.Builder
	b.WriteString("SELECT id FROM jobs WHERE id IN (")
	b.WriteString(strings.Join(ids, ","))
	b.WriteString(")")
	return s.db.Query(ctx, b.String()) // want unscoped|unproven
}

func (s *Store) Insert(ctx context.Context, name string) error {
	_, err := s.db.Exec(ctx, "INSERT INTO sites (id, name) VALUES ($1, $2)", uuid.New(), name) // want unscoped|insert
	return err
}

func (s *Store) InsertBuilt(ctx context.Context, site model.Site) error {
	text, args := model.Sites.InsertInto(site).Build()
	_, err := s.db.Exec(ctx, text, args...) // want unscoped|insert
	return err
}

func (s *Store) Copy(ctx context.Context, rows [][]any) (int64, error) {
	return s.db.CopyFrom(ctx, pgx.Identifier{"jobs"}, []string{"id", "organization_id", "title"}, pgx.CopyFromRows(rows)) // want unscoped|insert
}

func (s *Store) CopyForgot(ctx context.Context, tx pgx.Tx, rows [][]any) (int64, error) {
	return tx.CopyFrom(ctx, pgx.Identifier{"public", "sites"}, []string{"id", "name"}, pgx.CopyFromRows(rows)) // want unscoped|insert
}

func (s *Store) CopyShared(ctx context.Context, rows [][]any) (int64, error) {
	return s.db.CopyFrom(ctx, pgx.Identifier{"countries"}, []string{"code"}, pgx.CopyFromRows(rows)) // ok
}

func (s *Store) Queue(ctx context.Context, ids []uuid.UUID) error {
	b := &pgx.Batch{}
	for _, id := range ids {
		b.Queue("DELETE FROM jobs WHERE id = $1", id) // want unscoped
	}
	return s.db.SendBatch(ctx, b).Close()
}

func (s *Store) Raw(ctx context.Context) error {
	conn, err := s.db.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return conn.Conn().PgConn().Exec(ctx, "DELETE FROM jobs WHERE done").Close() // want unscoped
}

func (s *Store) Params(ctx context.Context, pg *pgconn.PgConn, id string) *pgconn.ResultReader {
	return pg.ExecParams(ctx, "SELECT title FROM jobs WHERE id = $1", [][]byte{[]byte(id)}, nil, nil, nil) // want unscoped
}

func (s *Store) BeginWith(ctx context.Context) (pgx.Tx, error) {
	return s.db.BeginTx(ctx, pgx.TxOptions{BeginQuery: "BEGIN; UPDATE jobs SET done = true"}) // want unscoped
}

func (s *Store) Interface(ctx context.Context, db dbx.DBTX) error {
	_, err := db.Exec(ctx, "DELETE FROM technicians") // open
	return err
}

func (s *Store) InterfaceJobs(ctx context.Context, db dbx.DBTX) error {
	_, err := db.Exec(ctx, "DELETE FROM jobs WHERE title = $1", "x") // want unscoped
	return err
}

type mini interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func countJobs(ctx context.Context, db mini) (n int, err error) {
	err = db.QueryRow(ctx, "SELECT count(*) FROM jobs").Scan(&n) // want unscoped
	return n, err
}

var _ = countJobs

func (s *Store) Explain(ctx context.Context) (pgx.Rows, error) {
	return s.db.Query(ctx, "EXPLAIN ANALYZE DELETE FROM jobs") // want unscoped
}

func (s *Store) Subselect(ctx context.Context) (pgx.Rows, error) {
	return s.db.Query(ctx, "SELECT name FROM users u WHERE EXISTS (SELECT 1 FROM jobs j WHERE j.title = u.name)") // want unscoped
}

func (s *Store) ShadowElsewhere(ctx context.Context) (pgx.Rows, error) {
	return s.db.Query(ctx, "SELECT * FROM (WITH jobs AS (SELECT 1) SELECT * FROM jobs) x, jobs") // want unscoped
}

func (s *Store) DeleteInCTE(ctx context.Context) (pgx.Rows, error) {
	return s.db.Query(ctx, "WITH gone AS (DELETE FROM jobs RETURNING id) SELECT count(*) FROM gone") // want unscoped
}

func (s *Store) Interpolated(ctx context.Context, id uuid.UUID) (pgx.Rows, error) {
	text, err := sqlbuilder.PostgreSQL.Interpolate("SELECT * FROM jobs WHERE id = ?", []any{id.String()})
	if err != nil {
		return nil, err
	}
	return s.db.Query(ctx, text) // want unscoped|unproven
}

func (s *Store) Deferred(ctx context.Context) {
	defer s.db.Exec(ctx, "UPDATE sites SET touched = now()") // want unscoped
}

func (s *Store) Goroutine(ctx context.Context) {
	go func() {
		_, _ = s.db.Exec(ctx, "UPDATE sites SET touched = now()") // want unscoped
	}()
}

func (s *Store) MethodValue(ctx context.Context) error {
	exec := s.db.Exec
	_, err := exec(ctx, "DELETE FROM sites") // want unscoped
	return err
}
