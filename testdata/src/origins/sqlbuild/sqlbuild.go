// Package sqlbuild puts statements together, and knows no database.
package sqlbuild

import "strings"

// Query is a statement with its arguments.
type Query struct {
	text strings.Builder
	Args []any
}

// New begins a statement.
func New(stmt string) *Query {
	q := &Query{}
	q.text.WriteString(stmt + " ")
	return q
}

// B adds a clause.
func (q *Query) B(clause string, args ...any) {
	q.text.WriteString(clause + " ")
	q.Args = append(q.Args, args...)
}

// String is the statement.
func (q *Query) String() string { return q.text.String() }
