package valueflow

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A text that was compared with constants is one of them where the comparison
// says so:
//
//	if dir != "asc" && dir != "desc" {
//		dir = "desc"
//	}
//	query += " ORDER BY name " + dir

// pinned is the constants one of which v is whenever control gets from b to
// next, or is in b where next is nil; empty when that is not known.
func (f *Flow) pinned(v ssa.Value, b, next *ssa.BasicBlock) Set {
	if _, isConst := v.(*ssa.Const); isConst || !isString(v.Type()) {
		return nil
	}
	return f.pinnedWithin(v, b, next, 4)
}

func (f *Flow) pinnedWithin(v ssa.Value, b, next *ssa.BasicBlock, steps int) Set {
	if steps == 0 {
		return nil
	}
	if next != nil {
		if c := f.equalOn(v, b, next); c != nil {
			return one(c)
		}
	}
	var sets []Set
	for _, p := range b.Preds {
		s := f.pinnedWithin(v, p, b, steps-1)
		if s == nil {
			return nil
		}
		sets = append(sets, s)
	}
	if sets == nil {
		return nil
	}
	return union(sets...)
}

// equalOn is the constant that v is compared with, and found to be, on the
// branch from b to next; nil when there is none.
func (f *Flow) equalOn(v ssa.Value, b, next *ssa.BasicBlock) *Expr {
	end, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return nil
	}
	cmp, ok := end.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || (cmp.Op == token.EQL) != (b.Succs[0] == next) {
		return nil
	}
	c, ok := cmp.Y.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String || !f.sameText(cmp.X, v) {
		return nil
	}
	return constantOf(c, "")
}

// sameText tells whether two values are one, or are read from one place that
// nobody writes to in between.
func (f *Flow) sameText(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.UnOp)
	y, isLoad := b.(*ssa.UnOp)
	if !ok || !isLoad || x.Op != token.MUL || y.Op != token.MUL {
		return false
	}
	rootX, pathX := place(x.X)
	rootY, pathY := place(y.X)
	if rootX != rootY || pathX != pathY || pathX == "" {
		return false
	}
	switch rootX.(type) {
	case *ssa.Parameter, *ssa.Alloc:
	default:
		return false
	}
	written := 0
	for _, effects := range f.effects(rootX) {
		for _, e := range effects {
			if _, changes, _ := matchPath(e.path, pathX); changes {
				written++
			}
		}
	}
	_, local := rootX.(*ssa.Alloc)
	return written == 0 || local && written == 1 // a parameter is stored once
}

// operandAt is v as a part of the text that at puts together.
func (f *Flow) operandAt(q query, v ssa.Value, at ssa.Instruction) Set {
	if s := f.pinned(v, at.Block(), nil); s != nil && q.as == asText {
		return s
	}
	return f.component(q, v, "", at)
}
