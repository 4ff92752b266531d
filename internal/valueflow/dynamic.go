package valueflow

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A method of an interface, or of a type parameter, can only be followed when
// the dynamic type is known:
//
//	func find[M interface{ TableName() string }](db *sql.DB) {
//		var m M
//		db.Query("SELECT * FROM " + m.TableName())
//	}
//
// The result is an operation on the type, which waits until a caller says
// what the type is. Implementations that merely exist somewhere do not count.

// typePath ends the Path of a Param that stands for the dynamic type of what
// is there, instead of its text.
const typePath = "#"

// Type parameters are Params with a negative Index: those of a function count
// from -1 downwards, those of a method's receiver from receiverTypes.
const receiverTypes = -1000

// These operations have a Set as their result. They are carried out by
// settled, when all that they depend on is known.
const (
	opInvoke  = "invoke " // a method, by name, index of the result and what the source calls it, on a type
	opElement = "element" // any element of a slice
)

func waits(op string) bool { return op == opElement || strings.HasPrefix(op, opInvoke) }

func isInterface(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return types.IsInterface(t) && !param
}

// concrete is the type of v and, for the methods whose results depend on it, v
// itself as at sees it.
func (f *Flow) concrete(v ssa.Value, at ssa.Instruction) *Expr {
	fn := v.Parent()
	if fn == nil && at != nil { // a constant has none
		fn = at.Parent()
	}
	e := typeExpr(v.Type(), fn)
	if e.Kind != concrete || at == nil {
		return e
	}
	x := *e
	x.val, x.at = v, at
	x.Text += " " + v.Name() + " in " + at.Parent().String() + " " + strconv.Itoa(at.Block().Index) + "." + strconv.Itoa(f.order[at])
	return finish(&x)
}

// typeExpr is a type as a value in fn knows it: a type parameter of fn is a
// Param.
func typeExpr(t types.Type, fn *ssa.Function) *Expr {
	tp, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return finish(&Expr{Kind: concrete, Text: types.TypeString(t, nil), typ: t})
	}
	for ; fn != nil; fn = fn.Parent() {
		if i, ok := typeParamIndex(fn, tp); ok {
			return param(fn, i, typePath)
		}
	}
	return hole("type parameter "+tp.Obj().Name(), token.NoPos)
}

func typeParamIndex(fn *ssa.Function, tp *types.TypeParam) (int, bool) {
	if fn.Signature == nil {
		return 0, false
	}
	for i := range fn.TypeParams().Len() {
		if fn.TypeParams().At(i) == tp {
			if fn.Signature.Recv() != nil {
				return receiverTypes - i, true
			}
			return -1 - i, true
		}
	}
	return 0, false
}

// typeArgument is what a call passes for the type parameter of that index.
func typeArgument(site Site, index int) *Expr {
	var args *types.TypeList
	if index <= receiverTypes {
		if len(site.Args) > 0 {
			if n, _ := namedType(site.Args[0].Type()); n != nil {
				args = n.TypeArgs()
			}
		}
		index -= receiverTypes + 1
	} else if callee := site.Call.Common().StaticCallee(); callee != nil {
		if list := callee.TypeArgs(); -index-1 < len(list) {
			return typeExpr(list[-index-1], site.Call.Parent())
		}
	}
	if args == nil || -index-1 >= args.Len() {
		return hole("a type argument", site.Call.Pos())
	}
	return typeExpr(args.At(-index-1), site.Call.Parent())
}

// dynamic is result n of a call of an interface's method, or an element of it.
func (f *Flow) dynamic(call *ssa.Call, n int, path string) Set {
	unknown := hole("the result of "+calleeName(call), call.Pos())
	results := call.Call.Method.Signature().Results()
	element := strings.HasPrefix(path, "[") && strings.HasSuffix(path, "]")
	switch {
	case n >= results.Len(), path != "" && !element:
		return one(unknown)
	case !isText(results.At(n).Type()) && !isTextSlice(results.At(n).Type()):
		return one(unknown)
	}
	op := opInvoke + call.Call.Method.Name() + " " + strconv.Itoa(n) + " " + calleeName(call)
	receiver := f.component(query{as: asType}, call.Call.Value, "", call)
	return f.settled(combine([]Set{receiver}, func(p []*Expr) *Expr {
		if p[0].Kind == Hole {
			return unknown
		}
		e := apply(op, call.Pos(), p[0])
		if element {
			e = apply(opElement, call.Pos(), e)
		}
		return e
	}), call.Parent())
}

// isStringer tells whether package fmt asks a t for its text.
func isStringer(t types.Type) bool {
	m, _, _ := types.LookupFieldOrMethod(t, false, nil, "String")
	fn, ok := m.(*types.Func)
	return ok && fn.Signature().Params().Len() == 0 && fn.Signature().Results().Len() == 1 && isText(fn.Signature().Results().At(0).Type())
}

// ownType tells whether a type is of this package, so that all its methods are
// known.
func (f *Flow) ownType(t types.Type) bool {
	n, _ := namedType(t)
	return n != nil && n.Obj().Pkg() == f.pkg.SSA.Pkg
}

