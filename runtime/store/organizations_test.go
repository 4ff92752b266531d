package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

func TestALifeOfAnOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()

	owner := w.ok(w.Organizations.Create(ctx, w.user("ann@example.com"), store.NewOrganization{Name: "Blue Bakery"}))
	if got := slugOf(owner); got != "blue-bakery" {
		t.Errorf("slug is %q", got)
	}
	w.clock.advance(time.Minute)
	bob := w.user("bob@example.com")
	sent := w.invite(owner, "Bob@Example.com", scope.Admin)
	member := w.ok(w.Invitations.Accept(ctx, bob, sent.Token))
	if !member.HasRole(scope.Admin) {
		t.Error("the invited is no admin")
	}

	session, token, err := w.Sessions.Start(ctx, bob)
	if err != nil {
		t.Fatal(err)
	}
	w.ok(w.Sessions.Activate(ctx, bob, session.ID, orgID(owner)))
	got, err := w.Sessions.Resolve(ctx, token)
	if err != nil || got.Standing != store.Active || orgID(got.Scope) != orgID(owner) {
		t.Errorf("session resolves to %+v, %v", got, err)
	}
	members, err := w.Memberships.List(ctx, member, store.Page{})
	if err != nil || len(members) != 2 || members[1].LastActiveAt == nil {
		t.Errorf("members are %+v, %v", members, err)
	}
	if _, err := w.Organizations.ChangeSlug(ctx, owner, "bakery"); err != nil {
		t.Error(err)
	}
	if sc := w.ok(w.Organizations.EnterSlug(ctx, bob, "Blue-Bakery")); slugOf(sc) != "bakery" {
		t.Errorf("the alias leads to %q", slugOf(sc))
	}
	if err := w.Memberships.Leave(ctx, member); err != nil {
		t.Error(err)
	}
	if got, err := w.Sessions.Resolve(ctx, token); err != nil || got.Standing != store.NoOrganization {
		t.Errorf("session resolves to %+v, %v", got, err)
	}
	if err := w.Organizations.Delete(ctx, owner); err != nil {
		t.Error(err)
	}
	if _, err := w.Organizations.Restore(ctx, owner, orgID(owner), ""); err != nil {
		t.Error(err)
	}
	if n := w.count("SELECT count(*) FROM audit_events WHERE organization_id = $1", orgID(owner)); n != 8 {
		t.Errorf("%d events, want 8", n)
	}
}

func TestCreateMakesAnOrganizationWithOneOwnerAndItsEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("ann@example.com")
	sc := w.ok(w.Organizations.Create(t.Context(), user, store.NewOrganization{Name: "Acme", Slug: "acme"}))
	if !sc.HasRole(scope.Owner) || sc.UserID() != user.UserID() {
		t.Errorf("scope is %v", sc)
	}
	for what, sql := range map[string]string{
		"organizations": "SELECT count(*) FROM organizations WHERE slug = 'acme' AND created_by = $1",
		"owners":        "SELECT count(*) FROM organization_memberships WHERE user_id = $1 AND role = 'owner'",
		"events":        "SELECT count(*) FROM audit_events WHERE actor_id = $1 AND action = 'organization.created'",
	} {
		if n := w.count(sql, user.UserID()); n != 1 {
			t.Errorf("%d %s", n, what)
		}
	}
	w.refused(store.ErrNoUser, func() error {
		return second(w.Organizations.Create(t.Context(), must(scope.System(orgID(sc), "job")), store.NewOrganization{Name: "Job", Slug: "job-org"}))
	})
	w.refused(store.ErrNoUser, func() error {
		return second(w.Organizations.Create(t.Context(), nil, store.NewOrganization{Name: "Nil", Slug: "nil-org"}))
	})
	w.refused(store.ErrNotFound, func() error { // a user who is gone
		return second(w.Organizations.Create(t.Context(), must(scope.ForUser(uuid.New())), store.NewOrganization{Name: "Gone", Slug: "gone"}))
	})
}

func TestADeletedOrganizationIsNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	member := w.member(owner, "bob@example.com", scope.Admin)
	invited := w.user("new@example.com")
	sent := w.invite(owner, "new@example.com", scope.Member)
	session, token, err := w.Sessions.Start(ctx, member)
	if err != nil {
		t.Fatal(err)
	}
	w.ok(w.Sessions.Activate(ctx, member, session.ID, orgID(owner)))

	if err := w.Organizations.Delete(ctx, owner); err != nil {
		t.Fatal(err)
	}
	for what, f := range map[string]func() error{
		"delete again":  func() error { return w.Organizations.Delete(ctx, owner) },
		"get":           func() error { return second(w.Organizations.Get(ctx, owner)) },
		"enter":         func() error { return second(w.Organizations.Enter(ctx, owner, orgID(owner))) },
		"enter by slug": func() error { return second(w.Organizations.EnterSlug(ctx, owner, "acme")) },
		"rename":        func() error { return second(w.Organizations.Rename(ctx, owner, "x")) },
		"change slug":   func() error { return second(w.Organizations.ChangeSlug(ctx, owner, "xxx")) },
		"transfer":      func() error { return second(w.Organizations.TransferOwnership(ctx, owner, memberID(member))) },
		"add":           func() error { return second(w.Memberships.Add(ctx, owner, invited.UserID(), scope.Member)) },
		"change role":   func() error { return second(w.Memberships.ChangeRole(ctx, owner, memberID(member), scope.Owner)) },
		"remove":        func() error { return w.Memberships.Remove(ctx, owner, memberID(member)) },
		"leave":         func() error { return w.Memberships.Leave(ctx, member) },
		"list members":  func() error { return second(w.Memberships.List(ctx, owner, store.Page{})) },
		"count members": func() error { return second(w.Memberships.Count(ctx, owner)) },
		"get member":    func() error { return second(w.Memberships.Get(ctx, owner, memberID(member))) },
		"invite":        func() error { return second(w.Invitations.Invite(ctx, owner, "x@example.com", scope.Member)) },
		"resend":        func() error { return second(w.Invitations.Resend(ctx, owner, sent.ID)) },
		"revoke":        func() error { return w.Invitations.Revoke(ctx, owner, sent.ID) },
		"list pending":  func() error { return second(w.Invitations.ListPending(ctx, owner, store.Page{})) },
		"activate":      func() error { return second(w.Sessions.Activate(ctx, member, session.ID, orgID(owner))) },
		"system": func() error {
			return second(w.Organizations.Get(ctx, must(scope.System(orgID(owner), "job"))))
		},
	} {
		t.Run(what, func(t *testing.T) { w.refused(store.ErrNotFound, f) })
	}
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, invited, sent.Token)) })
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Preview(ctx, nil, sent.Token)) })
	if list, err := w.Organizations.List(ctx, owner, store.Page{}); err != nil || len(list) != 0 {
		t.Errorf("it is listed: %v, %v", list, err)
	}
	if list, err := w.Invitations.ListForUser(ctx, invited, store.Page{}); err != nil || len(list) != 0 {
		t.Errorf("its invitations are listed: %v, %v", list, err)
	}
	if got, err := w.Sessions.Resolve(ctx, token); err != nil || got.Standing != store.NoOrganization {
		t.Errorf("a session resolves to %+v, %v", got, err)
	}
	if n := w.count("SELECT count(*) FROM user_sessions WHERE active_organization_id IS NOT NULL"); n != 0 {
		t.Errorf("%d sessions point at it", n)
	}
}

func TestRestoreBringsMembersBackAndNotInvitations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	admin, stranger := w.member(owner, "bob@example.com", scope.Admin), w.organization("other")
	sent := w.invite(owner, "new@example.com", scope.Member)
	w.refused(store.ErrNotDeleted, func() error { return second(w.Organizations.Restore(ctx, owner, orgID(owner), "")) })
	w.refused(store.ErrForbidden, func() error { return w.Organizations.Delete(ctx, admin) })
	if err := w.Organizations.Delete(ctx, owner); err != nil {
		t.Fatal(err)
	}
	if list, err := w.Organizations.ListDeleted(ctx, owner, store.Page{}); err != nil || len(list) != 1 {
		t.Errorf("deleted organizations are %v, %v", list, err)
	}
	w.refused(store.ErrForbidden, func() error { return second(w.Organizations.Restore(ctx, admin, orgID(owner), "")) })
	w.refused(store.ErrNotFound, func() error { return second(w.Organizations.Restore(ctx, stranger, orgID(owner), "")) })
	w.refused(store.ErrNotFound, func() error { return second(w.Organizations.Restore(ctx, stranger, uuid.New(), "")) })
	w.refused(store.ErrNotFound, func() error {
		return second(w.Organizations.Restore(ctx, must(scope.System(orgID(stranger), "job")), orgID(owner), ""))
	})
	if _, err := w.Organizations.Restore(ctx, w.userOf(owner), orgID(owner), ""); err != nil {
		t.Fatal(err)
	}
	w.ok(w.Organizations.Enter(ctx, admin, orgID(owner)))
	invited := w.user(sent.Email)
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, invited, sent.Token)) })
}

func TestRestoreNeedsAnOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.organization("acme")
	if err := w.Organizations.Delete(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	w.exec("DELETE FROM users WHERE id = $1", owner.UserID())
	w.refused(store.ErrLastOwner, func() error {
		return second(w.Organizations.Restore(t.Context(), must(scope.System(orgID(owner), "support")), orgID(owner), ""))
	})
}

