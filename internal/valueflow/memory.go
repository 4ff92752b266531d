package valueflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Memory is followed object by object. An object is what a variable whose
// address is taken, a pointer parameter, a captured variable, or the result of
// a constructor points to. Inside a function its contents are found by going
// backwards from the place that looks at them, over the stores and calls that
// change them: its effects.

// effect is something that changes an object, or may.
type effect struct {
	instr ssa.Instruction
	kind  effectKind
	path  string    // the part that is changed
	val   ssa.Value // of a store or copy; of a closure the captured variable inside it
	arg   int       // of a call: which argument the object is
}

type effectKind uint8

const (
	stores  effectKind = iota + 1
	calls              // a call gets the address
	capture            // a closure that stores to it may run
	pouring            // something is copied into a slice of it
	unknown            // the address goes where it cannot be followed
)

// objectType tells whether t can be followed as an object.
func objectType(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok || isWriter(t)
}

// effects finds what changes the object that root points to, in root's own
// function, by block and in order.
func (f *Flow) effects(root ssa.Value) map[*ssa.BasicBlock][]effect {
	if e, ok := f.effectsOf[root]; ok {
		return e
	}
	found := map[*ssa.BasicBlock][]effect{}
	f.effectsOf[root] = found // recursion through closures ends here
	seen := map[ssa.Value]bool{}
	add := func(e effect) {
		b := e.instr.Block()
		found[b] = append(found[b], e)
	}
	var visit func(v ssa.Value, path string)
	visit = func(v ssa.Value, path string) {
		if seen[v] || v.Referrers() == nil {
			return
		}
		seen[v] = true
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.FieldAddr:
				visit(r, path+fieldStep(r.Field))
			case *ssa.IndexAddr:
				if r.X == v {
					visit(r, path+indexStep(r.Index))
				}
			case *ssa.Slice:
				if !isArrayPointer(v.Type()) {
					continue
				}
				for _, p := range f.pours(r) {
					add(effect{instr: p.at, kind: pouring, path: path + "[]", val: p.src})
				}
				if r.Low == nil {
					visit(r, path)
				}
			case *ssa.MakeInterface:
				f.escapes(r, path, add)
				visit(r, path)
			case *ssa.ChangeType:
				visit(r, path)
			case *ssa.ChangeInterface:
				visit(r, path)
			case *ssa.Store:
				if r.Addr == v {
					add(effect{instr: r, kind: stores, path: path, val: r.Val})
				}
			case ssa.CallInstruction:
				if _, ok := v.(*ssa.Slice); ok {
					continue // a slice of arguments is read, not written
				}
				for i, a := range callArgs(r) {
					if a == v {
						add(effect{instr: r, kind: calls, path: path, arg: i})
					}
				}
			case *ssa.MakeClosure:
				fn := r.Fn.(*ssa.Function)
				for i, b := range r.Bindings {
					if b != v || i >= len(fn.FreeVars) || len(f.effects(fn.FreeVars[i])) == 0 {
						continue
					}
					for _, at := range f.runs(r) {
						add(effect{instr: at, kind: capture, path: path, val: fn.FreeVars[i]})
					}
				}
			}
		}
	}
	visit(root, "")
	for _, list := range found {
		slices.SortStableFunc(list, func(a, b effect) int { return f.order[a.instr] - f.order[b.instr] })
	}
	return found
}

// runs is where a closure may run, in the function that makes it: where it is
// called or handed over, at the end if it is deferred, and if it is kept, in
// any call that follows.
func (f *Flow) runs(mc *ssa.MakeClosure) []ssa.Instruction {
	var at []ssa.Instruction
	kept := false
	for _, r := range *mc.Referrers() {
		switch r := r.(type) {
		case *ssa.Defer:
			at = append(at, instructions(mc.Parent(), isRunDefers)...)
		case ssa.CallInstruction:
			at = append(at, r)
		case *ssa.DebugRef:
		default:
			kept = true
		}
	}
	if kept {
		at = append(at, mc)
		at = append(at, instructions(mc.Parent(), func(instr ssa.Instruction) bool {
			call, ok := instr.(ssa.CallInstruction)
			return ok && !isBuiltin(call) && f.reaches(mc, instr)
		})...)
	}
	return at
}

