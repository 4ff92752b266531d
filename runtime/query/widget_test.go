package query

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
)

// widget is the row of an org-owned table that the tests of this package share.
type widget struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Name           string    `db:"name"`
	Order          int       `db:"order"`
}

var (
	widgets = Declare[widget]("widgets")
	_       = Shared("colors")
)

const widgetSchema = `
CREATE TABLE widgets (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid NOT NULL,
	name text NOT NULL, "order" integer NOT NULL DEFAULT 7
);
CREATE TABLE colors (name text PRIMARY KEY);
INSERT INTO widgets (organization_id, name, "order") VALUES
	('a0000000-0000-4000-8000-000000000000', 'axle', 1),
	('a0000000-0000-4000-8000-000000000000', 'bolt', 2),
	('b0000000-0000-4000-8000-000000000000', 'theirs', 3);
INSERT INTO colors VALUES ('red');
`

// sent records what pgx is about to send.
type sent struct {
	n    atomic.Int64
	text atomic.Pointer[string]
}

func (s *sent) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	s.text.Store(&d.SQL)
	return ctx
}
func (s *sent) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (s *sent) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceCopyFromStartData) context.Context {
	s.n.Add(1)
	return ctx
}
func (s *sent) TraceCopyFromEnd(context.Context, *pgx.Conn, pgx.TraceCopyFromEndData) {}

// widgetPool opens a database of the test's own, and counts what goes there.
func widgetPool(t *testing.T) (*pgxpool.Pool, *sent) {
	t.Helper()
	config := pgtest.Pool(t, widgetSchema).Config()
	traced := new(sent)
	config.ConnConfig.Tracer = traced
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatalf("open a traced pool: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool, traced
}

func selectWidgets(columns ...string) *sqlbuilder.SelectBuilder {
	return sqlbuilder.PostgreSQL.NewSelectBuilder().Select(columns...).From("widgets")
}

// custom is a builder that somebody else wrote.
type custom struct {
	build  func(initial []any) (string, []any)
	flavor func() sqlbuilder.Flavor
}

func (c custom) Build() (string, []any) { return c.build(nil) }
func (c custom) BuildWithFlavor(_ sqlbuilder.Flavor, initial ...any) (string, []any) {
	return c.build(initial)
}

func (c custom) Flavor() sqlbuilder.Flavor {
	if c.flavor != nil {
		return c.flavor()
	}
	return sqlbuilder.PostgreSQL
}
