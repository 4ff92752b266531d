package analyzer

import (
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/sigrahq/sigra/internal/valueflow"
)

// model is a struct with an ownership column.
type model struct {
	obj    *types.TypeName
	column string
	mixin  bool         // it holds nothing but the column
	via    *types.Named // the struct that it embeds and has the column from; nil when the field is its own
}

// models finds the package-level structs that have an ownership column.
func models(pkg *types.Package, columns []string) []model {
	var out []model
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || obj.IsAlias() {
			continue
		}
		st, ok := obj.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		if m, ok := modelOf(st, columns, 0); ok {
			m.obj = obj
			out = append(out, m)
		}
	}
	return out
}

// maxEmbedding bounds the search through embedded structs, which may embed
// pointers to themselves.
const maxEmbedding = 8

func modelOf(st *types.Struct, columns []string, depth int) (model, bool) {
	found := map[string]model{}
	others := 0
	for i := range st.NumFields() {
		f := st.Field(i)
		if column := columnName(st.Tag(i)); column != "" {
			if slices.Contains(columns, column) {
				found[column] = model{column: column}
			} else {
				others++
			}
			continue
		}
		if !f.Embedded() || depth == maxEmbedding {
			others++
			continue
		}
		named, inner := embedded(f.Type())
		if inner == nil {
			others++
			continue
		}
		m, ok := modelOf(inner, columns, depth+1)
		if !ok {
			others++
			continue
		}
		if _, own := found[m.column]; !own {
			m.via = named
			found[m.column] = m
		}
		if !m.mixin {
			others++
		}
	}
	for _, c := range columns {
		m, ok := found[c]
		if !ok {
			continue
		}
		if m.mixin && others > 0 {
			m.via = nil // a mixin lends its field; the model is this struct
		}
		m.mixin = others == 0
		return m, true
	}
	return model{}, false
}

func embedded(t types.Type) (*types.Named, *types.Struct) {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil, nil
	}
	st, _ := named.Underlying().(*types.Struct)
	return named, st
}

// columnName reads the column that a field's tag names: db:"name" as pgx,
// scany and sqlx have it, or the tags of bun, go-pg and gorm.
func columnName(tag string) string {
	if tag == "" {
		return ""
	}
	st := reflect.StructTag(tag)
	for _, key := range []string{"db", "bun", "pg"} {
		if v, ok := st.Lookup(key); ok {
			name, _, _ := strings.Cut(v, ",")
			if name != "-" && !strings.Contains(name, ":") {
				return name
			}
		}
	}
	if v, ok := st.Lookup("gorm"); ok {
		for part := range strings.SplitSeq(v, ";") {
			if name, ok := strings.CutPrefix(part, "column:"); ok {
				return name
			}
		}
	}
	return ""
}

// tableNames are the tables that a model has by convention: what its constant
// TableName method says, or else its name in snake case, plural and singular.
func tableNames(pass *analysis.Pass, m model) []string {
	if name := tableNameMethod(pass, m.obj); name != "" {
		return []string{name}
	}
	if st, ok := m.obj.Type().Underlying().(*types.Struct); ok {
		if name, _ := valueflow.TableTag(st); name != "" {
			return []string{name}
		}
	}
	base := m.obj.Name()
	for _, suffix := range []string{"Model", "Entity", "Record", "Row"} {
		if rest, ok := strings.CutSuffix(base, suffix); ok && rest != "" {
			base = rest
			break
		}
	}
	singular := snake(base)
	return []string{plural(singular), singular}
}

// tableNameMethod is the result of a method TableName() string whose body is
// one return of a constant.
func tableNameMethod(pass *analysis.Pass, obj *types.TypeName) string {
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != "TableName" || fn.Body == nil || len(fn.Body.List) != 1 {
				continue
			}
			ret, ok := fn.Body.List[0].(*ast.ReturnStmt)
			if !ok || len(ret.Results) != 1 || receiver(pass, fn) != obj {
				continue
			}
			return constantString(pass, ret.Results[0])
		}
	}
	return ""
}

func receiver(pass *analysis.Pass, fn *ast.FuncDecl) *types.TypeName {
	f, ok := pass.TypesInfo.Defs[fn.Name].(*types.Func)
	if !ok {
		return nil
	}
	t := f.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Origin().Obj()
	}
	return nil
}

func constantString(pass *analysis.Pass, e ast.Expr) string {
	tv := pass.TypesInfo.Types[e]
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return ""
	}
	return constant.StringVal(tv.Value)
}

// snake writes a Go name as a column or table name: OrgUnit is org_unit, and
// APIKey is api_key.
func snake(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		upper := 'A' <= c && c <= 'Z'
		if upper && i > 0 {
			previous := name[i-1]
			afterLower := !('A' <= previous && previous <= 'Z') && previous != '_'
			beforeLower := i+1 < len(name) && 'a' <= name[i+1] && name[i+1] <= 'z'
			if afterLower || beforeLower && previous != '_' {
				b.WriteByte('_')
			}
		}
		if upper {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

func plural(s string) string {
	switch {
	case strings.HasSuffix(s, "y") && len(s) > 1 && !strings.ContainsRune("aeiou", rune(s[len(s)-2])):
		return s[:len(s)-1] + "ies"
	case strings.HasSuffix(s, "s"), strings.HasSuffix(s, "x"), strings.HasSuffix(s, "z"),
		strings.HasSuffix(s, "ch"), strings.HasSuffix(s, "sh"):
		return s + "es"
	}
	return s + "s"
}

func modelName(obj *types.TypeName) string { return obj.Pkg().Path() + "." + obj.Name() }
