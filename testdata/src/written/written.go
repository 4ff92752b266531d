// Package written writes organizations into its texts.
package written

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

var ctx = context.Background()

func written(db *pgxpool.Pool, org uuid.UUID, number int, ids []int) {
	db.Exec(ctx, fmt.Sprintf("DELETE FROM tasks WHERE organization_id = '%s'", org))               // want `"tasks" is not restricted`
	db.Exec(ctx, "DELETE FROM tasks WHERE organization_id = '"+org.String()+"'::uuid")             // want `"tasks" is not restricted`
	db.Exec(ctx, fmt.Sprintf("DELETE FROM tasks WHERE organization_id = %d", number))              // want `"tasks" is not restricted`
	db.Exec(ctx, fmt.Sprintf("DELETE FROM tasks WHERE organization_id IN ('%s', $1)", org), org)   // want `"tasks" is not restricted`
	db.Exec(ctx, fmt.Sprintf("INSERT INTO tasks (id, organization_id) VALUES ($1, '%s')", org), 1) // want `insert into org-owned table "tasks" has organization_id written into its text; pass it as a parameter`
}

func bound(db *pgxpool.Pool, org uuid.UUID, n int, ids []int) {
	db.Exec(ctx, fmt.Sprintf("DELETE FROM tasks WHERE organization_id = $%d", n), org)
	db.Exec(ctx, fmt.Sprintf("DELETE FROM tasks WHERE organization_id = $1 AND id = %d", n), org)
	marks := make([]string, len(ids))
	for i := range ids {
		marks[i] = fmt.Sprintf("%d", ids[i])
	}
	db.Exec(ctx, "DELETE FROM tasks WHERE organization_id = $1 AND id IN ("+strings.Join(marks, ",")+")", org)
	db.Exec(ctx, "DELETE FROM tasks WHERE organization_id = '5f0c1c44-8a3f-4a6c-9a3a-0d8f3a2b1c00'")
}
