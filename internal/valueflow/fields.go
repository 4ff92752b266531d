package valueflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Which object a pointer leads to is often not known: a method with callers
// in other packages gets any receiver, and what a package variable points to
// is changed by whoever likes. A field of such an object holds what the
// package stores in that field of any object.

// fieldWrites is everything that changes a field, or may.
type fieldWrites struct {
	stores   []write        // the whole field
	elements []elementWrite // an element of the map or slice in it
	taken    []address      // its address goes elsewhere, to be written to
}

// elementWrite puts val, or component from of it, into an element of a map or
// slice.
type elementWrite struct {
	instr ssa.Instruction
	path  string // from the container to the element
	val   ssa.Value
	from  string
}

// address is a field of a known object.
type address struct {
	root ssa.Value
	path string
	fn   *ssa.Function
}

func (f *Flow) writesTo(v *types.Var) *fieldWrites {
	w := f.fieldWrites[v]
	if w == nil {
		w = &fieldWrites{}
		f.fieldWrites[v] = w
	}
	return w
}

// indexElement notes a write to an element of a container that was loaded
// from a field or a package variable.
func (f *Flow) indexElement(container ssa.Value, e elementWrite) {
	for part, ok := container.(*ssa.Slice); ok; part, ok = container.(*ssa.Slice) {
		container = part.X
	}
	load, ok := container.(*ssa.UnOp)
	if !ok {
		return
	}
	if g, ok := load.X.(*ssa.Global); ok {
		f.globalElements[g] = append(f.globalElements[g], e)
	}
	if v := lastField(load.X); v != nil {
		w := f.writesTo(v)
		w.elements = append(w.elements, e)
	}
}

// indexStore notes a store to a field, or to an element of the array in it.
func (f *Flow) indexStore(w write) {
	addr, path := w.store.Addr, ""
	for {
		ia, ok := addr.(*ssa.IndexAddr)
		if !ok {
			break
		}
		addr, path = ia.X, indexStep(ia.Index)+path
	}
	v := lastField(addr)
	switch {
	case v == nil:
	case path == "":
		to := f.writesTo(v)
		to.stores = append(to.stores, w)
	default:
		to := f.writesTo(v)
		to.elements = append(to.elements, elementWrite{instr: w.store, path: path, val: w.store.Val})
	}
}

// indexTaken notes a field that holds text and whose address is passed on: its
// own, or that of the buffer that it points to.
func (f *Flow) indexTaken(fa *ssa.FieldAddr) {
	v := lastField(fa)
	if v == nil || !isText(v.Type()) && !isTextSlice(v.Type()) && !isTextBuffer(v.Type()) {
		return
	}
	note := func(at ssa.Value) {
		root, path := place(at)
		w := f.writesTo(v)
		w.taken = append(w.taken, address{root, path, fa.Parent()})
	}
	if passed(fa) {
		note(fa)
	}
	for _, r := range *fa.Referrers() {
		if load, ok := r.(*ssa.UnOp); ok && isBufferPointer(v.Type()) && passed(load) {
			note(load)
		}
	}
}

func isBufferPointer(t types.Type) bool {
	return isPointer(t) && isTextBuffer(t)
}

// passed tells whether a call gets an address.
func passed(addr ssa.Value) bool {
	return slices.ContainsFunc(*addr.Referrers(), func(r ssa.Instruction) bool {
		switch r.(type) {
		case ssa.CallInstruction, *ssa.MakeInterface:
			return true
		}
		return false
	})
}

// fresh tells whether a write is to an object that its function makes.
func fresh(root ssa.Value) bool {
	_, ok := root.(*ssa.Alloc)
	return ok
}

// fieldsOf calls visit for each field on a path through t, outermost first,
// with the rest of the path.
func fieldsOf(t types.Type, path string, visit func(v *types.Var, rest string)) {
	for i := range path {
		if i > 0 && (path[i] == '.' || path[i] == '[') {
			if v, _, ok := fieldAt(t, path[:i]); ok && v != nil {
				visit(v, path[i:])
			}
		}
	}
	if v, _, ok := fieldAt(t, path); ok && v != nil {
		visit(v, "")
	}
}

// storedIn is component path of a t, or of what t points to, for an object
// that is not known: whatever the package stores there. ok is false when the
// package stores nothing. With later, what a function stores in an object that
// it makes does not count, nor what is made of what was there before.
func (f *Flow) storedIn(q query, t types.Type, path string, later bool) (s Set, ok bool) {
	var sets []Set
	path, as := cutMode(path, q.as)
	fieldsOf(t, path, func(v *types.Var, rest string) {
		if f.fieldWrites[v] == nil {
			return
		}
		s := f.solver.ask(query{kind: askField, field: v, path: rest, as: as, later: later})
		sets = append(sets, s)
		// Have: where the outer object comes from, and with it what it was
		// made with.
		later = later || slices.ContainsFunc(s, func(e *Expr) bool { return !isUnset(e) })
	})
	s = union(sets...)
	if len(s) > 1 {
		s = slices.DeleteFunc(slices.Clone(s), func(e *Expr) bool { return e.Kind == Hole && e.Text == emptyMap })
	}
	return s, sets != nil
}

