package valueflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// The body of a loop over a function is a function itself, and what the loop
// variables get is what the iterator passes to yield. It is followed through
// the loop at hand, and not through all loops over the same iterator:
//
//	func texts(qs ...string) iter.Seq[string] {
//		return func(yield func(string) bool) {
//			for _, q := range qs {
//				if !yield(q) { … }
//			}
//		}
//	}

// rangeOverFunc is how package ssa marks the body of such a loop.
const rangeOverFunc = "range-over-func yield"

// nestedIterators is how many iterators are followed that hand their yield on
// to others.
const nestedIterators = 4

// iterated is component path of loop variable p. ok is false when p is none, or
// its iterator is not known.
func (f *Flow) iterated(q query, p *ssa.Parameter, path string) (s Set, ok bool) {
	body := p.Parent()
	if body.Synthetic != rangeOverFunc {
		return nil, false
	}
	for _, mc := range f.closures[body] {
		for _, r := range *mc.Referrers() {
			if loop, ok := r.(*ssa.Call); ok {
				return f.yielded(q, loop, slices.Index(body.Params, p), path, nestedIterators)
			}
		}
	}
	return nil, false
}

// yielded is component path of what the iterator that loop calls passes as
// argument n of yield.
func (f *Flow) yielded(q query, loop ssa.CallInstruction, n int, path string, depth int) (Set, bool) {
	common := loop.Common()
	if depth == 0 || common.IsInvoke() {
		return nil, false
	}
	made, ok := common.Value.(*ssa.Call)
	if !ok {
		return f.yieldedBy(q, common.Value, loop, n, path, depth)
	}
	callees := f.Callees(made)
	if len(callees) != 1 {
		return nil, false
	}
	c := callees[0]
	if c.Fn == nil {
		return f.sequence(q, Site{made, c.Args}, c, n, path)
	}
	var sets []Set
	for _, ret := range f.returns(c.Fn) {
		s, ok := f.yieldedBy(q, ret.Results[0], loop, n, path, depth)
		if !ok {
			return nil, false
		}
		sets = append(sets, f.fill(q, s, c.Fn, Site{made, c.Args}))
	}
	return union(sets...), sets != nil
}

// yieldedBy is yielded for an iterator that is not the result of a call.
func (f *Flow) yieldedBy(q query, iterator ssa.Value, loop ssa.CallInstruction, n int, path string, depth int) (Set, bool) {
	var sets []Set
	for _, v := range f.functionValues(iterator) {
		c := f.calleeOf(v, loop.Common().Args)
		if c.Fn == nil || len(c.Fn.Params) == 0 {
			return nil, false
		}
		yields, ok := callsOf(c.Fn.Params[len(c.Fn.Params)-1])
		if !ok {
			return nil, false
		}
		for _, y := range yields {
			var s Set
			if args := y.call.Common().Args; y.handedOn {
				s, ok = f.yielded(q, y.call, n, path, depth-1)
			} else if n < len(args) {
				s = f.component(q, args[n], path, y.call)
			}
			if !ok {
				return nil, false
			}
			sets = append(sets, f.fill(q, s, c.Fn, Site{loop, c.Args}))
		}
	}
	return union(sets...), sets != nil
}

// yield is a call of a function that was passed, or one that gets it.
type yield struct {
	call     ssa.CallInstruction
	handedOn bool
}

// callsOf finds the calls of a function value. ok is false when it goes where
// it may be called as well.
func callsOf(v ssa.Value) (calls []yield, ok bool) {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case ssa.CallInstruction:
			calls = append(calls, yield{r, r.Common().Value != v})
		case *ssa.Store: // a parameter that a closure captures
			a, isAlloc := r.Addr.(*ssa.Alloc)
			if !isAlloc || r.Val != v {
				return nil, false
			}
			more, ok := callsOfStored(a)
			if !ok {
				return nil, false
			}
			calls = append(calls, more...)
		default:
			return nil, false
		}
	}
	return calls, true
}

func callsOfStored(addr ssa.Value) (calls []yield, ok bool) {
	for _, r := range *addr.Referrers() {
		var more []yield
		ok := true
		switch r := r.(type) {
		case *ssa.UnOp:
			more, ok = callsOf(r)
		case *ssa.MakeClosure:
			fn := r.Fn.(*ssa.Function)
			more, ok = callsOfStored(fn.FreeVars[slices.Index(r.Bindings, addr)])
		case *ssa.Store, *ssa.DebugRef:
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
		calls = append(calls, more...)
	}
	return calls, true
}

// sequence knows the iterators of the standard library.
func (f *Flow) sequence(q query, site Site, c Callee, n int, path string) (Set, bool) {
	values := func() (Set, bool) { return f.component(q, c.Args[0], "[]"+path, site.Call), true }
	switch name := fullName(c.Obj); {
	case name == "slices.Values" && n == 0, name == "maps.Values" && n == 0:
		return values()
	case name == "slices.All", name == "slices.Backward", name == "maps.All":
		if n == 1 {
			return values()
		}
		if name != "maps.All" {
			return one(number), true
		}
		return f.mapKeys(q, c.Args[0]), true
	case name == "maps.Keys" && n == 0:
		return f.mapKeys(q, c.Args[0]), true
	case name == "strings.SplitSeq" && n == 0:
		var sets []Set
		for _, l := range f.applied(q, "split", site, c) {
			sets = append(sets, Set(elements(l)))
		}
		return union(sets...), true
	}
	return nil, false
}
