package analyzer

import (
	"fmt"

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
}

func (u use) String() string {
	if u.Table != nil {
		return fmt.Sprintf("%s copies to %s", u.Sink, u.Table)
	}
	return fmt.Sprintf("%s runs %s", u.Sink, u.Text)
}

// parts are the expressions of u, and where they are kept.
func (u *use) parts() []**valueflow.Expr {
	return []**valueflow.Expr{&u.Text, &u.Args, &u.Table, &u.Columns}
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
	add(u.Text)
	add(u.Table)
	add(u.Columns)
	if u.Text != nil && u.Text.Kind == valueflow.Text && u.Text.Text == "" {
		add(u.Args)
	}
	return out
}

func (u *use) key() string {
	k := u.Sink
	for _, p := range u.parts() {
		k += "|"
		if *p != nil {
			k += (*p).Key()
		}
	}
	return k
}
