// Package customers is a repository as most teams write it.
package customers

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"corpus.test/ledgerly/pg"
)

type Customer struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Number         string    `db:"number"`
	Name           string    `db:"name"`
}

type Repo struct {
	db  pg.DBTX
	org uuid.UUID
}

func New(db pg.DBTX, org uuid.UUID) *Repo { return &Repo{db: db, org: org} }

const columns = "id, organization_id, number, name"

// ---- good

func (r *Repo) List(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id = $1 ORDER BY name", orgID) // ok
}

func (r *Repo) Get(ctx context.Context, orgID, id uuid.UUID) (Customer, error) {
	const q = `SELECT ` + columns + `
		FROM customers
		WHERE id = $2 AND organization_id = $1`
	return pg.One[Customer](ctx, r.db, q, orgID, id) // ok
}

func (r *Repo) Own(ctx context.Context, id uuid.UUID) (Customer, error) {
	return pg.One[Customer](ctx, r.db, "SELECT "+columns+" FROM customers c WHERE c.id = $1 AND c.organization_id = $2", id, r.org) // ok
}

func (r *Repo) Flipped(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE $1 = organization_id", orgID) // ok
}

func (r *Repo) Cast(ctx context.Context, orgID string) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id = $1::uuid", orgID) // ok
}

func (r *Repo) CastFunction(ctx context.Context, orgID string) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id = CAST($1 AS uuid)", orgID) // ok
}

func (r *Repo) Parenthesised(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE ((organization_id) = ($1)) AND (archived OR email IS NULL)", orgID) // ok
}

func (r *Repo) BothArms(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE (organization_id = $1 AND archived) OR (organization_id = $1 AND email IS NULL)", orgID) // ok
}

func (r *Repo) Any(ctx context.Context, orgs []uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id = ANY($1)", orgs) // ok
}

func (r *Repo) Quoted(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, `SELECT "c"."id" FROM "public"."customers" AS "c" WHERE "c"."organization_id" = $1`, orgID) // ok
}

func (r *Repo) Shouting(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT ID FROM CUSTOMERS WHERE ORGANIZATION_ID = $1", orgID) // ok
}

func (r *Repo) Commented(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	const q = `-- name: commented :many
		SELECT id /* only the id */ FROM customers -- of one organization
		WHERE organization_id = $1 -- always
		ORDER BY id`
	return pg.All[Customer](ctx, r.db, q, orgID) // ok
}

func (r *Repo) RowValue(ctx context.Context, orgID, id uuid.UUID) (Customer, error) {
	return pg.One[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE (organization_id, id) = ($1, $2)", orgID, id) // ok
}

func (r *Repo) Literal(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE name = 'O''Neill -- OR' AND organization_id = $1", orgID) // ok
}

func (r *Repo) Locked(ctx context.Context, tx pgx.Tx, orgID, id uuid.UUID) error {
	var name string
	return tx.QueryRow(ctx, "SELECT name FROM customers WHERE organization_id = $1 AND id = $2 FOR UPDATE", orgID, id).Scan(&name) // ok
}

func (r *Repo) Exists(ctx context.Context, orgID uuid.UUID, number string) (ok bool, err error) {
	err = r.db.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM customers WHERE organization_id = $1 AND number = $2)", orgID, number).Scan(&ok) // ok
	return ok, err
}

func (r *Repo) Named(ctx context.Context, orgID uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM customers WHERE organization_id = @org", pgx.NamedArgs{"org": orgID}) // ok
}

func (r *Repo) Predicate(ctx context.Context, orgID uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM "+pg.CustomersTable+" WHERE "+pg.OrgPredicate, orgID) // ok
}

func (r *Repo) Currencies(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT code FROM "+pg.CurrenciesTable) // ok
}

// Rates lost their organization in a later migration.
func (r *Repo) Rates(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id, percent FROM tax_rates") // ok
}

