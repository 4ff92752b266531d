// Package search puts its SQL together.
package search

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"corpus.test/ledgerly/pg"
)

type Repo struct {
	db      pg.DBTX
	base    string
	orderBy string
}

func New(db pg.DBTX) *Repo {
	return &Repo{db: db, base: "SELECT id FROM invoices WHERE organization_id = $1"}
}

// ---- good

func (r *Repo) Filter(ctx context.Context, org uuid.UUID, status, number string) (pgx.Rows, error) {
	q := "SELECT id FROM invoices WHERE organization_id = $1"
	args := []any{org}
	if status != "" {
		args = append(args, status)
		q += fmt.Sprintf(" AND status = $%d", len(args))
	}
	if number != "" {
		args = append(args, number)
		q += " AND number = $" + strconv.Itoa(len(args))
	}
	return r.db.Query(ctx, q, args...) // ok
}

func (r *Repo) Sorted(ctx context.Context, org uuid.UUID, by string) (pgx.Rows, error) {
	order := "number"
	switch by {
	case "cents":
		order = "cents DESC, number"
	case "status":
		order = "status, number"
	}
	return r.db.Query(ctx, "SELECT id FROM invoices WHERE organization_id = $1 ORDER BY "+order, org) // ok
}

var orders = map[string]string{"name": "name, id", "number": "number"}

func (r *Repo) SortedByMap(ctx context.Context, org uuid.UUID, by string) (pgx.Rows, error) {
	order, ok := orders[by]
	if !ok {
		order = "id"
	}
	return r.db.Query(ctx, fmt.Sprintf("SELECT id FROM customers WHERE organization_id = $1 ORDER BY %s", order), org) // ok
}

func (r *Repo) Paged(ctx context.Context, org uuid.UUID, page, size int) (pgx.Rows, error) {
	q := fmt.Sprintf("SELECT id FROM invoices WHERE organization_id = $1 ORDER BY id LIMIT %d OFFSET %d", size, page*size)
	return r.db.Query(ctx, q, org) // ok
}

func (r *Repo) Placeholders(ctx context.Context, org uuid.UUID, ids []uuid.UUID) (pgx.Rows, error) {
	args := []any{org}
	marks := make([]string, len(ids))
	for i, id := range ids {
		args = append(args, id)
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	return r.db.Query(ctx, "SELECT id FROM invoices WHERE organization_id = $1 AND id IN ("+strings.Join(marks, ", ")+")", args...) // open
}

func (r *Repo) Builder(ctx context.Context, org uuid.UUID, archived bool) (pgx.Rows, error) {
	var b strings.Builder
	b.WriteString("SELECT id, name")
	b.WriteString(" FROM customers")
	b.WriteString(" WHERE organization_id = $1")
	if !archived {
		b.WriteString(" AND NOT archived")
	}
	return r.db.Query(ctx, b.String(), org) // ok
}

func (r *Repo) Printed(ctx context.Context, org uuid.UUID, n int) (pgx.Rows, error) {
	var b strings.Builder
	b.WriteString("SELECT id FROM invoices WHERE organization_id = $1")
	fmt.Fprintf(&b, " LIMIT %d", n)
	return r.db.Query(ctx, b.String(), org) // ok
}

func (r *Repo) EachTable(ctx context.Context, org uuid.UUID) error {
	for _, table := range []string{"contacts", "invoice_lines", "invoices", "customers"} {
		if _, err := r.db.Exec(ctx, "DELETE FROM "+table+" WHERE organization_id = $1", org); err != nil { // ok
			return err
		}
	}
	return nil
}

func (r *Repo) EachStatement(ctx context.Context, org uuid.UUID) error {
	statements := [...]string{
		"UPDATE invoices SET status = 'late' WHERE organization_id = $1",
		"UPDATE customers SET archived = true WHERE organization_id = $1 AND email IS NULL",
	}
	for i := range statements {
		if _, err := r.db.Exec(ctx, statements[i], org); err != nil { // ok
			return err
		}
	}
	return nil
}

func (r *Repo) Field(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, r.base+" AND status = 'sent'", org) // ok
}

func (r *Repo) Closure(ctx context.Context, org uuid.UUID) (n int64, err error) {
	count := func(table string) error {
		var m int64
		err := r.db.QueryRow(ctx, "SELECT count(*) FROM "+table+" WHERE organization_id = $1", org).Scan(&m) // ok
		n += m
		return err
	}
	if err := count("customers"); err != nil {
		return 0, err
	}
	return n, count("invoices")
}

func (r *Repo) Joined(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	q := strings.Join([]string{"SELECT id", "FROM leads", "WHERE organization_id = $1"}, "\n")
	return r.db.Query(ctx, q, org) // ok
}

func where(conds ...string) string {
	return " WHERE organization_id = $1 AND " + conds[0]
}

func (r *Repo) Helper(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads"+scoped("name IS NOT NULL"), org) // ok
}

func scoped(cond string) string { return " WHERE organization_id = $1 AND (" + cond + ")" }

// Unknown text beside tables that nobody owns.
func (r *Repo) Currencies(ctx context.Context, order string) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT code FROM currencies ORDER BY "+pgx.Identifier{order}.Sanitize()) // open
}

