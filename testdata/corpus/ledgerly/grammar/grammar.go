// Package grammar uses more of PostgreSQL than most.
package grammar

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"corpus.test/ledgerly/pg"
)

type Repo struct{ db pg.DBTX }

// ---- good

func (r Repo) DistinctOn(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT DISTINCT ON (customer_id) customer_id, number FROM invoices WHERE organization_id = $1 ORDER BY customer_id, number DESC", org) // ok
}

func (r Repo) Series(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT d::date, count(i.id) FROM generate_series(now() - interval '30 days', now(), '1 day') AS d
		LEFT JOIN invoices i ON i.paid_at::date = d::date AND i.organization_id = $1 GROUP BY 1 ORDER BY 1`
	return r.db.Query(ctx, q, org) // ok
}

func (r Repo) Values(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT i.number FROM (VALUES ('draft'), ('sent')) AS s (status) JOIN invoices i ON i.status = s.status WHERE i.organization_id = $1", org) // ok
}

func (r Repo) DollarQuoted(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT $x$ SELECT * FROM invoices WHERE true OR $x$ AS text, number FROM invoices WHERE organization_id = $1", org) // ok
}

func (r Repo) Escaped(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, `SELECT number FROM invoices WHERE status <> E'it\'s OR' AND organization_id = $1`, org) // ok
}

func (r Repo) NestedComment(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT number FROM invoices /* outer /* OR */ still */ WHERE organization_id = $1", org) // ok
}

func (r Repo) JSON(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, `SELECT number FROM invoices WHERE organization_id = $1 AND (external_id::jsonb @> '{"a": 1}' OR external_id::jsonb ? 'b')`, org) // ok
}

func (r Repo) GroupingSets(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT status, customer_id, sum(cents) FROM invoices WHERE organization_id = $1 GROUP BY GROUPING SETS ((status), (customer_id), ())", org) // ok
}

func (r Repo) LockOf(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `SELECT i.id FROM invoices i JOIN customers c ON c.id = i.customer_id AND c.organization_id = i.organization_id
		WHERE i.organization_id = $1 FOR NO KEY UPDATE OF i SKIP LOCKED`
	return r.db.Query(ctx, q, org) // ok
}

func (r Repo) AndTrue(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE true AND organization_id = $1 AND 1 = 1", org) // ok
}

func (r Repo) Between(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM invoices WHERE cents BETWEEN 1 AND 100 AND organization_id = $1 AND status NOT BETWEEN 'a' AND 'b'", org) // ok
}

func (r Repo) CaseInside(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM invoices WHERE organization_id = $1 AND CASE WHEN status = 'x' OR cents > 1 THEN true ELSE false END", org) // ok
}

func (r Repo) Catalog(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT table_name FROM information_schema.tables WHERE table_name = 'invoices'") // ok
}

func (r Repo) Activity(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT pid FROM pg_catalog.pg_stat_activity WHERE query LIKE '%FROM invoices%'") // ok
}

func (r Repo) Now(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT now(), current_user, nextval('numbers')") // ok
}

// A column may be called like a table.
func (r Repo) ColumnName(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT invoices, customers AS leads FROM (SELECT 1 AS invoices, 2 AS customers) x") // ok
}

// An alias may be called like a table.
func (r Repo) AliasName(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT invoices.code FROM currencies AS invoices") // ok
}

func (r Repo) CTEChain(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH a AS (SELECT id, organization_id FROM customers WHERE organization_id = $1),
		b AS (SELECT i.id FROM invoices i JOIN a ON a.id = i.customer_id AND a.organization_id = i.organization_id)
		SELECT count(*) FROM b`
	return r.db.Query(ctx, q, org) // ok
}

