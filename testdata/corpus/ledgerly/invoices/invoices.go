// Package invoices is a service with layers.
package invoices

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/ledgerly/auth"
	"corpus.test/ledgerly/pg"
)

// Tenant is embedded by every row.
type Tenant struct {
	OrganizationID uuid.UUID `db:"organization_id"`
}

type Invoice struct {
	Tenant
	ID     uuid.UUID `db:"id"`
	Number string    `db:"number"`
	Cents  int64     `db:"cents"`
}

// Widget's table is in no migration.
type Widget struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

// Gadget's table is in no migration either.
type Gadget struct {
	Tenant
	ID uuid.UUID `db:"id"`
}

// Repository is what the service needs.
type Repository interface {
	Find(ctx context.Context, org, id uuid.UUID) (Invoice, error)
	FindAny(ctx context.Context, id uuid.UUID) (Invoice, error)
}

type repo struct {
	db pg.DBTX
}

// NewRepository returns a Repository over PostgreSQL.
func NewRepository(db pg.DBTX) Repository { return repo{db} }

func (r repo) Find(ctx context.Context, org, id uuid.UUID) (inv Invoice, err error) {
	row := r.db.QueryRow(ctx, "SELECT id, number FROM invoices WHERE organization_id = $1 AND id = $2", org, id) // ok
	err = row.Scan(&inv.ID, &inv.Number)
	return inv, err
}

func (r repo) FindAny(ctx context.Context, id uuid.UUID) (inv Invoice, err error) {
	row := r.db.QueryRow(ctx, "SELECT id, number FROM invoices WHERE id = $1", id) // want unscoped
	err = row.Scan(&inv.ID, &inv.Number)
	return inv, err
}

// Service calls repositories and the database.
type Service struct {
	repo Repository
	pool *pgxpool.Pool
	pg.DBTX
}

func (s *Service) Widgets(ctx context.Context, org uuid.UUID) ([]Widget, error) {
	return pg.All[Widget](ctx, s.pool, "SELECT id, organization_id FROM widgets WHERE organization_id = $1", org) // ok
}

func (s *Service) WidgetsAll(ctx context.Context) ([]Widget, error) {
	return pg.All[Widget](ctx, s.pool, "SELECT id, organization_id FROM widgets") // want unscoped
}

func (s *Service) GadgetsAll(ctx context.Context) ([]Gadget, error) {
	rows, err := s.pool.Query(ctx, "SELECT id, organization_id FROM gadgets") // want unscoped
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Gadget])
}

// The embedded interface's methods are the service's own.
func (s *Service) Embedded(ctx context.Context, id uuid.UUID) error {
	_, err := s.Exec(ctx, "UPDATE invoices SET status = 'sent' WHERE id = $1", id) // want unscoped
	return err
}

func (s *Service) EmbeddedScoped(ctx context.Context, id uuid.UUID) error {
	_, err := s.Exec(ctx, "UPDATE invoices SET status = 'sent' WHERE id = $1 AND organization_id = $2", id, auth.From(ctx).OrgID) // ok
	return err
}

func (s *Service) Send(ctx context.Context, id uuid.UUID) error {
	claims := auth.From(ctx)
	inv, err := s.repo.Find(ctx, claims.OrgID, id)
	if err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, "UPDATE invoices SET status = 'sent' WHERE id = $1 AND organization_id = $2", inv.ID, claims.OrgID) // ok
	return err
}

// The row was read under its organization; the write forgets it.
func (s *Service) SendForgot(ctx context.Context, id uuid.UUID) error {
	inv, err := s.repo.Find(ctx, auth.From(ctx).OrgID, id)
	if err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, "UPDATE invoices SET status = 'sent' WHERE id = $1", inv.ID) // want unscoped
	return err
}

// The check comes after the read.
func (s *Service) CheckAfter(ctx context.Context, id uuid.UUID) (inv Invoice, err error) {
	inv, err = pg.One[Invoice](ctx, s.pool, "SELECT organization_id, id, number, cents FROM invoices WHERE id = $1", id) // want unscoped
	if err == nil && inv.OrganizationID != auth.From(ctx).OrgID {
		return Invoice{}, pg.ErrNotFound
	}
	return inv, err
}

// withRetry runs f until it does not conflict.
func withRetry(ctx context.Context, pool *pgxpool.Pool, f func(ctx context.Context, tx pgx.Tx) error) error {
	for range 3 {
		err := pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.Serializable}, func(tx pgx.Tx) error { return f(ctx, tx) })
		var pgErr *pgconn.PgError
		if !errors.As(err, &pgErr) || pgErr.Code != "40001" {
			return err
		}
	}
	return errors.New("too many conflicts")
}

func (s *Service) Void(ctx context.Context, org, id uuid.UUID) error {
	return withRetry(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM invoice_lines WHERE invoice_id = $1 AND organization_id = $2", id, org); err != nil { // ok
			return err
		}
		_, err := tx.Exec(ctx, "DELETE FROM invoices WHERE id = $1 AND organization_id = $2", id, org) // ok
		return err
	})
}

func (s *Service) VoidForgot(ctx context.Context, org, id uuid.UUID) error {
	return withRetry(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM invoice_lines WHERE invoice_id = $1", id); err != nil { // want unscoped
			return err
		}
		_, err := tx.Exec(ctx, "DELETE FROM invoices WHERE id = $1 AND organization_id = $2", id, org)
		return err
	})
}

// stmt pairs text and arguments.
type stmt struct {
	text string
	args []any
}

func (s *Service) runAll(ctx context.Context, stmts ...stmt) error {
	for _, st := range stmts {
		if _, err := s.pool.Exec(ctx, st.text, st.args...); err != nil { // may unscoped|unproven
			return err
		}
	}
	return nil
}

// Finish and FinishForgot share a helper that takes statements in structs. Where
// a finding belongs is the helper's line or the literal's.
func (s *Service) FinishForgot(ctx context.Context, id uuid.UUID) error { // open
	return s.runAll(ctx, stmt{"UPDATE invoices SET status = 'done' WHERE id = $1", []any{id}})
}

// query is a method expression's worth of indirection.
type query struct {
	run func(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func (s *Service) Indirect(ctx context.Context, id uuid.UUID) (pgx.Rows, error) {
	q := query{run: s.pool.Query}
	return q.run(ctx, "SELECT number FROM invoices WHERE id = $1", id) // open
}

// Generic over what runs statements.
type runner interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func archive[R runner](ctx context.Context, r R, org uuid.UUID) error {
	_, err := r.Exec(ctx, "UPDATE customers SET archived = true WHERE organization_id = $1", org) // ok
	return err
}

func archiveForgot[R runner](ctx context.Context, r R) error {
	_, err := r.Exec(ctx, "UPDATE customers SET archived = true") // want unscoped
	return err
}

func (s *Service) Archive(ctx context.Context, org uuid.UUID) error {
	if err := archive(ctx, s.pool, org); err != nil {
		return err
	}
	return archiveForgot(ctx, s.pool)
}

// Mock has the shape of a database and is none; its own text is nobody's.
type Mock struct{ calls []string }

func (m *Mock) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	m.calls = append(m.calls, sql)
	return pgconn.CommandTag{}, nil
}

// Note is no SQL although its method is called Query.
type index struct{}

func (index) Query(term string) []string { return []string{term} }

func (s *Service) Lookup(ix index) []string {
	return ix.Query("delete from the invoices") // ok
}

// Text that looks like SQL and goes to nobody.
func (s *Service) Help() string {
	return "try SELECT id FROM invoices WHERE id = 1" // ok
}
