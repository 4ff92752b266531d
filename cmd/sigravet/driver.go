package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"
)

// driver looks at packages, each once its imports are done. Of a package that
// is done it keeps types and facts, which is what importers need, and lets go
// of the syntax, of what the type checker said of it, and of the SSA form:
// together these are many times as large, and those of a whole program at once
// would fill the memory.
type driver struct {
	analyzer *analysis.Analyzer
	fset     *token.FileSet
	facts    *facts
	units    map[*packages.Package]*unit
	turns    chan struct{} // taken by those who work
}

// unit is a package and what became of it.
type unit struct {
	*packages.Package
	root bool          // it was asked for, and not only imported
	done chan struct{} // closed once the rest is known

	// One of these says why nothing was found out.
	problems []string // what is wrong with its code
	behind   *unit    // the package with problems that it imports, directly or not
	err      error    // the analyzer's own

	findings []analysis.Diagnostic
}

func newDriver(a *analysis.Analyzer) *driver {
	return &driver{
		analyzer: a,
		fset:     token.NewFileSet(),
		facts:    newFacts(),
		units:    map[*packages.Package]*unit{},
		turns:    make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
}

// run looks at packages and all that they import, and tells after each how
// many are done. It returns them with imports first.
func (d *driver) run(roots []*packages.Package, tell func(done, of int)) []*unit {
	var order []*unit
	packages.Visit(roots, nil, func(p *packages.Package) {
		u := &unit{Package: p, done: make(chan struct{})}
		d.units[p] = u
		order = append(order, u)
	})
	for _, p := range roots {
		d.units[p].root = true
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for _, u := range order {
		all.Go(func() {
			defer close(u.done)
			d.look(u)
			mu.Lock()
			defer mu.Unlock()
			done++
			tell(done, len(order))
		})
	}
	all.Wait()
	return order
}

func (d *driver) look(u *unit) {
	for _, path := range sortedKeys(u.Imports) {
		dep := d.units[u.Imports[path]]
		<-dep.done
		switch {
		case u.behind != nil:
		case dep.problems != nil:
			u.behind = dep
		default:
			u.behind = dep.behind
		}
	}
	for _, e := range u.Errors {
		u.problems = append(u.problems, e.Error())
	}
	if u.PkgPath == "unsafe" {
		u.Types = types.Unsafe
		return
	}
	if u.problems != nil || u.behind != nil {
		return
	}
	d.turns <- struct{}{}
	defer func() { <-d.turns }()
	files, info := d.check(u)
	if u.problems != nil {
		return
	}
	_, u.err = d.analyze(u, d.analyzer, files, info)
}

// check parses a package and checks its types, and notes problems.
func (d *driver) check(u *unit) ([]*ast.File, *types.Info) {
	problem := func(err error) { u.problems = append(u.problems, err.Error()) }
	var files []*ast.File
	for _, name := range u.CompiledGoFiles {
		file, err := parser.ParseFile(d.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			problem(err)
			continue
		}
		files = append(files, file)
	}
	if u.problems != nil {
		return nil, nil
	}
	info := &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Instances:    map[*ast.Ident]types.Instance{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		Scopes:       map[ast.Node]*types.Scope{},
		FileVersions: map[*ast.File]string{},
	}
	conf := &types.Config{
		Importer:         importer(func(path string) (*types.Package, error) { return u.imported(path) }),
		Sizes:            u.TypesSizes,
		Error:            problem,
		IgnoreFuncBodies: inStandardLibrary(u.Package),
	}
	if u.Module != nil && u.Module.GoVersion != "" {
		conf.GoVersion = "go" + u.Module.GoVersion
	}
	pkg, err := conf.Check(u.PkgPath, d.fset, files, info)
	if err != nil && u.problems == nil {
		problem(err)
	}
	u.Types = pkg
	return files, info
}

type importer func(path string) (*types.Package, error)

func (i importer) Import(path string) (*types.Package, error) { return i(path) }

func (u *unit) imported(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	p := u.Imports[path]
	if p == nil {
		return nil, fmt.Errorf("the go command does not know of the import of %q", path)
	}
	return p.Types, nil
}

// inStandardLibrary tells whether a package is part of the Go distribution:
// its functions are known to the analyzer, so their bodies can be left out.
func inStandardLibrary(p *packages.Package) bool {
	root := filepath.Join(build.Default.GOROOT, "src") + string(filepath.Separator)
	return p.Module == nil && build.Default.GOROOT != "" && len(p.GoFiles) > 0 && strings.HasPrefix(p.GoFiles[0], root)
}

// analyze runs an analyzer and those that it requires. A package that was not
// asked for gets only those with facts.
func (d *driver) analyze(u *unit, a *analysis.Analyzer, files []*ast.File, info *types.Info) (any, error) {
	results := map[*analysis.Analyzer]any{}
	for _, required := range a.Requires {
		result, err := d.analyze(u, required, files, info)
		if err != nil {
			return nil, err
		}
		results[required] = result
	}
	if !u.root && len(a.FactTypes) == 0 {
		return nil, nil
	}
	module := &analysis.Module{}
	if m := u.Module; m != nil {
		module.Path, module.Version, module.GoVersion = m.Path, m.Version, m.GoVersion
	}
	return a.Run(&analysis.Pass{
		Analyzer: a, Fset: d.fset, Files: files, OtherFiles: u.OtherFiles, IgnoredFiles: u.IgnoredFiles,
		Pkg: u.Types, TypesInfo: info, TypesSizes: u.TypesSizes, Module: module,
		ResultOf: results, ReadFile: os.ReadFile,
		Report:            func(found analysis.Diagnostic) { u.findings = append(u.findings, found) },
		ImportObjectFact:  func(obj types.Object, fact analysis.Fact) bool { return d.facts.get(obj, fact) },
		ExportObjectFact:  func(obj types.Object, fact analysis.Fact) { d.facts.add(obj, fact) },
		ImportPackageFact: func(pkg *types.Package, fact analysis.Fact) bool { return d.facts.get(pkg, fact) },
		ExportPackageFact: func(fact analysis.Fact) { d.facts.add(u.Types, fact) },
	})
}
