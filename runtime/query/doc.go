// Package query keeps every statement inside one organization.
//
// Declare each table once, next to its row type:
//
//	type Invoice struct {
//		ID             uuid.UUID `db:"id"`
//		OrganizationID uuid.UUID `db:"organization_id"`
//		Number         string    `db:"number"`
//	}
//
//	var Invoices = query.Declare[Invoice]("invoices")
//
//	var _ = query.Shared("currencies") // belongs to nobody in particular
//
// Then build statements with go-sqlbuilder, or write them by hand, and pass
// them through [ForOrg] on their way to the database:
//
//	func Open(ctx context.Context, db query.Querier, sc *scope.Scope) ([]Invoice, error) {
//		sb := Invoices.SelectFrom()
//		sb.Where(sb.IsNull("paid_at")).OrderBy("number")
//		return query.All[Invoice](ctx, db, query.ForOrg(sb, sc))
//	}
//
//	func Total(ctx context.Context, db query.Querier, sc *scope.Scope, year int) (int64, error) {
//		return query.One[int64](ctx, db, query.ForOrg(query.Text(
//			`SELECT coalesce(sum(l.cents), 0)::bigint FROM invoices i JOIN lines l ON l.invoice_id = i.id
//			 WHERE i.year = $1`, year), sc))
//	}
//
// # What ForOrg promises
//
// A scoped statement, run on everybody's rows, does exactly what the plain
// statement would do in a database that holds only that organization's rows. It
// leaves every other organization's rows as they were. ForOrg covers the whole
// statement: joins, subqueries, CTEs, set operations, the targets and sources of
// writes, at every depth. It does so when the statement is rendered, on the text
// that PostgreSQL will read, so the order of calls does not matter: the builder
// may be changed after ForOrg has seen it.
//
// A statement for which this cannot be proven is refused with an [*Error] that
// wraps one of the sentinels of this package and names the place and the remedy.
// Nothing is sent then.
//
// Inserts are stamped: the ownership column may be left out, or hold nil or the
// zero id. A value that names another organization is [ErrForeignOrg]; an update
// that assigns the column is [ErrMoved].
//
// Every relation of a statement must be declared with [Declare], [Owned] or
// [Shared]. A table that nobody declared is [ErrUndeclared], so a forgotten
// declaration is safe.
//
// # What it cannot see
//
// Views, functions and triggers run with whatever their text says; a view is
// declared like a table. Foreign keys and unique keys reach across
// organizations unless they are led by the ownership column. PostgreSQL's
// row-level security is the belt to these braces.
//
// # Ways to the database
//
// [All], [One], [Exec], [Queue] and [CopyForOrg] send what was rendered.
// [Scoped.SQL] gives text and arguments to anything else. A Scoped is a
// pgx.QueryRewriter too, alone and with empty text: db.Query(ctx, "", scoped);
// prefer the other ways, because tracers see an empty text on this one. And it
// is a sqlbuilder.Builder, so it nests in other builders; where it was refused
// it renders as text that PostgreSQL cannot parse.
//
// [Unscoped] is the one way around, for work that is not about one
// organization. It wants a reason, and every use of it reaches the hook that
// [OnBypass] sets.
package query
