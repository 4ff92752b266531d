package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Library begins the reasons that package store gives when its own statements
// cannot be scoped: a token or a user is looked up before an organization is
// known. These run on every request. It is for hooks that let them pass where
// nobody hides behind a reason, as in tests.
const Library = "sigra: "

// stores is where the files are that give them, by which [Hook] goes. A reason
// anybody can write. The name of a function would not do: one that is inlined
// takes its closures into the caller's package.
var stores = func() string {
	_, file, _, _ := runtime.Caller(0)
	return path.Join(path.Dir(path.Dir(file)), "store") + "/"
}()

// Hook returns a hook for [query.OnBypass]. A use of query.Unscoped is recorded
// through db as an event "query.unscoped" of the zero organization, with the
// reason, the text and the place, before the statement is sent; when that fails,
// the statement is not sent. Those of package store are only logged, at level
// debug.
//
// db is a pool, not a transaction: what was looked at stays on record when the
// transaction that looked is rolled back. So each use takes a second connection of
// the pool while the first is held by the caller's transaction. It waits for that
// for ten seconds, or as long as the context says; query.Queue and whatever else
// renders a statement without a context has none. Without db only the statements of
// package store pass. Hook panics without a logger.
func Hook(db query.Execer, log *slog.Logger) query.BypassHook {
	if log == nil {
		panic("audit: logger of Hook is nil; pass slog.Default()")
	}
	return func(ctx context.Context, e query.BypassEvent) error {
		if strings.HasPrefix(e.File, stores) {
			if !log.Enabled(ctx, slog.LevelDebug) {
				return nil // this is on the way of every request
			}
			log.DebugContext(ctx, "unscoped statement", "reason", e.Reason, "file", e.File, "line", e.Line)
			return nil
		}
		if err := recordBypass(ctx, db, e); err != nil {
			return fmt.Errorf("audit: unscoped statement is not sent, because it could not be recorded: %w", err)
		}
		return nil
	}
}

const recordTimeout = 10 * time.Second

// recordBypass writes an event of no organization.
//
//sigra:allow admin -- the event is about everybody's rows and belongs to no organization; ForOrg refuses the zero id
func recordBypass(ctx context.Context, db query.Execer, e query.BypassEvent) error {
	if db == nil {
		return errors.New("the hook has no database; give it the pool")
	}
	if _, limited := ctx.Deadline(); !limited {
		// All connections of the pool may be held by those who wait here.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, recordTimeout)
		defer cancel()
	}
	_, err := db.Exec(ctx, `INSERT INTO audit_events (organization_id, id, occurred_at, action, reason, details)
		VALUES ($1, $2, $3, 'query.unscoped', $4, jsonb_build_object('sql', $5::text, 'file', $6::text, 'line', $7::int))`,
		uuid.Nil, uuid.New(), time.Now(), e.Reason, e.SQL, e.File, e.Line)
	return err
}

// System is [scope.System] with an event "scope.system" in the organization's
// trail. Without the event there is no scope. Errors are those of scope.System,
// [scope.ErrNoOrganization] and [scope.ErrReason], and of [Record].
func System(ctx context.Context, db query.Execer, organizationID uuid.UUID, reason string) (*scope.Scope, error) {
	sc, err := scope.System(organizationID, reason)
	if err != nil {
		return nil, err
	}
	if err := Record(ctx, db, sc, Event{Action: "scope.system"}); err != nil {
		return nil, fmt.Errorf("audit: no scope, because it could not be recorded: %w", err)
	}
	return sc, nil
}
