package pgsql

import "slices"

// computed is a column of a derived table or a WITH query whose value is so
// little work that a mere test of it, as in x.ratio IS NOT NULL, may cost no
// more than a guard: the planner puts the work in the place of the column.
type computed struct {
	name string // empty when it is not known, or renamed
	test bool   // gives a boolean
}

// aggregates are not computed row by row, so what tests them comes later.
var aggregates = map[string]bool{
	"count": true, "sum": true, "avg": true, "min": true, "max": true, "array_agg": true, "string_agg": true, "bool_and": true,
	"bool_or": true, "every": true, "json_agg": true, "jsonb_agg": true, "json_object_agg": true, "jsonb_object_agg": true,
}

// compute notes what the columns of a derived table or a WITH query compute.
// What is inside of s has been noted before.
func (p *parser) compute(s *Statement, renamed bool) {
	for _, arm := range s.Arms {
		// The first arm names the columns of all.
		p.compute(arm, renamed || len(s.Arms) > 1)
	}
	for _, row := range s.Rows {
		for _, item := range row.Items {
			p.computeColumn(item, "", len(s.Rows) == 1)
		}
	}
	for _, o := range s.Outputs {
		switch {
		case o.Expr == nil || o.Star:
		case renamed:
			p.computeColumn(o.Expr, "", true)
		case o.Label == "" && o.Expr.Kind == Column:
			p.computeColumn(o.Expr, o.Expr.Name, true)
		default:
			p.computeColumn(o.Expr, o.Label, true)
		}
	}
}

func (p *parser) computeColumn(e *Expr, name string, single bool) {
	if e.Kind == FunctionCall && aggregates[e.Name] {
		return
	}
	// What a column of FROM stood for was not known when the list was read.
	fixed := !e.Varies() || len(p.tree.fixed) > 0 && (e.Kind != Column || p.mayBeFixed(e.Name))
	if fixed && single {
		p.tree.fixed = append(p.tree.fixed, name)
	}
	if e.MayFail() || e.work.placed > 0 {
		p.tree.failing = append(p.tree.failing, name)
	}
	if e.work.light() || p.tree.Eager(e) {
		p.tree.computed = append(p.tree.computed, computed{name: name, test: e.isTest() || e.Kind == Column})
	}
}

// mayBeFixed tells whether a column of that name may have the same value in all
// rows, which the planner then puts in its place.
func (p *parser) mayBeFixed(name string) bool { return mayHold(p.tree.fixed, name) }

// mayFail tells whether a column may be one that a query computes, and that fails
// on some values.
func (p *parser) mayFail(e *Expr) bool { return mayHold(p.tree.failing, e.Name) }

// mayHold tells whether a column is in a list, in which an empty name is any.
func mayHold(columns []string, name string) bool {
	return slices.ContainsFunc(columns, func(column string) bool { return column == "" || column == name })
}

// rename notes that columns with a fixed value may have other names from here on.
func (p *parser) rename(columns []string) {
	if columns != nil && len(p.tree.fixed) > 0 {
		p.tree.fixed = append(p.tree.fixed, "")
	}
	if columns != nil && len(p.tree.failing) > 0 {
		p.tree.failing = append(p.tree.failing, "")
	}
}

// Haste is how many operators a term of a condition must cost more for PostgreSQL
// to test it behind an equality that stands beside it. outer tells that it is a
// term of an outer join's ON.
//
// Below an outer join and beside grouping sets the planner puts what a query
// computes in a PlaceHolderVar, and counts no work for it (pull_up_simple_subquery
// in prepjointree.c, cost_qual_eval_walker in costsize.c). An equality with a
// column waits behind other equalities, unless it is in an outer join's ON.
func (t *Tree) Haste(e *Expr, outer bool) int {
	idle := t.holders && (e.work.idle > 0 || e.work.isIdle())
	if e.Kind == Equal && !isSame(e.Left, e.Right) && (!outer || e.Left.Varies() && e.Right.Varies()) {
		idle = false
	}
	switch eager := t.Eager(e); {
	case !eager && !idle:
		return 0
	case t.Effortless, idle && e.work.ops == 0:
		return 2
	}
	return 1
}

// Eager is [Expr.Eager], and also tells of a condition that tests what a
// derived table computes.
func (t *Tree) Eager(e *Expr) bool {
	return e.Eager() || len(t.computed) > 0 && t.testsComputed(e, false)
}

// testsComputed tells whether a condition may come down to the work of a
// computed column. equal tells that the column is compared with a given value:
// only of a boolean is nothing left then but the column.
func (t *Tree) testsComputed(e *Expr, equal bool) bool {
	switch e.Kind {
	case Column:
		return slices.ContainsFunc(t.computed, func(c computed) bool {
			return (c.name == "" || c.name == e.Name) && (c.test || !equal)
		}) && !t.isTable(e.Qualifier)
	case Test, NotNull, Cast:
		return t.testsComputed(e.Left, equal)
	case And, Or:
		return t.testsComputed(e.Left, equal) || t.testsComputed(e.Right, equal)
	case Equal, Unequal:
		if e.Kind == Equal && isSame(e.Left, e.Right) {
			return t.testsComputed(e.Left, false) // it becomes a test for NULL (process_equivalence in equivclass.c)
		}
		return !e.Right.Varies() && t.testsComputed(e.Left, true) || !e.Left.Varies() && t.testsComputed(e.Right, true)
	case InList:
		return len(e.Items) == 1 && !e.Items[0].Varies() && t.testsComputed(e.Left, true)
	case AnyOf:
		return t.testsComputed(e.Left, false) // no more than that for an empty array
	case RowOf:
		return slices.ContainsFunc(e.Items, func(item *Expr) bool { return t.testsComputed(item, equal) })
	case AllColumns:
		return true
	case Other, ArrayOf, FunctionCall:
		// A CASE, a COALESCE or the like: its columns have been forgotten.
		return e.work.ops == 0 && (e.Kind != FunctionCall || e.Name == "")
	}
	return false
}

// isSame tells whether two columns may be the same one.
func isSame(a, b *Expr) bool {
	return a.Kind == Column && b.Kind == Column && a.Name == b.Name && (a.Qualifier == "" || b.Qualifier == "" || a.Qualifier == b.Qualifier)
}

// isTable tells whether a qualifier is the name of tables only, which is not
// known before names are resolved.
func (t *Tree) isTable(qualifier string) bool {
	table := false
	if t.Root == nil {
		return false
	}
	for _, r := range t.Relations {
		if r.Ref() == qualifier {
			if r.CTE != nil {
				return false
			}
			table = true
		}
	}
	return table && !slices.Contains(t.derived, qualifier)
}
