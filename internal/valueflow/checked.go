package valueflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// An organization that a client names is its own business as long as somebody
// checks it: compares it with that of the scope, or asks whether the user may
// enter it.
//
//	if id != current { return errForbidden }
//	if ok, err := members.Has(ctx, user, id); err != nil || !ok { … }

// checks are words in the name of a function, or of its receiver, that
// decides who may do what. This errs towards silence: what such a function
// really does is not looked into.
var checks = []string{"member", "authori", "access", "permi", "belong", "allowed", "entitle"}

// checked tells whether control gets to at only when v passed a check.
func (f *Flow) checked(v ssa.Value, at ssa.Instruction) bool {
	if at == nil || at.Block() == nil || at.Parent() != v.Parent() || f.checking[v] {
		return false // the last: v is compared with a value that is compared with v
	}
	f.checking[v] = true
	defer delete(f.checking, v)
	for _, alias := range f.loads(v) {
		if alias.Referrers() == nil {
			continue
		}
		for _, r := range *alias.Referrers() {
			if f.passes(alias, r, at) {
				return true
			}
		}
	}
	return false
}

// loads is v and, if it is read from a variable or a field, the other values
// that are.
func (f *Flow) loads(v ssa.Value) []ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return []ssa.Value{v}
	}
	root, path := place(load.X)
	out := []ssa.Value{v}
	if root.Referrers() == nil || strings.Contains(path, "[") {
		return out
	}
	var visit func(addr ssa.Value)
	visit = func(addr ssa.Value) {
		if addr.Referrers() == nil {
			return
		}
		for _, r := range *addr.Referrers() {
			switch r := r.(type) {
			case *ssa.FieldAddr:
				visit(r)
			case *ssa.UnOp:
				if rt, p := place(r.X); r.Op == token.MUL && r != load && rt == root && p == path {
					out = append(out, r)
				}
			}
		}
	}
	visit(root)
	return out
}

// passes tells whether use, of v, is a check that at depends on.
func (f *Flow) passes(v ssa.Value, use, at ssa.Instruction) bool {
	switch use := use.(type) {
	case *ssa.BinOp:
		other := use.X
		if other == v {
			other = use.Y
		}
		return (use.Op == token.EQL || use.Op == token.NEQ) && f.trusted(other, use) && decides(use, use.Op == token.EQL, at)
	case *ssa.ChangeType, *ssa.Convert, *ssa.ChangeInterface:
		return f.passesOnward(use.(ssa.Value), at)
	case *ssa.MakeInterface:
		return f.passesOnward(use, at)
	case *ssa.Store: // an argument of a variadic call
		if ia, ok := use.Addr.(*ssa.IndexAddr); ok && use.Val == v {
			if array, ok := ia.X.(*ssa.Alloc); ok {
				for _, r := range *array.Referrers() {
					if s, ok := r.(*ssa.Slice); ok && f.passesOnward(s, at) {
						return true
					}
				}
			}
		}
	case *ssa.Call:
		if asks(use) || f.compares(use, v) {
			return answered(use, at)
		}
		if callee := use.Call.StaticCallee(); callee != nil && callee.Name() == "String" {
			return f.passesOnward(use, at)
		}
	}
	return false
}

func (f *Flow) passesOnward(v ssa.Value, at ssa.Instruction) bool {
	for _, r := range *v.Referrers() {
		if f.passes(v, r, at) {
			return true
		}
	}
	return false
}

// trusted tells whether a value may stand on the other side of a comparison:
// neither a constant nor a variable such as uuid.Nil, nor sent as well.
func (f *Flow) trusted(v ssa.Value, at ssa.Instruction) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return false
	case *ssa.UnOp:
		if _, ok := v.X.(*ssa.Global); ok {
			return false
		}
	}
	return !f.OriginsOf(v, "", at).Says(Request)
}

// asks tells whether a call is of a function that decides, or of a statement
// on a table of members.
func asks(call *ssa.Call) bool {
	obj := calledObject(call)
	if obj == nil {
		return false
	}
	if Decides(obj) {
		return true
	}
	for _, a := range call.Call.Args {
		if c, ok := a.(*ssa.Const); ok && c.Value != nil && isString(c.Type()) && strings.Contains(strings.ToLower(c.Value.ExactString()), "member") {
			return true
		}
	}
	return false
}

// compares tells whether a function of this package, which a call passes v to,
// compares it with something.
func (f *Flow) compares(call *ssa.Call, v ssa.Value) bool {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return false
	}
	fn := f.own(callee)
	if fn == nil {
		return false
	}
	for i, a := range call.Call.Args {
		if a != v || i >= len(fn.Params) {
			continue
		}
		for _, r := range *fn.Params[i].Referrers() {
			cmp, ok := r.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
				continue
			}
			other := cmp.X
			if other == fn.Params[i] {
				other = cmp.Y
			}
			if f.trusted(other, cmp) {
				return true
			}
		}
	}
	return false
}

// answered tells whether at is reached only if a call's answer was yes: true,
// or no error. The answer of a row is that of its Scan.
func answered(call *ssa.Call, at ssa.Instruction) bool {
	yes := func(v ssa.Value) bool { return accepted(v, at) }
	if _, isTuple := call.Type().(*types.Tuple); !isTuple {
		return yes(call)
	}
	for _, r := range *call.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && yes(x) {
			return true
		}
	}
	return false
}

// Decides tells by the name of a function whether it decides who may do what.
func Decides(fn types.Object) bool {
	name := strings.ToLower(qualified(fn))
	return slices.ContainsFunc(checks, func(word string) bool { return strings.Contains(name, word) })
}

func accepted(v ssa.Value, at ssa.Instruction) bool {
	if isError(v.Type()) {
		for _, r := range *v.Referrers() {
			cmp, ok := r.(*ssa.BinOp)
			if ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) && decides(cmp, cmp.Op == token.EQL, at) {
				return true
			}
		}
		return false
	}
	if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
		return decides(v, true, at)
	}
	if v.Referrers() == nil {
		return false
	}
	for _, r := range *v.Referrers() {
		call, ok := r.(*ssa.Call)
		if ok && len(callArgs(call)) > 0 && callArgs(call)[0] == v && strings.HasSuffix(calleeName(call), "Scan") && isError(call.Type()) && accepted(call, at) {
			return true
		}
	}
	return false
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// decides tells whether at is reached only when cond is want.
func decides(cond ssa.Value, want bool, at ssa.Instruction) bool {
	if cond.Referrers() == nil {
		return false
	}
	for _, r := range *cond.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			if r.Op == token.NOT && decides(r, !want, at) {
				return true
			}
		case *ssa.If:
			next := r.Block().Succs[0]
			if !want {
				next = r.Block().Succs[1]
			}
			if len(next.Preds) == 1 && next.Dominates(at.Block()) {
				return true
			}
		}
	}
	return false
}
