package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

// While somebody holds an organization's row, a stranger who names it neither
// waits, which would say that it exists, nor takes a lock of their own.
//
//sigra:allow test -- the test holds a row of an organization
func TestAStrangerDoesNotWaitForAnOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acme, stranger := w.organization("acme"), w.organization("other")
	gone := w.member(acme, "gone@example.com", scope.Owner)
	if err := w.Memberships.Remove(t.Context(), acme, memberID(gone)); err != nil {
		t.Fatal(err)
	}
	session, _, err := w.Sessions.Start(t.Context(), stranger)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := w.db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.Background())
	if _, err := tx.Exec(t.Context(), "SELECT FROM organizations WHERE id = $1 FOR UPDATE", orgID(acme)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // only when it waits
	defer cancel()
	for name, f := range map[string]func() error{
		"enter":        func() error { return second(w.Organizations.Enter(ctx, stranger, orgID(acme))) },
		"restore":      func() error { return second(w.Organizations.Restore(ctx, stranger, orgID(acme), "")) },
		"purge":        func() error { return w.Organizations.Purge(ctx, stranger, orgID(acme)) },
		"activate":     func() error { return second(w.Sessions.Activate(ctx, stranger, session.ID, orgID(acme))) },
		"rename, gone": func() error { return second(w.Organizations.Rename(ctx, gone, "x")) },
		"invite, gone": func() error { return second(w.Invitations.Invite(ctx, gone, "x@example.com", scope.Member)) },
	} {
		t.Run(name, func(t *testing.T) { w.refused(store.ErrNotFound, f) })
	}
}

// An admin who is dismissed leaves nothing behind: what they sent is revoked when
// they go, and does not come back to life when their account is deleted.
func TestWhatADismissedSenderLeftIsDead(t *testing.T) {
	t.Parallel()
	for name, dismiss := range map[string]func(w *world, owner, admin *scope.Scope) error{
		"removed": func(w *world, owner, admin *scope.Scope) error {
			return w.Memberships.Remove(w.Context(), owner, memberID(admin))
		},
		"gone": func(w *world, _, admin *scope.Scope) error { return w.Memberships.Leave(w.Context(), admin) },
		"no member": func(w *world, _, admin *scope.Scope) error {
			return w.Memberships.Depart(w.Context(), admin, func(context.Context, pgx.Tx) error { return nil })
		},
		"demoted": func(w *world, owner, admin *scope.Scope) error {
			return second(w.Memberships.ChangeRole(w.Context(), owner, memberID(admin), scope.Member))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ctx := t.Context()
			owner := w.organization("acme")
			admin, accomplice := w.member(owner, "admin@example.com", scope.Admin), w.user("accomplice@example.com")
			sent := w.invite(admin, "accomplice@example.com", scope.Admin)
			kept := w.invite(owner, "honest@example.com", scope.Admin)
			if err := dismiss(w, owner, admin); err != nil {
				t.Fatal(err)
			}
			list, err := w.Invitations.ListPending(ctx, owner, store.Page{})
			if err != nil || len(list) != 1 || list[0].ID != kept.ID {
				t.Errorf("pending are %+v, %v", list, err)
			}
			if n := w.count("SELECT count(*) FROM organization_invitations WHERE revoked_by IN ($1, $2)", owner.UserID(), admin.UserID()); n != 1 {
				t.Errorf("%d invitations say who ended them", n)
			}
			w.exec("DELETE FROM users WHERE id = $1", admin.UserID())
			w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, accomplice, sent.Token)) })
			w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Preview(ctx, accomplice, sent.Token)) })
			w.ok(w.Invitations.Accept(ctx, w.user("honest@example.com"), kept.Token))
		})
	}
}

// Who hands over is an owner no more, and cannot bring in owners by invitations
// from before; those of a lower role stay.
func TestTransferRevokesWhatTheFormerOwnerMayNoLongerGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	next, accomplice, honest := w.member(owner, "next@example.com", scope.Member), w.user("accomplice@example.com"), w.user("honest@example.com")
	above, below := w.invite(owner, "accomplice@example.com", scope.Owner), w.invite(owner, "honest@example.com", scope.Admin)
	if _, err := w.Organizations.TransferOwnership(ctx, owner, memberID(next)); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrRevoked, func() error { return second(w.Invitations.Accept(ctx, accomplice, above.Token)) })
	w.ok(w.Invitations.Accept(ctx, honest, below.Token))
}

