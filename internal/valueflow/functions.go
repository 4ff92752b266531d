package valueflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// manyFunctions is the number of functions past which a parameter that is
// called is not followed to them: a table of test cases, not a callback.
const manyFunctions = 3

// functionValues follows a called value to the functions that it can be, as
// far as variables, branches, fields, maps and slices go. It looks at stores
// only: what calls do to memory cannot be asked before it is known which
// functions are called.
func (f *Flow) functionValues(v ssa.Value) []ssa.Value { return f.functionsAt(v, "") }

// functionsAt is functionValues for component path of v.
func (f *Flow) functionsAt(v ssa.Value, path string) []ssa.Value {
	s := functionSearch{flow: f, seen: map[component]bool{}}
	s.value(v, path)
	return s.found
}

// component is a part of a value, or of what it points to.
type component struct {
	v    ssa.Value
	path string
}

type functionSearch struct {
	flow  *Flow
	seen  map[component]bool
	found []ssa.Value
}

func (s *functionSearch) value(v ssa.Value, path string) {
	if s.seen[component{v, path}] || tooDeep(path) {
		return
	}
	s.seen[component{v, path}] = true
	switch v := v.(type) {
	case *ssa.Function, *ssa.MakeClosure:
		if path == "" && !slices.Contains(s.found, v) {
			s.found = append(s.found, v)
		}
	case *ssa.ChangeType:
		s.value(v.X, path)
	case *ssa.Phi:
		for _, e := range v.Edges {
			s.value(e, path)
		}
	case *ssa.Field:
		s.value(v.X, fieldStep(v.Field)+path)
	case *ssa.Index:
		s.value(v.X, indexStep(v.Index)+path)
	case *ssa.Lookup:
		s.value(v.X, "[]"+path)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Lookup:
			s.value(t.X, "[]"+path)
		case *ssa.Next:
			if v.Index == 2 && !t.IsString {
				s.value(t.Iter.(*ssa.Range).X, "[]"+path)
			}
		case *ssa.Call:
			s.result(t, v.Index, path)
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			root, to := place(v.X)
			s.stored(root, to+path)
		}
	case *ssa.Slice:
		s.value(v.X, path)
	case *ssa.MakeSlice:
		s.written(v, "", path)
	case *ssa.MakeMap:
		if path == "" {
			return
		}
		_, rest := cutStep(path)
		for _, alias := range s.flow.mapAliases(v) {
			for _, w := range s.flow.mapWrites[alias] {
				s.value(w.Value, rest)
			}
		}
		s.elements(s.flow.filledElsewhere(v), path)
	case *ssa.Alloc, *ssa.FreeVar, *ssa.Global, *ssa.FieldAddr, *ssa.IndexAddr:
		root, to := place(v)
		s.stored(root, to+path)
	case *ssa.Parameter:
		s.passed(v, path)
	case *ssa.Call:
		s.result(v, 0, path)
	}
}

// stored looks at what is stored in component path of what root points to.
func (s *functionSearch) stored(root ssa.Value, path string) {
	switch r := root.(type) {
	case *ssa.Global:
		for _, w := range s.flow.globalStores[r] {
			if rest, ok, _ := matchPath(w.path, path); ok {
				s.value(w.store.Val, rest)
			}
		}
		s.elements(s.flow.globalElements[r], path)
	case *ssa.FreeVar:
		if b := binding(r); b != nil {
			s.value(b, path)
		}
	case *ssa.Alloc:
		s.written(r, "", path)
		if escapes(r) {
			s.field(r.Type(), path)
		}
	case *ssa.Parameter, *ssa.UnOp, *ssa.Extract, *ssa.Call, *ssa.TypeAssert, *ssa.Lookup:
		if isPointer(root.Type()) {
			s.field(root.Type(), path)
			return
		}
		s.value(root, path)
	default:
		s.value(root, path)
	}
}

// written looks at the stores to component path of what addr, which is at the
// place at in it, leads to.
func (s *functionSearch) written(addr ssa.Value, at, path string) {
	if addr.Referrers() == nil || tooDeep(at) {
		return
	}
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.FieldAddr:
			s.written(r, at+fieldStep(r.Field), path)
		case *ssa.IndexAddr:
			if r.X == addr {
				s.written(r, at+indexStep(r.Index), path)
			}
		case *ssa.Slice:
			s.written(r, at, path)
		case *ssa.Store:
			if rest, ok, _ := matchPath(at, path); ok && r.Addr == addr {
				s.value(r.Val, rest)
			}
		case *ssa.MakeClosure:
			fn := r.Fn.(*ssa.Function)
			for i, b := range r.Bindings {
				if b == addr && i < len(fn.FreeVars) {
					s.written(fn.FreeVars[i], at, path)
				}
			}
		}
	}
}

// field looks at what the package stores in the fields on a path, of whatever
// object.
func (s *functionSearch) field(t types.Type, path string) {
	fieldsOf(t, path, func(v *types.Var, rest string) {
		w := s.flow.fieldWrites[v]
		if w == nil {
			return
		}
		for _, store := range w.stores {
			s.value(store.store.Val, rest)
		}
		s.elements(w.elements, rest)
	})
}

func (s *functionSearch) elements(writes []elementWrite, path string) {
	for _, e := range writes {
		if rest, ok, _ := matchPath(e.path, path); ok {
			s.value(e.val, e.from+rest)
		}
	}
}

// passed looks at what the callers pass that name the function; others are not
// known.
func (s *functionSearch) passed(p *ssa.Parameter, path string) {
	fn := p.Parent()
	i := slices.Index(fn.Params, p)
	before := len(s.found)
	for _, site := range s.flow.statically[fn] {
		if i < len(site.Args) {
			s.value(site.Args[i], path)
		}
	}
	if len(s.found)-before > manyFunctions {
		s.found = s.found[:before]
	}
}

// result looks at what a call returns.
func (s *functionSearch) result(call *ssa.Call, n int, path string) {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" {
			s.value(call.Call.Args[0], path)
			s.value(call.Call.Args[1], path)
		}
		return
	}
	callee := call.Call.StaticCallee()
	if callee == nil {
		return
	}
	if own := s.flow.own(callee); own != nil {
		for _, b := range own.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && n < len(ret.Results) {
				s.value(ret.Results[n], path)
			}
		}
		return
	}
	if obj := callee.Object(); obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync" && strings.HasPrefix(obj.Name(), "Once") {
		s.value(call.Call.Args[0], path)
	}
}

// escapes tells whether the address of a variable goes where somebody else may
// write to it.
func escapes(a *ssa.Alloc) bool {
	return slices.ContainsFunc(*a.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.UnOp, *ssa.Slice, *ssa.MakeClosure, *ssa.DebugRef:
			return false
		case *ssa.Store:
			return r.Addr != a
		}
		return true
	})
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
