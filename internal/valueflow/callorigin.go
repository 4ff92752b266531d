package valueflow

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/sinks"
)

// callOrigin is where component path of result n of a call comes from. A row is
// not whoever's when the user may have what the call asks for:
//
//	if err := s.authorize(ctx, id); err != nil { … }
//	project, err := s.project(ctx, id)
func (f *Flow) callOrigin(q query, site Site, c Callee, n int, path string) Set {
	s := f.anyCallOrigin(q, site, c, n, path)
	from := origins(s...)
	if (from.Says(Row) || from.Says(Named)) && f.asksFirst(site.Call) {
		return one(from.Traveling())
	}
	return s
}

// asksFirst tells whether a call is reached only when something that it is
// told, its receiver and its context aside, passed a check.
func (f *Flow) asksFirst(call ssa.CallInstruction) bool {
	args := call.Common().Args
	if call.Common().Signature().Recv() != nil && !call.Common().IsInvoke() {
		args = args[1:]
	}
	for _, a := range args {
		switch boxed := a.(type) {
		case *ssa.MakeInterface:
			a = boxed.X
		case *ssa.ChangeInterface:
			a = boxed.X
		}
		if _, constant := a.(*ssa.Const); !constant && !isNamed(a.Type(), "context", "Context") && f.checked(a, call) {
			return true
		}
	}
	return false
}

func (f *Flow) anyCallOrigin(q query, site Site, c Callee, n int, path string) Set {
	if c.Obj != nil && c.Obj.Pkg() != nil {
		if e := scopeOrigin(c.Obj); e != nil {
			return one(e)
		}
		if what, ok := sentWith(c.Obj); ok {
			return one(origin(Request, what))
		}
		pkg := unvendored(c.Obj.Pkg().Path())
		switch {
		case pkg == builderPath:
			return f.chainOrigin(q, site, c)
		case pkg == QueryPath:
			return f.unscopedOrigin(site, c)
		case pkg == "context" && c.Obj.Name() == "Value", keepsValues(c.Obj, false):
			return f.kept(q, site.Call)
		case passesOn(pkg, c.Obj) && c.Fn == nil:
			var sets []Set
			for _, a := range c.Args {
				sets = append(sets, f.component(q, a, "", site.Call))
			}
			return union(sets...)
		case c.Fn == nil && readsRows(c.Obj):
			return f.rowOrigin(q, site, c)
		}
	}
	switch {
	case c.Fn != nil && f.verifies(c.Fn):
		return nil
	case c.Fn != nil:
		s := f.solver.ask(query{kind: askResult, fn: c.Fn, n: n, path: path, as: q.as})
		return f.fill(q, s, c.Fn, site)
	case c.Obj != nil:
		return f.fill(q, f.facts.Origins(c.Obj, n, path), nil, site)
	}
	return nil
}

// unscopedOrigin is where rows come from that query.One or query.All read with
// query.Unscoped. A sweep over all organizations is fine; so is a row that is
// found by a secret. One that is found by its id is whoever's.
func (f *Flow) unscopedOrigin(site Site, c Callee) Set {
	if name := c.Obj.Name(); name != "One" && name != "All" || len(c.Args) != 3 {
		return nil
	}
	b := unscopedBuilder(c.Args[2])
	if b == nil {
		return nil
	}
	if table := f.facts.ByID(f.BuiltBy(b, site.Call)); table != "" {
		return one(origin(Named, table))
	}
	return nil
}

// unscopedBuilder is the builder that a statement was made of by
// query.Unscoped; nil when it was made otherwise.
func unscopedBuilder(st ssa.Value) ssa.Value {
	if boxed, ok := st.(*ssa.MakeInterface); ok {
		st = boxed.X
	}
	call, ok := st.(*ssa.Call)
	if !ok {
		return nil
	}
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Object() == nil || fullName(fn.Object().(*types.Func)) != QueryPath+".Unscoped" {
		return nil
	}
	return call.Call.Args[0]
}

func calledObject(call *ssa.Call) types.Object {
	if call.Call.IsInvoke() {
		return call.Call.Method
	}
	if fn := call.Call.StaticCallee(); fn != nil {
		return fn.Object()
	}
	return nil
}

// scopeOrigin knows what a scope tells.
func scopeOrigin(fn *types.Func) *Expr {
	recv := fn.Signature().Recv()
	if recv == nil || !isNamed(recv.Type(), ScopePath, "Scope") {
		return nil
	}
	switch fn.Name() {
	case "OrganizationID", "ActiveOrganization", "Membership":
		return origin(Own, "")
	case "UserID":
		return origin(User, "")
	}
	return nil
}

// chainOrigin is the builder that a method returns: its receiver, unless that
// was cloned.
func (f *Flow) chainOrigin(q query, site Site, c Callee) Set {
	sig := c.Obj.Signature()
	if sig.Recv() == nil || c.Obj.Name() == "Clone" || sig.Results().Len() != 1 ||
		!types.Identical(sig.Recv().Type(), sig.Results().At(0).Type()) {
		return nil
	}
	return f.component(q, c.Args[0], "", site.Call)
}

