package store_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

// exportedErrors are the sentinels that errors.go declares.
func exportedErrors(t *testing.T) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR {
			continue
		}
		for _, spec := range d.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				if strings.HasPrefix(name.Name, "Err") {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

// Every error that the package documents comes out of its public methods, and
// with each of them nothing was written.
func TestEverySentinelIsReachedAndWritesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.Limits(4, 6), store.Reserve("tesla"), store.Before(func(_ context.Context, _ pgx.Tx, e audit.Event) error {
		if e.Details["to"] == "Refused" {
			return errors.New("not this name")
		}
		return nil
	}))
	ctx := t.Context()
	owner, other := w.organization("acme"), w.organization("other")
	admin, member := w.member(owner, "admin@example.com", scope.Admin), w.member(owner, "member@example.com", scope.Member)
	user, stranger := w.user("new@example.com"), w.user("stranger@example.com")
	personal := w.ok(w.Organizations.Create(ctx, user, store.NewOrganization{Name: "Mine", Personal: true}))
	deleted := w.ok(w.Organizations.Create(ctx, owner, store.NewOrganization{Name: "Gone"}))
	if err := w.Organizations.Delete(ctx, deleted); err != nil {
		t.Fatal(err)
	}
	revoked := w.invite(owner, "new@example.com", scope.Member)
	if err := w.Invitations.Revoke(ctx, owner, revoked.ID); err != nil {
		t.Fatal(err)
	}
	accepted := w.invite(owner, "accepted@example.com", scope.Member)
	acceptor := w.user("accepted@example.com")
	w.ok(w.Invitations.Accept(ctx, acceptor, accepted.Token))
	w.clock.advance(time.Hour)
	pending := w.invite(owner, "new@example.com", scope.Member)
	short := w.stores(w.db, store.InvitationTTL(time.Second))
	expired, err := short.Invitations.Invite(ctx, admin, "stranger@example.com", scope.Member)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.advance(time.Second)
	limited := w.stores(w.db, store.Limits(0, 4))
	w.invite(owner, "fourth@example.com", scope.Member) // of the owner

	reached := map[string]struct {
		want error
		f    func() error
	}{
		"ErrNotFound":  {store.ErrNotFound, func() error { return second(w.Organizations.Enter(ctx, stranger, orgID(owner))) }},
		"ErrNoUser":    {store.ErrNoUser, func() error { return w.Memberships.Leave(ctx, must(scope.System(orgID(owner), "job"))) }},
		"ErrForbidden": {store.ErrForbidden, func() error { return second(w.Organizations.Rename(ctx, member, "x")) }},
		"ErrRank":      {store.ErrRank, func() error { return w.Memberships.Remove(ctx, admin, memberID(owner)) }},
		"ErrRole":      {store.ErrRole, func() error { return second(w.Memberships.ChangeRole(ctx, owner, memberID(member), "king")) }},
		"ErrLastOwner": {store.ErrLastOwner, func() error { return w.Memberships.Leave(ctx, owner) }},
		"ErrAlreadyMember": {store.ErrAlreadyMember, func() error {
			return second(w.Memberships.Add(ctx, owner, member.UserID(), scope.Admin))
		}},
		"ErrPersonal": {store.ErrPersonal, func() error { return second(w.Memberships.Add(ctx, personal, stranger.UserID(), scope.Member)) }},
		"ErrPersonalExists": {store.ErrPersonalExists, func() error {
			return second(w.Organizations.Create(ctx, user, store.NewOrganization{Name: "Mine", Personal: true}))
		}},
		"ErrName":         {store.ErrName, func() error { return second(w.Organizations.Rename(ctx, owner, "Acme\r\nBcc: all@example.com")) }},
		"ErrSlug":         {store.ErrSlug, func() error { return second(w.Organizations.ChangeSlug(ctx, owner, "acme\n")) }},
		"ErrSlugReserved": {store.ErrSlugReserved, func() error { return second(w.Organizations.ChangeSlug(ctx, owner, "tesla")) }},
		"ErrSlugTaken":    {store.ErrSlugTaken, func() error { return second(w.Organizations.ChangeSlug(ctx, owner, "other")) }},
		"ErrNotDeleted":   {store.ErrNotDeleted, func() error { return w.Organizations.Purge(ctx, owner, orgID(owner)) }},
		"ErrTooEarly":     {store.ErrTooEarly, func() error { return w.Organizations.Purge(ctx, owner, orgID(deleted)) }},
		"ErrEmail":        {store.ErrEmail, func() error { return second(w.Invitations.Invite(ctx, admin, "x@example.com\nBcc: y", scope.Member)) }},
		"ErrUserLimit":    {store.ErrUserLimit, func() error { return second(w.Invitations.Invite(ctx, owner, "x@example.com", scope.Member)) }},
		"ErrOrganizationLimit": {store.ErrOrganizationLimit, func() error {
			return second(limited.Invitations.Invite(ctx, admin, "x@example.com", scope.Member))
		}},
		"ErrNotPending":      {store.ErrNotPending, func() error { return w.Invitations.Revoke(ctx, owner, accepted.ID) }},
		"ErrInvalidToken":    {store.ErrInvalidToken, func() error { return second(w.Invitations.Accept(ctx, user, pending.Token[:42])) }},
		"ErrExpired":         {store.ErrExpired, func() error { return second(w.Invitations.Accept(ctx, stranger, expired.Token)) }},
		"ErrRevoked":         {store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, user, revoked.Token)) }},
		"ErrAlreadyAccepted": {store.ErrAlreadyAccepted, func() error { return second(w.Invitations.Accept(ctx, acceptor, accepted.Token)) }},
		"ErrEmailMismatch":   {store.ErrEmailMismatch, func() error { return second(w.Invitations.Accept(ctx, other, pending.Token)) }},
		"ErrNoSession":       {store.ErrNoSession, func() error { return w.Sessions.End(ctx, owner, uuid.New()) }},
		"ErrRefused":         {store.ErrRefused, func() error { return second(w.Organizations.Rename(ctx, owner, "Refused")) }},
		"ErrIsolation": {store.ErrIsolation, func() error {
			return pgx.BeginTxFunc(ctx, w.db, pgx.TxOptions{IsoLevel: pgx.Serializable}, func(tx pgx.Tx) error {
				return second(w.WithTx(tx).Organizations.Rename(ctx, owner, "x"))
			})
		}},
	}
	for _, name := range exportedErrors(t) {
		if _, ok := reached[name]; !ok && name != "ErrOutcomeUnknown" { // TestACommitWithoutAnAnswerIsAnUnknownOutcome
			t.Errorf("nothing here reaches %s", name)
		}
	}
	for name, tc := range reached {
		t.Run(name, func(t *testing.T) { w.refused(tc.want, tc.f) })
	}
}

func TestOptionsThatCannotBeRightPanic(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func(){
		"no clock":                    func() { store.Clock(nil) },
		"no randomness":               func() { store.Random(nil) },
		"no logger":                   func() { store.Logger(nil) },
		"managers of an unknown role": func() { store.Roles(scope.MustRanking("captain", "mate"), scope.Admin) },
		"invitations that are dead":   func() { store.InvitationTTL(0) },
		"sessions that are dead":      func() { store.SessionTTL(-time.Hour) },
		"no retention":                func() { store.Retention(23 * time.Hour) },
		"a negative limit":            func() { store.Limits(-1, 0) },
		"half a directory":            func() { store.Users(store.Directory{}) },
		"a table's name that is none": func() { store.SessionTable("a; DROP TABLE users") },
		"no hook before":              func() { store.Before(nil) },
		"no hook after":               func() { store.After(nil) },
		"no mailer":                   func() { store.Mail(nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("it is accepted")
				}
			}()
			f()
		})
	}
}