func TestPurgeWaitsForTheRetentionAndKeepsTheTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.Retention(48*time.Hour))
	ctx := t.Context()
	owner, other := w.organization("acme"), w.organization("other")
	admin := w.member(owner, "bob@example.com", scope.Admin)
	w.invite(owner, "new@example.com", scope.Member)
	w.refused(store.ErrNotDeleted, func() error { return w.Organizations.Purge(ctx, owner, orgID(owner)) })
	if err := w.Organizations.Delete(ctx, owner); err != nil {
		t.Fatal(err)
	}
	w.clock.advance(48*time.Hour - time.Microsecond)
	w.refused(store.ErrTooEarly, func() error { return w.Organizations.Purge(ctx, owner, orgID(owner)) })
	w.clock.advance(time.Microsecond)
	w.refused(store.ErrForbidden, func() error { return w.Organizations.Purge(ctx, admin, orgID(owner)) })
	w.refused(store.ErrNotFound, func() error { return w.Organizations.Purge(ctx, other, orgID(owner)) })
	if err := w.Organizations.Purge(ctx, owner, orgID(owner)); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrNotFound, func() error { return w.Organizations.Purge(ctx, owner, orgID(owner)) })
	if n := w.count(`SELECT (SELECT count(*) FROM organizations WHERE id = $1) + (SELECT count(*) FROM organization_memberships WHERE organization_id = $1)
		+ (SELECT count(*) FROM organization_invitations WHERE organization_id = $1)`, orgID(owner)); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if n := w.count("SELECT count(*) FROM audit_events WHERE organization_id = $1", orgID(owner)); n != 5 {
		t.Errorf("%d events are left, want 5", n)
	}
	// Background work need not wait.
	if err := w.Organizations.Delete(ctx, other); err != nil {
		t.Fatal(err)
	}
	if err := w.Organizations.Purge(ctx, must(scope.System(orgID(other), "erasure on request")), orgID(other)); err != nil {
		t.Error(err)
	}
}

func TestOnePersonalOrganizationAUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	user := w.user("ann@example.com")
	create := func(slug string) (*scope.Scope, error) {
		return w.Organizations.Create(ctx, user, store.NewOrganization{Name: "Mine", Slug: slug, Personal: true})
	}
	mine := w.ok(create("mine"))
	w.refused(store.ErrPersonalExists, func() error { return second(create("mine-too")) })
	bob := w.user("bob@example.com")
	w.refused(store.ErrPersonal, func() error { return second(w.Memberships.Add(ctx, mine, bob.UserID(), scope.Member)) })
	w.refused(store.ErrPersonal, func() error { return second(w.Invitations.Invite(ctx, mine, "bob@example.com", scope.Member)) })

	// A deleted one makes room for another, and then cannot come back.
	if err := w.Organizations.Delete(ctx, mine); err != nil {
		t.Fatal(err)
	}
	w.ok(create("mine-too"))
	w.refused(store.ErrPersonalExists, func() error { return second(w.Organizations.Restore(ctx, mine, orgID(mine), "")) })
}

func TestTransferOfOwnership(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	admin, other := w.member(owner, "bob@example.com", scope.Admin), w.organization("other")
	transfer := func(sc *scope.Scope, to uuid.UUID) error {
		return second(w.Organizations.TransferOwnership(ctx, sc, to))
	}

	w.refused(store.ErrForbidden, func() error { return transfer(admin, memberID(admin)) })
	w.refused(store.ErrForbidden, func() error { return transfer(owner, memberID(owner)) })
	w.refused(store.ErrNotFound, func() error { return transfer(owner, memberID(other)) })
	w.refused(store.ErrNotFound, func() error { return transfer(owner, uuid.New()) })
	w.refused(store.ErrNoUser, func() error { return transfer(must(scope.System(orgID(owner), "job")), memberID(admin)) })
	if err := transfer(owner, memberID(admin)); err != nil {
		t.Fatal(err)
	}
	for sc, want := range map[*scope.Scope]scope.Role{owner: scope.Admin, admin: scope.Owner} {
		if m, err := w.Memberships.Get(ctx, sc, memberID(sc)); err != nil || m.Role != want {
			t.Errorf("role is %s, %v, want %s", m.Role, err, want)
		}
	}
	// The former owner's scope is from before, and does not help.
	w.refused(store.ErrForbidden, func() error { return transfer(owner, memberID(owner)) })
}

func TestOrganizationsOfAUserInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("ann@example.com")
	for i := range 7 { // of which three joins are at the same moment
		if i < 2 || i > 4 {
			w.clock.advance(time.Second)
		}
		w.ok(w.Organizations.Create(t.Context(), user, store.NewOrganization{Name: "Acme"}))
	}
	w.organization("other")
	seen := map[uuid.UUID]bool{}
	page := store.Page{Limit: 2}
	for range 4 {
		list, err := w.Organizations.List(t.Context(), user, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if seen[e.Organization.ID] || e.Membership.UserID != user.UserID() || e.Membership.Role != scope.Owner {
				t.Errorf("entry %+v", e)
			}
			seen[e.Organization.ID] = true
			page.After = must(store.ParseCursor(e.Cursor().String()))
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d organizations in four pages of two", len(seen))
	}
}
