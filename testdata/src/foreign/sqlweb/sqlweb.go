// Package sqlweb never heard of the runtime: the organization enters as an
// argument of hand-written SQL.
package sqlweb

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"encoding/json"
	"net/http"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

type Task struct {
	ID             uuid.UUID `db:"id" json:"id"`
	OrganizationID uuid.UUID `db:"organization_id" json:"organization_id"`
	Title          string    `db:"title" json:"title"`
}

type Membership struct {
	OrganizationID uuid.UUID `db:"organization_id"`
	UserID         uuid.UUID `db:"user_id"`
}

type server struct {
	db  *pgxpool.Pool
	std *sql.DB
	x   *sqlx.DB
}

func (s *server) arguments(r *http.Request) {
	ctx := r.Context()
	org := r.PathValue("org")
	s.db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1", org)                                                   // want `organization that "tasks" is restricted to comes from request input \(Request.PathValue\)`
	s.db.Query(ctx, "SELECT id FROM tasks WHERE title = $1 AND organization_id = $2", r.FormValue("t"), org)                  // want `restricted to comes from request input`
	s.std.QueryContext(ctx, "SELECT id FROM tasks WHERE title = ? AND organization_id = ?", "x", org)                         // want `restricted to comes from request input`
	s.db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = @org", pgx.NamedArgs{"org": org, "id": 1})                  // want `restricted to comes from request input`
	s.x.NamedExec("DELETE FROM tasks WHERE organization_id = :org", map[string]any{"org": org})                               // want `restricted to comes from request input`
	s.db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1", uuid.NullUUID{UUID: uuid.MustParse(org), Valid: true}) // want `restricted to comes from request input`
	args := []any{"x"}
	args = append(args, org)
	s.db.Query(ctx, "SELECT id FROM tasks WHERE title = $1 AND organization_id = $2", args...) // want `restricted to comes from request input`
	s.list(ctx, org)                                                                           // want `restricted to comes from request input`
	s.run(ctx, "SELECT id FROM tasks WHERE organization_id = $1", org)                         // want `restricted to comes from request input`
	s.run(ctx, "SELECT id FROM tasks WHERE title = $1 AND organization_id = $2", org, user(ctx))
	s.db.Query(ctx, "SELECT id FROM tasks WHERE title = $1 AND organization_id = $2", org, user(ctx))
}

func (s *server) list(ctx context.Context, org string) {
	s.db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1", org)
}

func (s *server) run(ctx context.Context, text string, args ...any) { s.db.Query(ctx, text, args...) }

type key struct{}

func user(ctx context.Context) uuid.UUID { return ctx.Value(key{}).(uuid.UUID) }

func (s *server) inserts(r *http.Request, src pgx.CopyFromSource) {
	ctx := r.Context()
	var t Task
	json.NewDecoder(r.Body).Decode(&t)
	s.db.Exec(ctx, "INSERT INTO tasks (id, organization_id) VALUES ($1, $2)", t.ID, t.OrganizationID) // want `organization of the rows that are inserted into "tasks" comes from request input`
	s.db.Exec(ctx, "INSERT INTO tasks (id, organization_id) VALUES ($1, $2)", t.ID, user(ctx))
	s.x.NamedExec("INSERT INTO tasks (id, organization_id) VALUES (:id, :organization_id)", t)  // want `inserted into "tasks" comes from request input`
	s.x.NamedExec("INSERT INTO tasks (id, organization_id) VALUES (:id, :organization_id)", &t) // want `inserted into "tasks" comes from request input`
	rows := [][]any{{t.ID, t.OrganizationID}}
	s.db.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"id", "organization_id"}, pgx.CopyFromRows(rows)) // want `inserted into "tasks" comes from request input`
	// want +1 `inserted into "tasks" comes from request input`
	s.db.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"id", "organization_id"}, pgx.CopyFromSlice(1, func(i int) ([]any, error) {
		return []any{t.ID, t.OrganizationID}, nil
	}))
	s.db.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"id", "organization_id"}, pgx.CopyFromRows([][]any{{t.ID, user(ctx)}}))
}

var tasks = sqlbuilder.NewStruct(new(Task))

