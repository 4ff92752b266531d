package valueflow

import (
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/ssabuild"
)

// Facts is what is known of other packages. Expressions that it returns have
// Params without a function: those of the function in question.
type Facts interface {
	// Results are the texts or builders that result n of fn can be; nil when
	// nothing is known.
	Results(fn *types.Func, n int) []*Expr
	// ResultPart is component path of what result n of fn is, or points to.
	ResultPart(fn *types.Func, n int, path string) []*Expr
	// After is component path of what argument n of fn points to when fn
	// returns. An empty Set is a component that fn leaves alone; known is
	// false when nothing can be said.
	After(fn *types.Func, n int, path string) (s []*Expr, known bool)
	// Variable is the texts that a package-level variable can be.
	Variable(v *types.Var) []*Expr
	// Table is the table declared for a model; empty when there is none, or
	// more than one.
	Table(model types.Type) string
	// Embedded is the text of a file that the package embeds into v.
	Embedded(v *types.Var) (string, bool)
}

// Flow answers questions about the values of one package. It is not safe for
// concurrent use.
type Flow struct {
	pkg    *ssabuild.Package
	facts  Facts
	solver solver

	callers      map[*ssa.Function][]Site
	taken        map[*ssa.Function]bool // used as a value, so with callers that are not known
	closures     map[*ssa.Function][]*ssa.MakeClosure
	fieldStores  map[*types.Var][]write
	globalStores map[*ssa.Global][]write
	mapWrites    map[ssa.Value][]*ssa.MapUpdate // by the map value
	order        map[ssa.Instruction]int        // place in its block
	effectsOf    map[ssa.Value]map[*ssa.BasicBlock][]effect
	touches      map[*ssa.Function]*touched // builder calls, by function
	reach        map[[2]*ssa.BasicBlock]bool
}

// Site is a call with its arguments, the receiver first.
type Site struct {
	Call ssa.CallInstruction
	Args []ssa.Value
}

// write is a store to a part of something.
type write struct {
	store *ssa.Store
	root  ssa.Value
	path  string
}

// New indexes a package. Questions are answered on demand.
func New(pkg *ssabuild.Package, facts Facts) *Flow {
	f := &Flow{
		pkg:          pkg,
		facts:        facts,
		callers:      map[*ssa.Function][]Site{},
		taken:        map[*ssa.Function]bool{},
		closures:     map[*ssa.Function][]*ssa.MakeClosure{},
		fieldStores:  map[*types.Var][]write{},
		globalStores: map[*ssa.Global][]write{},
		mapWrites:    map[ssa.Value][]*ssa.MapUpdate{},
		order:        map[ssa.Instruction]int{},
		effectsOf:    map[ssa.Value]map[*ssa.BasicBlock][]effect{},
		touches:      map[*ssa.Function]*touched{},
		reach:        map[[2]*ssa.BasicBlock]bool{},
	}
	f.solver = solver{eval: f.eval, answers: map[query]*answer{}, fuel: allFuel}
	f.each(f.indexMemory)
	f.each(f.indexCalls) // which function a variable holds is a question of memory
	return f
}

func (f *Flow) each(do func(ssa.Instruction)) {
	for _, fn := range f.pkg.Funcs {
		for _, b := range fn.Blocks {
			for i, instr := range b.Instrs {
				f.order[instr] = i
				do(instr)
			}
		}
	}
}

func (f *Flow) indexCalls(instr ssa.Instruction) {
	if call, ok := instr.(ssa.CallInstruction); ok {
		for _, c := range f.Callees(call) {
			if c.Fn != nil {
				f.callers[c.Fn] = append(f.callers[c.Fn], Site{call, c.Args})
			}
		}
	}
	f.noteTaken(instr)
}

