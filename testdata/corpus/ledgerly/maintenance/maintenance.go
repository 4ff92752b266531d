// Package maintenance is about everybody, and says so.
package maintenance

import (
	"context"

	"github.com/google/uuid"

	"corpus.test/ledgerly/pg"
)

func Sweep(ctx context.Context, db pg.DBTX) error {
	//sigra:allow system-sweep -- drafts of every organization expire
	_, err := db.Exec(ctx, "DELETE FROM invoices WHERE status = 'draft'") // ok
	return err
}

// Backfill fills a new column.
//
//sigra:allow migration -- one statement over all organizations
func Backfill(ctx context.Context, db pg.DBTX) error {
	_, err := db.Exec(ctx, "UPDATE invoices SET external_id = number WHERE external_id IS NULL") // ok
	return err
}

// Root reads what stands above organizations.
func Root(ctx context.Context, db pg.DBTX, user uuid.UUID) (n int, err error) {
	//sigra:allow tenant-root -- how many organizations a user has
	err = db.QueryRow(ctx, "SELECT count(*) FROM memberships WHERE user_id = $1", user).Scan(&n) // ok
	return n, err
}

func Authorized(ctx context.Context, db pg.DBTX, invoice uuid.UUID) error {
	//sigra:allow parent-authorized -- the invoice has been read under its organization
	_, err := db.Exec(ctx, "DELETE FROM invoice_lines WHERE invoice_id = $1", invoice) // ok
	return err
}

func SharedTable(ctx context.Context, db pg.DBTX) error {
	//sigra:allow shared-table -- leads without an organization are the vendor's own
	_, err := db.Exec(ctx, "UPDATE leads SET name = ''") // ok
	return err
}

func Multi(ctx context.Context, db pg.DBTX, id uuid.UUID) error {
	//sigra:allow admin -- support deletes one customer by its ticket
	_, err := db.Exec(ctx, // ok
		"DELETE FROM customers WHERE id = $1",
		id,
	)
	return err
}

func InsertAllowed(ctx context.Context, db pg.DBTX, invoice uuid.UUID) error {
	//sigra:allow parent-authorized -- a trigger copies the invoice's organization
	_, err := db.Exec(ctx, "INSERT INTO invoice_lines (id, invoice_id, text, cents) VALUES (gen_random_uuid(), $1, '', 0)", invoice) // ok
	return err
}

func MoveAllowed(ctx context.Context, db pg.DBTX, from, to, id uuid.UUID) error {
	//sigra:allow admin -- support moves a customer after both owners have agreed
	_, err := db.Exec(ctx, "UPDATE customers SET organization_id = $1 WHERE id = $2 AND organization_id = $3", to, id, from) // ok
	return err
}

func Runs(ctx context.Context, db pg.DBTX, files []string) error {
	for _, text := range files {
		//sigra:allow migration -- the files are ours
		if _, err := db.Exec(ctx, text); err != nil { // ok
			return err
		}
	}
	return nil
}

func Vacuum(ctx context.Context, db pg.DBTX) error {
	for _, q := range []string{"VACUUM invoices", "ANALYZE customers", "REINDEX TABLE invoices", "CREATE INDEX ON leads (name)", "ALTER TABLE leads ADD COLUMN IF NOT EXISTS note text"} {
		if _, err := db.Exec(ctx, q); err != nil { // ok
			return err
		}
	}
	return nil
}

func Lock(ctx context.Context, db pg.DBTX) error {
	if _, err := db.Exec(ctx, "SET LOCAL lock_timeout = '1s'"); err != nil { // ok
		return err
	}
	_, err := db.Exec(ctx, "LISTEN invoices") // ok
	return err
}

func Plan(ctx context.Context, db pg.DBTX, org uuid.UUID) error {
	_, err := db.Exec(ctx, "EXPLAIN ANALYZE SELECT id FROM invoices WHERE organization_id = $1", org) // ok
	return err
}

func PlanAll(ctx context.Context, db pg.DBTX) error {
	_, err := db.Exec(ctx, "EXPLAIN (ANALYZE, BUFFERS) DELETE FROM invoices") // want unscoped|unproven
	return err
}

func NoReason(ctx context.Context, db pg.DBTX) error {
	// want+1 bypass
	//sigra:allow system-sweep
	_, err := db.Exec(ctx, "DELETE FROM invoices") // may unscoped
	return err
}

func Unknown(ctx context.Context, db pg.DBTX) error {
	// want+1 bypass
	//sigra:allow because -- we said so
	_, err := db.Exec(ctx, "DELETE FROM invoices") // may unscoped
	return err
}

func Dash(ctx context.Context, db pg.DBTX) error {
	// want+1 bypass
	//sigra:allow system-sweep - one dash is not enough
	_, err := db.Exec(ctx, "DELETE FROM invoices") // may unscoped
	return err
}

func Stale(ctx context.Context, db pg.DBTX, org uuid.UUID) error {
	// want+1 bypass
	//sigra:allow system-sweep -- used to be about everybody
	_, err := db.Exec(ctx, "DELETE FROM invoices WHERE organization_id = $1", org)
	return err
}

// StaleDoc allows nothing any more.
//
//sigra:allow admin -- used to delete
func StaleDoc(ctx context.Context, db pg.DBTX, org uuid.UUID) error { // want-1 bypass
	_, err := db.Exec(ctx, "DELETE FROM leads WHERE organization_id = $1", org)
	return err
}

func Below(ctx context.Context, db pg.DBTX) error {
	_, err := db.Exec(ctx, "DELETE FROM leads") // want unscoped
	// want+1 bypass
	//sigra:allow admin -- below the call
	return err
}

func Between(ctx context.Context, db pg.DBTX) error {
	//sigra:allow admin -- one call
	_, err := db.Exec(ctx, "DELETE FROM leads")
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, "DELETE FROM contacts") // want unscoped
	return err
}
