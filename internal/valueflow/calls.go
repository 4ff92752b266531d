package valueflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// result is component path of result n of a call.
func (f *Flow) result(q query, call *ssa.Call, n int, path string) Set {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		return f.builtin(q, call, b.Name(), path)
	}
	callees := f.Callees(call)
	if len(callees) == 0 {
		return one(hole("the result of a function value", call.Pos()))
	}
	var sets []Set
	for _, c := range callees {
		sets = append(sets, f.calleeResult(q, call, c, n, path))
	}
	return union(sets...)
}

func (f *Flow) calleeResult(q query, call *ssa.Call, c Callee, n int, path string) Set {
	site := Site{call, c.Args}
	if q.as == asOrigin {
		return f.callOrigin(q, site, c, n, path)
	}
	if s, ok := f.library(q, site, c, n, path); ok {
		return s
	}
	if c.Fn != nil {
		s := f.solver.ask(query{kind: askResult, fn: c.Fn, n: n, path: path, as: q.as})
		return f.fill(q, s, c.Fn, site)
	}
	if c.Obj != nil && path == "" {
		if s := f.facts.Results(c.Obj, n); s != nil {
			return f.fill(q, s, nil, site)
		}
	}
	if c.Obj != nil && path != "" {
		if s := f.facts.ResultPart(c.Obj, n, path); s != nil {
			return f.fill(q, s, nil, site)
		}
		if s := f.facts.Results(c.Obj, n); s != nil && strings.HasPrefix(path, "[") && strings.HasSuffix(path, "]") {
			return elementsOf(f.fill(q, s, nil, site), path)
		}
	}
	if q.as == asArgument {
		return one(argument(Plain))
	}
	if call.Call.IsInvoke() && q.as == asText {
		return f.dynamic(call, n, path)
	}
	return one(hole("the result of "+calleeName(call), call.Pos()))
}

// returned is what a function of this package returns. What comes with an
// error is left out, because nobody goes on with it: the empty text in
// return "", nil, err is no statement.
func (f *Flow) returned(q query) Set {
	if q.as == asOrigin && f.verifies(q.fn) {
		return nil
	}
	var sets, failed []Set
	for _, ret := range f.returns(q.fn) {
		b := ret.Block()
		if q.n >= len(ret.Results) {
			continue
		}
		s := f.component(q, ret.Results[q.n], q.path, ret)
		if isZeroConst(ret.Results[q.n]) && fails(ret) {
			failed = append(failed, s)
			continue
		}
		sets = append(sets, f.guarded(q, guardsOf(b, nil), s))
	}
	if sets == nil {
		sets = failed
	}
	return f.widest(union(sets...))
}

// returns are the ways in which fn returns; from a panic only if a deferred
// function of this package recovers.
func (f *Flow) returns(fn *ssa.Function) []*ssa.Return {
	var out []*ssa.Return
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if ok && (b != fn.Recover || f.recovers(fn)) {
			out = append(out, ret)
		}
	}
	return out
}

func (f *Flow) recovers(fn *ssa.Function) bool {
	return slices.ContainsFunc(instructions(fn, isDefer), func(instr ssa.Instruction) bool {
		return slices.ContainsFunc(f.Callees(instr.(*ssa.Defer)), func(c Callee) bool {
			return c.Fn != nil && len(instructions(c.Fn, isRecover)) > 0
		})
	})
}

func isDefer(instr ssa.Instruction) bool {
	_, ok := instr.(*ssa.Defer)
	return ok
}

func isRecover(instr ssa.Instruction) bool {
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	b, ok := call.Common().Value.(*ssa.Builtin)
	return ok && b.Name() == "recover"
}

// fails tells whether a return has an error, or a false ok, as its last
// result.
func fails(ret *ssa.Return) bool {
	if len(ret.Results) < 2 {
		return false
	}
	last := ret.Results[len(ret.Results)-1]
	c, constant := last.(*ssa.Const)
	if b, ok := last.Type().Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
		return constant && c.Value != nil && c.Value.String() == "false"
	}
	return types.Identical(last.Type(), types.Universe.Lookup("error").Type()) && !(constant && c.IsNil())
}

func isZeroConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok {
		return false
	}
	return c.Value == nil || c.Value.ExactString() == `""`
}

// fill puts the arguments of a call in place of the parameters of fn.
func (f *Flow) fill(q query, s Set, fn *ssa.Function, site Site) Set {
	filled := substitute(s, fn, func(p *Expr) Set { return f.passedAt(q, site, p.Index, p.Path) })
	return f.settled(filled, site.Call.Parent())
}