// readsRows tells whether a function of a database library returns rows, or
// what was read from them.
func readsRows(fn *types.Func) bool {
	if _, ok := sinks.Match(fn); ok {
		return true
	}
	return sinks.Library(fn.Pkg().Path())
}

// rowOrigin is where rows come from: an org-owned table that the statement
// does not restrict, or a place that says nothing against them.
func (f *Flow) rowOrigin(q query, site Site, c Callee) Set {
	s, ok := sinks.Match(c.Obj)
	if !ok {
		// Have: CollectRows(rows, …), rows.Next, and the like.
		var sets []Set
		for _, a := range c.Args {
			if !isText(a.Type()) && ofDatabase(a.Type()) {
				sets = append(sets, f.component(q, a, "", site.Call))
			}
		}
		return union(sets...)
	}
	args := c.Args
	if c.Obj.Signature().Recv() != nil {
		args = args[1:]
	}
	if s.Text < 0 || s.Text >= len(args) {
		return nil
	}
	texts := f.component(query{as: asText}, args[s.Text], "", site.Call)
	if table := f.facts.Unrestricted(texts, site.Call); table != "" {
		return one(origin(Row, table))
	}
	return nil
}

func ofDatabase(t types.Type) bool {
	n, _ := namedType(t)
	return n != nil && n.Obj().Pkg() != nil && sinks.Library(n.Obj().Pkg().Path())
}

// verifies tells whether a function checks a signature: what it returns is
// then vouched for, whoever sent it.
func (f *Flow) verifies(fn *ssa.Function) bool {
	if v, ok := f.verifying[fn]; ok {
		return v
	}
	found := false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			callee := call.Common().StaticCallee()
			if callee == nil || callee.Object() == nil || callee.Object().Pkg() == nil {
				continue
			}
			found = found || checksSignature(callee.Object().Pkg().Path(), callee.Name())
		}
	}
	f.verifying[fn] = found
	return found
}

func checksSignature(pkg, name string) bool {
	switch pkg {
	case "crypto/hmac":
		return name == "Equal"
	case "crypto/subtle":
		return name == "ConstantTimeCompare"
	case "crypto/rsa", "crypto/ecdsa", "crypto/ed25519":
		return strings.HasPrefix(name, "Verify")
	}
	return false
}

// filledOrigin is where the contents of argument arg of a call come from after
// it, when the function is known to fill it. ok is false when it leaves the
// argument alone, as far as origins go.
func (f *Flow) filledOrigin(q query, call ssa.CallInstruction, arg int, path string) (Set, bool) {
	if hiddenFromDecoding(call, arg, path) {
		return nil, false
	}
	for _, c := range f.Callees(call) {
		if c.Obj == nil || c.Obj.Pkg() == nil {
			continue
		}
		if what, ok := fillsFromRequest(c.Obj); ok {
			return one(origin(Request, what)), true
		}
		if from, ok := fillsFrom(c.Obj); ok && from < len(c.Args) && from != arg {
			return f.component(q, c.Args[from], "", call), true
		}
		if s, ok := sinks.Match(c.Obj); ok {
			into := s.Text - 1 // the destination of Get and Select
			if c.Obj.Signature().Recv() != nil {
				into++
			}
			if strings.HasPrefix(c.Obj.Name(), "Get") || strings.HasPrefix(c.Obj.Name(), "Select") {
				if arg == into {
					return f.rowOrigin(q, Site{call, c.Args}, c), true
				}
			}
			continue
		}
		if scans(c.Obj) && len(c.Args) > 0 {
			return f.component(q, c.Args[0], "", call), true
		}
	}
	return nil, false
}

// scans tells whether a method copies a row of its receiver into its
// arguments.
func scans(fn *types.Func) bool {
	return fn.Signature().Recv() != nil && slices.Contains([]string{"Scan", "StructScan", "MapScan", "SliceScan"}, fn.Name())
}

// hiddenFromDecoding tells whether a field that path goes through is not
// filled by decoders: unexported, or tagged "-".
func hiddenFromDecoding(call ssa.CallInstruction, arg int, path string) bool {
	args := callArgs(call)
	if arg < 0 || arg >= len(args) {
		return false
	}
	t := args[arg].Type()
	if boxed, ok := args[arg].(*ssa.MakeInterface); ok {
		t = boxed.X.Type()
	}
	for path != "" && path[0] == '.' {
		var step string
		step, path = cutStep(path)
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return false
		}
		for i := range st.NumFields() {
			if fieldStep(i) != step {
				continue
			}
			tag := reflect.StructTag(st.Tag(i))
			if !st.Field(i).Exported() && !st.Field(i).Embedded() || tag.Get("json") == "-" {
				return true
			}
			t = st.Field(i).Type()
		}
	}
	return false
}