// An admin may not take away an invitation to a role above theirs, and so may not
// replace it by one to a lower role either, nor by a membership.
func TestNobodyReplacesAnInvitationAboveTheirRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	admin, user := w.member(owner, "admin@example.com", scope.Admin), w.user("new@example.com")
	sent := w.invite(owner, "new@example.com", scope.Owner)
	w.refused(store.ErrRank, func() error { return w.Invitations.Revoke(ctx, admin, sent.ID) })
	w.refused(store.ErrRank, func() error { return second(w.Invitations.Invite(ctx, admin, "NEW@example.com", scope.Member)) })
	w.refused(store.ErrRank, func() error { return second(w.Memberships.Add(ctx, admin, user.UserID(), scope.Member)) })
	// An expired one is in nobody's way.
	w.clock.advance(7 * 24 * time.Hour)
	w.invite(admin, "new@example.com", scope.Member)
	if _, err := w.Memberships.Add(ctx, admin, user.UserID(), scope.Member); err != nil {
		t.Error(err)
	}
}

// plainDB is a database that hides how to choose an isolation.
type plainDB struct{ db store.DB }

func (p plainDB) Begin(ctx context.Context) (pgx.Tx, error) { return p.db.Begin(ctx) }
func (p plainDB) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return p.db.Exec(ctx, sql, args...)
}
func (p plainDB) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return p.db.Query(ctx, sql, args...)
}

// A host that wraps its pool, on a database whose default is another isolation:
// the rules would be checked against what was true before the lock.
func TestAWrappedPoolOfAnotherIsolationIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("ann@example.com")
	create := func() error {
		return second(w.stores(plainDB{w.db}).Organizations.Create(t.Context(), user, store.NewOrganization{Name: "Acme"}))
	}
	if err := create(); err != nil {
		t.Errorf("a wrapped pool: %v", err)
	}
	w.exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = "repeatable read"', current_database()); END $$`)
	w.db.Reset()
	w.refused(store.ErrIsolation, create)
}

// hooked is two organizations with a member of both, in a world whose hook ends the
// transaction while it is armed.
func hooked(t *testing.T, armed *bool, end func(context.Context, pgx.Tx) error) (w *world, a, b, bob *scope.Scope) {
	t.Helper()
	w = newWorld(t, store.Before(func(ctx context.Context, tx pgx.Tx, _ audit.Event) error {
		if *armed {
			return end(ctx, tx)
		}
		return nil
	}))
	a, b = w.organization("aaa"), w.organization("bbb")
	bob = w.member(a, "bob@example.com", scope.Member)
	if _, err := w.Memberships.Add(t.Context(), b, bob.UserID(), scope.Member); err != nil {
		t.Fatal(err)
	}
	return w, a, b, bob
}

