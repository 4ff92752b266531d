package pgquery

import (
	pg "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// restricted is the set of relations that are read, updated or deleted only
// where their ownership column equals $org: each has the conjunct
//
//	name.column = $org
//
// or, with a list of column aliases, (CASE WHEN true THEN name.* END).column = $org,
// at a place that filters this relation's rows and leaves those that an outer
// join adds. column is the same for all of them.
func restricted(tree *pg.ParseResult, column string, org int) map[*pg.RangeVar]bool {
	r := restricter{column: column, org: org, found: map[*pg.RangeVar]bool{}}
	if stmt := statement(tree); stmt != nil {
		r.walk(stmt.ProtoReflect())
	}
	return r.found
}

type restricter struct {
	column string
	org    int
	found  map[*pg.RangeVar]bool
}

func (r *restricter) walk(m protoreflect.Message) {
	switch n := m.Interface().(type) {
	case *pg.SelectStmt:
		r.filter(r.list(nil, n.GetFromClause()), n.GetWhereClause())
	case *pg.UpdateStmt:
		r.filter(r.list(target(n.GetRelation()), n.GetFromClause()), n.GetWhereClause())
	case *pg.DeleteStmt:
		r.filter(r.list(target(n.GetRelation()), n.GetUsingClause()), n.GetWhereClause())
	case *pg.MergeStmt:
		r.merge(n)
	}
	children(m, r.walk)
}

// merge knows that ON decides which rows of the target match, and drops nothing
// of the source; and that a row of the target that is NOT MATCHED BY SOURCE met
// no ON but only the condition of its WHEN.
func (r *restricter) merge(n *pg.MergeStmt) {
	to := relItem(n.GetRelation())
	items := append([]item{to}, r.from(n.GetSourceRelation())...)
	restricts := func(cond *pg.Node, items []item) bool {
		for _, c := range conjuncts(cond) {
			if it := r.match(c, items); it != nil && it.rel == to.rel {
				return true
			}
		}
		return false
	}
	if to.rel == nil || !restricts(n.GetJoinCondition(), items) {
		return
	}
	for _, w := range n.GetMergeWhenClauses() {
		when := w.GetMergeWhenClause()
		if when.GetMatchKind() == pg.MergeMatchKind_MERGE_WHEN_NOT_MATCHED_BY_SOURCE && !restricts(when.GetCondition(), items[:1]) {
			return
		}
	}
	r.mark(&to)
}

// item is a name that a level's conditions can use.
type item struct {
	name     string
	rel      *pg.RangeVar // nil unless the name stands for one relation's columns
	renamed  bool         // the ownership column may have another name, and another column its name
	nullable bool         // an outer join below may have made its columns NULL
}

func target(rel *pg.RangeVar) []item { return []item{relItem(rel)} }

func relItem(rel *pg.RangeVar) item {
	a := rel.GetAlias()
	if a == nil {
		return item{name: rel.GetRelname(), rel: rel}
	}
	return item{name: a.GetAliasname(), rel: rel, renamed: len(a.GetColnames()) > 0}
}

// list adds the names of a FROM or USING list to items.
func (r *restricter) list(items []item, from []*pg.Node) []item {
	for _, n := range from {
		items = append(items, r.from(n)...)
	}
	return items
}

// from returns the names that one FROM item offers to the conditions above it,
// after the conditions inside it had their say.
func (r *restricter) from(n *pg.Node) []item {
	switch n := n.GetNode().(type) {
	case *pg.Node_RangeVar:
		return []item{relItem(n.RangeVar)}
	case *pg.Node_RangeTableSample:
		return r.from(n.RangeTableSample.GetRelation())
	case *pg.Node_JoinExpr:
		return r.join(n.JoinExpr)
	case *pg.Node_RangeSubselect:
		return []item{{name: n.RangeSubselect.GetAlias().GetAliasname()}}
	case *pg.Node_RangeFunction:
		return []item{{name: n.RangeFunction.GetAlias().GetAliasname()}}
	case *pg.Node_RangeTableFunc:
		return []item{{name: n.RangeTableFunc.GetAlias().GetAliasname()}}
	case *pg.Node_JsonTable:
		return []item{{name: n.JsonTable.GetAlias().GetAliasname()}}
	}
	return nil
}

func (r *restricter) join(j *pg.JoinExpr) []item {
	left, right := r.from(j.GetLarg()), r.from(j.GetRarg())

	// What the condition drops: rows of a side that the join does not
	// preserve. Dropping a pair keeps the preserved side's row.
	type side struct{ left, right bool }
	drops := map[pg.JoinType]side{
		pg.JoinType_JOIN_INNER: {true, true},
		pg.JoinType_JOIN_LEFT:  {false, true},
		pg.JoinType_JOIN_RIGHT: {true, false},
	}[j.GetJointype()]
	for _, cond := range conjuncts(j.GetQuals()) {
		l, r2 := r.match(cond, left), r.match(cond, right)
		if l != nil && r2 != nil {
			continue // ambiguous: a server refuses it
		}
		if l != nil && drops.left && !l.nullable {
			r.mark(l)
		}
		if r2 != nil && drops.right && !r2.nullable {
			r.mark(r2)
		}
	}

	switch j.GetJointype() {
	case pg.JoinType_JOIN_LEFT:
		nullable(right)
	case pg.JoinType_JOIN_RIGHT:
		nullable(left)
	case pg.JoinType_JOIN_FULL:
		nullable(left)
		nullable(right)
	}
	if a := j.GetAlias(); a != nil {
		return []item{{name: a.GetAliasname()}} // hides all names inside
	}
	items := append(left, right...)
	if a := j.GetJoinUsingAlias(); a != nil {
		items = append(items, item{name: a.GetAliasname()})
	}
	return items
}

func nullable(items []item) {
	for i := range items {
		items[i].nullable = true
	}
}

// filter applies a WHERE to the names of its level.
func (r *restricter) filter(items []item, where *pg.Node) {
	for _, cond := range conjuncts(where) {
		if it := r.match(cond, items); it != nil && !it.nullable {
			r.mark(it)
		}
	}
}

func (r *restricter) mark(it *item) { r.found[it.rel] = true }

// match returns the one item whose ownership column cond compares with $org.
func (r *restricter) match(cond *pg.Node, items []item) *item {
	path, whole := guardColumn(cond, r.org)
	if len(path) < 2 || path[len(path)-1] != r.column {
		return nil
	}
	var hit *item
	for i := range items {
		if !items[i].answers(path[:len(path)-1]) {
			continue
		}
		if hit != nil {
			return nil
		}
		hit = &items[i]
	}
	if hit == nil || hit.rel == nil || hit.renamed != whole {
		return nil
	}
	return hit
}

// answers says whether a qualified column's qualifier means the item.
func (it item) answers(qualifier []string) bool {
	if len(qualifier) == 1 {
		return it.name == qualifier[0]
	}
	return len(qualifier) == 2 && it.rel != nil && it.rel.GetAlias() == nil &&
		it.rel.GetSchemaname() == qualifier[0] && it.rel.GetRelname() == qualifier[1]
}

// conjuncts are the conditions that must all be true for cond to be true.
func conjuncts(cond *pg.Node) []*pg.Node {
	if cond == nil {
		return nil
	}
	b := cond.GetBoolExpr()
	if b == nil || b.GetBoolop() != pg.BoolExprType_AND_EXPR {
		return []*pg.Node{cond}
	}
	var all []*pg.Node
	for _, arg := range b.GetArgs() {
		all = append(all, conjuncts(arg)...)
	}
	return all
}

// guardColumn returns the column's path of a condition of the form column =
// $org, nil for any other condition. whole tells that the column is taken from
// the whole row.
func guardColumn(cond *pg.Node, org int) (path []string, whole bool) {
	e := cond.GetAExpr()
	if !isOperator(e, "=") || !isParam(e.GetRexpr(), org) {
		return nil, false
	}
	fields := e.GetLexpr().GetColumnRef().GetFields()
	if part := e.GetLexpr().GetAIndirection(); part != nil {
		row := wholeRow(part.GetArg())
		if row == nil {
			return nil, false
		}
		fields, whole = append(row, part.GetIndirection()...), true
	}
	for _, f := range fields {
		if str(f) == "" {
			return nil, false
		}
		path = append(path, str(f))
	}
	return path, whole
}

// wholeRow returns the name of the row in CASE WHEN true THEN name.* END, nil for
// any other expression.
func wholeRow(n *pg.Node) []*pg.Node {
	c := n.GetCaseExpr()
	if c == nil || c.GetArg() != nil || c.GetDefresult() != nil || len(c.GetArgs()) != 1 {
		return nil
	}
	when := c.GetArgs()[0].GetCaseWhen()
	fields := when.GetResult().GetColumnRef().GetFields()
	if !when.GetExpr().GetAConst().GetBoolval().GetBoolval() || len(fields) != 2 || fields[1].GetAStar() == nil {
		return nil
	}
	return fields[:1:1]
}

// isOperator says whether an expression is one of an operator that is written
// without a schema.
func isOperator(e *pg.A_Expr, name string) bool {
	return e.GetKind() == pg.A_Expr_Kind_AEXPR_OP && len(e.GetName()) == 1 && str(e.GetName()[0]) == name
}

// isParam says whether an expression is $n, with or without a cast.
func isParam(n *pg.Node, number int) bool {
	if c := n.GetTypeCast(); c != nil {
		n = c.GetArg()
	}
	p := n.GetParamRef()
	return p != nil && int(p.GetNumber()) == number
}
