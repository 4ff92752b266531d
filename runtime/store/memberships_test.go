package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

func TestMembersAreUnique(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.organization("acme")
	bob := w.member(owner, "bob@example.com", scope.Member)
	w.refused(store.ErrAlreadyMember, func() error {
		return second(w.Memberships.Add(t.Context(), owner, bob.UserID(), scope.Admin))
	})
	w.refused(store.ErrNotFound, func() error {
		return second(w.Memberships.Add(t.Context(), owner, uuid.New(), scope.Member))
	})
}

// Every pair of roles, and every role that the one may give, take or end.
func TestNobodyReachesAboveTheirRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	roles := []scope.Role{scope.Owner, scope.Admin, scope.Member}
	acting, targets := map[scope.Role]*scope.Scope{}, map[scope.Role]*scope.Scope{}
	for _, role := range roles {
		acting[role] = w.member(owner, "acting-"+string(role)+"@example.com", role)
		targets[role] = w.member(owner, "target-"+string(role)+"@example.com", role)
	}
	for a, actor := range roles {
		want := func(reached int) error {
			switch {
			case actor == scope.Member:
				return store.ErrForbidden
			case reached < a:
				return store.ErrRank
			}
			return nil
		}
		for g, granted := range roles {
			t.Run(fmt.Sprintf("%s grants %s", actor, granted), func(t *testing.T) {
				email := fmt.Sprintf("invited-by-%s-as-%s@example.com", actor, granted)
				user := w.user("added-" + email)
				check(w, want(g), func() error { return second(w.Invitations.Invite(ctx, acting[actor], email, granted)) })
				check(w, want(g), func() error { return second(w.Memberships.Add(ctx, acting[actor], user.UserID(), granted)) })
				plain := w.member(owner, "plain-"+email, scope.Member)
				check(w, want(g), func() error {
					return second(w.Memberships.ChangeRole(ctx, acting[actor], memberID(plain), granted))
				})
			})
			t.Run(fmt.Sprintf("%s takes %s", actor, granted), func(t *testing.T) {
				check(w, want(g), func() error {
					return second(w.Memberships.ChangeRole(ctx, acting[actor], memberID(targets[granted]), scope.Member))
				})
				email := fmt.Sprintf("removed-by-%s-as-%s@example.com", actor, granted)
				check(w, want(g), func() error {
					return w.Memberships.Remove(ctx, acting[actor], memberID(w.member(owner, email, granted)))
				})
				sent := w.invite(owner, "invited-"+email, granted)
				check(w, want(g), func() error { return second(w.Invitations.Resend(ctx, acting[actor], sent.ID)) })
				sent = w.invite(owner, "invited-"+email, granted)
				check(w, want(g), func() error { return w.Invitations.Revoke(ctx, acting[actor], sent.ID) })
			})
			// What was changed is put back.
			w.exec("UPDATE organization_memberships SET role = $1 WHERE id = $2", granted, memberID(targets[granted]))
			w.exec("DELETE FROM organization_invitations")
		}
	}
}

// check is refused for an error, and for none that f succeeds.
func check(w *world, want error, f func() error) {
	w.Helper()
	err := f()
	if !errors.Is(err, want) {
		w.Errorf("error is %v, want %v", err, want)
	}
}

func TestRolesThatAreUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	member, user := w.member(owner, "bob@example.com", scope.Member), w.user("new@example.com")
	for _, role := range []scope.Role{"", "king", "Owner", "owner ", "owner\n"} {
		w.refused(store.ErrRole, func() error { return second(w.Memberships.Add(ctx, owner, user.UserID(), role)) })
		w.refused(store.ErrRole, func() error { return second(w.Memberships.ChangeRole(ctx, owner, memberID(member), role)) })
		w.refused(store.ErrRole, func() error { return second(w.Invitations.Invite(ctx, owner, "new@example.com", role)) })
		// Who has no authority does not learn which roles there are.
		w.refused(store.ErrForbidden, func() error { return second(w.Memberships.Add(ctx, member, user.UserID(), role)) })
		w.refused(store.ErrForbidden, func() error { return second(w.Memberships.ChangeRole(ctx, member, memberID(owner), role)) })
		w.refused(store.ErrForbidden, func() error { return second(w.Invitations.Invite(ctx, member, "new@example.com", role)) })
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	admin := w.member(owner, "bob@example.com", scope.Admin)
	system := must(scope.System(orgID(owner), "job"))
	session, _, err := w.Sessions.Start(ctx, owner)
	if err != nil {
		t.Fatal(err)
	}
	w.ok(w.Sessions.Activate(ctx, owner, session.ID, orgID(owner)))
	deleteUser := func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM users WHERE id = $1", owner.UserID())
		return err
	}
	// A refusal leaves the session's pointer and the trail as they were.
	for what, f := range map[string]func() error{
		"leaves":              func() error { return w.Memberships.Leave(ctx, owner) },
		"removes oneself":     func() error { return w.Memberships.Remove(ctx, owner, memberID(owner)) },
		"steps down":          func() error { return second(w.Memberships.ChangeRole(ctx, owner, memberID(owner), scope.Admin)) },
		"departs":             func() error { return w.Memberships.Depart(ctx, owner, deleteUser) },
		"is removed by a job": func() error { return w.Memberships.Remove(ctx, system, memberID(owner)) },
		"is demoted by a job": func() error { return second(w.Memberships.ChangeRole(ctx, system, memberID(owner), scope.Member)) },
	} {
		t.Run(what, func(t *testing.T) { w.refused(store.ErrLastOwner, f) })
	}
	// Nor does a scope help that is older than the role.
	if _, err := w.Memberships.ChangeRole(ctx, owner, memberID(admin), scope.Owner); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Memberships.ChangeRole(ctx, owner, memberID(owner), scope.Member); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrForbidden, func() error { return w.Memberships.Remove(ctx, owner, memberID(admin)) })
	w.refused(store.ErrLastOwner, func() error { return w.Memberships.Leave(ctx, admin) })
	// A plain member can go, whoever the owners are.
	if err := w.Memberships.Leave(ctx, owner); err != nil {
		t.Error(err)
	}
}

func TestDeletingAUserLeavesNoOrganizationWithoutOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.organization("acme")
	if _, err := w.db.Exec(t.Context(), "DELETE FROM users WHERE id = $1", owner.UserID()); err == nil {
		t.Error("the last owner's account is deleted")
	}
	w.member(owner, "bob@example.com", scope.Owner)
	w.exec("DELETE FROM users WHERE id = $1", owner.UserID())
}

func TestRemovalClearsTheSessionsOfThatUserInThatOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	acme, other := w.organization("acme"), w.organization("other")
	bob := w.member(acme, "bob@example.com", scope.Member)
	if _, err := w.Memberships.Add(ctx, other, bob.UserID(), scope.Member); err != nil {
		t.Fatal(err)
	}
	point := func(user, org *scope.Scope) uuid.UUID {
		s, _, err := w.Sessions.Start(ctx, user)
		if err != nil {
			t.Fatal(err)
		}
		w.ok(w.Sessions.Activate(ctx, user, s.ID, orgID(org)))
		return s.ID
	}
	gone := []uuid.UUID{point(bob, acme), point(bob, acme)}
	kept := []uuid.UUID{point(bob, other), point(acme, acme)}
	if err := w.Memberships.Remove(ctx, acme, memberID(bob)); err != nil {
		t.Fatal(err)
	}
	if n := w.count("SELECT count(*) FROM user_sessions WHERE id = ANY ($1) AND active_organization_id IS NULL", gone); n != len(gone) {
		t.Errorf("%d of the member's sessions are cleared", n)
	}
	if n := w.count("SELECT count(*) FROM user_sessions WHERE id = ANY ($1) AND active_organization_id IS NOT NULL", kept); n != len(kept) {
		t.Errorf("%d of the other sessions are kept", n)
	}
	w.refused(store.ErrNotFound, func() error { return w.Memberships.Remove(ctx, acme, memberID(bob)) })
	w.refused(store.ErrNotFound, func() error { return w.Memberships.Leave(ctx, bob) })
}

func TestARoleCountsFromItsCommitOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	bob := w.member(owner, "bob@example.com", scope.Admin) // a scope that will be out of date
	if _, err := w.Memberships.ChangeRole(ctx, owner, memberID(bob), scope.Member); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrForbidden, func() error { return second(w.Invitations.Invite(ctx, bob, "x@example.com", scope.Member)) })
	if sc := w.ok(w.Organizations.Enter(ctx, bob, orgID(owner))); !sc.HasRole(scope.Member) {
		t.Error("the next request has the old role")
	}
	if _, err := w.Memberships.ChangeRole(ctx, owner, memberID(bob), scope.Admin); err != nil {
		t.Fatal(err)
	}
	w.invite(bob, "x@example.com", scope.Member)
}

func TestDepartureEndsEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	bob := w.user("bob@example.com")
	var owners []*scope.Scope
	for i := range 3 {
		owner := w.organization(fmt.Sprintf("acme-%d", i))
		if _, err := w.Memberships.Add(ctx, owner, bob.UserID(), scope.Owner); err != nil {
			t.Fatal(err)
		}
		owners = append(owners, owner)
	}
	if err := w.Organizations.Delete(ctx, owners[2]); err != nil {
		t.Fatal(err)
	}
	boom := errors.New("the account is on hold")
	w.unchanged(func() {
		err := w.Memberships.Depart(ctx, bob, func(context.Context, pgx.Tx) error { return boom })
		if !errors.Is(err, store.ErrRefused) || !errors.Is(err, boom) {
			t.Errorf("error is %v", err)
		}
	})
	if err := w.Memberships.Depart(ctx, bob, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM users WHERE id = $1", bob.UserID())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n := w.count("SELECT (SELECT count(*) FROM users WHERE id = $1) + (SELECT count(*) FROM organization_memberships WHERE user_id = $1)", bob.UserID()); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if n := w.count("SELECT count(*) FROM audit_events WHERE actor_id = $1 AND action = 'membership.left'", bob.UserID()); n != 3 {
		t.Errorf("%d events, want one for each organization", n)
	}
}

func TestRolesOfTheApplicationsOwn(t *testing.T) {
	t.Parallel()
	// The schema has to know them too.
	ranking := scope.MustRanking("captain", "mate", "sailor")
	w := newRankedWorld(t, ranking, store.Roles(ranking, "mate"))
	ctx := t.Context()
	captain := w.ok(w.Organizations.Create(ctx, w.user("ann@example.com"), store.NewOrganization{Name: "Ship"}))
	if !captain.HasRole("captain") || !captain.AtLeast("sailor") {
		t.Errorf("who creates has the scope %v", captain)
	}
	mate := w.member(captain, "bob@example.com", "mate")
	w.invite(mate, "cleo@example.com", "sailor")
	w.refused(store.ErrRank, func() error { return second(w.Invitations.Invite(ctx, mate, "cleo@example.com", "captain")) })
	w.refused(store.ErrRole, func() error { return second(w.Invitations.Invite(ctx, captain, "cleo@example.com", scope.Owner)) })
	w.refused(store.ErrLastOwner, func() error { return w.Memberships.Leave(ctx, captain) })
	if _, err := w.Organizations.TransferOwnership(ctx, captain, memberID(mate)); err != nil {
		t.Fatal(err)
	}
	if m, err := w.Memberships.Get(ctx, mate, memberID(captain)); err != nil || m.Role != "mate" {
		t.Errorf("who hands over becomes %+v, %v", m, err)
	}
}

func TestMembersInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	other := w.organization("other")
	w.member(other, "stranger@example.com", scope.Member)
	var want []uuid.UUID
	for i := range 9 { // in groups of three at the same moment
		if i%3 == 0 {
			w.clock.advance(time.Second)
		}
		want = append(want, memberID(w.member(owner, fmt.Sprintf("m%d@example.com", i), scope.Member)))
	}
	want = append(want, memberID(owner))
	var got []uuid.UUID
	for page := (store.Page{Limit: 4}); ; {
		list, err := w.Memberships.List(ctx, owner, page)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, m := range list {
			got = append(got, m.ID)
			page.After = m.Cursor()
		}
		if len(got) == 4 { // one that joins now comes last, and one that leaves leaves no gap
			if err := w.Memberships.Remove(ctx, owner, got[0]); err == nil {
				want = append(want, memberID(w.member(owner, "late@example.com", scope.Member)))
			}
		}
	}
	byText := func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }
	slices.SortFunc(want, byText)
	slices.SortFunc(got, byText)
	if !slices.Equal(got, want) {
		t.Errorf("pages have %d members, want %d", len(got), len(want))
	}
	if n, err := w.Memberships.Count(ctx, owner); err != nil || n != w.count("SELECT count(*) FROM organization_memberships WHERE organization_id = $1", orgID(owner)) {
		t.Errorf("count is %d, %v", n, err)
	}
}

func TestCursorsFromClients(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"x", "AAAA", "!!!!", "////////////////////////////////", "gICAgICAgICAgICAgICAgICAgICAgICA"} {
		if c, err := store.ParseCursor(s); err == nil {
			t.Errorf("%q is read as %v", s, c)
		}
	}
	if c, err := store.ParseCursor(""); err != nil || !c.IsZero() || c.String() != "" {
		t.Errorf("the empty cursor is %v, %v", c, err)
	}
}
