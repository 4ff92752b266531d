// Package migrated has no structs; its tables are known from schema files.
package migrated

import (
	"context"
	"database/sql"
)

// Plan looks org-owned, but the schema knows better.
type Plan struct {
	ID             string `db:"id"`
	OrganizationID string `db:"organization_id"`
}

func read(ctx context.Context, db *sql.DB, org string) {
	db.QueryContext(ctx, "SELECT id FROM invoices")      // want `"invoices" is not restricted`
	db.QueryContext(ctx, "SELECT id FROM receipts")      // want `"receipts" is not restricted`
	db.QueryContext(ctx, "SELECT id FROM audit.entries") // want `"entries" is not restricted`
	db.QueryContext(ctx, "SELECT id FROM invoices WHERE organization_id = $1", org)
	db.QueryContext(ctx, "SELECT id FROM entries")
	db.QueryContext(ctx, "SELECT id FROM plans")
	db.QueryContext(ctx, "SELECT id FROM drafts")
}