func instructions(fn *ssa.Function, wanted func(ssa.Instruction) bool) []ssa.Instruction {
	var out []ssa.Instruction
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if wanted(instr) {
				out = append(out, instr)
			}
		}
	}
	return out
}

func isRunDefers(instr ssa.Instruction) bool {
	_, ok := instr.(*ssa.RunDefers)
	return ok
}

func isBuiltin(call ssa.CallInstruction) bool {
	_, ok := call.Common().Value.(*ssa.Builtin)
	return ok
}

// escapes handles &x inside a variadic call, as in row.Scan(&x): the address
// is stored into the array of the arguments.
func (f *Flow) escapes(boxed *ssa.MakeInterface, path string, add func(effect)) {
	for _, r := range *boxed.Referrers() {
		s, ok := r.(*ssa.Store)
		if !ok || s.Val != boxed {
			continue
		}
		root, _ := place(s.Addr)
		array, ok := root.(*ssa.Alloc)
		if !ok {
			continue
		}
		for _, r := range *array.Referrers() {
			slice, ok := r.(*ssa.Slice)
			if !ok {
				continue
			}
			for _, r := range *slice.Referrers() {
				if call, ok := r.(ssa.CallInstruction); ok && !onlyReads(f.Callees(call)) {
					add(effect{instr: call, kind: unknown, path: path})
				}
			}
		}
	}
}

func callArgs(call ssa.CallInstruction) []ssa.Value {
	c := call.Common()
	if c.IsInvoke() {
		return append([]ssa.Value{c.Value}, c.Args...)
	}
	return c.Args
}

// content is component path of the object root as it is in front of at.
func (f *Flow) content(q query, root ssa.Value, path string, at ssa.Instruction) Set {
	if tooDeep(path) {
		return one(hole("it is deep inside a structure", root.Pos()))
	}
	switch r := root.(type) {
	case *ssa.Global:
		return f.globalContent(q, r, path)
	case *ssa.Alloc, *ssa.Parameter, *ssa.FreeVar, *ssa.Call:
		if objectType(root.Type()) && at != nil && at.Parent() == root.Parent() {
			return f.before(q, root, path, at)
		}
		if fv, ok := r.(*ssa.FreeVar); ok {
			return f.captured(q, fv, path)
		}
		if a, ok := r.(*ssa.Alloc); ok {
			return f.anywhere(q, a, path)
		}
	}
	return f.component(q, root, path, at)
}

// before scans at's block upwards for the effect that decides path.
func (f *Flow) before(q query, root ssa.Value, path string, at ssa.Instruction) Set {
	block := at.Block()
	var may []Set
	result := func(s Set) Set { return union(append(may, s)...) }

	list := f.effects(root)[block]
	for i := len(list) - 1; i >= 0; i-- {
		e := list[i]
		if f.order[e.instr] >= f.order[at] {
			continue
		}
		switch e.kind {
		case stores:
			rest, ok, certain := matchPath(e.path, path)
			if !ok {
				if q.as == asOrigin && path == "" { // a part of what is asked for
					may = append(may, f.component(q, e.val, "", e.instr))
				}
				continue
			}
			s := f.component(q, e.val, rest, e.instr)
			if certain {
				return result(s)
			}
			may = append(may, s)
		case calls:
			s, certain, ok := f.afterCall(q, root, e, path)
			if !ok {
				continue
			}
			if certain {
				return result(s)
			}
			may = append(may, s)
		case capture:
			if s := f.storedInClosure(q, e.val.(*ssa.FreeVar), e.path, path); s != nil {
				may = append(may, s)
			}
		case pouring:
			rest, ok, _ := matchPath(e.path, path)
			switch {
			case !ok || q.as != asText:
			case e.val != nil:
				may = append(may, f.component(q, e.val, "[]"+rest, e.instr))
			default:
				may = append(may, f.zero(root.Type(), path))
			}
		case unknown:
			rest, ok, _ := matchPath(e.path, path)
			if !ok {
				continue
			}
			if q.as == asOrigin {
				if s, ok := f.filledOrigin(q, e.instr.(ssa.CallInstruction), -1, rest); ok {
					return result(s)
				}
				continue
			}
			return result(one(hole("it is filled in by "+calleeName(e.instr.(ssa.CallInstruction)), e.instr.Pos())))
		}
	}

	// Have: nothing in this block decides it.
	if birth, ok := root.(ssa.Instruction); ok && birth.Block() == block && f.order[birth] < f.order[at] {
		if len(may) > 0 && strings.Contains(path, "[]") {
			return union(may...) // an element of a literal, all of which are set
		}
		return result(f.initial(q, root, path))
	}
	if len(block.Preds) == 0 {
		if a, ok := root.(*ssa.Alloc); ok && block == a.Parent().Recover {
			return result(f.anywhere(q, a, path))
		}
		return result(f.initial(q, root, path))
	}
	for _, p := range block.Preds {
		end := p.Instrs[len(p.Instrs)-1]
		may = append(may, f.solver.ask(query{kind: askBefore, v: root, at: end, path: path, as: q.as}))
	}
	return union(may...)
}

