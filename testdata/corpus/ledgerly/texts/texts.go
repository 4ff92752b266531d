// Package texts puts the same text together in every way that Go has.
package texts

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"corpus.test/ledgerly/pg"
)

type Repo struct{ db pg.DBTX }

type query string

const (
	fromLeads        = "FROM leads"
	mine             = " WHERE organization_id = $1"
	typed      query = "SELECT id FROM leads WHERE organization_id = $1"
	typedWrong query = "SELECT id FROM leads WHERE id = $1"
)

// ---- good

func (r Repo) Typed(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, string(typed), org) // ok
}

func (r Repo) Constant(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id "+fromLeads+mine, org) // ok
}

func (r Repo) Buffer(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	var b bytes.Buffer
	b.WriteString("SELECT id ")
	b.WriteString(fromLeads)
	b.WriteString(mine)
	return r.db.Query(ctx, b.String(), org) // ok
}

func (r Repo) Trimmed(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, strings.TrimSpace(`
		SELECT id FROM leads WHERE organization_id = $1
	`), org) // ok
}

func (r Repo) Indexed(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, fmt.Sprintf("SELECT %[1]s.id FROM %[1]s WHERE %[1]s.organization_id = $1", "leads"), org) // ok
}

func (r Repo) Itoa(ctx context.Context, org uuid.UUID, name string) (pgx.Rows, error) {
	args := []any{name}
	q := "SELECT id FROM leads WHERE name = $1"
	args = append(args, org)
	q += " AND organization_id = $" + strconv.Itoa(len(args))
	return r.db.Query(ctx, q, args...) // ok
}

func (r Repo) Conditions(ctx context.Context, org uuid.UUID, named bool) (pgx.Rows, error) {
	conds := []string{"organization_id = $1"}
	if named {
		conds = append(conds, "name IS NOT NULL")
	}
	return r.db.Query(ctx, "SELECT id FROM leads WHERE "+strings.Join(conds, " AND "), org) // ok
}

func (r Repo) Table(ctx context.Context, org uuid.UUID) error {
	for _, st := range []struct{ name, text string }{
		{"leads", "DELETE FROM leads WHERE organization_id = $1"},
		{"contacts", "DELETE FROM contacts WHERE organization_id = $1"},
	} {
		if _, err := r.db.Exec(ctx, st.text, org); err != nil { // ok
			return fmt.Errorf("%s: %w", st.name, err)
		}
	}
	return nil
}

type kind int

func (k kind) table() string {
	switch k {
	case 1:
		return "leads"
	case 2:
		return "contacts"
	default:
		panic("no such kind")
	}
}

func (r Repo) Kind(ctx context.Context, org uuid.UUID, k kind) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM "+k.table()+" WHERE organization_id = $1", org) // ok
}

func (r Repo) Direction(ctx context.Context, org uuid.UUID, desc bool) (pgx.Rows, error) {
	dir := map[bool]string{true: "DESC", false: "ASC"}[desc]
	return r.db.Query(ctx, "SELECT id FROM leads WHERE organization_id = $1 ORDER BY name "+dir, org) // ok
}

func (r Repo) Immediate(ctx context.Context, org uuid.UUID, all bool) (pgx.Rows, error) {
	q := func() string {
		if all {
			return "SELECT id FROM leads WHERE organization_id = $1"
		}
		return "SELECT id FROM leads WHERE organization_id = $1 AND name <> ''"
	}()
	return r.db.Query(ctx, q, org) // ok
}

func (r Repo) Pointer(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	q := "SELECT id FROM leads"
	restrict(&q)
	return r.db.Query(ctx, q, org) // ok
}

func restrict(q *string) { *q += " WHERE organization_id = $1" }

var statements = struct{ list, drop string }{
	list: "SELECT id FROM leads WHERE organization_id = $1",
	drop: "DELETE FROM leads WHERE id = $1",
}

func (r Repo) Listed(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, statements.list, org) // ok
}

func (r Repo) Concat(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	parts := slices.Concat([]string{"SELECT id", "FROM leads"}, []string{"WHERE organization_id = $1"})
	return r.db.Query(ctx, strings.Join(parts, " "), org) // open
}

func (r Repo) Depth(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.outer(ctx, "name IS NULL", org) // ok
}

func (r Repo) outer(ctx context.Context, cond string, args ...any) (pgx.Rows, error) {
	return r.inner(ctx, "SELECT id FROM leads WHERE organization_id = $1 AND "+cond, args)
}

func (r Repo) inner(ctx context.Context, q string, args []any) (pgx.Rows, error) {
	return r.db.Query(ctx, q, args...)
}

// ---- leaks

func (r Repo) TypedForgot(ctx context.Context, id uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, string(typedWrong), id) // want unscoped
}

