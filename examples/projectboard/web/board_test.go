package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/projectboard/migrations"
	"github.com/sigrahq/sigra/examples/projectboard/model"
	"github.com/sigrahq/sigra/examples/projectboard/store"
	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

func TestMain(m *testing.M) {
	query.OnBypass(onlyAtSignIn)
	pgtest.Main(m)
}

// onlyAtSignIn makes every statement fail that sees all organizations, except for those that look up memberships.
func onlyAtSignIn(_ context.Context, e query.BypassEvent) error {
	if filepath.Base(e.File) != "accounts.go" {
		return fmt.Errorf("%s:%d: unscoped statement: %s", e.File, e.Line, e.Reason)
	}
	return nil
}

// app is the whole application on a database of its own.
type app struct {
	db      *pgxpool.Pool
	store   *store.Store
	server  *server
	handler http.Handler
	both    uuid.UUID // a user whom tenant lets into every organization
}

func newApp(t *testing.T) *app {
	t.Helper()
	db := pgtest.Pool(t)
	if err := migrations.Up(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	s := store.New(db)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	both, err := s.Accounts.CreateUser(t.Context(), "both@example.com", "both")
	if err != nil {
		t.Fatal(err)
	}
	return &app{db: db, store: s, server: &server{s, log}, handler: Handler(s, log), both: both}
}

// tenant is an organization with at least one row in every table. Every text in it contains its slug.
type tenant struct {
	slug                                                  string
	id, owner                                             uuid.UUID
	project, task, done, free, comment, label, attachment uuid.UUID
}

func (a *app) tenant(t *testing.T, slug string) tenant {
	t.Helper()
	ctx := t.Context()
	b := tenant{slug: slug}

	var err error
	check := func() {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	b.owner, err = a.store.Accounts.CreateUser(ctx, slug+"@example.com", slug+" owner")
	check()
	b.id, err = a.store.Accounts.CreateOrganization(ctx, slug+" inc", slug, b.owner)
	check()
	sc, err := a.store.Accounts.Scope(ctx, b.owner, slug)
	check()
	err = a.store.Accounts.AddMember(ctx, sc, a.both, scope.Member)
	check()

	project, err := a.store.Projects.Create(ctx, sc, model.Project{Key: slug + "-key", Name: slug + " project"})
	check()
	b.project = project.ID
	due := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	task, err := a.store.Tasks.Create(ctx, sc, model.Task{
		ProjectID: project.ID, Title: slug + " task", Status: model.Todo, AssigneeID: &a.both, DueOn: &due,
	})
	check()
	b.task = task.ID
	done, err := a.store.Tasks.Create(ctx, sc, model.Task{
		ProjectID: project.ID, Title: slug + " done", Status: model.Done, AssigneeID: &b.owner,
	})
	check()
	b.done = done.ID
	free, err := a.store.Tasks.Create(ctx, sc, model.Task{ProjectID: project.ID, Title: slug + " free", Status: model.Todo})
	check()
	b.free = free.ID
	comment, err := a.store.Comments.Add(ctx, sc, task.ID, slug+" comment")
	check()
	b.comment = comment.ID
	label, err := a.store.Labels.Paint(ctx, sc, "urgent", slug+" red")
	check()
	b.label = label.ID
	err = a.store.Labels.Attach(ctx, sc, task.ID, label.ID)
	check()
	file, err := a.store.Attachments.Add(ctx, sc, model.Attachment{TaskID: task.ID, Name: slug + ".pdf", URL: "https://example.com/" + slug})
	check()
	b.attachment = file.ID
	return b
}

// fill puts the tenant's ids and texts into the places of a path or body.
func (b tenant) fill(text string) string {
	return strings.NewReplacer(
		"{slug}", b.slug, "{owner}", b.owner.String(), "{project}", b.project.String(), "{task}", b.task.String(), "{free}", b.free.String(),
		"{comment}", b.comment.String(), "{label}", b.label.String(), "{attachment}", b.attachment.String(),
	).Replace(text)
}

// traces are the texts by which a response gives the tenant away.
func (b tenant) traces() []string {
	ids := []uuid.UUID{b.id, b.owner, b.project, b.task, b.done, b.free, b.comment, b.label, b.attachment}
	found := []string{b.slug}
	for _, id := range ids {
		found = append(found, id.String())
	}
	return found
}

type response struct {
	status int
	body   string
}

// do sends a request as the user, acting in the organization with that slug.
func (a *app) do(ctx context.Context, user uuid.UUID, slug, method, path, body string) response {
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	r.Header.Set("X-User-ID", user.String())
	r.Header.Set("X-Organization", slug)
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	text, _ := io.ReadAll(w.Body)
	return response{w.Code, string(text)}
}

// rows returns everything that the database holds for the tenant, and fails when that is nothing.
func (a *app) rows(t *testing.T, b tenant) string {
	t.Helper()
	var all strings.Builder
	for _, table := range []string{"memberships", "projects", "tasks", "comments", "labels", "task_labels", "attachments"} {
		sql := "SELECT to_jsonb(r)::text FROM " + pgx.Identifier{table}.Sanitize() + " r WHERE organization_id = $1 ORDER BY 1"
		//sigra:allow test -- the judge does not rely on what it judges
		rows, err := a.db.Query(t.Context(), sql, b.id)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		if len(lines) == 0 {
			t.Fatalf("%s has no rows in %s", b.slug, table)
		}
		all.WriteString(table + "\n" + strings.Join(lines, "\n") + "\n")
	}
	return all.String()
}
