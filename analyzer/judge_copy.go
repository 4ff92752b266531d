package analyzer

import (
	"fmt"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/pgsql"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// copiesInto is the org-owned table that a copy goes to, when hand-written
// copies are looked at.
func (j *judge) copiesInto(u use) (table, column string) {
	name, why := plain(identifier(u.Table))
	if t, ok := j.lookup(name); why == nil && ok && t.Kind == orgfilter.Owned && j.raw == rawProve {
		return t.Name, t.Column
	}
	return "", ""
}

// copy judges a bulk load.
func (j *judge) copy(u use) []verdict {
	if j.raw == rawOff {
		return nil
	}
	name, why := plain(identifier(u.Table))
	if why != nil {
		if !j.owned || !u.Sure {
			return nil
		}
		return []verdict{{category: unproven, message: fmt.Sprintf("table of %s cannot be known here (%s) and may be org-owned; use query.CopyForOrg", u.Sink, why.Text), origin: why}}
	}
	t, ok := j.lookup(name)
	if !ok || t.Kind != orgfilter.Owned {
		return nil
	}
	if j.raw == rawForbid {
		return []verdict{{category: unscoped, message: fmt.Sprintf("copy into org-owned table %q is not scoped; use query.CopyForOrg", t.Name)}}
	}
	if u.Columns.Kind != valueflow.List {
		return []verdict{{category: unproven, message: fmt.Sprintf("columns of a copy into org-owned table %q cannot be known here (%s); name them in constants, or use query.CopyForOrg", t.Name, u.Columns.Text), origin: u.Columns}}
	}
	for _, c := range u.Columns.Sub {
		if c.Kind != valueflow.Text {
			return []verdict{{category: unproven, message: fmt.Sprintf("columns of a copy into org-owned table %q cannot be known here (%s); name them in constants, or use query.CopyForOrg", t.Name, c.Text), origin: c}}
		}
		if c.Text == t.Column {
			return nil
		}
	}
	return []verdict{{category: insertion, message: fmt.Sprintf("copy into org-owned table %q leaves out %s; add it to the columns", t.Name, t.Column)}}
}

// identifier writes a pgx.Identifier as SQL names a table.
func identifier(e *valueflow.Expr) []*valueflow.Expr {
	if e.Kind != valueflow.List {
		return valueflow.Flatten(e, true)
	}
	var out []*valueflow.Expr
	for i, s := range e.Sub {
		if i > 0 {
			out = append(out, valueflow.Constant("."))
		}
		if s.Kind == valueflow.Text {
			s = valueflow.Constant(pgsql.QuoteName(s.Text))
		}
		out = append(out, s)
	}
	return out
}
