package analyzer

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/sqlscan"
	"github.com/sigrahq/sigra/internal/ssabuild"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// A fact says what is needed and no more: what a function returns is told
// only up to this many alternatives and this many bytes.
const (
	maxAlternatives = 32
	maxFactSize     = 16 << 10
)

// export puts facts on what importers can see of the package.
func export(pass *analysis.Pass, pkg *ssabuild.Package, flow *valueflow.Flow, exports map[*ssa.Function][]use) {
	byObject := map[*types.Func]*functionFact{}
	for _, fn := range pkg.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || fn.Parent() != nil {
			continue
		}
		fact := &functionFact{Sinks: ordered(exports[fn]), Results: results(flow, fn), Objects: objects(flow, fn), Origins: sources(flow, fn)}
		if len(fact.Origins) > 0 || len(fact.Sinks) > 0 || len(fact.Results) > 0 || len(fact.Objects) > 0 {
			byObject[obj] = fact
			pass.ExportObjectFact(obj, fact)
		}
	}
	exportInterfaces(pass, byObject)
	exportVariables(pass, pkg, flow)
}

func ordered(uses []use) []use {
	slices.SortFunc(uses, func(a, b use) int { return cmp.Compare(a.key(), b.key()) })
	return uses
}

// results tells what texts and builders a function returns, where that says
// more than that it is text.
func results(flow *valueflow.Flow, fn *ssa.Function) []result {
	var out []result
	tuple := fn.Signature.Results()
	for i := range tuple.Len() {
		if !valueflow.Followed(tuple.At(i).Type()) {
			continue
		}
		if alts, ok := exportable(flow.Result(fn, i), fn); ok {
			out = append(out, result{i, alts})
		}
	}
	return out
}

// objects tells what texts a function leaves in structs that collect them: a
// team's own query builder, for one.
func objects(flow *valueflow.Flow, fn *ssa.Function) []object {
	var out []object
	add := func(o object, s valueflow.Set) {
		if alts, ok := exportable(s, fn); ok {
			o.Alts = alts
			out = append(out, o)
		}
	}
	tuple := fn.Signature.Results()
	for i := range tuple.Len() {
		for _, path := range valueflow.TextParts(tuple.At(i).Type()) {
			add(object{Result: true, Index: i, Path: path}, flow.ResultPart(fn, i, path))
		}
	}
	for i, p := range fn.Params {
		if _, ok := p.Type().Underlying().(*types.Pointer); !ok {
			continue
		}
		for _, path := range valueflow.TextParts(p.Type()) {
			add(object{Index: i, Path: path}, flow.After(fn, i, path))
		}
	}
	return out
}

// sources tells where the results of a function come from that may be an
// organization, if anything speaks against them.
func sources(flow *valueflow.Flow, fn *ssa.Function) []from {
	var out []from
	tuple := fn.Signature.Results()
	for i := range tuple.Len() {
		for _, path := range valueflow.OrganizationParts(tuple.At(i).Type()) {
			e, ok := valueflow.Portable(flow.ResultOrigins(fn, i, path).Traveling(), fn)
			if ok && len(e.Sub) > 0 && e.Size() <= maxFactSize {
				out = append(out, from{i, path, e})
			}
		}
	}
	return out
}

// exportable is a set for a fact, if it is small and means something to SQL.
func exportable(s valueflow.Set, fn *ssa.Function) ([]*valueflow.Expr, bool) {
	if len(s) == 0 || len(s) > maxAlternatives {
		return nil, false
	}
	var alts []*valueflow.Expr
	size := 0
	telling := false
	if fn != nil {
		obj, ok := fn.Object().(*types.Func)
		telling = ok && obj.Signature().Recv() != nil && namesTable(obj)
	}
	for _, e := range s {
		p, ok := valueflow.Portable(e, fn)
		if !ok {
			return nil, false
		}
		size += p.Size()
		telling = telling || tells(p)
		alts = append(alts, p)
	}
	return alts, telling && size <= maxFactSize
}

