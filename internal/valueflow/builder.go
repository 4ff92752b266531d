package valueflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A builder is an object whose state is the calls that were made on it. Its
// methods return their receiver, so one builder has many SSA values; the root
// is the value from which all of them come.

var builderTypes = []string{
	"Builder", "SelectBuilder", "UpdateBuilder", "DeleteBuilder", "InsertBuilder", "UnionBuilder",
	"CTEBuilder", "CTEQueryBuilder", "WhereClause", "CreateTableBuilder",
}

// isBuilder tells whether t is a builder of go-sqlbuilder, squirrel, goqu or
// bun.
func isBuilder(t types.Type) bool {
	_, pointer := namedType(t)
	return isObjectBuilder(t) || !pointer && isNamed(t, squirrelPath, squirrelTypes...) || isDataset(t)
}

// isObjectBuilder tells whether t is a builder that its methods change, and not
// one that they make new ones of.
func isObjectBuilder(t types.Type) bool {
	return isNamed(t, builderPath, builderTypes...) || isNamed(t, bunPath, bunTypes...)
}

// touched is the calls in a function that get a builder, in source order, and
// the stores that replace its conditions.
type touched struct {
	calls []touch
}

type touch struct {
	instr ssa.Instruction
	call  ssa.CallInstruction // nil for a store
	arg   int                 // which argument the builder is, the receiver being 0
	roots []ssa.Value
}

func (f *Flow) touchedIn(fn *ssa.Function) *touched {
	if t, ok := f.touches[fn]; ok {
		return t
	}
	t := &touched{}
	f.touches[fn] = t
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				for i, a := range callArgs(instr) {
					if isObjectBuilder(a.Type()) {
						t.calls = append(t.calls, touch{instr, instr, i, f.roots(a, map[ssa.Value]bool{})})
					}
				}
			case *ssa.Store:
				if b := conditionsOf(instr.Addr); b != nil {
					t.calls = append(t.calls, touch{instr: instr, roots: f.roots(b, map[ssa.Value]bool{})})
				}
			}
		}
	}
	slices.SortStableFunc(t.calls, func(a, b touch) int { return int(a.instr.Pos() - b.instr.Pos()) })
	return t
}

// conditionsOf is the builder in whose field WhereClause an address is; nil
// for any other address.
func conditionsOf(addr ssa.Value) ssa.Value {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok || !isBuilder(fa.X.Type()) || lastField(fa).Name() != "WhereClause" {
		return nil
	}
	return fa.X
}

// roots finds the values from which builder v comes.
func (f *Flow) roots(v ssa.Value, seen map[ssa.Value]bool) []ssa.Value {
	if seen[v] {
		return nil
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Phi:
		var out []ssa.Value
		for _, e := range v.Edges {
			out = append(out, f.roots(e, seen)...)
		}
		return out
	case *ssa.MakeInterface:
		return f.roots(v.X, seen)
	case *ssa.ChangeInterface:
		return f.roots(v.X, seen)
	case *ssa.ChangeType:
		return f.roots(v.X, seen)
	case *ssa.TypeAssert:
		return f.roots(v.X, seen)
	case *ssa.Call:
		if recv := chained(v); recv != nil {
			return f.roots(recv, seen)
		}
	case *ssa.UnOp:
		if v.Op == token.MUL && isObjectBuilder(v.Type()) {
			if cell, ok := v.X.(*ssa.Alloc); ok {
				return f.rootsOf(f.reaching(cell, v), seen)
			}
			if fv, ok := v.X.(*ssa.FreeVar); ok {
				return f.capturedRoots(fv, seen)
			}
			if b := conditionsOf(v.X); b != nil {
				return f.roots(b, seen)
			}
		}
	}
	return []ssa.Value{v}
}

func (f *Flow) rootsOf(stores []*ssa.Store, seen map[ssa.Value]bool) []ssa.Value {
	var out []ssa.Value
	for _, s := range stores {
		out = append(out, f.roots(s.Val, seen)...)
	}
	return out
}

