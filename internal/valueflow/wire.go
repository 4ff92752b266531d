package valueflow

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Portable returns e as another package can use it: its parameters are those
// of fn, and positions are gone. ok is false when it depends on the
// parameters of other functions, or says nothing.
func Portable(e *Expr, fn *ssa.Function) (p *Expr, ok bool) {
	x := Expr{Kind: e.Kind, Text: e.Text, Index: e.Index, Path: e.Path, Maybe: e.Maybe}
	if e.Kind == Param && e.fn != fn || e.Kind == concrete {
		return nil, false
	}
	for _, s := range e.Sub {
		s, ok := Portable(s, fn)
		if !ok {
			return nil, false
		}
		x.Sub = append(x.Sub, s)
	}
	return finish(&x), true
}

// Restore makes an expression usable that was read from a fact.
func Restore(e *Expr) *Expr {
	x := *e
	x.Sub = nil
	for _, s := range e.Sub {
		x.Sub = append(x.Sub, Restore(s))
	}
	return finish(&x)
}

// Open tells whether e depends on parameters, and returns the functions that
// these belong to, each once.
func (e *Expr) Open() []*ssa.Function {
	var fns []*ssa.Function
	seen := map[*ssa.Function]bool{}
	e.walk(func(x *Expr) {
		if x.Kind == Param && !seen[x.fn] {
			seen[x.fn] = true
			fns = append(fns, x.fn)
		}
	})
	return fns
}

// OpenText is Open without the parameters that only say where a value comes
// from: the text of e does not depend on them.
func (e *Expr) OpenText() []*ssa.Function {
	var fns []*ssa.Function
	seen := map[*ssa.Function]bool{}
	e.walk(func(x *Expr) {
		if x.Kind == Param && !strings.HasSuffix(x.Path, originPath) && !seen[x.fn] {
			seen[x.fn] = true
			fns = append(fns, x.fn)
		}
	})
	return fns
}

// Size is a measure of how much e holds, about its bytes in a fact.
func (e *Expr) Size() int { return e.size() }

// Key tells equal expressions from others.
func (e *Expr) Key() string { return e.key }

// Outline is e with holes for the parameters that it depends on.
func (f *Flow) Outline(e *Expr) *Expr {
	var refs, by []*Expr
	e.walk(func(x *Expr) {
		if x.Kind == Param {
			refs = append(refs, x)
			by = append(by, hole("a parameter", token.NoPos))
		}
	})
	return replace(e, refs, by)
}

// Unknown replaces every parameter in e by a hole that names it, or by what
// the package stores in the field in question.
func (f *Flow) Unknown(e *Expr) Set {
	refs := paramsIn(e, func(*Expr) bool { return true })
	if len(refs) == 0 {
		return one(e)
	}
	return f.settled(combine(inPlaceOf(refs, f.unknownSet), func(p []*Expr) *Expr { return replace(e, refs, p) }), nil)
}

func (f *Flow) unknownSet(x *Expr) Set {
	if x.fn == nil {
		return one(hole("a parameter", 0))
	}
	if strings.HasSuffix(x.Path, originPath) || strings.HasSuffix(x.Path, valuePath) {
		return one(f.unknownParam(query{fn: x.fn, n: x.Index, path: x.Path}))
	}
	return f.unknownCaller(query{fn: x.fn, n: x.Index, path: x.Path})
}

// Constant is the expression for a constant text.
func Constant(s string) *Expr { return text(s) }
