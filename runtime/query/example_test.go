package query_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type Invoice struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Number         string    `db:"number"`
	Cents          int64     `db:"cents"`
}

var Invoices = query.Declare[Invoice]("invoices")

var _ = query.Shared("currencies")

var acme = uuid.MustParse("ac3e0000-0000-4000-8000-000000000000")

func ExampleForOrg() {
	sb := Invoices.SelectFrom()
	sb.Where("paid_at IS NULL OR disputed", sb.GT("cents", 1000))

	text, args, err := query.ForOrg(sb, acme).SQL()
	fmt.Println(text)
	fmt.Println(args, err)
	// Output:
	// SELECT invoices.id, invoices.organization_id, invoices.number, invoices.cents FROM invoices WHERE invoices.organization_id = $2 AND (paid_at IS NULL OR disputed AND cents > $1)
	// [1000 ac3e0000-0000-4000-8000-000000000000] <nil>
}

func ExampleForOrg_refused() {
	var sc *scope.Scope // nobody is signed in
	fmt.Println(query.ForOrg(Invoices.SelectFrom(), sc).Err())

	_, _, err := query.ForOrg(query.Text("SELECT * FROM payments"), acme).SQL()
	fmt.Println(errors.Is(err, query.ErrUndeclared), err)
	// Output:
	// query: scope has no active organization; build it with scope.ForMember or scope.System
	// true query: table "payments" is not declared; add query.Declare[T]("payments"), query.Owned("payments") or query.Shared("payments") (at byte 14)
}

func ExampleText() {
	text, args, err := query.ForOrg(query.Text(`
		SELECT c.code, sum(i.cents)
		FROM currencies c LEFT JOIN invoices i ON i.currency = c.code
		WHERE c.code = ANY ($1)
		GROUP BY c.code`, []string{"EUR", "CHF"}), acme).SQL()
	fmt.Println(text)
	fmt.Println(args, err)
	// Output:
	//
	// 		SELECT c.code, sum(i.cents)
	// 		FROM currencies c LEFT JOIN invoices i ON i.organization_id = $2 AND (i.currency = c.code)
	// 		WHERE c.code = ANY ($1)
	// 		GROUP BY c.code
	// [[EUR CHF] ac3e0000-0000-4000-8000-000000000000] <nil>
}

// Rows without an organization become the scope's.
func ExampleTable_InsertInto() {
	ib := Invoices.InsertInto(Invoice{Number: "2026-17", Cents: 4200})
	text, args, err := query.ForOrg(ib, acme).SQL()
	fmt.Println(text)
	fmt.Println(args, err)

	other := uuid.MustParse("07e40000-0000-4000-8000-000000000000")
	_, _, err = query.ForOrg(Invoices.InsertInto(Invoice{OrganizationID: other}), acme).SQL()
	fmt.Println(errors.Is(err, query.ErrForeignOrg))
	// Output:
	// INSERT INTO invoices (organization_id, number, cents) VALUES ($1, $2, $3)
	// [ac3e0000-0000-4000-8000-000000000000 2026-17 4200] <nil>
	// true
}

func ExampleTable_Update() {
	invoice := Invoice{ID: acme, Number: "2026-17", Cents: 4300}
	ub := Invoices.Update(invoice)
	ub.Where(ub.EQ("id", invoice.ID))
	text, _, err := query.ForOrg(ub, acme).SQL()
	fmt.Println(text, err)
	// Output:
	// UPDATE invoices SET number = $1, cents = $2 WHERE invoices.organization_id = $4 AND (id = $3) <nil>
}

func ExampleUnscoped() {
	query.OnBypass(func(_ context.Context, e query.BypassEvent) error {
		fmt.Printf("%s: %s\n", e.Reason, e.SQL)
		return nil
	})
	defer query.OnBypass(nil)

	sb := sqlbuilder.PostgreSQL.NewSelectBuilder().Select("organization_id", "count(*)").From("invoices")
	_, _, err := query.Unscoped(sb.GroupBy("organization_id"), "monthly usage report").SQL()
	fmt.Println(err)
	// Output:
	// monthly usage report: SELECT organization_id, count(*) FROM invoices GROUP BY organization_id
	// <nil>
}

// A repository takes the scope as an argument and hands every statement through
// ForOrg.
func Example() {
	type repository struct{ db query.Querier }

	unpaid := func(ctx context.Context, r repository, sc *scope.Scope) ([]Invoice, error) {
		sb := Invoices.SelectFrom()
		return query.All[Invoice](ctx, r.db, query.ForOrg(sb.Where(sb.IsNull("paid_at")), sc))
	}
	byNumber := func(ctx context.Context, r repository, sc *scope.Scope, number string) (Invoice, error) {
		sb := Invoices.SelectFrom()
		invoice, err := query.One[Invoice](ctx, r.db, query.ForOrg(sb.Where(sb.EQ("number", number)), sc))
		if errors.Is(err, query.ErrNotFound) {
			return invoice, fmt.Errorf("invoice %s: %w", number, err)
		}
		return invoice, err
	}
	_, _ = unpaid, byNumber
}

// Bulk loads are stamped row by row.
func ExampleCopyForOrg() {
	load := func(ctx context.Context, conn *pgx.Conn, sc *scope.Scope, numbers []string) (int64, error) {
		rows := pgx.CopyFromSlice(len(numbers), func(i int) ([]any, error) {
			return []any{uuid.New(), numbers[i]}, nil
		})
		return query.CopyForOrg(ctx, conn, sc, "invoices", []string{"id", "number"}, rows)
	}
	_ = load
}

// An application whose tables live in two schemas names them once, beside its
// declarations:
//
//	var _ = query.SearchPath("app", "public")
//
// From then on invoices is app.invoices; public.invoices would be another table.
func ExampleSearchPath() {
	_ = func() struct{} { return query.SearchPath("app", "public") }
}