// capturedRoots are the roots of a variable that a closure captured: what it
// holds where the closure is made, and what is stored later or in closures.
func (f *Flow) capturedRoots(fv *ssa.FreeVar, seen map[ssa.Value]bool) []ssa.Value {
	var out []ssa.Value
	for _, mc := range f.closures[fv.Parent()] {
		switch b := mc.Bindings[slices.Index(fv.Parent().FreeVars, fv)].(type) {
		case *ssa.FreeVar:
			out = append(out, f.capturedRoots(b, seen)...)
		case *ssa.Alloc:
			stores := f.reaching(b, mc)
			for _, s := range storesTo(b) {
				if f.reaches(mc, s) && !slices.Contains(stores, s) {
					stores = append(stores, s)
				}
			}
			out = append(out, f.rootsOf(stores, seen)...)
		}
	}
	for _, s := range storesTo(fv) {
		out = append(out, f.roots(s.Val, seen)...)
	}
	return out
}

// reaching are the stores to a variable that decide what a load of it, or a
// closure that captures it, sees.
func (f *Flow) reaching(cell *ssa.Alloc, at ssa.Instruction) []*ssa.Store {
	stores := storesTo(cell)
	var out []*ssa.Store
	seen := map[*ssa.BasicBlock]bool{}
	var up func(b *ssa.BasicBlock, end int)
	up = func(b *ssa.BasicBlock, end int) {
		var last *ssa.Store
		for _, s := range stores {
			if s.Block() == b && f.order[s] < end && (last == nil || f.order[s] > f.order[last]) {
				last = s
			}
		}
		if last != nil {
			if !slices.Contains(out, last) {
				out = append(out, last)
			}
			return
		}
		for _, p := range b.Preds {
			if !seen[p] {
				seen[p] = true
				up(p, len(p.Instrs))
			}
		}
	}
	up(at.Block(), f.order[at])
	return out
}

// storesTo are the stores to a variable in its own function.
func storesTo(cell ssa.Value) []*ssa.Store {
	var out []*ssa.Store
	for _, r := range *cell.Referrers() {
		if s, ok := r.(*ssa.Store); ok && s.Addr == cell {
			out = append(out, s)
		}
	}
	return out
}

// chained is the receiver of a builder method that returns it, as Where does.
func chained(call *ssa.Call) ssa.Value {
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Name() == "Clone" || bunMakers[fn.Name()] != "" || len(call.Call.Args) == 0 {
		return nil
	}
	recv := call.Call.Args[0]
	if fn.Signature.Recv() == nil || !isObjectBuilder(recv.Type()) || !types.Identical(recv.Type(), call.Type()) {
		return nil
	}
	return recv
}

// builder is the state of v in front of at.
func (f *Flow) builder(v ssa.Value, at ssa.Instruction) Set {
	var sets []Set
	for _, root := range f.roots(v, map[ssa.Value]bool{}) {
		parts := append([]Set{f.base(root)}, f.events(root, at)...)
		sets = append(sets, combine(parts, func(p []*Expr) *Expr { return extend(p[0], p[1:]...) }))
	}
	return f.widest(union(sets...))
}

// extend is a builder after more calls were made on it.
func extend(base *Expr, events ...*Expr) *Expr {
	switch base.Kind {
	case Builder:
		return builder(append(slices.Clip(base.Sub), events...)...)
	case Statement, Bypass, Text, Concat:
		return base // query.Text, or scoped already: nothing to be called
	}
	if len(events) == 0 && base.Kind != Param {
		return base
	}
	return builder(append([]*Expr{base}, events...)...)
}

