// Package pgquery is a second opinion on Sigra's own reader of SQL: the tests
// here hold it against libpg_query, which is PostgreSQL's grammar as C code.
//
// It is a module of its own because libpg_query needs cgo and a long first
// build. No user of Sigra ever builds it, and nothing in the product imports
// it.
//
// Three claims are tested, on the corpus in internal/pgsql/testdata/corpus, on
// mutants of it, on the string constants of our own Go code and of the modules
// that the tests depend on, and on PostgreSQL's regression suite where
// SIGRA_PG_REGRESS names a folder that holds its sql/*.sql:
//
//   - The reader accepts nothing that PostgreSQL's grammar refuses.
//   - The relations that the reader reports are those of PostgreSQL's tree:
//     same name, alias, use and place.
//   - A rewritten statement is the caller's statement plus guards: without them
//     both trees are equal, and every org-owned relation is restricted at a
//     place where the restriction filters it and nothing else.
//
// What the oracle knows of CTE scope, of joins and of guards is computed from
// PostgreSQL's tree and shares no code with what it judges:
//
//	tree, err := parse("WITH p AS (SELECT 1) SELECT * FROM p, projects")
//	uses := relations(tree) // projects alone: p is the CTE
//
// A statement of the corpus that is valid and refused all the same stands in a
// list in testdata with the reason: unread.txt for the reader, unexamined.txt
// for Examine, which takes placeholders that are not PostgreSQL's, refused.txt
// for Rewrite. The lists are exact: a missing entry and a stale one fail. After
// a change of the reader rewrite them with
//
//	go test -run "Reader|Examine|Rewrite" . -update
package pgquery