// substitute puts what by says in place of the parameters of fn.
func substitute(s Set, fn *ssa.Function, by func(p *Expr) Set) Set {
	var sets []Set
	for _, e := range s {
		refs := paramsOf(e, fn)
		if len(refs) == 0 {
			sets = append(sets, one(e))
			continue
		}
		sets = append(sets, combine(inPlaceOf(refs, by), func(p []*Expr) *Expr { return replace(e, refs, p) }))
	}
	return union(sets...)
}

// passedAt is what a call passes for component path of parameter n.
func (f *Flow) passedAt(q query, site Site, n int, path string) Set {
	switch {
	case n < 0:
		return one(typeArgument(site, n))
	case n >= len(site.Args):
		return one(hole("an argument", site.Call.Pos()))
	}
	return f.component(q, site.Args[n], path, site.Call)
}

// paramsOf finds the parameters of fn that e depends on.
func paramsOf(e *Expr, fn *ssa.Function) []*Expr {
	return paramsIn(e, func(p *Expr) bool { return p.fn == fn })
}

// paramsIn finds the parameters in e that are wanted, each once. One that
// stands for any element of a slice is there as often as e mentions it, since
// a loop that puts elements together takes another one each time.
func paramsIn(e *Expr, wanted func(*Expr) bool) []*Expr {
	var refs []*Expr
	seen := map[string]bool{}
	e.walk(func(x *Expr) {
		if x.Kind == Param && wanted(x) && (isElement(x) || !seen[x.key]) {
			seen[x.key] = true
			refs = append(refs, x)
		}
	})
	return refs
}

func isElement(p *Expr) bool { return p.Kind == Param && strings.Contains(p.Path, "[]") }

// inPlaceOf is what combine is to choose from for each of refs: what by says
// of it. Of the same elements each mention begins with another, so that they
// are mixed even where there are too many for all combinations.
func inPlaceOf(refs []*Expr, by func(*Expr) Set) []Set {
	sets := make([]Set, len(refs))
	mentions := map[string]int{}
	for i, r := range refs {
		s := by(r)
		if n := mentions[r.key]; n > 0 && len(s) > 0 {
			n %= len(s)
			s = slices.Concat(s[n:], s[:n])
		}
		mentions[r.key]++
		sets[i] = s
	}
	return sets
}

// replace puts by[i] in place of refs[i] and works out what can be worked out
// now.
func replace(e *Expr, refs, by []*Expr) *Expr {
	r := replacement{refs: refs, by: by}
	return r.in(e)
}

type replacement struct {
	refs, by []*Expr
	mentions map[string]int // of elements, so far
}

// of is what replaces e itself; nil when nothing does.
func (r *replacement) of(e *Expr) *Expr {
	if e.Kind != Param && e.Kind != Call {
		return nil
	}
	skip := 0
	if isElement(e) {
		if r.mentions == nil {
			r.mentions = map[string]int{}
		}
		skip = r.mentions[e.key]
		r.mentions[e.key]++
	}
	var found *Expr
	for i, ref := range r.refs {
		if ref.key != e.key {
			continue
		}
		found = r.by[i]
		if skip == 0 {
			break
		}
		skip--
	}
	return found
}

func (r *replacement) in(e *Expr) *Expr {
	if by := r.of(e); by != nil {
		return by
	}
	if len(e.Sub) == 0 {
		return e
	}
	var sub []*Expr
	for i, s := range e.Sub {
		x := r.in(s)
		if x != s && sub == nil {
			sub = slices.Clone(e.Sub)
		}
		if sub != nil {
			sub[i] = x
		}
	}
	if sub == nil {
		return e
	}
	if anyNever(sub) {
		return impossible
	}
	switch e.Kind {
	case Concat:
		return concat(e.pos, sub...)
	case Call:
		if e.typ != nil {
			return when(e.Text, e.typ, sub[0], sub[1])
		}
		return apply(e.Text, e.pos, sub...)
	case Built:
		return built(sub[0])
	case Origins:
		return origins(sub...)
	case Builder:
		if sub[0].Kind != Event {
			return extend(sub[0], sub[1:]...)
		}
	}
	x := *e
	x.Sub = sub
	return finish(&x)
}

