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
// Statements are generated: statement n of a seed is the same on every machine.
// About a third of them are mutants, with tokens deleted, doubled or swapped
// and brackets and quotes broken.
//
// # What is compared
//
// Each statement runs three times, each time in a transaction that is rolled
// back: scoped on everybody's rows; plain on the organization's rows alone;
// and plain on everybody's rows, which only tells whether the filter was
// needed. The first two must agree on the columns and rows (in order where
// the statement has a total order, else as a multiset), the command tag, the
// SQLSTATE of an error, what all tables of the organization hold afterwards,
// and which of its rows are locked. Other organizations' rows must be as they
// were, and not locked. Other organizations' values are recognizable, so that
// what shows one is a leak whatever else is true of the statement.
//
// # What is tolerated
//
//   - A statement that a timeout ends, on either side, is counted and skipped.
//   - PostgreSQL leaves some results open, such as which rows a LIMIT without an
//     ORDER BY gives. Where results differ, the plain statement runs again on a
//     copy of the organization's rows in another physical order, and with other
//     plans; if that differs too, the statement is indeterminate, and only leaks
//     count.
//   - One table has unique keys that are not led by the organization, on purpose.
//     There an insert may fail or be skipped for the sake of a row that nobody
//     shows; other rows must still be untouched. It is counted as an oracle of
//     the schema.
//
// The report counts each of them. A finding is minimised: tokens are deleted
// as long as the same kind of finding remains.
package lawtest
