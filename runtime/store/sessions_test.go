package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

func TestSessionsResolveToNoneOneOrAChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	user := w.user("ann@example.com")
	session, token, err := w.Sessions.Start(ctx, user)
	if err != nil {
		t.Fatal(err)
	}
	expect := func(what string, standing store.Standing, org *scope.Scope) {
		t.Helper()
		for way, resolve := range map[string]func() (store.Resolution, error){
			"token": func() (store.Resolution, error) { return w.Sessions.Resolve(ctx, token) },
			"id":    func() (store.Resolution, error) { return w.Sessions.ResolveID(ctx, session.ID) },
		} {
			w.unchanged(func() {
				r, err := resolve()
				if err != nil || r.Standing != standing || r.SessionID != session.ID || r.Scope.UserID() != user.UserID() {
					t.Errorf("%s by %s: %+v, %v", what, way, r, err)
					return
				}
				id, err := r.Scope.OrganizationID()
				if org == nil && err == nil || org != nil && id != orgID(org) {
					t.Errorf("%s by %s: organization %s, %v", what, way, id, err)
				}
			})
		}
	}
	expect("no membership", store.NoOrganization, nil)
	one := w.ok(w.Organizations.Create(ctx, user, store.NewOrganization{Name: "One"}))
	expect("the only membership", store.Active, one)
	two := w.ok(w.Organizations.Create(ctx, user, store.NewOrganization{Name: "Two"}))
	three := w.ok(w.Organizations.Create(ctx, user, store.NewOrganization{Name: "Three"}))
	expect("several", store.MustChoose, nil)
	for _, org := range []*scope.Scope{two, one, three} {
		if sc := w.ok(w.Sessions.Activate(ctx, user, session.ID, orgID(org))); orgID(sc) != orgID(org) || !sc.HasRole(scope.Owner) {
			t.Errorf("activation returns %v", sc)
		}
		expect("the active one", store.Active, org)
	}
	if err := w.Organizations.Delete(ctx, three); err != nil {
		t.Fatal(err)
	}
	expect("after the active one's deletion", store.MustChoose, nil)
	w.ok(w.Sessions.Activate(ctx, user, session.ID, orgID(two)))
	if err := w.Sessions.Clear(ctx, user, session.ID); err != nil {
		t.Fatal(err)
	}
	expect("cleared", store.MustChoose, nil)
	if err := w.Sessions.Clear(ctx, user, session.ID); err != nil {
		t.Errorf("cleared twice: %v", err)
	}

	if err := w.Organizations.Delete(ctx, two); err != nil {
		t.Fatal(err)
	}
	expect("one is left", store.Active, one)
}

// A pointer that outlived its membership, which only somebody who writes without
// the stores can bring about, is as if it pointed nowhere.
func TestAStalePointerIsNoMembership(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.exec("ALTER TABLE user_sessions DROP CONSTRAINT user_sessions_active_membership_fkey")
	acme, other := w.organization("acme"), w.organization("other")
	session, token, err := w.Sessions.Start(ctx, acme)
	if err != nil {
		t.Fatal(err)
	}
	for _, stale := range []uuid.UUID{orgID(other), uuid.New()} {
		w.exec("UPDATE user_sessions SET active_organization_id = $1 WHERE id = $2", stale, session.ID)
		r, err := w.Sessions.Resolve(ctx, token)
		if err != nil || r.Standing != store.Active || orgID(r.Scope) != orgID(acme) {
			t.Errorf("resolves to %+v, %v", r, err)
		}
	}
}

func TestSessionsThatAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.SessionTTL(time.Hour))
	ctx := t.Context()
	user := w.user("ann@example.com")
	sent := w.invite(w.organization("acme"), "new@example.com", scope.Member)
	session, token, err := w.Sessions.Start(ctx, user)
	if err != nil {
		t.Fatal(err)
	}
	for what, bad := range map[string]store.Secret{"empty": "", "truncated": token[:42], "of an invitation": sent.Token, "longer": token + "A"} {
		t.Run(what, func(t *testing.T) {
			w.refused(store.ErrNoSession, func() error { return second(w.Sessions.Resolve(ctx, bad)) })
		})
	}
	w.refused(store.ErrNoSession, func() error { return second(w.Sessions.ResolveID(ctx, uuid.New())) })
	w.clock.advance(time.Hour - time.Microsecond)
	if _, err := w.Sessions.Resolve(ctx, token); err != nil {
		t.Error(err)
	}
	w.clock.advance(time.Microsecond)
	w.refused(store.ErrNoSession, func() error { return second(w.Sessions.Resolve(ctx, token)) })

	// A session that has vanished is no crash.
	if err := w.Sessions.End(ctx, user, session.ID); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrNoSession, func() error { return w.Sessions.End(ctx, user, session.ID) })
	w.refused(store.ErrNoSession, func() error { return w.Sessions.Clear(ctx, user, session.ID) })
	if err := w.Sessions.Touch(ctx, user, session.ID); err != nil {
		t.Error(err)
	}
}

func TestLastActivityIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	session, _, err := w.Sessions.Start(ctx, owner)
	if err != nil {
		t.Fatal(err)
	}
	w.ok(w.Sessions.Activate(ctx, owner, session.ID, orgID(owner)))
	started := w.clock.now()
	for _, tc := range []struct {
		after time.Duration
		want  time.Time
	}{{59 * time.Second, started}, {time.Second, started.Add(time.Minute)}} {
		w.clock.advance(tc.after)
		if err := w.Sessions.Touch(ctx, owner, session.ID); err != nil {
			t.Fatal(err)
		}
		list, err := w.Memberships.List(ctx, owner, store.Page{})
		if err != nil || len(list) != 1 || !list[0].LastActiveAt.Equal(tc.want) {
			t.Errorf("last active: %+v, %v, want %s", list, err, tc.want)
		}
	}
}

func TestSessionsOfAnotherTable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.exec(`CREATE SCHEMA web; CREATE TABLE web."Logins" (id uuid PRIMARY KEY, user_id uuid, active_organization_id uuid, last_active_at timestamptz)`)
	s := w.stores(w.db, store.SessionTable(`web."Logins"`))
	owner := w.organization("acme")
	bob := w.member(owner, "bob@example.com", scope.Member)
	id := uuid.New()
	w.exec(`INSERT INTO web."Logins" VALUES ($1, $2, NULL, now())`, id, bob.UserID())
	w.ok(s.Sessions.Activate(ctx, bob, id, orgID(owner)))
	if r, err := s.Sessions.ResolveID(ctx, id); err != nil || orgID(r.Scope) != orgID(owner) {
		t.Errorf("resolves to %+v, %v", r, err)
	}
	if list, err := s.Memberships.List(ctx, owner, store.Page{}); err != nil || len(list) != 2 {
		t.Errorf("members are %+v, %v", list, err)
	}
	if err := s.Memberships.Remove(ctx, owner, memberID(bob)); err != nil {
		t.Fatal(err)
	}
	if n := w.count(`SELECT count(*) FROM web."Logins" WHERE active_organization_id IS NOT NULL`); n != 0 {
		t.Errorf("%d pointers are left", n)
	}

	none := w.stores(w.db, store.NoSessions())
	if _, _, err := none.Sessions.Start(ctx, owner); !errors.Is(err, store.ErrNoSession) {
		t.Errorf("sessions without a table: %v", err)
	}
	if _, err := none.Memberships.List(ctx, owner, store.Page{}); err != nil {
		t.Error(err)
	}
	cleo := w.member(owner, "cleo@example.com", scope.Member)
	if err := none.Memberships.Remove(ctx, owner, memberID(cleo)); err != nil {
		t.Error(err)
	}
}
