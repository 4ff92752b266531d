package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/leaky/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Labels is the organization's set of labels and the tasks that carry them.
type Labels struct {
	db     *pgxpool.Pool
	ofTask string
}

const labelsOfTask = `
	SELECT l.* FROM labels l JOIN task_labels tl ON tl.label_id = l.id
	WHERE tl.task_id = $1
	ORDER BY l.name`

func labelsOf(taskID uuid.UUID) *sqlbuilder.SelectBuilder {
	carried := selectFrom("task_labels")
	carried.Select("label_id").Where(carried.EQ("task_id", taskID))
	sb := model.Labels.SelectFrom()
	return sb.Where(sb.In("id", carried)).OrderBy("name")
}

// List returns all labels by name.
func (l *Labels) List(ctx context.Context, sc *scope.Scope) ([]model.Label, error) {
	return query.All[model.Label](ctx, l.db, query.ForOrg(model.Labels.SelectFrom().OrderBy("name"), sc))
}

// OfTask returns the labels that a task carries.
func (l *Labels) OfTask(ctx context.Context, sc *scope.Scope, taskID uuid.UUID) ([]model.Label, error) {
	rows, err := l.db.Query(ctx, l.ofTask, taskID) // leak: L24 unscoped
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[model.Label])
}

const paintLabel = `
	INSERT INTO labels (id, organization_id, name, color) VALUES ($1, $2, $3, $4)
	ON CONFLICT (name) DO UPDATE SET organization_id = EXCLUDED.organization_id, color = EXCLUDED.color
	RETURNING *`

// Paint creates a label, or gives the one with that name another color.
func (l *Labels) Paint(ctx context.Context, sc *scope.Scope, name, color string) (model.Label, error) {
	orgID, err := sc.OrganizationID()
	if err != nil {
		return model.Label{}, err
	}
	rows, err := l.db.Query(ctx, paintLabel, uuid.New(), orgID, name, color) // leak: L11 unscoped
	if err != nil {
		return model.Label{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[model.Label])
}

// Attach puts a label on a task; it may be there already.
func (l *Labels) Attach(ctx context.Context, sc *scope.Scope, taskID, labelID uuid.UUID) error {
	ib := model.TaskLabels.InsertInto(model.TaskLabel{TaskID: taskID, LabelID: labelID})
	_, err := query.Exec(ctx, l.db, query.ForOrg(ib.SQL("ON CONFLICT DO NOTHING"), sc))
	return err
}

// Detach takes a label off a task.
func (l *Labels) Detach(ctx context.Context, sc *scope.Scope, taskID, labelID uuid.UUID) error {
	exec := l.db.Exec
	return one(exec(ctx, `DELETE FROM task_labels WHERE task_id = $1 AND label_id = $2`, taskID, labelID)) // leak: L25 unscoped
}
