package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

// operations are changes that each need something prepared, and that can be
// called again until they succeed.
var operations = map[string]func(w *world, n int) func(context.Context, *store.Store) error{
	"create": func(w *world, n int) func(context.Context, *store.Store) error {
		user := w.user(fmt.Sprintf("creator%d@example.com", n))
		return func(ctx context.Context, s *store.Store) error {
			return second(s.Organizations.Create(ctx, user, store.NewOrganization{Name: "Acme", Slug: fmt.Sprintf("created-%d", n)}))
		}
	},
	"change slug": func(w *world, n int) func(context.Context, *store.Store) error {
		owner := w.organization(fmt.Sprintf("changing-%d", n))
		return func(ctx context.Context, s *store.Store) error {
			return second(s.Organizations.ChangeSlug(ctx, owner, fmt.Sprintf("changed-%d", n)))
		}
	},
	"delete": func(w *world, n int) func(context.Context, *store.Store) error {
		owner := w.organization(fmt.Sprintf("deleting-%d", n))
		w.invite(owner, "new@example.com", scope.Member)
		return func(ctx context.Context, s *store.Store) error { return s.Organizations.Delete(ctx, owner) }
	},
	"transfer": func(w *world, n int) func(context.Context, *store.Store) error {
		owner := w.organization(fmt.Sprintf("transferring-%d", n))
		to := w.member(owner, fmt.Sprintf("to%d@example.com", n), scope.Member)
		return func(ctx context.Context, s *store.Store) error {
			return second(s.Organizations.TransferOwnership(ctx, owner, memberID(to)))
		}
	},
	"remove": func(w *world, n int) func(context.Context, *store.Store) error {
		owner := w.organization(fmt.Sprintf("removing-%d", n))
		bob := w.member(owner, fmt.Sprintf("removed%d@example.com", n), scope.Owner)
		session, _, err := w.Sessions.Start(w.Context(), bob)
		if err != nil {
			w.Fatal(err)
		}
		w.ok(w.Sessions.Activate(w.Context(), bob, session.ID, orgID(owner)))
		return func(ctx context.Context, s *store.Store) error {
			return s.Memberships.Remove(ctx, owner, memberID(bob))
		}
	},
	"depart": func(w *world, n int) func(context.Context, *store.Store) error {
		owner := w.organization(fmt.Sprintf("departing-%d", n))
		bob := w.member(owner, fmt.Sprintf("departing%d@example.com", n), scope.Owner)
		return func(ctx context.Context, s *store.Store) error {
			return s.Memberships.Depart(ctx, bob, func(ctx context.Context, tx pgx.Tx) error {
				_, err := tx.Exec(ctx, "DELETE FROM users WHERE id = $1", bob.UserID())
				return err
			})
		}
	},
	"invite again": func(w *world, n int) func(context.Context, *store.Store) error {
		owner := w.organization(fmt.Sprintf("inviting-%d", n))
		w.invite(owner, "new@example.com", scope.Member)
		return func(ctx context.Context, s *store.Store) error {
			return second(s.Invitations.Invite(ctx, owner, "new@example.com", scope.Admin))
		}
	},
	"accept": func(w *world, n int) func(context.Context, *store.Store) error {
		address := fmt.Sprintf("accepting%d@example.com", n)
		user, sent := w.user(address), w.invite(w.organization(fmt.Sprintf("accepted-%d", n)), address, scope.Member)
		return func(ctx context.Context, s *store.Store) error {
			return second(s.Invitations.Accept(ctx, user, sent.Token))
		}
	},
	"sign up": func(w *world, n int) func(context.Context, *store.Store) error {
		sent := w.invite(w.organization(fmt.Sprintf("signing-%d", n)), fmt.Sprintf("signing%d@example.com", n), scope.Member)
		return func(ctx context.Context, s *store.Store) error {
			return second(s.Invitations.AcceptWithSignup(ctx, sent.Token, w.signup("")))
		}
	},
	"activate": func(w *world, n int) func(context.Context, *store.Store) error {
		owner := w.organization(fmt.Sprintf("activating-%d", n))
		session, _, err := w.Sessions.Start(w.Context(), owner)
		if err != nil {
			w.Fatal(err)
		}
		return func(ctx context.Context, s *store.Store) error {
			return second(s.Sessions.Activate(ctx, owner, session.ID, orgID(owner)))
		}
	},
}

// saboteur does something before the n-th statement is sent, or before one with
// a text in it.
type saboteur struct {
	at, seen atomic.Int32
	before   string
	act      func(conn *pgx.Conn, sql string)

	committing bool // the n-th statement was the commit
}

func (s *saboteur) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if s.seen.Add(1) == s.at.Load() || s.before != "" && strings.Contains(data.SQL, s.before) {
		s.committing = data.SQL == "commit"
		s.act(conn, data.SQL)
	}
	return ctx
}

func (s *saboteur) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// pool opens a second pool on the world's database.
func (w *world) pool(configure func(*pgxpool.Config)) *pgxpool.Pool {
	w.Helper()
	config := w.db.Config()
	configure(config)
	pool, err := pgxpool.NewWithConfig(w.Context(), config)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(pool.Close)
	return pool
}

