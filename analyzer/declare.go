package analyzer

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/sigrahq/sigra/internal/valueflow"
)

// declarations is what a package says about tables through runtime/query.
type declarations struct {
	tables   []table
	models   map[string]bool // "import/path.Type" of the declared models
	problems []problem
}

// problem is a finding whose place is a piece of syntax.
type problem struct {
	node     ast.Node
	category string
	message  string
}

// collectDeclarations reads the calls of query.Declare, Owned and Shared, and
// of Unscoped.
func collectDeclarations(pass *analysis.Pass) *declarations {
	d := &declarations{models: map[string]bool{}}
	if !importsPackage(pass.Pkg, valueflow.QueryPath) {
		return d
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			_, atTop := decl.(*ast.GenDecl)
			ast.Inspect(decl, func(n ast.Node) bool {
				if _, ok := n.(*ast.FuncLit); ok && atTop {
					atTop = false
					ast.Inspect(n.(*ast.FuncLit).Body, func(n ast.Node) bool {
						d.call(pass, n, false)
						return true
					})
					atTop = true
					return false
				}
				d.call(pass, n, atTop)
				return true
			})
		}
	}
	return d
}

func (d *declarations) call(pass *analysis.Pass, n ast.Node, atTop bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return
	}
	name, typeArgs := queryFunction(pass, call)
	switch name {
	case "Declare":
		d.declare(pass, call, typeArgs, atTop)
	case "Owned", "Shared":
		d.list(pass, call, name, atTop)
	case "Unscoped":
		if len(call.Args) == 2 && strings.TrimSpace(constantString(pass, call.Args[1])) == "" {
			d.problems = append(d.problems, problem{call.Args[1], bypassed,
				"query.Unscoped without a constant reason; say in a string literal why this statement may see every organization"})
		}
	}
}

// queryFunction is the name of the runtime/query function that is called.
func queryFunction(pass *analysis.Pass, call *ast.CallExpr) (name string, typeArgs *types.TypeList) {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.SelectorExpr:
		id = x.Sel
	case *ast.Ident:
		id = x
	default:
		return "", nil
	}
	fn, ok := pass.TypesInfo.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != valueflow.QueryPath || fn.Signature().Recv() != nil {
		return "", nil
	}
	return fn.Name(), pass.TypesInfo.Instances[id].TypeArgs
}

func (d *declarations) declare(pass *analysis.Pass, call *ast.CallExpr, typeArgs *types.TypeList, atTop bool) {
	model := ""
	if typeArgs.Len() == 1 {
		if named, ok := types.Unalias(typeArgs.At(0)).(*types.Named); ok {
			model = modelName(named.Origin().Obj())
			d.models[model] = true
		}
	}
	if len(call.Args) == 0 {
		return
	}
	name := constantString(pass, call.Args[0])
	if name == "" {
		d.problems = append(d.problems, problem{call.Args[0], undeclared,
			"query.Declare needs a constant table name; without it nobody can tell which table is org-owned"})
		return
	}
	if !atTop {
		d.problems = append(d.problems, problem{call, undeclared,
			`query.Declare of table "` + name + `" is not a package-level variable; declare it once, where the whole program sees it`})
	}
	column := defaultColumn
	for _, opt := range call.Args[1:] {
		if c, ok := ast.Unparen(opt).(*ast.CallExpr); ok {
			if fn, _ := queryFunction(pass, c); fn == "Column" && len(c.Args) == 1 {
				if s := constantString(pass, c.Args[0]); s != "" {
					column = s
					continue
				}
				d.problems = append(d.problems, problem{c.Args[0], undeclared, "query.Column needs a constant column name"})
			}
		}
	}
	d.tables = append(d.tables, table{Name: name, Column: column, Model: model, Source: declared})
}

func (d *declarations) list(pass *analysis.Pass, call *ast.CallExpr, fn string, atTop bool) {
	column := defaultColumn
	if fn == "Shared" {
		column = ""
	}
	for _, arg := range call.Args {
		name := constantString(pass, arg)
		if name == "" {
			d.problems = append(d.problems, problem{arg, undeclared, "query." + fn + " needs constant table names"})
			continue
		}
		d.tables = append(d.tables, table{Name: name, Column: column, Source: declared})
	}
	if !atTop {
		d.problems = append(d.problems, problem{call, undeclared,
			"query." + fn + " is not in a package-level variable; declare tables once, where the whole program sees them"})
	}
}

// undeclaredModels are the structs with an ownership column that no Declare
// speaks of. A struct that embeds a model is a view of that model's rows, and
// one that only models embed is their common part.
func undeclaredModels(ms []model, d *declarations, known []table) []model {
	isDeclared := func(name string) bool {
		if d.models[name] {
			return true
		}
		for _, t := range known {
			if t.Source == declared && t.Model == name {
				return true
			}
		}
		return false
	}
	base := map[string]bool{}
	for _, m := range ms {
		if m.via != nil && isDeclared(modelName(m.obj)) {
			base[modelName(m.via.Obj())] = true
		}
	}
	var out []model
	for _, m := range ms {
		name := modelName(m.obj)
		switch {
		case m.mixin, isDeclared(name), base[name]:
		case m.via != nil && isDeclared(modelName(m.via.Obj())):
		default:
			out = append(out, m)
		}
	}
	return out
}

func importsPackage(pkg *types.Package, path string) bool {
	for _, p := range pkg.Imports() {
		if p.Path() == path {
			return true
		}
	}
	return false
}
