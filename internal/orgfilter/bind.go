package orgfilter

import (
	"slices"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// source is where a column comes from: a relation, or a name that stands for
// a derived table or a CTE.
type source struct {
	relation *pgsql.Relation
	item     *pgsql.FromItem
}

// bound tells whether the conditions of l tie rel's ownership column to one
// organization: to a parameter, a constant or a setting, directly or through
// columns that are equal to it. What it is tied to is appended to operands.
func (x *examiner) bound(rel *pgsql.Relation, t Table, l *level, operands *[]Value) bool {
	b := binder{x: x, operands: operands, seen: map[column]bool{}, giving: map[output]int{}, given: map[output]bool{}}
	return b.tied(column{source{relation: rel}, t.Column}, l)
}

type column struct {
	source
	name string
}

type binder struct {
	x        *examiner
	operands *[]Value
	seen     map[column]bool // columns being followed, against circles
	giving   map[output]int  // the same for what statements give: how deep in each other they were asked
	given    map[output]bool // what is known of that
	assumed  int             // the least depth of what was taken to be given, while it was being asked
}

type output struct {
	statement *pgsql.Statement
	name      string
	at        int
}

// tied tells whether all conditions together fix the column.
func (b *binder) tied(c column, l *level) bool {
	if b.seen[c] {
		return false
	}
	b.seen[c] = true
	if b.inherits(c) {
		return true
	}
	found := false
	for at := l; at != nil; at = at.outer {
		for _, condition := range at.conditions {
			for _, term := range conjuncts(condition, nil) {
				if b.ties(term, c, at, l) {
					found = true
				}
			}
		}
	}
	return found
}

// ties tells whether one term fixes the column. at is the level whose names
// the term uses, l the one whose conditions hold.
func (b *binder) ties(e *pgsql.Expr, c column, at, l *level) bool {
	switch e.Kind {
	case pgsql.Equal, pgsql.NotDistinct:
		return b.is(e.Left, c, at) && b.fixes(e.Right, at, l) ||
			b.is(e.Right, c, at) && b.fixes(e.Left, at, l)
	case pgsql.AnyOf:
		return b.is(e.Left, c, at) && b.fixesAll(e.Right, at, l)
	case pgsql.InList:
		if !b.is(e.Left, c, at) {
			return b.rowIn(e, c, at, l)
		}
		return !slices.ContainsFunc(e.Items, func(item *pgsql.Expr) bool { return !b.fixes(item, at, l) })
	case pgsql.InQuery:
		// The organizations of a subquery, say those of a user; the
		// relations inside it are examined on their own.
		return b.is(e.Left, c, at) || e.Left.Kind == pgsql.RowOf && slices.ContainsFunc(e.Left.Items, func(item *pgsql.Expr) bool { return b.is(item, c, at) })
	case pgsql.And:
		return b.ties(e.Left, c, at, l) || b.ties(e.Right, c, at, l)
	case pgsql.Or:
		return b.ties(e.Left, c, at, l) && b.ties(e.Right, c, at, l)
	}
	return false
}

// rowIn handles (a, b) IN ((…), (…)).
func (b *binder) rowIn(e *pgsql.Expr, c column, at, l *level) bool {
	if e.Left.Kind != pgsql.RowOf {
		return false
	}
	for i, left := range e.Left.Items {
		if !b.is(left, c, at) {
			continue
		}
		for _, row := range e.Items {
			if row.Kind != pgsql.RowOf || i >= len(row.Items) || !b.fixes(row.Items[i], at, l) {
				return false
			}
		}
		return true
	}
	return false
}

// is tells whether e is the column, perhaps cast.
func (b *binder) is(e *pgsql.Expr, c column, at *level) bool {
	for e.Kind == pgsql.Cast {
		e = e.Left
	}
	if e.Kind != pgsql.Column || e.Name != c.name {
		return false
	}
	found, ok := b.lookup(e, at)
	return ok && found == c.source
}

// fixes tells whether e is a given value: a parameter, a constant, a setting,
// or a column that is itself tied.
func (b *binder) fixes(e *pgsql.Expr, at, l *level) bool {
	for e.Kind == pgsql.Cast {
		e = e.Left
	}
	switch e.Kind {
	case pgsql.Parameter, pgsql.Literal:
		if b.operands != nil {
			*b.operands = append(*b.operands, b.x.value(e, e.Start))
		}
		return true
	case pgsql.FunctionCall:
		return e.Name == "current_setting" || e.Name == "unnest" && b.unnests(e)
	case pgsql.Column:
		src, ok := b.lookup(e, at)
		return ok && b.tied(column{src, e.Name}, l)
	}
	return false
}

// unnests tells whether the elements of an array are given.
func (b *binder) unnests(call *pgsql.Expr) bool {
	if call.Varies() {
		return false
	}
	if b.operands != nil {
		*b.operands = append(*b.operands, b.within(call.Span)...)
	}
	return true
}

// within are the parameters in a part of the text.
func (b *binder) within(span pgsql.Span) (params []Value) {
	for _, p := range b.x.tree.Params {
		if span.Start <= p.Start && p.End <= span.End {
			params = append(params, Value{Offset: p.Start, Param: p.Number, Named: p.Name})
		}
	}
	return params
}

// fixesAll tells whether an array is given: itself, or each of its elements.
func (b *binder) fixesAll(e *pgsql.Expr, at, l *level) bool {
	array := e
	for array.Kind == pgsql.Cast {
		array = array.Left
	}
	if array.Kind != pgsql.ArrayOf {
		return b.fixes(e, at, l)
	}
	return !slices.ContainsFunc(array.Items, func(item *pgsql.Expr) bool { return !b.fixes(item, at, l) })
}

// inherits tells whether a column of a derived table or a CTE is the
// ownership column of a relation that is bound inside it, or a given value, as are
// those of a function that makes rows of given values.
func (b *binder) inherits(c column) bool {
	if c.item != nil && c.item.Given {
		// Of several arguments it is not known which one the column is.
		if params := b.within(c.item.Span); len(params) == 1 && b.operands != nil {
			*b.operands = append(*b.operands, params...)
		}
		return true
	}
	if c.relation != nil && c.relation.Columns != nil {
		return false
	}
	body, columns := c.body()
	return body != nil && b.gives(body, columns, c.name)
}

// body is what a derived table or a CTE consists of, and the names that its
// first columns get.
func (s source) body() (body *pgsql.Statement, columns []string) {
	switch {
	case s.item != nil:
		return s.item.Derived, s.item.Columns
	case s.relation != nil && s.relation.CTE != nil:
		return s.relation.CTE.Body, s.relation.CTE.Columns
	}
	return nil, nil
}

// gives tells whether each row of s carries, in the column of that name, the
// ownership column of a bound relation or a given value. A recursive reference
// gives what the rest of its CTE gives.
func (b *binder) gives(s *pgsql.Statement, columns []string, name string) bool {
	at := slices.Index(columns, name)
	if at < 0 {
		at = position(s, name)
	}
	key := output{s, name, at}
	if found, ok := b.given[key]; ok {
		return found
	}
	if depth := b.giving[key]; depth > 0 {
		b.assumed = min(b.assumed, depth)
		return true
	}
	depth := len(b.giving) + 1
	b.giving[key] = depth
	seen, outer := b.seen, b.assumed
	b.seen, b.assumed = map[column]bool{}, depth
	found := b.armGives(s, name, at, true)
	if !found || b.assumed == depth {
		b.given[key] = found // whatever becomes of what is still being asked
	}
	delete(b.giving, key)
	b.seen, b.assumed = seen, min(outer, b.assumed)
	return found
}

// position finds the column of that name of a query, whose columns have the
// names that its first arm gives; it is -1 for one that a star may give.
func position(s *pgsql.Statement, name string) int {
	for s.Kind == pgsql.SetOperation {
		s = s.Arms[0]
	}
	for i := range s.Outputs {
		switch o := &s.Outputs[i]; {
		case o.Star:
			return -1
		case o.Column() == name:
			return i
		}
	}
	return -1
}

// armGives is gives for the column at a position or, where that is not known,
// for one of a star, or of a name if the names of s are those of its columns.
func (b *binder) armGives(s *pgsql.Statement, name string, at int, named bool) bool {
	if s.Kind == pgsql.SetOperation {
		for _, arm := range s.Arms {
			if !b.armGives(arm, name, at, false) {
				return false
			}
		}
		return true
	}
	if s.Kind == pgsql.Values {
		return at >= 0 && !slices.ContainsFunc(s.Rows, func(row pgsql.Row) bool { return at >= len(row.Items) || !b.fixes(row.Items[at], nil, nil) })
	}
	if s.Kind != pgsql.Select {
		return false
	}
	here := b.x.levelOf(s, nil)
	for i := range s.Outputs {
		o := &s.Outputs[i]
		if o.Star && at >= i {
			return false // what stands behind a star has no known position
		}
		e := o.Expr
		switch {
		case i == at, at < 0 && named && !o.Star && o.Column() == name:
		case !o.Star || at >= 0:
			continue
		case e == nil: // *
			e = &pgsql.Expr{Kind: pgsql.Column, Name: name}
		default:
			e = &pgsql.Expr{Kind: pgsql.Column, Name: name, Qualifier: e.Qualifier}
		}
		if b.fixes(e, here, here) {
			return true
		}
	}
	return false
}

// lookup finds what a column belongs to. An unqualified one is the column of
// the only org-owned table at its level that has such a column; PostgreSQL
// itself refuses it where two have.
func (b *binder) lookup(e *pgsql.Expr, at *level) (source, bool) {
	for ; at != nil; at = at.outer {
		var found []source
		visit := func(name string, s source) {
			if e.Qualifier != "" && name == e.Qualifier || e.Qualifier == "" && b.has(s, e.Name) {
				found = append(found, s)
			}
		}
		if at.target != nil {
			visit(at.target.Ref(), source{relation: at.target})
		}
		for _, item := range at.items {
			if e.Qualifier == "" {
				found = append(found, b.columns(item, e.Name)...)
				continue
			}
			sources(item, visit)
		}
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return source{}, false
}

// columns are what an unqualified name below a table reference can mean. Of a
// column that a join merges it is the side that the join keeps; FULL JOIN has
// no such side.
func (b *binder) columns(item *pgsql.FromItem, name string) []source {
	if item.Join == nil || item.Alias != "" {
		var found []source
		sources(item, func(_ string, s source) {
			if b.has(s, name) {
				found = append(found, s)
			}
		})
		return found
	}
	j := item.Join
	left, right := b.columns(j.Left, name), b.columns(j.Right, name)
	if l, r, ok := b.merged(j, name); ok {
		switch j.Kind {
		case pgsql.InnerJoin, pgsql.LeftJoin:
			return []source{l}
		case pgsql.RightJoin:
			return []source{r}
		}
	}
	return append(left, right...)
}

// merged finds the two columns that USING or NATURAL make one. Where it is not
// known which table has it, a side that is a single table must.
func (b *binder) merged(j *pgsql.Join, name string) (left, right source, ok bool) {
	named := slices.Contains(j.Using, name)
	if !named && !j.Natural {
		return left, right, false
	}
	side := func(item *pgsql.FromItem) (source, bool) {
		found := b.columns(item, name)
		if len(found) == 0 && named {
			sources(item, func(_ string, s source) { found = append(found, s) })
		}
		if len(found) != 1 {
			return source{}, false
		}
		return found[0], true
	}
	left, inLeft := side(j.Left)
	right, inRight := side(j.Right)
	return left, right, inLeft && inRight
}

// equalities is the condition of a join: its ON, or what USING and NATURAL
// say of ownership columns. A recursive query that asks what it is itself
// joined by learns nothing.
func (x *examiner) equalities(j *pgsql.Join) *pgsql.Expr {
	if j.Using == nil && !j.Natural {
		return j.On
	}
	known, ok := x.joins[j]
	if !ok {
		if x.joins == nil {
			x.joins = map[*pgsql.Join]*pgsql.Expr{}
		}
		x.joins[j] = nil
		known = x.merges(j)
		x.joins[j] = known
	}
	return known
}

// merges is the condition that USING or NATURAL stands for.
func (x *examiner) merges(j *pgsql.Join) *pgsql.Expr {
	names := j.Using
	if j.Natural {
		names = append(x.ownershipColumns(j.Left), x.ownershipColumns(j.Right)...)
	}
	b := binder{x: x, seen: map[column]bool{}, giving: map[output]int{}, given: map[output]bool{}}
	var all *pgsql.Expr
	for _, name := range names {
		left, right, ok := b.merged(j, name)
		if !ok {
			continue
		}
		same := &pgsql.Expr{Kind: pgsql.Equal, Left: left.column(name), Right: right.column(name)}
		if all == nil {
			all = same
		} else {
			all = &pgsql.Expr{Kind: pgsql.And, Left: all, Right: same}
		}
	}
	return all
}

// ownershipColumns are those of the tables below a table reference.
func (x *examiner) ownershipColumns(item *pgsql.FromItem) []string {
	var names []string
	sources(item, func(_ string, s source) {
		if s.relation == nil {
			return
		}
		if t, ok := x.catalog.Lookup(s.relation.Schema, s.relation.Name); ok && t.Kind == Owned && !slices.Contains(names, t.Column) {
			names = append(names, t.Column)
		}
	})
	return names
}

// column is a reference to a column of s.
func (s source) column(name string) *pgsql.Expr {
	e := &pgsql.Expr{Kind: pgsql.Column, Name: name}
	if s.relation != nil {
		e.Qualifier = s.relation.Ref()
	} else {
		e.Qualifier = s.item.Alias
	}
	return e
}

// has tells whether an unqualified column may come from s: from an org-owned
// table only by the name of its ownership column.
func (b *binder) has(s source, name string) bool {
	if body, columns := s.body(); body != nil {
		return slices.Contains(columns, name) || b.gives(body, columns, name)
	}
	if s.relation == nil {
		return s.item.Given && s.item.Alias == name // a function of one column
	}
	t, ok := b.x.catalog.Lookup(s.relation.Schema, s.relation.Name)
	return ok && t.Kind == Owned && t.Column == name
}

// sources calls visit for each name that a table reference shows.
func sources(item *pgsql.FromItem, visit func(name string, s source)) {
	switch {
	case item.Relation != nil:
		visit(item.Relation.Ref(), source{relation: item.Relation})
	case item.Alias != "":
		visit(item.Alias, source{item: item})
	case item.Join != nil:
		sources(item.Join.Left, visit)
		sources(item.Join.Right, visit)
	}
}