// tells whether an expression is about SQL: scoped text, a builder, a
// statement, or a text that is passed through or written around a parameter.
func tells(e *valueflow.Expr) bool {
	switch {
	case e.Has(valueflow.Scoped), e.Has(valueflow.Edited), e.Has(valueflow.Builder), e.Has(valueflow.Built):
		return true
	case e.Has(valueflow.Param):
		return !e.Has(valueflow.Hole)
	}
	text, _ := plain(valueflow.Flatten(e, true))
	return sqlscan.LooksLikeSQL(text) || sqlscan.TouchesNoRows(text)
}

// exportInterfaces lets a method of an interface stand for those of the types
// in this package that implement it.
func exportInterfaces(pass *analysis.Pass, facts map[*types.Func]*functionFact) {
	scope := pass.Pkg.Scope()
	var concrete []*types.Named
	for _, name := range scope.Names() {
		if obj, ok := scope.Lookup(name).(*types.TypeName); ok && !obj.IsAlias() {
			if named, ok := obj.Type().(*types.Named); ok && !types.IsInterface(named) && named.TypeParams().Len() == 0 {
				concrete = append(concrete, named)
			}
		}
	}
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		iface, ok := obj.Type().Underlying().(*types.Interface)
		if !ok || iface.NumMethods() == 0 {
			continue
		}
		for _, c := range concrete {
			ptr := types.NewPointer(c)
			if !types.Implements(ptr, iface) {
				continue
			}
			for i := range iface.NumMethods() {
				m := iface.Method(i)
				impl, _, _ := types.LookupFieldOrMethod(ptr, true, pass.Pkg, m.Name())
				fn, ok := impl.(*types.Func)
				if !ok || m.Pkg() != pass.Pkg || !m.Exported() {
					continue
				}
				if fact := facts[fn]; fact != nil && facts[m] == nil && len(fact.Sinks) > 0 {
					facts[m] = &functionFact{Sinks: fact.Sinks}
					pass.ExportObjectFact(m, facts[m])
				}
			}
		}
	}
}

// exportVariables tells what exported package variables hold.
func exportVariables(pass *analysis.Pass, pkg *ssabuild.Package, flow *valueflow.Flow) {
	scope := pass.Pkg.Scope()
	for _, name := range scope.Names() {
		v, ok := scope.Lookup(name).(*types.Var)
		if !ok || !v.Exported() || !valueflow.Followed(v.Type()) && !valueflow.IsTable(v.Type()) {
			continue
		}
		g, ok := pkg.SSA.Members[name].(*ssa.Global)
		if !ok {
			continue
		}
		if alts, ok := exportable(flow.Value(g, nil), nil); ok || alts != nil && valueflow.IsTable(v.Type()) {
			pass.ExportObjectFact(v, &variableFact{Alts: alts})
		}
	}
}

// restored makes the expressions of a fact usable.
func (f *functionFact) restored() *functionFact {
	out := &functionFact{}
	for _, s := range f.Sinks {
		for _, p := range s.parts() {
			if *p != nil {
				*p = valueflow.Restore(*p)
			}
		}
		out.Sinks = append(out.Sinks, s)
	}
	for _, o := range f.Origins {
		o.From = valueflow.Restore(o.From)
		out.Origins = append(out.Origins, o)
	}
	for _, r := range f.Results {
		out.Results = append(out.Results, result{r.Index, restore(r.Alts)})
	}
	for _, o := range f.Objects {
		o.Alts = restore(o.Alts)
		out.Objects = append(out.Objects, o)
	}
	return out
}

func restore(alts []*valueflow.Expr) []*valueflow.Expr {
	out := make([]*valueflow.Expr, len(alts))
	for i, e := range alts {
		out[i] = valueflow.Restore(e)
	}
	return out
}
