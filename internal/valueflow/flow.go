package valueflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/ssabuild"
)

// Facts is what is known of other packages. Expressions that it returns have
// Params without a function: those of the function in question.
type Facts interface {
	// Results are the texts or builders that result n of fn can be; nil when
	// nothing is known.
	Results(fn *types.Func, n int) []*Expr
	// ResultPart is component path of what result n of fn is, or points to.
	ResultPart(fn *types.Func, n int, path string) []*Expr
	// After is component path of what argument n of fn points to when fn
	// returns. An empty Set is a component that fn leaves alone; known is
	// false when nothing can be said.
	After(fn *types.Func, n int, path string) (s []*Expr, known bool)
	// Variable is the texts that a package-level variable can be.
	Variable(v *types.Var) []*Expr
	// Table is the table declared for a model; empty when there is none, or
	// more than one.
	Table(model types.Type) string
	// Origins are the sources of component path of what result n of fn is.
	Origins(fn *types.Func, n int, path string) []*Expr
	// Owns tells whether a column holds the organization of its row.
	Owns(column string) bool
	// Unrestricted is an org-owned table that one of the texts, run by call,
	// reads a row of that is named by an id, whatever organization it is of;
	// empty when there is none, or somebody has said that this is right.
	Unrestricted(texts []*Expr, call ssa.CallInstruction) string
	// ByID is the same for texts that somebody has said are right, and for
	// rows that are named by their own id.
	ByID(texts []*Expr) string
	// Embedded is the text of a file that the package embeds into v.
	Embedded(v *types.Var) (string, bool)
}

// Flow answers questions about the values of one package. It is not safe for
// concurrent use.
type Flow struct {
	pkg    *ssabuild.Package
	facts  Facts
	solver solver

	callers        map[*ssa.Function][]Site
	statically     map[*ssa.Function][]Site   // the callers that name the function
	funcLoads      map[*types.Var][]ssa.Value // loads of fields that hold functions
	taken          map[*ssa.Function]bool     // used as a value, so with callers that are not known
	closures       map[*ssa.Function][]*ssa.MakeClosure
	fieldWrites    map[*types.Var]*fieldWrites
	globalStores   map[*ssa.Global][]write
	globalElements map[*ssa.Global][]elementWrite
	globalLoads    map[*ssa.Global][]ssa.Value
	mapWrites      map[ssa.Value][]*ssa.MapUpdate   // by the map value
	sends          map[ssa.Value][]sent             // by where the channel is made
	puts           map[string][]ssa.CallInstruction // what is put into contexts, by key
	verifying      map[*ssa.Function]bool           // whether a function checks a signature
	checking       map[ssa.Value]bool               // values of which it is being asked whether they were checked
	order          map[ssa.Instruction]int          // place in its block
	effectsOf      map[ssa.Value]map[*ssa.BasicBlock][]effect
	touches        map[*ssa.Function]*touched // builder calls, by function
	reach          map[[2]*ssa.BasicBlock]bool
	pouring        map[*ssa.Parameter]bool // functions that change the bytes that they get
}

// Site is a call with its arguments, the receiver first.
type Site struct {
	Call ssa.CallInstruction
	Args []ssa.Value
}

// write is a store to a part of something.
type write struct {
	store *ssa.Store
	root  ssa.Value
	path  string
}

