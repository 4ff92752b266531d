package store_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

// methodsWithIDs are the methods to which somebody can give another
// organization's id.
func methodsWithIDs() (names []string) {
	for _, of := range []any{&store.Organizations{}, &store.Memberships{}, &store.Invitations{}, &store.Sessions{}} {
		typ := reflect.TypeOf(of)
		for m := range typ.Methods() {
			if slices.Contains(slices.Collect(m.Type.Ins()), reflect.TypeFor[uuid.UUID]()) {
				names = append(names, typ.Elem().Name()+"."+m.Name)
			}
		}
	}
	return names
}

// Every method that takes an id, with the id of another organization's row and
// with one that does not exist: the errors are the same text, and nothing is
// written.
func TestForeignAndMissingAreTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner, other := w.organization("acme"), w.organization("other")
	otherMember := w.member(other, "bob@example.com", scope.Member)
	otherInvitation := w.invite(other, "new@example.com", scope.Member)
	mine, _, err := w.Sessions.Start(ctx, owner)
	if err != nil {
		t.Fatal(err)
	}
	theirs, _, err := w.Sessions.Start(ctx, other)
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{
		"Memberships.Add":    true, // the id is a user's, and no organization owns those
		"Sessions.ResolveID": true, // is for who has found out whose session it is
	}
	for name, tc := range map[string]struct {
		foreign uuid.UUID
		want    error
		call    func(id uuid.UUID) error
	}{
		"Organizations.Enter":             {orgID(other), store.ErrNotFound, func(id uuid.UUID) error { return second(w.Organizations.Enter(ctx, owner, id)) }},
		"Organizations.Restore":           {orgID(other), store.ErrNotFound, func(id uuid.UUID) error { return second(w.Organizations.Restore(ctx, owner, id, "")) }},
		"Organizations.Purge":             {orgID(other), store.ErrNotFound, func(id uuid.UUID) error { return w.Organizations.Purge(ctx, owner, id) }},
		"Organizations.TransferOwnership": {memberID(otherMember), store.ErrNotFound, func(id uuid.UUID) error { return second(w.Organizations.TransferOwnership(ctx, owner, id)) }},
		"Memberships.Get":                 {memberID(otherMember), store.ErrNotFound, func(id uuid.UUID) error { return second(w.Memberships.Get(ctx, owner, id)) }},
		"Memberships.ChangeRole":          {memberID(otherMember), store.ErrNotFound, func(id uuid.UUID) error { return second(w.Memberships.ChangeRole(ctx, owner, id, scope.Admin)) }},
		"Memberships.Remove":              {memberID(otherMember), store.ErrNotFound, func(id uuid.UUID) error { return w.Memberships.Remove(ctx, owner, id) }},
		"Invitations.Revoke":              {otherInvitation.ID, store.ErrNotFound, func(id uuid.UUID) error { return w.Invitations.Revoke(ctx, owner, id) }},
		"Invitations.Resend":              {otherInvitation.ID, store.ErrNotFound, func(id uuid.UUID) error { return second(w.Invitations.Resend(ctx, owner, id)) }},
		"Sessions.Activate":               {orgID(other), store.ErrNotFound, func(id uuid.UUID) error { return second(w.Sessions.Activate(ctx, owner, mine.ID, id)) }},
		"Sessions.Activate, of a session": {theirs.ID, store.ErrNoSession, func(id uuid.UUID) error { return second(w.Sessions.Activate(ctx, owner, id, orgID(owner))) }},
		"Sessions.Clear":                  {theirs.ID, store.ErrNoSession, func(id uuid.UUID) error { return w.Sessions.Clear(ctx, owner, id) }},
		"Sessions.End":                    {theirs.ID, store.ErrNoSession, func(id uuid.UUID) error { return w.Sessions.End(ctx, owner, id) }},
		"Sessions.Touch":                  {theirs.ID, nil, func(id uuid.UUID) error { return w.Sessions.Touch(ctx, owner, id) }},
	} {
		method, _, _ := strings.Cut(name, ",")
		tried[method] = true
		t.Run(name, func(t *testing.T) {
			texts := map[string]string{}
			for what, id := range map[string]uuid.UUID{"foreign": tc.foreign, "missing": uuid.New(), "zero": uuid.Nil} {
				w.refused(tc.want, func() error {
					err := tc.call(id)
					if err != nil {
						texts[what] = err.Error()
					}
					return err
				})
			}
			if texts["foreign"] != texts["missing"] || texts["zero"] != texts["missing"] {
				t.Errorf("errors differ: %q", texts)
			}
		})
	}
	for _, name := range methodsWithIDs() {
		if !tried[name] {
			t.Errorf("%s takes an id, and is not tried with a foreign one", name)
		}
	}
}

