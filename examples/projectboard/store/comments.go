package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/projectboard/model"
	"github.com/sigrahq/sigra/runtime/query"
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
	return query.All[model.Comment](ctx, c.db, query.ForOrg(commentsOf(taskID), sc))
}

// Get returns one comment.
func (c *Comments) Get(ctx context.Context, sc *scope.Scope, id uuid.UUID) (model.Comment, error) {
	return byID(ctx, c.db, model.Comments, sc, id)
}

// Add puts the words of the scope's user under a task.
func (c *Comments) Add(ctx context.Context, sc *scope.Scope, taskID uuid.UUID, body string) (model.Comment, error) {
	comment := model.Comment{ID: uuid.New(), TaskID: taskID, AuthorID: sc.UserID(), Body: body, CreatedAt: time.Now()}
	return comment, insert(ctx, c.db, model.Comments, sc, comment)
}

// Delete removes a comment of the scope's user.
func (c *Comments) Delete(ctx context.Context, sc *scope.Scope, id uuid.UUID) error {
	del := model.Comments.DeleteFrom()
	del.Where(del.EQ("id", id), del.EQ("author_id", sc.UserID()))
	return changed(ctx, c.db, query.ForOrg(del, sc))
}