// initial is what an object holds when it comes into sight.
func (f *Flow) initial(q query, root ssa.Value, path string) Set {
	switch r := root.(type) {
	case *ssa.Alloc:
		return f.zero(r.Type(), path)
	case *ssa.Parameter:
		return f.entry(q, r, path)
	case *ssa.FreeVar:
		return f.captured(q, r, path)
	case *ssa.Call:
		return f.result(q, r, 0, path)
	}
	return f.value(q, root, path, nil)
}

// anywhere is everything that is stored in a variable, for code that runs at
// a time that is not known.
func (f *Flow) anywhere(q query, a *ssa.Alloc, path string) Set {
	var sets []Set
	for _, b := range a.Parent().Blocks {
		for _, e := range f.effects(a)[b] {
			switch e.kind {
			case stores:
				if rest, ok, _ := matchPath(e.path, path); ok {
					sets = append(sets, f.component(q, e.val, rest, e.instr))
				}
			case capture:
				if s := f.storedInClosure(q, e.val.(*ssa.FreeVar), e.path, path); s != nil {
					sets = append(sets, s)
				}
			}
		}
	}
	if sets == nil {
		return f.zero(a.Type(), path)
	}
	return union(sets...)
}

// captured is what a captured variable holds when the closure begins: what it
// holds where the closure is made, and what is stored after that.
func (f *Flow) captured(q query, fv *ssa.FreeVar, path string) Set {
	fn := fv.Parent()
	var sets []Set
	for _, mc := range f.closures[fn] {
		i := slices.Index(fn.FreeVars, fv)
		b := mc.Bindings[i]
		sets = append(sets, f.content(q, b, path, mc))
		effects := f.effects(b)
		for _, block := range mc.Parent().Blocks {
			for _, e := range effects[block] {
				switch {
				case e.kind == stores && f.reaches(mc, e.instr):
					if rest, ok, _ := matchPath(e.path, path); ok {
						sets = append(sets, f.component(q, e.val, rest, e.instr))
					}
				case e.kind == capture:
					if s := f.storedInClosure(q, e.val.(*ssa.FreeVar), e.path, path); s != nil {
						sets = append(sets, s)
					}
				}
			}
		}
	}
	if sets == nil {
		return one(hole("captured variable "+fv.Name(), fv.Pos()))
	}
	return union(sets...)
}

// storedInClosure is what a closure may store into the variable that it knows
// as fv.
func (f *Flow) storedInClosure(q query, fv *ssa.FreeVar, at, path string) Set {
	var sets []Set
	effects := f.effects(fv)
	for _, b := range fv.Parent().Blocks {
		for _, e := range effects[b] {
			switch e.kind {
			case stores:
				if rest, ok, _ := matchPath(at+e.path, path); ok {
					sets = append(sets, f.component(q, e.val, rest, e.instr))
				}
			case capture:
				if s := f.storedInClosure(q, e.val.(*ssa.FreeVar), at+e.path, path); s != nil {
					sets = append(sets, s)
				}
			}
		}
	}
	if sets == nil {
		return nil
	}
	return union(sets...)
}

