package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/projectboard/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Labels is the organization's set of labels and the tasks that carry them.
type Labels struct{ db *pgxpool.Pool }

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
	return query.All[model.Label](ctx, l.db, query.ForOrg(labelsOf(taskID), sc))
}

// Paint creates a label, or gives the one with that name another color.
func (l *Labels) Paint(ctx context.Context, sc *scope.Scope, name, color string) (model.Label, error) {
	ib := model.Labels.InsertInto(model.Label{ID: uuid.New(), Name: name, Color: color})
	ib.SQL("ON CONFLICT (organization_id, name) DO UPDATE SET color = EXCLUDED.color")
	ib.Returning("id", "organization_id", "name", "color")
	return query.One[model.Label](ctx, l.db, query.ForOrg(ib, sc))
}

// Attach puts a label on a task; it may be there already.
func (l *Labels) Attach(ctx context.Context, sc *scope.Scope, taskID, labelID uuid.UUID) error {
	ib := model.TaskLabels.InsertInto(model.TaskLabel{TaskID: taskID, LabelID: labelID})
	_, err := query.Exec(ctx, l.db, query.ForOrg(ib.SQL("ON CONFLICT DO NOTHING"), sc))
	return err
}

// Detach takes a label off a task.
func (l *Labels) Detach(ctx context.Context, sc *scope.Scope, taskID, labelID uuid.UUID) error {
	del := model.TaskLabels.DeleteFrom()
	del.Where(del.EQ("task_id", taskID), del.EQ("label_id", labelID))
	return changed(ctx, l.db, query.ForOrg(del, sc))
}
