package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/projectboard/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Tasks is the list of tasks.
type Tasks struct{ db *pgxpool.Pool }

// TaskLine is a task as it stands in a list: with the key of its project.
type TaskLine struct {
	ID         uuid.UUID    `db:"id" json:"id"`
	Project    string       `db:"project" json:"project"`
	Title      string       `db:"title" json:"title"`
	Status     model.Status `db:"status" json:"status"`
	Priority   int          `db:"priority" json:"priority"`
	AssigneeID *uuid.UUID   `db:"assignee_id" json:"assignee_id"`
	DueOn      *time.Time   `db:"due_on" json:"due_on"`
}

// taskLines selects TaskLine; the task is t and its project p.
func taskLines() *sqlbuilder.SelectBuilder {
	sb := selectFrom("tasks t").Join("projects p", "p.id = t.project_id")
	return sb.Select("t.id", "p.key AS project", "t.title", "t.status", "t.priority", "t.assignee_id", "t.due_on")
}

// TaskFilter says which tasks to list. The zero filter lists all of them.
type TaskFilter struct {
	Status model.Status
	Label  string // name of a label that the task carries
	After  *TaskMark
	Limit  int // rows
}

// TaskMark is a place in the list of tasks.
type TaskMark struct {
	Priority int
	ID       uuid.UUID
}

// List returns one page of tasks, the most urgent first.
func (t *Tasks) List(ctx context.Context, sc *scope.Scope, f TaskFilter) ([]TaskLine, error) {
	sb := taskLines()
	if f.Status != "" {
		sb.Where(sb.EQ("t.status", f.Status))
	}
	if f.Label != "" {
		label := selectFrom("task_labels tl").Join("labels l", "l.id = tl.label_id")
		label.Select("1").Where("tl.task_id = t.id", label.EQ("l.name", f.Label))
		sb.Where(sb.Exists(label))
	}
	if f.After != nil {
		sb.Where("(t.priority, t.id) < (" + sb.Var(f.After.Priority) + ", " + sb.Var(f.After.ID) + ")")
	}
	sb.OrderByDesc("t.priority").OrderByDesc("t.id").Limit(f.Limit)
	return query.All[TaskLine](ctx, t.db, query.ForOrg(sb, sc))
}

// Search returns the tasks with the words in their titles.
func (t *Tasks) Search(ctx context.Context, sc *scope.Scope, words string) ([]TaskLine, error) {
	sb := taskLines()
	sb.Where(sb.ILike("t.title", contains(words))).OrderBy("t.title", "t.id").Limit(100)
	return query.All[TaskLine](ctx, t.db, query.ForOrg(sb, sc))
}

// Mine returns the open tasks that are assigned to the scope's user, or to nobody.
func (t *Tasks) Mine(ctx context.Context, sc *scope.Scope) ([]TaskLine, error) {
	sb := taskLines()
	sb.Where("t.status <> 'done'", sb.Or(sb.EQ("t.assignee_id", sc.UserID()), sb.IsNull("t.assignee_id")))
	return query.All[TaskLine](ctx, t.db, query.ForOrg(sb, sc))
}

// Due returns the open tasks that are due on that day or were before.
func (t *Tasks) Due(ctx context.Context, sc *scope.Scope, day time.Time) ([]TaskLine, error) {
	sb := taskLines()
	sb.Where("t.status <> 'done'", sb.LE("t.due_on", day)).OrderBy("t.due_on", "t.id")
	return query.All[TaskLine](ctx, t.db, query.ForOrg(sb, sc))
}

// TaskDetail is a task with all that hangs on it.
type TaskDetail struct {
	Task     model.Task      `json:"task"`
	Labels   []model.Label   `json:"labels"`
	Comments []model.Comment `json:"comments"`
}

// Get returns one task with its labels and comments, in one round trip.
func (t *Tasks) Get(ctx context.Context, sc *scope.Scope, id uuid.UUID) (TaskDetail, error) {
	var (
		batch  pgx.Batch
		tasks  []model.Task
		detail TaskDetail
	)
	sb := model.Tasks.SelectFrom()
	sb.Where(sb.EQ("id", id))
	err := errors.Join(
		queue(&batch, query.ForOrg(sb, sc), &tasks),
		queue(&batch, query.ForOrg(labelsOf(id), sc), &detail.Labels),
		queue(&batch, query.ForOrg(commentsOf(id), sc), &detail.Comments),
	)
	if err != nil {
		return detail, err
	}
	if err := t.db.SendBatch(ctx, &batch).Close(); err != nil {
		return detail, err
	}
	if len(tasks) == 0 {
		return detail, query.ErrNotFound
	}
	detail.Task = tasks[0]
	return detail, nil
}

// Create adds a task to its project and returns it with its id and times filled in.
func (t *Tasks) Create(ctx context.Context, sc *scope.Scope, task model.Task) (model.Task, error) {
	task.ID = uuid.New()
	task.CreatedAt = time.Now()
	task.UpdatedAt = task.CreatedAt
	return task, insert(ctx, t.db, model.Tasks, sc, task)
}

// Import adds many tasks to a project at once and returns how many.
func (t *Tasks) Import(ctx context.Context, sc *scope.Scope, projectID uuid.UUID, tasks []model.Task) (int64, error) {
	rows := pgx.CopyFromSlice(len(tasks), func(i int) ([]any, error) {
		return []any{uuid.New(), projectID, tasks[i].Title, tasks[i].Priority}, nil
	})
	return query.CopyForOrg(ctx, t.db, sc, "tasks", []string{"id", "project_id", "title", "priority"}, rows)
}

// Change applies edit to a task.
func (t *Tasks) Change(ctx context.Context, sc *scope.Scope, id uuid.UUID, edit func(*model.Task)) (model.Task, error) {
	return change(ctx, t.db, model.Tasks, sc, id, func(task *model.Task) {
		edit(task)
		task.UpdatedAt = time.Now()
	})
}

// Assign gives a task to a member, or to nobody.
func (t *Tasks) Assign(ctx context.Context, sc *scope.Scope, id uuid.UUID, userID *uuid.UUID) error {
	ub := sqlbuilder.PostgreSQL.NewUpdateBuilder().Update("tasks")
	ub.Set(ub.EQ("assignee_id", userID), "updated_at = now()").Where(ub.EQ("id", id))
	return changed(ctx, t.db, query.ForOrg(ub, sc))
}

// Close marks tasks as done and returns how many of them were not.
func (t *Tasks) Close(ctx context.Context, sc *scope.Scope, ids []uuid.UUID) (int64, error) {
	tag, err := query.Exec(ctx, t.db, query.ForOrg(query.Text(
		`UPDATE tasks SET status = 'done', updated_at = now() WHERE id = ANY ($1) AND status <> 'done'`, ids), sc))
	return tag.RowsAffected(), err
}

// Delete removes a task with all that hangs on it.
func (t *Tasks) Delete(ctx context.Context, sc *scope.Scope, id uuid.UUID) error {
	return remove(ctx, t.db, model.Tasks, sc, id)
}

// Export calls each for every task of the organization, by project and age, without holding all of them in memory.
func (t *Tasks) Export(ctx context.Context, sc *scope.Scope, each func(TaskLine) error) error {
	sql, args, err := query.ForOrg(taskLines().OrderBy("p.key", "t.created_at", "t.id"), sc).SQL()
	if err != nil {
		return err
	}
	rows, err := t.db.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		line, err := pgx.RowToStructByName[TaskLine](rows)
		if err != nil {
			return err
		}
		if err := each(line); err != nil {
			return err
		}
	}
	return rows.Err()
}