// globalContent is everything that the package stores in a variable.
func (f *Flow) globalContent(q query, g *ssa.Global, path string) Set {
	v, _ := g.Object().(*types.Var)
	if q.as == asOrigin {
		if v == nil {
			return nil
		}
		if _, t, ok := fieldAt(v.Type(), path); ok && isNamed(t, builderPath, builderTypes...) {
			return one(origin(Shared, "kept in package variable "+g.Name()))
		}
		return nil
	}
	if g.Pkg != f.pkg.SSA {
		if v != nil && path == "" {
			if s := f.facts.Variable(v); s != nil {
				return s
			}
			if table := f.tableOf(v.Type()); table != "" {
				return one(text(table))
			}
		}
		return one(hole("variable "+qualified(g.Object()), g.Pos()))
	}
	if v != nil && path == "" {
		if s, ok := f.facts.Embedded(v); ok {
			return one(text(s))
		}
	}
	var sets []Set
	for _, w := range f.globalStores[g] {
		if rest, ok, _ := matchPath(w.path, path); ok {
			sets = append(sets, f.closed(f.component(q, w.store.Val, rest, w.store)))
		}
	}
	for _, e := range f.globalElements[g] {
		if rest, ok, _ := matchPath(e.path, path); ok {
			sets = append(sets, f.closed(f.component(q, e.val, e.from+rest, e.instr)))
		}
	}
	if path != "" {
		if s, ok := f.storedIn(q, g.Type(), path, sets != nil); ok {
			sets = append(sets, s)
		}
	}
	if sets == nil {
		return one(hole("nothing in the package sets variable "+g.Name(), g.Pos()))
	}
	return union(sets...)
}

// entry is component path of a parameter when the function begins. What a
// receiver's field holds is known when the package only ever sets it while it
// makes the object, as in &Repo{table: "tasks"}; everything else is the
// caller's, as is the text in a receiver that is handed over by value.
func (f *Flow) entry(q query, p *ssa.Parameter, path string) Set {
	if s, ok := f.iterated(q, p, path); ok {
		return s
	}
	fn := p.Parent()
	i := slices.Index(fn.Params, p)
	if path != "" && i == 0 && fn.Signature.Recv() != nil && (isPointer(p.Type()) || q.as == asOrigin) {
		if last, _, ok := fieldAt(p.Type(), path); ok && last != nil {
			if f.setOnceMade(last) {
				s := f.solver.ask(query{kind: askField, field: last, as: q.as})
				if q.as != asOrigin && q.as != asValue && visible(fn) && !hidden(p.Type(), path) {
					s = union(s, asElsewhere(f.param(q, fn, i, path)))
				}
				return s
			}
		}
	}
	if q.as == asOrigin && isMessage(p) {
		return one(origin(Request, "the request message"))
	}
	return f.param(q, fn, i, path)
}

// param is component path of parameter i, for callers to fill in.
func (f *Flow) param(q query, fn *ssa.Function, i int, path string) Set {
	switch q.as {
	case asType:
		path += typePath
	case asOrigin:
		path += originPath
	case asValue:
		path += valuePath
	}
	return one(param(fn, i, path))
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// zero is the zero value of component path of what pointer type t points to.
func (f *Flow) zero(t types.Type, path string) Set {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, at, ok := fieldAt(t, path)
	if !ok {
		return one(hole("its value is not set here", 0))
	}
	return one(zeroOf(at))
}

func zeroOf(t types.Type) *Expr {
	if _, param := types.Unalias(t).(*types.TypeParam); param || isTextBuffer(t) || isText(t) {
		return empty // if it is text at all
	}
	switch t.Underlying().(type) {
	case *types.Basic:
		return number
	case *types.Slice, *types.Array:
		return list()
	}
	return argument(Plain)
}

// reaches tells whether control can go from a to b.
func (f *Flow) reaches(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() && f.order[a] < f.order[b] {
		return true
	}
	key := [2]*ssa.BasicBlock{a.Block(), b.Block()}
	if r, ok := f.reach[key]; ok {
		return r
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := slices.Clone(a.Block().Succs)
	found := false
	for len(work) > 0 && !found {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[x] {
			continue
		}
		seen[x] = true
		found = x == b.Block()
		work = append(work, x.Succs...)
	}
	f.reach[key] = found
	return found
}

// dominates tells whether a is executed whenever b is, and before it.
func (f *Flow) dominates(a, b ssa.Instruction) bool {
	if a.Parent() != b.Parent() {
		return false
	}
	if a.Block() == b.Block() {
		return f.order[a] < f.order[b]
	}
	return a.Block().Dominates(b.Block())
}
