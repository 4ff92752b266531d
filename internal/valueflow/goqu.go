package valueflow

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// goqu's datasets are values, as squirrel's builders are: each method returns a
// new one. Their calls become the same events.

const goquPath = "github.com/doug-martin/goqu"

var goquTypes = []string{"SelectDataset", "UpdateDataset", "DeleteDataset", "InsertDataset"}

// goquName is the name of a type of goqu, whatever the version, or of its
// package exp; empty for any other type.
func goquName(t types.Type) string {
	n, _ := namedType(t)
	if n == nil || n.Obj().Pkg() == nil || !isGoqu(n.Obj().Pkg()) {
		return ""
	}
	return n.Obj().Name()
}

func isGoqu(pkg *types.Package) bool {
	rest, ok := strings.CutPrefix(unvendored(pkg.Path()), goquPath)
	return ok && (rest == "" || rest[0] == '/')
}

func isDataset(t types.Type) bool { return slices.Contains(goquTypes, goquName(t)) }

// goquResult knows what goqu's functions and the methods of its types return.
func (f *Flow) goquResult(site Site, c Callee, n int) (Set, bool) {
	sig := c.Obj.Signature()
	args := c.Args
	if sig.Recv() != nil {
		args = args[1:]
	}
	if sig.Results().Len() == 0 {
		return nil, false
	}
	result := sig.Results().At(0).Type()
	switch {
	case c.Obj.Name() == "ToSQL" && len(args) == 0:
		if n != 0 {
			return one(argument(Plain)), true
		}
		return f.BuiltBy(c.Args[0], site.Call), true
	case isDataset(result):
		return f.dataset(site, c, args), true
	case goquName(result) != "":
		return f.expression(site, c, args), true
	}
	return nil, false
}

// dataset is what a method of a dataset returns, or the function that begins
// one.
func (f *Flow) dataset(site Site, c Callee, args []ssa.Value) Set {
	base := one(builder())
	from := ""
	if recv := c.Obj.Signature().Recv(); recv != nil && isDataset(recv.Type()) {
		from = goquName(recv.Type())
		base = f.component(query{}, c.Args[0], "", site.Call)
	}
	parts := []Set{base}
	if e := f.datasetEvent(site, from, c.Obj.Name(), args); e != nil {
		parts = append(parts, e)
	}
	return combine(parts, func(p []*Expr) *Expr { return extend(p[0], p[1:]...) })
}

var goquJoins = map[string]string{
	"Join": "JOIN", "InnerJoin": "JOIN", "LeftJoin": "LEFT JOIN", "LeftOuterJoin": "LEFT JOIN",
	"RightJoin": "RIGHT JOIN", "RightOuterJoin": "RIGHT JOIN", "FullJoin": "FULL JOIN", "FullOuterJoin": "FULL JOIN",
	"CrossJoin": "CROSS JOIN", "NaturalJoin": "NATURAL JOIN", "NaturalLeftJoin": "NATURAL LEFT JOIN",
	"NaturalRightJoin": "NATURAL RIGHT JOIN", "NaturalFullJoin": "NATURAL FULL JOIN",
}

var goquCompounds = map[string]string{
	"Union": "UNION", "UnionAll": "UNION ALL", "Intersect": "INTERSECT", "IntersectAll": "INTERSECT ALL",
}

// datasetEvent is what a call adds to a dataset of type from, or begins one
// with where from is empty; nil when it does not say which rows are seen.
func (f *Flow) datasetEvent(site Site, from, name string, args []ssa.Value) Set {
	make := func(method string, sets ...Set) Set {
		return combine(sets, func(p []*Expr) *Expr { return event(method, false, append([]*Expr(nil), p...)...) })
	}
	switch name {
	case "From":
		switch from {
		case "":
			return make("SelectFrom", f.names(site, args[0]))
		case "DeleteDataset":
			return make("DeleteFrom", f.name(site, args[0]))
		}
		return make("From", f.names(site, args[0]))
	case "Select", "SelectAppend", "SelectDistinct":
		return make("Select", f.names(site, args[0]))
	case "Insert", "Into":
		return f.begin(site, "InsertInto", args)
	case "Update", "Table":
		return f.begin(site, "Update", args)
	case "Delete":
		return f.begin(site, "DeleteFrom", args)
	case "Where", "Having":
		return make(name, f.telling(f.component(query{}, args[0], "", site.Call)))
	case "ClearWhere":
		return one(event("SetWhereClause", false))
	case "With", "WithRecursive":
		return combine([]Set{f.component(query{}, args[0], "", site.Call), f.component(query{}, args[1], "", site.Call)}, func(p []*Expr) *Expr {
			return event("With", false, builder(event("CTEQuery", false, p[0]), event("As", false, p[1])))
		})
	case "As":
		return make("As", f.name(site, args[0]))
	case "Set":
		return f.assigned(site, args[0])
	case "Rows":
		return f.inserted(site, args[0])
	case "Cols", "ColsAppend":
		return make("Cols", f.names(site, args[0]))
	case "Vals":
		if rows := variadic(args[0]); len(rows) > 0 {
			if values := f.Values(rows[0], site.Call); values != nil {
				return one(event("Values", false, values))
			}
		}
		return nil
	case "FromQuery":
		return make("InsertSelect", f.component(query{}, args[0], "", site.Call))
	case "OnConflict":
		return make("SQL", f.component(query{}, args[0], "", site.Call))
	}
	if kind, ok := goquJoins[name]; ok {
		on := one(empty)
		if len(args) == 2 {
			on = f.component(query{}, args[1], "", site.Call)
		}
		return combine([]Set{f.name(site, args[0]), on}, func(p []*Expr) *Expr {
			return event("JoinText", false, text(kind), concat(token.NoPos, p[0], text(" "), p[1]))
		})
	}
	if word, ok := goquCompounds[name]; ok {
		return combine([]Set{f.BuiltBy(args[0], site.Call)}, func(p []*Expr) *Expr {
			return event("SQL", false, concat(token.NoPos, text(word+" ("), p[0], text(")")))
		})
	}
	return nil
}

