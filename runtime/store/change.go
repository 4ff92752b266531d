package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// change is one transaction, or one savepoint in the caller's.
type change struct {
	pgx.Tx
	*core
	at      time.Time // the one time of everything in it
	effects []effect
	outcome error // what the caller gets although the change was made
}

// effect is what follows the commit.
type effect struct {
	name   string
	secret Secret // that its error must not show
	run    func(context.Context) error
}

// attempts bounds how often a transaction of ours starts again.
const attempts = 6

// change runs work in a transaction, again where that helps, and does what
// follows the commit.
func (c *core) change(ctx context.Context, operation string, sc *scope.Scope, work func(context.Context, *change) error) error {
	var err error
	for n := 1; ; n++ {
		var ch *change
		ch, err = c.attempt(ctx, work)
		if err == nil {
			c.follow(ctx, ch.effects)
			err = ch.outcome
			break
		}
		if c.waiting != nil || n == attempts || !isConflict(err) || !pause(ctx, n) {
			break
		}
	}
	return c.finish(ctx, operation, sc, err)
}

// finish names an error and logs it when it is a denial.
func (c *core) finish(ctx context.Context, operation string, sc *scope.Scope, err error) error {
	if err == nil {
		return nil
	}
	err = named(err)
	if isDenial(err) {
		c.log.WarnContext(ctx, "denied", "operation", operation, "scope", sc, "error", err)
	}
	return err
}

func (c *core) attempt(ctx context.Context, work func(context.Context, *change) error) (*change, error) {
	tx, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	// After a commit this does nothing; after a panic of a hook it is what
	// leaves nothing behind.
	defer rollback(ctx, tx)

	ch := &change{Tx: tx, core: c, at: c.time()}
	if err := work(ctx, ch); err != nil {
		return nil, err
	}
	return ch, c.commit(ctx, tx)
}

// begin opens a transaction that sees what others commit while it waits for a
// lock, which is what every rule here is about.
func (c *core) begin(ctx context.Context) (pgx.Tx, error) {
	if db, ok := c.db.(interface {
		BeginTx(context.Context, pgx.TxOptions) (pgx.Tx, error)
	}); ok {
		return db.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	}
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return nil, err
	}
	if err := isReadCommitted(ctx, tx); err != nil {
		return nil, errors.Join(err, rollback(ctx, tx))
	}
	return tx, nil
}

// rollbackTimeout bounds the wait for a server that no longer answers. The
// connection is closed then, with which the server rolls back by itself.
const rollbackTimeout = 5 * time.Second

// rollback undoes a transaction. The context may be what ended the work.
func rollback(ctx context.Context, tx pgx.Tx) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	return tx.Rollback(ctx)
}

func isReadCommitted(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, "SHOW transaction_isolation")
	if err != nil {
		return err
	}
	level, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
	if err == nil && pgx.TxIsoLevel(level) != pgx.ReadCommitted {
		err = fmt.Errorf("%w but %s; begin it with pgx.ReadCommitted", ErrIsolation, level)
	}
	return err
}

func (c *core) commit(ctx context.Context, tx pgx.Tx) error {
	// Not sent yet, so there is no doubt about it.
	if err := ctx.Err(); err != nil {
		return err
	}
	if tx.Conn().IsClosed() {
		return pgconn.ErrConnClosed
	}
	// Somebody has passed over a statement that failed. A savepoint that fails to
	// be released would leave the caller's transaction unusable.
	if tx.Conn().PgConn().TxStatus() == failed {
		return pgx.ErrTxCommitRollback
	}
	err := tx.Commit(ctx)
	// A savepoint is as lost as the transaction around it.
	if err == nil || c.waiting != nil || isRolledBack(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
}

// isRolledBack reports that an error of a commit leaves no doubt. An error of
// severity FATAL is one that ends the connection, on either side of the commit.
// pgx calls "conn closed" safe to retry also when it was waiting for the answer,
// so that one does not count.
func isRolledBack(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.SeverityUnlocalized == "ERROR"
	}
	return errors.Is(err, pgx.ErrTxCommitRollback) || pgconn.SafeToRetry(err) && !errors.Is(err, pgconn.ErrConnClosed)
}