func (r *Repo) Quoted(ctx context.Context, org uuid.UUID, column string) (pgx.Rows, error) {
	if !slices.Contains([]string{"name", "number"}, column) {
		column = "id"
	}
	return r.db.Query(ctx, "SELECT id FROM customers WHERE organization_id = $1 ORDER BY "+column, org) // open
}

// ---- leaks

func (r *Repo) FilterForgot(ctx context.Context, org uuid.UUID, status string) (pgx.Rows, error) {
	q := "SELECT id FROM invoices WHERE true"
	args := []any{}
	if org != uuid.Nil {
		args = append(args, org)
		q += fmt.Sprintf(" AND organization_id = $%d", len(args))
	}
	return r.db.Query(ctx, q, args...) // want unscoped|unproven
}

func (r *Repo) OneBranch(ctx context.Context, org uuid.UUID, admin bool) (pgx.Rows, error) {
	q := "SELECT id FROM customers"
	if !admin {
		q += " WHERE organization_id = $1"
	}
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r *Repo) SwitchArm(ctx context.Context, org uuid.UUID, kind string) (pgx.Rows, error) {
	var q string
	switch kind {
	case "customer":
		q = "SELECT id FROM customers WHERE organization_id = $1"
	case "lead":
		q = "SELECT id FROM leads WHERE $1::uuid IS NOT NULL"
	default:
		return nil, pg.ErrNotFound
	}
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r *Repo) FreeOrder(ctx context.Context, org uuid.UUID, order string) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM invoices WHERE organization_id = $1 ORDER BY "+order, org) // want unproven
}

func (r *Repo) FreeCondition(ctx context.Context, org uuid.UUID, cond string) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM invoices WHERE organization_id = $1 AND "+cond, org) // want unproven
}

func (r *Repo) FreeTable(ctx context.Context, org uuid.UUID, table string) (pgx.Rows, error) {
	return r.db.Query(ctx, fmt.Sprintf("SELECT id FROM %s", table)) // open
}

func (r *Repo) FieldOrder(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	r.orderBy = os.Getenv("ORDER_BY")
	return r.db.Query(ctx, r.base+" ORDER BY "+r.orderBy, org) // want unproven
}

func (r *Repo) FromFile(ctx context.Context, name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, string(text)) // want unproven
	return err
}

func (r *Repo) Value(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, fmt.Sprintf("SELECT id FROM invoices WHERE organization_id = '%s'", org)) // want unproven|unscoped
}

func (r *Repo) FuncValue(ctx context.Context, org uuid.UUID, text func() string) (pgx.Rows, error) {
	return r.db.Query(ctx, text(), org) // want unproven
}

func (r *Repo) EachTableForgot(ctx context.Context, org uuid.UUID) error {
	tables := map[string]bool{"currencies": true, "contacts": true}
	for table := range tables {
		if _, err := r.db.Exec(ctx, "DELETE FROM "+table+" WHERE $1::uuid IS NOT NULL", org); err != nil { // want unscoped
			return err
		}
	}
	return nil
}

func (r *Repo) BuilderForgot(ctx context.Context, org uuid.UUID, scoped bool) (pgx.Rows, error) {
	var b strings.Builder
	b.WriteString("SELECT id FROM contacts WHERE ($1::uuid IS NOT NULL)")
	if scoped {
		b.WriteString(" AND organization_id = $1")
	}
	return r.db.Query(ctx, b.String(), org) // want unscoped
}

func (r *Repo) Overwritten(ctx context.Context, org uuid.UUID, all bool) (pgx.Rows, error) {
	q := r.base
	if all {
		q = "SELECT id FROM invoices ORDER BY $1::uuid"
	}
	return r.db.Query(ctx, q, org) // want unscoped
}

func (r *Repo) Appended(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, r.base+" OR status = 'public'", org) // want unscoped
}

func (r *Repo) ClosureForgot(ctx context.Context) (n int64, err error) {
	count := func(cond string) error {
		return r.db.QueryRow(ctx, "SELECT count(*) FROM invoices WHERE "+cond).Scan(&n) // may unscoped
	}
	return n, count("status = 'draft'") // want unscoped
}

func (r *Repo) TableVariable(ctx context.Context, id uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT * FROM "+pg.CustomersTable+" WHERE id = $1", id) // want unscoped
}

func (r *Repo) ByIDHelper(ctx context.Context, id uuid.UUID) error {
	var name string
	return pg.ByID(ctx, r.db, "customers", id).Scan(&name) // want unscoped|unproven
}

func (r *Repo) ByIDShared(ctx context.Context, id uuid.UUID) error {
	var percent string
	return pg.ByID(ctx, r.db, "tax_rates", id).Scan(&percent) // ok
}

func (r *Repo) WhereList(ctx context.Context, conds []string, args []any) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM leads WHERE "+strings.Join(conds, " AND "), args...) // want unproven|unscoped
}

func (r *Repo) Replaced(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	q := strings.ReplaceAll("SELECT id FROM {t} WHERE cents > 0", "{t}", "invoices")
	return r.db.Query(ctx, q) // want unscoped|unproven
}

// A map that is written to elsewhere holds anything.
var extra = map[string]string{}

func Register(name, text string) { extra[name] = text }

func (r *Repo) Extra(ctx context.Context, name string, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, extra[name], org) // want unproven
}

var _ = where
