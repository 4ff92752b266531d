// Package reporting joins, nests and unites.
package reporting

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"corpus.test/ledgerly/pg"
)

type Reports struct{ db pg.DBTX }

// ---- joins

func (r Reports) Join(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.number, c.name FROM invoices i
		JOIN customers c ON c.id = i.customer_id AND c.organization_id = i.organization_id
		WHERE i.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) JoinBoth(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.number, c.name FROM invoices i JOIN customers c ON c.id = i.customer_id
		WHERE i.organization_id = $1 AND c.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) JoinUsing(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.number, l.text FROM invoices i JOIN invoice_lines l USING (organization_id) WHERE l.invoice_id = i.id AND i.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) Comma(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.number FROM invoices i, customers c WHERE c.id = i.customer_id AND c.organization_id = i.organization_id AND i.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) Chain(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT l.text FROM invoice_lines l
		JOIN invoices i ON i.id = l.invoice_id AND i.organization_id = l.organization_id
		JOIN customers c ON c.id = i.customer_id AND c.organization_id = i.organization_id
		WHERE c.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) SharedSide(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT i.number, u.name FROM invoices i JOIN users u ON u.id::text = i.status JOIN currencies ON true WHERE i.organization_id = $1", org) // ok
}

func (r Reports) LeftOn(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name, count(i.id) FROM customers c
		LEFT JOIN invoices i ON i.customer_id = c.id AND i.organization_id = $1
		WHERE c.organization_id = $1 GROUP BY c.name`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) LeftWhere(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name FROM customers c LEFT JOIN invoices i ON i.customer_id = c.id
		WHERE c.organization_id = $1 AND i.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) LeftChild(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name, k.name FROM customers c
		LEFT JOIN contacts k ON k.customer_id = c.id AND k.organization_id = c.organization_id WHERE c.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) FromView(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT x.name FROM (SELECT name, organization_id FROM customers WHERE organization_id = $1) x
		LEFT JOIN LATERAL (SELECT 1 FROM contacts k WHERE k.organization_id = x.organization_id) y ON true`
	return r.db.Query(ctx, q, org) // open
}

