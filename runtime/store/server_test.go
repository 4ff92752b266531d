//go:build unix

package store_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/migrations"
	"github.com/sigrahq/sigra/runtime/store"
)

// A real server stops, and crashes, in the middle of every operation at once:
// before a statement, before the commit, in the commit, and between the commit and
// its answer. It stays away for another try and comes back. Then nothing is there
// or all of it, and the error has said whether that is known.
func TestAServerThatStopsLeavesNothingHalfWritten(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{"stopped at once": syscall.SIGQUIT, "killed": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			//sigra:allow test -- the schema's own script
			own := pgtest.NewOwn(t, migrations.All().Up())
			h := &halted{world: newWorldOn(t, own.DSN()), server: own, signal: signal}
			h.stores = h.world.stores(h.pool(func(c *pgxpool.Config) {
				c.MaxConns = int32(len(operations) + 5)
				c.ConnConfig.Tracer = h
			}))
			for _, at := range []int{1, 4} {
				h.round(at, nothing, func() {})
			}
			h.round(atCommit, nothing, func() {})
			h.round(inCommit, doubt, func() { h.stuck("advisory") })
			h.round(afterCommit, everything, func() { h.stuck("SyncRep") })
		})
	}
}

// Where an operation is when the server goes: before its n-th statement, or
const (
	atCommit    = -1 // before the commit is sent
	inCommit    = -2 // while the server commits
	afterCommit = -3 // when it has, and has not answered
)

// What is there afterwards.
type outcome int

const (
	nothing    outcome = iota // and the caller knows
	doubt                     // nothing, and the caller cannot know
	everything                // and the caller cannot know
)

// halted is a world whose server stops in the middle of operations.
type halted struct {
	*world
	server *pgtest.Own
	signal syscall.Signal
	stores *store.Store
	n      int // operations prepared so far
}

// gate holds one operation until the server has gone.
type gate struct {
	at, seen int
	reached  chan struct{}
	open     chan struct{}
}

type gateKey struct{}

func (h *halted) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	g, _ := ctx.Value(gateKey{}).(*gate)
	if g == nil {
		return ctx
	}
	if g.seen++; g.seen == g.at || g.at == atCommit && data.SQL == "commit" {
		close(g.reached)
		<-g.open
	}
	return ctx
}

func (h *halted) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// round starts every operation, waits until all of them are at the place, and
// stops the server.
func (h *halted) round(at int, want outcome, reached func()) {
	h.Helper()
	names := slices.Sorted(maps.Keys(operations))
	runs := make([]func(context.Context, *store.Store) error, len(names))
	for i, name := range names {
		h.n++
		runs[i] = operations[name](h.world, h.n)
	}
	h.prepare(at)
	before, events := h.dump(), h.count("SELECT count(*) FROM audit_events")
	open := make(chan struct{})
	errs := make([]error, len(names))
	var done sync.WaitGroup
	for i, run := range runs {
		g := &gate{at: at, reached: make(chan struct{}), open: open}
		done.Go(func() { errs[i] = run(context.WithValue(h.Context(), gateKey{}, g), h.stores) })
		if at > atCommit {
			<-g.reached
		}
	}
	reached()
	h.server.Stop(h.signal)
	close(open)
	done.Wait()

	for i, run := range runs {
		known := !errors.Is(errs[i], store.ErrOutcomeUnknown)
		// A commit may be on its way when the server's farewell is read.
		if errs[i] == nil || known != (want == nothing) && at != atCommit || store.Retryable(errs[i]) != known {
			h.Errorf("%s, place %d: %v, retryable %t", names[i], at, errs[i], store.Retryable(errs[i]))
		}
		if err := run(h.Context(), h.stores); err == nil || !store.Retryable(err) {
			h.Errorf("%s while the server is away: %v", names[i], err)
		}
	}
	h.server.Start()
	h.db.Reset()
	h.repair(at)
	if changed := !cmp.Equal(before, h.dump()); changed != (want == everything) {
		h.Errorf("place %d: something is written: %t\n%s", at, changed, cmp.Diff(before, h.dump()))
	}
	if want == everything {
		events += len(names)
	}
	if n := h.count("SELECT count(*) FROM audit_events"); n != events {
		h.Errorf("place %d: %d events, want %d", at, n, events)
	}
	for i, run := range runs {
		err := run(h.Context(), h.stores)
		for store.Retryable(err) { // connections from before
			err = run(h.Context(), h.stores)
		}
		if err != nil && want != everything { // what is done may be refused or done once more
			h.Errorf("%s again, after place %d: %v", names[i], at, err)
		}
	}
	if n := h.count("SELECT count(*) FROM organizations o WHERE deleted_at IS NULL AND NOT EXISTS (SELECT FROM organization_memberships m WHERE m.organization_id = o.id AND m.role = 'owner')"); n != 0 {
		h.Errorf("place %d: %d organizations without owner", at, n)
	}
}

// key is the lock that commits wait for.
const key = 42

// prepare lets commits get stuck.
func (h *halted) prepare(at int) {
	switch at {
	case inCommit: // where deferred triggers run
		h.exec(`CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NULL; END $$;
			CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON audit_events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()`)
		conn, err := h.db.Acquire(h.Context())
		if err != nil {
			h.Fatal(err)
		}
		h.Cleanup(conn.Release)
		if _, err := conn.Exec(h.Context(), "SELECT pg_advisory_lock($1)", key); err != nil {
			h.Fatal(err)
		}
	case afterCommit: // where a standby has to confirm it
		h.exec("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
		h.exec("SELECT pg_reload_conf()")
		for h.count("SELECT count(*) FROM pg_settings WHERE name = 'synchronous_standby_names' AND setting = 'nobody'") == 0 {
			time.Sleep(time.Millisecond)
		}
	}
}

func (h *halted) repair(at int) {
	switch at {
	case inCommit:
		h.exec("DROP TRIGGER wait ON audit_events; DROP FUNCTION wait()")
	case afterCommit:
		h.exec("ALTER SYSTEM RESET synchronous_standby_names")
		h.exec("SELECT pg_reload_conf()")
	}
}

// stuck returns when every operation waits for the event.
func (h *halted) stuck(event string) {
	h.Helper()
	for h.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event = $1 AND query = 'commit'", event) < len(operations) {
		time.Sleep(2 * time.Millisecond)
	}
}
