package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

func TestTokensThatLeadNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner, user := w.organization("acme"), w.user("new@example.com")
	sent := w.invite(owner, "new@example.com", scope.Member)
	_, session, err := w.Sessions.Start(ctx, user)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := newWorld(t)
	foreign := elsewhere.invite(elsewhere.organization("acme"), "new@example.com", scope.Member)

	good := string(sent.Token)
	flipped := []byte(good)
	flipped[7] ^= 1 // another letter of the alphabet, or none
	for what, token := range map[string]string{
		"empty": "", "garbage": "garbage", "truncated": good[:42], "longer": good + "A", "tampered": string(flipped),
		"padded": good + "=", "in another case": strings.ToUpper(good), "with a space": good[:42] + " ", "with a newline": good + "\n",
		"that is its hash":           fmt.Sprintf("%x", sha256.Sum256([]byte(good))),
		"of a session":               string(session),
		"from another database":      string(foreign.Token),
		"with stray bits at the end": good[:42] + string(good[42]+1),
		"in the other alphabet":      strings.NewReplacer("-", "+", "_", "/").Replace(strings.Repeat("-_", 21)) + "A",
	} {
		t.Run(what, func(t *testing.T) {
			for way, f := range map[string]func() error{
				"accept":  func() error { return second(w.Invitations.Accept(ctx, user, store.Secret(token))) },
				"decline": func() error { return w.Invitations.Decline(ctx, user, store.Secret(token)) },
				"preview": func() error { return second(w.Invitations.Preview(ctx, user, store.Secret(token))) },
				"sign up": func() error {
					return second(w.Invitations.AcceptWithSignup(ctx, store.Secret(token), w.signup("new@example.com")))
				},
			} {
				w.unchanged(func() {
					if err := f(); !errors.Is(err, store.ErrInvalidToken) {
						t.Errorf("%s: %v", way, err)
					}
				})
			}
		})
	}
	w.ok(w.Invitations.Accept(ctx, user, sent.Token))
}

// signup makes an account.
func (w *world) signup(address string) func(context.Context, pgx.Tx, string) (uuid.UUID, error) {
	return func(ctx context.Context, tx pgx.Tx, email string) (uuid.UUID, error) {
		if address == "" {
			address = email
		}
		id := uuid.New()
		_, err := tx.Exec(ctx, "INSERT INTO users (id, email) VALUES ($1, $2)", id, address)
		return id, err
	}
}

func TestTokensAreKeptAsTheirHashOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner, user := w.organization("acme"), w.user("new@example.com")
	sent := w.invite(owner, "new@example.com", scope.Member)
	_, session, err := w.Sessions.Start(ctx, user)
	if err != nil {
		t.Fatal(err)
	}
	var stored []byte
	//sigra:allow test -- the test looks at what is stored
	if err := w.db.QueryRow(ctx, "SELECT token_hash FROM organization_invitations").Scan(&stored); err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256([]byte(sent.Token)); string(stored) != string(sum[:]) {
		t.Errorf("stored is %x, want the SHA-256 %x", stored, sum)
	}
	if sent.InvitedBy == nil || *sent.InvitedBy != owner.UserID() {
		t.Errorf("the inviter is %v, want who acts", sent.InvitedBy)
	}
	if len(sent.Token) != 43 {
		t.Errorf("a token has %d characters", len(sent.Token))
	}
	var errs []string
	stranger := w.user("stranger@example.com")
	for _, f := range []func() error{
		func() error { return second(w.Invitations.Accept(ctx, stranger, sent.Token)) },
		func() error { return second(w.Invitations.Preview(ctx, stranger, sent.Token)) },
		func() error { return second(w.Invitations.Accept(ctx, user, sent.Token)) },
		func() error { return second(w.Invitations.Accept(ctx, user, sent.Token)) },
		func() error { return second(w.Sessions.Resolve(ctx, session+"x")) },
	} {
		if err := f(); err != nil {
			errs = append(errs, err.Error())
		}
	}
	everywhere := strings.Join(w.dump(), "\n") + w.log.String() + strings.Join(errs, "\n") +
		fmt.Sprintf("%v %+v %#v %s %q", sent, sent, sent, sent.Token, session)
	for _, token := range []store.Secret{sent.Token, session} {
		if strings.Contains(everywhere, string(token)) {
			t.Error("a token is in the database, the log, an error or a print")
		}
	}
	if !strings.Contains(w.log.String(), "denied") {
		t.Error("denials are not logged")
	}
	for _, address := range []string{"new@example.com", "stranger@example.com"} {
		if strings.Contains(w.log.String(), address) || strings.Contains(strings.Join(errs, "\n"), address) {
			t.Errorf("%s is in the log or in an error", address)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"ann@example.com": "ann@example.com", " Ann.B+x@Example.COM ": "ann.b+x@example.com", "JÖRG@example.com": "jÖrg@example.com",
		"o'hara@example.com": "o'hara@example.com", "a@b": "a@b", "ann@bücher.example": "ann@bücher.example",
		strings.Repeat("a", 250) + "@b.c": strings.Repeat("a", 250) + "@b.c",
	} {
		if got, err := store.NormalizeEmail(given); err != nil || got != want {
			t.Errorf("%q is %q, %v, want %q", given, got, err, want)
		}
		if again, err := store.NormalizeEmail(want); err != nil || again != want {
			t.Errorf("%q is %q, %v the second time", want, again, err)
		}
	}
	// A look-alike stays one.
	if got, err := store.NormalizeEmail("mi\u212ae@example.com"); err != nil || got == "mike@example.com" {
		t.Errorf("the Kelvin sign became a k: %q, %v", got, err)
	}
	for _, bad := range badAddresses {
		if got, err := store.NormalizeEmail(bad); !errors.Is(err, store.ErrEmail) {
			t.Errorf("%q is %q, %v", bad, got, err)
		}
	}
}

var badAddresses = []string{
	"", " ", "ann", "@", "@example.com", "ann@", "a@b@c", "ann@example.com\n", "ann@example.com\r\nBcc: all@example.com",
	"ann@exam\nple.com", "ann b@example.com", "ann\t@example.com", "ann\x00@example.com", "Ann <ann@example.com>", `"ann"@example.com`,
	"ann@example.com,bob@example.com", "ann@example.com;bob@example.com", "ann@[127.0.0.1]", "ann(x)@example.com", "mailto:ann@example.com",
	"ann@example.com\u2028", "ann\u200b@example.com", "ann\u202e@example.com", "ann\u00a0@example.com", "ann\xff@example.com",
	"\u0085ann@example.com", strings.Repeat("a", 251) + "@b.c",
}

func TestInvitationsToAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.organization("acme")
	for _, bad := range badAddresses {
		w.refused(store.ErrEmail, func() error { return second(w.Invitations.Invite(t.Context(), owner, bad, scope.Member)) })
	}
}

func TestAnInvitationIsForItsAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner, stranger := w.organization("acme"), w.user("stranger@example.com")
	sent := w.invite(owner, "New@Example.com", scope.Member)
	w.refused(store.ErrEmailMismatch, func() error { return second(w.Invitations.Accept(ctx, stranger, sent.Token)) })
	w.refused(store.ErrEmailMismatch, func() error { return w.Invitations.Decline(ctx, stranger, sent.Token) })
	// Also for who is a member already: the address comes first.
	w.refused(store.ErrEmailMismatch, func() error { return second(w.Invitations.Accept(ctx, owner, sent.Token)) })
	w.unchanged(func() {
		p, err := w.Invitations.Preview(ctx, stranger, sent.Token)
		if !errors.Is(err, store.ErrEmailMismatch) || p != (store.Preview{}) {
			t.Errorf("a stranger sees %+v, %v", p, err)
		}
	})
	w.refused(store.ErrNoUser, func() error { return second(w.Invitations.Accept(ctx, nil, sent.Token)) })
	w.refused(store.ErrNoUser, func() error {
		return second(w.Invitations.Accept(ctx, must(scope.System(orgID(owner), "job")), sent.Token))
	})
	w.refused(store.ErrEmailMismatch, func() error {
		return second(w.Invitations.Accept(ctx, must(scope.ForUser(uuid.New())), sent.Token))
	})
	w.ok(w.Invitations.Accept(ctx, w.user("new@example.com"), sent.Token))
}

func TestExpiryAtTheMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	ann, bob := w.user("ann@example.com"), w.user("bob@example.com")
	first, next := w.invite(owner, "ann@example.com", scope.Member), w.invite(owner, "bob@example.com", scope.Member)
	if d := first.ExpiresAt.Sub(first.CreatedAt); d != 7*24*time.Hour {
		t.Errorf("an invitation lives for %s", d)
	}
	w.clock.advance(7*24*time.Hour - time.Microsecond)
	w.ok(w.Invitations.Accept(ctx, ann, first.Token))
	w.clock.advance(time.Microsecond)
	w.refused(store.ErrExpired, func() error { return second(w.Invitations.Accept(ctx, bob, next.Token)) })
	w.refused(store.ErrExpired, func() error { return w.Invitations.Decline(ctx, bob, next.Token) })
	w.refused(store.ErrExpired, func() error { return second(w.Invitations.Preview(ctx, bob, next.Token)) })
	w.refused(store.ErrExpired, func() error {
		return second(w.Invitations.AcceptWithSignup(ctx, next.Token, w.signup("")))
	})
	if list, err := w.Invitations.ListPending(ctx, owner, store.Page{}); err != nil || len(list) != 0 {
		t.Errorf("pending are %v, %v", list, err)
	}
	// The expired row does not stand in the way, and can be resent.
	third, err := w.Invitations.Resend(ctx, owner, next.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, bob, next.Token)) })
	w.ok(w.Invitations.Accept(ctx, bob, third.Token))
}

func TestOnePendingInvitationAnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner, user := w.organization("acme"), w.user("new@example.com")
	old := w.invite(owner, "new@example.com", scope.Member)
	sent := w.invite(owner, "NEW@example.com", scope.Admin)
	if n := w.count("SELECT count(*) FROM organization_invitations WHERE accepted_at IS NULL AND revoked_at IS NULL"); n != 1 {
		t.Errorf("%d are pending", n)
	}
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, user, old.Token)) })
	w.refused(store.ErrNotPending, func() error { return w.Invitations.Revoke(ctx, owner, old.ID) })
	w.refused(store.ErrNotPending, func() error { return second(w.Invitations.Resend(ctx, owner, old.ID)) })
	if sc := w.ok(w.Invitations.Accept(ctx, user, sent.Token)); !sc.HasRole(scope.Admin) {
		t.Errorf("scope is %v", sc)
	}
	// Replayed.
	w.refused(store.ErrAlreadyAccepted, func() error { return second(w.Invitations.Accept(ctx, user, sent.Token)) })
	w.refused(store.ErrAlreadyAccepted, func() error { return w.Invitations.Decline(ctx, user, sent.Token) })
	w.refused(store.ErrAlreadyAccepted, func() error { return second(w.Invitations.Preview(ctx, user, sent.Token)) })
	w.refused(store.ErrNotPending, func() error { return w.Invitations.Revoke(ctx, owner, sent.ID) })
}

func TestRevokedAndDeclined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner, user := w.organization("acme"), w.user("new@example.com")
	sent := w.invite(owner, "new@example.com", scope.Member)
	if err := w.Invitations.Revoke(ctx, owner, sent.ID); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, user, sent.Token)) })

	sent = w.invite(owner, "new@example.com", scope.Member)
	if err := w.Invitations.Decline(ctx, user, sent.Token); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, user, sent.Token)) })
	if n := w.count("SELECT count(*) FROM organization_invitations WHERE revoked_by = $1", user.UserID()); n != 1 {
		t.Error("it is not known who declined")
	}
	w.invite(owner, "new@example.com", scope.Member)
}

func TestMembersNeedNoInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	w.refused(store.ErrAlreadyMember, func() error {
		return second(w.Invitations.Invite(ctx, owner, "Owner@acme.example", scope.Member))
	})
	// Whoever is added meanwhile finds the invitation closed.
	user := w.user("new@example.com")
	sent := w.invite(owner, "new@example.com", scope.Admin)
	if _, err := w.Memberships.Add(ctx, owner, user.UserID(), scope.Member); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, user, sent.Token)) })

	// A member who moves to an invited address cannot use the invitation, and
	// nothing stays pending.
	sent = w.invite(owner, "moved@example.com", scope.Admin)
	w.exec("UPDATE users SET email = 'moved@example.com' WHERE id = $1", user.UserID())
	if _, err := w.Invitations.Accept(ctx, user, sent.Token); !errors.Is(err, store.ErrAlreadyMember) {
		t.Errorf("error is %v", err)
	}
	if n := w.count("SELECT count(*) FROM organization_invitations WHERE accepted_at IS NULL AND revoked_at IS NULL"); n != 0 {
		t.Errorf("%d are pending", n)
	}
	if m, err := w.Memberships.Count(ctx, owner); err != nil || m != 2 {
		t.Errorf("%d members, %v", m, err)
	}
}

func TestSignUpByInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	sent := w.invite(owner, "new@example.com", scope.Admin)

	w.refused(store.ErrEmailMismatch, func() error { // the callback may not swap the address
		return second(w.Invitations.AcceptWithSignup(ctx, sent.Token, w.signup("other@example.com")))
	})
	boom := errors.New("password is too short")
	w.refused(boom, func() error {
		return second(w.Invitations.AcceptWithSignup(ctx, sent.Token, func(ctx context.Context, tx pgx.Tx, email string) (uuid.UUID, error) {
			id, err := w.signup("")(ctx, tx, email)
			return id, errors.Join(err, boom)
		}))
	})
	w.refused(store.ErrAlreadyMember, func() error { // an account that is a member, made to match
		return second(w.Invitations.AcceptWithSignup(ctx, sent.Token, func(ctx context.Context, tx pgx.Tx, email string) (uuid.UUID, error) {
			_, err := tx.Exec(ctx, "UPDATE users SET email = $1 WHERE id = $2", email, owner.UserID())
			return owner.UserID(), err
		}))
	})
	if p, err := w.Invitations.Preview(ctx, nil, sent.Token); err != nil || p.HasAccount || p.OrganizationName != "acme" || p.Role != scope.Admin {
		t.Errorf("preview is %+v, %v", p, err)
	}
	sc := w.ok(w.Invitations.AcceptWithSignup(ctx, sent.Token, w.signup("")))
	if !sc.HasRole(scope.Admin) || orgID(sc) != orgID(owner) {
		t.Errorf("scope is %v", sc)
	}
	if n := w.count("SELECT count(*) FROM audit_events WHERE action = 'invitation.accepted' AND actor_id = $1 AND details->>'signup' = 'true'", sc.UserID()); n != 1 {
		t.Errorf("%d events name the new user", n)
	}
	w.refused(store.ErrAlreadyAccepted, func() error {
		return second(w.Invitations.AcceptWithSignup(ctx, sent.Token, w.signup("")))
	})
}

func TestWhoSentItMustStillBeAllowedTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	admin := w.member(owner, "admin@example.com", scope.Admin)
	ann := w.user("ann@example.com")
	asAdmin := w.invite(admin, "ann@example.com", scope.Admin)
	bob := w.user("bob@example.com")
	byJob, err := w.Invitations.Invite(ctx, must(scope.System(orgID(owner), "import")), "bob@example.com", scope.Owner)
	if err != nil || byJob.InvitedBy != nil {
		t.Fatalf("background work invites: %+v, %v", byJob, err)
	}

	// The stores revoke what a member may no longer send; others who write do not.
	w.exec("UPDATE organization_memberships SET role = 'member' WHERE id = $1", memberID(admin))
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, ann, asAdmin.Token)) })
	w.exec("DELETE FROM organization_memberships WHERE id = $1", memberID(admin))
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, ann, asAdmin.Token)) })
	w.refused(store.ErrRevoked, func() error {
		return second(w.Invitations.AcceptWithSignup(ctx, asAdmin.Token, w.signup("")))
	})
	// One whose sender's account is gone, who was a manager until then, stands for
	// the organization.
	late := w.member(owner, "late@example.com", scope.Admin)
	asAdmin = w.invite(late, "ann@example.com", scope.Admin)
	w.exec("DELETE FROM users WHERE id = $1", late.UserID())
	if _, err := w.Invitations.Preview(ctx, ann, asAdmin.Token); err != nil {
		t.Errorf("preview without a sender: %v", err)
	}
	w.ok(w.Invitations.Accept(ctx, ann, asAdmin.Token))
	w.ok(w.Invitations.Accept(ctx, bob, byJob.Token))
}

