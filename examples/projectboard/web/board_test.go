package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/projectboard/migrations"
	"github.com/sigrahq/sigra/examples/projectboard/model"
	"github.com/sigrahq/sigra/examples/projectboard/store"
	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

func TestMain(m *testing.M) {
	query.OnBypass(onlyAtSignIn)
	pgtest.Main(m)
}

// onlyAtSignIn makes every statement fail that sees all organizations, except for those of Sigra's own stores.
func onlyAtSignIn(_ context.Context, e query.BypassEvent) error {
	if !strings.HasPrefix(e.Reason, audit.Library) {
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
	mails   mailbox
	tokens  sync.Map // of a session, by user
}

// mailbox keeps the token of the last invitation to an address.
type mailbox struct{ sync.Map }

func (m *mailbox) send(_ context.Context, mail orgs.Mailing) error {
	m.Store(mail.Invitation.Email, string(mail.Token))
	return nil
}

func (m *mailbox) token(t *testing.T, address string) string {
	t.Helper()
	token, ok := m.Load(address)
	if !ok {
		t.Fatalf("there is no mail for %s", address)
	}
	return token.(string)
}

func newApp(t *testing.T) *app {
	t.Helper()
	db := pgtest.Pool(t)
	if err := migrations.Up(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	a := &app{db: db}
	s := store.New(db, orgs.Mail(a.mails.send), orgs.Logger(log))
	both, err := s.Accounts.CreateUser(t.Context(), "both@example.com", "both")
	if err != nil {
		t.Fatal(err)
	}
	a.store, a.server, a.handler, a.both = s, &server{s, log}, Handler(s, log), both
	return a
}

// tenant is an organization with at least one row in every table. Every text in it contains its slug.
type tenant struct {
	slug                                                  string
	id, owner                                             uuid.UUID
	project, task, done, free, comment, label, attachment uuid.UUID
	member, invitation                                    uuid.UUID
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
	user, err := scope.ForUser(b.owner)
	check()
	sc, err := a.store.Organizations.Create(ctx, user, orgs.NewOrganization{Name: slug + " inc", Slug: slug})
	check()
	b.id, err = sc.OrganizationID()
	check()
	both, err := a.store.Memberships.Add(ctx, sc, a.both, scope.Member)
	check()
	b.member = both.ID
	sent, err := a.store.Invitations.Invite(ctx, sc, slug+"-new@example.com", scope.Member)
	check()
	b.invitation = sent.ID

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
		"{member}", b.member.String(), "{invitation}", b.invitation.String(),
	).Replace(text)
}

// traces are the texts by which a response gives the tenant away.
func (b tenant) traces() []string {
	ids := []uuid.UUID{b.id, b.owner, b.project, b.task, b.done, b.free, b.comment, b.label, b.attachment, b.member, b.invitation}
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
	if user != uuid.Nil {
		r.Header.Set("Authorization", "Bearer "+a.token(user))
	}
	r.Header.Set("X-Organization", slug)
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	text, _ := io.ReadAll(w.Body)
	return response{w.Code, string(text)}
}

// token is the one of the user's session.
func (a *app) token(userID uuid.UUID) string {
	if token, ok := a.tokens.Load(userID); ok {
		return token.(string)
	}
	user, err := scope.ForUser(userID)
	if err != nil {
		panic(err)
	}
	_, token, err := a.store.Sessions.Start(context.Background(), user)
	if err != nil {
		panic(err)
	}
	a.tokens.Store(userID, string(token))
	return string(token)
}

// rows returns everything that the database holds for the tenant, and fails when that is nothing.
func (a *app) rows(t *testing.T, b tenant) string {
	t.Helper()
	var all strings.Builder
	for _, table := range []string{"organization_memberships", "organization_invitations", "projects", "tasks", "comments", "labels", "task_labels", "attachments"} {
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
