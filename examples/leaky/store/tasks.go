package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/leaky/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Tasks is the list of tasks.
type Tasks struct {
	db  *pgxpool.Pool
	std *sql.DB // for the export, which came with a library on database/sql
}

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
	text, args := sb.Build()
	found, err := t.db.Query(ctx, text, args...) // leak: L04 unscoped
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowToStructByName[TaskLine])
}

const searchTasks = `
	SELECT t.id, p.key AS project, t.title, t.status, t.priority, t.assignee_id, t.due_on
	FROM tasks t JOIN projects p ON p.id = t.project_id
	WHERE t.organization_id = '%s' AND t.title ILIKE '%%%s%%'
	ORDER BY t.title, t.id LIMIT 100`

// Search returns the tasks with the words in their titles.
func (t *Tasks) Search(ctx context.Context, sc *scope.Scope, words string) ([]TaskLine, error) {
	orgID, err := sc.OrganizationID()
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf(searchTasks, orgID, words)
	found, err := t.db.Query(ctx, text) // leak: L17 unproven
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowToStructByName[TaskLine])
}

// Mine returns the open tasks that are assigned to the scope's user, or to nobody.
func (t *Tasks) Mine(ctx context.Context, sc *scope.Scope) ([]TaskLine, error) {
	sb := taskLines()
	sb.Where("t.status <> 'done'", sb.EQ("t.assignee_id", sc.UserID()))
	text, args, err := query.ForOrg(sb, sc).SQL()
	if err != nil {
		return nil, err
	}
	text += " OR t.assignee_id IS NULL"
	found, err := t.db.Query(ctx, text, args...) // leak: L18 edited
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowToStructByName[TaskLine])
}

const dueTasks = `
	SELECT t.id, p.key AS project, t.title, t.status, t.priority, t.assignee_id, t.due_on
	FROM tasks t JOIN projects p ON p.id = t.project_id
	WHERE t.status <> 'done' AND t.due_on <= @day
	ORDER BY t.due_on, t.id`

// Due returns the open tasks that are due on that day or were before.
func (t *Tasks) Due(ctx context.Context, sc *scope.Scope, day time.Time) ([]TaskLine, error) {
	scoped := query.ForOrg(query.Text(dueTasks), sc)
	found, err := t.db.Query(ctx, dueTasks, scoped, pgx.NamedArgs{"day": day}) // leak: L19 edited
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowToStructByName[TaskLine])
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
		detail TaskDetail
	)
	err := errors.Join(
		queue(&batch, query.ForOrg(labelsOf(id), sc), &detail.Labels),
		queue(&batch, query.ForOrg(commentsOf(id), sc), &detail.Comments),
	)
	if err != nil {
		return detail, err
	}
	task := batch.Queue(`SELECT * FROM tasks WHERE id = $1`, id) // leak: L12 unscoped
	task.Query(func(rows pgx.Rows) (err error) {
		detail.Task, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[model.Task])
		return err
	})
	return detail, t.db.SendBatch(ctx, &batch).Close()
}

// Create adds a task to its project and returns it with its id and times filled in.
func (t *Tasks) Create(ctx context.Context, sc *scope.Scope, task model.Task) (model.Task, error) {
	task.ID = uuid.New()
	task.CreatedAt = time.Now()
	task.UpdatedAt = task.CreatedAt
	return task, insert(ctx, t.db, model.Tasks, sc, task)
}

// Import adds many tasks to a project at once and returns how many.
func (t *Tasks) Import(ctx context.Context, project model.Project, tasks []model.Task) (int64, error) {
	rows := pgx.CopyFromSlice(len(tasks), func(i int) ([]any, error) {
		return []any{project.OrganizationID, uuid.New(), project.ID, tasks[i].Title, tasks[i].Priority}, nil
	})
	columns := []string{"organization_id", "id", "project_id", "title", "priority"}
	return t.db.CopyFrom(ctx, pgx.Identifier{"tasks"}, columns, rows) // leak: L13 unscoped
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
	return pgx.BeginFunc(ctx, t.db, func(tx pgx.Tx) error {
		// The board assigns a whole column of tasks at once when it is dragged.
		if _, err := tx.Prepare(ctx, "assign_task", `UPDATE tasks SET assignee_id = $2 WHERE id = $1`); err != nil { // leak: L14 unscoped
			return err
		}
		return one(tx.Exec(ctx, "assign_task", id, userID))
	})
}

// Close marks tasks as done and returns how many of them were not.
func (t *Tasks) Close(ctx context.Context, sc *scope.Scope, ids []uuid.UUID) (int64, error) {
	tag, err := query.Exec(ctx, t.db, query.ForOrg(query.Text(
		`UPDATE tasks SET status = 'done', updated_at = now() WHERE id = ANY ($1) AND status <> 'done'`, ids), sc))
	return tag.RowsAffected(), err
}

// Delete removes a task with all that hangs on it.
func (t *Tasks) Delete(ctx context.Context, sc *scope.Scope, id uuid.UUID) error {
	del := model.Tasks.DeleteFrom()
	del.Where(del.EQ("id", id))
	text, args := del.Build()
	return one(t.db.Exec(ctx, text, args...)) // leak: L03 unscoped
}

const exportTasks = `
	SELECT t.id, p.key, t.title, t.status, t.priority
	FROM tasks t JOIN projects p ON p.id = t.project_id
	ORDER BY p.key, t.created_at, t.id`

// Export calls each for every task of the organization, by project and age, without holding all of them in memory.
func (t *Tasks) Export(ctx context.Context, sc *scope.Scope, each func(TaskLine) error) error {
	rows, err := t.std.QueryContext(ctx, exportTasks) // leak: L27 unscoped
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var line TaskLine
		if err := rows.Scan(&line.ID, &line.Project, &line.Title, &line.Status, &line.Priority); err != nil {
			return err
		}
		if err := each(line); err != nil {
			return err
		}
	}
	return rows.Err()
}
