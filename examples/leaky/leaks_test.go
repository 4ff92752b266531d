package main

import (
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/internal/planted"
	"github.com/sigrahq/sigra/examples/leaky/migrations"
	"github.com/sigrahq/sigra/examples/leaky/model"
	"github.com/sigrahq/sigra/examples/leaky/store"
	"github.com/sigrahq/sigra/examples/leaky/web"
	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/scope"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// demonstration is a request by the owner of organization A that gets at rows of B. Places such as {task} take the ids
// of B.
type demonstration struct {
	method, path, body string
	reads              string // what of B the answer contains
	writes             string // table of B whose rows the request changes
}

var demonstrations = map[string]demonstration{
	"L01": {method: "GET", path: "/projects/{project}", reads: "secret project"},
	"L02": {method: "PATCH", path: "/projects/{project}", body: `{"name":"taken over"}`, writes: "projects"},
	"L03": {method: "DELETE", path: "/tasks/{task}", writes: "tasks"},
	"L04": {method: "GET", path: "/tasks", reads: "secret task"},
	"L05": {method: "GET", path: "/reports/workload", reads: `"name":"both","open_tasks":2`},
	"L06": {method: "GET", path: "/tasks/{task}/comments", reads: "secret comment"},
	"L07": {method: "GET", path: "/project-keys/secret-key", reads: `"taken":true`},
	"L08": {method: "GET", path: "/reports/activity", reads: "secret comment"},
	"L09": {method: "GET", path: "/reports/throughput?since=2020-01-01", reads: `"project":"(deleted)","tasks":1`},
	"L10": {method: "POST", path: "/projects/{project}/copies", body: `{"key":"COPY"}`, reads: "secret project"},
	"L11": {method: "PUT", path: "/labels/secret", body: `{"color":"blue"}`, reads: "{label}", writes: "labels"},
	"L12": {method: "GET", path: "/tasks/{task}", reads: "secret task"},
	"L13": {method: "POST", path: "/projects/{project}/import", body: `[{"title":"forged"}]`, writes: "tasks"},
	"L14": {method: "PUT", path: "/tasks/{task}/assignee", body: `{"user_id":null}`, writes: "tasks"},
	"L15": {method: "GET", path: "/projects?archived=true", reads: "secret project"},
	"L16": {method: "DELETE", path: "/comments/{comment}", writes: "comments"},
	"L17": {method: "GET", path: "/tasks/search?q=" + url.QueryEscape("' OR true --"), reads: "secret task"},
	"L18": {method: "GET", path: "/tasks/mine", reads: "secret free"},
	"L19": {method: "GET", path: "/tasks/due?on=2020-01-02", reads: "secret task"},
	"L20": {method: "GET", path: "/people?ticket=4711", reads: "secret owner"},
	"L21": {method: "GET", path: "/tasks/{task}/attachments", reads: "https://example.com/secret"},
	"L22": {method: "GET", path: "/tasks/{task}/attachments", reads: "secret.pdf"},
	"L23": {method: "POST", path: "/tasks/{task}/attachments", body: `{"name":"forged","url":"x"}`, writes: "attachments"},
	"L24": {method: "GET", path: "/tasks/{task}/labels", reads: "secret red"},
	"L25": {method: "DELETE", path: "/tasks/{task}/labels/{label}", writes: "task_labels"},
	"L26": {method: "GET", path: "/comments/{comment}", reads: "secret comment"},
	"L27": {method: "GET", path: "/export.csv", reads: "secret task"},
	"L28": {method: "GET", path: "/projects/{project}/people", reads: "secret owner"},
}

func TestEveryPlantedLeakIsDemonstrated(t *testing.T) {
	t.Parallel()
	leaks, err := planted.Read(".")
	if err != nil {
		t.Fatal(err)
	}
	var marked []string
	for _, leak := range leaks {
		marked = append(marked, leak.ID)
	}
	slices.Sort(marked)
	if shown := slices.Sorted(maps.Keys(demonstrations)); !slices.Equal(marked, shown) {
		t.Errorf("markers and demonstrations differ\nmarked %q\nshown  %q", marked, shown)
	}
}

func TestPlantedLeaksLeak(t *testing.T) {
	t.Parallel()
	for id, d := range demonstrations {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			b := newBoard(t)
			before := b.rows(t)

			r := httptest.NewRequestWithContext(t.Context(), d.method, b.secret.fill(d.path), strings.NewReader(d.body))
			r.Header.Set("Authorization", "Bearer "+b.ours.token)
			r.Header.Set("X-Organization", b.ours.slug)
			w := httptest.NewRecorder()
			b.handler.ServeHTTP(w, r)

			if w.Code >= 300 {
				t.Fatalf("%s %s: status %d: %s", d.method, r.URL, w.Code, w.Body)
			}
			if d.reads == "" && d.writes == "" {
				t.Fatal("the demonstration shows nothing")
			}
			if want := b.secret.fill(d.reads); !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s %s does not give %q away: %s", d.method, r.URL, want, w.Body)
			}
			after := b.rows(t)
			if d.writes == "" && !maps.Equal(before, after) {
				t.Errorf("%s %s changes rows of the other organization, and no table is named", d.method, r.URL)
			}
			if d.writes != "" && before[d.writes] == after[d.writes] {
				t.Errorf("%s %s does not change the other organization's %s", d.method, r.URL, d.writes)
			}
		})
	}
}

