// Package stdrepo uses database/sql.
package stdrepo

import (
	"context"
	"database/sql"
	"fmt"
)

type Invoice struct {
	ID             string
	OrganizationID string
	Number         string
}

type Repo struct {
	db   *sql.DB
	stmt *sql.Stmt
}

// execer is met by *sql.DB and *sql.Tx.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

const selectInvoice = `SELECT id, number FROM invoices`

func (r *Repo) List(ctx context.Context, orgID string) (*sql.Rows, error) {
	return r.db.QueryContext(ctx, selectInvoice+" WHERE organization_id = $1", orgID) // ok
}

func (r *Repo) Get(ctx context.Context, orgID, id string) (inv Invoice, err error) {
	row := r.db.QueryRowContext(ctx, selectInvoice+` WHERE organization_id = $1 AND id = $2`, orgID, id) // ok
	err = row.Scan(&inv.ID, &inv.Number)
	return inv, err
}

func (r *Repo) Create(ctx context.Context, x execer, orgID string, inv Invoice) error {
	_, err := x.ExecContext(ctx, `INSERT INTO invoices (id, customer_id, organization_id, number) VALUES ($1, $1, $2, $3)`, inv.ID, orgID, inv.Number) // ok
	return err
}

func (r *Repo) WithTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := r.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return fmt.Errorf("%w, rollback: %v", err, tx.Rollback())
	}
	return tx.Commit()
}

func (r *Repo) Pay(ctx context.Context, orgID, id string) error {
	return r.WithTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE invoices SET status = 'paid' WHERE id = $1 AND organization_id = $2", id, orgID) // ok
		return err
	})
}

func (r *Repo) Prepare() (err error) {
	r.stmt, err = r.db.Prepare("SELECT number FROM invoices WHERE organization_id = $1 AND id = $2") // ok
	return err
}

func (r *Repo) Number(orgID, id string) (n string, err error) {
	err = r.stmt.QueryRow(orgID, id).Scan(&n)
	return n, err
}

func (r *Repo) NamedArg(ctx context.Context, orgID string) (*sql.Rows, error) {
	return r.db.QueryContext(ctx, selectInvoice+" WHERE organization_id = @org", sql.Named("org", orgID)) // open
}

func (r *Repo) Users(ctx context.Context) (*sql.Rows, error) {
	return r.db.QueryContext(ctx, "SELECT id, name FROM users ORDER BY name") // ok
}

func (r *Repo) Ping() error {
	_, err := r.db.Exec("SELECT 1") // ok
	return err
}

func (r *Repo) Migrate(ctx context.Context) error {
	_, err := r.db.ExecContext(ctx, "ALTER TABLE invoices ADD COLUMN IF NOT EXISTS note text") // ok
	return err
}

func (r *Repo) All(ctx context.Context) (*sql.Rows, error) {
	return r.db.QueryContext(ctx, selectInvoice) // want unscoped
}

func (r *Repo) ByID(ctx context.Context, id string) (inv Invoice, err error) {
	err = r.db.QueryRowContext(ctx, selectInvoice+" WHERE id = $1", id).Scan(&inv.ID, &inv.Number) // want unscoped
	return inv, err
}

func (r *Repo) Legacy(id string) error {
	_, err := r.db.Exec("DELETE FROM invoices WHERE id = $1", id) // want unscoped
	return err
}

func (r *Repo) LegacyQuery(id string) (*sql.Rows, error) {
	return r.db.Query("SELECT text FROM invoice_lines WHERE invoice_id = $1", id) // want unscoped
}

func (r *Repo) PrepareForgot() (*sql.Stmt, error) {
	return r.db.Prepare("SELECT number FROM invoices WHERE id = $1") // want unscoped
}

func (r *Repo) PayForgot(ctx context.Context, id string) error {
	return r.WithTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE invoices SET status = 'paid' WHERE id = $1", id) // want unscoped
		return err
	})
}

func (r *Repo) CreateForgot(ctx context.Context, x execer, inv Invoice) error {
	_, err := x.ExecContext(ctx, `INSERT INTO invoices (id, customer_id, number) VALUES ($1, $1, $2)`, inv.ID, inv.Number) // want insert
	return err
}

func (r *Repo) Conn(ctx context.Context, id string) error {
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ExecContext(ctx, "DELETE FROM contacts WHERE id = $1", id) // want unscoped
	return err
}

func (r *Repo) Move(ctx context.Context, x execer, inv Invoice, orgID string) error {
	_, err := x.ExecContext(ctx, "UPDATE invoices SET number = $1, organization_id = $2 WHERE id = $3 AND organization_id = $4", inv.Number, inv.OrganizationID, inv.ID, orgID) // want moved
	return err
}

// Store is an interface that hides the repository.
type Store interface {
	ByID(ctx context.Context, id string) (Invoice, error)
}

var _ Store = (*Repo)(nil)

// Exec is a function that somebody passes in.
type Exec func(ctx context.Context, query string, args ...any) (sql.Result, error)

func Purge(ctx context.Context, exec Exec) error {
	_, err := exec(ctx, "DELETE FROM invoices WHERE status = 'void'") // open
	return err
}

func (r *Repo) PurgeAll(ctx context.Context) error {
	return Purge(ctx, r.db.ExecContext) // open
}

type logged struct{ *sql.DB }

func (l logged) Void(ctx context.Context) error {
	_, err := l.ExecContext(ctx, "DELETE FROM invoices WHERE status = 'void'") // want unscoped
	return err
}

func (l logged) VoidOf(ctx context.Context, orgID string) error {
	_, err := l.ExecContext(ctx, "DELETE FROM invoices WHERE status = 'void' AND organization_id = $1", orgID) // ok
	return err
}

var _ = logged.Void
var _ = logged.VoidOf
