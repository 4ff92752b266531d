package pgquery

import (
	"cmp"
	"fmt"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// relation is one use of a table in PostgreSQL's tree.
type relation struct {
	schema, name, alias string
	verb                orgfilter.Verb
	offset              int

	node *pg.RangeVar
}

func (r relation) String() string {
	name := r.name
	if r.schema != "" {
		name = r.schema + "." + name
	}
	return fmt.Sprintf("%s %s AS %s at %d", verbs[r.verb], name, r.alias, r.offset)
}

var verbs = map[orgfilter.Verb]string{
	orgfilter.Read:   "read",
	orgfilter.Insert: "insert",
	orgfilter.Update: "update",
	orgfilter.Delete: "delete",
	orgfilter.Merge:  "merge",
}

// sorted orders relations by place, so that two lists compare as multisets.
func sorted(rels []relation) []relation {
	slices.SortFunc(rels, func(a, b relation) int {
		return cmp.Or(
			cmp.Compare(a.offset, b.offset), cmp.Compare(a.verb, b.verb),
			cmp.Compare(a.schema, b.schema), cmp.Compare(a.name, b.name), cmp.Compare(a.alias, b.alias))
	})
	return rels
}

// relations lists the uses of tables in a tree at every depth, by offset.
func relations(tree *pg.ParseResult) []relation {
	var c collector
	if stmt := statement(tree); stmt != nil {
		c.walk(stmt.ProtoReflect(), nil)
	}
	return sorted(c.found)
}

// ctes is the stack of CTE names that are visible at one place.
type ctes struct {
	outer *ctes
	name  string
}

func (s *ctes) has(name string) bool {
	for ; s != nil; s = s.outer {
		if s.name == name {
			return true
		}
	}
	return false
}

type collector struct{ found []relation }

// walk visits every message. It knows five kinds of statement, since a WITH
// belongs to one, and otherwise nothing about the grammar: a RangeVar in a
// place that nobody thought of is found all the same.
func (c *collector) walk(m protoreflect.Message, scope *ctes) {
	switch n := m.Interface().(type) {
	case *pg.RangeVar:
		c.read(n, scope)
	case *pg.SelectStmt:
		c.statement(m, n.GetWithClause(), scope)
	case *pg.InsertStmt:
		c.add(n.GetRelation(), orgfilter.Insert)
		c.statement(m, n.GetWithClause(), scope)
	case *pg.UpdateStmt:
		c.add(n.GetRelation(), orgfilter.Update)
		c.statement(m, n.GetWithClause(), scope)
	case *pg.DeleteStmt:
		c.add(n.GetRelation(), orgfilter.Delete)
		c.statement(m, n.GetWithClause(), scope)
	case *pg.MergeStmt:
		c.add(n.GetRelation(), orgfilter.Merge)
		c.statement(m, n.GetWithClause(), scope)
	case *pg.MultiAssignRef:
		// SET (a, b) = (SELECT …) shows its source once for each column.
		if n.GetColno() == 1 {
			c.walk(n.GetSource().ProtoReflect(), scope)
		}
	case *pg.LockingClause:
		// FOR UPDATE OF names aliases of this level, not tables.
	case *pg.IntoClause:
		// SELECT INTO makes its table.
	default:
		children(m, func(child protoreflect.Message) { c.walk(child, scope) })
	}
}

// statement visits a statement's parts in the scope that its WITH makes. The
// target of a write was added by the caller: a CTE never hides it.
func (c *collector) statement(m protoreflect.Message, with *pg.WithClause, scope *ctes) {
	scope = c.with(with, scope)
	children(m, func(child protoreflect.Message) { c.walk(child, scope) }, "with_clause", "relation")
}

// with visits the queries of a WITH and returns the scope behind it. A CTE is
// visible to those after it, and under RECURSIVE to all of its WITH.
func (c *collector) with(w *pg.WithClause, scope *ctes) *ctes {
	if w.GetRecursive() {
		for _, n := range w.GetCtes() {
			scope = &ctes{scope, n.GetCommonTableExpr().GetCtename()}
		}
	}
	for _, n := range w.GetCtes() {
		cte := n.GetCommonTableExpr()
		children(cte.ProtoReflect(), func(child protoreflect.Message) { c.walk(child, scope) })
		if !w.GetRecursive() {
			scope = &ctes{scope, cte.GetCtename()}
		}
	}
	return scope
}

func (c *collector) read(n *pg.RangeVar, scope *ctes) {
	if n.GetSchemaname() == "" && scope.has(n.GetRelname()) {
		return
	}
	c.add(n, orgfilter.Read)
}

func (c *collector) add(n *pg.RangeVar, verb orgfilter.Verb) {
	alias := n.GetAlias().GetAliasname()
	if alias == "" {
		alias = n.GetRelname()
	}
	c.found = append(c.found, relation{
		schema: n.GetSchemaname(), name: n.GetRelname(), alias: alias,
		verb: verb, offset: int(n.GetLocation()), node: n,
	})
}