func (r Repo) BufferForgot(ctx context.Context) (pgx.Rows, error) {
	var b bytes.Buffer
	b.WriteString("SELECT id ")
	b.WriteString(fromLeads)
	return r.db.Query(ctx, b.String()) // want unscoped
}

func (r Repo) Template(ctx context.Context, org uuid.UUID, t *template.Template) (pgx.Rows, error) {
	var b strings.Builder
	if err := t.Execute(&b, org); err != nil {
		return nil, err
	}
	return r.db.Query(ctx, b.String(), org) // want unproven
}

func (r Repo) ConditionsForgot(ctx context.Context, org uuid.UUID, own bool) (pgx.Rows, error) {
	conds := []string{"$1::uuid IS NOT NULL"}
	if own {
		conds = append(conds, "organization_id = $1")
	}
	return r.db.Query(ctx, "SELECT id FROM leads WHERE "+strings.Join(conds, " AND "), org) // want unscoped
}

func (r Repo) JoinedByOr(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	conds := []string{"organization_id = $1", "name IS NULL"}
	return r.db.Query(ctx, "SELECT id FROM leads WHERE "+strings.Join(conds, " OR "), org) // want unscoped
}

func (r Repo) TableForgot(ctx context.Context, org uuid.UUID) error {
	for _, st := range []struct{ name, text string }{
		{"leads", "DELETE FROM leads WHERE organization_id = $1"},
		{"contacts", "DELETE FROM contacts WHERE customer_id = $1"},
	} {
		if _, err := r.db.Exec(ctx, st.text, org); err != nil { // want unscoped
			return fmt.Errorf("%s: %w", st.name, err)
		}
	}
	return nil
}

func (r Repo) KindForgot(ctx context.Context, k kind) (pgx.Rows, error) {
	return r.db.Query(ctx, "SELECT id FROM "+k.table()) // want unscoped
}

func (r Repo) PointerForgot(ctx context.Context, id uuid.UUID) (pgx.Rows, error) {
	q := "SELECT id FROM leads"
	byID(&q)
	return r.db.Query(ctx, q, id) // want unscoped|unproven
}

func byID(q *string) { *q += " WHERE id = $1" }

func (r Repo) Dropped(ctx context.Context, id uuid.UUID) error {
	_, err := r.db.Exec(ctx, statements.drop, id) // want unscoped
	return err
}

func (r Repo) DepthForgot(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.outer(ctx, "name IS NULL OR true", org) // want unscoped
}

func (r Repo) DepthDirect(ctx context.Context, id uuid.UUID) (pgx.Rows, error) {
	return r.inner(ctx, "SELECT id FROM leads WHERE id = $1", []any{id}) // want unscoped
}

func (r Repo) Environment(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	return r.db.Query(ctx, fmt.Sprintf("SELECT id FROM %s WHERE id = $1", os.Getenv("TABLE")), org) // want unproven
}

func (r Repo) Argument(ctx context.Context, org uuid.UUID) (pgx.Rows, error) {
	if len(os.Args) < 2 {
		return nil, pg.ErrNotFound
	}
	return r.db.Query(ctx, os.Args[1], org) // want unproven
}

func (r Repo) Verb(ctx context.Context, org uuid.UUID, ids []int) (pgx.Rows, error) {
	return r.db.Query(ctx, fmt.Sprintf("SELECT id FROM leads WHERE id IN (%v)", ids)) // want unscoped|unproven
}

// entity is what rows have in common.
type entity interface{ Table() string }

type leadRow struct{}

func (leadRow) Table() string { return "leads" }

type rateRow struct{}

func (rateRow) Table() string { return "tax_rates" }

func find[E entity](ctx context.Context, db pg.DBTX, e E, id uuid.UUID) pgx.Row {
	return db.QueryRow(ctx, "SELECT * FROM "+e.Table()+" WHERE id = $1", id) // open
}

func (r Repo) Lead(ctx context.Context, id uuid.UUID) pgx.Row {
	return find(ctx, r.db, leadRow{}, id) // open
}

func (r Repo) Method(ctx context.Context, id uuid.UUID) pgx.Row {
	var row leadRow
	return r.db.QueryRow(ctx, "SELECT * FROM "+row.Table()+" WHERE id = $1", id) // want unscoped
}

func (r Repo) MethodShared(ctx context.Context, id uuid.UUID) pgx.Row {
	var row rateRow
	return r.db.QueryRow(ctx, "SELECT * FROM "+row.Table()+" WHERE id = $1", id) // ok
}

func (r Repo) Rate(ctx context.Context, id uuid.UUID) pgx.Row {
	return find(ctx, r.db, rateRow{}, id) // open
}
