package analyzer

import (
	"go/ast"
	"go/build"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/directive"
	"github.com/sigrahq/sigra/internal/sinks"
	"github.com/sigrahq/sigra/internal/sqlscan"
	"github.com/sigrahq/sigra/internal/ssabuild"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// unit is what is known about one package once its facts are out.
type unit struct {
	err      error // why nothing is known; for check to tell
	skip     bool  // a library that is known, or part of the standard library
	runtime  bool  // its imports reach runtime/query
	declared *declarations
	models   []model
	tables   []table // known here
	judge    *judge
	sites    []*site

	directives *directive.Set
	calls      map[token.Pos]callSyntax
}

// allows tells whether a directive speaks for a call, and counts it as needed
// if so.
func (u *unit) allows(instr ssa.Instruction) bool {
	c := u.syntax(instr)
	return u.directives.Allows(c.pos, c.stmt)
}

// syntax is the source of an instruction that reaches a database.
func (u *unit) syntax(instr ssa.Instruction) callSyntax {
	if c, ok := u.calls[instr.Pos()]; ok {
		return c
	}
	return callSyntax{pos: instr.Pos(), end: instr.Pos()}
}

// gather is the first analyzer: it learns about a package what its importers
// need to know, and leaves the rest for check.
func gather(pass *analysis.Pass, c *config) (*unit, error) {
	if err := c.load(); err != nil {
		return nil, err
	}
	u := &unit{declared: &declarations{}}

	// 1. Libraries whose functions are known need no analysis.
	follow := c.follow == pass.Pkg.Path()
	if !follow && (sinks.Library(pass.Pkg.Path()) || inStandardLibrary(pass) || readsStatements(pass.Pkg.Path())) {
		u.skip = true
		return u, nil
	}

	// 2. What the imports say.
	fact := importedFacts(pass)
	u.runtime = fact.Runtime

	// 3. What the package allows.
	u.directives = directive.Collect(pass.Fset, pass.Files)

	// 4. The package's own tables: declarations, structs.
	u.declared = collectDeclarations(pass)
	u.models = models(pass.Pkg, c.Columns)
	tables := append(fact.Tables, u.declared.tables...)
	for _, m := range u.models {
		if m.mixin || m.via != nil || u.declared.models[modelName(m.obj)] {
			continue
		}
		for _, name := range tableNames(pass, m) {
			tables = append(tables, table{Name: name, Column: m.column, Model: modelName(m.obj), Source: structure})
		}
	}
	fact.Tables = mergeTables(tables)

	// 5. Only a package that can reach a database, or that holds SQL for one
	// that does, is worth its SSA form.
	if follow || fact.Database || holdsSQL(pass) || collectsSQL(pass.Pkg) || !isDependency(pass) && valueflow.ReadsRequests(pass.Pkg) {
		fact.Traced = true
		if err := u.trace(pass, c, fact.Tables); err != nil {
			return nil, err
		}
	}

	// 6. What the importers need to know.
	if fact.Traced || fact.Runtime || len(fact.Tables) > 0 {
		pass.ExportPackageFact(fact)
	}
	return u, nil
}

// importedFacts puts together what the direct imports say.
func importedFacts(pass *analysis.Pass) *packageFact {
	fact := &packageFact{}
	for _, p := range pass.Pkg.Imports() {
		if p.Path() == valueflow.QueryPath {
			fact.Runtime = true
		}
		if sinks.Library(p.Path()) {
			fact.Database = true
			continue
		}
		var imported packageFact
		if pass.ImportPackageFact(p, &imported) {
			fact.Database = fact.Database || imported.Database
			fact.Runtime = fact.Runtime || imported.Runtime
			fact.Tables = append(fact.Tables, imported.Tables...)
		}
	}
	return fact
}

// trace follows the values of a relevant package and exports what its
// functions and variables are.
func (u *unit) trace(pass *analysis.Pass, c *config, tables []table) error {
	var schema []table
	if !isDependency(pass) {
		var err error
		if schema, err = c.schema(); err != nil {
			return err
		}
	}
	u.tables = mergeTables(append(slices.Clone(schema), tables...))
	u.judge = newJudge(u.tables, c, u.runtime)
	j := u.judge

	u.calls = callsOf(pass.Files)
	pkg := ssabuild.Build(pass)
	k := &knowledge{pass: pass, unit: u}
	flow := valueflow.New(pkg, k)
	t := newTracer(pkg, flow)
	t.imported = k.uses
	t.traced = k.traced
	t.owned = func(e *valueflow.Expr) bool {
		_, ok := j.namesOwned(outline(flow, e))
		return ok
	}
	t.allowed = u.allows
	t.operands = j.operands
	t.copiesInto = j.copiesInto
	t.trace()
	u.sites = t.sites
	export(pass, pkg, flow, t.exports)
	return nil
}

// outline is a text with holes for the parameters that it depends on. The
// table of a copy is written as a statement that names it.
func outline(flow *valueflow.Flow, e *valueflow.Expr) string {
	e = flow.Outline(e)
	text, _ := plain(identifier(e))
	if e.Kind == valueflow.List {
		text = "TABLE " + text
	}
	return text
}

// isDependency tells whether the package is of a module that is not being
// worked on: the schema files are not about its tables.
func isDependency(pass *analysis.Pass) bool { return pass.Module != nil && pass.Module.Version != "" }

// readsStatements tells whether a package is the runtime's reader of SQL, which
// each application that uses the runtime depends on: it is full of SQL, is
// large, and runs none.
func readsStatements(path string) bool {
	return path == "github.com/sigrahq/sigra/internal/pgsql" || path == "github.com/sigrahq/sigra/internal/orgfilter"
}

// inStandardLibrary tells whether the package is part of the Go distribution.
func inStandardLibrary(pass *analysis.Pass) bool {
	if pass.Module != nil && pass.Module.Path != "" && pass.Module.Path != "std" || len(pass.Files) == 0 {
		return false
	}
	name := pass.Fset.File(pass.Files[0].FileStart).Name()
	root := filepath.Join(build.Default.GOROOT, "src") + string(filepath.Separator)
	return build.Default.GOROOT != "" && strings.HasPrefix(name, root)
}

// holdsSQL tells whether a text of the package begins as a statement.
func holdsSQL(pass *analysis.Pass) bool {
	found := false
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.STRING && len(lit.Value) > 16 {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					found = found || sqlscan.LooksLikeSQL(s)
				}
			}
			return !found
		})
	}
	return found
}

