package orgfilter

import (
	"fmt"
	"math"
	"slices"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// prove reads a rewritten text afresh and checks that nothing in it can reach
// another organization's rows. It knows nothing of what the rewriter did but
// the checks that will be made on the arguments.
//
// A relation is restricted if a condition through which all of its rows must
// pass has, as one of the terms of its top-level AND, exactly
//
//	name.column = $org
//
// where name, looked up from where the condition stands, is that relation. Where
// its columns have other names, it is (CASE WHEN true THEN name.* END).column.
func prove(plan *Plan, c *Catalog, limits pgsql.Options) error {
	tree, err := pgsql.Read(plan.Text, pgsql.Options{
		// Reading the caller's text obeyed the limits; ours adds a bounded
		// amount to each relation and to each level.
		MaxBytes: len(plan.Text), MaxDepth: max(1<<12, 8*limits.MaxDepth), MaxRelations: math.MaxInt32,
	})
	if err != nil {
		return failed("statement cannot be scoped: what would be sent cannot be read again", err)
	}
	defer tree.Free()
	p := &prover{tree: tree, catalog: c, plan: plan}
	p.statement(tree.Root)
	plan.Bound = slices.ContainsFunc(tree.Params, func(q pgsql.Param) bool { return q.Number == plan.Org })
	return p.err
}

type prover struct {
	tree    *pgsql.Tree
	catalog *Catalog
	plan    *Plan
	next    int // the check to look at first
	err     error
}

// fail refuses what is not proven; reason has a %q for the table, and the remedy.
func (p *prover) fail(t Table, reason string) {
	if p.err == nil {
		p.err = &Error{Problem: Unreadable, Table: t.Name, Column: t.Column,
			Reason: "statement cannot be scoped: " + fmt.Sprintf(reason, t.Name)}
	}
}

// filter is a condition and the table references whose names it can use: those
// of a FROM, the two sides of a join, the target of a write.
type filter struct {
	condition *pgsql.Expr
	items     []*pgsql.FromItem
	join      *pgsql.Join
	target    *pgsql.Relation
	outer     *filter // rows must pass that too
}

func (p *prover) statement(s *pgsql.Statement) {
	if s == nil {
		return
	}
	if s.With != nil {
		for _, cte := range s.With.CTEs {
			p.statement(cte.Body)
		}
	}
	for _, sub := range s.Subqueries {
		p.statement(sub)
	}
	for _, arm := range s.Arms {
		p.statement(arm)
	}
	p.statement(s.Source)
	switch s.Kind {
	case pgsql.Insert:
		p.insert(s)
		return
	case pgsql.Merge:
		p.merge(s)
		return
	case pgsql.Table:
		p.fail(Table{Name: s.Kind.String()}, "%q has no place for a condition; write SELECT * FROM")
		return
	}
	where := filter{condition: s.Where, items: s.From, target: s.Target}
	if s.Target != nil {
		p.relation(s.Target, &where)
		p.set(s.Target, s.Set)
	}
	for _, item := range s.From {
		p.item(item, &where)
	}
}

// item checks what is below one table reference; every row of it must pass
// the filters.
func (p *prover) item(item *pgsql.FromItem, filters *filter) {
	switch {
	case item.Relation != nil:
		p.relation(item.Relation, filters)
	case item.Derived != nil:
		p.statement(item.Derived)
	case item.Join != nil:
		j := item.Join
		left, right := filters, filters
		on := filter{condition: j.On, join: j, outer: filters}
		// The ON of an outer join lets rows of the preserved side
		// through whether they meet it or not.
		if j.Kind == pgsql.InnerJoin || j.Kind == pgsql.RightJoin {
			left = &on
		}
		if j.Kind == pgsql.InnerJoin || j.Kind == pgsql.LeftJoin {
			right = &on
		}
		p.item(j.Left, left)
		p.item(j.Right, right)
	}
}

func (p *prover) relation(rel *pgsql.Relation, filters *filter) {
	if rel.CTE != nil {
		return
	}
	t, ok := p.catalog.Lookup(rel.Schema, rel.Name)
	if !ok {
		p.fail(Table{Name: rel.Name}, "table %q is not declared; add query.Declare, query.Owned or query.Shared")
		return
	}
	if t.Kind != Owned {
		return
	}
	for f := filters; f != nil; f = f.outer {
		if p.guards(f, f.condition, rel, t) {
			return
		}
	}
	p.fail(t, "nothing restricts %q; give each table reference beside it a name of its own")
}

// guards tells whether the condition has the term that restricts rel.
func (p *prover) guards(f *filter, e *pgsql.Expr, rel *pgsql.Relation, t Table) bool {
	if e == nil {
		return false
	}
	if e.Kind == pgsql.And {
		return p.guards(f, e.Left, rel, t) || p.guards(f, e.Right, rel, t)
	}
	return e.Kind == pgsql.Equal && p.owns(e.Left, rel, t) && p.isOrg(e.Right) && f.names(rel)
}

// owns tells whether an expression is the ownership column of what bears rel's
// name.
func (p *prover) owns(e *pgsql.Expr, rel *pgsql.Relation, t Table) bool {
	if rel.Columns != nil {
		return p.tree.Text[e.Start:e.End] == rowOf(rel)+"."+pgsql.QuoteName(t.Column)
	}
	return e.Kind == pgsql.Column && !e.InSchema && e.Name == t.Column && e.Qualifier == rel.Ref()
}

func (p *prover) isOrg(e *pgsql.Expr) bool {
	return e.Kind == pgsql.Parameter && p.tree.Params[e.Param].Number == p.plan.Org
}

// names tells whether rel's name, used in the condition, is rel and nothing
// else.
func (f *filter) names(rel *pgsql.Relation) bool {
	found, others := false, 0
	visit := func(name string, r *pgsql.Relation) {
		if name != rel.Ref() {
			return
		}
		if r == rel {
			found = true
		} else {
			others++
		}
	}
	if f.target != nil {
		visit(f.target.Ref(), f.target)
	}
	for _, item := range f.items {
		visible(item, visit)
	}
	if f.join != nil {
		visible(f.join.Left, visit)
		visible(f.join.Right, visit)
	}
	return found && others == 0
}

// visible calls visit for each name that item shows to conditions beside it;
// the relation is nil for a name that is no relation's.
func visible(item *pgsql.FromItem, visit func(name string, rel *pgsql.Relation)) {
	switch {
	case item.Relation != nil:
		visit(item.Relation.Ref(), item.Relation)
	case item.Alias != "":
		visit(item.Alias, nil)
	case item.Join != nil:
		if item.Join.UsingAlias != "" {
			visit(item.Join.UsingAlias, nil)
		}
		visible(item.Join.Left, visit)
		visible(item.Join.Right, visit)
	}
}

// set checks that an assignment to the ownership column will be checked.
func (p *prover) set(target *pgsql.Relation, set []pgsql.Assignment) {
	t, ok := p.catalog.Lookup(target.Schema, target.Name)
	if !ok || t.Kind != Owned {
		return
	}
	for _, a := range set {
		if a.Name == t.Column && (a.Part || !p.checked(a.Value, false)) {
			p.fail(t, "rows of %q may be moved; leave the ownership column out of SET")
		}
	}
}

// checked tells whether a value will be the organization: its parameter, or
// one that is checked before the statement is sent.
func (p *prover) checked(v *pgsql.Expr, stamp bool) bool {
	if v == nil {
		return false
	}
	if v.Kind == pgsql.Cast && v.Name == "uuid" {
		v = v.Left
	}
	switch v.Kind {
	case pgsql.Parameter:
		n := p.tree.Params[v.Param].Number
		return stamp && n == p.plan.Org || p.willCheck(n, "", stamp)
	case pgsql.Literal:
		text := literalText(p.tree.Text[v.Start:v.End])
		return text != "" && p.willCheck(0, text, stamp)
	}
	return false
}

// willCheck looks for a check. Checks are in the order of the text, so the one
// that is asked for usually follows the one that was found before; an insert
// of many rows has as many.
func (p *prover) willCheck(param int, constant string, stamp bool) bool {
	for range p.plan.Checks {
		if p.next == len(p.plan.Checks) {
			p.next = 0
		}
		c := &p.plan.Checks[p.next]
		p.next++
		if c.Param == param && c.Const == constant && c.Stamp == stamp {
			return true
		}
	}
	return false
}

func (p *prover) insert(s *pgsql.Statement) {
	t, ok := p.catalog.Lookup(s.Target.Schema, s.Target.Name)
	if !ok {
		p.fail(Table{Name: s.Target.Name}, "table %q is not declared; add query.Declare, query.Owned or query.Shared")
		return
	}
	if t.Kind != Owned {
		return
	}
	at := ownership(s.Columns, t)
	if at < 0 || s.Source == nil || !p.stamped(s.Source, at, len(s.Columns)) {
		p.fail(t, "new rows of %q may be another organization's; give each row one value for each column")
	}
	if c := s.Conflict; c != nil && c.Update {
		p.set(s.Target, c.Set)
		p.relation(s.Target, &filter{condition: c.Where, target: s.Target})
	}
}

// merge checks the source, whose rows no ON drops, the target, which ON keeps
// from matching, and each WHEN by itself.
func (p *prover) merge(s *pgsql.Statement) {
	for _, source := range s.From {
		p.item(source, nil)
	}
	p.relation(s.Target, &filter{condition: s.Where, items: s.From, target: s.Target})
	t, ok := p.catalog.Lookup(s.Target.Schema, s.Target.Name)
	if !ok || t.Kind != Owned {
		return
	}
	for _, a := range s.Actions {
		if a.BySource {
			p.relation(s.Target, &filter{condition: a.Condition, items: s.From, target: s.Target})
		}
		p.set(s.Target, a.Set)
		if a.Do != pgsql.Insert {
			continue
		}
		at := ownership(a.Columns, t)
		if at < 0 || !p.stampedRow(a.Values, at, len(a.Columns)) {
			p.fail(t, "new rows of %q may be another organization's; give each row one value for each column")
		}
	}
}

// ownership finds the ownership column in a column list; it is -1 for none.
func ownership(columns []pgsql.ColumnName, t Table) int {
	return slices.IndexFunc(columns, func(c pgsql.ColumnName) bool { return c.Name == t.Column && !c.Part })
}

func (p *prover) stampedRow(row pgsql.Row, at, columns int) bool {
	v := valueAt(row.Items, at, columns, isStar)
	return v != nil && p.checked(*v, true)
}

// stamped tells whether the value at position at of every row of s is the
// organization. The last of all columns may follow a star: if the star gave
// a different number of columns, PostgreSQL would refuse the insert.
func (p *prover) stamped(s *pgsql.Statement, at, columns int) bool {
	switch s.Kind {
	case pgsql.SetOperation:
		for _, arm := range s.Arms {
			if !p.stamped(arm, at, columns) {
				return false
			}
		}
		return true
	case pgsql.Values:
		for _, row := range s.Rows {
			if !p.stampedRow(row, at, columns) {
				return false
			}
		}
		return true
	case pgsql.Select:
		v := valueAt(s.Outputs, at, columns, func(o pgsql.Output) bool { return o.Star })
		return v != nil && p.checked((*v).Expr, true)
	}
	return false
}

// valueAt finds the item of a list that fills column at.
func valueAt[T any](items []T, at, columns int, star func(T) bool) *T {
	if !slices.ContainsFunc(items, star) {
		if len(items) != columns {
			return nil
		}
		return &items[at]
	}
	if at == columns-1 && len(items) > 0 && !star(items[len(items)-1]) {
		return &items[len(items)-1]
	}
	if at < len(items) && !slices.ContainsFunc(items[:at+1], star) {
		return &items[at]
	}
	return nil
}
