package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/migrations"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

func TestMain(m *testing.M) {
	query.OnBypass(audit.Hook(nil, slog.New(slog.NewTextHandler(io.Discard, nil))))
	pgtest.Main(m)
}

// world is a database with the schema, stores over it, and a clock.
type world struct {
	testing.TB
	*store.Store
	db    *pgxpool.Pool
	clock *clock
	log   *safeBuffer
	mails *outbox
}

// newWorld makes a world with a database of its own.
//
//sigra:allow test -- the schema's own script
func newWorld(t testing.TB, opts ...store.Option) *world {
	t.Helper()
	return newWorldOn(t, pgtest.DSN(t, migrations.All().Up()), opts...)
}

// newWorldOn makes a world on a database that has the schema.
func newWorldOn(t testing.TB, dsn string, opts ...store.Option) *world {
	t.Helper()
	db, err := pgxpool.New(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	w := &world{TB: t, db: db, clock: newClock(), log: new(safeBuffer), mails: new(outbox)}
	w.Store = w.stores(db, opts...)
	return w
}

// stores are stores with the clock, the log and the outbox of the world.
func (w *world) stores(db store.DB, opts ...store.Option) *store.Store {
	return store.New(db, append([]store.Option{
		store.Clock(w.clock.now),
		store.Logger(slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		store.Mail(w.mails.send),
	}, opts...)...)
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// outbox keeps what would have been mailed.
type outbox struct {
	mu   sync.Mutex
	sent []store.Mailing
}

func (o *outbox) send(_ context.Context, m store.Mailing) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, m)
	return nil
}

func (o *outbox) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.sent)
}

// user adds somebody who can sign in, and returns their scope.
func (w *world) user(email string) *scope.Scope {
	w.Helper()
	id := uuid.New()
	w.exec("INSERT INTO users (id, email) VALUES ($1, $2)", id, email)
	return must(scope.ForUser(id))
}

// organization has an owner, who is new.
func (w *world) organization(slug string) (owner *scope.Scope) {
	w.Helper()
	return w.ok(w.Organizations.Create(w.Context(), w.user("owner@"+slug+".example"), store.NewOrganization{Name: slug, Slug: slug}))
}

// member adds a new user to the organization of owner.
func (w *world) member(owner *scope.Scope, email string, role scope.Role) *scope.Scope {
	w.Helper()
	user := w.user(email)
	if _, err := w.Memberships.Add(w.Context(), owner, user.UserID(), role); err != nil {
		w.Fatal(err)
	}
	return w.ok(w.Organizations.Enter(w.Context(), user, orgID(owner)))
}

func (w *world) ok(sc *scope.Scope, err error) *scope.Scope {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
	return sc
}

func (w *world) invite(sc *scope.Scope, email string, role scope.Role) store.Sent {
	w.Helper()
	sent, err := w.Invitations.Invite(w.Context(), sc, email, role)
	if err != nil {
		w.Fatal(err)
	}
	return sent
}

// exec runs what the stores would not.
//
//sigra:allow test -- tests prepare the rows of all organizations
func (w *world) exec(sql string, args ...any) {
	w.Helper()
	if _, err := w.db.Exec(w.Context(), sql, args...); err != nil {
		w.Fatal(err)
	}
}

// count is the number that a query returns.
//
//sigra:allow test -- tests look at the rows of all organizations
func (w *world) count(sql string, args ...any) int {
	w.Helper()
	var n int
	if err := w.db.QueryRow(w.Context(), sql, args...).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

// dump is everything that the stores can write, so that two dumps are equal when
// nothing was written.
//
//sigra:allow test -- tests look at the rows of all organizations
func (w *world) dump() []string {
	w.Helper()
	var all []string
	for _, table := range []string{"users", "organizations", "organization_slug_aliases", "organization_memberships",
		"organization_invitations", "audit_events", "user_sessions"} {
		rows, err := w.db.Query(w.Context(), "SELECT t::text FROM "+table+" t ORDER BY 1")
		if err != nil {
			w.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			w.Fatal(err)
		}
		for _, line := range lines {
			all = append(all, table+" "+line)
		}
	}
	return all
}

// unchanged runs f and checks that it wrote nothing and mailed nothing.
func (w *world) unchanged(f func()) {
	w.Helper()
	before, mails := w.dump(), w.mails.count()
	f()
	if diff := cmp.Diff(before, w.dump()); diff != "" {
		w.Errorf("something was written:\n%s", diff)
	}
	if n := w.mails.count() - mails; n != 0 {
		w.Errorf("%d mails were sent", n)
	}
}

// refused checks that f fails with the sentinel and leaves nothing behind.
func (w *world) refused(want error, f func() error) {
	w.Helper()
	w.unchanged(func() {
		w.Helper()
		if err := f(); !errors.Is(err, want) {
			w.Errorf("error is %v, want %v", err, want)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func second[A any](_ A, err error) error { return err }

func orgID(sc *scope.Scope) uuid.UUID { return must(sc.OrganizationID()) }

func memberID(sc *scope.Scope) uuid.UUID {
	m, ok := sc.Membership()
	if !ok {
		panic("not a member's scope")
	}
	return m.ID
}

func slugOf(sc *scope.Scope) string {
	org, _ := sc.ActiveOrganization()
	return org.Slug
}

// userOf is the scope of the same user without an organization.
func (w *world) userOf(sc *scope.Scope) *scope.Scope { return must(scope.ForUser(sc.UserID())) }

// newRankedWorld is a world with other roles.
//
//sigra:allow test -- the schema's own script
func newRankedWorld(t testing.TB, ranking scope.Ranking, opts ...store.Option) *world {
	t.Helper()
	return newWorldOn(t, pgtest.DSN(t, migrations.All(migrations.Roles(ranking)).Up()), opts...)
}
