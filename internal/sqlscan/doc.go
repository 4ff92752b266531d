// Package sqlscan looks at SQL that cannot be read as a statement: text with
// holes where something unknown goes in, or text with a syntax error. It
// finds the names that stand where a table stands, and nothing else.
//
//	refs := sqlscan.Tables("SELECT " + sqlscan.Hole + " FROM billing.tasks t")
//	// refs[0] is {Schema: "billing", Name: "tasks"}
//
// It errs towards naming too much: a caller reports that a text could not be
// known, never that it is wrong.
package sqlscan
