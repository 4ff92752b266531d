package analyzer

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// A fix is suggested only where there is one thing to do: where exactly one
// scope is in reach, where the table of a model is known, where the declared
// table stands beside the struct. What it leaves compiles and is formatted.

// fixer makes fixes for one package.
type fixer struct {
	pass *analysis.Pass
	unit *unit
}

// scopeIt wraps the statement of an unscoped call in ForOrg.
func (x *fixer) scopeIt(s *site) []analysis.SuggestedFix {
	call, ok := s.instr.(*ssa.Call)
	if !ok || len(s.uses) != 1 || !s.direct || !x.unit.runtime {
		return nil
	}
	syntax := x.unit.syntax(call)
	file := x.fileOf(syntax.pos)
	if syntax.call == nil || file == nil {
		return nil
	}
	sc := x.scopeAt(syntax.pos)
	pkg, imported := x.importName(file, syntax.pos, valueflow.QueryPath, "query")
	if sc == "" || pkg == "" {
		return nil
	}
	edits := x.wrapBuilder(s, call, pkg, sc)
	if edits == nil {
		edits = x.wrapText(s, syntax.call, pkg, sc)
	}
	if edits == nil {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message:   "Scope the statement with query.ForOrg",
		TextEdits: append(imported, edits...),
	}}
}

// wrapBuilder makes query.ForOrg(b, sc).Build() of the b.Build() whose text
// the call runs.
func (x *fixer) wrapBuilder(s *site, call *ssa.Call, pkg, sc string) []analysis.TextEdit {
	if !s.uses[0].Text.Has(valueflow.Built) {
		return nil
	}
	var build *ast.CallExpr
	for _, arg := range call.Call.Args {
		part, ok := arg.(*ssa.Extract)
		if !ok || part.Index != 0 {
			continue
		}
		if made, ok := part.Tuple.(*ssa.Call); ok && made.Call.StaticCallee() != nil && made.Call.StaticCallee().Name() == "Build" {
			build = x.unit.syntax(made).call
		}
	}
	if build == nil {
		return nil
	}
	sel, ok := ast.Unparen(build.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	// The scope has to be in reach there, too.
	if x.scopeAt(build.Pos()) != sc {
		return nil
	}
	return []analysis.TextEdit{
		{Pos: sel.X.Pos(), End: sel.X.Pos(), NewText: []byte(pkg + ".ForOrg(")},
		{Pos: sel.X.End(), End: sel.X.End(), NewText: []byte(", " + sc + ")")},
	}
}

// wrapText makes ("", query.ForOrg(query.Text(text, args...), sc)) of the
// arguments of a call of pgx.
func (x *fixer) wrapText(s *site, call *ast.CallExpr, pkg, sc string) []analysis.TextEdit {
	u := s.uses[0]
	if u.Text.Kind != valueflow.Text || u.Args != nil && u.Args.Kind != valueflow.List {
		return nil
	}
	if u.Args != nil {
		for _, a := range u.Args.Sub {
			if a.Kind != valueflow.Arg || a.Text != valueflow.Plain {
				return nil
			}
		}
	}
	fn, ok := x.callee(call).(*types.Func)
	if !ok || fn.Pkg() == nil || !strings.HasPrefix(fn.Pkg().Path(), "github.com/jackc/pgx/v5") {
		return nil
	}
	first := 1
	switch fn.Name() {
	case "Query", "QueryRow", "Exec":
	case "Queue":
		first = 0
	default:
		return nil
	}
	if !fn.Signature().Variadic() || len(call.Args) <= first {
		return nil
	}
	text := call.Args[first]
	last := call.Args[len(call.Args)-1]
	end := last.End()
	if call.Ellipsis.IsValid() {
		end = call.Ellipsis + token.Pos(len("..."))
	}
	if text != last && x.line(text.End()) != x.line(end) || x.line(end) != x.line(call.Rparen) {
		return nil // a call over several lines may need commas of its own
	}
	return []analysis.TextEdit{
		{Pos: text.Pos(), End: text.Pos(), NewText: []byte(`"", ` + pkg + ".ForOrg(" + pkg + ".Text(")},
		{Pos: end, End: end, NewText: []byte("), " + sc + ")")},
	}
}

func (x *fixer) line(p token.Pos) int { return x.pass.Fset.Position(p).Line }

func (x *fixer) callee(call *ast.CallExpr) types.Object {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	return x.pass.TypesInfo.Uses[sel.Sel]
}

// scopeAt is the name of the only *scope.Scope among the variables in reach
// of pos; empty when there is none, or more than one.
func (x *fixer) scopeAt(pos token.Pos) string {
	inner := x.pass.Pkg.Scope().Innermost(pos)
	found := ""
	for s := inner; s != nil && s != x.pass.Pkg.Scope() && s != types.Universe; s = s.Parent() {
		for _, name := range s.Names() {
			v, ok := s.Lookup(name).(*types.Var)
			if !ok || name == "_" || !valueflow.IsScope(v.Type()) {
				continue
			}
			if _, seen := inner.LookupParent(name, pos); seen != v {
				continue // declared further down, or shadowed
			}
			if found != "" {
				return ""
			}
			found = name
		}
	}
	return found
}

// importName is the name of a package in a file, and the edit that imports
// it where that is needed. The name is empty when something else has it.
func (x *fixer) importName(file *ast.File, pos token.Pos, path, name string) (string, []analysis.TextEdit) {
	for _, spec := range file.Imports {
		if p, _ := strconv.Unquote(spec.Path.Value); p == path {
			if spec.Name == nil {
				return x.unhidden(pos, name), nil
			}
			if spec.Name.Name != "_" && spec.Name.Name != "." {
				return x.unhidden(pos, spec.Name.Name), nil
			}
		}
	}
	if inner := x.pass.Pkg.Scope().Innermost(pos); inner != nil {
		if _, obj := inner.LookupParent(name, pos); obj != nil {
			return "", nil
		}
	}
	quoted := strconv.Quote(path)
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT {
			break
		}
		if gen.Rparen.IsValid() && len(gen.Specs) > 0 {
			end := gen.Specs[len(gen.Specs)-1].End()
			return name, []analysis.TextEdit{{Pos: end, End: end, NewText: []byte("\n\n\t" + quoted)}}
		}
	}
	end := file.Name.End()
	if n := len(file.Imports); n > 0 {
		end = file.Imports[n-1].End()
	}
	return name, []analysis.TextEdit{{Pos: end, End: end, NewText: []byte("\n\nimport " + quoted)}}
}

