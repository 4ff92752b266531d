package valueflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A slice is written to without a store when something is copied into it, and
// bytes by whoever gets them to read into. When that happens is not asked:
// what is poured into a slice is among the things that it can hold.

// pour changes what is in a slice.
type pour struct {
	at   ssa.Instruction
	src  ssa.Value // what is copied into it; nil when that is not known
	part bool      // not over the whole of it
	why  string    // what happened
}

// pours is what changes the slice v, or the array that v points to. Elements
// that are stored one by one are followed elsewhere, unless they are bytes of
// a text.
func (f *Flow) pours(v ssa.Value) []pour {
	refs := v.Referrers()
	if refs == nil {
		return nil
	}
	var out []pour
	for _, r := range *refs {
		switch r := r.(type) {
		case *ssa.IndexAddr:
			if r.X == v && isText(v.Type()) && storedTo(r) {
				out = append(out, pour{at: r, part: true, why: "its bytes are changed"})
			}
		case *ssa.ChangeType:
			out = append(out, f.pours(r)...)
		case *ssa.Slice:
			whole := r.Low == nil && (r.High == nil || toTheEnd(r))
			for _, p := range f.pours(r) {
				p.part = p.part || !whole
				out = append(out, p)
			}
		case ssa.CallInstruction:
			if p, ok := f.pouredBy(r, v); ok {
				out = append(out, p)
			}
		}
	}
	return out
}

func storedTo(addr ssa.Value) bool {
	for _, r := range *addr.Referrers() {
		if s, ok := r.(*ssa.Store); ok && s.Addr == addr {
			return true
		}
	}
	return false
}

// pouredBy is what a call does to the slice v that it gets.
func (f *Flow) pouredBy(call ssa.CallInstruction, v ssa.Value) (pour, bool) {
	args := call.Common().Args
	if b, ok := call.Common().Value.(*ssa.Builtin); ok {
		switch {
		case b.Name() == "copy" && args[0] == v:
			return pour{at: call, src: args[1], why: "texts are copied into it"}, true
		case b.Name() == "clear":
			return pour{at: call, why: "it is cleared"}, true
		}
		return pour{}, false
	}
	if !isText(v.Type()) {
		return pour{}, false
	}
	for _, c := range f.Callees(call) {
		if c.Fn == nil && isMade(v) && !onlyReads([]Callee{c}) {
			return pour{at: call, why: "it is filled in by " + calleeName(call)}, true
		}
		for i, a := range c.Args {
			if c.Fn != nil && a == v && i < len(c.Fn.Params) && f.poursInto(c.Fn.Params[i]) {
				return pour{at: call, why: "it is changed by " + calleeName(call)}, true
			}
		}
	}
	return pour{}, false
}

// poursInto tells whether a function changes the bytes that it gets as p.
func (f *Flow) poursInto(p *ssa.Parameter) bool {
	if into, ok := f.pouring[p]; ok {
		return into
	}
	f.pouring[p] = false // recursion ends here
	f.pouring[p] = len(f.pours(p)) > 0
	return f.pouring[p]
}

// isMade tells whether v is bytes without contents, and with room for some.
func isMade(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.MakeSlice:
		return isText(v.Type()) && !isZero(v.Len)
	case *ssa.Slice:
		return (v.High == nil || !isZero(v.High)) && isMade(v.X)
	case *ssa.Alloc:
		arr := arrayOf(v.Type())
		return arr != nil && isText(types.NewSlice(arr.Elem()))
	}
	return false
}

// poured is component path of v, a slice or a pointer to an array, which would
// be s if nothing had been poured into it.
func (f *Flow) poured(q query, v ssa.Value, path string, s Set) Set {
	if q.as != asText || path != "" && path[0] != '[' {
		return s
	}
	sets := []Set{s}
	if path != "" {
		for _, e := range f.filledElsewhere(v) {
			if rest, ok, _ := matchPath(e.path, path); ok {
				sets = append(sets, f.closed(f.component(q, e.val, e.from+rest, e.instr)))
			}
		}
	}
	pours := f.pours(v)
	if len(pours) > 0 && isMade(v) {
		sets = nil
	}
	for _, p := range pours {
		switch {
		case path != "":
			sets = append(sets, f.pouredElement(q, p, v, path))
		case p.src != nil && !p.part && len(pours) == 1:
			sets = append(sets, f.component(q, p.src, "", p.at))
		default:
			sets = append(sets, one(hole(p.why, p.at.Pos())))
		}
	}
	return union(sets...)
}

// pouredElement is component path, which begins with an index, of what p puts
// into v.
func (f *Flow) pouredElement(q query, p pour, v ssa.Value, path string) Set {
	_, rest := cutStep(path)
	if p.src != nil {
		return f.component(q, p.src, "[]"+rest, p.at)
	}
	return f.zero(v.Type(), path)
}
