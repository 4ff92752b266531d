package pgquery

import (
	"errors"
	"fmt"

	pg "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// stampedInserts tells of each insert's target what is wrong with its
// ownership column, and so of a merge's: it must be $org, or a parameter of the caller that the
// plan checks, in every row, and an update on conflict must be guarded.
func stampedInserts(tree *pg.ParseResult, column string, plan *orgfilter.Plan) map[*pg.RangeVar]error {
	s := stamps{column: column, plan: plan, problems: map[*pg.RangeVar]error{}}
	if stmt := statement(tree); stmt != nil {
		s.walk(stmt.ProtoReflect())
	}
	return s.problems
}

type stamps struct {
	column   string
	plan     *orgfilter.Plan
	problems map[*pg.RangeVar]error
}

func (s *stamps) walk(m protoreflect.Message) {
	if n, ok := m.Interface().(*pg.InsertStmt); ok {
		s.problems[n.GetRelation()] = errors.Join(s.rows(n), s.conflict(n))
	}
	if n, ok := m.Interface().(*pg.MergeStmt); ok {
		s.problems[n.GetRelation()] = s.merge(n)
	}
	children(m, s.walk)
}

func (s *stamps) rows(n *pg.InsertStmt) error {
	at := columnIndex(n.GetCols(), s.column)
	if at < 0 {
		return fmt.Errorf("insert without %s", s.column)
	}
	lists := rows(n.GetSelectStmt().GetSelectStmt())
	if len(lists) == 0 {
		return errors.New("insert without rows")
	}
	for i, list := range lists {
		v := valueFor(*list, at, len(n.GetCols()))
		if v == nil {
			return fmt.Errorf("row %d of the insert has no value for %s", i+1, s.column)
		}
		if !s.organization(*v) {
			return fmt.Errorf("row %d of the insert is of another organization: %v", i+1, *v)
		}
	}
	return nil
}

// merge checks the row of each WHEN NOT MATCHED THEN INSERT.
func (s *stamps) merge(n *pg.MergeStmt) error {
	for _, w := range n.GetMergeWhenClauses() {
		when := w.GetMergeWhenClause()
		if when.GetCommandType() != pg.CmdType_CMD_INSERT {
			continue
		}
		at := columnIndex(when.GetTargetList(), s.column)
		if at < 0 {
			return fmt.Errorf("insert without %s", s.column)
		}
		v := valueFor(when.GetValues(), at, len(when.GetTargetList()))
		if v == nil || !s.organization(*v) {
			return fmt.Errorf("insert of another organization's row: %v", v)
		}
	}
	return nil
}

// organization says whether a value is $org or checked to be.
func (s *stamps) organization(n *pg.Node) bool {
	if t := n.GetResTarget(); t != nil {
		n = t.GetVal()
	}
	if isParam(n, s.plan.Org) {
		return true
	}
	for _, c := range s.plan.Checks {
		if c.Stamp && (c.Param > 0 && isParam(n, c.Param) || c.Param == 0 && c.Const == constant(n)) {
			return true
		}
	}
	return false
}

// constant is the content of a string literal, empty for anything else.
func constant(n *pg.Node) string {
	if c := n.GetTypeCast(); c != nil {
		n = c.GetArg()
	}
	return n.GetAConst().GetSval().GetSval()
}

// movingUpdates tells which updates, also those of ON CONFLICT, may assign the
// ownership column something that the plan does not check.
func movingUpdates(tree *pg.ParseResult, column string, plan *orgfilter.Plan) map[*pg.RangeVar]error {
	problems := map[*pg.RangeVar]error{}
	check := func(rel *pg.RangeVar, set []*pg.Node) {
		for _, n := range set {
			t := n.GetResTarget()
			if t.GetName() == column && (len(t.GetIndirection()) > 0 || !movedChecked(t.GetVal(), plan)) {
				problems[rel] = fmt.Errorf("assigns %s", column)
			}
		}
	}
	var walk func(protoreflect.Message)
	walk = func(m protoreflect.Message) {
		switch n := m.Interface().(type) {
		case *pg.UpdateStmt:
			check(n.GetRelation(), n.GetTargetList())
		case *pg.InsertStmt:
			check(n.GetRelation(), n.GetOnConflictClause().GetTargetList())
		case *pg.MergeStmt:
			for _, w := range n.GetMergeWhenClauses() {
				if when := w.GetMergeWhenClause(); when.GetCommandType() == pg.CmdType_CMD_UPDATE {
					check(n.GetRelation(), when.GetTargetList())
				}
			}
		}
		children(m, walk)
	}
	if stmt := statement(tree); stmt != nil {
		walk(stmt.ProtoReflect())
	}
	return problems
}

// movedChecked says whether the plan checks an assigned value. In a row the
// value stands at the column's place.
func movedChecked(v *pg.Node, plan *orgfilter.Plan) bool {
	if m := v.GetMultiAssignRef(); m != nil {
		args := m.GetSource().GetRowExpr().GetArgs()
		if m.GetNcolumns() == 1 && m.GetSource().GetRowExpr() == nil {
			args = []*pg.Node{m.GetSource()} // a server refuses it
		}
		if len(args) != int(m.GetNcolumns()) {
			return false
		}
		v = args[m.GetColno()-1]
	}
	for _, c := range plan.Checks {
		if c.Moved && (c.Param > 0 && isParam(v, c.Param) || c.Param == 0 && c.Const == constant(v)) {
			return true
		}
	}
	return false
}

// conflict checks that ON CONFLICT DO UPDATE has a guard.
func (s *stamps) conflict(n *pg.InsertStmt) error {
	c := n.GetOnConflictClause()
	if c == nil || c.GetAction() != pg.OnConflictAction_ONCONFLICT_UPDATE {
		return nil
	}
	name := n.GetRelation().GetAlias().GetAliasname()
	if name == "" {
		name = n.GetRelation().GetRelname()
	}
	for _, cond := range conjuncts(c.GetWhereClause()) {
		path, _ := guardColumn(cond, s.plan.Org)
		if len(path) == 2 && path[0] == name && path[1] == s.column {
			return nil
		}
	}
	return errors.New("ON CONFLICT DO UPDATE without a guard")
}

// highestParam is the largest n of $n below m.
func highestParam(m protoreflect.Message) int {
	highest := 0
	if p, ok := m.Interface().(*pg.ParamRef); ok {
		highest = int(p.GetNumber())
	}
	children(m, func(child protoreflect.Message) { highest = max(highest, highestParam(child)) })
	return highest
}

func equal(a, b *pg.ParseResult) bool { return proto.Equal(a, b) }
