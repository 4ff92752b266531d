package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

func TestChangesInTheCallersTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	user := w.user("ann@example.com")
	tx, err := w.db.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	in := w.WithTx(tx)
	owner := w.ok(in.Organizations.Create(ctx, user, store.NewOrganization{Name: "Acme"}))
	// One that fails leaves the transaction as it was before.
	if err := in.Memberships.Leave(ctx, owner); !errors.Is(err, store.ErrLastOwner) {
		t.Errorf("error is %v", err)
	}
	if _, err := in.Organizations.Create(ctx, user, store.NewOrganization{Name: "Acme", Slug: "acme"}); !errors.Is(err, store.ErrSlugTaken) {
		t.Errorf("error is %v", err)
	}
	if _, err := in.Invitations.Invite(ctx, owner, "new@example.com", scope.Member); err != nil {
		t.Fatal(err)
	}
	in.Committed(ctx) // too early is the caller's mistake; it is made here to see that there is one mail only
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	in.Committed(ctx)
	if n := w.mails.count(); n != 1 {
		t.Errorf("%d mails", n)
	}
	if n := w.count("SELECT count(*) FROM audit_events"); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestARolledBackTransactionSendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.After(func(context.Context, audit.Event) error { return errors.New("ran") }))
	owner := w.organization("acme")
	w.unchanged(func() {
		boom := errors.New("the caller changes its mind")
		err := pgx.BeginFunc(t.Context(), w.db, func(tx pgx.Tx) error {
			_, err := store.New(tx, store.Clock(w.clock.now), store.Mail(w.mails.send)).
				Invitations.Invite(t.Context(), owner, "new@example.com", scope.Member)
			return errors.Join(err, boom)
		})
		if !errors.Is(err, boom) {
			t.Error(err)
		}
	})
}

func TestOtherIsolationsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	user := w.user("ann@example.com")
	for level, want := range map[pgx.TxIsoLevel]error{
		pgx.RepeatableRead: store.ErrIsolation, pgx.Serializable: store.ErrIsolation, pgx.ReadUncommitted: store.ErrIsolation, pgx.ReadCommitted: nil,
	} {
		tx, err := w.db.BeginTx(ctx, pgx.TxOptions{IsoLevel: level})
		if err != nil {
			t.Fatal(err)
		}
		if err := second(w.WithTx(tx).Organizations.Create(ctx, user, store.NewOrganization{Name: "Acme"})); !errors.Is(err, want) {
			t.Errorf("%s: %v", level, err)
		}
		_ = tx.Rollback(ctx)
	}
	// Transactions of our own do not depend on the database's default.
	w.exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`)
	w.db.Reset()
	w.ok(w.Organizations.Create(ctx, user, store.NewOrganization{Name: "Acme"}))
}

func TestConflictsInTheCallersTransactionAreTheCallers(t *testing.T) {
	t.Parallel()
	tries := 0
	w := newWorld(t)
	owner := w.organization("acme")
	err := pgx.BeginFunc(t.Context(), w.db, func(tx pgx.Tx) error {
		s := w.stores(tx, store.Before(func(ctx context.Context, tx pgx.Tx, _ audit.Event) error { tries++; return conflict(ctx, tx) }))
		return second(s.Organizations.Rename(t.Context(), owner, "Emca"))
	})
	if !store.Retryable(err) || tries != 1 {
		t.Errorf("error is %v after %d tries", err, tries)
	}
}

// A connection by itself is as good as a pool.
func TestStoresOnAConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	conn, err := w.db.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	for name, db := range map[string]store.DB{"pool's": conn, "plain": conn.Conn()} {
		user := w.user(name + "@example.com")
		sc := w.ok(w.stores(db).Organizations.Create(t.Context(), user, store.NewOrganization{Name: name}))
		if err := w.stores(db).Organizations.Delete(t.Context(), sc); err != nil {
			t.Errorf("%s connection: %v", name, err)
		}
	}
}

func TestTheTrailIsReadThroughTheScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	acme, other := w.organization("acme"), w.organization("other")
	if _, err := w.Organizations.Rename(ctx, acme, "Emca"); err != nil {
		t.Fatal(err)
	}
	var actions []string
	for page := (audit.Page{Limit: 1}); ; {
		list, err := audit.List(ctx, w.db, acme, page)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		e := list[0]
		if e.OrganizationID != orgID(acme) || *e.ActorID != acme.UserID() || *e.TargetID != orgID(acme) {
			t.Errorf("event %+v", e)
		}
		actions = append(actions, e.Action)
		page.After = must(audit.ParseCursor(e.Cursor().String()))
		if len(actions) > 5 {
			break
		}
	}
	if len(actions) != 2 {
		t.Errorf("actions are %q", actions)
	}
	if list, err := audit.List(ctx, w.db, other, audit.Page{}); err != nil || len(list) != 1 {
		t.Errorf("the other organization's trail is %v, %v", list, err)
	}
	if _, err := audit.List(ctx, w.db, w.userOf(acme), audit.Page{}); !errors.Is(err, query.ErrNoOrganization) {
		t.Errorf("a trail without an organization: %v", err)
	}
}
