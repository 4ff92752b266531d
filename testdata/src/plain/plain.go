// Package plain has nothing to do with databases.
package plain

import "fmt"

// Greeting is a text, and no statement.
var Greeting = "from all of us"

// Greet returns a text.
func Greet(name string) string { return fmt.Sprintf("%s, %s", Greeting, name) }

// Query is a sink by name only.
type Query struct{ text string }

// Exec keeps a text.
func (q *Query) Exec(text string) { q.text = text }
