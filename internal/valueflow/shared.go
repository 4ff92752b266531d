package valueflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// SharedBuilder is the Origins of a builder that is rendered at a call: with a
// Shared one when others may render it as well.
func (f *Flow) SharedBuilder(v ssa.Value, at ssa.Instruction) *Expr {
	if f.sharedWithGoroutine(v, map[ssa.Value]bool{}) {
		return origins(origin(Shared, "that a goroutine captured"))
	}
	return f.Origins(v, at)
}

// sharedWithGoroutine tells whether v is a builder that a goroutine captured
// from the function that starts it.
func (f *Flow) sharedWithGoroutine(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return f.sharedWithGoroutine(e, seen) })
	case *ssa.MakeInterface:
		return f.sharedWithGoroutine(v.X, seen)
	case *ssa.ChangeInterface:
		return f.sharedWithGoroutine(v.X, seen)
	case *ssa.Call:
		recv := chained(v)
		return recv != nil && f.sharedWithGoroutine(recv, seen)
	case *ssa.FreeVar:
		return isBuilder(v.Type()) && f.startedWith(v)
	case *ssa.UnOp:
		fv, ok := v.X.(*ssa.FreeVar)
		return ok && isBuilder(v.Type()) && f.startedWith(fv)
	}
	return false
}

// startedWith tells whether a closure that captured a variable runs as a
// goroutine, and the variable is not a new one each time that it is started.
func (f *Flow) startedWith(fv *ssa.FreeVar) bool {
	for _, mc := range f.closures[fv.Parent()] {
		b := mc.Bindings[slices.Index(fv.Parent().FreeVars, fv)]
		if outer, ok := b.(*ssa.FreeVar); ok && f.startedWith(outer) {
			return true
		}
		born, ok := b.(ssa.Instruction)
		each := ok && born.Parent() == mc.Parent() && f.reaches(mc, born) && f.reaches(born, mc)
		if runsApart(mc) && !each {
			return true
		}
	}
	return false
}

// runsApart tells whether a closure is started with go, or by a method Go, as
// those of errgroup.Group and sync.WaitGroup are.
func runsApart(mc *ssa.MakeClosure) bool {
	for _, r := range *mc.Referrers() {
		switch r := r.(type) {
		case *ssa.Go:
			return true
		case *ssa.Call:
			if name := calleeName(r); name == "Go" || strings.HasSuffix(name, ".Go") || strings.HasSuffix(name, ".TryGo") {
				return true
			}
		}
	}
	return false
}

// Renders tells whether a method makes text of its receiver, a builder of
// go-sqlbuilder, and writes to it in doing so.
func Renders(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil || !isNamed(recv.Type(), builderPath, builderTypes...) {
		return false
	}
	return fn.Name() == "Build" || fn.Name() == "BuildWithFlavor" || fn.Name() == "String"
}
