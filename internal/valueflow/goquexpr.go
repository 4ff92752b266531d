package valueflow

import (
	"cmp"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// An expression of goqu is the text that it becomes.

// comparisons are goqu's by the methods of expressions, which are the keys of
// goqu.Op too, in lower case.
var comparisons = map[string]string{
	"Eq": "=", "Neq": "<>", "Gt": ">", "Gte": ">=", "Lt": "<", "Lte": "<=",
	"Is": "=", "IsNot": "<>", "In": "IN", "NotIn": "NOT IN",
	"Like": "LIKE", "NotLike": "NOT LIKE", "ILike": "ILIKE", "NotILike": "NOT ILIKE",
	"RegexpLike": "~", "RegexpNotLike": "!~", "RegexpILike": "~*", "RegexpNotILike": "!~*",
	"Between": "BETWEEN", "NotBetween": "NOT BETWEEN",
}

var comparisonsByKey = func() map[string]string {
	keys := map[string]string{}
	for name, operator := range comparisons {
		keys[strings.ToLower(name)] = operator
	}
	return keys
}()

var tests = map[string]string{
	"IsNull": "IS NULL", "IsNotNull": "IS NOT NULL", "IsTrue": "IS TRUE", "IsNotTrue": "IS NOT TRUE",
	"IsFalse": "IS FALSE", "IsNotFalse": "IS NOT FALSE",
}

// expression is what a function of goqu, or a method of an expression, makes.
func (f *Flow) expression(site Site, c Callee, args []ssa.Value) Set {
	name := c.Obj.Name()
	arg := func(i int) Set { return f.component(query{}, args[i], "", site.Call) }
	if c.Obj.Signature().Recv() == nil {
		switch name {
		case "C", "I":
			return named("column", arg(0))
		case "T", "S":
			return named("identifier", arg(0))
		case "L", "Literal":
			return f.literalSQL(site, args)
		case "And":
			return junction(arg(0), " AND ")
		case "Or":
			return junction(arg(0), " OR ")
		case "On":
			return spelled("ON %", junction(arg(0), " AND "))
		case "Using":
			return spelled("USING (%)", commas(f.names(site, args[0])))
		case "V":
			return f.goquOperand(site.Call, args[0], false)
		case "Star":
			return one(text("*"))
		case "Default":
			return one(text("DEFAULT"))
		case "DoNothing":
			return one(text("ON CONFLICT DO NOTHING"))
		case "DoUpdate":
			return f.doUpdate(site, args)
		case "Cast":
			return spelled("CAST(% AS text)", arg(0))
		case "Lateral":
			return spelled("LATERAL (%)", f.BuiltBy(args[0], site.Call))
		case "Func":
			return spelled("%(%)", arg(0), f.operands(site.Call, args[1]))
		case "Case", "W", "Range":
			return one(hole("an expression of goqu", site.Call.Pos()))
		}
		if len(args) == 1 { // COUNT, COALESCE, Any, …
			return spelled(name+"(%)", f.operands(site.Call, args[0]))
		}
		return one(hole("an expression of goqu", site.Call.Pos()))
	}

	recv := f.component(query{}, c.Args[0], "", site.Call)
	if operator, ok := comparisons[name]; ok && len(args) == 1 {
		return compared(recv, operator, f.goquOperand(site.Call, args[0], f.ownsColumn(recv)))
	}
	if test, ok := tests[name]; ok {
		return spelled("% "+test, recv)
	}
	switch name {
	case "As":
		return spelled("% AS %", recv, f.name(site, args[0]))
	case "Col", "Table", "Schema":
		return spelled("%.%", recv, f.name(site, args[0]))
	case "All":
		return spelled("%.*", recv)
	case "Cast":
		return spelled("CAST(% AS text)", recv)
	case "Where":
		return spelled("% WHERE %", recv, junction(arg(0), " AND "))
	case "Append", "Set", "BitwiseInversion", "BitwiseOr", "BitwiseAnd", "BitwiseXor", "When", "Else", "Value":
		return one(hole("an expression of goqu", site.Call.Pos()))
	}
	return recv // Asc, Desc, Distinct, Over, …: not which rows
}

// spelled is a format with a set for each percent sign.
func spelled(format string, sets ...Set) Set {
	pieces := strings.Split(format, "%")
	return combine(sets, func(p []*Expr) *Expr {
		parts := []*Expr{text(pieces[0])}
		for i, e := range p {
			parts = append(parts, e, text(pieces[i+1]))
		}
		return concat(token.NoPos, parts...)
	})
}

// separated is the elements of a list with something between them. One that
// is not known yet waits.
func separated(e *Expr, separator string) *Expr {
	if e.Kind == List {
		return join(token.NoPos, e, text(separator))
	}
	return apply("join", token.NoPos, e, text(separator))
}

func commas(s Set) Set {
	return combine([]Set{s}, func(p []*Expr) *Expr { return separated(p[0], ", ") })
}

// junction is a list of conditions in brackets.
func junction(conditions Set, separator string) Set {
	return combine([]Set{conditions}, func(p []*Expr) *Expr {
		if p[0].Kind == List {
			return conjoined(p[0], separator)
		}
		return apply("junction", token.NoPos, p[0], text(separator))
	})
}

// conjoined is conditions with AND or OR between them; goqu leaves out what has
// none.
func conjoined(conditions *Expr, separator string) *Expr {
	if conditions.Kind == List && len(conditions.Sub) == 0 {
		return text("TRUE")
	}
	return concat(token.NoPos, text("("), join(token.NoPos, conditions, text(separator)), text(")"))
}

// compared is a condition on a column.
func compared(column Set, operator string, operand Set) Set {
	switch {
	case strings.HasSuffix(operator, "IN"):
		return spelled("% "+operator+" (%)", column, operand)
	case strings.HasSuffix(operator, "BETWEEN"):
		return spelled("% "+operator+" % AND %", column, operand, operand)
	}
	return spelled("% "+operator+" %", column, operand)
}

// goquOperand is a value: a placeholder, an expression, or a dataset.
func (f *Flow) goquOperand(at ssa.Instruction, v ssa.Value, owned bool) Set {
	if slice, ok := v.(*ssa.Slice); ok { // of a variadic call
		if elems := variadic(slice); len(elems) == 1 {
			return f.goquOperand(at, elems[0], owned)
		}
	}
	v = unboxed(v)
	switch {
	case isBuilder(v.Type()):
		return spelled("(%)", f.nestedText(at, v))
	case isExpression(v.Type()):
		return f.component(query{}, v, "", at)
	case isNil(v):
		return one(text("NULL"))
	}
	value := number
	if owned {
		value = placeholder(f.OriginsOf(v, "", at))
	}
	return one(concat(token.NoPos, text("$"), value))
}

func isExpression(t types.Type) bool { return strings.HasSuffix(goquName(t), "Expression") }

// operands is the arguments of a function: expressions and datasets; of a name
// or a value it does not matter what it is.
func (f *Flow) operands(at ssa.Instruction, v ssa.Value) Set {
	var sets []Set
	for _, a := range variadic(v) {
		sets = append(sets, f.goquOperand(at, a, false))
	}
	return commas(asList(sets))
}

// asList is the lists with one member of each set.
func asList(sets []Set) Set {
	return combine(sets, func(p []*Expr) *Expr { return list(append([]*Expr(nil), p...)...) })
}

// literalSQL is goqu.L, with its arguments in the place of the question marks.
func (f *Flow) literalSQL(site Site, args []ssa.Value) Set {
	sets := []Set{f.component(query{}, args[0], "", site.Call)}
	if _, ok := args[1].(*ssa.Slice); ok {
		for _, a := range variadic(args[1]) {
			sets = append(sets, f.goquOperand(site.Call, a, true))
		}
	}
	return combine(sets, func(p []*Expr) *Expr {
		pieces := strings.Split(p[0].Text, "?")
		if p[0].Kind != Text || len(pieces) != len(p) {
			return p[0]
		}
		parts := []*Expr{text(pieces[0])}
		for i, e := range p[1:] {
			parts = append(parts, e, text(pieces[i+1]))
		}
		return concat(token.NoPos, parts...)
	})
}

// doUpdate is ON CONFLICT (…) DO UPDATE.
func (f *Flow) doUpdate(site Site, args []ssa.Value) Set {
	sets := []Set{f.component(query{}, args[0], "", site.Call), f.component(query{}, unboxed(args[1]), "", site.Call)}
	return combine(sets, func(p []*Expr) *Expr {
		target := concat(token.NoPos, text("("), p[0], text(")"))
		if strings.HasPrefix(strings.ToUpper(p[0].Text), "ON CONSTRAINT") {
			target = p[0]
		}
		return concat(token.NoPos, text("ON CONFLICT "), target, text(" DO UPDATE SET "),
			join(token.NoPos, list(assignments(p[1])...), text(", ")))
	})
}

// entryCondition is an entry of a goqu.Ex.
func (f *Flow) entryCondition(w *ssa.MapUpdate) Set {
	key := f.component(query{}, w.Key, "", w)
	column, owned := named("column", key), f.ownsColumn(key)
	v := unboxed(w.Value)
	switch {
	case goquName(v.Type()) == "Op":
		return f.operation(column, v, owned)
	case isNil(v):
		return spelled("% IS NULL", column)
	case isSlice(v.Type()) && !isText(v.Type()), isBuilder(v.Type()):
		return compared(column, "IN", f.goquOperand(w, v, owned))
	}
	return compared(column, "=", f.goquOperand(w, v, owned))
}

// operation is a goqu.Op. An operator that is not known restricts nothing to
// one value.
func (f *Flow) operation(column Set, op ssa.Value, owned bool) Set {
	m, ok := op.(*ssa.MakeMap)
	if !ok {
		return spelled("% <> $1", column)
	}
	var alternatives []Set
	for _, w := range f.mapWrites[m] {
		operator := "<>"
		if key, ok := w.Key.(*ssa.Const); ok {
			operator = cmp.Or(comparisonsByKey[strings.ToLower(constantOf(key, "").Text)], operator)
		}
		alternatives = append(alternatives, compared(column, operator, f.goquOperand(w, w.Value, owned)))
	}
	return junction(asList(alternatives), " OR ")
}
