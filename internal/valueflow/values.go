package valueflow

import (
	"go/types"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Values is the values of a statement's arguments: a List with, for each, a
// Number that holds its Origins, or an Event "named" for a map of them. Of
// several possible lists it is the longest.
func (f *Flow) Values(v ssa.Value, at ssa.Instruction) *Expr {
	return longest(f.component(query{as: asValue}, v, "", at))
}

func longest(s Set) *Expr {
	var best *Expr
	for _, e := range s {
		if best == nil || len(elements(e)) > len(elements(best)) {
			best = e
		}
	}
	return best
}

// ValueAt is the Origins of argument n, counted from 1, of Values; nil when
// it is not known.
func ValueAt(values *Expr, n int) *Expr {
	if values == nil || values.Kind != List || n < 1 || n > len(values.Sub) {
		return nil
	}
	return originsIn(values.Sub[n-1])
}

// ValueNamed is the Origins of the argument of that name.
func ValueNamed(values *Expr, name string) *Expr {
	if values == nil {
		return nil
	}
	for _, v := range elements(values) {
		if v.Kind != Event || v.Text != namedValues {
			continue
		}
		for i := 0; i+1 < len(v.Sub); i += 2 {
			if v.Sub[i].Kind == Text && v.Sub[i].Text == name {
				return originsIn(v.Sub[i+1])
			}
		}
	}
	return nil
}

func originsIn(e *Expr) *Expr {
	if e.Kind == Number && len(e.Sub) == 1 {
		return e.Sub[0]
	}
	return nil
}

const namedValues = "named"

// placeholder is a number that stands for a value, with where that comes from.
func placeholder(from *Expr) *Expr {
	if len(from.Sub) == 0 {
		return number
	}
	return finish(&Expr{Kind: Number, Sub: []*Expr{from}})
}

// valueOf is v as an argument of a statement.
func (f *Flow) valueOf(v ssa.Value, at ssa.Instruction) Set {
	if e := f.namedValues(v, at); e != nil {
		return one(e)
	}
	return one(placeholder(f.OriginsOf(v, "", at)))
}

// namedValues is a map or struct whose members are a statement's arguments;
// nil for any other value.
func (f *Flow) namedValues(v ssa.Value, at ssa.Instruction) *Expr {
	var parts []*Expr
	if named, ok := v.(*ssa.ChangeType); ok { // pgx.NamedArgs(m)
		return f.namedValues(named.X, at)
	}
	if m, ok := v.(*ssa.MakeMap); ok {
		for _, w := range f.mapWrites[m] {
			if key, ok := w.Key.(*ssa.Const); ok {
				parts = append(parts, constantOf(key, ""), placeholder(f.OriginsOf(w.Value, "", w)))
			}
		}
		return finish(&Expr{Kind: Event, Text: namedValues, Sub: parts})
	}
	if path, column, ok := f.ownership(v.Type()); ok {
		parts = append(parts, text(column), placeholder(f.OriginsOf(v, path, at)))
		return finish(&Expr{Kind: Event, Text: namedValues, Sub: parts})
	}
	return nil
}

// ownership finds the ownership column in a struct, or in what t points to.
func (f *Flow) ownership(t types.Type) (path, column string, ok bool) {
	return f.ownershipIn(t, 0)
}

func (f *Flow) ownershipIn(t types.Type, depth int) (path, column string, ok bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, isStruct := t.Underlying().(*types.Struct)
	if !isStruct || depth > 4 {
		return "", "", false
	}
	for i := range st.NumFields() {
		name, _, _ := strings.Cut(reflect.StructTag(st.Tag(i)).Get("db"), ",")
		if name != "" && f.facts.Owns(name) {
			return fieldStep(i), name, true
		}
	}
	for i := range st.NumFields() {
		if !st.Field(i).Embedded() {
			continue
		}
		if path, column, ok := f.ownershipIn(st.Field(i).Type(), depth+1); ok {
			return fieldStep(i) + path, column, true
		}
	}
	return "", "", false
}

// ownColumn, as a path, is the field of the ownership column, in a type that
// is not known yet.
const ownColumn = ".@"

// atColumn puts the real field in place of ownColumn. ok is false when the
// type has no such field.
func (f *Flow) atColumn(t types.Type, path string) (real string, ok bool) {
	rest, symbolic := strings.CutPrefix(path, ownColumn)
	if !symbolic {
		return path, true
	}
	if p, isPointer := t.Underlying().(*types.Pointer); isPointer {
		t = p.Elem()
	}
	if _, isParam := types.Unalias(t).(*types.TypeParam); isParam || types.IsInterface(t) {
		return path, true
	}
	field, _, ok := f.ownership(t)
	return field + rest, ok
}

// lookedUp is where an element of a map comes from: from what is stored in
// the map, and not from the key.
func (f *Flow) lookedUp(q query, v *ssa.Lookup, path string) Set {
	if e := f.requestOrigin(v.X); e != nil {
		return one(e)
	}
	return f.component(q, v.X, "[]"+path, v)
}

// TextValues is Values of the arguments of query.Text, if b is its result.
func (f *Flow) TextValues(b ssa.Value, at ssa.Instruction) *Expr {
	switch v := b.(type) {
	case *ssa.MakeInterface:
		return f.TextValues(v.X, at)
	case *ssa.ChangeInterface:
		return f.TextValues(v.X, at)
	case *ssa.Call:
		for _, c := range f.Callees(v) {
			if fullName(c.Obj) == QueryPath+".Text" && len(c.Args) == 2 {
				return f.Values(c.Args[1], v)
			}
		}
	}
	return nil
}

// CopiedColumn is the Origins of column i of the rows that pgx copies.
func (f *Flow) CopiedColumn(source ssa.Value, i int, at ssa.Instruction) *Expr {
	call, ok := source.(*ssa.Call)
	if !ok {
		if boxed, isBoxed := source.(*ssa.MakeInterface); isBoxed {
			call, ok = boxed.X.(*ssa.Call)
		}
		if !ok {
			return origins()
		}
	}
	column := "[" + strconv.Itoa(i) + "]"
	callee := call.Call.StaticCallee()
	switch {
	case callee == nil:
	case strings.HasPrefix(callee.Name(), "CopyFromRows"):
		return f.OriginsOf(call.Call.Args[0], "[]"+column, call)
	case strings.HasPrefix(callee.Name(), "CopyFromSlice") && len(call.Call.Args) == 2:
		var parts []*Expr
		for _, v := range f.functionValues(call.Call.Args[1]) {
			if mc, ok := v.(*ssa.MakeClosure); ok {
				v = mc.Fn
			}
			if fn, ok := v.(*ssa.Function); ok && f.own(fn) != nil {
				parts = append(parts, f.ResultOrigins(f.own(fn), 0, column))
			}
		}
		return origins(parts...)
	}
	return origins()
}