// unhidden is name if it means an import at pos.
func (x *fixer) unhidden(pos token.Pos, name string) string {
	inner := x.pass.Pkg.Scope().Innermost(pos)
	if inner == nil {
		return name
	}
	if _, obj := inner.LookupParent(name, pos); obj != nil {
		if _, ok := obj.(*types.PkgName); !ok {
			return ""
		}
	}
	return name
}

func (x *fixer) fileOf(pos token.Pos) *ast.File {
	for _, f := range x.pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return f
		}
	}
	return nil
}

// declareIt adds the declaration of a model behind its type.
func (x *fixer) declareIt(m model) []analysis.SuggestedFix {
	table := x.tableOf(m)
	name := plural(m.obj.Name())
	file := x.fileOf(m.obj.Pos())
	if table == "" || file == nil || x.pass.Pkg.Scope().Lookup(name) != nil {
		return nil
	}
	var after ast.Decl
	for _, decl := range file.Decls {
		if decl.Pos() <= m.obj.Pos() && m.obj.Pos() < decl.End() {
			after = decl
		}
	}
	pkg, imported := x.importName(file, m.obj.Pos(), valueflow.QueryPath, "query")
	if after == nil || pkg == "" {
		return nil
	}
	option := ""
	if m.column != defaultColumn {
		option = ", " + pkg + ".Column(" + strconv.Quote(m.column) + ")"
	}
	text := "\n\nvar " + name + " = " + pkg + ".Declare[" + m.obj.Name() + "](" + strconv.Quote(table) + option + ")"
	return []analysis.SuggestedFix{{
		Message:   "Declare table " + table,
		TextEdits: append(imported, analysis.TextEdit{Pos: after.End(), End: after.End(), NewText: []byte(text)}),
	}}
}