// sabotage runs every operation with the fault before its first statement, its
// second one, and so on until the operation does not get that far. Each time it
// must have failed without a trace, and succeed when it is tried again.
func sabotage(t *testing.T, fault func(w *world, s *saboteur, stop context.CancelFunc) func(*pgx.Conn, string)) {
	for name, operation := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := new(saboteur)
			pool := w.pool(func(c *pgxpool.Config) { c.ConnConfig.Tracer = s })
			stores := w.stores(pool)
			for n := int32(1); ; n++ {
				run := operation(w, int(n))
				ctx, stop := context.WithCancel(t.Context())
				s.act = fault(w, s, stop)
				before := w.dump()
				s.seen.Store(0)
				s.at.Store(n)
				err := run(ctx, stores)
				s.at.Store(0)
				stop()
				if s.seen.Load() < n {
					if err != nil {
						t.Errorf("without a fault: %v", err)
					}
					if n < 5 {
						t.Errorf("the operation has only %d statements", n-1)
					}
					return
				}
				// Who ends a connection at the commit may have come too late.
				unknown := s.committing && errors.Is(err, store.ErrOutcomeUnknown)
				if err == nil || !unknown && !store.Retryable(err) {
					t.Errorf("fault before statement %d: %v, want one that can be retried", n, err)
				}
				if diff := cmp.Diff(before, w.dump()); diff != "" {
					t.Errorf("fault before statement %d leaves:\n%s", n, diff)
				}
				if err := run(t.Context(), stores); err != nil {
					t.Errorf("again after a fault before statement %d: %v", n, err)
				}
				if t.Failed() {
					return
				}
			}
		})
	}
}

func TestARequestThatIsCancelledLeavesNothing(t *testing.T) {
	t.Parallel()
	sabotage(t, func(_ *world, _ *saboteur, stop context.CancelFunc) func(*pgx.Conn, string) {
		return func(*pgx.Conn, string) { stop() }
	})
}

func TestAConnectionThatIsTerminatedLeavesNothing(t *testing.T) {
	t.Parallel()
	sabotage(t, func(w *world, _ *saboteur, _ context.CancelFunc) func(*pgx.Conn, string) {
		return func(conn *pgx.Conn, _ string) {
			// Wait until it has ended: the statement that follows must not get through.
			w.exec("SELECT pg_terminate_backend($1, 10000)", int32(conn.PgConn().PID()))
		}
	})
}

// What sessions do outside of transactions, over a connection that ends before it
// or with the answer on its way: it may always be done again.
func TestSingleStatementsOfSessionsMayBeRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.organization("acme")
	fault := func(*pgx.Conn) {}
	s := &saboteur{act: func(conn *pgx.Conn, _ string) { fault(conn) }}
	stores := w.stores(w.pool(func(c *pgxpool.Config) { c.ConnConfig.Tracer = s }))
	s.before = "user_sessions"
	for name, call := range map[string]func(id uuid.UUID) error{
		"start": func(uuid.UUID) error { _, _, err := stores.Sessions.Start(ctx, owner); return err },
		"touch": func(id uuid.UUID) error { return stores.Sessions.Touch(ctx, owner, id) },
		"end":   func(id uuid.UUID) error { return stores.Sessions.End(ctx, owner, id) },
	} {
		session, _, err := w.Sessions.Start(ctx, owner)
		if err != nil {
			t.Fatal(err)
		}
		w.clock.advance(time.Minute)
		fault = func(conn *pgx.Conn) { w.exec("SELECT pg_terminate_backend($1, 10000)", int32(conn.PgConn().PID())) }
		w.unchanged(func() {
			if err := call(session.ID); err == nil || !store.Retryable(err) {
				t.Errorf("%s: %v, want one that can be retried", name, err)
			}
		})
		// The statement gets through, and nobody hears of it.
		fault = func(conn *pgx.Conn) {
			fault = func(*pgx.Conn) {}
			_ = call(session.ID)
			w.exec("SELECT pg_terminate_backend($1, 10000)", int32(conn.PgConn().PID()))
		}
		if err := call(session.ID); err == nil || !store.Retryable(err) {
			t.Errorf("%s without an answer: %v, want one that can be retried", name, err)
		}
		if err := call(session.ID); err != nil && (name != "end" || !errors.Is(err, store.ErrNoSession)) {
			t.Errorf("%s again: %v", name, err)
		}
	}
}