// base is a builder as it is made.
func (f *Flow) base(root ssa.Value) Set {
	if e := f.typed(root.Type()); e != nil {
		return one(e)
	}
	if s, ok := f.sqlizer(root); ok {
		return s
	}
	switch r := root.(type) {
	case *ssa.Parameter:
		return one(param(r.Parent(), slices.Index(r.Parent().Params, r), ""))
	case *ssa.Call:
		return f.result(query{}, r, 0, "")
	case *ssa.Extract:
		if call, ok := r.Tuple.(*ssa.Call); ok {
			return f.result(query{}, call, r.Index, "")
		}
	case *ssa.UnOp:
		return f.value(query{}, r, "", r)
	case *ssa.Field:
		return f.component(query{}, r.X, fieldStep(r.Field), r)
	case *ssa.Lookup:
		return f.component(query{}, r.X, "[]", r)
	}
	return one(hole("the origin of the builder cannot be followed", root.Pos()))
}

// events are the calls on root that happen, or may happen, before at.
func (f *Flow) events(root ssa.Value, at ssa.Instruction) []Set {
	fn := root.Parent()
	if fn == nil {
		return nil
	}
	var out []Set
	var visit func(g *ssa.Function)
	visit = func(g *ssa.Function) {
		for _, t := range f.touchedIn(g).calls {
			if t.instr == at || !slices.Contains(t.roots, root) {
				continue
			}
			maybe, ok := f.happens(t.instr, at, len(t.roots) > 1)
			if !ok {
				continue
			}
			if s := f.event(t, maybe); s != nil {
				out = append(out, s)
			}
		}
		for _, anon := range g.AnonFuncs {
			visit(anon)
		}
	}
	visit(fn)
	return out
}

// happens tells whether call comes before at, and whether only perhaps.
func (f *Flow) happens(call, at ssa.Instruction, ambiguous bool) (maybe, ok bool) {
	if at == nil {
		return true, true
	}
	here, there := call, at
	// Have: one of the two may be in a literal. Compare where that is made.
	for there.Parent() != here.Parent() {
		outer := f.madeAt(there.Parent())
		if outer == nil || here.Parent().Parent() == there.Parent() {
			break
		}
		there = outer
	}
	if there.Parent() != here.Parent() {
		return true, true
	}
	if f.dominates(here, there) {
		return ambiguous, true
	}
	return true, f.reaches(here, there)
}

func (f *Flow) madeAt(fn *ssa.Function) ssa.Instruction {
	if made := f.closures[fn]; len(made) > 0 {
		return made[0]
	}
	return nil
}

// quiet are the methods that do not say which rows a statement sees.
var quiet = map[string]bool{
	"Build": true, "BuildWithFlavor": true, "String": true, "Flavor": true, "SetFlavor": true,
	"OrderBy": true, "OrderByAsc": true, "OrderByDesc": true, "Asc": true, "Desc": true,
	"Limit": true, "Offset": true, "GroupBy": true, "Distinct": true, "ForUpdate": true,
	"ForShare": true, "SkipLocked": true, "NoWait": true, "TableNames": true, "TableName": true,
	"NumCol": true, "NumValue": true, "NumAssignment": true, "Clone": true, "As": true,
	"BuilderAs": true, "LateralAs": true, "Returning": true,
}

// event is what one call does to a builder: nil when that does not matter.
func (f *Flow) event(t touch, maybe bool) Set {
	if t.call == nil {
		return f.replaced(t.instr.(*ssa.Store), maybe)
	}
	callees := f.Callees(t.call)
	if len(callees) != 1 {
		return nil
	}
	c := callees[0]
	if c.Obj != nil && c.Obj.Pkg() != nil && unvendored(c.Obj.Pkg().Path()) == bunPath {
		if t.arg != 0 || c.Obj.Signature().Recv() == nil {
			return nil
		}
		return f.bunEvent(Site{t.call, c.Args}, c.Obj.Name(), c.Args[1:], maybe)
	}
	if c.Obj != nil && c.Obj.Pkg() != nil && unvendored(c.Obj.Pkg().Path()) == builderPath {
		if t.arg != 0 || c.Obj.Signature().Recv() == nil || !isBuilder(c.Args[0].Type()) {
			return nil
		}
		ofQuery := isNamed(c.Args[0].Type(), builderPath, "CTEQueryBuilder")
		if !ofQuery && (quiet[c.Obj.Name()] || condition(c.Obj.Name())) {
			return nil
		}
		switch c.Obj.Name() {
		case "Select", "Update", "DeleteFrom":
			// Of a CTE or an INSERT these make another builder.
			if call, ok := t.call.(*ssa.Call); ok && chained(call) == nil {
				if isNamed(c.Args[0].Type(), builderPath, "InsertBuilder") {
					return f.nested(call, maybe)
				}
				return nil
			}
		}
		return f.builderCall(Site{t.call, c.Args}, c.Obj.Name(), c.Args[1:], maybe)
	}
	if c.Fn == nil || t.arg >= len(c.Fn.Params) {
		return nil
	}
	return f.helper(t, c, maybe)
}