func (r Reports) OneSide(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.number, c.email FROM invoices i JOIN customers c ON c.id = i.customer_id WHERE i.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) OtherSide(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT l.text FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE i.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) Middle(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT l.text FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id JOIN customers c ON c.id = i.customer_id
		WHERE l.organization_id = $1 AND c.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) LeftUnscoped(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name, i.number FROM customers c LEFT JOIN invoices i ON i.customer_id = c.id WHERE c.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

// The predicate of the outer side stands in ON, which drops no customer.
func (r Reports) LeftOuterInOn(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name FROM customers c LEFT JOIN invoices i ON i.customer_id = c.id AND c.organization_id = $1 AND i.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) LeftOrNull(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.number FROM customers c RIGHT JOIN invoices i ON i.customer_id = c.id WHERE c.organization_id = $1 OR c.organization_id IS NULL`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) RightPreserved(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.number FROM customers c RIGHT JOIN invoices i ON i.customer_id = c.id AND i.organization_id = $1 AND c.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) FullOn(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.number FROM customers c FULL JOIN invoices i ON i.customer_id = c.id AND i.organization_id = $1 AND c.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) SelfJoin(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT b.number FROM invoices a JOIN invoices b ON b.customer_id = a.customer_id WHERE a.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

// Two relations are equal to each other and bound to nobody.
func (r Reports) OnlyEqual(ctx context.Context) (pgx.Rows, error) {
	const q = `SELECT i.number FROM invoices i JOIN customers c ON c.organization_id = i.organization_id`
	return r.db.Query(ctx, q) // want unscoped
}

func (r Reports) Cross(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT i.number FROM customers c CROSS JOIN invoices i WHERE c.organization_id = $1", org) // want unscoped
}

// Bound through the side of an outer join that may be null.
func (r Reports) ThroughNull(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.number FROM invoices i LEFT JOIN customers c ON c.id = i.customer_id AND c.organization_id = $1 AND c.organization_id = i.organization_id`
	return r.db.Query(ctx, q, org) // want unscoped
}

// ---- subqueries

func (r Reports) ExistsBound(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name FROM customers c WHERE c.organization_id = $1
		AND EXISTS (SELECT 1 FROM invoices i WHERE i.customer_id = c.id AND i.organization_id = c.organization_id)`
	return r.db.Query(ctx, q, org) // ok
}

// Comments have no organization; their invoice has.
func (r Reports) ChildThroughExists(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT m.body FROM comments m WHERE EXISTS (SELECT 1 FROM invoices i WHERE i.id = m.invoice_id AND i.organization_id = $1)`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) ChildThroughJoin(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT m.body FROM comments m JOIN invoices i ON i.id = m.invoice_id WHERE i.organization_id = $1", org) // ok
}

func (r Reports) InBound(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT name FROM customers WHERE organization_id = $1 AND id IN (SELECT customer_id FROM invoices WHERE organization_id = $1 AND status = 'sent')`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) Scalar(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name, (SELECT max(i.cents) FROM invoices i WHERE i.customer_id = c.id AND i.organization_id = $1) FROM customers c WHERE c.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) Derived(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT count(*) FROM (SELECT id FROM invoices WHERE organization_id = $1 LIMIT 100) x`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) LateralBound(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name, x.number FROM customers c
		CROSS JOIN LATERAL (SELECT number FROM invoices i WHERE i.customer_id = c.id AND i.organization_id = $1 LIMIT 1) x WHERE c.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) ExistsOracle(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name FROM customers c WHERE c.organization_id = $1 AND EXISTS (SELECT 1 FROM invoices i WHERE i.number = c.number)`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) InUnbound(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT name FROM customers WHERE organization_id = $1 AND id IN (SELECT customer_id FROM invoices WHERE status = 'sent')`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) ScalarUnbound(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT name, (SELECT count(*) FROM invoices) FROM customers WHERE organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

// Only the inner query is scoped; the outer one asks for everybody's lines.
func (r Reports) OuterUnbound(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT text FROM invoice_lines WHERE invoice_id NOT IN (SELECT id FROM invoices WHERE organization_id = $1)`
	return r.db.Query(ctx, q, org) // want unscoped
}

// Inside the subquery the column is its own.
func (r Reports) Captured(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM invoices WHERE organization_id = $1)`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) DerivedAll(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT x.status, x.n FROM (SELECT status, count(*) AS n FROM invoices GROUP BY status) x") // want unscoped
}

func (r Reports) LateralAll(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT c.name FROM customers c CROSS JOIN LATERAL (SELECT number FROM invoices i WHERE i.customer_id = c.id) x WHERE c.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

// ---- CTEs and set operations

func (r Reports) CTE(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH open AS (SELECT customer_id, sum(cents) AS due FROM invoices WHERE organization_id = $1 AND paid_at IS NULL GROUP BY 1)
		SELECT c.name, o.due FROM customers c JOIN open o ON o.customer_id = c.id WHERE c.organization_id = $1`
	return r.db.Query(ctx, q, org) // ok
}

// The CTE is called like a table and is none.
func (r Reports) Shadow(ctx context.Context) (pgx.Rows, error) {
	const q = `WITH invoices AS (SELECT code AS number FROM currencies) SELECT number FROM invoices`
	return r.db.Query(ctx, q) // ok
}

func (r Reports) ShadowBound(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH invoices AS (SELECT * FROM invoices WHERE organization_id = $1) SELECT number FROM invoices ORDER BY number`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) Recursive(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 12)
		SELECT n.i, count(v.id) FROM n LEFT JOIN invoices v ON v.cents = n.i AND v.organization_id = $1 GROUP BY n.i`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) Union(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT name FROM customers WHERE organization_id = $1 UNION ALL SELECT name FROM contacts WHERE organization_id = $1 UNION SELECT name FROM currencies ORDER BY 1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) Except(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `(SELECT id FROM customers WHERE organization_id = $1) EXCEPT (SELECT customer_id FROM invoices WHERE organization_id = $1)`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) Window(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT number, rank() OVER (PARTITION BY customer_id ORDER BY cents DESC) FROM invoices WHERE organization_id = $1 ORDER BY 2 LIMIT 10`
	return r.db.Query(ctx, q, org) // ok
}

func (r Reports) Parameters(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH p (org) AS (SELECT $1::uuid) SELECT i.number FROM invoices i JOIN p ON p.org = i.organization_id`
	return r.db.Query(ctx, q, org) // open
}

func (r Reports) CTEBody(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH due AS (SELECT customer_id, sum(cents) AS cents FROM invoices GROUP BY customer_id)
		SELECT c.name, d.cents FROM customers c JOIN due d ON d.customer_id = c.id WHERE c.organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) OneCTE(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH a AS (SELECT id FROM customers WHERE organization_id = $1), b AS (SELECT count(*) AS n FROM contacts) SELECT a.id, b.n FROM a, b`
	return r.db.Query(ctx, q, org) // want unscoped
}

// A CTE pretends to have the column.
func (r Reports) FakeColumn(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH customers AS (SELECT id, name, $1::uuid AS organization_id FROM customers) SELECT name FROM customers WHERE organization_id = $1`
	return r.db.Query(ctx, q, org) // want unscoped
}

// The CTE shadows the name only in the query that it belongs to.
func (r Reports) ShadowEnds(ctx context.Context) (pgx.Rows, error) {
	const q = `SELECT (WITH customers AS (SELECT 'x' AS name) SELECT name FROM customers), c.name FROM customers c`
	return r.db.Query(ctx, q) // want unscoped
}

// A qualified name is never the CTE.
func (r Reports) ShadowQualified(ctx context.Context) (pgx.Rows, error) {
	const q = `WITH customers AS (SELECT 'x' AS name) SELECT name FROM public.customers`
	return r.db.Query(ctx, q) // want unscoped
}

func (r Reports) UnionArm(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT name FROM customers WHERE organization_id = $1 UNION ALL SELECT name FROM contacts`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) ThirdArm(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT id FROM customers WHERE organization_id = $1
		INTERSECT SELECT customer_id FROM invoices WHERE organization_id = $1
		UNION SELECT id FROM leads WHERE name IS NULL`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) Having(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT status, count(*) FROM invoices GROUP BY status HAVING bool_or(organization_id = $1)`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) Filter(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT count(*), count(*) FILTER (WHERE organization_id = $1) FROM invoices`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Reports) WriteInCTE(ctx context.Context, org uuid.UUID, id uuid.UUID) (pgx.Rows, error) {
	const q = `WITH gone AS (DELETE FROM invoice_lines WHERE invoice_id = $2 RETURNING cents) SELECT sum(cents) FROM gone, invoices i WHERE i.organization_id = $1`
	return r.db.Query(ctx, q, org, id) // want unscoped
}

func (r Reports) WriteInCTEBound(ctx context.Context, org uuid.UUID, id uuid.UUID) (pgx.Rows, error) {
	const q = `WITH gone AS (DELETE FROM invoice_lines WHERE invoice_id = $2 AND organization_id = $1 RETURNING cents) SELECT sum(cents) FROM gone`
	return r.db.Query(ctx, q, org, id) // ok
}
