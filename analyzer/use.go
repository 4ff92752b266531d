package analyzer

import (
	"fmt"
	"strconv"

	"github.com/sigrahq/sigra/internal/valueflow"
)

// use is SQL that reaches a database: a text with its arguments, or the table
// and columns of a copy. As a fact on a function its expressions are over the
// function's parameters: then a call of that function is what reaches the
// database.
type use struct {
	Sink    string // name of the database's function
	Sure    bool   // it is one, for certain
	Text    *valueflow.Expr
	Args    *valueflow.Expr // a List; nil when there are none
	Table   *valueflow.Expr // of a copy
	Columns *valueflow.Expr
	Values  *valueflow.Expr // where the arguments come from: see valueflow.Values
	Scoping bool            // the text passes through ForOrg here

	// Of the organization that a statement gets:
	Org  *valueflow.Expr // its Origins
	Role role
	Of   string // the table

	Shared *valueflow.Expr // Origins of a builder that is rendered
}

func (u use) String() string {
	switch {
	case u.Org != nil:
		return fmt.Sprintf("%s gets organization %s", u.Sink, u.Org)
	case u.Shared != nil:
		return fmt.Sprintf("%s renders %s", u.Sink, u.Shared)
	case u.Table != nil:
		return fmt.Sprintf("%s copies to %s", u.Sink, u.Table)
	}
	return fmt.Sprintf("%s runs %s", u.Sink, u.Text)
}

// parts are the expressions of u, and where they are kept.
func (u *use) parts() []**valueflow.Expr {
	return []**valueflow.Expr{&u.Text, &u.Args, &u.Table, &u.Columns, &u.Values, &u.Org, &u.Shared}
}

// open tells whether what the use does depends on parameters. The arguments
// count where the text is empty, because then they bring the statement.
func (u *use) open() []*valueflow.Expr {
	var out []*valueflow.Expr
	add := func(e *valueflow.Expr) {
		if e != nil && len(e.Open()) > 0 {
			out = append(out, e)
		}
	}
	if u.Text != nil && len(u.Text.OpenText()) > 0 {
		out = append(out, u.Text)
	}
	add(u.Table)
	add(u.Columns)
	add(u.Org)
	add(u.Shared)
	if u.Text != nil && u.Text.Kind == valueflow.Text && u.Text.Text == "" {
		add(u.Args)
	}
	return out
}

func (u *use) key() string {
	k := u.Sink + strconv.Itoa(int(u.Role)) + u.Of
	for _, p := range u.parts() {
		k += "|"
		if *p != nil {
			k += (*p).Key()
		}
	}
	return k
}
