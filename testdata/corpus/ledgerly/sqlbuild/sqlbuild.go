// Package sqlbuild builds with go-sqlbuilder and scopes by hand.
package sqlbuild

import (
	"context"
	"sync"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"

	"corpus.test/ledgerly/pg"
)

type Customer struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Name           string    `db:"name"`
}

var (
	customerStruct = sqlbuilder.NewStruct(new(Customer)).For(sqlbuilder.PostgreSQL)
	allCurrencies  = sqlbuilder.PostgreSQL.NewSelectBuilder().Select("code").From("currencies")
	allCustomers   = sqlbuilder.PostgreSQL.NewSelectBuilder().Select("id").From("customers")
)

func List(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id", "name").From("customers").Where(sb.Equal("organization_id", org)).OrderBy("name")
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // ok
}

func Filter(ctx context.Context, db pg.DBTX, org uuid.UUID, name string, archived bool) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From("customers").Where(sb.EQ("organization_id", org))
	if name != "" {
		sb.Where(sb.Or(sb.Like("name", name), sb.IsNull("email")))
	}
	if !archived {
		sb.Where("NOT archived")
	}
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // ok
}

func Update(ctx context.Context, db pg.DBTX, org, id uuid.UUID, name string) error {
	ub := sqlbuilder.PostgreSQL.NewUpdateBuilder()
	ub.Update("customers").Set(ub.Assign("name", name)).Where(ub.Equal("id", id), ub.Equal("organization_id", org))
	q, args := ub.Build()
	return pg.Exec(ctx, db, q, args...) // ok
}

func Insert(ctx context.Context, db pg.DBTX, org uuid.UUID, name string) error {
	ib := sqlbuilder.PostgreSQL.NewInsertBuilder()
	ib.InsertInto("leads").Cols("id", "organization_id", "name").Values(uuid.New(), org, name)
	q, args := ib.Build()
	return pg.Exec(ctx, db, q, args...) // ok
}

func Delete(ctx context.Context, db pg.DBTX, org, id uuid.UUID) error {
	d := sqlbuilder.PostgreSQL.NewDeleteBuilder()
	d.DeleteFrom("leads").Where(d.And(d.Equal("organization_id", org), d.Equal("id", id)))
	q, args := d.Build()
	return pg.Exec(ctx, db, q, args...) // ok
}

func Join(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("i.number").From("invoices i").Join("customers c", "c.id = i.customer_id", "c.organization_id = i.organization_id")
	sb.Where(sb.Equal("i.organization_id", org))
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // ok
}

func byOrg(org uuid.UUID, table string) *sqlbuilder.SelectBuilder {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	return sb.Select("*").From(table).Where(sb.Equal("organization_id", org))
}

func Helper(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	q, args := byOrg(org, "leads").Limit(10).Build()
	return db.Query(ctx, q, args...) // ok
}

func Nested(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sub := byOrg(org, "invoices")
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("count(*)").From(sb.BuilderAs(sub, "x"))
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // ok
}

func Cloned(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := allCustomers.Clone()
	sb.Where(sb.Equal("organization_id", org))
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // ok
}

func StructSelect(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := customerStruct.SelectFrom("customers")
	q, args := sb.Where(sb.Equal("organization_id", org)).Build()
	return db.Query(ctx, q, args...) // ok
}

func ListForgot(ctx context.Context, db pg.DBTX) (pgx.Rows, error) {
	q, args := sqlbuilder.PostgreSQL.NewSelectBuilder().Select("id").From("customers").Build()
	return db.Query(ctx, q, args...) // want unscoped
}

// Where joins with AND and puts no brackets around text.
func RawOr(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From("customers").Where("archived OR email IS NULL", sb.Equal("organization_id", org))
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // want unscoped
}

func BuiltOr(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From("customers").Where(sb.Or(sb.Equal("organization_id", org), sb.IsNull("email")))
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // want unscoped
}

func Branch(ctx context.Context, db pg.DBTX, org uuid.UUID, all bool) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From("customers")
	if !all {
		sb.Where(sb.Equal("organization_id", org))
	}
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // want unscoped
}

func JoinForgot(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("i.number").From("invoices i").JoinWithOption(sqlbuilder.LeftJoin, "customers c", "c.id = i.customer_id")
	sb.Where(sb.Equal("i.organization_id", org))
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // want unscoped
}

func Reset(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From("customers").Where(sb.Equal("organization_id", org))
	sb.WhereClause = nil
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // want unscoped|unproven
}

func TailSQL(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From("customers").Where(sb.Equal("organization_id", org)).SQL("OR true")
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // want unscoped|unproven
}

func HavingOnly(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From("customers").Having(sb.Equal("organization_id", org))
	q, args := sb.Build()
	return db.Query(ctx, q, args...) // want unscoped
}

func StructUpdate(ctx context.Context, db pg.DBTX, org uuid.UUID, c Customer) error {
	ub := customerStruct.Update("customers", c)
	ub.Where(ub.Equal("id", c.ID), ub.Equal("organization_id", org))
	q, args := ub.Build()
	return pg.Exec(ctx, db, q, args...) // want moved
}

func Moved(ctx context.Context, db pg.DBTX, org, id, to uuid.UUID) error {
	ub := sqlbuilder.PostgreSQL.NewUpdateBuilder()
	ub.Update("customers").Set(ub.Assign("organization_id", to)).Where(ub.Equal("id", id), ub.Equal("organization_id", org))
	q, args := ub.Build()
	return pg.Exec(ctx, db, q, args...) // want moved
}

func InsertForgot(ctx context.Context, db pg.DBTX, name string) error {
	ib := sqlbuilder.PostgreSQL.NewInsertBuilder()
	ib.InsertInto("leads").Cols("id", "name").Values(uuid.New(), name)
	q, args := ib.Build()
	return pg.Exec(ctx, db, q, args...) // want insert
}

// A builder that everybody shares collects everybody's conditions.
func Shared(ctx context.Context, db pg.DBTX, org uuid.UUID) (pgx.Rows, error) {
	allCustomers.Where(allCustomers.Equal("organization_id", org)) // may shared-builder
	q, args := allCustomers.Build()                                // want shared-builder
	return db.Query(ctx, q, args...)                               // may shared-builder|unscoped|unproven
}

func SharedCurrencies(ctx context.Context, db pg.DBTX) (pgx.Rows, error) {
	q, args := allCurrencies.Build() // open
	return db.Query(ctx, q, args...)
}

func Concurrent(ctx context.Context, db pg.DBTX, org uuid.UUID) {
	sb := byOrg(org, "customers")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			q, args := sb.Build()            // want shared-builder
			_, _ = db.Query(ctx, q, args...) // may shared-builder
		})
	}
	wg.Wait()
}
