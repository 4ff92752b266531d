package valueflow

import (
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

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
		switch u := under(t).(type) {
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
