package valueflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

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

// A type assertion with ok, or a case of a type switch, decides in the same way
// by the dynamic type of an interface.

// guard is a condition on the way to a block.
type guard struct {
	v   ssa.Value  // the text, list or interface
	typ types.Type // that the interface is asserted to have; nil for a text or list
	yes bool       // whether it is found to be empty, or of the type
	at  ssa.Instruction
}

const (
	opIfEmpty = "if empty"
	opIfSome  = "if some"
	opIfType  = "if type " // and the name of the type
	opIfNot   = "if not type "
)

func guards(op string) bool {
	return op == opIfEmpty || op == opIfSome || strings.HasPrefix(op, opIfType) || strings.HasPrefix(op, opIfNot)
}

// guardsOf are the conditions under which control leaves block b, for next
// or, if that is nil, at all: the last one, and those on types before it.
func guardsOf(b, next *ssa.BasicBlock) []guard {
	var out []guard
	for steps := 0; ; steps++ {
		if next != nil {
			g, ok := branch(b, next)
			if ok && (g.typ != nil || len(out) == 0 && steps < 2) {
				out = append(out, g)
			}
		}
		if len(b.Preds) != 1 {
			return out
		}
		b, next = b.Preds[0], b
	}
}

func onTypes(conditions []guard) []guard {
	return slices.DeleteFunc(conditions, func(g guard) bool { return g.typ == nil })
}

// branch reads the condition of the branch from b to next.
func branch(b, next *ssa.BasicBlock) (g guard, ok bool) {
	end, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return guard{}, false
	}
	cond, yes := end.Cond, b.Succs[0] == next
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, yes = not.X, !yes
	}
	switch cond := cond.(type) {
	case *ssa.BinOp:
		if v, ok := emptiness(cond); ok {
			return guard{v, nil, yes == (cond.Op == token.EQL), end}, true
		}
	case *ssa.Extract:
		if x, ok := cond.Tuple.(*ssa.TypeAssert); ok && cond.Index == 1 && !mentionsTypeParam(x.AssertedType) {
			return guard{x.X, x.AssertedType, yes, end}, true
		}
	}
	return guard{}, false
}

func mentionsTypeParam(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	n, _ := namedType(t)
	return param || n != nil && n.TypeArgs().Len() > 0
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

// guarded is s under conditions.
func (f *Flow) guarded(q query, conditions []guard, s Set) Set {
	if q.as != asText {
		return s
	}
	for _, g := range conditions {
		as, op := asText, opIfSome
		switch {
		case g.typ != nil && g.yes:
			as, op = asType, opIfType+types.TypeString(g.typ, nil)
		case g.typ != nil:
			as, op = asType, opIfNot+types.TypeString(g.typ, nil)
		case g.yes:
			op = opIfEmpty
		}
		subject := f.component(query{as: as}, g.v, "", g.at)
		s = combine([]Set{subject, s}, func(p []*Expr) *Expr { return when(op, g.typ, p[0], p[1]) })
	}
	return s
}

// when is value under a condition: as it is, impossible, or waiting for the
// subject to be known.
func when(op string, t types.Type, subject, value *Expr) *Expr {
	if value.Kind == never || subject.Kind == never {
		return impossible
	}
	if subject.open() {
		if _, known := isEmpty(subject); t != nil || !known {
			return finish(&Expr{Kind: Call, Text: op, typ: t, Sub: []*Expr{subject, value}})
		}
	}
	var yes, known bool
	if t != nil {
		yes, known = hasType(subject, t)
		yes = yes == strings.HasPrefix(op, opIfType)
	} else {
		yes, known = isEmpty(subject)
		yes = yes == (op == opIfEmpty)
	}
	if known && !yes {
		return impossible
	}
	return value
}

// hasType tells whether an interface that holds subject can be asserted to be
// of type t, if that can be told.
func hasType(subject *Expr, t types.Type) (yes, known bool) {
	if subject.Kind != concrete || isInterface(subject.typ) {
		return false, false
	}
	if iface, ok := t.Underlying().(*types.Interface); ok {
		return types.Implements(subject.typ, iface), true
	}
	return types.Identical(subject.typ, t), true
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