// A hook may not end the transaction under the change: what follows would be lost,
// or the change be half there.
func TestHooksAndCallbacksCannotEndTheTransaction(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(context.Context, pgx.Tx) error{
		"commit":   func(ctx context.Context, tx pgx.Tx) error { return tx.Commit(ctx) },
		"rollback": func(ctx context.Context, tx pgx.Tx) error { return tx.Rollback(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, armed := t.Context(), false
			w, a, _, bob := hooked(t, &armed, end)
			sent := w.invite(a, "new@example.com", scope.Member)
			armed = true
			w.refused(store.ErrRefused, func() error { return second(w.Organizations.Rename(ctx, a, "x")) })
			w.refused(store.ErrRefused, func() error {
				return w.Memberships.Depart(ctx, bob, func(context.Context, pgx.Tx) error { return nil })
			})
			armed = false
			w.refused(store.ErrRefused, func() error { return w.Memberships.Depart(ctx, bob, end) })
			w.refused(store.ErrRefused, func() error {
				return second(w.Invitations.AcceptWithSignup(ctx, sent.Token, func(ctx context.Context, tx pgx.Tx, email string) (uuid.UUID, error) {
					id, err := w.signup("")(ctx, tx, email)
					return id, errors.Join(err, end(ctx, tx))
				}))
			})
			// A savepoint of its own is the hook's to end.
			if err := w.Memberships.Depart(ctx, bob, func(ctx context.Context, tx pgx.Tx) error {
				return pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return harmless(ctx, tx) })
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// A statement can end the transaction all the same. Then the caller must not be
// told that the change is there, nothing may follow it, and what would have come
// next may not be made on its own.
func TestHooksThatEndTheTransactionByAStatementAreNoticed(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(context.Context, pgx.Tx) error{
		"commit":            func(ctx context.Context, tx pgx.Tx) error { return second(tx.Exec(ctx, "COMMIT")) },
		"rollback":          func(ctx context.Context, tx pgx.Tx) error { return second(tx.Exec(ctx, "ROLLBACK")) },
		"of the connection": func(ctx context.Context, tx pgx.Tx) error { return second(tx.Conn().Exec(ctx, "ROLLBACK")) },
		"with an error": func(ctx context.Context, tx pgx.Tx) error {
			return errors.Join(second(tx.Exec(ctx, "COMMIT")), errors.New("refused"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, armed := t.Context(), false
			w, a, b, bob := hooked(t, &armed, end)
			sent, mails := w.invite(a, "new@example.com", scope.Member), w.mails.count()
			unknown := func(err error) {
				t.Helper()
				if !errors.Is(err, store.ErrOutcomeUnknown) || errors.Is(err, store.ErrRefused) || store.Retryable(err) {
					t.Errorf("error is %v, want that the outcome is unknown", err)
				}
			}
			armed = true
			unknown(second(w.Invitations.Resend(ctx, a, sent.ID)))
			unknown(w.Memberships.Depart(ctx, bob, func(context.Context, pgx.Tx) error { return nil }))
			armed = false
			if n := w.count("SELECT count(*) FROM organization_memberships WHERE user_id = $1", bob.UserID()); n == 0 {
				t.Error("the second membership was ended after the transaction")
			}
			unknown(w.Memberships.Depart(ctx, bob, end))
			unknown(second(w.Invitations.AcceptWithSignup(ctx, w.invite(a, "other@example.com", scope.Member).Token,
				func(ctx context.Context, tx pgx.Tx, email string) (uuid.UUID, error) {
					id, err := w.signup("")(ctx, tx, email)
					return id, errors.Join(err, end(ctx, tx))
				})))
			if n := w.mails.count() - mails - 1; n != 0 {
				t.Errorf("%d mails of changes that may not be there", n)
			}
			// The connection goes back into the pool as it was.
			if _, err := w.Organizations.Rename(ctx, b, "Bbb"); err != nil {
				t.Error(err)
			}
		})
	}
}

// So is an application's own directory of users, which is asked in the middle of a
// change.
func TestADirectoryThatEndsTheTransactionIsNoticed(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(ctx context.Context, tx pgx.Tx) error{
		"by a statement": func(ctx context.Context, tx pgx.Tx) error { return second(tx.Exec(ctx, "ROLLBACK")) },
		"by its method":  func(ctx context.Context, tx pgx.Tx) error { return tx.Rollback(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			owner := w.organization("acme")
			bob := w.user("bob@example.com")
			s := w.stores(w.db, store.Users(store.Directory{
				Address: func(ctx context.Context, db query.Querier, _ uuid.UUID) (string, error) {
					return "", end(ctx, db.(pgx.Tx))
				},
				Find: func(context.Context, query.Querier, string) ([]uuid.UUID, error) { return nil, nil },
			}))
			const all = "SELECT (SELECT count(*) FROM organization_memberships) + (SELECT count(*) FROM audit_events)"
			before := w.count(all)
			if _, err := s.Memberships.Add(t.Context(), owner, bob.UserID(), scope.Member); err == nil {
				t.Error("the membership is said to be there")
			}
			if n := w.count(all); n != before {
				t.Errorf("%d memberships and events, want %d", n, before)
			}
		})
	}
}

func harmless(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "SELECT 1")
	return err
}

// A hook, a callback and a host that pass over a failed statement: the change is
// not there, and the caller is told.
func TestAnErrorThatIsPassedOverUndoesTheChange(t *testing.T) {
	t.Parallel()
	fail := func(ctx context.Context, tx pgx.Tx) { _, _ = tx.Exec(ctx, "SELECT 1/0") }
	armed := false
	w := newWorld(t, store.Before(func(ctx context.Context, tx pgx.Tx, _ audit.Event) error {
		if armed {
			fail(ctx, tx)
		}
		return nil
	}))
	ctx := t.Context()
	owner := w.organization("acme")
	bob := w.member(owner, "bob@example.com", scope.Member)
	armed = true
	w.unchanged(func() {
		if err := second(w.Invitations.Invite(ctx, owner, "new@example.com", scope.Member)); err == nil || errors.Is(err, store.ErrOutcomeUnknown) {
			t.Errorf("hook: %v", err)
		}
	})
	armed = false
	w.unchanged(func() {
		if err := w.Memberships.Depart(ctx, bob, func(ctx context.Context, tx pgx.Tx) error { fail(ctx, tx); return nil }); err == nil {
			t.Error("callback: no error")
		}
	})
	// In the caller's transaction the savepoint goes, and the rest stays usable.
	err := pgx.BeginFunc(ctx, w.db, func(tx pgx.Tx) error {
		in := w.WithTx(tx)
		armed = true
		if err := second(in.Invitations.Invite(ctx, owner, "new@example.com", scope.Member)); err == nil {
			t.Error("hook in a savepoint: no error")
		}
		armed = false
		if err := in.Memberships.Leave(ctx, owner); !errors.Is(err, store.ErrLastOwner) {
			t.Errorf("after it: %v", err)
		}
		_, err := in.Organizations.Rename(ctx, owner, "Emca")
		in.Committed(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := w.count("SELECT count(*) FROM organization_invitations"); n != 0 || w.mails.count() != 0 {
		t.Errorf("%d invitations, %d mails of what was undone", n, w.mails.count())
	}
	if n := w.count("SELECT count(*) FROM audit_events WHERE action = $1", store.OrganizationRenamed); n != 1 {
		t.Errorf("%d events of what was done", n)
	}
}

// Addresses that look like the invited one, or lead to the same mailbox, are
// other addresses.
func TestAddressesThatOnlyLookLikeTheInvitedOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.organization("acme")
	for i, pair := range [][2]string{
		{"mike@example.com", "mi\u212ae@example.com"},              // the Kelvin sign
		{"admin@example.com", "\u0430dmin@example.com"},            // a Cyrillic a
		{"j\u00f6rg@example.com", "jo\u0308rg@example.com"},        // composed and decomposed
		{"stra\u00dfe@example.com", "strasse@example.com"},         // folds to the same
		{"ann@example.com", "ann+x@example.com"},                   // a tag
		{"b.ann@example.com", "bann@example.com"},                  // dots that some providers ignore
		{"cleo@example.com", "cleo@example.com."},                  // the root of the DNS
		{"i@example.com", "\u0131@example.com"},                    // a dotless i
		{"dora@b\u00fccher.example", "dora@xn--bcher-kva.example"}, // one domain in two spellings
	} {
		invited, similar := pair[0], w.user(pair[1])
		sent := w.invite(owner, invited, scope.Owner)
		w.refused(store.ErrEmailMismatch, func() error { return second(w.Invitations.Accept(t.Context(), similar, sent.Token)) })
		w.refused(store.ErrEmailMismatch, func() error { return second(w.Invitations.Preview(t.Context(), similar, sent.Token)) })
		if offers, err := w.Invitations.ListForUser(t.Context(), similar, store.Page{}); err != nil || len(offers) != 0 {
			t.Errorf("%d: %q sees the offers of %q: %v, %v", i, pair[1], invited, offers, err)
		}
	}
}

// Tokens do not get out by way of a verb that nobody meant for them.
func TestTokensInMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := w.invite(w.organization("acme"), "new@example.com", scope.Member)
	token := string(sent.Token)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%5.2f", "%T %p"} {
		for _, value := range []any{sent, &sent, sent.Token, &sent.Token, []store.Secret{sent.Token}, map[store.Secret]int{sent.Token: 1}, w.mails.sent[0]} {
			text := fmt.Sprintf(verb, value)
			if strings.Contains(text, token) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", token)) {
				t.Errorf("%s of %T shows the token: %s", verb, value, text)
			}
		}
	}
}

// A slug becomes a host's label in many an application. One that browsers would
// show as letters of another script is a look-alike.
func TestSlugsThatBrowsersWouldDecode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("ann@example.com")
	for _, slug := range []string{"xn--80ak6aa92e", "xn--acme", "ab--cd"} {
		w.refused(store.ErrSlugReserved, func() error {
			return second(w.Organizations.Create(t.Context(), user, store.NewOrganization{Name: "Acme", Slug: slug}))
		})
	}
}

// A deleted organization does not come back under a name that leads to another
// one by now.
func TestRestoringUnderAnAliasOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	acme := w.organization("acme")
	if err := w.Organizations.Delete(ctx, acme); err != nil {
		t.Fatal(err)
	}
	other := w.organization("other")
	for _, slug := range []string{"acme", "third"} {
		if _, err := w.Organizations.ChangeSlug(ctx, other, slug); err != nil {
			t.Fatal(err)
		}
	}
	for _, slug := range []string{"", "other", "third"} {
		w.refused(store.ErrSlugTaken, func() error { return second(w.Organizations.Restore(ctx, acme, orgID(acme), slug)) })
	}
	if sc := w.ok(w.Organizations.EnterSlug(ctx, other, "acme")); orgID(sc) != orgID(other) {
		t.Error("the alias leads elsewhere")
	}
}

// Somebody who was removed has a session that is alive, and a deletion and a
// restoration in between: none of it leads back in.
func TestASessionOfWhoWasRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	bob := w.member(owner, "bob@example.com", scope.Admin)
	session, token, err := w.Sessions.Start(ctx, bob)
	if err != nil {
		t.Fatal(err)
	}
	w.ok(w.Sessions.Activate(ctx, bob, session.ID, orgID(owner)))
	if err := w.Memberships.Remove(ctx, owner, memberID(bob)); err != nil {
		t.Fatal(err)
	}
	if err := w.Organizations.Delete(ctx, owner); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrNotFound, func() error { return second(w.Organizations.Restore(ctx, bob, orgID(owner), "")) })
	w.refused(store.ErrNotFound, func() error { return w.Organizations.Purge(ctx, bob, orgID(owner)) })
	if _, err := w.Organizations.Restore(ctx, owner, orgID(owner), ""); err != nil {
		t.Fatal(err)
	}
	w.refused(store.ErrNotFound, func() error { return second(w.Sessions.Activate(ctx, bob, session.ID, orgID(owner))) })
	if r, err := w.Sessions.Resolve(ctx, token); err != nil || r.Standing != store.NoOrganization {
		t.Errorf("resolves to %+v, %v", r, err)
	}
	// Nor does a session of somebody else who is in.
	theirs, _, err := w.Sessions.Start(ctx, owner)
	if err != nil {
		t.Fatal(err)
	}
	w.ok(w.Sessions.Activate(ctx, owner, theirs.ID, orgID(owner)))
	w.unchanged(func() {
		if err := w.Sessions.Touch(ctx, bob, theirs.ID); err != nil {
			t.Error(err)
		}
	})
	w.refused(store.ErrNoSession, func() error { return w.Sessions.End(ctx, bob, theirs.ID) })
}

// A source of randomness that ends, or repeats itself, gives no token and no
// second invitation with the same one.
func TestWithoutRandomnessThereIsNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	dry := w.stores(w.db, store.Random(strings.NewReader("too short")))
	w.unchanged(func() {
		if sent, err := dry.Invitations.Invite(ctx, owner, "new@example.com", scope.Member); err == nil || sent.Token != "" {
			t.Errorf("invited with %q, %v", string(sent.Token), err)
		}
		if _, token, err := dry.Sessions.Start(ctx, owner); err == nil || token != "" {
			t.Errorf("signed in with %q, %v", string(token), err)
		}
	})
	bytes := strings.Repeat("x", 32)
	same := w.stores(w.db, store.Random(strings.NewReader(bytes+bytes)))
	sent, err := same.Invitations.Invite(ctx, owner, "new@example.com", scope.Member)
	if err != nil {
		t.Fatal(err)
	}
	w.ok(w.Invitations.Accept(ctx, w.user("new@example.com"), sent.Token))
	w.unchanged(func() {
		if err := second(same.Invitations.Invite(ctx, owner, "other@example.com", scope.Member)); err == nil {
			t.Error("two invitations have one token")
		}
	})
}
