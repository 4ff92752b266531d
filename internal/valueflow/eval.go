package valueflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Value is the texts that v can be where at uses it. Texts that depend on
// parameters are not resolved: see Site.
func (f *Flow) Value(v ssa.Value, at ssa.Instruction) Set {
	s := f.component(query{as: asText}, v, "", at)
	if at == nil {
		return s
	}
	return f.guarded(query{as: asText}, onTypes(guardsOf(at.Block(), nil)), s)
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
	s := f.evalOnce(q)
	if q.as == asOrigin {
		return one(origins(s...))
	}
	return s
}

func (f *Flow) evalOnce(q query) Set {
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
	case askField:
		return f.inField(q)
	}
	panic("valueflow: unknown query")
}

// deepest is the number of steps of a path that is still followed. Walking a
// list or a tree would make it longer for ever.
const deepest = 6

func tooDeep(path string) bool {
	return strings.Count(path, ".")+strings.Count(path, "[") > deepest
}

// cutMode takes from the end of a Param's path what it says of the mode.
func cutMode(path string, otherwise mode) (string, mode) {
	if path != "" {
		switch path[len(path)-1:] {
		case typePath:
			return path[:len(path)-1], asType
		case originPath:
			return path[:len(path)-1], asOrigin
		case valuePath:
			return path[:len(path)-1], asValue
		}
	}
	return path, otherwise
}

// component asks for part path of v, where at looks at it.
func (f *Flow) component(q query, v ssa.Value, path string, at ssa.Instruction) Set {
	if path, elsewhere := strings.CutSuffix(path, setElsewhere); elsewhere {
		return asElsewhere(f.component(q, v, path, at))
	}
	path, q.as = cutMode(path, q.as)
	if q.as != asOrigin {
		return f.part(q, v, path, at)
	}
	path, ok := f.atColumn(v.Type(), path)
	if !ok {
		return one(origins())
	}
	from := f.requestOrigin(v)
	if from != nil {
		from = origins(from)
	} else {
		from = origins(f.part(q, v, path, at)...)
	}
	if from.Says(Request) && f.checked(v, at) {
		return one(origins())
	}
	return one(from)
}