func (s *server) builders(r *http.Request) {
	ctx := r.Context()
	org := r.PathValue("org")
	sb := sqlbuilder.Select("id").From("tasks")
	sb.Where(sb.Equal("organization_id", org))
	text, args := sb.Build()
	s.db.Query(ctx, text, args...) // want `restricted to comes from request input`
	sb = sqlbuilder.Select("id").From("tasks")
	sb.Where(sb.Equal("title", org), sb.Equal("organization_id", user(ctx)))
	text, args = sb.Build()
	s.db.Query(ctx, text, args...)
	ib := sqlbuilder.InsertInto("tasks").Cols("id", "organization_id").Values(1, org)
	text, args = ib.Build()
	s.db.Exec(ctx, text, args...) // want `inserted into "tasks" comes from request input`
	var t Task
	json.NewDecoder(r.Body).Decode(&t)
	text, args = tasks.InsertInto("tasks", t).Build()
	s.db.Exec(ctx, text, args...) // want `inserted into "tasks" comes from request input`
	ub := tasks.Update("tasks", t)
	ub.Where(ub.Equal("organization_id", user(ctx)))
	text, args = ub.Build()
	s.db.Exec(ctx, text, args...) // want `update of org-owned table "tasks" writes a whole row whose organization comes from request input`
	t.OrganizationID = user(ctx)
	ub = tasks.Update("tasks", t)
	ub.Where(ub.Equal("organization_id", user(ctx)))
	text, args = ub.Build()
	s.db.Exec(ctx, text, args...)
	text, args, _ = squirrel.Select("id").From("tasks").Where(squirrel.Eq{"organization_id": org}).ToSql()
	s.db.Query(ctx, text, args...) // want `restricted to comes from request input`
	text, args, _ = squirrel.Select("id").From("tasks").Where(squirrel.Eq{"organization_id": user(ctx), "title": org}).ToSql()
	s.db.Query(ctx, text, args...)
}

func (s *server) cleaned(r *http.Request) {
	ctx := r.Context()
	org := r.PathValue("org")
	var role string
	err := s.db.QueryRow(ctx, "SELECT role FROM memberships WHERE user_id = $1 AND organization_id = $2", user(ctx), org).Scan(&role)
	if err != nil {
		return
	}
	s.db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1", org)
	var own uuid.UUID
	s.db.QueryRow(ctx, "SELECT organization_id FROM sessions WHERE token = $1", r.Header.Get("Authorization")).Scan(&own)
	s.db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1", own)
}

func (s *server) mayEnter(ctx context.Context, org string) (bool, error) {
	return s.hasAccess(ctx, org), nil
}

func (s *server) hasAccess(ctx context.Context, org string) bool { return org != "" }

func (s *server) asked(r *http.Request) {
	org := r.PathValue("org")
	if !s.hasAccess(r.Context(), org) {
		return
	}
	s.db.Query(r.Context(), "SELECT id FROM tasks WHERE organization_id = $1", org)
}

func matches(claimed, org string) bool { return claimed != "" && claimed == org }

func (s *server) comparedElsewhere(r *http.Request, own string) {
	org := r.PathValue("org")
	if !matches(own, org) {
		return
	}
	s.db.Query(r.Context(), "SELECT id FROM tasks WHERE organization_id = $1", org)
}

func (s *server) askedInVain(r *http.Request) {
	org := r.PathValue("org")
	s.hasAccess(r.Context(), org)
	s.db.Query(r.Context(), "SELECT id FROM tasks WHERE organization_id = $1", org) // want `restricted to comes from request input`
}

type claims struct{ Org uuid.UUID }

func (s *server) verified(r *http.Request) {
	c, ok := verify([]byte(r.Header.Get("Authorization")), []byte("key"))
	if !ok {
		return
	}
	s.db.Query(r.Context(), "SELECT id FROM tasks WHERE organization_id = $1", c.Org)
}

func verify(token, mac []byte) (claims, bool) {
	var c claims
	if !hmac.Equal(token[:4], mac) {
		return c, false
	}
	return c, json.Unmarshal(token[4:], &c) == nil
}

func (s *server) ofTheRow(ctx context.Context, id uuid.UUID) {
	var org uuid.UUID
	s.db.QueryRow(ctx, "SELECT organization_id FROM tasks WHERE id = $1", id).Scan(&org)       // want `"tasks" is not restricted`
	s.db.Exec(ctx, "DELETE FROM tasks WHERE id = $1 AND organization_id = $2", id, org)        // want `organization that "tasks" is restricted to is that of a row of "tasks"`
	s.db.Exec(ctx, "INSERT INTO tasks (id, organization_id) VALUES ($1, $2)", uuid.New(), org) // want `organization of the rows that are inserted into "tasks" is that of a row of "tasks"`
}

func (s *server) channels(r *http.Request) {
	orgs := make(chan string, 1)
	orgs <- r.PathValue("org")
	s.db.Query(r.Context(), "SELECT id FROM tasks WHERE organization_id = $1", <-orgs) // want `restricted to comes from request input`
	texts := make(chan string, 1)
	texts <- "SELECT id FROM tasks"
	s.db.Query(r.Context(), <-texts) // want `"tasks" is not restricted`
}
