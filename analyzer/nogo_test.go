package analyzer_test

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/types/objectpath"

	"github.com/sigrahq/sigra/analyzer"
	"github.com/sigrahq/sigra/internal/corpus"
)

// Bazel's nogo runs the exported Analyzer on one package at a time, with types
// from export data. Facts reach it as bytes, from the direct imports; the
// standard library has none. Of a dependency it runs the fact producers only.
func TestNogoFindsWhatTheCorpusSays(t *testing.T) {
	t.Parallel()
	n := newNogo(t)
	var got []string
	for _, p := range n.order {
		got = append(got, n.run(p, slices.Contains(n.roots, p.PkgPath))...)
	}
	slices.Sort(got)
	if diff := cmp.Diff(corpus.Wants(t), got); diff != "" {
		t.Errorf("-want comments +findings:\n%s", diff)
	}
}

type nogo struct {
	t     *testing.T
	roots []string
	order []*packages.Package // imports first
	facts map[string][]byte   // by import path
}

func newNogo(t *testing.T) *nogo {
	t.Helper()
	n := &nogo{t: t, roots: corpus.Packages(t), facts: map[string][]byte{}}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile,
		Dir:  corpus.Dir(t), Env: append(os.Environ(), corpus.Env(t)...),
	}, n.roots...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the corpus does not load")
	}
	packages.Visit(pkgs, nil, func(p *packages.Package) { n.order = append(n.order, p) })
	return n
}

// run looks at one package and returns the places of findings, if they are
// asked for.
func (n *nogo) run(p *packages.Package, root bool) []string {
	if len(p.GoFiles) == 0 || !strings.HasPrefix(p.GoFiles[0], corpus.Dir(n.t)) {
		return nil // the standard library
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.CompiledGoFiles {
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			n.t.Fatal(err)
		}
		files = append(files, file)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes: map[ast.Node]*types.Scope{}, FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(p.Imports[path].ExportFile)
	})}
	pkg, err := conf.Check(p.PkgPath, fset, files, info)
	if err != nil {
		n.t.Fatal(err)
	}

	store := n.decode(pkg)
	var places []string
	results := map[*analysis.Analyzer]any{}
	var action func(a *analysis.Analyzer)
	action = func(a *analysis.Analyzer) {
		if _, done := results[a]; done {
			return
		}
		pass := &analysis.Pass{
			Analyzer: a, Fset: fset, Files: files, Pkg: pkg, TypesInfo: info, TypesSizes: types.SizesFor("gc", "amd64"),
			ResultOf: map[*analysis.Analyzer]any{}, ReadFile: os.ReadFile,
			Report: func(d analysis.Diagnostic) {
				at := fset.Position(d.Pos)
				rel, err := filepath.Rel(corpus.Dir(n.t), at.Filename)
				if err != nil {
					n.t.Fatal(err)
				}
				places = append(places, fmt.Sprintf("%s:%d", filepath.ToSlash(rel), at.Line))
			},
		}
		store.serve(pass)
		for _, r := range a.Requires {
			action(r)
			pass.ResultOf[r] = results[r]
		}
		result, err := a.Run(pass)
		if err != nil {
			n.t.Fatalf("%s: %v", p.PkgPath, err)
		}
		results[a] = result
	}
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if root || len(a.FactTypes) > 0 {
			action(a)
		}
		for _, r := range a.Requires {
			visit(r)
		}
	}
	visit(analyzer.Analyzer)
	n.facts[p.PkgPath] = store.encode(n.t, pkg)
	return places
}

// gobFact is a fact as bytes carry it.
type gobFact struct {
	Pkg, Object string // Object is an objectpath; empty for a package fact
	Fact        analysis.Fact
}

// factStore is the facts that are known while one package is looked at.
type factStore struct {
	objects  map[types.Object][]analysis.Fact
	packages map[*types.Package][]analysis.Fact
}

// decode reads what the direct imports of a package say.
func (n *nogo) decode(pkg *types.Package) *factStore {
	s := &factStore{map[types.Object][]analysis.Fact{}, map[*types.Package][]analysis.Fact{}}
	known := map[string]*types.Package{}
	var note func(*types.Package)
	note = func(p *types.Package) {
		if known[p.Path()] == nil {
			known[p.Path()] = p
			for _, imp := range p.Imports() {
				note(imp)
			}
		}
	}
	note(pkg)
	for _, imp := range pkg.Imports() {
		data := n.facts[imp.Path()]
		if len(data) == 0 {
			continue
		}
		var list []gobFact
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&list); err != nil {
			n.t.Fatal(err)
		}
		for _, f := range list {
			of := known[f.Pkg]
			if of == nil {
				continue
			}
			if f.Object == "" {
				s.packages[of] = append(s.packages[of], f.Fact)
				continue
			}
			if obj, err := objectpath.Object(of, objectpath.Path(f.Object)); err == nil {
				s.objects[obj] = append(s.objects[obj], f.Fact)
			}
		}
	}
	return s
}

// encode writes the facts for importers: those of this package, and those of
// others' types and what is inside of them.
func (s *factStore) encode(t *testing.T, pkg *types.Package) []byte {
	t.Helper()
	var list []gobFact
	for p, facts := range s.packages {
		for _, f := range facts {
			if p == pkg {
				list = append(list, gobFact{p.Path(), "", f})
			}
		}
	}
	for obj, facts := range s.objects {
		_, isType := obj.(*types.TypeName)
		if obj.Pkg() != pkg && !isType && obj.Parent() == obj.Pkg().Scope() {
			continue
		}
		path, err := objectpath.For(obj)
		if err != nil {
			continue
		}
		for _, f := range facts {
			list = append(list, gobFact{obj.Pkg().Path(), string(path), f})
		}
	}
	if list == nil {
		return nil
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(list); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// serve lets an analyzer read and write facts.
func (s *factStore) serve(pass *analysis.Pass) {
	for _, f := range pass.Analyzer.FactTypes {
		gob.Register(f)
	}
	pass.ImportObjectFact = func(obj types.Object, fact analysis.Fact) bool { return load(s.objects[obj], fact) }
	pass.ExportObjectFact = func(obj types.Object, fact analysis.Fact) {
		if obj.Pkg() != pass.Pkg {
			panic("fact on another package's object " + obj.String())
		}
		s.objects[obj] = append(s.objects[obj], fact)
	}
	pass.ImportPackageFact = func(p *types.Package, fact analysis.Fact) bool { return load(s.packages[p], fact) }
	pass.ExportPackageFact = func(fact analysis.Fact) { s.packages[pass.Pkg] = append(s.packages[pass.Pkg], fact) }
}

// load fills fact from the one of its type.
func load(facts []analysis.Fact, fact analysis.Fact) bool {
	for _, f := range facts {
		if reflect.TypeOf(f) == reflect.TypeOf(fact) {
			reflect.ValueOf(fact).Elem().Set(reflect.ValueOf(f).Elem())
			return true
		}
	}
	return false
}