// part is component, when it is clear what it is wanted for.
func (f *Flow) part(q query, v ssa.Value, path string, at ssa.Instruction) Set {
	if tooDeep(path) {
		return one(hole("it is deep inside a structure", v.Pos()))
	}
	if path == "" && q.as == asType && (!isInterface(v.Type()) || isBuilder(v.Type()) || f.typed(v.Type()) != nil) {
		return one(f.concrete(v, at))
	}
	if path == "" && (q.as == asText || q.as == asArgument) {
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
	s := f.defined(q, v, path, at)
	if isSlice(v.Type()) {
		return f.poured(q, v, path, s)
	}
	return s
}

// defined is value as far as the instruction says that defines v.
func (f *Flow) defined(q query, v ssa.Value, path string, at ssa.Instruction) Set {
	if at != nil && at.Parent() == v.Parent() && f.mutable(v) && at != v.(ssa.Instruction) {
		return f.before(q, v, path, at)
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.IsNil() && strings.HasPrefix(path, "[") && isSlice(v.Type()) {
			return nil // it has no elements
		}
		return one(constantOf(v, path))

	case *ssa.Phi:
		var sets []Set
		for i, e := range v.Edges {
			pred := v.Block().Preds[i]
			s := f.pinned(e, pred, v.Block())
			if s == nil || q.as != asText || path != "" {
				s = f.component(q, e, path, pred.Instrs[len(pred.Instrs)-1])
			}
			sets = append(sets, f.guarded(q, guardsOf(pred, v.Block()), s))
		}
		return union(sets...)

	case *ssa.BinOp:
		if q.as == asOrigin && v.Op == token.ADD {
			return union(f.component(q, v.X, "", v), f.component(q, v.Y, "", v))
		}
		if v.Op == token.ADD && isText(v.Type()) {
			return combine([]Set{f.operandAt(q, v.X, v), f.operandAt(q, v.Y, v)}, func(p []*Expr) *Expr { return concat(v.Pos(), p...) })
		}
		return one(number)

	case *ssa.MakeInterface:
		if q.as == asType && path == "" {
			return one(f.concrete(v.X, f.later(at, v)))
		}
		if q.as == asArgument && path == "" {
			return f.argument(q, v.X, v)
		}
		if q.as == asValue && path == "" {
			return f.valueOf(v.X, v)
		}
		if q.as == asText && path == "" {
			return f.printed(q, v, f.later(at, v))
		}
		return f.component(q, v.X, path, f.later(at, v))
	case *ssa.ChangeInterface:
		return f.component(q, v.X, path, f.later(at, v))
	case *ssa.ChangeType:
		return f.component(q, v.X, path, v)
	case *ssa.Convert:
		if q.as != asOrigin && isNumber(v.X.Type()) {
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
			s := f.content(q, root, p+path, v)
			if _, global := root.(*ssa.Global); p != "" || global {
				s = f.changedLater(q, v, path, s)
			}
			return s
		}
		if v.Op == token.ARROW {
			return f.changedLater(q, v, path, f.received(q, v.X, path))
		}
		return one(number)
	case *ssa.FieldAddr, *ssa.IndexAddr:
		root, p := place(v)
		return f.content(q, root, p+path, at)
	case *ssa.Field:
		return f.component(q, v.X, fieldStep(v.Field)+path, v)
	case *ssa.Index:
		if q.as != asOrigin && isText(v.X.Type()) {
			return one(number)
		}
		return f.component(q, v.X, indexStep(v.Index)+path, v)
	case *ssa.Lookup:
		if isText(v.X.Type()) {
			return one(number)
		}
		if q.as == asOrigin {
			return f.lookedUp(q, v, path)
		}
		return f.changedLater(q, v, path, f.component(q, v.X, "[]"+path, v))
	case *ssa.Slice:
		return f.slice(q, v, path)

	case *ssa.Alloc, *ssa.FreeVar, *ssa.Parameter:
		return f.object(q, v, path, at)
	case *ssa.Global:
		return f.globalContent(q, v, path)

	case *ssa.MakeSlice:
		return f.madeSlice(q, v, path)
	case *ssa.MakeMap:
		if path == "" {
			if s, ok := f.conditionMap(v); ok {
				return s
			}
		}
		return f.mapContent(q, v, path)
	}
	if q.as == asArgument {
		return one(argument(Plain))
	}
	return one(hole("its origin cannot be followed", v.Pos()))
}

// printed is the text of a value in an interface: for package fmt, what its
// method String says. Who takes a number out again does not make text of it.
func (f *Flow) printed(q query, v *ssa.MakeInterface, at ssa.Instruction) Set {
	if s := f.pinned(v.X, v.Block(), nil); s != nil {
		return s
	}
	own := func() Set { return f.component(q, v.X, "", at) }
	t := v.X.Type()
	constant, _ := v.X.(*ssa.Const)
	switch {
	case isText(t) && isStringer(t):
		return union(own(), f.stringed(v, at))
	case isNumber(t) && isStringer(t):
		if s := f.stringed(v, at); !slices.ContainsFunc(s, isHole) || f.ownType(t) {
			return s
		}
		return one(literal("the result of method String of " + t.String()))
	case isLiteral(t) && constant == nil:
		return one(number)
	}
	return own()
}

func isHole(e *Expr) bool { return e.Kind == Hole }

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
	if arr := arrayOf(v.Type()); arr != nil && path == "" && q.as != asOrigin {
		return f.poured(q, v, "", f.array(q, v, arr, at))
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

// extract is one value of a tuple.
func (f *Flow) extract(q query, v *ssa.Extract, path string) Set {
	switch t := v.Tuple.(type) {
	case *ssa.Call:
		return f.result(q, t, v.Index, path)
	case *ssa.Lookup:
		if q.as == asOrigin {
			return f.lookedUp(q, t, path)
		}
		return f.changedLater(q, v, path, f.component(q, t.X, "[]"+path, t))
	case *ssa.Select:
		n := 2
		for _, s := range t.States {
			if s.Dir != types.RecvOnly {
				continue
			}
			if n == v.Index {
				return f.changedLater(q, v, path, f.received(q, s.Chan, path))
			}
			n++
		}
	case *ssa.UnOp: // v, ok := <-ch
		return f.changedLater(q, v, path, f.received(q, t.X, path))
	case *ssa.TypeAssert:
		return f.component(q, t.X, path, t)
	case *ssa.Next:
		if t.IsString {
			return one(number)
		}
		if v.Index == 2 || q.as == asOrigin {
			return f.component(q, t.Iter.(*ssa.Range).X, "[]"+path, t)
		}
		return f.mapKeys(q, t.Iter.(*ssa.Range).X)
	}
	if q.as == asArgument {
		return one(argument(Plain))
	}
	return one(hole("its origin cannot be followed", v.Pos()))
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
