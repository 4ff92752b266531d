package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/scope"
)

// Reports looks at the board as a whole.
type Reports struct{ db *pgxpool.Pool }

// Load is how much a member has to do.
type Load struct {
	UserID    uuid.UUID `db:"user_id" json:"user_id"`
	Name      string    `db:"name" json:"name"`
	OpenTasks int       `db:"open_tasks" json:"open_tasks"`
}

const workload = `
	SELECT m.user_id, u.name, count(t.id) AS open_tasks
	FROM organization_memberships m
	JOIN users u ON u.id = m.user_id
	LEFT JOIN tasks t ON t.assignee_id = m.user_id AND t.status <> 'done'
	WHERE m.organization_id = $1
	GROUP BY m.user_id, u.name
	ORDER BY u.name, m.user_id`

// Workload counts the open tasks of every member.
func (r *Reports) Workload(ctx context.Context, sc *scope.Scope) ([]Load, error) {
	orgID, err := sc.OrganizationID()
	if err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, workload, orgID) // leak: L05 unscoped
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Load])
}

// Event is one line of the activity feed.
type Event struct {
	At     time.Time `db:"at" json:"at"`
	Kind   string    `db:"kind" json:"kind"` // "task" or "comment"
	TaskID uuid.UUID `db:"task_id" json:"task_id"`
	Text   string    `db:"text" json:"text"`
}

const activity = `
	SELECT created_at AS at, 'task' AS kind, id AS task_id, title AS text FROM tasks WHERE organization_id = $1
	UNION ALL
	SELECT created_at AS at, 'comment' AS kind, task_id, body AS text FROM comments
	ORDER BY at DESC
	LIMIT $2`

// Activity returns the newest tasks and comments.
func (r *Reports) Activity(ctx context.Context, sc *scope.Scope, limit int) ([]Event, error) {
	orgID, err := sc.OrganizationID()
	if err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, activity, orgID, limit) // leak: L08 unscoped
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Event])
}

// Closed is how many tasks of a project were finished in a week.
type Closed struct {
	Week    time.Time `db:"week" json:"week"` // its Monday
	Project string    `db:"project" json:"project"`
	Tasks   int       `db:"tasks" json:"tasks"`
}

const throughput = `
	WITH finished AS (
		SELECT project_id, date_trunc('week', updated_at) AS week
		FROM tasks
		WHERE status = 'done' AND updated_at >= $1
	)
	SELECT f.week, coalesce(p.key, '(deleted)') AS project, count(*) AS tasks
	FROM finished f LEFT JOIN projects p ON p.id = f.project_id AND p.organization_id = $2
	GROUP BY f.week, p.key
	ORDER BY f.week, p.key`

// Throughput counts finished tasks by week and project.
func (r *Reports) Throughput(ctx context.Context, sc *scope.Scope, since time.Time) ([]Closed, error) {
	orgID, err := sc.OrganizationID()
	if err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, throughput, since, orgID) // leak: L09 unscoped
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Closed])
}