// replaced is a store that puts other conditions, or none, in place of those
// that a builder has.
func (f *Flow) replaced(s *ssa.Store, maybe bool) Set {
	if isZeroConst(s.Val) {
		return one(event("SetWhereClause", maybe))
	}
	return combine([]Set{f.component(query{}, s.Val, "", s)}, func(p []*Expr) *Expr {
		return event("SetWhereClause", maybe, p[0])
	})
}

// nested is INSERT … SELECT: the select builder that the insert builder made,
// with what is called on it anywhere.
func (f *Flow) nested(call *ssa.Call, maybe bool) Set {
	parts := append([]Set{one(builder(event("NewSelectBuilder", false)))}, f.events(call, nil)...)
	return combine(parts, func(p []*Expr) *Expr {
		events := make([]*Expr, len(p)-1)
		for i, e := range p[1:] {
			events[i] = certain(e)
		}
		return event("InsertSelect", maybe, extend(p[0], events...))
	})
}

func certain(e *Expr) *Expr {
	x := *e
	x.Maybe = false
	return finish(&x)
}

// helper is a function of this package that gets the builder and calls it.
func (f *Flow) helper(t touch, c Callee, maybe bool) Set {
	p := c.Fn.Params[t.arg]
	touches := false
	for _, inner := range f.touchedIn(c.Fn).calls {
		touches = touches || slices.Contains(inner.roots, ssa.Value(p))
	}
	if !touches {
		return nil
	}
	return f.fill(query{}, f.whatItDoes(c.Fn, t.arg, maybe), c.Fn, Site{t.call, c.Args})
}

// whatItDoes is the calls that a function makes on the builder that parameter
// n is, as one event.
func (f *Flow) whatItDoes(fn *ssa.Function, n int, maybe bool) Set {
	var sets []Set
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, e := range f.solver.ask(query{kind: askBuilder, v: fn.Params[n], at: ret}) {
			switch {
			case e.Kind == Param:
				sets = append(sets, one(event("then", maybe)))
			case e.Kind == Builder && len(e.Sub) > 0 && e.Sub[0].Kind == Param:
				sets = append(sets, one(event("then", maybe, e.Sub[1:]...)))
			}
		}
	}
	return union(sets...)
}

// builderCall is a call on a builder, or of a constructor, with its
// arguments: texts, lists and builders; other values do not matter.
func (f *Flow) builderCall(site Site, name string, args []ssa.Value, maybe bool) Set {
	sets := make([]Set, len(args))
	for i, a := range args {
		switch {
		case isText(a.Type()), isTextSlice(a.Type()), isBuilder(a.Type()), isBuilderSlice(a.Type()):
			sets[i] = f.component(query{}, a, "", site.Call)
		case name == "Values":
			sets[i] = one(argument(Plain))
			if values := f.Values(a, site.Call); values != nil {
				sets[i] = one(values)
			}
		default:
			sets[i] = one(argument(Plain))
		}
	}
	return combine(sets, func(p []*Expr) *Expr { return event(name, maybe, append([]*Expr(nil), p...)...) })
}

func isTextSlice(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && isText(s.Elem())
}

func isBuilderSlice(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && isBuilder(s.Elem())
}
