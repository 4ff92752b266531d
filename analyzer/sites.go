package analyzer

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/sinks"
	"github.com/sigrahq/sigra/internal/ssabuild"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// firstSingle is the first of a use's parts that has no alternatives.
const firstSingle = 4

// site is a place in this package where a known use happens.
type site struct {
	instr  ssa.Instruction
	uses   []use
	seen   map[string]bool // the keys of uses
	direct bool            // the call itself reaches the database or the runtime, not a function that it calls
}

// tracer finds the sites of a package. A use whose text depends on a
// parameter is handed on to the callers of that function: in this package as
// sites of their own, in other packages through facts.
type tracer struct {
	flow     *valueflow.Flow
	pkg      *ssabuild.Package
	imported func(*types.Func) []use
	traced   func(*types.Func) bool     // were the values of its package followed?
	owned    func(*valueflow.Expr) bool // does the constant part of a text name an org-owned table?
	allowed  func(ssa.Instruction) bool // does a directive speak for a call?

	operands   func(use) []use                  // the organizations that a statement gets
	copiesInto func(use) (table, column string) // the org-owned table of a copy, and its ownership column

	sites   []*site
	byInstr map[ssa.Instruction]*site
	exports map[*ssa.Function][]use
	handled map[handing]bool
	handed  map[*ssa.Function]bool // functions whose callers got a use
	chain   []*ssa.Function        // functions whose callers are being looked at
	filling bool                   // a fact's uses are being looked at
}

// handing is a use that was handed on to the callers of a function.
type handing struct {
	fn  *ssa.Function
	key string
}

func newTracer(pkg *ssabuild.Package, flow *valueflow.Flow) *tracer {
	return &tracer{
		flow:    flow,
		pkg:     pkg,
		byInstr: map[ssa.Instruction]*site{},
		exports: map[*ssa.Function][]use{},
		handled: map[handing]bool{},
		handed:  map[*ssa.Function]bool{},
	}
}

// trace looks at every call of the package.
func (t *tracer) trace() {
	var guesses []func()
	for _, fn := range t.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case ssa.CallInstruction:
					for _, c := range t.flow.Callees(instr) {
						if guess := t.call(instr, c); guess != nil {
							guesses = append(guesses, guess)
						}
					}
				case *ssa.Store:
					t.store(instr)
				}
			}
		}
	}
	// A method of this package with a sink's name is a sink when it hands its
	// text on, which is known by now. If it does not, it may be a mock.
	for _, guess := range guesses {
		guess()
	}
}

func (t *tracer) call(call ssa.CallInstruction, c valueflow.Callee) (guess func()) {
	if c.Obj == nil || c.Obj.Pkg() == nil {
		return nil
	}
	t.enter(call, c)
	if c.Fn == nil {
		if uses := t.imported(c.Obj); uses != nil {
			t.filling = true
			t.fill(call, uses, nil, valueflow.Site{Call: call, Args: c.Args})
			t.filling = false
			return nil
		}
	}
	s, ok := sinks.Match(c.Obj)
	if !ok {
		return nil
	}
	if c.Fn == nil && !isInterfaceMethod(c.Obj) && t.traced(c.Obj) {
		s.Sure = false // Have: as far as its package goes, it runs nothing that it is given
	}
	if c.Fn != nil {
		return func() {
			if !t.handed[c.Fn] {
				s.Sure = false
				t.sink(call, c, s)
			}
		}
	}
	t.sink(call, c, s)
	return nil
}

func isInterfaceMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// sink is a call of a database's function.
func (t *tracer) sink(call ssa.CallInstruction, c valueflow.Callee, s sinks.Sink) {
	args := c.Args
	if c.Obj.Signature().Recv() != nil {
		args = args[1:]
	}
	at := func(i int) ssa.Value {
		if i < 0 || i >= len(args) {
			return nil
		}
		return args[i]
	}
	base := use{Sink: s.Name, Sure: s.Sure}
	if s.Builder >= 0 {
		for _, e := range t.flow.BuiltBy(c.Args[s.Builder], call) {
			u := base
			u.Text = e
			t.add(call, u)
		}
		return
	}
	if s.Table >= 0 {
		table, columns := at(s.Table), at(s.Columns)
		if table == nil || columns == nil {
			return
		}
		for _, e := range t.flow.Value(table, call) {
			for _, cols := range t.flow.Value(columns, call) {
				u := base
				u.Table, u.Columns = e, cols
				t.add(call, u)
				t.copied(call, u, at(s.Columns+1))
			}
		}
		return
	}
	text := at(s.Text)
	if text == nil {
		return
	}
	lists := valueflow.Set{nil}
	if v := at(s.Args); v != nil && isSlice(v.Type()) {
		lists = t.flow.Arguments(v, call)
	}
	for _, e := range t.flow.Value(text, call) {
		for _, l := range lists {
			u := base
			u.Text, u.Args, u.Values = e, l, t.values(at(s.Args), e, call)
			t.add(call, u)
			if e.Kind != valueflow.Text || e.Text != "" {
				break // the arguments do not matter to this text
			}
		}
	}
}

// values is where the arguments of a statement come from, if that may matter.
func (t *tracer) values(v ssa.Value, text *valueflow.Expr, call ssa.CallInstruction) *valueflow.Expr {
	if v == nil || len(text.Open()) == 0 && !t.owned(text) {
		return nil
	}
	return t.flow.Values(v, call)
}

func isSlice(t types.Type) bool {
	_, ok := t.Underlying().(*types.Slice)
	return ok
}

// store finds statements in pgx.TxOptions{BeginQuery: …, CommitQuery: …}.
func (t *tracer) store(s *ssa.Store) {
	fa, ok := s.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	name, ok := sinks.Field(fa.X.Type(), fa.Field)
	if !ok {
		return
	}
	for _, e := range t.flow.Value(s.Val, s) {
		t.add(s, use{Sink: name, Sure: true, Text: e})
	}
}

// fill makes sites of the uses of a called function.
func (t *tracer) fill(call ssa.CallInstruction, uses []use, fn *ssa.Function, s valueflow.Site) {
	for _, u := range uses {
		filled := []use{u}
		for i := range u.parts() {
			var next []use
			for _, x := range filled {
				p := x.parts()[i]
				if *p == nil {
					next = append(next, x)
					continue
				}
				if i >= firstSingle {
					*p = t.flow.FillOne(*p, fn, s)
					next = append(next, x)
					continue
				}
				isArgs := i == 1
				for _, e := range t.flow.Fill(valueflow.Set{*p}, fn, s, isArgs) {
					y := x
					*y.parts()[i] = e
					next = append(next, y)
				}
			}
			filled = next
		}
		for _, x := range filled {
			t.add(call, x)
		}
	}
}

// add puts a use where it belongs: here, if all is known about it, or with
// the callers of the function whose parameters it depends on. A finding about
// a helper's table or condition is then told where that is chosen, and can be
// allowed there, one by one.
func (t *tracer) add(at ssa.Instruction, u use) {
	open := u.open()
	if len(open) == 0 {
		t.place(at, u)
		return
	}
	if u.Text == nil && u.Table == nil || u.Scoping {
		// Have: an organization or a builder, for which nobody has to answer
		// until it is known.
	} else if t.allowed(at) {
		return // Have: whatever is passed, somebody answers for it
	}
	owner := t.owner(at, open)
	h := handing{owner, u.key()}
	if t.handled[h] {
		return // the callers have it, or a recursion hands on what it was given
	}
	if owner == nil || slices.Contains(t.chain, owner) {
		t.here(at, u) // Have: no caller to ask, or a recursion that makes more
		return
	}
	callers, complete := t.flow.Callers(owner)
	switch {
	case complete && calledFromElsewhere(owner, callers):
		t.resolved(at, u, t.flow.Closed)
		t.handled[h] = true
		return
	case complete:
	case t.names(u):
		// Whoever calls this, the statement is written here.
		t.here(at, u)
		return
	case !exported(owner):
		t.here(at, u)
		if len(callers) == 0 {
			return
		}
	case (len(callers) == 0 || t.flow.Taken(owner)) && t.stored(at, u):
	default:
		if p, ok := portable(u, owner); ok && len(t.exports[owner]) < maxAlternatives {
			t.exports[owner] = append(t.exports[owner], p)
		} else {
			t.here(at, u)
		}
	}
	t.handled[h] = true
	t.handed[owner] = true
	t.chain = append(t.chain, owner)
	for _, c := range callers {
		t.fill(c.Call, []use{u}, owner, c)
	}
	t.chain = t.chain[:len(t.chain)-1]
}