func (r Repo) MovedRows(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH gone AS (DELETE FROM leads WHERE organization_id = $1 AND name IS NOT NULL RETURNING id, organization_id, name)
		INSERT INTO customers (id, organization_id, number, name) SELECT id, organization_id, id::text, name FROM gone RETURNING id`
	return r.db.Query(ctx, q, org) // ok
}

func (r Repo) InsertManyRows(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "INSERT INTO leads (id, organization_id) VALUES (gen_random_uuid(), $1), (gen_random_uuid(), $1) RETURNING id", org) // ok
}

func (r Repo) Fetch(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE organization_id = $1 OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY", org) // ok
}

func (r Repo) Semicolon(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE organization_id = $1;", org) // ok
}

func (r Repo) Unicode(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, `SELECT "größe" FROM (SELECT name AS "größe" FROM leads WHERE organization_id = $1) AS "ünïon"`, org) // ok
}

// ---- leaks

func (r Repo) CommentedOut(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE $1::uuid IS NOT NULL /* AND organization_id = $1 */", org) // want unscoped
}

func (r Repo) InDollarQuotes(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE name <> $$ organization_id = $1 $$") // want unscoped
}

func (r Repo) WrongAlias(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT a.id FROM leads a, leads b WHERE b.organization_id = $1", org) // want unscoped
}

func (r Repo) OrTrue(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE organization_id = $1 OR true", org) // want unscoped
}

func (r Repo) Precedence(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM invoices WHERE status = 'a' OR status = 'b' AND organization_id = $1", org) // want unscoped
}

func (r Repo) OneArmOfOr(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM invoices WHERE (organization_id = $1 AND status = 'a') OR (status = 'public')", org) // want unscoped
}

func (r Repo) NotAnd(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM invoices WHERE NOT (organization_id = $1 AND status = 'a')", org) // want unscoped
}

func (r Repo) IsNull(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE organization_id = $1 OR organization_id IS NULL", org) // want unscoped
}

func (r Repo) EqualsFalse(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE (organization_id = $1) IS NOT TRUE", org) // want unscoped
}

func (r Repo) Like(ctx context.Context, org string) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE organization_id::text LIKE $1 || '%'", org) // want unscoped
}

func (r Repo) Nullif(ctx context.Context, org string) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE coalesce(organization_id = nullif($1, '')::uuid, true)", org) // want unscoped
}

func (r Repo) DistinctFrom(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE organization_id IS DISTINCT FROM $1", org) // want unscoped
}

func (r Repo) AllOf(ctx context.Context, orgs []uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE organization_id <> ALL($1)", orgs) // want unscoped
}

func (r Repo) WindowFrame(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT * FROM (SELECT id, organization_id, sum(cents) OVER () AS everybody FROM invoices) x WHERE organization_id = $1", org) // want unscoped
}

func (r Repo) LimitBefore(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM (SELECT id, organization_id FROM invoices ORDER BY cents DESC LIMIT 10) x WHERE organization_id = $1", org) // want unscoped
}

func (r Repo) InSelectList(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT EXISTS (SELECT 1 FROM invoices WHERE number = 'X'), name FROM leads WHERE organization_id = $1", org) // want unscoped
}

func (r Repo) InOrderBy(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT name FROM customers c WHERE organization_id = $1 ORDER BY (SELECT sum(cents) FROM invoices i WHERE i.customer_id = c.id)", org) // want unscoped
}

func (r Repo) InCase(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT CASE WHEN (SELECT count(*) FROM leads) > 10 THEN 'big' END FROM customers WHERE organization_id = $1", org) // want unscoped
}

func (r Repo) InReturning(ctx context.Context, org, id uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "DELETE FROM leads WHERE organization_id = $1 AND id = $2 RETURNING (SELECT max(cents) FROM invoices)", org, id) // want unscoped
}

func (r Repo) InValues(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "INSERT INTO leads (id, organization_id, name) VALUES (gen_random_uuid(), $1, (SELECT name FROM customers LIMIT 1)) RETURNING id", org) // want unscoped
}

func (r Repo) InJoinCondition(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT c.id FROM customers c JOIN users u ON u.id IN (SELECT id FROM leads) WHERE c.organization_id = $1", org) // want unscoped
}

func (r Repo) InFunction(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT array(SELECT number FROM invoices) FROM customers WHERE organization_id = $1", org) // want unscoped
}

func (r Repo) RecursiveArm(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	const q = `WITH RECURSIVE t AS (SELECT id FROM customers WHERE organization_id = $1
		UNION ALL SELECT l.id FROM leads l JOIN t ON t.id = l.id) SELECT id FROM t`
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r Repo) UnusedCTE(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "WITH mine AS (SELECT id FROM leads WHERE organization_id = $1) SELECT id FROM leads", org) // want unscoped
}

func (r Repo) Cursor(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "DECLARE c CURSOR FOR SELECT id FROM invoices") // want unscoped|unproven
	return err
}

func (r Repo) Merge(ctx context.Context) error {
	const q = `MERGE INTO customers c USING leads l ON l.id = c.id WHEN MATCHED THEN UPDATE SET name = l.name`
	_, err := r.db.Exec(ctx, q) // want unscoped|unproven
	return err
}

func (r Repo) CopyOut(ctx context.Context) error {
	_, err := r.db.Exec(ctx, "COPY (SELECT id FROM invoices) TO '/tmp/x'") // want unscoped|unproven
	return err
}

func (r Repo) PrepareStatement(ctx context.Context) error {
	_, err := r.db.Exec(ctx, "PREPARE p AS SELECT id FROM invoices") // want unscoped|unproven
	return err
}

func (r Repo) SecondInsertRow(ctx context.Context, org, other uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "INSERT INTO leads (id, organization_id) VALUES (gen_random_uuid(), $1), (gen_random_uuid(), DEFAULT) RETURNING id", org) // want insert
}

func (r Repo) NullOrganization(ctx context.Context) error {
	_, err := r.db.Exec(ctx, "INSERT INTO leads (id, organization_id) VALUES (gen_random_uuid(), NULL)") // want insert
	return err
}

func (r Repo) GeneratedOrganization(ctx context.Context) error {
	_, err := r.db.Exec(ctx, "INSERT INTO leads (id, organization_id) VALUES (gen_random_uuid(), gen_random_uuid())") // want insert
	return err
}

func (r Repo) SetNull(ctx context.Context, org uuid.UUID) error {
	_, err := r.db.Exec(ctx, "UPDATE leads SET organization_id = NULL WHERE organization_id = $1", org) // want moved
	return err
}

func (r Repo) SetQuoted(ctx context.Context, org, to uuid.UUID) error {
	_, err := r.db.Exec(ctx, `UPDATE leads AS l SET name = '', "organization_id" = $2 WHERE l.organization_id = $1`, org, to) // want moved
	return err
}

func (r Repo) ConflictOnExpression(ctx context.Context, org uuid.UUID) error {
	const q = `INSERT INTO customers (id, organization_id, number, name) VALUES (gen_random_uuid(), $1, '', '') ON CONFLICT (lower(number)) DO UPDATE SET name = ''`
	_, err := r.db.Exec(ctx, q, org) // want conflict-key
	return err
}
