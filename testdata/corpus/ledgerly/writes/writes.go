// Package writes changes rows.
package writes

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/ledgerly/auth"
	"corpus.test/ledgerly/pg"
)

type Repo struct {
	db   pg.DBTX
	pool *pgxpool.Pool
}

type Customer struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Number         string    `db:"number"`
	Name           string    `db:"name"`
}

// ---- updates and deletes

func (r *Repo) Rename(ctx context.Context, org, id uuid.UUID, name string) error {
	return pg.Exec(ctx, r.db, "UPDATE customers SET name = $3 WHERE id = $2 AND organization_id = $1", org, id, name) // ok
}

func (r *Repo) Delete(ctx context.Context, org, id uuid.UUID) error {
	return pg.Exec(ctx, r.db, "DELETE FROM customers WHERE organization_id = $1 AND id = $2", org, id) // ok
}

func (r *Repo) UpdateFrom(ctx context.Context, org uuid.UUID) error {
	const q = `UPDATE invoices i SET status = 'late' FROM customers c
		WHERE c.id = i.customer_id AND c.organization_id = i.organization_id AND i.organization_id = $1`
	_, err := r.db.Exec(ctx, q, org) // ok
	return err
}

func (r *Repo) DeleteUsing(ctx context.Context, org uuid.UUID) error {
	const q = `DELETE FROM invoice_lines l USING invoices i WHERE i.id = l.invoice_id AND i.organization_id = $1 AND l.organization_id = $1`
	_, err := r.db.Exec(ctx, q, org) // ok
	return err
}

func (r *Repo) Returning(ctx context.Context, org, id uuid.UUID) (number string, err error) {
	err = r.db.QueryRow(ctx, "UPDATE invoices SET paid_at = now() WHERE id = $1 AND organization_id = $2 RETURNING number", id, org).Scan(&number) // ok
	return number, err
}

// Claim skips what others hold.
func (r *Repo) Claim(ctx context.Context, org uuid.UUID) error {
	const q = `UPDATE invoices SET status = 'sending' WHERE organization_id = $1 AND id = (
		SELECT id FROM invoices WHERE organization_id = $1 AND status = 'draft' ORDER BY number FOR UPDATE SKIP LOCKED LIMIT 1)`
	_, err := r.db.Exec(ctx, q, org) // ok
	return err
}

func (r *Repo) Pay(ctx context.Context, org, id uuid.UUID) error {
	return pg.Tx(ctx, r.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE invoices SET status = 'paid' WHERE id = $1 AND organization_id = $2", id, org); err != nil { // ok
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO ledger.entries (organization_id, account, cents) VALUES ($1, $2, $3)", org, "bank", 100) // ok
		return err
	})
}

func (r *Repo) RenameAny(ctx context.Context, id uuid.UUID, name string) error {
	return pg.Exec(ctx, r.db, "UPDATE customers SET name = $2 WHERE id = $1", id, name) // want unscoped
}

func (r *Repo) DeleteAny(ctx context.Context, id uuid.UUID) error {
	return pg.Exec(ctx, r.db, "DELETE FROM customers WHERE id = $1", id) // want unscoped
}

func (r *Repo) DeleteAll(ctx context.Context) error {
	_, err := r.db.Exec(ctx, "DELETE FROM invoice_lines") // want unscoped
	return err
}

func (r *Repo) DeleteOr(ctx context.Context, org uuid.UUID) error {
	_, err := r.db.Exec(ctx, "DELETE FROM invoices WHERE status = 'draft' OR cents = 0 AND organization_id = $1", org) // want unscoped
	return err
}

func (r *Repo) UpdateFromSource(ctx context.Context, org uuid.UUID) error {
	const q = `UPDATE invoices i SET external_id = c.number FROM customers c WHERE c.id = i.customer_id AND i.organization_id = $1`
	_, err := r.db.Exec(ctx, q, org) // want unscoped
	return err
}

func (r *Repo) UpdateFromTarget(ctx context.Context, org uuid.UUID) error {
	const q = `UPDATE invoices i SET status = 'late' FROM customers c WHERE c.id = i.customer_id AND c.organization_id = $1`
	_, err := r.db.Exec(ctx, q, org) // want unscoped
	return err
}

