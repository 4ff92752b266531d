package valueflow

import (
	"go/ast"
	"go/types"
	"slices"

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
// where all calls of it are known: a map or a field of this package, or a
// parameter of a function of this package, that is only ever called.
func (f *Flow) keepsTrack(instr ssa.Instruction, i int, fn ssa.Value) bool {
	switch instr := instr.(type) {
	case *ssa.MapUpdate:
		return instr.Value == fn && f.onlyElementsCalled(instr.Map, map[ssa.Value]bool{})
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

// onlyElementsCalled tells whether the elements of a map are called and nothing
// else, and the map is not handed over.
func (f *Flow) onlyElementsCalled(m ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[m] {
		return true
	}
	seen[m] = true
	if m.Referrers() == nil {
		return false
	}
	for _, r := range *m.Referrers() {
		switch r := r.(type) {
		case *ssa.MapUpdate:
			if r.Map != m {
				return false
			}
		case *ssa.Lookup:
			if !onlyCalled(partsOf(r, 0)...) {
				return false
			}
		case *ssa.Range:
			for _, next := range *r.Referrers() {
				if next, ok := next.(*ssa.Next); !ok || !onlyCalled(partsOf(next, 2)...) {
					return false
				}
			}
		case *ssa.Store:
			g, ok := r.Addr.(*ssa.Global)
			if !ok || ast.IsExported(g.Name()) {
				return false
			}
			for _, load := range f.globalLoads[g] {
				if !f.onlyElementsCalled(load, seen) {
					return false
				}
			}
		case *ssa.DebugRef:
		case ssa.CallInstruction:
			if !isBuiltin(r) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// partsOf is v, or what is taken out of place n of it if it is a tuple.
func partsOf(v ssa.Value, n int) []ssa.Value {
	if _, tuple := v.Type().(*types.Tuple); !tuple {
		return []ssa.Value{v}
	}
	var out []ssa.Value
	for _, r := range *v.Referrers() {
		if e, ok := r.(*ssa.Extract); ok && e.Index == n {
			out = append(out, e)
		}
	}
	return out
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
	for _, v := range f.functionValues(c.Value) {
		out = append(out, f.calleeOf(v, c.Args))
	}
	return out
}

// calleeOf is the callee that a function value is, called with args.
func (f *Flow) calleeOf(v ssa.Value, args []ssa.Value) Callee {
	mc, ok := v.(*ssa.MakeClosure)
	if !ok {
		return f.callee(v.(*ssa.Function), args)
	}
	fn := mc.Fn.(*ssa.Function)
	if fn.Synthetic != "" && fn.Object() != nil { // a method value
		args = append([]ssa.Value{mc.Bindings[0]}, args...)
	}
	return f.callee(fn, args)
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