// closed resolves every parameter in s by what the package's callers pass.
func (f *Flow) closed(s Set) Set {
	var sets []Set
	for _, e := range s {
		refs := paramsIn(e, func(p *Expr) bool { return p.fn != nil })
		if len(refs) == 0 {
			sets = append(sets, one(e))
			continue
		}
		passed := inPlaceOf(refs, func(p *Expr) Set {
			return f.solver.ask(query{kind: askCallers, fn: p.fn, n: p.Index, path: p.Path})
		})
		sets = append(sets, combine(passed, func(p []*Expr) *Expr { return replace(e, refs, p) }))
	}
	return union(sets...)
}

// Closed resolves the parameters that expressions still depend on by what the
// callers in this package pass; other callers are Holes.
func (f *Flow) Closed(s Set) Set { return f.closed(s) }

// passed is what callers pass for a parameter.
func (f *Flow) passed(q query) Set {
	sites, complete := f.Callers(q.fn)
	var sets []Set
	for _, site := range sites {
		sets = append(sets, f.closed(f.passedAt(q, site, q.n, q.path)))
	}
	if !complete {
		sets = append(sets, f.unknownCaller(q))
	}
	return union(sets...)
}

// unknownCaller is what callers pass that nobody knows: of an object, at least
// what the package stores in its fields.
func (f *Flow) unknownCaller(q query) Set {
	switch {
	case strings.HasSuffix(q.path, setElsewhere):
		return nil
	case q.path != "" && q.n >= 0:
		if s, ok := f.storedIn(q, q.fn.Params[q.n].Type(), q.path, false); ok {
			return s
		}
	}
	return one(f.unknownParam(q))
}

func (f *Flow) unknownParam(q query) *Expr {
	switch {
	case strings.HasSuffix(q.path, originPath):
		return origins()
	case strings.HasSuffix(q.path, valuePath):
		return number
	}
	name := "parameter " + parameterName(q.fn, q.n) + " of " + functionName(q.fn)
	if q.n < 0 {
		name = "a type parameter of " + functionName(q.fn)
	}
	if q.path != "" && q.n >= 0 {
		if last, _, ok := fieldAt(q.fn.Params[q.n].Type(), q.path); ok && last != nil {
			name = "field " + last.Name() + " of " + name
		}
	}
	return hole(name, q.fn.Pos())
}

func parameterName(fn *ssa.Function, i int) string {
	if 0 <= i && i < len(fn.Params) {
		return fn.Params[i].Name()
	}
	return "?"
}

func functionName(fn *ssa.Function) string {
	if obj := fn.Object(); obj != nil {
		return qualified(obj)
	}
	return "a function literal"
}

func calleeName(call ssa.CallInstruction) string {
	c := call.Common()
	if c.IsInvoke() {
		return qualified(c.Method)
	}
	if fn := c.StaticCallee(); fn != nil {
		if origin := fn.Origin(); origin != nil {
			fn = origin
		}
		return functionName(fn)
	}
	return "a function value"
}

func (f *Flow) builtin(q query, call *ssa.Call, name, path string) Set {
	if name != "append" {
		return one(number)
	}
	args := call.Call.Args
	if path != "" {
		return union(f.component(q, args[0], path, call), f.component(q, args[1], path, call))
	}
	parts := []Set{f.component(q, args[0], "", call), f.component(q, args[1], "", call)}
	if isText(call.Type()) {
		return combine(parts, func(p []*Expr) *Expr { return concat(call.Pos(), p...) })
	}
	return combine(parts, func(p []*Expr) *Expr { return apply("append", call.Pos(), p...) })
}