// In another schema the name is another table's.
func (r *Repo) Legacy(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM legacy.customers") // open
}

// ---- leaks

func (r *Repo) ByID(ctx context.Context, id uuid.UUID) (Customer, error) {
	return pg.One[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE id = $1", id) // want unscoped
}

// The organization is an argument, and nothing reads it.
func (r *Repo) Unused(ctx context.Context, orgID, id uuid.UUID) (Customer, error) {
	_ = orgID
	return pg.One[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE id = $1", id) // want unscoped
}

func (r *Repo) UnusedField(ctx context.Context, number string) (Customer, error) {
	return pg.One[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE number = $1", number) // want unscoped
}

// organizer_id is not organization_id.
func (r *Repo) Organizer(ctx context.Context, organizerID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organizer_id = $1", organizerID) // want unscoped
}

func (r *Repo) WrongVariable(ctx context.Context, userID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id = $1", userID) // open
}

func (r *Repo) Or(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id = $1 AND NOT archived OR email IS NULL", orgID) // want unscoped
}

func (r *Repo) Nullable(ctx context.Context, orgID *uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE ($1::uuid IS NULL OR organization_id = $1)", orgID) // want unscoped
}

func (r *Repo) Coalesced(ctx context.Context, orgID *uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id = coalesce($1, organization_id)", orgID) // want unscoped
}

func (r *Repo) Not(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE NOT (organization_id = $1)", orgID) // want unscoped
}

func (r *Repo) NotEqual(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id <> $1", orgID) // want unscoped
}

func (r *Repo) NotIn(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id NOT IN ($1)", orgID) // want unscoped
}

func (r *Repo) AtLeast(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id >= $1", orgID) // want unscoped
}

func (r *Repo) Itself(ctx context.Context) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id = organization_id") // want unscoped
}

func (r *Repo) NotNull(ctx context.Context) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id IS NOT NULL") // want unscoped
}

func (r *Repo) InComment(ctx context.Context, id uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE id = $1 -- AND organization_id = $2", id) // want unscoped
}

func (r *Repo) InLiteral(ctx context.Context) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE name <> 'organization_id = $1'") // want unscoped
}

func (r *Repo) OnlyOrdered(ctx context.Context) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers ORDER BY organization_id") // want unscoped
}

func (r *Repo) OnlySelected(ctx context.Context, orgID uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id, organization_id = $1 AS mine FROM customers", orgID) // want unscoped
}

func (r *Repo) Case(ctx context.Context, orgID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE CASE WHEN archived THEN organization_id = $1 ELSE true END", orgID) // want unscoped
}

func (r *Repo) IsTrueOrNull(ctx context.Context, orgID *uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE (organization_id = $1) IS NOT FALSE", orgID) // want unscoped
}

// A user's organization is looked up without saying whose.
func (r *Repo) ViaMembership(ctx context.Context, userID uuid.UUID) ([]Customer, error) {
	return pg.All[Customer](ctx, r.db, "SELECT "+columns+" FROM customers WHERE organization_id IN (SELECT organization_id FROM memberships)") // want unscoped
}

func (r *Repo) SchemaQualified(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT sum(cents) FROM ledger.entries WHERE account = $1", "cash") // want unscoped
}

func (r *Repo) QuotedName(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, `SELECT title FROM "Document"`) // want unscoped
}

// Folded, the name is another one.
func (r *Repo) UnquotedName(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, `SELECT title FROM Document`) // open
}

func (r *Repo) Renamed(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT name FROM leads") // want unscoped
}

func (r *Repo) QuotedContacts(ctx context.Context, customer uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT name FROM contacts WHERE customer_id = $1", customer) // want unscoped
}

func (r *Repo) OnlyTable(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT name FROM ONLY customers") // want unscoped
}

func (r *Repo) TableCommand(ctx context.Context) (pgx.Rows, error) {
	return r.db.Query(ctx, "TABLE customers") // want unscoped|unproven
}
