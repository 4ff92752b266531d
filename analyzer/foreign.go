package analyzer

import (
	"fmt"
	"strings"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/sqlscan"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// organization judges where an organization comes from.
func (j *judge) organization(u use) []verdict {
	remedy := "take it from the caller's session or membership"
	if j.runtime {
		remedy = "take it from the caller's *scope.Scope"
	}
	tell := func(category, format string, args ...any) []verdict {
		return []verdict{{category: category, entrance: true, message: u.place() + " " + fmt.Sprintf(format, args...) + "; " + remedy}}
	}
	notScope := foreignOrg
	if u.Role == inserted {
		notScope = insertion
	}
	if from := u.Org.From(valueflow.Request); from != nil {
		if u.Role == written {
			return []verdict{{category: moved, wholeRow: true, message: fmt.Sprintf("update of org-owned table %q writes a whole row whose organization comes from request input (%s), which can move rows to another organization; use Table.Update, or leave the column out", u.Of, from.Text)}}
		}
		return tell(foreignOrg, "comes from request input (%s), so a client chooses it", from.Text)
	}
	if u.Role == written {
		return nil
	}
	if from := u.Org.From(valueflow.Row); from != nil {
		return tell(notScope, "is that of a row of %q that was read for every organization, so whoever names the row chooses it", from.Text)
	}
	if from := u.Org.From(valueflow.Named); from != nil && u.Sink != systemScope {
		return tell(notScope, "is that of a row of %q that was read by its id, whosever it is, so whoever knows the id chooses it", from.Text)
	}
	if u.Role == inserted && u.Org.Says(valueflow.User) {
		return tell(insertion, "is the id of a user")
	}
	return nil
}

// systemScope is where background work takes the organization of what it
// works on.
const systemScope = "scope.System"

// place says where an organization enters.
func (u *use) place() string {
	switch u.Role {
	case binding:
		return fmt.Sprintf("organization that %q is restricted to", u.Of)
	case inserted:
		return fmt.Sprintf("organization of the rows that are inserted into %q", u.Of)
	}
	return "organization of " + u.Sink
}

// shared judges a builder that is rendered.
func (j *judge) shared(u use) []verdict {
	from := u.Shared.From(valueflow.Shared)
	if from == nil {
		return nil
	}
	return []verdict{{category: shared, message: fmt.Sprintf("builder %s is rendered by %s, which writes to it, while others may do the same; call Clone first, or make a builder for each statement", from.Text, u.Sink)}}
}

// scoping judges what ForOrg would refuse when the program runs.
func (j *judge) scoping(u use) []verdict {
	if u.Text.Kind == valueflow.Scoped || u.Text.Kind == valueflow.Edited {
		return nil
	}
	c := compose(j.withColumns(valueflow.Flatten(u.Text, true)))
	report, err := j.examine(c)
	if err != nil {
		return nil
	}
	var out []verdict
	for _, x := range report.Uses {
		if isOwned(x) && x.Moves && !c.fromRow(x) && !staysHome(c, x, u.Values) {
			out = append(out, j.moves(x))
		}
	}
	return append(out, j.runs(report, c.text)...)
}

// examine reads a text, in which a hole is a value.
func (j *judge) examine(c composed) (*orgfilter.Report, error) {
	return orgfilter.Examine(strings.ReplaceAll(c.text, sqlscan.Hole, "NULL"), j.catalog)
}

// staysHome tells whether an update sets the ownership column to the
// organization of a scope, which is that of the rows.
func staysHome(c composed, x orgfilter.Use, values *valueflow.Expr) bool {
	for _, m := range x.Moved {
		from := c.origins(m, values)
		if from == nil || len(from.Sub) != 1 || !from.Says(valueflow.Own) {
			return false
		}
	}
	return len(x.Moved) > 0
}

func (j *judge) moves(x orgfilter.Use) verdict {
	return verdict{category: moved, message: fmt.Sprintf("update of org-owned table %q sets %s, which can move rows to another organization; leave the column out", x.Name, x.Table.Column)}
}

// runs judges functions that run SQL text, or read a table by its name, out
// of the sight of whoever reads the statement around them.
func (j *judge) runs(report *orgfilter.Report, text string) []verdict {
	var out []verdict
	for _, call := range report.Runs {
		arguments, known := literalsOf(text[call.Offset:])
		for _, a := range arguments {
			if inner, err := orgfilter.Examine(a, j.catalog); err == nil && len(inner.Uses) > 0 {
				for _, x := range inner.Uses {
					if isOwned(x) && !x.Bound {
						out = append(out, verdict{category: unscoped, message: fmt.Sprintf("%s runs a %s org-owned table %q, which query.ForOrg cannot restrict there; write it as a query of its own", call.Name, verbOn(x.Verb), x.Name)})
					}
				}
			} else if t, ok := j.lookup(a); ok && t.Kind == orgfilter.Owned {
				out = append(out, verdict{category: unscoped, message: fmt.Sprintf("%s reads all of org-owned table %q, which query.ForOrg cannot restrict there; write it as a query of its own", call.Name, t.Name)})
			}
		}
		if !known && j.owned {
			out = append(out, verdict{category: unproven, message: fmt.Sprintf("%s runs SQL that cannot be known here and may touch an org-owned table; write it as a query of its own", call.Name)})
		}
	}
	return out
}

// literalsOf are the string literals among the arguments of the call that
// text begins with; known is false when there are others before the first
// that is not one.
func literalsOf(text string) (literals []string, known bool) {
	open := strings.IndexByte(text, '(')
	if open < 0 {
		return nil, false
	}
	rest := strings.TrimSpace(text[open+1:])
	for strings.HasPrefix(rest, "'") {
		var b strings.Builder
		i := 1
		for ; i < len(rest); i++ {
			if rest[i] == '\'' {
				if i+1 < len(rest) && rest[i+1] == '\'' {
					i++
				} else {
					break
				}
			}
			b.WriteByte(rest[i])
		}
		literals = append(literals, b.String())
		rest = strings.TrimSpace(rest[min(i+1, len(rest)):])
		if rest, known = strings.CutPrefix(rest, ","); !known {
			break
		}
		rest = strings.TrimSpace(rest)
	}
	return literals, len(literals) > 0
}
