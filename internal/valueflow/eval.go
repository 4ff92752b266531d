package valueflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Value is the texts that v can be where at uses it. Texts that depend on
// parameters are not resolved: see Site.
func (f *Flow) Value(v ssa.Value, at ssa.Instruction) Set {
	return f.component(query{as: asText}, v, "", at)
}

// Arguments is the slice of a statement's arguments, as Lists of their
// classes.
func (f *Flow) Arguments(v ssa.Value, at ssa.Instruction) Set {
	return f.component(query{as: asArgument}, v, "", at)
}

// Result is what result n of fn can be, over the parameters of fn.
func (f *Flow) Result(fn *ssa.Function, n int) Set {
	return f.solver.ask(query{kind: askResult, fn: fn, n: n})
}

// ResultPart is component path of what result n of fn is, or points to.
func (f *Flow) ResultPart(fn *ssa.Function, n int, path string) Set {
	return f.solver.ask(query{kind: askResult, fn: fn, n: n, path: path})
}

// After is component path of what parameter n of fn points to when fn
// returns; empty when fn leaves it alone.
func (f *Flow) After(fn *ssa.Function, n int, path string) Set {
	if len(f.effects(fn.Params[n])) == 0 {
		return nil
	}
	s := f.solver.ask(query{kind: askAfter, fn: fn, n: n, path: path})
	if len(s) == 1 && s[0].key == param(fn, n, path).key {
		return nil
	}
	return s
}

// Fill puts the arguments of a call in place of fn's parameters; fn is nil
// for expressions that come from a fact.
func (f *Flow) Fill(s Set, fn *ssa.Function, site Site, arguments bool) Set {
	q := query{as: asText}
	if arguments {
		q.as = asArgument
	}
	return f.fill(q, s, fn, site)
}

func (f *Flow) eval(q query) Set {
	switch q.kind {
	case askValue:
		return f.value(q, q.v, q.path, q.at)
	case askBefore:
		return f.before(q, q.v, q.path, q.at)
	case askResult:
		return f.returned(q)
	case askBuilder:
		return f.builder(q.v, q.at)
	case askAfter:
		return f.after(q)
	case askCallers:
		return f.passed(q)
	}
	panic("valueflow: unknown query")
}

// deepest is the number of steps of a path that is still followed. Walking a
// list or a tree would make it longer for ever.
const deepest = 6

func tooDeep(path string) bool {
	return strings.Count(path, ".")+strings.Count(path, "[") > deepest
}

// component asks for part path of v, where at looks at it.
func (f *Flow) component(q query, v ssa.Value, path string, at ssa.Instruction) Set {
	if rest, ok := strings.CutSuffix(path, typePath); ok {
		path, q.as = rest, asType
	}
	if tooDeep(path) {
		return one(hole("it is deep inside a structure", v.Pos()))
	}
	if path == "" && q.as == asType && !isInterface(v.Type()) {
		fn := v.Parent()
		if fn == nil && at != nil { // a constant has none
			fn = at.Parent()
		}
		return one(typeExpr(v.Type(), fn))
	}
	if path == "" && q.as != asType {
		if e := f.typed(v.Type()); e != nil {
			return one(e)
		}
		if isBuilder(v.Type()) {
			return f.solver.ask(query{kind: askBuilder, v: v, at: at})
		}
	}
	switch v.(type) {
	case *ssa.Alloc, *ssa.FreeVar, *ssa.Parameter, *ssa.Call, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.MakeInterface, *ssa.ChangeInterface:
		// Have: an address, perhaps, and what is there changes.
	default:
		if !f.mutable(v) {
			at = nil
		}
	}
	return f.solver.ask(query{kind: askValue, v: v, at: at, path: path, as: q.as})
}

// typed recognises values whose type says all there is to know.
func (f *Flow) typed(t types.Type) *Expr {
	named, pointer := namedType(t)
	if named == nil || named.Obj().Pkg() == nil {
		return nil
	}
	if unvendored(named.Obj().Pkg().Path()) != QueryPath {
		return nil
	}
	switch named.Obj().Name() {
	case "Scoped":
		if pointer {
			return statement
		}
	case "Bypass":
		if pointer {
			return bypass
		}
	case "Statement":
		return bypass
	}
	return nil
}

// mutable tells whether v is a pointer from somewhere else through which an
// object is changed here.
func (f *Flow) mutable(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Phi, *ssa.Extract, *ssa.TypeAssert, *ssa.UnOp:
		return objectType(v.Type()) && len(f.effects(v)) > 0
	}
	return false
}