// collectsSQL tells by its name, and by its types, whether a package may hold
// a builder of statements, or names tables for one.
func collectsSQL(pkg *types.Package) bool {
	builders := strings.Contains(pkg.Name(), "sql") || strings.Contains(pkg.Name(), "query")
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		if builders && len(valueflow.TextParts(obj.Type())) > 0 {
			return true
		}
		if named, ok := obj.Type().(*types.Named); ok {
			for m := range named.Methods() {
				if namesTable(m) {
					return true
				}
			}
		}
	}
	return false
}

// namesTable tells whether a method says in which table its receiver is kept.
func namesTable(m *types.Func) bool {
	sig := m.Signature()
	return sig.Params().Len() == 0 && sig.Results().Len() == 1 && valueflow.Followed(sig.Results().At(0).Type()) &&
		strings.Contains(strings.ToLower(m.Name()), "table")
}

// knowledge answers valueflow's questions about other packages from facts.
type knowledge struct {
	pass   *analysis.Pass
	unit   *unit
	embeds map[*types.Var]string
	cached map[*types.Func]*functionFact
}

func (k *knowledge) function(fn *types.Func) *functionFact {
	if fact, ok := k.cached[fn]; ok {
		return fact
	}
	if k.cached == nil {
		k.cached = map[*types.Func]*functionFact{}
	}
	var fact *functionFact
	var stored functionFact
	if fn.Pkg() != nil && fn.Pkg() != k.pass.Pkg && k.pass.ImportObjectFact(fn, &stored) {
		fact = stored.restored()
	}
	k.cached[fn] = fact
	return fact
}

func (k *knowledge) uses(fn *types.Func) []use {
	if fact := k.function(fn); fact != nil {
		return fact.Sinks
	}
	return nil
}

// Results implements valueflow.Facts.
func (k *knowledge) Results(fn *types.Func, n int) []*valueflow.Expr {
	if fact := k.function(fn); fact != nil {
		for _, r := range fact.Results {
			if r.Index == n {
				return r.Alts
			}
		}
	}
	return nil
}

