package valueflow

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// builderResult knows what go-sqlbuilder's functions return: text, conditions
// and new builders.
func (f *Flow) builderResult(q query, site Site, c Callee, n int) (Set, bool) {
	name := c.Obj.Name()
	sig := c.Obj.Signature()
	args := c.Args
	if sig.Recv() != nil {
		args = args[1:]
	}
	switch {
	case name == "Buildf":
		return f.applyTo(q, "buildf", site, args[:1]), true
	case name == "Build" && sig.Recv() == nil, name == "BuildNamed":
		return f.applyTo(q, "placeholders", site, args[:1]), true
	case name == "WithFlavor":
		return f.component(query{}, args[0], "", site.Call), true
	case name == "Build", name == "BuildWithFlavor", name == "String":
		if n != 0 {
			return one(argument(Plain)), true
		}
		return combine([]Set{f.component(query{}, c.Args[0], "", site.Call)}, func(p []*Expr) *Expr { return built(p[0]) }), true
	case name == "Clone" && isBuilder(sig.Results().At(0).Type()):
		return f.component(query{}, c.Args[0], "", site.Call), true
	case name == "Escape" || name == "Raw":
		return f.component(query{}, args[0], "", site.Call), true
	case condition(name) && isText(sig.Results().At(0).Type()):
		return f.condition(name, site, args), true
	case sig.Results().Len() == 1 && isBuilder(sig.Results().At(0).Type()):
		return f.constructed(site, c, args), true
	case sig.Results().Len() == 1 && isText(sig.Results().At(0).Type()):
		return one(hole("the result of "+calleeName(site.Call), site.Call.Pos())), true
	}
	return nil, false
}

// constructed is a new builder: NewSelectBuilder(), Select("id"), or a method
// of a Flavor, a Struct, a CTE.
func (f *Flow) constructed(site Site, c Callee, args []ssa.Value) Set {
	made := f.builderCall(site, c.Obj.Name(), args, false)
	if recv := c.Obj.Signature().Recv(); recv != nil && isNamed(recv.Type(), builderPath, "Struct") {
		made = f.withRow(site, c, args, made)
	}
	parts := []Set{made}
	if c.Obj.Signature().Recv() != nil && isBuilder(c.Args[0].Type()) {
		parts = append(parts, f.builderCall(site, "With", c.Args[:1], false))
	}
	return combine(parts, func(p []*Expr) *Expr { return builder(append([]*Expr(nil), p...)...) })
}

// conditions are the methods that make a piece of SQL. In the format, F is
// the first argument as text and V each other one as a value; J is all
// arguments, joined.
var conditions = map[string]string{
	"Equal": "F = V", "E": "F = V", "EQ": "F = V", "Assign": "F = V",
	"NotEqual": "F <> V", "NE": "F <> V", "NEQ": "F <> V",
	"GreaterThan": "F > V", "G": "F > V", "GT": "F > V",
	"GreaterEqualThan": "F >= V", "GE": "F >= V", "GTE": "F >= V",
	"LessThan": "F < V", "L": "F < V", "LT": "F < V",
	"LessEqualThan": "F <= V", "LE": "F <= V", "LTE": "F <= V",
	"Like": "F LIKE V", "NotLike": "F NOT LIKE V", "ILike": "F ILIKE V", "NotILike": "F NOT ILIKE V",
	"IsNull": "F IS NULL", "IsNotNull": "F IS NOT NULL",
	"IsDistinctFrom": "F IS DISTINCT FROM V", "IsNotDistinctFrom": "F IS NOT DISTINCT FROM V",
	"In": "F IN (V)", "NotIn": "F NOT IN (V)",
	"Between": "F BETWEEN V AND V", "NotBetween": "F NOT BETWEEN V AND V",
	"Any": "F = ANY (V)", "All": "F = ALL (V)", "Some": "F = ANY (V)",
	"Or": "(J OR )", "And": "(J AND )", "Not": "NOT F",
	"Exists": "EXISTS (V)", "NotExists": "NOT EXISTS (V)",
	"Incr": "F = F + 1", "Decr": "F = F - 1",
	"Add": "F = F + V", "Sub": "F = F - V", "Mul": "F = F * V", "Div": "F = F / V",
	"Var": "V", "As": "F AS G", "BuilderAs": "(V) AS G", "LateralAs": "LATERAL (V) AS G",
}

func condition(method string) bool { return conditions[method] != "" }

