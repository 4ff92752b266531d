package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/projectboard/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Attachments is where the files that belong to tasks lie.
type Attachments struct{ db *pgxpool.Pool }

// OfTask returns the attachments of a task by name.
func (a *Attachments) OfTask(ctx context.Context, sc *scope.Scope, taskID uuid.UUID) ([]model.Attachment, error) {
	sb := model.Attachments.SelectFrom()
	sb.Where(sb.EQ("task_id", taskID)).OrderBy("name", "id")
	return query.All[model.Attachment](ctx, a.db, query.ForOrg(sb, sc))
}

// Add notes a file that belongs to a task.
func (a *Attachments) Add(ctx context.Context, sc *scope.Scope, file model.Attachment) (model.Attachment, error) {
	file.ID = uuid.New()
	file.CreatedAt = time.Now()
	return file, insert(ctx, a.db, model.Attachments, sc, file)
}