// A scope that lacks what an operation needs is refused before anything is sent.
func TestScopesThatGrantNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	user := w.user("ann@example.com")
	for what, sc := range map[string]*scope.Scope{"nil": nil, "zero": new(scope.Scope), "without organization": user} {
		for name, f := range map[string]func() error{
			"get":          func() error { return second(w.Organizations.Get(ctx, sc)) },
			"rename":       func() error { return second(w.Organizations.Rename(ctx, sc, "x")) },
			"change slug":  func() error { return second(w.Organizations.ChangeSlug(ctx, sc, "xxx")) },
			"delete":       func() error { return w.Organizations.Delete(ctx, sc) },
			"transfer":     func() error { return second(w.Organizations.TransferOwnership(ctx, sc, uuid.New())) },
			"add":          func() error { return second(w.Memberships.Add(ctx, sc, user.UserID(), scope.Member)) },
			"change role":  func() error { return second(w.Memberships.ChangeRole(ctx, sc, uuid.New(), scope.Member)) },
			"remove":       func() error { return w.Memberships.Remove(ctx, sc, uuid.New()) },
			"leave":        func() error { return w.Memberships.Leave(ctx, sc) },
			"get member":   func() error { return second(w.Memberships.Get(ctx, sc, uuid.New())) },
			"list":         func() error { return second(w.Memberships.List(ctx, sc, store.Page{})) },
			"count":        func() error { return second(w.Memberships.Count(ctx, sc)) },
			"invite":       func() error { return second(w.Invitations.Invite(ctx, sc, "x@example.com", scope.Member)) },
			"resend":       func() error { return second(w.Invitations.Resend(ctx, sc, uuid.New())) },
			"revoke":       func() error { return w.Invitations.Revoke(ctx, sc, uuid.New()) },
			"list pending": func() error { return second(w.Invitations.ListPending(ctx, sc, store.Page{})) },
		} {
			t.Run(what+" "+name, func(t *testing.T) { w.refused(query.ErrNoOrganization, f) })
		}
	}
	for what, sc := range map[string]*scope.Scope{"nil": nil, "zero": new(scope.Scope), "system": must(scope.System(uuid.New(), "job"))} {
		for name, f := range map[string]func() error{
			"create": func() error {
				return second(w.Organizations.Create(ctx, sc, store.NewOrganization{Name: "X", Slug: "xxx"}))
			},
			"enter":         func() error { return second(w.Organizations.Enter(ctx, sc, uuid.New())) },
			"enter by slug": func() error { return second(w.Organizations.EnterSlug(ctx, sc, "xxx")) },
			"list":          func() error { return second(w.Organizations.List(ctx, sc, store.Page{})) },
			"list for user": func() error { return second(w.Invitations.ListForUser(ctx, sc, store.Page{})) },
			"start":         func() error { _, _, err := w.Sessions.Start(ctx, sc); return err },
			"activate":      func() error { return second(w.Sessions.Activate(ctx, sc, uuid.New(), uuid.New())) },
			"clear":         func() error { return w.Sessions.Clear(ctx, sc, uuid.New()) },
			"touch":         func() error { return w.Sessions.Touch(ctx, sc, uuid.New()) },
			"end":           func() error { return w.Sessions.End(ctx, sc, uuid.New()) },
		} {
			t.Run(what+" "+name, func(t *testing.T) { w.refused(store.ErrNoUser, f) })
		}
	}
}

// Who was removed has a scope that says otherwise, until the next request.
func TestAScopeThatOutlivesItsMembership(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	gone := w.member(owner, "bob@example.com", scope.Owner)
	if err := w.Memberships.Remove(ctx, owner, memberID(gone)); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func() error{
		"get":          func() error { return second(w.Organizations.Get(ctx, gone)) },
		"rename":       func() error { return second(w.Organizations.Rename(ctx, gone, "x")) },
		"delete":       func() error { return w.Organizations.Delete(ctx, gone) },
		"invite":       func() error { return second(w.Invitations.Invite(ctx, gone, "x@example.com", scope.Member)) },
		"list pending": func() error { return second(w.Invitations.ListPending(ctx, gone, store.Page{})) },
		"list members": func() error { return second(w.Memberships.List(ctx, gone, store.Page{})) },
		"remove":       func() error { return w.Memberships.Remove(ctx, gone, memberID(owner)) },
	} {
		t.Run(name, func(t *testing.T) { w.refused(store.ErrNotFound, f) })
	}
}