func (r *Repo) DeleteUsingTarget(ctx context.Context, org uuid.UUID) error {
	const q = `DELETE FROM invoice_lines l USING invoices i WHERE i.id = l.invoice_id AND i.organization_id = $1`
	_, err := r.db.Exec(ctx, q, org) // want unscoped
	return err
}

func (r *Repo) SetFromSubquery(ctx context.Context, org, id uuid.UUID) error {
	const q = `UPDATE customers SET name = (SELECT name FROM contacts LIMIT 1) WHERE id = $1 AND organization_id = $2`
	return pg.Exec(ctx, r.db, q, id, org) // want unscoped
}

func (r *Repo) ReturningAny(ctx context.Context, id uuid.UUID) (number string, err error) {
	err = r.db.QueryRow(ctx, "UPDATE invoices SET paid_at = now() WHERE id = $1 RETURNING number", id).Scan(&number) // want unscoped
	return number, err
}

func (r *Repo) ClaimAny(ctx context.Context, org uuid.UUID) error {
	const q = `UPDATE invoices SET status = 'sending' WHERE id = (SELECT id FROM invoices WHERE status = 'draft' AND organization_id = $1 FOR UPDATE SKIP LOCKED LIMIT 1)`
	_, err := r.db.Exec(ctx, q, org) // want unscoped
	return err
}

func (r *Repo) Truncate(ctx context.Context) error {
	_, err := r.db.Exec(ctx, "TRUNCATE invoices CASCADE") // want unscoped|unproven
	return err
}

func (r *Repo) TwoStatements(ctx context.Context) error {
	_, err := r.db.Exec(ctx, "UPDATE currencies SET name = ''; DELETE FROM invoices") // want unscoped|unproven
	return err
}

// ---- inserts

func (r *Repo) Create(ctx context.Context, org uuid.UUID, number, name string) error {
	_, err := r.db.Exec(ctx, "INSERT INTO customers (id, organization_id, number, name) VALUES ($1, $2, $3, $4)", uuid.New(), org, number, name) // ok
	return err
}

func (r *Repo) CreateClaims(ctx context.Context, name string) error {
	c := auth.From(ctx)
	_, err := r.db.Exec(ctx, "INSERT INTO customers (id, organization_id, number, name) VALUES ($1, $2, '', $3)", uuid.New(), c.OrgID, name) // ok
	return err
}

func (r *Repo) CreateMany(ctx context.Context, org uuid.UUID, ids []uuid.UUID, names []string) error {
	const q = `INSERT INTO contacts (id, organization_id, customer_id, name) SELECT x.id, $1, x.id, x.name FROM unnest($2::uuid[], $3::text[]) AS x (id, name)`
	_, err := r.db.Exec(ctx, q, org, ids, names) // ok
	return err
}

func (r *Repo) Duplicate(ctx context.Context, org, id uuid.UUID) error {
	const q = `INSERT INTO invoice_lines (id, organization_id, invoice_id, text, cents)
		SELECT gen_random_uuid(), organization_id, invoice_id, text, cents FROM invoice_lines WHERE organization_id = $1 AND invoice_id = $2`
	_, err := r.db.Exec(ctx, q, org, id) // ok
	return err
}

func (r *Repo) CreateCurrency(ctx context.Context, code string) error {
	_, err := r.db.Exec(ctx, "INSERT INTO currencies (code, name) VALUES ($1, $1) ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name", code) // ok
	return err
}

func (r *Repo) Comment(ctx context.Context, invoice uuid.UUID, body string) error {
	_, err := r.db.Exec(ctx, "INSERT INTO comments (id, invoice_id, body) VALUES ($1, $2, $3)", uuid.New(), invoice, body) // ok
	return err
}

func (r *Repo) CreateForgot(ctx context.Context, number, name string) error {
	_, err := r.db.Exec(ctx, "INSERT INTO customers (id, number, name) VALUES ($1, $2, $3)", uuid.New(), number, name) // want insert
	return err
}

func (r *Repo) CreateDefault(ctx context.Context, name string) error {
	_, err := r.db.Exec(ctx, "INSERT INTO leads (id, organization_id, name) VALUES ($1, DEFAULT, $2)", uuid.New(), name) // want insert
	return err
}

