// Package jobs is background work.
package jobs

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type Worker struct {
	db *pgxpool.Pool
}

// Message is what the queue delivers; the queue's writer had a scope.
type Message struct {
	OrganizationID uuid.UUID
	JobID          uuid.UUID
}

func (w *Worker) Handle(ctx context.Context, m Message) error {
	sc, err := scope.System(m.OrganizationID, "closes jobs after their last visit")
	if err != nil {
		return err
	}
	st := query.Text("UPDATE jobs SET done = true WHERE id = $1", m.JobID)
	_, err = query.Exec(ctx, w.db, query.ForOrg(st, sc)) // ok
	return err
}

// Each runs one statement for each organization.
func (w *Worker) Each(ctx context.Context) error {
	//sigra:allow system-sweep -- every organization gets its own run
	rows, err := w.db.Query(ctx, "SELECT DISTINCT organization_id FROM jobs") // ok
	if err != nil {
		return err
	}
	orgs, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if err := w.expire(ctx, org, time.Now()); err != nil {
			return err
		}
	}
	return nil
}

func (w *Worker) expire(ctx context.Context, org uuid.UUID, now time.Time) error {
	del := model.Jobs.DeleteFrom()
	del.Where(del.LessThan("due_at", now))
	_, err := query.Exec(ctx, w.db, query.ForOrg(del, org)) // ok
	return err
}

// ExpireAll forgot that it is about one organization.
func (w *Worker) ExpireAll(ctx context.Context, m Message) error {
	_, err := w.db.Exec(ctx, "DELETE FROM jobs WHERE id = $1 AND done", m.JobID) // want unscoped
	return err
}

// Remind keeps the text in a table of constants.
var reminders = map[string]string{
	"late": "SELECT id FROM jobs WHERE due_at < now()",
	"seen": "SELECT id FROM sessions_seen",
}

func (w *Worker) Remind(ctx context.Context, kind string) (pgx.Rows, error) {
	return w.db.Query(ctx, reminders[kind]) // want unscoped
}

var lookups = map[string]string{
	"user":    "SELECT id FROM users",
	"country": "SELECT code FROM countries",
}

func (w *Worker) Look(ctx context.Context, kind string) (pgx.Rows, error) {
	text, ok := lookups[kind]
	if !ok {
		text = "SELECT 1"
	}
	return w.db.Query(ctx, text) // ok
}

func (w *Worker) RemindScoped(ctx context.Context, kind string, sc *scope.Scope) (pgx.Rows, error) {
	return w.db.Query(ctx, "", query.ForOrg(query.Text(reminders[kind]), sc)) // ok
}

// Source delivers text from elsewhere.
type Source interface{ Next() string }

func (w *Worker) Drain(ctx context.Context, src Source) error {
	_, err := w.db.Exec(ctx, src.Next()) // want unproven
	return err
}

func (w *Worker) DrainScoped(ctx context.Context, src Source, sc *scope.Scope) error {
	_, err := query.Exec(ctx, w.db, query.ForOrg(query.Text(src.Next()), sc)) // ok
	return err
}

// Notify writes to a channel.
func (w *Worker) Notify(ctx context.Context, id uuid.UUID) error {
	_, err := w.db.Exec(ctx, "SELECT pg_notify('jobs', $1)", id.String()) // ok
	return err
}

// Lock takes an advisory lock.
func (w *Worker) Lock(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", 7) // ok
	return err
}
