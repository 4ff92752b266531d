// Package valueflow finds out which texts a value of a Go program can be.
//
// The question is asked backwards, from the argument of a call that reaches a
// database, over the SSA form of one package: through branches, loops, tuples,
// helper functions, closures, struct fields, package variables, slices, maps,
// string concatenation and the functions of fmt and strings. The answer is a
// Set of expressions, one for each text that the value can be:
//
//	flow := valueflow.New(pkg, facts)
//	for _, e := range flow.Value(call.Args[2], call) {
//		// e.Kind is valueflow.Text, or Scoped, or Hole with a reason, …
//	}
//
// What a function returns is kept as expressions over its parameters, so a
// helper is looked at once and its callers fill in what they pass. The same
// expressions, without positions, are what one package tells another.
//
// Loops are cut off after a few rounds, which is enough to see each text that
// a round adds. Nothing else is cut off: an origin that cannot be followed is
// a Hole that says why. Evaluation order is the order of the source, so that
// equal programs give equal answers.
package valueflow