func (r *Repo) CreateLiteral(ctx context.Context, name string) error {
	const q = `INSERT INTO leads (id, organization_id, name) VALUES ($1, '00000000-0000-0000-0000-000000000001', $2)`
	_, err := r.db.Exec(ctx, q, uuid.New(), name) // want insert
	return err
}

func (r *Repo) CreateNoColumns(ctx context.Context, org uuid.UUID) error {
	_, err := r.db.Exec(ctx, "INSERT INTO leads VALUES ($1, $2, 'x')", uuid.New(), org) // open
	return err
}

// The organization of whatever row the id names.
func (r *Repo) CreateFromParent(ctx context.Context, customer uuid.UUID) error {
	const q = `INSERT INTO contacts (id, organization_id, customer_id) SELECT gen_random_uuid(), organization_id, id FROM customers WHERE id = $1`
	_, err := r.db.Exec(ctx, q, customer) // want unscoped|insert
	return err
}

func (r *Repo) CopyForeign(ctx context.Context, org, id uuid.UUID) error {
	const q = `INSERT INTO invoice_lines (id, organization_id, invoice_id, text, cents) SELECT gen_random_uuid(), $1, invoice_id, text, cents FROM invoice_lines WHERE invoice_id = $2`
	_, err := r.db.Exec(ctx, q, org, id) // want unscoped
	return err
}

func (r *Repo) InsertSelectForgot(ctx context.Context, org uuid.UUID) error {
	const q = `INSERT INTO leads (id, name) SELECT id, name FROM customers WHERE organization_id = $1`
	_, err := r.db.Exec(ctx, q, org) // want insert
	return err
}

func (r *Repo) InsertInCTE(ctx context.Context, name string) error {
	const q = `WITH new AS (INSERT INTO leads (id, name) VALUES (gen_random_uuid(), $1) RETURNING id) SELECT id FROM new`
	_, err := r.db.Exec(ctx, q, name) // want insert
	return err
}

// ---- conflicts

func (r *Repo) Upsert(ctx context.Context, org uuid.UUID, number, name string) error {
	const q = `INSERT INTO customers (id, organization_id, number, name) VALUES (gen_random_uuid(), $1, $2, $3)
		ON CONFLICT (organization_id, number) DO UPDATE SET name = EXCLUDED.name`
	_, err := r.db.Exec(ctx, q, org, number, name) // ok
	return err
}

func (r *Repo) UpsertGuarded(ctx context.Context, org uuid.UUID, ext string) error {
	const q = `INSERT INTO invoices (id, organization_id, customer_id, number, external_id) VALUES (gen_random_uuid(), $1, gen_random_uuid(), $2, $2)
		ON CONFLICT (external_id) DO UPDATE SET number = EXCLUDED.number WHERE invoices.organization_id = EXCLUDED.organization_id`
	_, err := r.db.Exec(ctx, q, org, ext) // ok
	return err
}

func (r *Repo) UpsertGuardedByParameter(ctx context.Context, org uuid.UUID, ext string) error {
	const q = `INSERT INTO invoices AS v (id, organization_id, customer_id, number, external_id) VALUES (gen_random_uuid(), $1, gen_random_uuid(), $2, $2)
		ON CONFLICT (external_id) DO UPDATE SET number = EXCLUDED.number WHERE v.organization_id = $1`
	_, err := r.db.Exec(ctx, q, org, ext) // ok
	return err
}

func (r *Repo) Ignore(ctx context.Context, org uuid.UUID, number string) error {
	const q = `INSERT INTO customers (id, organization_id, number, name) VALUES (gen_random_uuid(), $1, $2, '') ON CONFLICT DO NOTHING`
	_, err := r.db.Exec(ctx, q, org, number) // ok
	return err
}

func (r *Repo) UpsertByNumber(ctx context.Context, org uuid.UUID, number string) error {
	const q = `INSERT INTO invoices (id, organization_id, customer_id, number) VALUES (gen_random_uuid(), $1, gen_random_uuid(), $2)
		ON CONFLICT (number) DO UPDATE SET status = 'draft'`
	_, err := r.db.Exec(ctx, q, org, number) // want conflict-key
	return err
}

