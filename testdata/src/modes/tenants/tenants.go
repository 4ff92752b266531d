// Package tenants is looked at with an ownership column of its own.
package tenants

import (
	"context"
	"database/sql"
)

type Task struct {
	ID       string `db:"id"`
	TenantID string `db:"tenant_id"`
}

// Note has a column that is not an ownership column here.
type Note struct {
	ID             string `db:"id"`
	OrganizationID string `db:"organization_id"`
}

func read(ctx context.Context, db *sql.DB, tenant string) {
	db.QueryContext(ctx, "SELECT id FROM tasks") // want `add tasks.tenant_id = \$n`
	db.QueryContext(ctx, "SELECT id FROM tasks WHERE tenant_id = $1", tenant)
	db.QueryContext(ctx, "SELECT id FROM notes")
}
