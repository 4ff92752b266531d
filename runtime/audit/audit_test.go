package audit_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/migrations"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

//sigra:allow test -- the schema's own script
func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return pgtest.Pool(t, migrations.All().Up())
}

func member(t *testing.T) *scope.Scope {
	t.Helper()
	org := scope.Organization{ID: uuid.New(), Name: "Acme", Slug: "acme"}
	sc, err := scope.ForMember(org, scope.Membership{ID: uuid.New(), OrganizationID: org.ID, UserID: uuid.New(), Role: scope.Member})
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

func list(t *testing.T, db *pgxpool.Pool, sc *scope.Scope) []audit.Event {
	t.Helper()
	events, err := audit.List(t.Context(), db, sc, audit.Page{})
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// count is the number of events of all organizations.
//
//sigra:allow test -- the test looks at everybody's events
func count(t *testing.T, db *pgxpool.Pool) (n int) {
	t.Helper()
	if err := db.QueryRow(t.Context(), "SELECT count(*) FROM audit_events").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAnEventIsThereWhenItsChangeIs(t *testing.T) {
	t.Parallel()
	db, sc := database(t), member(t)
	boom := errors.New("the change fails")
	err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		return errors.Join(audit.Record(t.Context(), tx, sc, audit.Event{Action: "project.archived"}), boom)
	})
	if !errors.Is(err, boom) || len(list(t, db, sc)) != 0 {
		t.Errorf("after a rollback: %v, %v", err, list(t, db, sc))
	}
	target, at := uuid.New(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	event := audit.Event{OrganizationID: uuid.New(), Action: "project.archived", OccurredAt: at, TargetType: "project", TargetID: &target, Details: map[string]any{"name": "Apollo"},
		ActorID: new(uuid.New()), Reason: new("because")} // who acts is the scope's, whatever the event says
	if err := audit.Record(t.Context(), db, sc, event); err != nil {
		t.Fatal(err)
	}
	got := list(t, db, sc)
	if len(got) != 1 || *got[0].ActorID != sc.UserID() || got[0].Reason != nil || *got[0].TargetID != target ||
		!got[0].OccurredAt.Equal(at) || got[0].Details["name"] != "Apollo" {
		t.Errorf("events are %+v", got)
	}
	if other := list(t, db, member(t)); len(other) != 0 {
		t.Errorf("another organization sees %+v", other)
	}
	// Written once, it cannot be written again.
	event.ID = got[0].ID
	if err := audit.Record(t.Context(), db, sc, event); err == nil {
		t.Error("an event is recorded under the id of another one")
	}
	event.ID = uuid.Nil
	user, err := scope.ForUser(sc.UserID())
	if err != nil {
		t.Fatal(err)
	}
	for _, none := range []*scope.Scope{nil, new(scope.Scope), user} {
		if err := audit.Record(t.Context(), db, none, event); !errors.Is(err, scope.ErrNoOrganization) {
			t.Errorf("an event without an organization: %v", err)
		}
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d events in all, want 1", n)
	}
}

func TestBackgroundWorkLeavesItsReason(t *testing.T) {
	t.Parallel()
	db := database(t)
	id := uuid.New()
	sc, err := audit.System(t.Context(), db, id, "nightly import")
	if err != nil {
		t.Fatal(err)
	}
	if err := audit.Record(t.Context(), db, sc, audit.Event{Action: "row.imported"}); err != nil {
		t.Fatal(err)
	}
	got := list(t, db, sc)
	if len(got) != 2 || got[1].Action != "scope.system" {
		t.Fatalf("events are %+v", got)
	}
	for _, e := range got {
		if e.ActorID != nil || e.Reason == nil || *e.Reason != "nightly import" {
			t.Errorf("event %+v", e)
		}
	}
	if _, err := audit.System(t.Context(), db, id, " "); !errors.Is(err, scope.ErrReason) {
		t.Errorf("without a reason: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if sc, err := audit.System(ended, db, id, "unrecorded"); err == nil || sc != nil {
		t.Errorf("a scope that could not be recorded: %v, %v", sc, err)
	}
	if _, err := audit.System(t.Context(), db, uuid.Nil, "nobody's"); !errors.Is(err, scope.ErrNoOrganization) {
		t.Errorf("without an organization: %v", err)
	}
	if n := count(t, db); n != 2 {
		t.Errorf("%d events, want the first two", n)
	}
}

func TestCursorsFromClients(t *testing.T) {
	t.Parallel()
	if c, err := audit.ParseCursor(""); err != nil || !c.IsZero() || c.String() != "" {
		t.Errorf("the empty cursor is %v, %v", c, err)
	}
	if c, err := audit.ParseCursor("x"); err == nil || !c.IsZero() || !strings.HasPrefix(err.Error(), "audit: ") {
		t.Errorf("what is no cursor is read as %v, %v", c, err)
	}
}

// The hook belongs to the whole process, so this is the only test that sets it.
func TestWaysAroundTheScopeAreRecordedBeforeTheyAreSent(t *testing.T) {
	db := database(t)
	var log bytes.Buffer
	query.OnBypass(audit.Hook(db, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	t.Cleanup(func() { query.OnBypass(nil) })

	count := func() sqlbuilder.Builder {
		return query.Text("SELECT count(*)::int FROM audit_events WHERE organization_id = $1 AND action = 'query.unscoped'", uuid.Nil)
	}
	n, err := query.One[int](t.Context(), db, query.Unscoped(count(), "the operator counts"))
	if err != nil || n != 1 {
		t.Errorf("%d events when the statement runs, %v, want its own", n, err)
	}
	// The library's own statements are on the way of every request, and not for the
	// trail. Nobody else's are, whatever they say.
	if _, err := store.New(db).Sessions.ResolveID(t.Context(), uuid.New()); !errors.Is(err, store.ErrNoSession) {
		t.Fatal(err)
	}
	if n, err = query.One[int](t.Context(), db, query.Unscoped(count(), "the operator counts again")); err != nil || n != 2 {
		t.Errorf("%d events, %v: the library's own statement was recorded", n, err)
	}
	if n, err = query.One[int](t.Context(), db, query.Unscoped(count(), audit.Library+"nobody need know")); err != nil || n != 3 {
		t.Errorf("%d events, %v: a reason like the library's hides the statement", n, err)
	}
	if !strings.Contains(log.String(), "sessions belong to users") || strings.Contains(log.String(), "operator") {
		t.Errorf("the log is %q", log.String())
	}
	// What cannot be recorded is not sent.
	query.OnBypass(audit.Hook(broken{}, slog.Default()))
	if _, err := query.One[int](t.Context(), db, query.Unscoped(count(), "unrecorded")); !errors.Is(err, errBroken) {
		t.Errorf("error is %v", err)
	}
	query.OnBypass(audit.Hook(nil, slog.Default()))
	if _, err := query.One[int](t.Context(), db, query.Unscoped(count(), "unrecorded")); err == nil || !strings.Contains(err.Error(), "give it the pool") {
		t.Errorf("error without a database is %v", err)
	}
}

// deadlines keeps how long it may take to record something.
type deadlines struct{ until []time.Time }

func (d *deadlines) Exec(ctx context.Context, _ string, _ ...any) (pgconn.CommandTag, error) {
	until, _ := ctx.Deadline()
	d.until = append(d.until, until)
	return pgconn.CommandTag{}, ctx.Err()
}

// A pool whose connections are all held by those who wait for one more would else
// be waited for for ever.
func TestAHookDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	var seen deadlines
	hook := audit.Hook(&seen, slog.Default())
	given := time.Now().Add(time.Hour)
	ctx, cancel := context.WithDeadline(t.Context(), given)
	defer cancel()
	for _, ctx := range []context.Context{context.Background(), ctx} {
		if err := hook(ctx, query.BypassEvent{Reason: "test", SQL: "SELECT 1"}); err != nil {
			t.Fatal(err)
		}
	}
	if seen.until[0].IsZero() || !seen.until[1].Equal(given) {
		t.Errorf("recording may take until %v, want some time and %v", seen.until, given)
	}
}

func TestAHookWithoutALoggerPanicsAtOnce(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("it is accepted")
		}
	}()
	audit.Hook(broken{}, nil)
}

var errBroken = errors.New("no connection")

type broken struct{}

func (broken) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, errBroken
}
