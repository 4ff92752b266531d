// Package bulk moves many rows at once.
package bulk

import (
	"context"
	"database/sql"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/dbx"
	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Batcher is met by pools and transactions.
type Batcher interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

func Close(ctx context.Context, db Batcher, sc *scope.Scope, ids []uuid.UUID) error {
	var b pgx.Batch
	for _, id := range ids {
		text, args, err := query.ForOrg(query.Text("UPDATE jobs SET done = true WHERE id = $1", id), sc).SQL()
		if err != nil {
			return err
		}
		b.Queue(text, args...) // ok
	}
	return db.SendBatch(ctx, &b).Close()
}

func CloseMixed(ctx context.Context, db Batcher, sc *scope.Scope, id uuid.UUID) error {
	b := &pgx.Batch{}
	if _, err := query.Queue(b, query.ForOrg(model.Jobs.DeleteFrom(), sc)); err != nil {
		return err
	}
	b.Queue("UPDATE sites SET job_count = job_count - 1 WHERE id = $1", id) // want unscoped
	return db.SendBatch(ctx, b).Close()
}

func Seen(ctx context.Context, db Batcher, users []uuid.UUID) error {
	b := &pgx.Batch{}
	for _, u := range users {
		b.Queue("UPDATE users SET seen_at = now() WHERE id = $1", u) // ok
	}
	return db.SendBatch(ctx, b).Close()
}

func QueueRewriter(ctx context.Context, db Batcher, sc *scope.Scope) error {
	b := &pgx.Batch{}
	b.Queue("", query.ForOrg(model.Jobs.DeleteFrom(), sc)) // ok
	return db.SendBatch(ctx, b).Close()
}

func addAll(b *pgx.Batch, text string, ids []uuid.UUID) {
	for _, id := range ids {
		b.Queue(text, id) // may unscoped
	}
}

func Finish(ctx context.Context, db Batcher, ids []uuid.UUID) error {
	b := &pgx.Batch{}
	addAll(b, "UPDATE jobs SET done = true WHERE id = $1", ids) // want unscoped
	return db.SendBatch(ctx, b).Close()
}

func Import(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, src pgx.CopyFromSource) (int64, error) {
	return query.CopyForOrg(ctx, db, sc, "jobs", []string{"id", "site_id", "title"}, src) // ok
}

func ImportCountries(ctx context.Context, db *pgxpool.Pool, src pgx.CopyFromSource) (int64, error) {
	return db.CopyFrom(ctx, pgx.Identifier{"public", "countries"}, []string{"code", "name"}, src) // ok
}

func ImportRaw(ctx context.Context, db dbx.DBTX, src pgx.CopyFromSource) (int64, error) {
	return db.CopyFrom(ctx, pgx.Identifier{"sites"}, []string{"id", "organization_id", "name"}, src) // want unscoped|insert
}

func ImportAny(ctx context.Context, db *pgxpool.Pool, table string, columns []string, src pgx.CopyFromSource) (int64, error) {
	return db.CopyFrom(ctx, pgx.Identifier{table}, columns, src) // open
}

const copyJobs = "COPY jobs (id, title) FROM STDIN"

func CopyIn(ctx context.Context, pg *pgconn.PgConn) error {
	_, err := pg.CopyFrom(ctx, nil, copyJobs) // want unscoped|insert|unproven
	return err
}

func CopyOut(ctx context.Context, pg *pgconn.PgConn) error {
	_, err := pg.CopyTo(ctx, nil, "COPY jobs TO STDOUT") // want unscoped|unproven
	return err
}

func Prepared(ctx context.Context, conn *pgx.Conn, sc *scope.Scope) error {
	text, args, err := query.ForOrg(model.Jobs.SelectFrom(), sc).SQL()
	if err != nil {
		return err
	}
	if _, err := conn.Prepare(ctx, "jobs_of_org", text); err != nil { // ok
		return err
	}
	_, err = conn.Exec(ctx, "jobs_of_org", args...) // open
	return err
}

func PreparedRaw(ctx context.Context, tx pgx.Tx, id uuid.UUID) error {
	if _, err := tx.Prepare(ctx, "drop_job", "DELETE FROM jobs WHERE id = $1"); err != nil { // want unscoped
		return err
	}
	_, err := tx.Exec(ctx, "drop_job", id) // may unscoped|unproven
	return err
}

func PreparedStd(ctx context.Context, db *sql.DB) error {
	st, err := db.PrepareContext(ctx, "UPDATE users SET seen_at = now() WHERE id = $1") // ok
	if err != nil {
		return err
	}
	defer st.Close()
	_, err = st.ExecContext(ctx, uuid.New())
	return err
}

func StdScoped(ctx context.Context, db *sql.DB, sc *scope.Scope) (*sql.Rows, error) {
	text, args, err := query.ForOrg(model.Sites.SelectFrom(), sc).SQL()
	if err != nil {
		return nil, err
	}
	return db.QueryContext(ctx, text, args...) // ok
}

func StdTx(ctx context.Context, tx *sql.Tx, id uuid.UUID) error {
	_, err := tx.Exec("UPDATE sites SET name = $1 WHERE id = $2", "x", id) // want unscoped
	return err
}

func PgBatch(pg *pgconn.PgConn, id []byte) {
	b := &pgconn.Batch{}
	b.ExecParams("DELETE FROM jobs WHERE id = $1", [][]byte{id}, nil, nil, nil) // want unscoped
}

func Pipeline(ctx context.Context, pg *pgconn.PgConn, id []byte) error {
	p := pg.StartPipeline(ctx)
	p.SendQueryParams("UPDATE jobs SET done = true WHERE id = $1", [][]byte{id}, nil, nil, nil) // want unscoped
	return p.Close()
}

// RawConn takes the driver's connection out of database/sql.
func RawConn(ctx context.Context, conn *pgxpool.Conn) error {
	_, err := conn.Conn().Exec(ctx, "DELETE FROM visits WHERE minutes = 0") // want unscoped
	return err
}

func Hijacked(ctx context.Context, conn *pgxpool.Conn) error {
	c := conn.Hijack()
	defer c.Close(ctx)
	_, err := c.Exec(ctx, "TRUNCATE jobs") // want unscoped|unproven
	return err
}

func AcquireFunc(ctx context.Context, db *pgxpool.Pool) error {
	return db.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		_, err := c.Exec(ctx, "UPDATE jobs SET title = ''") // want unscoped
		return err
	})
}

func AcquireScoped(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) error {
	return db.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		_, err := query.Exec(ctx, c, query.ForOrg(query.Text("UPDATE jobs SET title = ''"), sc)) // ok
		return err
	})
}

func Named(ctx context.Context, db *pgxpool.Pool, id uuid.UUID) (pgx.Rows, error) {
	return db.Query(ctx, "SELECT * FROM jobs WHERE id = @id", pgx.NamedArgs{"id": id}) // want unscoped
}

func NamedShared(ctx context.Context, db *pgxpool.Pool, id uuid.UUID) (pgx.Rows, error) {
	return db.Query(ctx, "SELECT * FROM users WHERE id = @id", pgx.NamedArgs{"id": id}) // ok
}

func Isolation(ctx context.Context, db *pgxpool.Pool) (pgx.Tx, error) {
	return db.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable, BeginQuery: "BEGIN ISOLATION LEVEL SERIALIZABLE"}) // ok
}