// tableOf is the table of a model, if that is known: by the model itself, by
// the schema, or by convention where no schema says otherwise.
func (x *fixer) tableOf(m model) string {
	names := tableNames(x.pass, m)
	if len(names) == 1 {
		return names[0]
	}
	schema := false
	for _, t := range x.unit.tables {
		schema = schema || t.Source == migrated
		if t.Source == migrated && t.Column == m.column && (t.Name == names[0] || t.Name == names[1]) {
			return t.Name
		}
	}
	if schema {
		return ""
	}
	return names[0]
}

// updateByTable replaces Struct.Update by the declared table's, which leaves
// the ownership column alone.
func (x *fixer) updateByTable(s *site) []analysis.SuggestedFix {
	call, ok := s.instr.(*ssa.Call)
	if !ok || !s.direct || len(call.Call.Args) == 0 {
		return nil
	}
	made := valueflow.MadeBy(call.Call.Args[0])
	if made == nil {
		return nil
	}
	update := x.unit.syntax(made).call
	if update == nil || len(update.Args) != 2 {
		return nil
	}
	row := ast.Unparen(update.Args[1])
	t := x.pass.TypesInfo.TypeOf(row)
	deref := "*"
	if address, ok := row.(*ast.UnaryExpr); ok && address.Op == token.AND {
		row, deref = address.X, ""
	} else if _, pointer := t.Underlying().(*types.Pointer); !pointer {
		deref = ""
	}
	if p, pointer := t.Underlying().(*types.Pointer); pointer {
		t = p.Elem()
	}
	table := x.declaredTable(t, update.Pos())
	if table == "" || !x.dispensable(update.Fun, table) {
		return nil
	}
	var b bytes.Buffer
	if err := format.Node(&b, x.pass.Fset, row); err != nil {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message:   "Use " + table + ".Update",
		TextEdits: []analysis.TextEdit{{Pos: update.Pos(), End: update.End(), NewText: []byte(table + ".Update(" + deref + b.String() + ")")}},
	}}
}

// dispensable tells whether a call may go without leaving a variable or an
// import that nothing uses: what it is called on is a variable of this
// package, or of the one that has the table.
func (x *fixer) dispensable(fun ast.Expr, table string) bool {
	sel, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	switch recv := ast.Unparen(sel.X).(type) {
	case *ast.Ident:
		obj := x.pass.TypesInfo.Uses[recv]
		return obj != nil && obj.Parent() == x.pass.Pkg.Scope()
	case *ast.SelectorExpr:
		pkg, ok := recv.X.(*ast.Ident)
		return ok && strings.HasPrefix(table, pkg.Name+".")
	}
	return false
}

// declaredTable is how code at pos names the only declared table of a model.
func (x *fixer) declaredTable(model types.Type, pos token.Pos) string {
	file := x.fileOf(pos)
	if file == nil {
		return ""
	}
	found := ""
	look := func(pkg *types.Package, prefix string) {
		for _, name := range pkg.Scope().Names() {
			v, ok := pkg.Scope().Lookup(name).(*types.Var)
			if !ok || prefix != "" && !v.Exported() || !valueflow.IsTable(v.Type()) {
				continue
			}
			named, _ := types.Unalias(v.Type()).(*types.Named)
			if named == nil || named.TypeArgs().Len() != 1 || !types.Identical(named.TypeArgs().At(0), model) {
				continue
			}
			if found != "" {
				found = "?"
				continue
			}
			found = prefix + name
		}
	}
	look(x.pass.Pkg, "")
	for _, spec := range file.Imports {
		name := x.pass.TypesInfo.PkgNameOf(spec)
		if name != nil && name.Name() != "_" && name.Name() != "." && x.unhidden(pos, name.Name()) != "" {
			look(name.Imported(), name.Name()+".")
		}
	}
	if found == "?" {
		return ""
	}
	return found
}

// fixes are what can be done about a verdict on a site.
func (x *fixer) fixes(s *site, v verdict) []analysis.SuggestedFix {
	switch {
	case v.category == unscoped && v.relations != nil && v.remedy != "" && onlyPlain(v.relations):
		return x.scopeIt(s)
	case v.category == moved && v.wholeRow:
		return x.updateByTable(s)
	}
	return nil
}

// onlyPlain tells whether ForOrg scopes such statements as they are.
func onlyPlain(relations []relation) bool {
	for _, r := range relations {
		if r.verb == orgfilter.Merge {
			return false
		}
	}
	return true
}
