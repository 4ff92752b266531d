package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

// A limit of seats in one hook holds for every way into an organization.
func TestAHookBeforeTheCommitMayRefuse(t *testing.T) {
	t.Parallel()
	full := errors.New("no seat is left")
	seats := func(ctx context.Context, tx pgx.Tx, e audit.Event) error {
		n, err := query.One[int](ctx, tx, query.ForOrg(query.Text("SELECT count(*) FROM organization_memberships"), e.OrganizationID))
		if err == nil && n > 2 {
			return full
		}
		return err
	}
	w := newWorld(t, store.Before(seats))
	ctx := t.Context()
	owner := w.organization("acme")
	sent := w.invite(owner, "new@example.com", scope.Member)
	w.member(owner, "bob@example.com", scope.Member)
	added, invited := w.user("cleo@example.com"), w.user("new@example.com")
	for name, f := range map[string]func() error{
		"add":    func() error { return second(w.Memberships.Add(ctx, owner, added.UserID(), scope.Member)) },
		"accept": func() error { return second(w.Invitations.Accept(ctx, invited, sent.Token)) },
		"sign up": func() error {
			return second(w.Invitations.AcceptWithSignup(ctx, sent.Token, func(context.Context, pgx.Tx, string) (uuid.UUID, error) { return invited.UserID(), nil }))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w.unchanged(func() {
				if err := f(); !errors.Is(err, full) || !errors.Is(err, store.ErrRefused) || store.Retryable(err) {
					t.Errorf("error is %v", err)
				}
			})
		})
	}
}

func TestAHookThatPanicsBeforeTheCommitLeavesNothing(t *testing.T) {
	t.Parallel()
	var armed atomic.Bool
	w := newWorld(t, store.Before(func(context.Context, pgx.Tx, audit.Event) error {
		if armed.Load() {
			panic("boom")
		}
		return nil
	}))
	owner := w.organization("acme")
	armed.Store(true)
	w.unchanged(func() {
		defer func() {
			if p := recover(); p != "boom" {
				t.Errorf("recovered %v", p)
			}
		}()
		_, _ = w.Invitations.Invite(t.Context(), owner, "new@example.com", scope.Member)
	})
	armed.Store(false)
	if n := w.db.Stat().AcquiredConns(); n != 0 {
		t.Errorf("%d connections are not back in the pool", n)
	}
	w.invite(owner, "new@example.com", scope.Member)
}

func TestWhatFollowsTheCommitCannotUndoIt(t *testing.T) {
	t.Parallel()
	boom := errors.New("the webhook is down")
	var seen atomic.Int32
	w := newWorld(t,
		store.After(func(context.Context, audit.Event) error { return boom }),
		store.After(func(context.Context, audit.Event) error { panic("the hook is broken") }),
		store.After(func(context.Context, audit.Event) error { seen.Add(1); return nil }),
		store.Mail(func(context.Context, store.Mailing) error { panic("the mailer is broken") }))
	owner := w.organization("acme")
	sent, err := w.Invitations.Invite(t.Context(), owner, "new@example.com", scope.Member)
	if err != nil {
		t.Fatal(err)
	}
	if seen.Load() != 2 {
		t.Errorf("the last hook ran %d times, want 2", seen.Load())
	}
	log := w.log.String()
	for _, part := range []string{boom.Error(), "the hook is broken", "the mailer is broken", sent.ID.String()} {
		if !strings.Contains(log, part) {
			t.Errorf("the log lacks %q", part)
		}
	}
	if strings.Contains(log, string(sent.Token)) {
		t.Error("the token is in the log")
	}
	w.ok(w.Invitations.Accept(t.Context(), w.user("new@example.com"), sent.Token))
}

// A mailer that fails says what it was about to send.
func TestTokensInTheErrorsOfMailers(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(link string) error{
		"error": func(link string) error { return fmt.Errorf("post %s: connection refused", link) },
		"panic": func(link string) error { panic("no template for " + link) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, store.Mail(func(_ context.Context, m store.Mailing) error {
				return fail("https://app.example/join?token=" + string(m.Token))
			}))
			sent := w.invite(w.organization("acme"), "new@example.com", scope.Member)
			log := w.log.String()
			if strings.Contains(log, string(sent.Token)) || !strings.Contains(log, "token=[redacted]") {
				t.Errorf("the log is %s", log)
			}
		})
	}
}

// The request is gone, and what it did is not.
func TestWhatFollowsTheCommitSurvivesTheRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var after error
	w := newWorld(t)
	owner := w.organization("acme")
	s := w.stores(w.db,
		store.After(func(ctx context.Context, _ audit.Event) error { cancel(); return nil }),
		store.After(func(ctx context.Context, _ audit.Event) error { after = ctx.Err(); return nil }))
	if _, err := s.Organizations.Rename(ctx, owner, "Emca"); err != nil || after != nil {
		t.Errorf("renamed: %v; hook's context: %v", err, after)
	}
}

func TestMailHasTheAddressAndTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.organization("acme")
	sent := w.invite(owner, "New@example.com", scope.Admin)
	if len(w.mails.sent) != 1 {
		t.Fatalf("%d mails", len(w.mails.sent))
	}
	m := w.mails.sent[0]
	if m.Token != sent.Token || m.Invitation.Email != "new@example.com" || m.Organization.Name != "acme" || m.Invitation != sent.Invitation {
		t.Errorf("mail is %+v", m)
	}
}

// conflict is what PostgreSQL answers when two transactions get into each other's
// way.
func conflict(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = 'deadlock_detected'; END $$`)
	return err
}

func TestConflictsAreTriedAgain(t *testing.T) {
	t.Parallel()
	var left atomic.Int32
	w := newWorld(t, store.Before(func(ctx context.Context, tx pgx.Tx, _ audit.Event) error {
		if left.Add(-1) >= 0 {
			return conflict(ctx, tx)
		}
		return nil
	}))
	owner := w.organization("acme")
	left.Store(3)
	w.invite(owner, "new@example.com", scope.Member)
	if w.mails.count() != 1 || w.count("SELECT count(*) FROM audit_events WHERE action = 'invitation.created'") != 1 {
		t.Error("a change that was tried again was made more than once")
	}
	left.Store(100)
	w.unchanged(func() {
		if err := second(w.Invitations.Invite(t.Context(), owner, "other@example.com", scope.Member)); !store.Retryable(err) {
			t.Errorf("error is %v", err)
		}
	})
	if tries := 100 - left.Load(); tries < 2 || tries > 10 {
		t.Errorf("it was tried %d times", tries)
	}
}
