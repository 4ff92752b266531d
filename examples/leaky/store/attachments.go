package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/leaky/model"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Attachments is where the files that belong to tasks lie.
type Attachments struct{ db *pgxpool.Pool }

// OfTask returns the attachments of a task by name.
func (a *Attachments) OfTask(ctx context.Context, sc *scope.Scope, taskID uuid.UUID) ([]model.Attachment, error) {
	rows, err := a.db.Query(ctx, `SELECT * FROM attachments WHERE task_id = $1 ORDER BY name, id`, taskID) // leak: L22 unscoped
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[model.Attachment])
}

// The task knows its organization.
const addAttachment = `
	INSERT INTO attachments (organization_id, id, task_id, name, url, size_bytes, created_at)
	SELECT organization_id, $1, id, $3, $4, $5, $6 FROM tasks WHERE id = $2`

// Add notes a file that belongs to a task.
func (a *Attachments) Add(ctx context.Context, sc *scope.Scope, file model.Attachment) (model.Attachment, error) {
	file.ID = uuid.New()
	file.CreatedAt = time.Now()
	return file, one(a.db.Exec(ctx, addAttachment, file.ID, file.TaskID, file.Name, file.URL, file.SizeBytes, file.CreatedAt)) // leak: L23 unscoped
}
