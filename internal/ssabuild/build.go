package ssabuild

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Package is a package in SSA form.
type Package struct {
	SSA *ssa.Package

	// Funcs holds the package initializer and then every function that has
	// source, in the order of the source, each followed by its literals.
	Funcs []*ssa.Function
}

// Build makes the SSA form of the package that pass looks at. It costs as
// much as type-checking; call it once.
func Build(pass *analysis.Pass) *Package {
	prog := ssa.NewProgram(pass.Fset, ssa.BuilderMode(0))
	prog.SetNoReturn(noReturn)
	for _, p := range pass.Pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	p := &Package{SSA: prog.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)}
	p.SSA.Build()

	if init := p.SSA.Func("init"); init != nil {
		p.add(init)
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
				p.add(prog.FuncValue(fn))
			}
		}
	}
	return p
}

func (p *Package) add(fn *ssa.Function) {
	if fn == nil {
		return
	}
	p.Funcs = append(p.Funcs, fn)
	for _, anon := range fn.AnonFuncs {
		p.add(anon)
	}
}

// noReturn knows the functions of the standard library that end the
// goroutine or the process. Without it "if err != nil { log.Fatal(err) }"
// would let impossible values flow on.
func noReturn(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "os":
		return fn.Name() == "Exit"
	case "runtime":
		return fn.Name() == "Goexit"
	case "log":
		switch fn.Name() {
		case "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln":
			return true
		}
	case "testing":
		switch fn.Name() {
		case "Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow":
			return true
		}
	}
	return false
}
