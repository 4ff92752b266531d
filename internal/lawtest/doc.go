// Package lawtest holds the filter to its law on a live server: a scoped
// statement, run on everybody's rows, does exactly what the plain statement
// does in a database that holds only that organization's rows.
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
//	func TestLaw(t *testing.T) {
//		report, err := lawtest.Run(t.Context(), lawtest.Config{
//			Seed: 1, Duration: 20 * time.Second, Worlds: []lawtest.World{lawtest.NewWorld(t)},
//		})
//		…
//	}
//
// make law runs it with a report; the environment names seeds, how many statements
// or how long, and a file for the counts: see TestLaw.
//
// Statements are generated: statement n of a seed is the same on every machine
// with the same major version of PostgreSQL.
// A quarter of them are mutants, with tokens deleted, doubled or swapped
// and brackets and quotes broken.
//
// # What is compared
//
// Each statement runs in transactions that are rolled back: scoped on
// everybody's rows, and plain on the organization's rows alone. The two must
// agree on the columns and rows (in order where the statement has a total
// order, else as a multiset), the command tag, the SQLSTATE of an error, what
// all tables of the organization hold afterwards, and which of its rows are
// written or locked. Other organizations' rows must be as they were, and neither
// written anew nor locked. Other
// organizations' values are recognizable, so that what shows one is a leak
// whatever else is true of the statement. One statement in four also runs plain
// on everybody's rows, which tells how many need the filter at all.
//
// # What the planner says
//
// Of one scoped statement in six, and of one in thirty with a generic plan, the
// plan is examined too: each scan of an org-owned table has to carry the
// organization (package planwitness). That shows a restriction which no row of
// the worlds happens to need.
//
// # What is tolerated
//
// The report counts each of these.
//
//   - A timeout, on either side, ends the trial of a statement.
//   - So does a crash of the server, on either side. The run waits for it to
//     recover, finds out which statement it was, and names that.
//   - PostgreSQL leaves some results open, such as which rows a LIMIT without an
//     ORDER BY gives. Where results differ, the plain statement runs again on a
//     copy of the organization's rows in another physical order, and with other
//     plans; if that differs too, the statement is indeterminate, and only leaks
//     count. So is which of several violated constraints is named, and whether a
//     term fails on a row that another one drops.
//   - One table has unique keys that are not led by the organization, on purpose.
//     There an insert may fail or be skipped, and a row be locked, for the sake
//     of a row that nobody shows. It is an oracle of the schema.
//   - NULL and DEFAULT stand for the organization in new rows, also where
//     PostgreSQL would not accept them: stamped.
//   - An internal error of PostgreSQL, and a MERGE whose ON is no condition, which
//     version 15 does not check, say nothing.
//   - A condition that fails on another organization's row may be evaluated
//     before the guard, and its error may quote the row: an eager error. Only what
//     a guard that is evaluated first would have prevented counts as one.
//   - PostgreSQL does not implement every FULL JOIN, and a condition that rejects
//     NULL turns some into plainer joins that it does. A guard does so, and some
//     conditions that are made to wait no longer do: reduced.
//
// A finding is minimised: tokens are deleted as long as the same kind of finding
// remains. The tester itself is tested with faulty filters, each of which it has
// to catch.
package lawtest