// follow does what was to follow the commit, or leaves it to the caller's.
func (c *core) follow(ctx context.Context, list []effect) {
	if c.waiting != nil {
		c.waiting.add(list)
		return
	}
	c.run(ctx, list)
}

func (c *core) run(ctx context.Context, list []effect) {
	ctx = context.WithoutCancel(ctx) // it is committed, whoever has gone away since
	for _, e := range list {
		if err := e.safely(ctx); err != nil {
			c.log.ErrorContext(ctx, "change is committed, but what follows it failed", "step", e.name, "error", err)
		}
	}
}

func (e effect) safely(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
		err = e.secret.hide(err)
	}()
	return e.run(ctx)
}

// record writes the event of a change and runs the hooks. It is the last thing
// that a change does, so that hooks see all of it.
func (ch *change) record(ctx context.Context, organizationID uuid.UUID, e audit.Event) error {
	e.ID, e.OrganizationID, e.OccurredAt = uuid.New(), organizationID, ch.at
	if err := audit.RecordFor(ctx, ch.Tx, organizationID, e); err != nil {
		return err
	}
	for _, hook := range ch.before {
		if err := ch.lend("a hook", func(tx pgx.Tx) error { return hook(ctx, tx, e) }); err != nil {
			return err
		}
	}
	for _, hook := range ch.after {
		ch.effects = append(ch.effects, effect{"hook after " + e.Action, "", func(ctx context.Context) error { return hook(ctx, e) }})
	}
	return nil
}

// lend gives the transaction to a hook or a callback, which may refuse. What has
// ended the transaction by a statement may have committed it, and all that would
// follow would be done on its own.
func (ch *change) lend(to string, work func(tx pgx.Tx) error) error {
	err := work(lent{ch.Tx})
	if ended := ch.ended(to); ended != nil {
		return errors.Join(ended, err)
	}
	if err != nil {
		return fmt.Errorf("%w by %s: %w", ErrRefused, to, err)
	}
	return nil
}

// ended notices that somebody has ended the transaction.
func (ch *change) ended(by string) error {
	if conn := ch.Conn(); conn.IsClosed() || conn.PgConn().TxStatus() != idle {
		return nil
	}
	return fmt.Errorf("%w: %s has ended the transaction by a statement; return an error to undo it", ErrOutcomeUnknown, by)
}

// The state of a connection, as the server tells it with each answer.
const (
	idle   = 'I' // in no transaction
	failed = 'E' // in one that a statement has failed in
)

// lent is a transaction in the hands of a hook or a callback, which may do
// everything in it but end it.
type lent struct{ pgx.Tx }

var errLent = errors.New("store: the transaction is the store's to end; return an error to undo it")

func (lent) Commit(context.Context) error   { return errLent }
func (lent) Rollback(context.Context) error { return errLent }

// time is now, as exact as PostgreSQL keeps it.
func (c *core) time() time.Time { return c.now().UTC().Truncate(time.Microsecond) }

// isConflict reports an error of two transactions that got into each other's
// way. The server has rolled ours back.
func isConflict(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == serializationFailure || pg.Code == deadlockDetected)
}

// pause lets the other transaction finish.
func pause(ctx context.Context, n int) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Duration(n) * time.Millisecond * time.Duration(1+rand.IntN(10))):
		return true
	}
}

// isBroken reports that the connection ended.
func isBroken(err error) bool {
	_, network := errors.AsType[net.Error](err)
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	return network || connecting || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, pgconn.ErrConnClosed)
}

// exec runs a statement and reports how many rows it was about.
func (ch *change) exec(ctx context.Context, st query.Statement) (int64, error) {
	tag, err := query.Exec(ctx, ch.Tx, st)
	return tag.RowsAffected(), err
}

// lockKeys takes advisory locks, in an order that is the same for everybody,
// until the transaction ends.
func (ch *change) lockKeys(ctx context.Context, kind string, names ...string) error {
	keys := make([]int64, len(names))
	for i, name := range names {
		sum := sha256.Sum256([]byte("sigra " + kind + " " + name))
		keys[i] = int64(binary.BigEndian.Uint64(sum[:]))
	}
	slices.Sort(keys)
	for _, key := range keys {
		if _, err := ch.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", key); err != nil {
			return err
		}
	}
	return nil
}
