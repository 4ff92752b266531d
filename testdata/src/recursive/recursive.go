// Package recursive builds conditions from trees, whose methods call
// themselves on what is in them.
package recursive

import "database/sql"

type Task struct {
	ID             string `db:"id"`
	OrganizationID string `db:"organization_id"`
}

type condition interface{ text() string }

type literal string

func (l literal) text() string { return string(l) }

type wrapped struct{ inner condition }

func (w wrapped) text() string { return w.inner.text() }

type either struct{ left, right condition }

func (e either) text() string { return "(" + e.left.text() + " OR " + e.right.text() + ")" }

func known(db *sql.DB) {
	db.Query("SELECT id FROM tasks WHERE " + wrapped{literal("id = $1")}.text()) // want `"tasks" is not restricted`
	db.Query("SELECT id FROM tasks WHERE " + wrapped{literal("organization_id = $1")}.text())
}

// What a tree of any depth says is not known. It is judged, and that ends.
func tree(db *sql.DB, depth int) {
	var c condition = literal("organization_id = $1")
	for range depth {
		c = wrapped{c}
	}
	db.Query("SELECT id FROM tasks WHERE " + c.text()) // want `SQL on org-owned table "tasks" cannot be known here`
}

func parsed(db *sql.DB, words []string) {
	db.Query("SELECT id FROM tasks WHERE " + parse(words).text()) // want `SQL on org-owned table "tasks" cannot be known here`
}

func parse(words []string) condition {
	switch words[0] {
	case "either":
		return either{parse(words[1:]), parse(words[2:])}
	case "not":
		return wrapped{parse(words[1:])}
	}
	return literal("organization_id = $1")
}