// begin is the event that names the table which a statement writes. Without a
// table it makes another statement of a dataset's clauses, which nobody follows.
func (f *Flow) begin(site Site, method string, args []ssa.Value) Set {
	if len(args) == 0 {
		return one(event(method, false, hole("a dataset that becomes another statement", site.Call.Pos())))
	}
	return combine([]Set{f.name(site, args[0])}, func(p []*Expr) *Expr { return event(method, false, p[0]) })
}

// names is the tables or columns of a variadic call, as a List.
func (f *Flow) names(site Site, v ssa.Value) Set {
	if _, literal := v.(*ssa.Slice); !literal {
		return f.component(query{}, v, "", site.Call)
	}
	var sets []Set
	for _, a := range variadic(v) {
		sets = append(sets, f.name(site, a))
	}
	return asList(sets)
}

// name is a table or a column: the name as a text, an expression, or a dataset
// in brackets.
func (f *Flow) name(site Site, v ssa.Value) Set {
	v = unboxed(v)
	s := f.component(query{}, v, "", site.Call)
	if isText(v.Type()) {
		return named("identifier", s)
	}
	if !isDataset(v.Type()) {
		return s
	}
	return combine([]Set{s}, func(p []*Expr) *Expr {
		if p[0].Kind == Builder {
			return derived(p[0])
		}
		return apply("derived", v.Pos(), p[0])
	})
}

// named quotes names where PostgreSQL needs that: goqu always does. The
// operation says whether they are of tables or of columns.
func named(operation string, s Set) Set {
	return combine([]Set{s}, func(p []*Expr) *Expr { return apply(operation, p[0].pos, p[0]) })
}

// derived is a dataset as a table.
func derived(e *Expr) *Expr {
	if e.Kind != Builder {
		return e
	}
	alias := text("t")
	for _, ev := range e.Sub {
		if ev.Kind == Event && ev.Text == "As" {
			alias = ev.Sub[0]
		}
	}
	return concat(token.NoPos, text("("), built(e), text(") AS "), alias)
}

// unboxed is what is in an interface, if it was put there right before.
func unboxed(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return unboxed(v.X)
	case *ssa.ChangeInterface:
		return unboxed(v.X)
	}
	return v
}

// record is the Text of the Event that a goqu.Record is: Sub holds its columns
// and their values.
const record = "record"

// assigned is what an update sets, from a record or a struct.
func (f *Flow) assigned(site Site, v ssa.Value) Set {
	v = unboxed(v)
	if _, _, ok := f.ownership(v.Type()); ok {
		return one(event("Row", false, f.rows(site, v)))
	}
	return combine([]Set{f.component(query{}, v, "", site.Call)}, func(p []*Expr) *Expr { return event("SetRecord", false, p[0]) })
}

// inserted is the columns and values of an INSERT, from records or structs. All
// rows have the columns of the first.
func (f *Flow) inserted(site Site, rows ssa.Value) Set {
	first := unboxed(variadic(rows)[0])
	t := first.Type()
	part := ""
	if s, ok := t.Underlying().(*types.Slice); ok {
		t, part = s.Elem(), "[]"
	}
	if _, _, ok := f.ownership(t); ok {
		return one(event("Row", false, f.rows(site, first)))
	}
	if columns := structColumns(t); columns != nil {
		return one(event("Cols", false, columns...))
	}
	return combine([]Set{f.component(query{}, first, part, site.Call)}, func(p []*Expr) *Expr { return event("InsertRecord", false, p[0]) })
}

// structColumns are the columns of a struct by its tags; nil when t is none.
func structColumns(t types.Type) []*Expr {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var columns []*Expr
	for i := range st.NumFields() {
		name, _, _ := strings.Cut(reflect.StructTag(st.Tag(i)).Get("db"), ",")
		if name == "" {
			name = strings.ToLower(st.Field(i).Name())
		}
		if st.Field(i).Exported() && name != "-" {
			columns = append(columns, text(name))
		}
	}
	return columns
}

// assignments are what a record sets.
func assignments(e *Expr) []*Expr {
	if e.Kind != Event || e.Text != record {
		return []*Expr{text("x = NULL")} // the columns of a struct without an organization
	}
	columns, values := elements(e.Sub[0]), elements(e.Sub[1])
	var out []*Expr
	for i, c := range columns {
		out = append(out, concat(token.NoPos, c, text(" = $"), values[i]))
	}
	return out
}

// identifier is a name as it has to be written, part by part.
func identifier(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		if p != "*" {
			parts[i] = pgsql.QuoteName(p)
		}
	}
	return strings.Join(parts, ".")
}

// column is the name of a column, which no statement is known by: what cannot be
// known of it is quoted, and so it can be no more than another column.
func column(e *Expr) *Expr {
	switch e.Kind {
	case Text:
		return text(identifier(e.Text))
	case Concat:
		parts := slices.Clone(e.Sub)
		for i, p := range parts {
			if p.Kind != Text {
				parts[i] = text("unknown")
			}
		}
		return concat(e.pos, parts...)
	case Hole, Number:
		return text("unknown")
	}
	return e
}