// New indexes a package. Questions are answered on demand.
func New(pkg *ssabuild.Package, facts Facts) *Flow {
	f := &Flow{
		pkg:            pkg,
		facts:          facts,
		callers:        map[*ssa.Function][]Site{},
		statically:     map[*ssa.Function][]Site{},
		funcLoads:      map[*types.Var][]ssa.Value{},
		taken:          map[*ssa.Function]bool{},
		closures:       map[*ssa.Function][]*ssa.MakeClosure{},
		fieldWrites:    map[*types.Var]*fieldWrites{},
		globalStores:   map[*ssa.Global][]write{},
		globalElements: map[*ssa.Global][]elementWrite{},
		globalLoads:    map[*ssa.Global][]ssa.Value{},
		mapWrites:      map[ssa.Value][]*ssa.MapUpdate{},
		sends:          map[ssa.Value][]sent{},
		puts:           map[string][]ssa.CallInstruction{},
		verifying:      map[*ssa.Function]bool{},
		checking:       map[ssa.Value]bool{},
		order:          map[ssa.Instruction]int{},
		effectsOf:      map[ssa.Value]map[*ssa.BasicBlock][]effect{},
		touches:        map[*ssa.Function]*touched{},
		reach:          map[[2]*ssa.BasicBlock]bool{},
		pouring:        map[*ssa.Parameter]bool{},
	}
	f.solver = solver{eval: f.eval, answers: map[query]*answer{}, fuel: allFuel}
	f.each(f.indexMemory)
	f.each(f.indexPuts)
	f.each(f.indexCalls) // which function a variable holds is a question of memory
	f.each(f.indexSends) // and which channel a parameter is, one of calls
	return f
}

func (f *Flow) each(do func(ssa.Instruction)) {
	for _, fn := range f.pkg.Funcs {
		for _, b := range fn.Blocks {
			for i, instr := range b.Instrs {
				f.order[instr] = i
				do(instr)
			}
		}
	}
}

func (f *Flow) indexCalls(instr ssa.Instruction) {
	if call, ok := instr.(ssa.CallInstruction); ok {
		for _, c := range f.Callees(call) {
			if c.Fn != nil {
				f.callers[c.Fn] = append(f.callers[c.Fn], Site{call, c.Args})
			}
		}
	}
	f.noteTaken(instr)
}

func (f *Flow) indexMemory(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.MakeClosure:
		fn := instr.Fn.(*ssa.Function)
		f.closures[fn] = append(f.closures[fn], instr)
	case *ssa.Store:
		root, path := place(instr.Addr)
		w := write{instr, root, path}
		if g, ok := root.(*ssa.Global); ok {
			f.globalStores[g] = append(f.globalStores[g], w)
		}
		f.indexStore(w)
		f.indexElement(root, elementWrite{instr: instr, path: path, val: instr.Val})
	case *ssa.MapUpdate:
		f.mapWrites[instr.Map] = append(f.mapWrites[instr.Map], instr)
		f.indexElement(instr.Map, elementWrite{instr: instr, path: "[]", val: instr.Value})
	case *ssa.FieldAddr:
		f.indexTaken(instr)
	case *ssa.UnOp:
		if g, ok := instr.X.(*ssa.Global); ok {
			f.globalLoads[g] = append(f.globalLoads[g], instr)
		}
		if v := lastField(instr.X); v != nil && isFunc(v.Type()) {
			f.funcLoads[v] = append(f.funcLoads[v], instr)
		}
	case *ssa.Field:
		if v := structField(instr.X.Type(), instr.Field); v != nil && isFunc(v.Type()) {
			f.funcLoads[v] = append(f.funcLoads[v], instr)
		}
	case ssa.CallInstruction:
		if b, ok := instr.Common().Value.(*ssa.Builtin); ok && b.Name() == "copy" {
			args := instr.Common().Args
			f.indexElement(args[0], elementWrite{instr: instr, path: "[]", val: args[1], from: "[]"})
		}
		if callee := instr.Common().StaticCallee(); callee != nil {
			if own := f.own(callee); own != nil {
				f.statically[own] = append(f.statically[own], Site{instr, instr.Common().Args})
			}
		}
	}
}

// Callers are the calls of fn in this package; complete says that there are
// no others: fn is not exported, and nobody holds it as a value.
func (f *Flow) Callers(fn *ssa.Function) (sites []Site, complete bool) {
	sites = f.callers[fn]
	return sites, len(sites) > 0 && !f.taken[fn] && !visible(fn)
}

// Taken tells whether fn is used as a value, so that some of its callers are
// not known.
func (f *Flow) Taken(fn *ssa.Function) bool { return f.taken[fn] }

// visible tells whether code that is not in this package may call fn.
func visible(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return false
	}
	if obj.Exported() {
		return obj.Pkg().Name() != "main" || obj.Signature().Recv() != nil
	}
	// An unexported method can meet an interface of its own package.
	return false
}
