package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/query"
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

// Workload counts the open tasks of every member. Somebody who works for several organizations is counted in each of
// them by that organization's tasks alone.
func (r *Reports) Workload(ctx context.Context, sc *scope.Scope) ([]Load, error) {
	sb := selectFrom("organization_memberships m").Join("users u", "u.id = m.user_id")
	sb.JoinWithOption(sqlbuilder.LeftJoin, "tasks t", "t.assignee_id = m.user_id", "t.status <> 'done'")
	sb.Select("m.user_id", "u.name", "count(t.id) AS open_tasks").GroupBy("m.user_id", "u.name").OrderBy("u.name", "m.user_id")
	return query.All[Load](ctx, r.db, query.ForOrg(sb, sc))
}

// Event is one line of the activity feed.
type Event struct {
	At     time.Time `db:"at" json:"at"`
	Kind   string    `db:"kind" json:"kind"` // "task" or "comment"
	TaskID uuid.UUID `db:"task_id" json:"task_id"`
	Text   string    `db:"text" json:"text"`
}

// Activity returns the newest tasks and comments.
func (r *Reports) Activity(ctx context.Context, sc *scope.Scope, limit int) ([]Event, error) {
	tasks := selectFrom("tasks").Select("created_at AS at", "'task' AS kind", "id AS task_id", "title AS text")
	comments := selectFrom("comments").Select("created_at AS at", "'comment' AS kind", "task_id", "body AS text")
	feed := sqlbuilder.PostgreSQL.NewUnionBuilder().UnionAll(tasks, comments).OrderByDesc("at").Limit(limit)
	return query.All[Event](ctx, r.db, query.ForOrg(feed, sc))
}

// Closed is how many tasks of a project were finished in a week.
type Closed struct {
	Week    time.Time `db:"week" json:"week"` // its Monday
	Project string    `db:"project" json:"project"`
	Tasks   int       `db:"tasks" json:"tasks"`
}

// Throughput counts finished tasks by week and project.
func (r *Reports) Throughput(ctx context.Context, sc *scope.Scope, since time.Time) ([]Closed, error) {
	return query.All[Closed](ctx, r.db, query.ForOrg(query.Text(`
		WITH finished AS (
			SELECT project_id, date_trunc('week', updated_at) AS week
			FROM tasks
			WHERE status = 'done' AND updated_at >= $1
		)
		SELECT f.week, p.key AS project, count(*) AS tasks
		FROM finished f JOIN projects p ON p.id = f.project_id
		GROUP BY f.week, p.key
		ORDER BY f.week, p.key`, since), sc))
}
