package valueflow

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// squirrel's builders are values: each method returns a new one. Their calls
// become the events that go-sqlbuilder's have.

const squirrelPath = "github.com/Masterminds/squirrel"

var squirrelTypes = []string{
	"SelectBuilder", "UpdateBuilder", "DeleteBuilder", "InsertBuilder", "StatementBuilderType", "Sqlizer",
}

var squirrelJoins = map[string]string{
	"Join": "JOIN", "LeftJoin": "LEFT JOIN", "RightJoin": "RIGHT JOIN",
	"InnerJoin": "INNER JOIN", "CrossJoin": "CROSS JOIN", "JoinClause": "",
}

// squirrelResult knows what squirrel's functions return.
func (f *Flow) squirrelResult(q query, site Site, c Callee, n int) (Set, bool) {
	name := c.Obj.Name()
	sig := c.Obj.Signature()
	args := c.Args
	if sig.Recv() != nil {
		args = args[1:]
	}
	switch {
	case name == "ToSql", name == "MustSql", name == "DebugSqlizer":
		if n != 0 {
			return one(argument(Plain)), true
		}
		return f.BuiltBy(c.Args[0], site.Call), true
	case name == "Expr" && sig.Recv() == nil, name == "ConcatExpr":
		return f.component(query{}, args[0], "", site.Call), true
	case sig.Results().Len() != 1 || !isBuilder(sig.Results().At(0).Type()):
		return nil, false
	}
	parts := []Set{one(builder())}
	if sig.Recv() != nil && !isNamed(sig.Recv().Type(), squirrelPath, "StatementBuilderType") {
		parts[0] = f.component(query{}, c.Args[0], "", site.Call)
	}
	if e := f.squirrelEvent(site, name, sig, args); e != nil {
		parts = append(parts, e)
	}
	return combine(parts, func(p []*Expr) *Expr { return extend(p[0], p[1:]...) }), true
}

// BuiltBy is the text that builder v renders at a call.
func (f *Flow) BuiltBy(v ssa.Value, at ssa.Instruction) Set {
	return combine([]Set{f.component(query{}, v, "", at)}, func(p []*Expr) *Expr { return built(p[0]) })
}

// squirrelEvent is what one method adds to a builder; nil when that does not
// matter.
func (f *Flow) squirrelEvent(site Site, name string, sig *types.Signature, args []ssa.Value) Set {
	value := func(i int) Set { return f.component(query{}, args[i], "", site.Call) }
	make := func(method string, sets ...Set) Set {
		return combine(sets, func(p []*Expr) *Expr { return event(method, false, append([]*Expr(nil), p...)...) })
	}
	recv := ""
	if sig.Recv() != nil {
		n, _ := namedType(sig.Recv().Type())
		recv = n.Obj().Name()
	}
	switch name {
	case "Select":
		if recv == "InsertBuilder" {
			return make("InsertSelect", value(0))
		}
		return make("Select", value(0))
	case "Column":
		return make("SelectMore", f.predicate(site, args[0]))
	case "Columns":
		if recv == "InsertBuilder" {
			return make("Cols", value(0))
		}
		return make("SelectMore", value(0))
	case "From":
		return make("From", value(0))
	case "FromSelect":
		return make("From", combine([]Set{value(0), value(1)}, func(p []*Expr) *Expr {
			return concat(token.NoPos, text("("), built(p[0]), text(") "), p[1])
		}))
	case "Insert", "Into", "Replace":
		return make("InsertInto", value(0))
	case "Update", "Table":
		return make("Update", value(0))
	case "Delete":
		return make("DeleteFrom", value(0))
	case "Values":
		values := f.Values(args[0], site.Call)
		if values == nil {
			return nil
		}
		return one(event("Values", false, values))
	case "Set":
		column := value(0)
		return make("Set", combine([]Set{column}, func(p []*Expr) *Expr {
			return concat(token.NoPos, p[0], text(" = $"), f.squirrelValue(column, args[1], site.Call))
		}))
	case "SetMap":
		return f.setMap(recv, args[0])
	case "Where", "Having":
		return make(name, f.telling(f.predicate(site, args[0])))
	case "Suffix":
		return make("SQL", value(0))
	case "SuffixExpr":
		return make("SQL", f.predicate(site, args[0]))
	case "Prefix":
		return make("Prefix", value(0))
	case "PrefixExpr":
		return make("Prefix", f.predicate(site, args[0]))
	}
	if kind, ok := squirrelJoins[name]; ok {
		return make("JoinText", one(text(kind)), f.predicate(site, args[0]))
	}
	return nil
}

