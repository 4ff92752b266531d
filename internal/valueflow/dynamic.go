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
	opInvoke  = "invoke " // a method, by name and index of the result, on a type
	opElement = "element" // any element of a slice
)

func waits(op string) bool { return op == opElement || strings.HasPrefix(op, opInvoke) }

func isInterface(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return types.IsInterface(t) && !param
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
	op := opInvoke + call.Call.Method.Name() + " " + strconv.Itoa(n)
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
	}))
}

// settled carries out the operations that waited for what is known by now.
func (f *Flow) settled(s Set) Set {
	var sets []Set
	again := false
	for _, e := range s {
		var refs []*Expr
		var by []Set
		seen := map[string]bool{}
		e.walk(func(x *Expr) {
			if x.Kind != Call || seen[x.key] || !waits(x.Text) || x.Sub[0].open() || x.Sub[0].pending() {
				return
			}
			seen[x.key] = true
			refs = append(refs, x)
			if x.Text == opElement {
				by = append(by, Set(elements(x.Sub[0])))
			} else {
				by = append(by, f.invoked(x))
			}
		})
		if refs == nil {
			sets = append(sets, one(e))
			continue
		}
		again = true
		sets = append(sets, combine(by, func(p []*Expr) *Expr { return replace(e, refs, p) }))
	}
	if again {
		return f.settled(union(sets...))
	}
	return union(sets...)
}

// invoked is the result of a method of a concrete type.
func (f *Flow) invoked(call *Expr) Set {
	receiver := call.Sub[0]
	if receiver.Kind != concrete {
		return one(hole("a method of an unknown type", call.pos))
	}
	name, index, _ := strings.Cut(strings.TrimPrefix(call.Text, opInvoke), " ")
	n, _ := strconv.Atoi(index)
	obj, _, _ := types.LookupFieldOrMethod(receiver.typ, true, f.pkg.SSA.Pkg, name)
	method, ok := obj.(*types.Func)
	if !ok {
		return one(hole("a method of an unknown type", call.pos))
	}
	method = method.Origin()
	var s Set
	if fn := f.pkg.SSA.Prog.FuncValue(method); fn != nil && f.own(fn) != nil {
		s = f.Result(fn, n)
	} else {
		s = f.facts.Results(method, n)
	}
	var sets []Set
	for _, e := range s {
		sets = append(sets, f.Unknown(e))
	}
	if sets == nil {
		return one(hole("the result of "+qualified(method), call.pos))
	}
	return union(sets...)
}
