package analyzer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/pgsql"
	"github.com/sigrahq/sigra/internal/sqlscan"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// builder judges the text of builders that nobody scoped.
func (j *judge) builder(u use) []verdict {
	full := j.withColumns(valueflow.Flatten(u.Text, true))
	if j.forbidsBuilders() {
		return j.forbiddenBuilder(u, compose(full))
	}
	var out []verdict
	for _, every := range []bool{true, false} {
		c := compose(j.withColumns(valueflow.Flatten(u.Text, every)))
		if c.why != nil && !j.readable(c.text) {
			return j.unreadableBuilder(u, c.text, c.why)
		}
		report, err := j.examine(c)
		if err != nil {
			return j.unreadableBuilder(u, c.text, c.why)
		}
		out = append(out, j.proven(report, c)...)
	}
	return out
}

// withColumns puts the ownership column in place of the columns of a struct,
// which has it: otherwise it would not be the table's model.
func (j *judge) withColumns(pieces []*valueflow.Expr) []*valueflow.Expr {
	i := slices.IndexFunc(pieces, func(p *valueflow.Expr) bool {
		return p.Kind == valueflow.Hole && p.Text == valueflow.OwnColumn
	})
	if i < 0 {
		return pieces
	}
	column := defaultColumn
	text, _ := plain(pieces)
	if name, ok := j.namesOwned(text); ok {
		if t, ok := j.lookup(name); ok {
			column = t.Column
		}
	}
	pieces = slices.Clone(pieces)
	pieces[i] = valueflow.Constant(pgsql.QuoteName(column))
	return pieces
}

// forbidsBuilders tells whether a builder has to pass through ForOrg, which
// it cannot in code that never heard of it.
func (j *judge) forbidsBuilders() bool { return j.raw == rawForbid || j.raw == rawOff }

func (j *judge) forbiddenBuilder(u use, c composed) []verdict {
	const remedy = "is not scoped; wrap the builder in query.ForOrg(b, sc)"
	if c.why == nil {
		if report, err := j.examine(c); err == nil {
			return j.forbidden(report, c.text, remedy)
		}
	}
	if ref, ok := j.namesOwned(c.text); ok {
		return []verdict{{category: unscoped, message: fmt.Sprintf("query on org-owned table %q %s", ref, remedy)}}
	}
	return j.unreadableBuilder(u, c.text, c.why)
}

// readable tells whether the holes of a builder's text are all in places
// where a value may stand.
func (j *judge) readable(text string) bool {
	if mayNameTable(text) {
		return false
	}
	_, err := orgfilter.Examine(strings.ReplaceAll(text, sqlscan.Hole, "NULL"), j.catalog)
	return err == nil
}

func (j *judge) unreadableBuilder(u use, text string, why *valueflow.Expr) []verdict {
	if !j.owned || !u.Sure && why != nil {
		return nil
	}
	reason := "it is not the PostgreSQL that the reader knows"
	if why != nil {
		reason = why.Text
	}
	if ref, ok := j.namesOwned(text); ok {
		return []verdict{{category: unproven, message: fmt.Sprintf("statement of a builder on org-owned table %q cannot be known here (%s); wrap the builder in query.ForOrg(b, sc)", ref, reason), origin: why}}
	}
	if why == nil || !mayNameTable(text) {
		return nil
	}
	return []verdict{{category: unproven, message: fmt.Sprintf("tables of a builder cannot be known here (%s) and may be org-owned; wrap the builder in query.ForOrg(b, sc)", reason), origin: why}}
}