// condition writes the SQL of a condition, with $# for values and the text of
// nested builders.
func (f *Flow) condition(name string, site Site, args []ssa.Value) Set {
	format := conditions[name]
	if strings.HasPrefix(format, "(J") {
		sep := text(strings.Trim(format[2:len(format)-1], ""))
		return combine([]Set{f.component(query{}, args[0], "", site.Call)}, func(p []*Expr) *Expr {
			return concat(token.NoPos, text("("), apply("join", site.Call.Pos(), p[0], sep), text(")"))
		})
	}
	var parts []Set
	owned := len(args) > 0 && isText(args[0].Type()) && f.ownsColumn(f.component(query{}, args[0], "", site.Call))
	value := 0
	if strings.HasPrefix(format, "F") || name == "Not" {
		value = 1
	}
	if name == "Any" || name == "All" || name == "Some" {
		value = 2
	}
	for i := 0; i < len(format); i++ {
		switch format[i] {
		case 'F':
			if i > 0 && isLetter(format[i-1]) || i+1 < len(format) && isLetter(format[i+1]) {
				parts = append(parts, one(text("F")))
				continue
			}
			parts = append(parts, f.component(query{}, args[0], "", site.Call))
		case 'G':
			parts = append(parts, f.component(query{}, args[1], "", site.Call))
		case 'V':
			if i > 0 && isLetter(format[i-1]) || i+1 < len(format) && isLetter(format[i+1]) {
				parts = append(parts, one(text("V")))
				continue
			}
			parts = append(parts, f.operand(site, args, value, owned))
			value++
		default:
			parts = append(parts, one(text(format[i:i+1])))
		}
	}
	return combine(parts, func(p []*Expr) *Expr { return concat(token.NoPos, p...) })
}

func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' }

// ownsColumn tells whether a text is the name of an ownership column, perhaps
// qualified.
func (f *Flow) ownsColumn(s Set) bool {
	if len(s) != 1 || s[0].Kind != Text {
		return false
	}
	name := s[0].Text
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	return f.facts.Owns(strings.Trim(name, "\""))
}

// operand is a value in a condition: a placeholder, with where it comes from
// if that matters, or a nested builder.
func (f *Flow) operand(site Site, args []ssa.Value, i int, owned bool) Set {
	if i >= len(args) {
		return one(concat(token.NoPos, text("$"), number))
	}
	v := args[i]
	if boxed := f.boxed(v); boxed != nil {
		return f.nestedText(site.Call, boxed)
	}
	value := number
	if owned {
		value = placeholder(f.OriginsOf(v, "", site.Call))
	}
	return one(concat(token.NoPos, text("$"), value))
}

// rows is the ownership column of the structs that an insert or update takes
// its columns from; args are one struct, or the slice of a variadic call.
func (f *Flow) rows(site Site, arg ssa.Value) *Expr {
	path := ownColumn
	if _, ok := arg.Type().Underlying().(*types.Slice); ok {
		path = "[]" + path
	}
	return placeholder(f.OriginsOf(arg, path, site.Call))
}

// withRow adds to the call that makes a builder from a struct the origins of
// the struct's ownership column.
func (f *Flow) withRow(site Site, c Callee, args []ssa.Value, made Set) Set {
	switch c.Obj.Name() {
	case "Update", "InsertInto", "InsertIgnoreInto", "ReplaceInto":
	default:
		return made
	}
	if len(args) != 2 || f.picksColumns(c.Args[0], map[ssa.Value]bool{}) {
		return made
	}
	row := f.rows(site, args[1])
	return combine([]Set{made}, func(p []*Expr) *Expr {
		return event(p[0].Text, p[0].Maybe, p[0].Sub[0], row)
	})
}

// picksColumns tells whether a Struct was told by tags which of its columns
// to use.
func (f *Flow) picksColumns(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if callee == nil || len(v.Call.Args) == 0 {
			return false
		}
		return callee.Name() == "WithTag" || callee.Name() == "WithoutTag" || f.picksColumns(v.Call.Args[0], seen)
	case *ssa.UnOp:
		if g, ok := v.X.(*ssa.Global); ok {
			for _, w := range f.globalStores[g] {
				if f.picksColumns(w.store.Val, seen) {
					return true
				}
			}
		}
	}
	return false
}

// boxed finds the builder in an any, or in the slice of a variadic call.
func (f *Flow) boxed(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		if isBuilder(v.X.Type()) || f.typed(v.X.Type()) != nil {
			return v.X
		}
	case *ssa.ChangeInterface:
		if isBuilder(v.X.Type()) {
			return v.X
		}
	case *ssa.Slice:
		array, ok := v.X.(*ssa.Alloc)
		if !ok {
			return nil
		}
		for _, r := range *array.Referrers() {
			ia, ok := r.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			for _, r := range *ia.Referrers() {
				if s, ok := r.(*ssa.Store); ok && s.Addr == ia {
					if b := f.boxed(s.Val); b != nil {
						return b
					}
				}
			}
		}
	}
	return nil
}

// nestedText is the text of a builder inside another. One that is scoped
// already cannot be read here, and need not be.
func (f *Flow) nestedText(at ssa.Instruction, b ssa.Value) Set {
	return combine([]Set{f.component(query{}, b, "", at)}, func(p []*Expr) *Expr {
		if p[0].Kind == Statement || p[0].Kind == Bypass {
			return text("SELECT NULL")
		}
		return built(p[0])
	})
}

// MadeBy is the call of Struct.Update that made a builder, where nothing else
// can have.
func MadeBy(b ssa.Value) *ssa.Call {
	for {
		switch v := b.(type) {
		case *ssa.MakeInterface:
			b = v.X
		case *ssa.ChangeInterface:
			b = v.X
		case *ssa.Call:
			if recv := chained(v); recv != nil {
				b = recv
				continue
			}
			callee := v.Call.StaticCallee()
			if callee != nil && callee.Signature.Recv() != nil && callee.Name() == "Update" && isNamed(callee.Signature.Recv().Type(), builderPath, "Struct") {
				return v
			}
			return nil
		default:
			return nil
		}
	}
}
