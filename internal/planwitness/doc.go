// Package planwitness asks PostgreSQL's planner whether a statement stays
// inside one organization. The text of a statement says what its author meant;
// its plan says which rows are read.
//
//	plan, err := planwitness.Explain(ctx, db, "SELECT name FROM projects WHERE organization_id = $1", org)
//	…
//	scans, err := planwitness.Examine(plan, planwitness.Value(org.String()),
//		planwitness.Table{Schema: "public", Name: "projects", Column: "organization_id"})
//	for _, scan := range scans {
//		if !scan.Restricted() {
//			t.Errorf("not restricted: %s", scan)
//		}
//	}
//
// Every scan of an org-owned table is judged, wherever it stands in the plan:
// below a view, a common table expression, an InitPlan or a SubPlan, as the
// target of an UPDATE, DELETE or MERGE. So are the rows that INSERT … ON
// CONFLICT DO UPDATE may change.
//
// # What restricts a scan
//
// That the ownership column equals the organization must follow from equalities
// that hold for every row of the scan:
//
//   - its own conditions: Index Cond, Recheck Cond, Filter, and in a nested loop
//     those that compare it with the row of the outer side;
//   - the conditions of the scans whose columns it is compared with;
//   - a One-Time Filter above it. PostgreSQL keeps one constant of those that
//     have to be equal, and compares it with the others once: of
//     "organization_id = $1 AND organization_id = 'b…'" the scan keeps 'b…', and
//     a Result above it has the One-Time Filter "'b…' = $1".
//
// Where all rows are read, and an inner join with a restricted relation drops
// those of other organizations, the scan is restricted by the join: no row gets
// any further, but all were read. [Scan.Cond] tells which it is.
//
// What PostgreSQL has proven to be empty, pruned or removed is not in the plan,
// and needs no witness.
//
// # What it cannot say
//
//   - A plan holds for the statement, the arguments and the statistics that it
//     was made with. Another plan of the same statement filters in other places,
//     though never less.
//   - Foreign keys with ON DELETE CASCADE, triggers, functions that are not
//     inlined: their queries have plans of their own.
//   - What a foreign or custom scan does elsewhere. Such a scan counts as not
//     restricted unless PostgreSQL itself filters its rows.
//   - A partial index with a predicate on the organization: PostgreSQL leaves out
//     what the predicate implies, and the scan counts as not restricted.
//   - A condition above a subquery into which PostgreSQL cannot push it, because
//     of a window function, a LIMIT or a MATERIALIZED. What the subquery has
//     numbered, limited or kept are everybody's rows, and its scans count as not
//     restricted.
//   - The conditions of WHEN in a MERGE. One with NOT MATCHED BY SOURCE reads all
//     rows of its target, whose scan counts as not restricted.
//   - Whether new rows belong to the organization.
package planwitness
