package valueflow

import (
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"
)

// bun's builders are objects that their methods change and return, as those
// of go-sqlbuilder are. Their calls become the same events; what is different
// is that the table comes from a model.

const bunPath = "github.com/uptrace/bun"

var bunTypes = []string{"SelectQuery", "UpdateQuery", "DeleteQuery", "InsertQuery"}

// bunMakers are the methods that make a builder, and the events that say so.
var bunMakers = map[string]string{
	"NewSelect": "NewSelectBuilder", "NewUpdate": "NewUpdateBuilder",
	"NewDelete": "NewDeleteBuilder", "NewInsert": "NewInsertBuilder",
}

// bunResult knows what bun's functions return, but for the methods that return
// their receiver.
func (f *Flow) bunResult(c Callee) (Set, bool) {
	if made, ok := bunMakers[c.Obj.Name()]; ok {
		return one(builder(event(made, false))), true
	}
	return nil, false
}

// bunEvent is what a method of bun's builders adds; nil when that does not say
// which rows the statement sees.
func (f *Flow) bunEvent(site Site, name string, args []ssa.Value, maybe bool) Set {
	make := func(method string, sets ...Set) Set {
		return combine(sets, func(p []*Expr) *Expr { return event(method, maybe, append([]*Expr(nil), p...)...) })
	}
	switch name {
	case "Model":
		return one(event("Model", maybe, bunModel(args[0])...))
	case "ModelTableExpr":
		return make("ModelTable", f.bunText(site, args))
	case "Table":
		return make("From", f.component(query{}, args[0], "", site.Call))
	case "TableExpr":
		return make("From", f.bunText(site, args))
	case "Column":
		return make("Cols", f.component(query{}, args[0], "", site.Call))
	case "ColumnExpr":
		return make("SelectMore", f.bunText(site, args))
	case "Join":
		return make("JoinText", one(empty), f.bunText(site, args))
	case "JoinOn":
		return make("JoinOn", f.bunText(site, args))
	case "Set":
		return make("Set", f.bunText(site, args))
	case "Where", "WhereOr":
		return make(name, f.bunText(site, args))
	case "WherePK":
		return make(name, f.component(query{}, args[0], "", site.Call))
	case "Having":
		return make("Having", f.bunText(site, args))
	case "On":
		return make("SQL", combine([]Set{f.bunText(site, args)}, func(p []*Expr) *Expr {
			return concat(token.NoPos, text("ON "), p[0])
		}))
	case "With", "WithRecursive":
		return combine([]Set{f.component(query{}, args[0], "", site.Call), f.bunQuery(site, args[1])}, func(p []*Expr) *Expr {
			return event("With", maybe, builder(event("CTEQuery", false, p[0]), event("As", false, p[1])))
		})
	case "WhereGroup":
		return make("WhereGroup", f.component(query{}, args[0], "", site.Call), f.callback(args[1]))
	case "Apply":
		var sets []Set
		for _, fn := range variadic(args[0]) {
			sets = append(sets, f.callback(fn))
		}
		return make("then", sets...)
	case "Union", "UnionAll":
		return make("UnionWith", f.bunQuery(site, args[0]))
	}
	return nil
}

// bunText is a text with its arguments. The one that is a builder is put in
// the place of the question mark.
func (f *Flow) bunText(site Site, args []ssa.Value) Set {
	texts := f.component(query{}, args[0], "", site.Call)
	if len(args) < 2 {
		return texts
	}
	nested := f.boxed(args[1])
	if nested == nil {
		return texts
	}
	return combine([]Set{texts, f.nestedText(site.Call, nested)}, func(p []*Expr) *Expr {
		before, after, ok := strings.Cut(p[0].Text, "?")
		if p[0].Kind != Text || !ok || strings.Contains(after, "?") {
			return hole("a builder among the arguments of a text", site.Call.Pos())
		}
		return concat(token.NoPos, text(before+"("), p[1], text(")"+after))
	})
}