func (r *Repo) UpsertByID(ctx context.Context, org, id uuid.UUID, name string) (found uuid.UUID, err error) {
	const q = `INSERT INTO customers (id, organization_id, number, name) VALUES ($1, $2, '', $3)
		ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name RETURNING organization_id`
	err = r.db.QueryRow(ctx, q, id, org, name).Scan(&found) // want conflict-key
	return found, err
}

func (r *Repo) UpsertByConstraint(ctx context.Context, org uuid.UUID, ext string) error {
	const q = `INSERT INTO invoices (id, organization_id, customer_id, number, external_id) VALUES (gen_random_uuid(), $1, gen_random_uuid(), $2, $2)
		ON CONFLICT ON CONSTRAINT invoices_external_id_key DO UPDATE SET cents = 0`
	_, err := r.db.Exec(ctx, q, org, ext) // want conflict-key
	return err
}

func (r *Repo) UpsertBadGuard(ctx context.Context, org uuid.UUID, ext string) error {
	const q = `INSERT INTO invoices (id, organization_id, customer_id, number, external_id) VALUES (gen_random_uuid(), $1, gen_random_uuid(), $2, $2)
		ON CONFLICT (external_id) DO UPDATE SET cents = 0 WHERE invoices.status = EXCLUDED.status`
	_, err := r.db.Exec(ctx, q, org, ext) // want conflict-key
	return err
}

// EXCLUDED is the new row: the guard compares it with itself.
func (r *Repo) UpsertEmptyGuard(ctx context.Context, org uuid.UUID, ext string) error {
	const q = `INSERT INTO invoices (id, organization_id, customer_id, number, external_id) VALUES (gen_random_uuid(), $1, gen_random_uuid(), $2, $2)
		ON CONFLICT (external_id) DO UPDATE SET cents = 0 WHERE EXCLUDED.organization_id = $1`
	_, err := r.db.Exec(ctx, q, org, ext) // want conflict-key
	return err
}

func (r *Repo) Steal(ctx context.Context, org uuid.UUID, ext string) error {
	const q = `INSERT INTO invoices (id, organization_id, customer_id, number, external_id) VALUES (gen_random_uuid(), $1, gen_random_uuid(), $2, $2)
		ON CONFLICT (external_id) DO UPDATE SET organization_id = EXCLUDED.organization_id, cents = 0`
	_, err := r.db.Exec(ctx, q, org, ext) // want conflict-key|moved
	return err
}

// ---- moves

func (r *Repo) Move(ctx context.Context, org, id, to uuid.UUID) error {
	return pg.Exec(ctx, r.db, "UPDATE customers SET organization_id = $3 WHERE id = $2 AND organization_id = $1", org, id, to) // want moved
}

func (r *Repo) Save(ctx context.Context, org uuid.UUID, c Customer) error {
	const q = `UPDATE customers SET name = $1, number = $2, organization_id = $3 WHERE id = $4 AND organization_id = $5`
	return pg.Exec(ctx, r.db, q, c.Name, c.Number, c.OrganizationID, c.ID, org) // want moved
}

func (r *Repo) SaveTuple(ctx context.Context, org uuid.UUID, c Customer) error {
	const q = `UPDATE customers SET (name, organization_id) = ($1, $2) WHERE id = $3 AND organization_id = $4`
	return pg.Exec(ctx, r.db, q, c.Name, c.OrganizationID, c.ID, org) // want moved
}

func (r *Repo) MoveWithParent(ctx context.Context, org uuid.UUID) error {
	const q = `UPDATE contacts k SET organization_id = c.organization_id FROM customers c WHERE c.id = k.customer_id AND c.organization_id = $1`
	_, err := r.db.Exec(ctx, q, org) // want moved|unscoped
	return err
}

func (r *Repo) SaveFields(ctx context.Context, c Customer) error {
	const q = `UPDATE customers SET name = $1, number = $2 WHERE id = $3 AND organization_id = $4`
	return pg.Exec(ctx, r.db, q, c.Name, c.Number, c.ID, c.OrganizationID) // ok
}
