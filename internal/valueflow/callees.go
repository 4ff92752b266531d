package valueflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// noteTaken finds functions that are used as values.
func (f *Flow) noteTaken(instr ssa.Instruction) {
	if _, ok := instr.(*ssa.MakeClosure); ok {
		return // what becomes of the closure counts
	}
	var called *ssa.Value
	if c, ok := instr.(ssa.CallInstruction); ok && !c.Common().IsInvoke() {
		called = &c.Common().Value
	}
	for i, op := range instr.Operands(nil) {
		if op == called || *op == nil || f.keepsTrack(instr, i, *op) {
			continue
		}
		switch v := (*op).(type) {
		case *ssa.Function:
			f.take(v)
		case *ssa.MakeClosure:
			f.take(v.Fn.(*ssa.Function))
		}
	}
}

// keepsTrack tells whether an instruction hands operand i, a function, on to
// where all calls of it are known: a field of this package, or a parameter of
// a function of this package, that is only ever called.
func (f *Flow) keepsTrack(instr ssa.Instruction, i int, fn ssa.Value) bool {
	switch instr := instr.(type) {
	case *ssa.Store:
		v := lastField(instr.Addr)
		return instr.Val == fn && v != nil && !v.Exported() && v.Pkg() == f.pkg.SSA.Pkg && isFunc(v.Type()) && onlyCalled(f.funcLoads[v]...)
	case ssa.CallInstruction:
		c := instr.Common()
		callee := c.StaticCallee()
		if callee == nil {
			return false
		}
		own := f.own(callee)
		if own == nil {
			return false
		}
		for k, a := range c.Args {
			if a == fn && (k >= len(own.Params) || !isFunc(own.Params[k].Type()) || !onlyCalled(own.Params[k])) {
				return false
			}
		}
		return true
	}
	return false
}

// onlyCalled tells whether function values are called and nothing else.
func onlyCalled(values ...ssa.Value) bool {
	for _, v := range values {
		if v.Referrers() == nil {
			return false
		}
		for _, r := range *v.Referrers() {
			call, ok := r.(ssa.CallInstruction)
			if !ok || call.Common().Value != v || slices.Contains(call.Common().Args, v) {
				return false
			}
		}
	}
	return true
}

func (f *Flow) take(fn *ssa.Function) {
	if own := f.own(fn); own != nil {
		f.taken[own] = true
	} else {
		f.taken[fn] = true
	}
}

// Callee is one function that a call may reach.
type Callee struct {
	Obj  *types.Func   // nil for a literal
	Fn   *ssa.Function // its body, when it is in this package
	Args []ssa.Value   // the receiver first
}

// Callees resolves a call. A method of an interface is one Callee without a
// body; a call that cannot be resolved has none.
func (f *Flow) Callees(call ssa.CallInstruction) []Callee {
	c := call.Common()
	if c.IsInvoke() {
		return []Callee{{Obj: c.Method.Origin(), Args: append([]ssa.Value{c.Value}, c.Args...)}}
	}
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return nil
	}
	var out []Callee
	for _, v := range f.functionValues(c.Value, map[ssa.Value]bool{}) {
		switch v := v.(type) {
		case *ssa.Function:
			out = append(out, f.callee(v, c.Args))
		case *ssa.MakeClosure:
			fn := v.Fn.(*ssa.Function)
			if fn.Synthetic != "" && fn.Object() != nil { // a method value
				out = append(out, f.callee(fn, append([]ssa.Value{v.Bindings[0]}, c.Args...)))
			} else {
				out = append(out, f.callee(fn, c.Args))
			}
		}
	}
	return out
}

func (f *Flow) callee(fn *ssa.Function, args []ssa.Value) Callee {
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	obj, _ := fn.Object().(*types.Func)
	if obj != nil {
		obj = obj.Origin()
	}
	return Callee{Obj: obj, Fn: f.own(fn), Args: args}
}

// own returns the function of this package that fn is, or wraps; nil when its
// body is elsewhere.
func (f *Flow) own(fn *ssa.Function) *ssa.Function {
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	if obj, ok := fn.Object().(*types.Func); ok && fn.Synthetic != "" {
		if fn = f.pkg.SSA.Prog.FuncValue(obj.Origin()); fn == nil {
			return nil
		}
	}
	if fn.Blocks == nil || fn.Package() != f.pkg.SSA {
		return nil
	}
	return fn
}

// manyFunctions is the number of functions past which a parameter that is
// called is not followed to them: a table of test cases, not a callback.
const manyFunctions = 3

// functionValues follows a called value to the functions that it can be, as
// far as variables, fields and branches go.
func (f *Flow) functionValues(v ssa.Value, seen map[ssa.Value]bool) []ssa.Value {
	if seen[v] {
		return nil
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Function, *ssa.MakeClosure:
		return []ssa.Value{v}
	case *ssa.ChangeType:
		return f.functionValues(v.X, seen)
	case *ssa.Phi:
		var out []ssa.Value
		for _, e := range v.Edges {
			out = append(out, f.functionValues(e, seen)...)
		}
		return out
	case *ssa.UnOp:
		return f.storedFunctions(v.X, seen)
	case *ssa.Parameter:
		// Of the callers that name the function; the others are unknown.
		fn := v.Parent()
		i := slices.Index(fn.Params, v)
		var out []ssa.Value
		for _, s := range f.statically[fn] {
			if i < len(s.Args) {
				out = append(out, f.functionValues(s.Args[i], seen)...)
			}
		}
		if len(out) > manyFunctions {
			return nil
		}
		return out
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if callee != nil && strings.HasPrefix(callee.Name(), "Once") && callee.Object() != nil && callee.Object().Pkg().Path() == "sync" {
			return f.functionValues(v.Call.Args[0], seen)
		}
	}
	return nil
}

func (f *Flow) storedFunctions(addr ssa.Value, seen map[ssa.Value]bool) []ssa.Value {
	var writes []write
	switch a := addr.(type) {
	case *ssa.FreeVar:
		if b := binding(a); b != nil {
			return f.storedFunctions(b, seen)
		}
	case *ssa.Alloc:
		for _, r := range *a.Referrers() {
			if s, ok := r.(*ssa.Store); ok && s.Addr == addr {
				writes = append(writes, write{store: s})
			}
		}
	case *ssa.Global:
		writes = f.globalStores[a]
	case *ssa.FieldAddr:
		writes = f.storesOf(lastField(a))
	}
	var out []ssa.Value
	for _, w := range writes {
		out = append(out, f.functionValues(w.store.Val, seen)...)
	}
	return out
}

// binding is the variable of the enclosing function that a closure captured.
func binding(fv *ssa.FreeVar) ssa.Value {
	fn := fv.Parent()
	refs := fn.Referrers()
	if refs == nil {
		return nil
	}
	for _, r := range *refs {
		mc, ok := r.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		for i, v := range fn.FreeVars {
			if v == fv {
				return mc.Bindings[i]
			}
		}
	}
	return nil
}