// value is the origin of component path of v, one step back.
func (f *Flow) value(q query, v ssa.Value, path string, at ssa.Instruction) Set {
	if at != nil && at.Parent() == v.Parent() && f.mutable(v) && at != v.(ssa.Instruction) {
		return f.before(q, v, path, at)
	}
	switch v := v.(type) {
	case *ssa.Const:
		return one(constantOf(v, path))

	case *ssa.Phi:
		var sets []Set
		for i, e := range v.Edges {
			pred := v.Block().Preds[i]
			s := f.component(q, e, path, pred.Instrs[len(pred.Instrs)-1])
			sets = append(sets, f.guarded(q, guardOf(pred, v.Block()), s))
		}
		return union(sets...)

	case *ssa.BinOp:
		if v.Op == token.ADD && isText(v.Type()) {
			parts := []Set{f.component(q, v.X, "", v), f.component(q, v.Y, "", v)}
			return combine(parts, func(p []*Expr) *Expr { return concat(v.Pos(), p...) })
		}
		return one(number)

	case *ssa.MakeInterface:
		if q.as == asType && path == "" {
			return one(typeExpr(v.X.Type(), v.Parent()))
		}
		if q.as == asArgument && path == "" {
			return f.argument(q, v.X, v)
		}
		if _, known := v.X.(*ssa.Const); !known && path == "" && isLiteral(v.X.Type()) {
			return one(number)
		}
		return f.component(q, v.X, path, f.later(at, v))
	case *ssa.ChangeInterface:
		return f.component(q, v.X, path, f.later(at, v))
	case *ssa.ChangeType:
		return f.component(q, v.X, path, v)
	case *ssa.Convert:
		if isNumber(v.X.Type()) {
			return one(number)
		}
		return f.component(q, v.X, path, v)
	case *ssa.MultiConvert:
		return f.component(q, v.X, path, v)
	case *ssa.SliceToArrayPointer:
		return f.component(q, v.X, path, v)
	case *ssa.TypeAssert:
		return f.component(q, v.X, path, v)

	case *ssa.Extract:
		return f.extract(q, v, path)
	case *ssa.Call:
		return f.object(q, v, path, at)

	case *ssa.UnOp:
		if v.Op == token.MUL {
			root, p := place(v.X)
			return f.content(q, root, p+path, v)
		}
		if v.Op == token.ARROW {
			return one(hole("it is received from a channel", v.Pos()))
		}
		return one(number)
	case *ssa.FieldAddr, *ssa.IndexAddr:
		root, p := place(v)
		return f.content(q, root, p+path, at)
	case *ssa.Field:
		return f.component(q, v.X, fieldStep(v.Field)+path, v)
	case *ssa.Index:
		if isText(v.X.Type()) {
			return one(number)
		}
		return f.component(q, v.X, indexStep(v.Index)+path, v)
	case *ssa.Lookup:
		if isText(v.X.Type()) {
			return one(number)
		}
		return f.component(q, v.X, "[]"+path, v)
	case *ssa.Slice:
		return f.slice(q, v, path)

	case *ssa.Alloc, *ssa.FreeVar, *ssa.Parameter:
		return f.object(q, v, path, at)
	case *ssa.Global:
		return f.globalContent(q, v, path)

	case *ssa.MakeSlice:
		return f.madeSlice(q, v, path)
	case *ssa.MakeMap:
		return f.mapContent(q, v, path)
	}
	if q.as == asArgument {
		return one(argument(Plain))
	}
	return one(hole("its origin cannot be followed", v.Pos()))
}

// later is the place at which an object in an interface is looked at.
func (f *Flow) later(at, made ssa.Instruction) ssa.Instruction {
	if at != nil && at.Parent() == made.Parent() {
		return at
	}
	return made
}

// object is component path of a variable, parameter or call result. Where it
// is a pointer, that means of what it points to.
func (f *Flow) object(q query, v ssa.Value, path string, at ssa.Instruction) Set {
	if arr := arrayOf(v.Type()); arr != nil && path == "" {
		return f.array(q, v, arr, at)
	}
	if objectType(v.Type()) && at != nil && at.Parent() == v.Parent() {
		return f.before(q, v, path, at)
	}
	switch v := v.(type) {
	case *ssa.Call:
		return f.result(q, v, 0, path)
	case *ssa.Parameter:
		return f.entry(q, v, path)
	case *ssa.FreeVar:
		return f.captured(q, v, path)
	case *ssa.Alloc:
		return f.anywhere(q, v, path)
	}
	panic("valueflow: not an object")
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
	elems := make([]Set, arr.Len())
	for i := range elems {
		elems[i] = f.content(q, v, "["+strconv.Itoa(i)+"]", at)
	}
	return combine(elems, func(p []*Expr) *Expr { return list(append([]*Expr(nil), p...)...) })
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
	if !isText(v.Type()) {
		if isZero(v.High) {
			return one(list())
		}
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
			return one(zeroOf(v.Type().Underlying().(*types.Slice).Elem()))
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
	if sets == nil {
		return one(hole("an empty map", m.Pos()))
	}
	return union(sets...)
}

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

// extract is one value of a tuple.
func (f *Flow) extract(q query, v *ssa.Extract, path string) Set {
	switch t := v.Tuple.(type) {
	case *ssa.Call:
		return f.result(q, t, v.Index, path)
	case *ssa.Lookup:
		return f.component(q, t.X, "[]"+path, t)
	case *ssa.TypeAssert:
		return f.component(q, t.X, path, t)
	case *ssa.Next:
		if t.IsString {
			return one(number)
		}
		if v.Index == 2 {
			return f.component(q, t.Iter.(*ssa.Range).X, "[]"+path, t)
		}
		return f.mapKeys(q, t.Iter.(*ssa.Range).X)
	}
	if q.as == asArgument {
		return one(argument(Plain))
	}
	return one(hole("its origin cannot be followed", v.Pos()))
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
		return one(hole("an empty map", m.Pos()))
	}
	return union(sets...)
}

// argument classifies a value that is passed along with a statement.
func (f *Flow) argument(q query, v ssa.Value, at ssa.Instruction) Set {
	if e := f.typed(v.Type()); e != nil {
		return one(e)
	}
	switch {
	case isRewriter(v.Type()):
		return one(argument(Rewriter))
	case isOption(v.Type()):
		return one(argument(Option))
	}
	return one(argument(Plain))
}

func constantOf(c *ssa.Const, path string) *Expr {
	if c.Value == nil {
		if path == "" {
			return zeroOf(c.Type())
		}
		if _, at, ok := fieldAt(c.Type(), path); ok {
			return zeroOf(at)
		}
		return argument(Plain)
	}
	switch c.Value.Kind() {
	case constant.String:
		return text(constant.StringVal(c.Value))
	case constant.Int:
		return text(c.Value.ExactString())
	}
	return number
}