// The server goes away in the middle of an operation, stays away for another
// try, and comes back.
func TestAServerThatGoesAwayLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, operation := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var away atomic.Bool
			s := new(saboteur)
			pool := w.pool(func(c *pgxpool.Config) {
				c.ConnConfig.Tracer = s
				dial := c.ConnConfig.DialFunc
				c.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
					if away.Load() {
						return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
					}
					return dial(ctx, network, address)
				}
			})
			stores := w.stores(pool)
			run := operation(w, 1)
			before := w.dump()
			s.act = func(conn *pgx.Conn, _ string) {
				away.Store(true)
				w.exec("SELECT pg_terminate_backend($1, 10000)", int32(conn.PgConn().PID()))
			}
			s.at.Store(4)
			for _, when := range []string{"while it goes", "while it is away"} {
				if err := run(t.Context(), stores); err == nil || !store.Retryable(err) {
					t.Errorf("%s: %v", when, err)
				}
			}
			if diff := cmp.Diff(before, w.dump()); diff != "" {
				t.Errorf("it leaves:\n%s", diff)
			}
			away.Store(false)
			if err := run(t.Context(), stores); err != nil {
				t.Errorf("when it is back: %v", err)
			}
		})
	}
}

// cutConn loses the answer to a commit, or the commit itself.
type cutConn struct {
	net.Conn
	cut *cut
}

type cut struct {
	armed   atomic.Bool
	deliver bool // the server gets the commit
}

func (c *cutConn) Write(p []byte) (int, error) {
	if !c.cut.armed.Load() || !bytes.Contains(p, []byte("commit\x00")) {
		return c.Conn.Write(p)
	}
	if c.cut.deliver {
		if _, err := c.Conn.Write(p); err != nil {
			return 0, err
		}
		// The server's answer comes when it has committed.
		if _, err := io.ReadFull(c.Conn, make([]byte, 5)); err != nil {
			return 0, err
		}
	}
	c.cut.armed.Store(false)
	_ = c.Conn.Close()
	return len(p), nil
}

func TestACommitWithoutAnAnswerIsAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	for name, operation := range operations {
		for _, deliver := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, delivered %t", name, deliver), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				cutter := &cut{deliver: deliver}
				pool := w.pool(func(c *pgxpool.Config) {
					dial := c.ConnConfig.DialFunc
					c.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
						conn, err := dial(ctx, network, address)
						return &cutConn{conn, cutter}, err
					}
				})
				stores := w.stores(pool)
				run := operation(w, 1)
				before, mails := w.dump(), w.mails.count()
				cutter.armed.Store(true)
				err := run(t.Context(), stores)
				if !errors.Is(err, store.ErrOutcomeUnknown) || store.Retryable(err) {
					t.Errorf("error is %v, want that the outcome is unknown", err)
				}
				if n := w.mails.count() - mails; n != 0 {
					t.Errorf("%d mails were sent for what may not have happened", n)
				}
				if changed := !cmp.Equal(before, w.dump()); changed != deliver {
					t.Errorf("the change is there: %t, want %t", changed, deliver)
				}
				if deliver {
					return
				}
				if err := run(t.Context(), stores); err != nil {
					t.Errorf("after looking, again: %v", err)
				}
			})
		}
	}
}

// deafConn sends nothing any more, and nobody says so.
type deafConn struct {
	net.Conn
	deaf *atomic.Bool
}

func (c *deafConn) Write(p []byte) (int, error) {
	if c.deaf.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// The network goes before the change is undone. The request must not hang on
// that, and the connection must not come back.
func TestARollbackThatNobodyHearsEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.organization("acme")
	var deaf atomic.Bool
	pool := w.pool(func(c *pgxpool.Config) {
		c.MaxConns = 2 // the pool takes its time to give up the first
		dial := c.ConnConfig.DialFunc
		c.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			t.Cleanup(func() { _ = conn.Close() }) // before the pool, which would wait for the server's farewell
			return &deafConn{conn, &deaf}, nil
		}
	})
	s := w.stores(pool, store.Before(func(context.Context, pgx.Tx, audit.Event) error {
		deaf.Store(true)
		return errors.New("refused")
	}))
	w.unchanged(func() {
		if err := second(s.Organizations.Rename(t.Context(), owner, "Emca")); !errors.Is(err, store.ErrRefused) {
			t.Errorf("error is %v", err)
		}
	})
	deaf.Store(false)
	if _, err := s.Organizations.Get(t.Context(), owner); err != nil {
		t.Errorf("on the connection after it: %v", err)
	}
}

// Every change has one event, which says where, who, and to what.
func TestEveryChangeHasItsEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, operation := range operations {
		run := operation(w, 1)
		before := w.count("SELECT count(*) FROM audit_events")
		if err := run(t.Context(), w.Store); err != nil {
			t.Fatal(err)
		}
		if n := w.count("SELECT count(*) FROM audit_events") - before; n != 1 {
			t.Errorf("%s has %d events", name, n)
		}
	}
	if n := w.count("SELECT count(*) FROM audit_events WHERE actor_id IS NULL OR target_id IS NULL OR target_type = '' OR reason IS NOT NULL"); n != 0 {
		t.Errorf("%d events lack an actor or a target", n)
	}
	if n := w.count(`SELECT count(*) FROM audit_events e WHERE NOT EXISTS (SELECT FROM organizations o WHERE o.id = e.organization_id)`); n != 0 {
		t.Errorf("%d events are of no organization", n)
	}
}