func TestLimitsOfInvitations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.Limits(3, 4))
	ctx := t.Context()
	owner := w.organization("acme")
	admin := w.member(owner, "admin@example.com", scope.Admin)
	next := w.ok(w.Organizations.Create(ctx, owner, store.NewOrganization{Name: "Second"}))
	n := 0
	invite := func(sc *scope.Scope) error {
		n++
		return second(w.Invitations.Invite(ctx, sc, fmt.Sprintf("new%d@example.com", n), scope.Member))
	}
	succeed := func(sc *scope.Scope) {
		t.Helper()
		if err := invite(sc); err != nil {
			t.Fatal(err)
		}
	}
	succeed(owner)
	// What fails is not counted.
	w.refused(store.ErrEmail, func() error { return second(w.Invitations.Invite(ctx, owner, "nobody", scope.Member)) })
	w.refused(store.ErrRole, func() error { return second(w.Invitations.Invite(ctx, owner, "x@example.com", "king")) })
	w.clock.advance(time.Hour)
	succeed(owner)
	succeed(next) // the user's limit is about all organizations
	w.refused(store.ErrUserLimit, func() error { return invite(owner) })
	w.refused(store.ErrUserLimit, func() error { return invite(next) })
	succeed(admin)
	succeed(admin)
	w.refused(store.ErrOrganizationLimit, func() error { return invite(admin) })
	w.refused(store.ErrUserLimit, func() error { return invite(owner) }) // the user's limit comes first

	// The window moves: what is 24 hours old no longer counts.
	w.clock.advance(23*time.Hour - time.Microsecond)
	w.refused(store.ErrUserLimit, func() error { return invite(owner) })
	w.clock.advance(time.Microsecond)
	succeed(owner)
	w.refused(store.ErrUserLimit, func() error { return invite(owner) })

	// Background work has no limit of a user, and the organization's.
	w.refused(store.ErrOrganizationLimit, func() error { return invite(must(scope.System(orgID(owner), "import"))) })
}

func TestPendingInvitationsInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner, other := w.organization("acme"), w.organization("other")
	member := w.member(owner, "bob@example.com", scope.Member)
	user := w.user("new@example.com")
	for i := range 5 {
		w.clock.advance(time.Duration(i%2) * time.Second)
		w.invite(owner, fmt.Sprintf("n%d@example.com", i), scope.Member)
	}
	w.invite(owner, "new@example.com", scope.Member)
	w.invite(other, "new@example.com", scope.Admin)
	w.refused(store.ErrForbidden, func() error { return second(w.Invitations.ListPending(ctx, member, store.Page{})) })

	seen := map[uuid.UUID]bool{}
	page := store.Page{Limit: 2}
	for range 3 {
		list, err := w.Invitations.ListPending(ctx, owner, page)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d on a page, %v", len(list), err)
		}
		for _, inv := range list {
			if seen[inv.ID] || inv.OrganizationID != orgID(owner) {
				t.Errorf("listed: %+v", inv)
			}
			seen[inv.ID] = true
			page.After = inv.Cursor()
		}
	}
	if list, err := w.Invitations.ListPending(ctx, owner, page); err != nil || len(list) != 0 {
		t.Errorf("after the last page: %v, %v", list, err)
	}
	offers, err := w.Invitations.ListForUser(ctx, user, store.Page{})
	if err != nil || len(offers) != 2 || offers[0].OrganizationName == offers[1].OrganizationName {
		t.Errorf("offers are %+v, %v", offers, err)
	}
	if offers, err := w.Invitations.ListForUser(ctx, member, store.Page{}); err != nil || len(offers) != 0 {
		t.Errorf("another user's offers are %+v, %v", offers, err)
	}
}
