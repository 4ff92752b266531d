package valueflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A branch on whether a text or a list of texts is empty decides which texts
// come out of it:
//
//	if where != "" {
//		query += " WHERE " + where
//	}
//
// Without a look at the condition, the statement without WHERE would seem to
// be possible for a caller that passes one. So an alternative that belongs to
// such a branch waits, as an operation on the guard and the text, until the
// guard is known.

// guard is a condition on the way to a block.
type guard struct {
	v     ssa.Value // the text or list
	empty bool      // what it is found to be
	at    ssa.Instruction
}

const (
	opIfEmpty = "if empty"
	opIfSome  = "if some"
)

// guardOf is the condition under which control leaves block b, for next or,
// if that is nil, at all.
func guardOf(b, next *ssa.BasicBlock) *guard {
	if next != nil {
		if g := branch(b, next); g != nil {
			return g
		}
	}
	if len(b.Preds) == 1 {
		return branch(b.Preds[0], b)
	}
	return nil
}

// branch reads the condition of the branch from b to next.
func branch(b, next *ssa.BasicBlock) *guard {
	cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return nil
	}
	cmp, ok := cond.Cond.(*ssa.BinOp)
	if !ok {
		return nil
	}
	v, ok := emptiness(cmp)
	if !ok {
		return nil
	}
	empty := cmp.Op == token.EQL
	if b.Succs[1] == next {
		empty = !empty
	}
	return &guard{v, empty, cond}
}

// emptiness recognises s == "", s != "", len(s) == 0, len(s) != 0 and
// len(s) > 0 of texts and lists of texts.
func emptiness(cmp *ssa.BinOp) (ssa.Value, bool) {
	c, ok := cmp.Y.(*ssa.Const)
	if !ok || c.Value == nil {
		return nil, false
	}
	if cmp.Op != token.EQL && cmp.Op != token.NEQ && cmp.Op != token.GTR {
		return nil, false
	}
	if cmp.Op != token.GTR && isString(cmp.X.Type()) && c.Value.ExactString() == `""` {
		return cmp.X, true
	}
	call, ok := cmp.X.(*ssa.Call)
	if !ok || c.Value.ExactString() != "0" {
		return nil, false
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" {
		return nil, false
	}
	v := call.Call.Args[0]
	return v, isString(v.Type()) || isTextSlice(v.Type())
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// guarded is s under a condition.
func (f *Flow) guarded(q query, g *guard, s Set) Set {
	if g == nil || q.as != asText {
		return s
	}
	op := opIfSome
	if g.empty {
		op = opIfEmpty
	}
	parts := []Set{f.component(q, g.v, "", g.at), s}
	return combine(parts, func(p []*Expr) *Expr { return apply(op, token.NoPos, p...) })
}

// decide carries out a guard, if enough is known of its subject.
func decide(op string, subject, value *Expr) (e *Expr, ok bool) {
	empty, known := isEmpty(subject)
	switch {
	case !known && subject.open():
		return nil, false
	case !known, empty == (op == opIfEmpty):
		return value, true
	}
	return impossible, true
}

// isEmpty tells whether a text or list is empty, if that can be told.
func isEmpty(e *Expr) (empty, known bool) {
	switch e.Kind {
	case Text:
		return e.Text == "", true
	case Number, Scoped, Built:
		return false, true
	case Concat, List:
		for _, s := range e.Sub {
			if e.Kind == List && s.Kind != Hole && s.Kind != Param {
				return false, true
			}
			if empty, known := isEmpty(s); e.Kind == Concat && known && !empty {
				return false, true
			}
		}
		return true, len(e.Sub) == 0
	}
	return false, false
}