// stringed is what method String of the value in an interface returns.
func (f *Flow) stringed(v *ssa.MakeInterface, at ssa.Instruction) Set {
	receiver := f.concrete(v.X, at)
	if receiver.Kind == Hole {
		return one(receiver)
	}
	return f.settled(one(apply(opInvoke+"String 0 String", v.Pos(), receiver)), v.Parent())
}

// mostCalls is how many methods in a row are followed that call a method of an
// interface. A method of a recursive type goes on without end.
const mostCalls = 16

// settled carries out the operations that waited for what is known by now, and
// those that wait for their results. What depends on parameters of functions
// other than in, where the result is wanted, is resolved by their callers.
func (f *Flow) settled(s Set, in *ssa.Function) Set {
	for n := 1; ; n++ {
		more := false
		sets := make([]Set, 0, len(s))
		for _, e := range s {
			carriedOut, waited := f.carryOut(e, in, n > mostCalls)
			if waited {
				f.solver.spend(carriedOut)
				more = true
			}
			sets = append(sets, carriedOut)
		}
		s = union(sets...)
		if !more {
			return s
		}
	}
}

// carryOut puts results in the place of the operations of e that need not wait
// any more, if there are any. At last they are given up.
func (f *Flow) carryOut(e *Expr, in *ssa.Function, last bool) (s Set, waited bool) {
	var refs []*Expr
	var by []Set
	seen := map[string]bool{}
	e.walk(func(x *Expr) {
		if x.Kind != Call || seen[x.key] || !waits(x.Text) || x.Sub[0].open() || x.Sub[0].pending() {
			return
		}
		seen[x.key] = true
		refs = append(refs, x)
		switch {
		case last:
			by = append(by, one(hole("a method that calls itself", x.pos)))
		case x.Text == opElement:
			by = append(by, Set(elements(x.Sub[0])))
		default:
			by = append(by, f.invoked(x, in))
		}
	})
	if refs == nil {
		return one(e), false
	}
	return combine(by, func(p []*Expr) *Expr { return replace(e, refs, p) }), true
}

// invoked is the result of a method of a concrete type, or of the value that
// is known to be there.
func (f *Flow) invoked(call *Expr, in *ssa.Function) Set {
	receiver := call.Sub[0]
	name, rest, _ := strings.Cut(strings.TrimPrefix(call.Text, opInvoke), " ")
	index, full, _ := strings.Cut(rest, " ")
	n, _ := strconv.Atoi(index)
	unknown := one(hole("the result of "+full, call.pos))
	if receiver.Kind != concrete {
		return unknown
	}
	obj, fields, _ := types.LookupFieldOrMethod(receiver.typ, true, f.pkg.SSA.Pkg, name)
	method, ok := obj.(*types.Func)
	if !ok {
		return unknown
	}
	path := ""
	for _, i := range fields[:len(fields)-1] {
		path += fieldStep(i)
	}
	s := f.methodResult(receiver, method.Origin(), path, call, n)
	if s == nil {
		return one(hole("the result of "+qualified(method), call.pos))
	}
	if receiver.val != nil && !encloses(receiver.val.Parent(), in) {
		s = f.closed(s)
	}
	return s
}

// encloses tells whether in is outer, or a literal in it.
func encloses(outer, in *ssa.Function) bool {
	for ; in != nil; in = in.Parent() {
		if in == outer {
			return true
		}
	}
	return false
}

// methodResult is result n of a method of what is at path in receiver; nil
// when nothing is known of it.
func (f *Flow) methodResult(receiver *Expr, method *types.Func, path string, call *Expr, n int) Set {
	v, at := receiver.val, receiver.at
	recv := method.Signature().Recv().Type()
	part := func(as mode, path string) Set { return f.component(query{as: as}, v, path, at) }
	switch {
	case v != nil && (isBuilder(recv) || f.typed(recv) != nil):
		switch method.Name() {
		case "Build", "BuildWithFlavor", "SQL", "String":
			return combine([]Set{part(asText, path)}, func(p []*Expr) *Expr { return built(p[0]) })
		}
		return nil
	case v != nil && isTextBuffer(recv):
		root, to := place(v)
		return f.content(query{}, root, to+path, at)
	case v != nil && types.IsInterface(recv):
		return combine([]Set{part(asType, path)}, func(p []*Expr) *Expr { return apply(call.Text, call.pos, p[0]) })
	}
	fn := f.pkg.SSA.Prog.FuncValue(method)
	var s Set
	if fn != nil {
		fn = f.own(fn)
	}
	if fn != nil {
		s = f.Result(fn, n)
	} else {
		s = f.facts.Results(method, n)
	}
	if v != nil {
		return substitute(s, fn, func(p *Expr) Set {
			if p.Index != 0 {
				return one(hole("an argument", call.pos))
			}
			return f.component(query{}, v, path+p.Path, at)
		})
	}
	var sets []Set
	for _, e := range s {
		sets = append(sets, f.Unknown(e))
	}
	return union(sets...)
}
