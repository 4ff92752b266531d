// Package pgsql reads one PostgreSQL data manipulation statement and says
// which relations it names and which clauses surround them.
//
// It is a reader, not a planner: the tree keeps what decides which rows a
// statement can see (WITH, FROM, joins, conditions, the targets of writes)
// and only checks the syntax of the rest. The grammar is that of PostgreSQL
// 14 to 18 (gram.y and scan.l, described in chapters 4 and 7 of the manual).
// Every token is claimed by one rule; what no rule claims is an error with
// its byte offset, never something to step over.
//
//	tree, err := pgsql.Read("SELECT name FROM projects p WHERE p.id = $1", pgsql.Options{})
//	// tree.Root.From[0].Relation.Name is "projects", its Alias "p"
//
// Data goes one way: text, tokens (lex.go), tree (parse*.go), names
// (resolve.go).
package pgsql
