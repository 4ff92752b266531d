package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/leaky/model"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Comments is what members say about tasks.
type Comments struct{ db *pgxpool.Pool }

func commentsOf(taskID uuid.UUID) *sqlbuilder.SelectBuilder {
	sb := model.Comments.SelectFrom()
	return sb.Where(sb.EQ("task_id", taskID)).OrderBy("created_at", "id")
}

// OfTask returns the comments on a task, the oldest first.
func (c *Comments) OfTask(ctx context.Context, sc *scope.Scope, taskID uuid.UUID) ([]model.Comment, error) {
	orgID, err := sc.OrganizationID()
	if err != nil {
		return nil, err
	}
	return c.ofTask(ctx, orgID, taskID)
}

// ofTask is shared with the mailer, which has no scope.
func (c *Comments) ofTask(ctx context.Context, orgID, taskID uuid.UUID) ([]model.Comment, error) {
	rows, err := c.db.Query(ctx, `SELECT * FROM comments WHERE task_id = $1 ORDER BY created_at, id`, taskID) // leak: L06 unscoped
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[model.Comment])
}

// Get returns one comment.
func (c *Comments) Get(ctx context.Context, sc *scope.Scope, id uuid.UUID) (model.Comment, error) {
	return getByID[model.Comment](ctx, c.db, "comments", id) // leak: L26 unscoped
}

// Add puts the words of the scope's user under a task.
func (c *Comments) Add(ctx context.Context, sc *scope.Scope, taskID uuid.UUID, body string) (model.Comment, error) {
	comment := model.Comment{ID: uuid.New(), TaskID: taskID, AuthorID: sc.UserID(), Body: body, CreatedAt: time.Now()}
	return comment, insert(ctx, c.db, model.Comments, sc, comment)
}

// Delete removes a comment.
func (c *Comments) Delete(ctx context.Context, sc *scope.Scope, id uuid.UUID) error {
	const text = `DELETE FROM comments WHERE id = $1`
	return retry(func() error {
		return one(c.db.Exec(ctx, text, id)) // leak: L16 unscoped
	})
}

// retry runs f again when PostgreSQL asked for it.
func retry(f func() error) error {
	var err error
	for range 3 {
		err = f()
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "40001" {
			return err
		}
	}
	return err
}
