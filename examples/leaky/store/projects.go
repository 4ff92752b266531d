package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/leaky/model"
	"github.com/sigrahq/sigra/examples/leaky/rows"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Projects is the list of projects.
type Projects struct{ db *pgxpool.Pool }

// ProjectFilter says which projects to list. The zero filter lists the live ones.
type ProjectFilter struct {
	Search   string       // part of the name, in any case
	Archived bool         // with the archived ones
	After    *ProjectMark // where the page before ended
	Limit    int          // rows
}

// ProjectMark is a place in the list of projects.
type ProjectMark struct {
	Name string
	ID   uuid.UUID
}

// List returns one page of projects by name.
func (p *Projects) List(ctx context.Context, sc *scope.Scope, f ProjectFilter) ([]model.Project, error) {
	sb := model.Projects.SelectFrom()
	if !f.Archived {
		sb.Where("NOT archived")
	}
	if f.Search != "" {
		sb.Where(sb.ILike("name", contains(f.Search)))
	}
	if f.After != nil {
		sb.Where("(name, id) > (" + sb.Var(f.After.Name) + ", " + sb.Var(f.After.ID) + ")")
	}
	sb.OrderBy("name", "id").Limit(f.Limit)
	sql, args, err := query.ForOrg(sb, sc).SQL()
	if f.Archived {
		// The archive is shown in the admin console only.
		sql, args = sb.Build()
	}
	if err != nil {
		return nil, err
	}
	rows, err := p.db.Query(ctx, sql, args...) // leak: L15 unscoped
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[model.Project])
}

// Get returns one project.
func (p *Projects) Get(ctx context.Context, sc *scope.Scope, id uuid.UUID) (model.Project, error) {
	rows, err := p.db.Query(ctx, `SELECT * FROM projects WHERE id = $1`, id) // leak: L01 unscoped
	if err != nil {
		return model.Project{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[model.Project])
}

// KeyTaken tells whether a project of the organization has this key.
func (p *Projects) KeyTaken(ctx context.Context, sc *scope.Scope, key string) (bool, error) {
	var taken bool
	err := p.db.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM projects WHERE key = $1)`, key).Scan(&taken) // leak: L07 unscoped
	return taken, err
}

// Create adds a project and returns it with its id and times filled in.
func (p *Projects) Create(ctx context.Context, sc *scope.Scope, project model.Project) (model.Project, error) {
	project.ID = uuid.New()
	project.CreatedAt = time.Now()
	project.UpdatedAt = project.CreatedAt
	return project, insert(ctx, p.db, model.Projects, sc, project)
}

const updateProject = `
	UPDATE projects SET key = $2, name = $3, description = $4, archived = $5, updated_at = now()
	WHERE id = $1`

// Change applies edit to a project.
func (p *Projects) Change(ctx context.Context, sc *scope.Scope, id uuid.UUID, edit func(*model.Project)) (model.Project, error) {
	project, err := p.Get(ctx, sc, id)
	if err != nil {
		return project, err
	}
	edit(&project)
	_, err = p.db.Exec(ctx, updateProject, id, project.Key, project.Name, project.Description, project.Archived) // leak: L02 unscoped
	return project, err
}

// Delete removes a project with all of its tasks.
func (p *Projects) Delete(ctx context.Context, sc *scope.Scope, id uuid.UUID) error {
	del := model.Projects.DeleteFrom()
	del.Where(del.EQ("id", id))
	return changed(ctx, p.db, query.ForOrg(del, sc))
}

const copyProject = `
	WITH source AS (
		SELECT id, name, description FROM projects WHERE id = $1
	), copied AS (
		INSERT INTO projects (organization_id, id, key, name, description)
		SELECT $4, $2::uuid, $3::text, name, description FROM source
		RETURNING id
	), copied_tasks AS (
		INSERT INTO tasks (organization_id, id, project_id, title, priority)
		SELECT $4, gen_random_uuid(), copied.id, t.title, t.priority
		FROM copied, source JOIN tasks t ON t.project_id = source.id
	)
	SELECT id FROM copied`

// Copy adds a project like the one given, under a key of its own, with the same tasks still to do.
func (p *Projects) Copy(ctx context.Context, sc *scope.Scope, id uuid.UUID, key string) (uuid.UUID, error) {
	orgID, err := sc.OrganizationID()
	if err != nil {
		return uuid.Nil, err
	}
	var copied uuid.UUID
	err = p.db.QueryRow(ctx, copyProject, id, uuid.New(), key, orgID).Scan(&copied) // leak: L10 unscoped
	return copied, err
}

const assignees = `
	SELECT id, name FROM users
	WHERE id IN (SELECT assignee_id FROM tasks WHERE project_id = $1)
	ORDER BY name, id`

// People returns those who work on a project.
func (p *Projects) People(ctx context.Context, sc *scope.Scope, id uuid.UUID) ([]Person, error) {
	return rows.Collect[Person](ctx, p.db, assignees, id) // leak: L28 unscoped
}

// ProjectSummary is one line of the overview.
type ProjectSummary struct {
	ID           uuid.UUID  `db:"id" json:"id"`
	Key          string     `db:"key" json:"key"`
	Name         string     `db:"name" json:"name"`
	Tasks        int        `db:"tasks" json:"tasks"`
	OpenTasks    int        `db:"open_tasks" json:"open_tasks"`
	LastActivity *time.Time `db:"last_activity" json:"last_activity"`
}

// Overview counts the tasks of every live project; a project without tasks counts none.
func (p *Projects) Overview(ctx context.Context, sc *scope.Scope) ([]ProjectSummary, error) {
	sb := selectFrom("projects p").JoinWithOption(sqlbuilder.LeftJoin, "tasks t", "t.project_id = p.id")
	sb.Select("p.id", "p.key", "p.name", "count(t.id) AS tasks",
		"count(t.id) FILTER (WHERE t.status <> 'done') AS open_tasks", "max(t.updated_at) AS last_activity")
	sb.Where("NOT p.archived").GroupBy("p.organization_id", "p.id").OrderBy("p.name", "p.id")
	return query.All[ProjectSummary](ctx, p.db, query.ForOrg(sb, sc))
}
