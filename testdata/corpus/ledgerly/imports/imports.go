// Package imports loads and batches.
package imports

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Row struct {
	ID   uuid.UUID
	Name string
}

// Sender is met by pools and transactions.
type Sender interface {
	SendBatch(context.Context, *pgx.Batch) pgx.BatchResults
}

func Copy(ctx context.Context, db *pgxpool.Pool, org uuid.UUID, rows []Row) (int64, error) {
	return db.CopyFrom(ctx, pgx.Identifier{"leads"}, []string{"id", "organization_id", "name"}, // ok
		pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
			return []any{rows[i].ID, org, rows[i].Name}, nil
		}))
}

func CopyLedger(ctx context.Context, tx pgx.Tx, org uuid.UUID, cents []int64) (int64, error) {
	var values [][]any
	for _, c := range cents {
		values = append(values, []any{org, "bank", c})
	}
	return tx.CopyFrom(ctx, pgx.Identifier{"ledger", "entries"}, []string{"organization_id", "account", "cents"}, pgx.CopyFromRows(values)) // ok
}

var currencyColumns = []string{"code", "name"}

func CopyShared(ctx context.Context, db *pgxpool.Pool, src pgx.CopyFromSource) (int64, error) {
	return db.CopyFrom(ctx, pgx.Identifier{"currencies"}, currencyColumns, src) // ok
}

func CopyForgot(ctx context.Context, db *pgxpool.Pool, rows [][]any) (int64, error) {
	return db.CopyFrom(ctx, pgx.Identifier{"leads"}, []string{"id", "name"}, pgx.CopyFromRows(rows)) // want insert
}

var leadColumns = []string{"id", "name"}

func CopyForgotVar(ctx context.Context, tx pgx.Tx, rows [][]any) (int64, error) {
	table := pgx.Identifier{"public", "leads"}
	return tx.CopyFrom(ctx, table, leadColumns, pgx.CopyFromRows(rows)) // want insert|unproven
}

func CopyLedgerForgot(ctx context.Context, conn *pgx.Conn, rows [][]any) (int64, error) {
	return conn.CopyFrom(ctx, pgx.Identifier{"ledger", "entries"}, []string{"account", "cents"}, pgx.CopyFromRows(rows)) // want insert
}

func CopyAnywhere(ctx context.Context, conn *pgx.Conn, table string, columns []string, rows [][]any) (int64, error) {
	return conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows)) // open
}

func Batch(ctx context.Context, db Sender, org uuid.UUID, rows []Row) error {
	b := &pgx.Batch{}
	for _, r := range rows {
		b.Queue("UPDATE customers SET name = $1 WHERE id = $2 AND organization_id = $3", r.Name, r.ID, org) // ok
	}
	return db.SendBatch(ctx, b).Close()
}

func BatchInsert(ctx context.Context, db Sender, org uuid.UUID, rows []Row) error {
	b := &pgx.Batch{}
	for _, r := range rows {
		b.Queue("INSERT INTO leads (id, organization_id, name) VALUES ($1, $2, $3)", r.ID, org, r.Name) // ok
	}
	return db.SendBatch(ctx, b).Close()
}

func BatchForgot(ctx context.Context, db Sender, rows []Row) error {
	b := &pgx.Batch{}
	for _, r := range rows {
		b.Queue("UPDATE customers SET name = $1 WHERE id = $2", r.Name, r.ID) // want unscoped
	}
	return db.SendBatch(ctx, b).Close()
}

func BatchInsertForgot(ctx context.Context, db Sender, rows []Row) error {
	var b pgx.Batch
	for _, r := range rows {
		b.Queue("INSERT INTO leads (id, name) VALUES ($1, $2)", r.ID, r.Name).Exec(func(pgconn.CommandTag) error { return nil }) // want insert
	}
	return db.SendBatch(ctx, &b).Close()
}

const deleteLead = "DELETE FROM leads WHERE id = $1"

func queueAll(b *pgx.Batch, ids []uuid.UUID) {
	for _, id := range ids {
		b.Queue(deleteLead, id) // want unscoped
	}
}

func Drop(ctx context.Context, db Sender, ids []uuid.UUID) error {
	b := &pgx.Batch{}
	queueAll(b, ids)
	return db.SendBatch(ctx, b).Close()
}

func Prepare(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Prepare(ctx, "leads", "SELECT id FROM leads WHERE organization_id = $1") // ok
	return err
}

func PrepareForgot(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Prepare(ctx, "lead", "SELECT id FROM leads WHERE id = $1") // want unscoped
	return err
}

func AfterConnect(cfg *pgxpool.Config) {
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "SET statement_timeout = '5s'"); err != nil { // ok
			return err
		}
		_, err := conn.Prepare(ctx, "invoice", "SELECT id FROM invoices WHERE id = $1") // want unscoped
		return err
	}
}

func Low(ctx context.Context, pg *pgconn.PgConn, org []byte) error {
	return pg.ExecParams(ctx, "SELECT id FROM invoices WHERE organization_id = $1", [][]byte{org}, nil, nil, nil).Read().Err // ok
}

func LowForgot(ctx context.Context, pg *pgconn.PgConn) error {
	return pg.Exec(ctx, "UPDATE invoices SET status = 'late'").Close() // want unscoped
}

func LowPrepare(ctx context.Context, pg *pgconn.PgConn) error {
	_, err := pg.Prepare(ctx, "x", "DELETE FROM invoices WHERE id = $1", nil) // want unscoped
	return err
}

// Temporary tables are the session's own.
func Staging(ctx context.Context, tx pgx.Tx, org uuid.UUID, rows [][]any) error {
	if _, err := tx.Exec(ctx, "CREATE TEMPORARY TABLE staged_leads (id uuid, name text) ON COMMIT DROP"); err != nil { // ok
		return err
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"staged_leads"}, []string{"id", "name"}, pgx.CopyFromRows(rows)); err != nil { // ok
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO leads (id, organization_id, name) SELECT id, $1, name FROM staged_leads", org) // ok
	return err
}

func Begin(ctx context.Context, db *pgxpool.Pool) (pgx.Tx, error) {
	return db.BeginTx(ctx, pgx.TxOptions{BeginQuery: "BEGIN; DELETE FROM leads"}) // want unscoped|unproven
}
