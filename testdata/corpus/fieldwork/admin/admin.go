// Package admin is the operators' side: statements that are about everybody.
package admin

import (
	"context"
	"fmt"
	"os"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
)

type Console struct {
	db     *pgxpool.Pool
	reason string
}

const purgeReason = "purge of demo data"

func (c *Console) Purge(ctx context.Context) error {
	_, err := query.Exec(ctx, c.db, query.Unscoped(model.Jobs.DeleteFrom(), "purge of demo data")) // ok
	return err
}

func (c *Console) PurgeNamed(ctx context.Context) error {
	_, err := query.Exec(ctx, c.db, query.Unscoped(model.Jobs.DeleteFrom(), purgeReason+" at night")) // ok
	return err
}

func (c *Console) Totals(ctx context.Context) (int64, error) {
	return query.One[int64](ctx, c.db, query.Unscoped(query.Text("SELECT count(*) FROM jobs"), "usage of all customers for billing")) // ok
}

func (c *Console) Rows(ctx context.Context) (pgx.Rows, error) {
	return c.db.Query(ctx, "", query.Unscoped(model.Sites.SelectFrom(), "support looks for a site by its name")) // ok
}

// A switch over constants is constant.
func (c *Console) PurgeWhy(ctx context.Context, night bool) error {
	reason := "purge by hand"
	if night {
		reason = "purge at night"
	}
	_, err := query.Exec(ctx, c.db, query.Unscoped(model.Jobs.DeleteFrom(), reason)) // open
	return err
}

func (c *Console) Computed(ctx context.Context, user string) error {
	_, err := query.Exec(ctx, c.db, query.Unscoped(model.Jobs.DeleteFrom(), fmt.Sprintf("purge by %s", user))) // want bypass
	return err
}

func (c *Console) Configured(ctx context.Context) error {
	_, err := query.Exec(ctx, c.db, query.Unscoped(model.Jobs.DeleteFrom(), os.Getenv("PURGE_REASON"))) // want bypass
	return err
}

func (c *Console) Field(ctx context.Context) error {
	_, err := query.Exec(ctx, c.db, query.Unscoped(model.Jobs.DeleteFrom(), c.reason)) // want bypass
	return err
}

func (c *Console) Given(ctx context.Context, why string) (int64, error) {
	st := query.Unscoped(query.Text("SELECT count(*) FROM sites"), why) // want bypass
	return query.One[int64](ctx, c.db, st)                              // may bypass
}

func (c *Console) Empty(ctx context.Context) error {
	_, err := query.Exec(ctx, c.db, query.Unscoped(model.Jobs.DeleteFrom(), "")) // want bypass
	return err
}

func (c *Console) Sweep(ctx context.Context) error {
	//sigra:allow system-sweep -- jobs of all customers expire after two years
	_, err := c.db.Exec(ctx, "DELETE FROM jobs WHERE due_at < now() - interval '2 years'") // ok
	return err
}

// Backfill belongs to a release.
//
//sigra:allow migration -- fills the new column for every customer
func (c *Console) Backfill(ctx context.Context) error {
	if _, err := c.db.Exec(ctx, "UPDATE sites SET slug = lower(name) WHERE slug = ''"); err != nil { // ok
		return err
	}
	_, err := c.db.Exec(ctx, "UPDATE jobs SET title = trim(title)") // ok
	return err
}

func (c *Console) Site(ctx context.Context, id uuid.UUID) (name string, err error) {
	//sigra:allow admin -- support opens a site by the id from a ticket
	err = c.db.QueryRow(ctx, "SELECT name FROM sites WHERE id = $1", id).Scan(&name) // ok
	return name, err
}

func (c *Console) NoReason(ctx context.Context) error {
	// want+1 bypass
	//sigra:allow system-sweep
	_, err := c.db.Exec(ctx, "DELETE FROM jobs WHERE done") // may unscoped
	return err
}

func (c *Console) EmptyReason(ctx context.Context) error {
	// want+1 bypass
	//sigra:allow system-sweep --
	_, err := c.db.Exec(ctx, "DELETE FROM jobs WHERE done") // may unscoped
	return err
}

func (c *Console) NoKind(ctx context.Context) error {
	// want+1 bypass
	//sigra:allow -- jobs of all customers expire
	_, err := c.db.Exec(ctx, "DELETE FROM jobs WHERE done") // may unscoped
	return err
}

func (c *Console) UnknownKind(ctx context.Context) error {
	// want+1 bypass
	//sigra:allow cleanup -- jobs of all customers expire
	_, err := c.db.Exec(ctx, "DELETE FROM jobs WHERE done") // may unscoped
	return err
}

func (c *Console) TwoKinds(ctx context.Context) error {
	// want+1 bypass
	//sigra:allow admin system-sweep -- jobs of all customers expire
	_, err := c.db.Exec(ctx, "DELETE FROM jobs WHERE done") // may unscoped
	return err
}

func (c *Console) Misspelt(ctx context.Context) error {
	// want+1 bypass
	//sigra:alow admin -- jobs of all customers expire
	_, err := c.db.Exec(ctx, "DELETE FROM jobs WHERE done") // may unscoped
	return err
}

func (c *Console) Stale(ctx context.Context) error {
	// want+1 bypass
	//sigra:allow system-sweep -- countries used to be org-owned
	_, err := c.db.Exec(ctx, "DELETE FROM countries")
	return err
}

func (c *Console) StaleScoped(ctx context.Context, org uuid.UUID) error {
	// want+1 bypass
	//sigra:allow admin -- support deletes jobs
	_, err := query.Exec(ctx, c.db, query.ForOrg(model.Jobs.DeleteFrom(), org))
	return err
}

// StaleDoc has nothing left to allow.
//
// want+2 bypass
//
//sigra:allow migration -- filled the new column once
func (c *Console) StaleDoc(ctx context.Context) error {
	return c.db.Ping(ctx)
}

// The directive is two lines above the call, and suppresses nothing.
func (c *Console) TooFar(ctx context.Context) error {
	// want+1 bypass
	//sigra:allow system-sweep -- expired jobs of all customers
	text := "DELETE FROM jobs WHERE done"
	_, err := c.db.Exec(ctx, text) // want unscoped
	return err
}

// The directive speaks for one call only.
func (c *Console) OneOfTwo(ctx context.Context) error {
	//sigra:allow system-sweep -- expired jobs of all customers
	if _, err := c.db.Exec(ctx, "DELETE FROM jobs WHERE done"); err != nil {
		return err
	}
	_, err := c.db.Exec(ctx, "DELETE FROM sites WHERE name = ''") // want unscoped
	return err
}
