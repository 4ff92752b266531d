package store_test

import (
	"testing"
	"time"

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