// ResultPart implements valueflow.Facts.
func (k *knowledge) ResultPart(fn *types.Func, n int, path string) []*valueflow.Expr {
	if fact := k.function(fn); fact != nil {
		for _, o := range fact.Objects {
			if o.Result && o.Index == n && o.Path == path {
				return o.Alts
			}
		}
	}
	return nil
}

// After implements valueflow.Facts.
func (k *knowledge) After(fn *types.Func, n int, path string) ([]*valueflow.Expr, bool) {
	if fact := k.function(fn); fact != nil {
		for _, o := range fact.Objects {
			if !o.Result && o.Index == n && o.Path == path {
				return o.Alts, true
			}
		}
	}
	return nil, k.traced(fn)
}

// traced tells whether the values of the package of fn were followed, so that
// where a fact is missing there is nothing to say.
func (k *knowledge) traced(fn *types.Func) bool {
	var pkg packageFact
	return fn.Pkg() != nil && k.pass.ImportPackageFact(fn.Pkg(), &pkg) && pkg.Traced
}

// Variable implements valueflow.Facts.
func (k *knowledge) Variable(v *types.Var) []*valueflow.Expr {
	var fact variableFact
	if v.Pkg() == k.pass.Pkg || !k.pass.ImportObjectFact(v, &fact) {
		return nil
	}
	return restore(fact.Alts)
}

// Origins implements valueflow.Facts.
func (k *knowledge) Origins(fn *types.Func, n int, path string) []*valueflow.Expr {
	fact := k.function(fn)
	if fact == nil {
		return nil
	}
	for _, o := range fact.Origins {
		if o.Index == n && (o.Path == path || o.Path == valueflow.AnyPart) {
			return []*valueflow.Expr{o.From}
		}
	}
	return nil
}

// Owns implements valueflow.Facts.
func (k *knowledge) Owns(column string) bool { return k.unit.judge.columns[column] }

// ByID implements valueflow.Facts.
func (k *knowledge) ByID(texts []*valueflow.Expr) string {
	for _, e := range texts {
		if table := k.unit.judge.unrestricted(e, byOwnID); table != "" {
			return table
		}
	}
	return ""
}

// Unrestricted implements valueflow.Facts. Where a directive speaks for the
// statement, somebody has said why its rows can be trusted.
func (k *knowledge) Unrestricted(texts []*valueflow.Expr, call ssa.CallInstruction) string {
	syntax := k.unit.syntax(call)
	if k.unit.directives.Covers(syntax.pos, syntax.stmt) {
		return ""
	}
	for _, e := range texts {
		if len(e.Open()) > 0 {
			continue
		}
		if table := k.unit.judge.unrestricted(e, byAnyID); table != "" {
			return table
		}
	}
	return ""
}

// Table implements valueflow.Facts.
func (k *knowledge) Table(m types.Type) string {
	named, ok := types.Unalias(m).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	name := modelName(named.Origin().Obj())
	found := ""
	for _, t := range k.unit.tables {
		if t.Source != declared || t.Model != name {
			continue
		}
		if found != "" && found != t.Name {
			return ""
		}
		found = t.Name
	}
	return found
}

// Embedded implements valueflow.Facts.
func (k *knowledge) Embedded(v *types.Var) (string, bool) {
	if k.embeds == nil {
		k.embeds = embeds(k.pass)
	}
	name, ok := k.embeds[v]
	if !ok {
		return "", false
	}
	// The go command counts embedded files among a package's inputs, so a
	// change of one is seen.
	data, err := os.ReadFile(name)
	return string(data), err == nil
}

// embeds finds the variables that hold one embedded file.
func embeds(pass *analysis.Pass) map[*types.Var]string {
	found := map[*types.Var]string{}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				spec := spec.(*ast.ValueSpec)
				doc := spec.Doc
				if doc == nil {
					doc = gen.Doc
				}
				if doc == nil || len(spec.Names) != 1 {
					continue
				}
				for _, c := range doc.List {
					name, ok := strings.CutPrefix(c.Text, "//go:embed ")
					v, isVar := pass.TypesInfo.Defs[spec.Names[0]].(*types.Var)
					if ok && isVar && !strings.ContainsAny(name, "*?[ ") {
						dir := filepath.Dir(pass.Fset.File(file.FileStart).Name())
						found[v] = filepath.Join(dir, filepath.FromSlash(strings.Trim(name, "\"`")))
					}
				}
			}
		}
	}
	return found
}