// inField is what the package stores in component path of a field.
func (f *Flow) inField(q query) Set {
	w := f.fieldWrites[q.field]
	grows := false
	var sets []Set
	for _, s := range w.stores {
		more := f.dependsOn(s.store.Val, q.field, map[ssa.Value]bool{})
		if q.later && (fresh(s.root) || more) {
			continue
		}
		sets = append(sets, f.closed(f.component(q, s.store.Val, q.path, s.store)))
		grows = grows || more
	}
	for _, e := range w.elements {
		if rest, ok, _ := matchPath(e.path, q.path); ok {
			sets = append(sets, f.closed(f.component(q, e.val, e.from+rest, e.instr)))
		}
	}
	for _, a := range w.taken {
		if q.later && fresh(a.root) || q.as != asText {
			continue
		}
		for _, b := range a.fn.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
				sets = append(sets, f.closed(f.content(q, a.root, a.path+q.path, ret)))
			}
		}
		grows = true
	}
	if sets == nil {
		return nil
	}
	if q.as == asOrigin {
		return one(origins(union(sets...)...).Traveling())
	}
	if grows && q.path == "" && !q.later {
		sets = append([]Set{one(zeroOf(q.field.Type()))}, sets...)
	}
	return union(sets...)
}

// setOnceMade tells whether a field is only set where an object is made, so
// that all there is to know of it is what is stored there.
func (f *Flow) setOnceMade(v *types.Var) bool {
	w := f.fieldWrites[v]
	if w == nil || len(w.stores) == 0 || len(w.elements) > 0 || len(w.taken) > 0 {
		return false
	}
	return !slices.ContainsFunc(w.stores, func(s write) bool { return !fresh(s.root) })
}

func (f *Flow) storesOf(v *types.Var) []write {
	if w := f.fieldWrites[v]; w != nil {
		return w.stores
	}
	return nil
}

// filledElsewhere is what is put into a map or slice through the field or
// package variable that it is stored in.
func (f *Flow) filledElsewhere(m ssa.Value) []elementWrite {
	refs := m.Referrers()
	if refs == nil {
		return nil
	}
	var out []elementWrite
	for _, r := range *refs {
		s, ok := r.(*ssa.Store)
		if !ok || s.Val != m {
			continue
		}
		if g, ok := s.Addr.(*ssa.Global); ok {
			out = append(out, f.globalElements[g]...)
		}
		if v := lastField(s.Addr); v != nil && f.fieldWrites[v] != nil {
			out = append(out, f.fieldWrites[v].elements...)
		}
	}
	return out
}

// setElsewhere ends the Path of a Param that stands for what another package
// puts into a field, beside what this one does. What is not known of it is
// nothing new.
const setElsewhere = "+"

func asElsewhere(s Set) Set {
	var out Set
	for _, e := range s {
		switch {
		case e.Kind == Param:
			out = append(out, param(e.fn, e.Index, e.Path+setElsewhere))
		case e.Kind != Hole && !isUnset(e):
			out = append(out, e)
		}
	}
	return out
}

// dependsOn tells whether v is made from what was in the field: then somebody
// began with nothing in it.
func (f *Flow) dependsOn(v ssa.Value, field *types.Var, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	if load, ok := v.(*ssa.UnOp); ok && lastField(load.X) == field {
		return true
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && f.dependsOn(*op, field, seen) {
			return true
		}
	}
	return false
}

// changedLater adds to component path of what pointer v was loaded as what the
// package stores there at other times.
func (f *Flow) changedLater(q query, v ssa.Value, path string, s Set) Set {
	var later Set
	load, _ := v.(*ssa.UnOp)
	switch {
	case !isPointer(v.Type()) || q.as != asText && q.as != asType:
	case path != "":
		later, _ = f.storedIn(q, v.Type(), path, true)
	case load != nil && isTextBuffer(v.Type()):
		if field := lastField(load.X); f.fieldWrites[field] != nil {
			later = f.solver.ask(query{kind: askField, field: field, as: q.as, later: true})
		}
	}
	if len(later) == 0 {
		return s
	}
	if len(s) == 1 && isUnset(s[0]) {
		return later // nobody uses it before it is set
	}
	return union(s, later)
}

// isUnset recognises the zero value of texts and lists.
func isUnset(e *Expr) bool {
	return e.Kind == Text && e.Text == "" || e.Kind == List && len(e.Sub) == 0
}

// Stored is e with what the package stores in them in place of fields that no
// other package can set. ok is false when e depends on anything else. told
// says that facts tell what is in these fields, so that callers know better.
func (f *Flow) Stored(e *Expr) (s Set, told, ok bool) {
	var refs []*Expr
	var by []Set
	seen := map[string]bool{}
	told, ok = true, true
	e.walk(func(x *Expr) {
		if x.Kind != Param || strings.HasSuffix(x.Path, originPath) || strings.HasSuffix(x.Path, valuePath) || seen[x.key] {
			return
		}
		seen[x.key] = true
		if x.fn == nil || x.Index < 0 || !hidden(x.fn.Params[x.Index].Type(), x.Path) {
			ok = false
			return
		}
		told = told && slices.Contains(TextParts(x.fn.Params[x.Index].Type()), x.Path)
		refs = append(refs, x)
		by = append(by, f.unknownSet(x))
	})
	if !ok || refs == nil {
		return nil, false, false
	}
	return f.settled(combine(by, func(p []*Expr) *Expr { return replace(e, refs, p) }), nil), told, true
}

// hidden tells whether a path goes through a field that other packages cannot
// set.
func hidden(t types.Type, path string) bool {
	path, _ = cutMode(path, asText)
	if named, _ := namedType(t); path != "" && named != nil && !named.Obj().Exported() {
		return true
	}
	found := false
	fieldsOf(t, path, func(v *types.Var, _ string) { found = found || !v.Exported() && !v.Embedded() })
	return found
}
