package valueflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

func isSlice(t types.Type) bool {
	_, ok := under(t).(*types.Slice)
	return ok
}

func arrayOf(t types.Type) *types.Array {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	arr, _ := p.Elem().Underlying().(*types.Array)
	return arr
}

// array is the elements of an array as one List. Where a loop fills it, each
// kind of element is there once.
func (f *Flow) array(q query, v ssa.Value, arr *types.Array, at ssa.Instruction) Set {
	if filled := f.filled(q, v); filled != nil {
		return combine([]Set{filled}, func(p []*Expr) *Expr { return list(p[0]) })
	}
	if at == nil {
		if instr, ok := v.(ssa.Instruction); ok {
			at = instr
		}
	}
	if arr.Len() > maxParts {
		return one(hole(tooManyParts, v.Pos()))
	}
	elems := make([]Set, arr.Len())
	for i := range elems {
		elems[i] = f.content(q, v, "["+strconv.Itoa(i)+"]", at)
	}
	return combine(elems, func(p []*Expr) *Expr {
		if isText(types.NewSlice(arr.Elem())) {
			return characters(p)
		}
		return list(append([]*Expr(nil), p...)...)
	})
}

// characters is the text of bytes.
func characters(bytes []*Expr) *Expr {
	parts := slices.Clone(bytes)
	for i, b := range parts {
		if n, err := strconv.ParseUint(b.Text, 10, 8); err == nil && b.Kind == Text {
			parts[i] = text(string(rune(n)))
		}
	}
	return concat(token.NoPos, parts...)
}

// filled is what is stored in elements of an array by an index that is not
// constant; nil when nothing is.
func (f *Flow) filled(q query, array ssa.Value) Set {
	var sets []Set
	effects := f.effects(array)
	for _, b := range array.Parent().Blocks {
		for _, e := range effects[b] {
			if e.kind == stores && e.path == "[]" {
				sets = append(sets, f.component(q, e.val, "", e.instr))
			}
		}
	}
	if sets == nil {
		return nil
	}
	return union(sets...)
}

// elementsOf is the elements of lists at an index, or at any.
func elementsOf(lists Set, index string) Set {
	var out []Set
	for _, l := range lists {
		i, err := strconv.Atoi(strings.Trim(index, "[]"))
		if err != nil || l.Kind != List || i >= len(l.Sub) {
			out = append(out, Set(elements(l)))
			continue
		}
		out = append(out, one(l.Sub[i]))
	}
	return union(out...)
}

// slice is a part of a string, a slice or an array.
func (f *Flow) slice(q query, v *ssa.Slice, path string) Set {
	whole := v.Low == nil && (v.High == nil || toTheEnd(v))
	if path != "" || whole {
		return f.component(q, v.X, path, v)
	}
	if n, ok := cutFromEnd(v); ok {
		return combine([]Set{f.component(q, v.X, "", v)}, func(p []*Expr) *Expr {
			if p[0].Kind == Text && len(p[0].Text) < n {
				return impossible // the loop that made it ran at least once
			}
			return apply("cut", v.Pos(), p[0], text(strconv.Itoa(n)))
		})
	}
	if v.High != nil && isZero(v.High) {
		return one(zeroOf(v.Type()))
	}
	if !isText(v.Type()) {
		return combine([]Set{f.component(q, v.X, "", v)}, func(p []*Expr) *Expr {
			return apply("part", v.Pos(), p[0])
		})
	}
	return combine([]Set{f.component(q, v.X, "", v)}, func(p []*Expr) *Expr {
		return apply("substring", v.Pos(), p[0])
	})
}

// toTheEnd recognises a[:len(a)] of an array, which is what make([]T, n) is
// for a constant n.
func toTheEnd(v *ssa.Slice) bool {
	arr := arrayOf(v.X.Type())
	c, ok := v.High.(*ssa.Const)
	return arr != nil && ok && c.Int64() == arr.Len()
}

// cutFromEnd recognises s[:len(s)-n].
func cutFromEnd(v *ssa.Slice) (n int, ok bool) {
	sub, ok := v.High.(*ssa.BinOp)
	if !ok || v.Low != nil || sub.Op != token.SUB || !isText(v.Type()) {
		return 0, false
	}
	call, ok := sub.X.(*ssa.Call)
	c, isConst := sub.Y.(*ssa.Const)
	if !ok || !isConst || len(call.Call.Args) != 1 || call.Call.Args[0] != v.X {
		return 0, false
	}
	return int(c.Int64()), true
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Int && c.Int64() == 0
}

// madeSlice is make([]T, n) with what is stored in it: each kind of element
// once, because how many there are is not known.
func (f *Flow) madeSlice(q query, v *ssa.MakeSlice, path string) Set {
	var sets []Set
	for _, r := range *v.Referrers() {
		ia, ok := r.(*ssa.IndexAddr)
		if !ok || ia.X != v {
			continue
		}
		for _, r := range *ia.Referrers() {
			if s, ok := r.(*ssa.Store); ok && s.Addr == ia {
				rest := ""
				if path != "" {
					_, rest = cutStep(path)
				}
				sets = append(sets, f.component(q, s.Val, rest, s))
			}
		}
	}
	if path != "" {
		if sets == nil {
			return f.zero(v.Type(), path)
		}
		return union(sets...)
	}
	if isZero(v.Len) || sets == nil {
		return one(list())
	}
	return combine([]Set{union(sets...)}, func(p []*Expr) *Expr { return list(p[0]) })
}

// mapContent is every value that is stored in a map.
func (f *Flow) mapContent(q query, m ssa.Value, path string) Set {
	if path == "" {
		return one(hole("a map", m.Pos()))
	}
	_, rest := cutStep(path)
	var sets []Set
	for _, alias := range f.mapAliases(m) {
		for _, w := range f.mapWrites[alias] {
			sets = append(sets, f.component(q, w.Value, rest, w))
		}
	}
	for _, e := range f.filledElsewhere(m) {
		sets = append(sets, f.closed(f.component(q, e.val, e.from+rest, e.instr)))
	}
	if sets == nil {
		return one(hole(emptyMap, m.Pos()))
	}
	return union(sets...)
}

const emptyMap = "an empty map"

// mapAliases is the map and the loads of the package variable that holds it.
func (f *Flow) mapAliases(m ssa.Value) []ssa.Value {
	out := []ssa.Value{m}
	for _, r := range *m.Referrers() {
		s, ok := r.(*ssa.Store)
		if !ok || s.Val != m {
			continue
		}
		refs := s.Addr.Referrers()
		if refs == nil {
			continue
		}
		for _, r := range *refs {
			if load, ok := r.(*ssa.UnOp); ok && load.Op == token.MUL {
				out = append(out, load)
			}
		}
	}
	return out
}

// mapKeys is every key that is stored in a map.
func (f *Flow) mapKeys(q query, m ssa.Value) Set {
	if load, ok := m.(*ssa.UnOp); ok && load.Op == token.MUL {
		if g, ok := load.X.(*ssa.Global); ok && len(f.globalStores[g]) == 1 {
			m = f.globalStores[g][0].store.Val
		}
	}
	made, ok := m.(*ssa.MakeMap)
	if !ok {
		return one(hole("the keys of a map", m.Pos()))
	}
	var sets []Set
	for _, alias := range f.mapAliases(made) {
		for _, w := range f.mapWrites[alias] {
			sets = append(sets, f.component(q, w.Key, "", w))
		}
	}
	if sets == nil {
		return one(hole(emptyMap, m.Pos()))
	}
	return union(sets...)
}