func (f *Flow) bunQuery(site Site, v ssa.Value) Set {
	if b := f.boxed(v); b != nil {
		return f.component(query{}, b, "", site.Call)
	}
	return f.component(query{}, v, "", site.Call)
}

// callback is what a function does to the builder that it is given.
func (f *Flow) callback(v ssa.Value) Set {
	unknown := one(event("Where", false, hole("what a function adds to a builder", v.Pos())))
	functions := f.functionValues(v)
	if len(functions) == 0 {
		return unknown
	}
	var sets []Set
	for _, v := range functions {
		if mc, ok := v.(*ssa.MakeClosure); ok {
			v = mc.Fn
		}
		fn, _ := v.(*ssa.Function)
		if fn == nil || f.own(fn) != fn || len(fn.Params) == 0 {
			return unknown
		}
		sets = append(sets, f.whatItDoes(fn, 0, false))
	}
	return union(sets...)
}

// variadic is the values in the slice of a variadic call.
func variadic(v ssa.Value) []ssa.Value {
	slice, ok := v.(*ssa.Slice)
	if !ok {
		return []ssa.Value{v}
	}
	array, ok := slice.X.(*ssa.Alloc)
	if !ok {
		return []ssa.Value{v}
	}
	var out []ssa.Value
	for _, r := range *array.Referrers() {
		if ia, ok := r.(*ssa.IndexAddr); ok {
			for _, s := range storesTo(ia) {
				out = append(out, s.Val)
			}
		}
	}
	return out
}

// bunModel is the table of a model, its alias and the condition on its key.
func bunModel(v ssa.Value) []*Expr {
	unknown := []*Expr{hole("the table of a model", v.Pos()), empty, empty}
	boxed, ok := v.(*ssa.MakeInterface)
	if !ok {
		return unknown
	}
	t := boxed.X.Type()
	for {
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			t = u.Elem()
			continue
		case *types.Slice:
			t = u.Elem()
			continue
		}
		break
	}
	named, _ := types.Unalias(t).(*types.Named)
	if named == nil {
		return unknown
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return unknown
	}
	table, alias := TableTag(st)
	if table == "" {
		table = underscored(named.Obj().Name()) + "s"
	}
	if alias == "" {
		alias = underscored(named.Obj().Name())
	}
	return []*Expr{text(table), text(alias), text(primaryKey(st, alias, 0))}
}

// TableTag is the table and the alias in bun's and go-pg's tag on an embedded
// or blank field: bun:"table:tasks,alias:t".
func TableTag(st *types.Struct) (table, alias string) {
	for i := range st.NumFields() {
		tag := reflect.StructTag(st.Tag(i))
		for _, key := range []string{"bun", "pg"} {
			for part := range strings.SplitSeq(tag.Get(key), ",") {
				if name, ok := strings.CutPrefix(part, "table:"); ok {
					table = name
				}
				if name, ok := strings.CutPrefix(part, "alias:"); ok {
					alias = name
				}
			}
		}
		if table != "" {
			return table, alias
		}
	}
	return "", ""
}

// primaryKey is the condition of WherePK.
func primaryKey(st *types.Struct, alias string, depth int) string {
	var columns []string
	for i := range st.NumFields() {
		name, options, _ := strings.Cut(reflect.StructTag(st.Tag(i)).Get("bun"), ",")
		switch {
		case name != "" && strings.Contains(","+options+",", ",pk,"):
			columns = append(columns, alias+"."+name+" = ?")
		case st.Field(i).Embedded() && depth < 4:
			if inner, ok := st.Field(i).Type().Underlying().(*types.Struct); ok {
				if key := primaryKey(inner, alias, depth+1); key != "" {
					columns = append(columns, key)
				}
			}
		}
	}
	if columns == nil && depth == 0 {
		return alias + ".id = ?"
	}
	return strings.Join(columns, " AND ")
}

// underscored is a Go name as bun makes a table's of it.
func underscored(name string) string {
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 && !unicode.IsUpper(rune(name[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