// owner is the function whose parameters come next: the innermost one around
// instr that the use depends on.
func (t *tracer) owner(instr ssa.Instruction, open []*valueflow.Expr) *ssa.Function {
	var fns []*ssa.Function
	for _, e := range open {
		fns = append(fns, e.Open()...)
	}
	for fn := instr.Parent(); fn != nil; fn = fn.Parent() {
		if slices.Contains(fns, fn) {
			return fn
		}
	}
	return nil
}

func exported(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	return ok && obj.Exported()
}

func (t *tracer) names(u use) bool {
	return u.Text != nil && t.owned(u.Text) || u.Table != nil && t.owned(u.Table)
}

// calledFromElsewhere tells whether a function literal is only called by other
// functions than the one that holds it: the body of a loop over a function, a
// callback. Where its text is chosen says less than where it is used.
func calledFromElsewhere(fn *ssa.Function, callers []valueflow.Site) bool {
	if fn.Parent() == nil {
		return false
	}
	outermost := func(f *ssa.Function) *ssa.Function {
		for f.Parent() != nil {
			f = f.Parent()
		}
		return f
	}
	return !slices.ContainsFunc(callers, func(s valueflow.Site) bool { return outermost(s.Call.Parent()) == outermost(fn) })
}

// stored judges a use of what a method finds in its receiver, or in another
// object, as far as only this package puts it there. done is false when callers
// in other packages know more.
func (t *tracer) stored(at ssa.Instruction, u use) (done bool) {
	text := &u.Text
	if u.Text == nil {
		text = &u.Table
	}
	if *text == nil {
		return false
	}
	texts, told, ok := t.flow.Stored(*text)
	if !ok {
		return false
	}
	for _, e := range texts {
		if !told || !e.Has(valueflow.Hole) {
			*text = e
			t.here(at, u)
		}
	}
	return !told
}

// here gives up on parameters: the use is judged with holes for them.
func (t *tracer) here(instr ssa.Instruction, u use) {
	t.resolved(instr, u, func(s valueflow.Set) valueflow.Set { return t.flow.Unknown(s[0]) })
}

// resolved judges a use here, with something else in the place of parameters.
func (t *tracer) resolved(instr ssa.Instruction, u use, resolve func(valueflow.Set) valueflow.Set) {
	filled := []use{u}
	for i := range u.parts() {
		var next []use
		for _, x := range filled {
			p := x.parts()[i]
			if *p == nil {
				next = append(next, x)
				continue
			}
			alternatives := resolve(valueflow.Set{*p})
			if i >= firstSingle {
				alternatives = valueflow.Single(alternatives)
			}
			for _, e := range alternatives {
				y := x
				*y.parts()[i] = e
				next = append(next, y)
			}
		}
		filled = next
	}
	for _, x := range filled {
		t.place(instr, x)
	}
}

func (t *tracer) place(instr ssa.Instruction, u use) {
	s := t.byInstr[instr]
	if s == nil {
		s = &site{instr: instr, seen: map[string]bool{}, direct: len(t.chain) == 0 && !t.filling}
		t.byInstr[instr] = s
		t.sites = append(t.sites, s)
	}
	t.derive(instr, u)
	if key := u.key(); !s.seen[key] {
		s.seen[key] = true
		s.uses = append(s.uses, u)
	}
}

// portable is u for a fact on fn.
func portable(u use, fn *ssa.Function) (use, bool) {
	for _, p := range u.parts() {
		if *p == nil {
			continue
		}
		e, ok := valueflow.Portable(*p, fn)
		if !ok {
			return use{}, false
		}
		*p = e
	}
	return u, true
}