// afterCall is component path of root once a call has had its address. ok is
// false when the call does not change it.
func (f *Flow) afterCall(q query, root ssa.Value, e effect, path string) (s Set, certain, ok bool) {
	rest, ok, certain := matchPath(e.path, path)
	if !ok {
		return nil, false, false
	}
	call := e.instr.(ssa.CallInstruction)
	before := func() Set { return f.content(q, root, path, call) }
	callees := f.Callees(call)
	if onlyReads(callees) {
		return nil, false, false
	}

	var sets []Set
	for _, c := range callees {
		arg := e.arg + len(c.Args) - len(callArgs(call))
		if q.as == asOrigin && c.Fn == nil {
			s, ok := f.filledOrigin(q, call, e.arg, rest)
			if !ok {
				s = before()
			}
			sets = append(sets, s)
			continue
		}
		written, how := f.written(q, c, call, arg)
		switch {
		case how == appends && rest == "":
			sets = append(sets, combine([]Set{before(), written}, func(p []*Expr) *Expr { return concat(call.Pos(), p...) }))
		case how == overwrites && rest == "":
			sets = append(sets, written)
		case how == keeps:
			sets = append(sets, before())
		case c.Fn != nil && arg < len(c.Fn.Params):
			if len(f.effects(c.Fn.Params[arg])) == 0 {
				sets = append(sets, before())
				continue
			}
			after := f.solver.ask(query{kind: askAfter, fn: c.Fn, n: arg, path: rest, as: q.as})
			sets = append(sets, f.fill(q, after, c.Fn, Site{call, c.Args}))
		default:
			s, known := []*Expr(nil), false
			if c.Obj != nil && c.Fn == nil {
				s, known = f.facts.After(c.Obj, arg, rest)
			}
			switch {
			case !known:
				sets = append(sets, one(hole("it is filled in by "+calleeName(call), call.Pos())))
			case s == nil:
				sets = append(sets, before())
			default:
				sets = append(sets, f.fill(q, s, nil, Site{call, c.Args}))
			}
		}
	}
	if sets == nil {
		return one(hole("it is filled in by a function value", call.Pos())), certain, true
	}
	return union(sets...), certain, true
}

// after is component path of what pointer parameter n holds when fn returns.
func (f *Flow) after(q query) Set {
	var sets []Set
	for _, ret := range f.returns(q.fn) {
		sets = append(sets, f.content(q, q.fn.Params[q.n], q.path, ret))
	}
	return union(sets...)
}

type writing uint8

const (
	other writing = iota
	appends
	overwrites
	keeps
)

// written is the text that a call of the standard library writes to its
// argument arg.
func (f *Flow) written(q query, c Callee, call ssa.CallInstruction, arg int) (Set, writing) {
	name := fullName(c.Obj)
	pkg, fn, _ := strings.Cut(name, ".")
	switch {
	case arg == 0 && pkg == "fmt" && strings.HasPrefix(fn, "Fprint"):
		return f.formatted(q, strings.TrimPrefix(fn, "Fp"), c.Args[1:], call), appends
	case arg == 0 && (name == "io.WriteString" || name == "io.Copy"):
		return f.component(q, c.Args[1], "", call), appends
	}
	method := ""
	for _, t := range []string{"strings.Builder.", "bytes.Buffer.", "io.Writer.", "io.StringWriter.", "io.ByteWriter."} {
		if m, ok := strings.CutPrefix(name, t); ok {
			method = m
		}
	}
	if arg != 0 {
		return nil, other
	}
	switch method {
	case "WriteString", "Write":
		return f.component(q, c.Args[1], "", call), appends
	case "WriteByte", "WriteRune":
		if k, ok := c.Args[1].(*ssa.Const); ok && k.Value != nil {
			return one(text(string(rune(k.Int64())))), appends
		}
		return one(number), appends
	case "Reset":
		return one(empty), overwrites
	case "Grow", "Len", "Cap", "String", "Bytes", "Available":
		return nil, keeps
	}
	return nil, other
}

// formatted is the text that the fmt function of that name makes: rint,
// rintf, rintln.
func (f *Flow) formatted(q query, name string, args []ssa.Value, at ssa.CallInstruction) Set {
	sets := make([]Set, len(args))
	for i, a := range args {
		sets[i] = f.component(query{as: asText}, a, "", at)
	}
	op := "sprint"
	if strings.HasSuffix(name, "f") {
		op = "sprintf"
	}
	return combine(sets, func(p []*Expr) *Expr { return apply(op, at.Pos(), p...) })
}

// onlyReads tells whether the functions leave alone what they get a pointer
// to.
func onlyReads(callees []Callee) bool {
	for _, c := range callees {
		if c.Obj == nil || c.Obj.Pkg() == nil {
			return false
		}
		switch c.Obj.Pkg().Path() {
		case "log", "log/slog", "errors", "testing":
		case "fmt":
			if strings.Contains(c.Obj.Name(), "scan") || strings.HasPrefix(c.Obj.Name(), "Fprint") {
				return false
			}
		default:
			return false
		}
	}
	return len(callees) > 0
}

// tableOf is the table that a query.Table[M] is declared for, by its M.
func (f *Flow) tableOf(t types.Type) string {
	n, _ := namedType(t)
	if n == nil || !isNamed(t, QueryPath, "Table") || n.TypeArgs().Len() != 1 {
		return ""
	}
	return f.facts.Table(n.TypeArgs().At(0))
}
