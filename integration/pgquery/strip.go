package pgquery

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// normalized is a copy of a tree in which two statements are equal when they
// differ in nothing but guards: conjuncts column = $org in WHERE, ON and ON
// CONFLICT, derived tables that only hold one relation, and $org (or the
// nothing that it stands in for) as an inserted ownership column, and
// conditions that were made to wait behind a guard. Places in the text are
// dropped and AND lists flattened.
//
// An organization that was put anywhere else remains as a parameter that the
// original does not have.
func normalized(tree *pg.ParseResult, column string, org int) *pg.ParseResult {
	tree = proto.Clone(tree).(*pg.ParseResult)
	s := stripper{column: column, org: org, labels: map[string]bool{column: true}}
	s.label(tree.ProtoReflect())
	delete(s.labels, "") // of targets without a label
	s.message(tree.ProtoReflect())
	return tree
}

type stripper struct {
	column string
	org    int
	labels map[string]bool // names that the ownership column may have in the tree
}

// label collects the labels of the ownership column, and all column lists.
func (s stripper) label(m protoreflect.Message) {
	add := func(names []*pg.Node) {
		for _, n := range names {
			s.labels[str(n)] = true
		}
	}
	switch n := m.Interface().(type) {
	case *pg.ResTarget:
		if fields := n.GetVal().GetColumnRef().GetFields(); len(fields) > 0 && str(fields[len(fields)-1]) == s.column {
			s.labels[n.GetName()] = true
		}
	case *pg.Alias:
		add(n.GetColnames())
	case *pg.CommonTableExpr:
		add(n.GetAliascolnames())
	}
	children(m, s.label)
}

// message strips what is below m first, so that a derived table has lost its
// guard by the time it is looked at.
func (s stripper) message(m protoreflect.Message) {
	children(m, s.message)
	dropLocations(m)
	switch n := m.Interface().(type) {
	case *pg.SelectStmt:
		n.WhereClause = s.condition(n.GetWhereClause())
		n.HavingClause = allOf(terms(n.GetHavingClause()))
		s.froms(n.GetFromClause())
	case *pg.UpdateStmt:
		n.WhereClause = s.condition(n.GetWhereClause())
		s.froms(n.GetFromClause())
	case *pg.DeleteStmt:
		n.WhereClause = s.condition(n.GetWhereClause())
		s.froms(n.GetUsingClause())
	case *pg.JoinExpr:
		n.Quals = s.condition(n.GetQuals())
		s.unwrap(n.GetLarg())
		s.unwrap(n.GetRarg())
	case *pg.MergeStmt:
		n.JoinCondition = s.condition(n.GetJoinCondition())
		s.unwrap(n.GetSourceRelation())
	case *pg.MergeWhenClause:
		n.Condition = s.condition(n.GetCondition())
		s.mergeInsert(n)
	case *pg.OnConflictClause:
		n.WhereClause = s.condition(n.GetWhereClause())
	case *pg.InsertStmt:
		s.insert(n)
	case *pg.RangeVar:
		if a := n.GetAlias(); a.GetAliasname() == n.GetRelname() && len(a.GetColnames()) == 0 {
			n.Alias = nil
		}
	case *pg.BoolExpr:
		flatten(n)
	}
}

// dropLocations clears the fields that say where in the text a node stood.
func dropLocations(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		name := string(fd.Name())
		if fd.Kind() == protoreflect.Int32Kind && (strings.HasSuffix(name, "location") || name == "stmt_len") {
			m.Clear(fd)
		}
	}
}

func flatten(b *pg.BoolExpr) {
	if b.GetBoolop() == pg.BoolExprType_AND_EXPR {
		b.Args = conjuncts(&pg.Node{Node: &pg.Node_BoolExpr{BoolExpr: b}})
	}
}

// condition returns cond without its guards; nil when nothing else was there.
func (s stripper) condition(cond *pg.Node) *pg.Node {
	return allOf(slices.DeleteFunc(terms(cond), func(c *pg.Node) bool {
		path, _ := guardColumn(c, s.org)
		return len(path) >= 2 && path[len(path)-1] == s.column
	}))
}

// terms are the conjuncts of a condition. Where a condition decides on rows, c
// and c >= true drop the same ones: both read as c.
func terms(cond *pg.Node) []*pg.Node {
	var list []*pg.Node
	for _, c := range conjuncts(cond) {
		e := c.GetAExpr()
		if isOperator(e, ">=") && e.GetRexpr().GetAConst().GetBoolval().GetBoolval() {
			list = append(list, terms(e.GetLexpr())...)
			continue
		}
		list = append(list, c)
	}
	return list
}

// allOf is the condition that all of the terms make; nil for none.
func allOf(terms []*pg.Node) *pg.Node {
	switch len(terms) {
	case 0:
		return nil
	case 1:
		return terms[0]
	}
	return &pg.Node{Node: &pg.Node_BoolExpr{BoolExpr: &pg.BoolExpr{Boolop: pg.BoolExprType_AND_EXPR, Args: terms}}}
}

func (s stripper) froms(from []*pg.Node) {
	for _, n := range from {
		s.unwrap(n)
	}
}

// unwrap turns t JOIN (SELECT) AS s without a condition into t, in place.
func (s stripper) unwrap(n *pg.Node) {
	if j := n.GetJoinExpr(); j != nil && isUnit(j) {
		n.Node = j.GetLarg().GetNode()
	}
}

// isUnit says whether a join only adds a row without columns to each row of
// its left side.
func isUnit(j *pg.JoinExpr) bool {
	sel := j.GetRarg().GetRangeSubselect().GetSubquery().GetSelectStmt()
	return sel != nil && j.GetJointype() == pg.JoinType_JOIN_INNER && !j.GetIsNatural() &&
		len(j.GetUsingClause()) == 0 && j.GetQuals() == nil && j.GetAlias() == nil &&
		proto.Equal(sel, &pg.SelectStmt{Op: sel.GetOp(), LimitOption: sel.GetLimitOption()})
}