// board is the application on a database with two organizations. One user belongs to both.
type board struct {
	db           *pgxpool.Pool
	handler      http.Handler
	ours, secret tenant
}

// tenant is an organization with a row in every table. Every text in it contains its slug.
type tenant struct {
	slug, token                   string
	id, owner                     uuid.UUID
	project, task, comment, label uuid.UUID
}

func (o tenant) fill(text string) string {
	return strings.NewReplacer("{project}", o.project.String(), "{task}", o.task.String(),
		"{comment}", o.comment.String(), "{label}", o.label.String()).Replace(text)
}

func newBoard(t *testing.T) *board {
	t.Helper()
	db := pgtest.Pool(t)
	if err := migrations.Up(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	s := store.New(db)
	both, err := s.Accounts.CreateUser(t.Context(), "both@example.com", "both")
	if err != nil {
		t.Fatal(err)
	}
	return &board{
		db:      db,
		handler: web.Handler(s, slog.New(slog.NewTextHandler(t.Output(), nil))),
		ours:    newTenant(t, s, "ours", both),
		secret:  newTenant(t, s, "secret", both),
	}
}

func newTenant(t *testing.T, s *store.Store, slug string, both uuid.UUID) tenant {
	t.Helper()
	ctx := t.Context()
	o := tenant{slug: slug}
	var err error
	check := func() {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	o.owner, err = s.Accounts.CreateUser(ctx, slug+"@example.com", slug+" owner")
	check()
	user, err := scope.ForUser(o.owner)
	check()
	_, token, err := s.Sessions.Start(ctx, user)
	check()
	o.token = string(token)
	sc, err := s.Organizations.Create(ctx, user, orgs.NewOrganization{Name: slug + " inc", Slug: slug})
	check()
	o.id, err = sc.OrganizationID()
	check()
	_, err = s.Memberships.Add(ctx, sc, both, scope.Member)
	check()

	project, err := s.Projects.Create(ctx, sc, model.Project{Key: slug + "-key", Name: slug + " project"})
	check()
	o.project = project.ID
	due := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	task, err := s.Tasks.Create(ctx, sc, model.Task{
		ProjectID: project.ID, Title: slug + " task", Status: model.Todo, AssigneeID: &both, DueOn: &due,
	})
	check()
	o.task = task.ID
	for _, other := range []model.Task{
		{ProjectID: project.ID, Title: slug + " done", Status: model.Done, AssigneeID: &o.owner},
		{ProjectID: project.ID, Title: slug + " free", Status: model.Todo},
	} {
		_, err = s.Tasks.Create(ctx, sc, other)
		check()
	}
	comment, err := s.Comments.Add(ctx, sc, task.ID, slug+" comment")
	check()
	o.comment = comment.ID
	label, err := s.Labels.Paint(ctx, sc, slug, slug+" red")
	check()
	o.label = label.ID
	err = s.Labels.Attach(ctx, sc, task.ID, label.ID)
	check()
	_, err = s.Attachments.Add(ctx, sc, model.Attachment{TaskID: task.ID, Name: slug + ".pdf", URL: "https://example.com/" + slug})
	check()
	return o
}

// rows returns what every table holds for the secret organization.
func (b *board) rows(t *testing.T) map[string]string {
	t.Helper()
	held := make(map[string]string)
	for _, table := range []string{"organization_memberships", "projects", "tasks", "comments", "labels", "task_labels", "attachments"} {
		text := "SELECT to_jsonb(r)::text FROM " + pgx.Identifier{table}.Sanitize() + " r WHERE organization_id = $1 ORDER BY 1"
		//sigra:allow test -- the judge does not rely on what it judges
		rows, err := b.db.Query(t.Context(), text, b.secret.id)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		held[table] = strings.Join(lines, "\n")
	}
	return held
}
