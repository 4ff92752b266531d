package orgfilter

import (
	"strconv"
	"strings"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// guard is the condition row.column = org.
type guard struct{ row, column, org string }

func (g guard) String() string { return g.row + "." + g.column + " = " + g.org }

// rowOf is what the guard of a relation takes the ownership column of: the
// relation's name. A list of column aliases may have given the column another
// name, or its name to another column. The whole row, as a value, still has the
// column by its own name; the CASE keeps PostgreSQL from looking for an alias
// (ParseComplexProjection in parse_func.c), and it plans with the column itself
// (T_CaseExpr and T_FieldSelect in eval_const_expressions, clauses.c).
func rowOf(rel *pgsql.Relation) string {
	name := pgsql.QuoteName(rel.Ref())
	if rel.Columns == nil {
		return name
	}
	return "(CASE WHEN true THEN " + name + ".* END)"
}

// conditions gathers guards for one WHERE or ON.
type conditions []guard

func (c *conditions) add(g guard) { *c = append(*c, g) }

// cut puts the conditions between two texts.
func (c conditions) cut(e *edits, at int, before, after string) {
	parts := make([]string, 0, 16)
	for _, g := range c {
		parts = append(parts, before, g.row, ".", g.column, " = ", g.org)
		before = " AND "
	}
	e.insert(at, append(parts, after)...)
}

// none is an empty list with some room.
func (r *rewriter) none() conditions {
	const room = 2
	if cap(r.guards)-len(r.guards) < room {
		r.guards = make([]guard, 0, max(8, 2*cap(r.guards)))
	}
	at := len(r.guards)
	r.guards = r.guards[:at+room]
	return r.guards[at:at:len(r.guards)]
}

// restrict guards the relations of a SELECT, UPDATE or DELETE.
func (r *rewriter) restrict(s *pgsql.Statement) {
	r.distinct(s)
	where := r.none()
	if t, ok := r.owned(s.Target); ok {
		where.add(r.guard(s.Target, t))
	}
	if s.GroupingSets {
		r.namedColumns(s)
	}
	for _, item := range s.From {
		r.place(item, &where)
	}
	r.and(where, s.Where, s.FromEnd, false)
	r.and(nil, s.Having, 0, false)
}

// namedColumns refuses lists of column aliases beside grouping sets. There
// PostgreSQL does not see through the whole row of a view that it has merged into
// the statement (pull_up_simple_subquery in prepjointree.c): it would compute all
// columns of other organizations' rows, and one that fails would tell of them.
// EXISTS is merged with what it reads (convert_EXISTS_sublink_to_join in
// subselect.c); a derived table sees through its views first.
func (r *rewriter) namedColumns(s *pgsql.Statement) {
	for _, item := range s.From {
		r.namedColumnsOf(item)
	}
	for _, sub := range s.Subqueries {
		r.namedColumns(sub)
	}
}

func (r *rewriter) namedColumnsOf(item *pgsql.FromItem) {
	if j := item.Join; j != nil {
		r.namedColumnsOf(j.Left)
		r.namedColumnsOf(j.Right)
		return
	}
	if t, ok := r.owned(item.Relation); ok && item.Relation.Columns != nil {
		refuseTable(Unreadable, t, item.Start, "%q has a list of column aliases beside grouping sets; leave the list out, or group a subquery", t.Name)
	}
}

// distinct refuses two relations of one name side by side, which PostgreSQL
// admits for tables of different schemas: a guard could not tell them apart.
func (r *rewriter) distinct(s *pgsql.Statement) {
	if len(s.From) == 0 || len(r.tree.Relations) < 2 || len(s.From) == 1 && s.Target == nil && s.From[0].Join == nil {
		return
	}
	var room [8]*pgsql.Relation
	seen := room[:0]
	visit := func(name string, rel *pgsql.Relation) {
		for _, other := range seen {
			if rel == nil || other.Ref() != name {
				continue
			}
			t, ok := r.owned(rel)
			if !ok {
				t, ok = r.owned(other)
			}
			if ok {
				refuseTable(Unreadable, t, rel.Start, "two tables are called %q here; give one of them an alias", name)
			}
		}
		if rel != nil {
			seen = append(seen, rel)
		}
	}
	if s.Target != nil {
		visit(s.Target.Ref(), s.Target)
	}
	for _, item := range s.From {
		visible(item, visit)
	}
}

// and puts guards in front of a condition, or behind at where there is none.
// outer tells that it is the ON of an outer join.
func (r *rewriter) and(guards conditions, condition *pgsql.Expr, at int, outer bool) {
	if condition == nil {
		if len(guards) > 0 {
			guards.cut(&r.edits, at, " WHERE ", "")
		}
		return
	}
	if len(guards) > 0 {
		guards.cut(&r.edits, condition.Start, "", " AND (")
	}
	r.patience(condition, outer)
	if len(guards) > 0 {
		r.edits.insert(condition.End, ")")
	}
}

// patience makes terms wait that PostgreSQL could test on another
// organization's row before it tests whose the row is, and whose error would
// tell of that row. One more operator makes them cost more than the guard. It
// drops the same rows, since a condition takes NULL for false, and as it is strict
// PostgreSQL still sees of most terms that they reject NULL, and turns outer joins
// into plainer ones. Where something costs nothing there are two of them, since
// the guard goes behind terms of its own cost.
func (r *rewriter) patience(e *pgsql.Expr, outer bool) {
	if e.Kind == pgsql.And {
		r.patience(e.Left, outer)
		r.patience(e.Right, outer)
		return
	}
	if n := r.tree.Haste(e, outer); n > 0 {
		r.edits.insert(e.Start, strings.Repeat("(", n))
		r.edits.insert(e.End, strings.Repeat(") >= true", n))
	}
}

// place puts the guards of the relations below item where they mean the same
// as a condition on the relation itself, before anything is joined to it.
//
// filter is a condition that drops rows of item and does nothing else to the
// rest of the statement: the WHERE for what no outer join can fill with NULL,
// the ON of the outer join that can. It is nil where there is no such
// condition, and then the relation gets one of its own: see enclose.
func (r *rewriter) place(item *pgsql.FromItem, filter *conditions) {
	switch {
	case item.Derived != nil:
		r.statement(item.Derived)
	case item.Relation != nil:
		r.placeRelation(item.Relation, filter)
	case item.Join != nil:
		if item.Alias != "" {
			// The alias hides the names inside: outside they would be
			// unknown, or worse, those of an outer query.
			filter = nil
		}
		r.placeJoin(item.Join, filter)
	}
}

func (r *rewriter) placeRelation(rel *pgsql.Relation, filter *conditions) {
	t, ok := r.owned(rel)
	if !ok {
		return
	}
	if filter == nil {
		r.enclose(rel, t)
		return
	}
	filter.add(r.guard(rel, t))
}

func (r *rewriter) placeJoin(j *pgsql.Join, filter *conditions) {
	var on conditions
	var own *conditions // none for CROSS, NATURAL, USING
	if j.On != nil {
		on = r.none()
		own = &on
	}
	left, right := filter, filter
	switch j.Kind {
	case pgsql.InnerJoin, pgsql.CrossJoin:
		if filter == nil {
			left, right = own, own
		}
	case pgsql.LeftJoin:
		right = own
	case pgsql.RightJoin:
		left = own
	case pgsql.FullJoin:
		// Both sides are preserved: a row that fails the ON still comes out.
		left, right = nil, nil
	}
	r.place(j.Left, left)
	r.place(j.Right, right)
	r.and(on, j.On, 0, j.Kind != pgsql.InnerJoin)
}

// enclose gives a relation an ON of its own by joining it, in brackets, to one
// row without columns. The relation stays what it was: its key, its system
// columns, its whole row and its name mean the same, and PostgreSQL plans the
// condition as one on the relation (remove_useless_result_rtes in
// prepjointree.c).
func (r *rewriter) enclose(rel *pgsql.Relation, t Table) {
	r.edits.insert(rel.Start, "(")
	r.edits.insert(rel.End, " JOIN (SELECT) AS ", r.freshName(), " ON ", r.guard(rel, t).String(), ")")
}

// freshName is a name that the caller's text does not have.
func (r *rewriter) freshName() string {
	if r.prefix == "" {
		r.prefix = "sigra_"
		for r.tree.Mentions(r.prefix) {
			if len(r.prefix) > 40 { // a name has 63 bytes at most
				refuse(Unreadable, 0, "statement is full of names that begin with sigra_; choose others")
			}
			r.prefix += "_"
		}
	}
	r.fresh++
	return r.prefix + strconv.Itoa(r.fresh)
}