// isStar says whether a target is * or name.*.
func isStar(target *pg.Node) bool {
	if t := target.GetResTarget(); t != nil {
		target = t.GetVal()
	}
	fields := target.GetColumnRef().GetFields()
	return len(fields) > 0 && fields[len(fields)-1].GetAStar() != nil
}

// insert removes the ownership column where each row has $org for it. What a
// stamp replaces counts as $org: DEFAULT, NULL, and the ownership column of a
// relation that is read, under whatever name.
func (s stripper) insert(n *pg.InsertStmt) {
	n.SelectStmt = s.unwrapRows(n.GetSelectStmt())
	at := columnIndex(n.GetCols(), s.column)
	if at < 0 {
		return
	}
	source := n.GetSelectStmt().GetSelectStmt()
	all := true
	for _, list := range rows(source) {
		v := valueFor(*list, at, len(n.GetCols()))
		if v == nil {
			return
		}
		if s.stampable(*v) {
			*v = stamp
		}
		all = all && *v == stamp
	}
	if !all {
		return // the rows that have $org are alike in both statements now
	}
	for _, list := range rows(source) {
		*list = slices.DeleteFunc(slices.Clone(*list), func(item *pg.Node) bool { return item == stamp })
	}
	n.Cols = slices.Delete(slices.Clone(n.GetCols()), at, at+1)
	// A column list and a row that are empty now stood for DEFAULT VALUES.
	if len(n.GetCols()) == 0 && len(source.GetValuesLists()) == 1 && source.GetWithClause() == nil {
		n.SelectStmt = nil
	}
}

// mergeInsert is insert for the one row of a WHEN NOT MATCHED.
func (s stripper) mergeInsert(n *pg.MergeWhenClause) {
	at := columnIndex(n.GetTargetList(), s.column)
	if n.GetCommandType() != pg.CmdType_CMD_INSERT || at < 0 {
		return
	}
	v := valueFor(n.GetValues(), at, len(n.GetTargetList()))
	if v == nil || !s.stampable(*v) {
		return
	}
	*v = stamp
	n.Values = slices.DeleteFunc(slices.Clone(n.GetValues()), func(item *pg.Node) bool { return item == stamp })
	n.TargetList = slices.Delete(slices.Clone(n.GetTargetList()), at, at+1)
}

// stamp stands for the organization as an inserted value.
var stamp = pg.MakeStrNode("the organization")

// unwrapRows turns SELECT x.*, $org FROM (query) AS x into the query with $org
// as one more value of each row, which is what it means; and SELECT x.* FROM
// (query) AS x into the query.
func (s stripper) unwrapRows(n *pg.Node) *pg.Node {
	sel := n.GetSelectStmt()
	targets := sel.GetTargetList()
	if len(sel.GetFromClause()) != 1 || len(targets) == 0 || len(targets) > 2 {
		return n
	}
	sub := sel.GetFromClause()[0].GetRangeSubselect()
	bare := &pg.SelectStmt{
		FromClause: sel.GetFromClause(), TargetList: targets,
		Op: sel.GetOp(), LimitOption: sel.GetLimitOption(),
	}
	if sub == nil || sub.GetLateral() || len(sub.GetAlias().GetColnames()) > 0 || !proto.Equal(bare, sel) || !isStar(targets[0]) {
		return n
	}
	if len(targets) == 2 && !isParam(targets[1].GetResTarget().GetVal(), s.org) {
		return n
	}
	for _, list := range rows(sub.GetSubquery().GetSelectStmt()) {
		*list = append(*list, targets[1:]...)
	}
	return sub.GetSubquery()
}

// valueFor is the item of a row that fills column at of an insert with so many
// columns. A star fills several, so behind one only the last can be told.
func valueFor(list []*pg.Node, at, columns int) **pg.Node {
	star := slices.IndexFunc(list, isStar)
	switch {
	case len(list) == 0:
		return nil
	case star < 0 && len(list) == columns, star > at:
		return &list[at]
	case at == columns-1 && !isStar(list[len(list)-1]):
		return &list[len(list)-1]
	}
	return nil
}

// rows returns the places where an insert's source lists the values of a row:
// each VALUES list, and the target list of each arm of a set operation.
func rows(sel *pg.SelectStmt) []*[]*pg.Node {
	if sel == nil {
		return nil
	}
	if sel.GetOp() != pg.SetOperation_SETOP_NONE {
		return append(rows(sel.GetLarg()), rows(sel.GetRarg())...)
	}
	if len(sel.GetValuesLists()) == 0 {
		return []*[]*pg.Node{&sel.TargetList}
	}
	var lists []*[]*pg.Node
	for _, v := range sel.GetValuesLists() {
		lists = append(lists, &v.GetList().Items)
	}
	return lists
}

func (s stripper) stampable(n *pg.Node) bool {
	if t := n.GetResTarget(); t != nil {
		n = t.GetVal()
	}
	if c := n.GetTypeCast(); c != nil && c.GetArg().GetAConst().GetIsnull() {
		return true
	}
	if fields := n.GetColumnRef().GetFields(); len(fields) > 0 {
		return s.labels[str(fields[len(fields)-1])]
	}
	return isParam(n, s.org) || n.GetSetToDefault() != nil || n.GetAConst().GetIsnull()
}

func columnIndex(cols []*pg.Node, name string) int {
	return slices.IndexFunc(cols, func(c *pg.Node) bool {
		return c.GetResTarget().GetName() == name && len(c.GetResTarget().GetIndirection()) == 0
	})
}
