package store_test

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

// crowd is enough rows for the planner to care.
const crowd = `
INSERT INTO users (id, email) SELECT gen_random_uuid(), 'u' || n || '@example.com' FROM generate_series(1, 6000) n;
INSERT INTO organizations (id, name, slug, created_by, created_at, updated_at, deleted_at)
	SELECT gen_random_uuid(), 'Org', 'org-' || row_number() OVER (), id, now(), now(), CASE WHEN random() < 0.1 THEN now() END FROM users;
INSERT INTO organization_memberships (organization_id, id, user_id, role, created_at, updated_at)
	SELECT id, gen_random_uuid(), created_by, 'owner', now(), now() FROM organizations;
INSERT INTO organization_memberships (organization_id, id, user_id, role, created_at, updated_at)
	SELECT o.id, gen_random_uuid(), u.id, 'member', now(), now() FROM (SELECT id, row_number() OVER () AS n FROM organizations) o
	JOIN (SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM users) u ON u.n % 500 = o.n % 500 ON CONFLICT DO NOTHING;
INSERT INTO organization_invitations (organization_id, id, email, role, token_hash, invited_by, created_at, expires_at, revoked_at)
	SELECT o.id, gen_random_uuid(), 'i' || n || '@example.com', 'member', sha256((o.id || 'i' || n)::bytea), created_by,
		now() - n * interval '1 hour', now() + interval '7 days', CASE WHEN n > 3 THEN now() END
	FROM organizations o, generate_series(1, 6) n;
INSERT INTO organization_slug_aliases (organization_id, slug, created_at, expires_at)
	SELECT id, 'former-' || slug, now(), now() + interval '7 days' FROM organizations;
INSERT INTO user_sessions (id, user_id, token_hash, active_organization_id, created_at, last_active_at, expires_at)
	SELECT gen_random_uuid(), user_id, sha256(id::text::bytea), organization_id, now(), now(), now() + interval '1 day' FROM organization_memberships;
INSERT INTO audit_events (organization_id, id, occurred_at, action)
	SELECT organization_id, gen_random_uuid(), created_at, 'a.b' FROM organization_invitations;
ANALYZE;`

// recorder keeps the statements of the stores with their arguments.
type recorder struct {
	mu         sync.Mutex
	statements map[string][]any
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements[data.SQL] = data.Args
	return ctx
}

func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

var explained = regexp.MustCompile(`^\s*(SELECT|UPDATE|DELETE|INSERT)\b`)

// Every statement that the stores and the trail have, on tables with tens of
// thousands of rows: none reads a whole table.
func TestEveryStatementHasItsIndex(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.exec(crowd)
	r := &recorder{statements: map[string][]any{}}
	pool := w.pool(func(c *pgxpool.Config) { c.ConnConfig.Tracer = r })
	w.Store = w.stores(pool)
	for _, operation := range operations {
		if err := operation(w, 1)(ctx, w.Store); err != nil {
			t.Fatal(err)
		}
	}
	// What only reads, and what the operations leave out.
	owner := w.organization("reading")
	user := w.member(owner, "reader@example.com", scope.Admin)
	sent := w.invite(owner, "new@example.com", scope.Member)
	session, token, err := w.Sessions.Start(ctx, user)
	if err != nil {
		t.Fatal(err)
	}
	page := store.Page{Limit: 10}
	for _, f := range []func() error{
		func() error { return second(w.Organizations.List(ctx, user, page)) },
		func() error { return second(w.Organizations.ListDeleted(ctx, user, page)) },
		func() error { return second(w.Organizations.EnterSlug(ctx, user, "reading")) },
		func() error { return second(w.Memberships.List(ctx, user, page)) },
		func() error { return second(w.Memberships.Count(ctx, user)) },
		func() error { return second(w.Memberships.Get(ctx, user, memberID(user))) },
		func() error { return second(w.Invitations.ListPending(ctx, user, page)) },
		func() error { return second(w.Invitations.ListForUser(ctx, user, page)) },
		func() error { return second(w.Invitations.Preview(ctx, nil, sent.Token)) },
		func() error { return second(w.Sessions.Resolve(ctx, token)) },
		func() error { return second(w.Sessions.ResolveID(ctx, session.ID)) },
		func() error { return w.Sessions.Touch(ctx, user, session.ID) },
		func() error { return second(w.Sessions.Activate(ctx, user, session.ID, orgID(owner))) },
		func() error { return w.Sessions.Clear(ctx, user, session.ID) },
		func() error { return w.Sessions.End(ctx, user, session.ID) },
		func() error { return second(audit.List(ctx, pool, user, audit.Page{Limit: 10})) },
		func() error { return w.Invitations.Revoke(ctx, owner, sent.ID) },
		func() error { return second(w.Organizations.Rename(ctx, owner, "Renamed")) },
		func() error { return w.Memberships.Leave(ctx, user) },
	} {
		if err := f(); err != nil {
			t.Error(err)
		}
	}

	n := 0
	for sql, args := range r.statements {
		if !explained.MatchString(sql) || strings.Contains(sql, "advisory") {
			continue
		}
		n++
		rows, err := w.db.Query(ctx, "EXPLAIN "+sql, args...)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		if text := strings.Join(plan, "\n"); strings.Contains(text, "Seq Scan") {
			t.Errorf("%s\n%s", sql, text)
		}
	}
	if n < 40 {
		t.Errorf("only %d statements were seen", n)
	}
	t.Logf("%d statements", n)
}