// squirrelOperators of the map types that are conditions.
var squirrelOperators = map[string]string{
	"Eq": "=", "NotEq": "<>", "Lt": "<", "LtOrEq": "<=", "Gt": ">", "GtOrEq": ">=",
	"Like": "LIKE", "NotLike": "NOT LIKE", "ILike": "ILIKE", "NotILike": "NOT ILIKE",
}

// predicate is the SQL of what a method like Where gets: text, a map of
// columns, a list of predicates, or a builder.
func (f *Flow) predicate(site Site, v ssa.Value) Set {
	v = unboxed(v)
	if m, ok := v.(*ssa.MakeMap); ok && squirrelOperator(m.Type()) == "" {
		return f.mapConditions(m, "=")
	}
	switch {
	case isNamed(v.Type(), squirrelPath, "And", "Or"):
		return f.predicates(v, site.Call)
	case isBuilder(v.Type()):
		return combine([]Set{f.BuiltBy(v, site.Call)}, func(p []*Expr) *Expr {
			if p[0].Kind == Built {
				return concat(token.NoPos, text("("), p[0], text(")"))
			}
			return p[0] // squirrel.Expr
		})
	}
	return f.component(query{}, v, "", site.Call)
}

// squirrelOperator is the operator of a map type that is a condition; empty
// for any other type.
func squirrelOperator(t types.Type) string {
	if n, _ := namedType(t); n != nil && isNamed(t, squirrelPath, n.Obj().Name()) {
		return squirrelOperators[n.Obj().Name()]
	}
	return ""
}

// predicates is squirrel.And or squirrel.Or.
func (f *Flow) predicates(v ssa.Value, at ssa.Instruction) Set {
	n, _ := namedType(v.Type())
	return junction(f.component(query{}, v, "", at), " "+strings.ToUpper(n.Obj().Name())+" ")
}

// sqlizer is what an interface of squirrel holds that is no builder; ok is
// false for any other value.
func (f *Flow) sqlizer(v ssa.Value) (s Set, ok bool) {
	at, _ := v.(ssa.Instruction)
	switch {
	case isNamed(v.Type(), squirrelPath, "And", "Or"):
		return f.predicates(v, at), true
	case squirrelOperator(v.Type()) != "":
		return f.component(query{}, v, "", at), true
	}
	return nil, false
}

func (f *Flow) squirrelValue(column Set, v ssa.Value, at ssa.Instruction) *Expr {
	if !f.ownsColumn(column) {
		return number
	}
	return placeholder(f.OriginsOf(v, "", at))
}

// setMap is the columns that are set, or inserted, from a map.
func (f *Flow) setMap(recv string, m ssa.Value) Set {
	method := "SetRecord"
	if recv == "InsertBuilder" {
		method = "InsertRecord"
	}
	made, ok := m.(*ssa.MakeMap)
	if !ok {
		return one(event(method, false, hole("the keys of a map", m.Pos())))
	}
	var sets []Set
	for _, writes := range f.mapEntries(made) {
		sets = append(sets, f.record(writes, func(column Set) Set { return column }))
	}
	return combine([]Set{union(sets...)}, func(p []*Expr) *Expr { return event(method, false, p[0]) })
}