func (f *Flow) indexMemory(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.MakeClosure:
		fn := instr.Fn.(*ssa.Function)
		f.closures[fn] = append(f.closures[fn], instr)
	case *ssa.Store:
		root, path := place(instr.Addr)
		w := write{instr, root, path}
		if g, ok := root.(*ssa.Global); ok {
			f.globalStores[g] = append(f.globalStores[g], w)
		}
		if v := lastField(instr.Addr); v != nil {
			f.fieldStores[v] = append(f.fieldStores[v], w)
		}
	case *ssa.MapUpdate:
		f.mapWrites[instr.Map] = append(f.mapWrites[instr.Map], instr)
	}
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
	for _, op := range instr.Operands(nil) {
		if op == called || *op == nil {
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

func (f *Flow) take(fn *ssa.Function) {
	if own := f.own(fn); own != nil {
		f.taken[own] = true
	} else {
		f.taken[fn] = true
	}
}

// Callers are the calls of fn in this package; complete says that there are
// no others: fn is not exported, and nobody holds it as a value.
func (f *Flow) Callers(fn *ssa.Function) (sites []Site, complete bool) {
	sites = f.callers[fn]
	return sites, len(sites) > 0 && !f.taken[fn] && !visible(fn)
}

// visible tells whether code that is not in this package may call fn.
func visible(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return false
	}
	if obj.Exported() {
		return obj.Pkg().Name() != "main" || obj.Signature().Recv() != nil
	}
	// An unexported method can meet an interface of its own package.
	return false
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
		writes = f.fieldStores[lastField(a)]
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

// place splits an address into where it begins and the way from there:
// ".2" for a field, "[3]" or "[]" for an element.
func place(addr ssa.Value) (root ssa.Value, path string) {
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			path = fieldStep(a.Field) + path
			addr = a.X
		case *ssa.IndexAddr:
			path = indexStep(a.Index) + path
			addr = a.X
		case *ssa.Slice:
			if a.Low != nil || a.High != nil && !toTheEnd(a) || !isArrayPointer(a.X.Type()) {
				return addr, path
			}
			addr = a.X
		case *ssa.ChangeType:
			addr = a.X
		default:
			return addr, path
		}
	}
}

func isArrayPointer(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	_, ok = p.Elem().Underlying().(*types.Array)
	return ok
}

func fieldStep(i int) string { return "." + strconv.Itoa(i) }

func indexStep(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil {
		return "[" + c.Value.ExactString() + "]"
	}
	return "[]"
}

// cutStep takes the first step off a path.
func cutStep(path string) (step, rest string) {
	i := strings.IndexAny(path[1:], ".[")
	if i < 0 {
		return path, ""
	}
	return path[:i+1], path[i+1:]
}

// matchPath compares where a store went with what is loaded. certain is false
// when they only may be the same place. rest is what remains of the load.
func matchPath(store, load string) (rest string, matches, certain bool) {
	certain = true
	for store != "" {
		if load == "" {
			return "", false, false
		}
		var s, l string
		s, store = cutStep(store)
		l, load = cutStep(load)
		switch {
		case s == l && s != "[]":
		case s[0] == '[' && l[0] == '[' && (s == "[]" || l == "[]"):
			certain = false
		default:
			return "", false, false
		}
	}
	return load, true, certain
}

// lastField is the struct field that an address ends in, or nil.
func lastField(addr ssa.Value) *types.Var {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	return structField(fa.X.Type(), fa.Field)
}

func structField(t types.Type, i int) *types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || i >= s.NumFields() {
		return nil
	}
	return s.Field(i).Origin()
}

// fieldAt walks a path through a type and returns the field that it ends in
// and the type of what is there; ok is false when the type has no such path.
func fieldAt(t types.Type, path string) (last *types.Var, at types.Type, ok bool) {
	for path != "" {
		var step string
		step, path = cutStep(path)
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		last = nil
		switch u := t.Underlying().(type) {
		case *types.Struct:
			i, err := strconv.Atoi(step[1:])
			if step[0] != '.' || err != nil || i >= u.NumFields() {
				return nil, nil, false
			}
			last = u.Field(i).Origin()
			t = last.Type()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			t = u.Elem()
		default:
			return nil, nil, false
		}
	}
	return last, t, true
}
