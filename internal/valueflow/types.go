package valueflow

import (
	"go/types"
	"slices"
	"strings"
)

// QueryPath is the import path of the runtime's query package.
const QueryPath = "github.com/sigrahq/sigra/runtime/query"

// ScopePath is the import path of the runtime's scope package.
const ScopePath = "github.com/sigrahq/sigra/runtime/scope"

const builderPath = "github.com/huandu/go-sqlbuilder"

func unvendored(path string) string {
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return path
}

// namedType is the named type that t is, or points to.
func namedType(t types.Type) (n *types.Named, pointer bool) {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t, pointer = types.Unalias(p.Elem()), true
	}
	n, _ = t.(*types.Named)
	return n, pointer
}

// isNamed tells whether t is the named type, or a pointer to it.
func isNamed(t types.Type, path string, names ...string) bool {
	n, _ := namedType(t)
	if n == nil || n.Obj().Pkg() == nil || unvendored(n.Obj().Pkg().Path()) != path {
		return false
	}
	for _, name := range names {
		if n.Obj().Name() == name {
			return true
		}
	}
	return false
}

// isText tells whether values of t are text: strings and byte slices. Those of
// a type parameter are if they can be.
func isText(t types.Type) bool {
	if terms := termsOf(t); terms != nil {
		return slices.ContainsFunc(terms, isText)
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Slice:
		b, ok := u.Elem().Underlying().(*types.Basic)
		return ok && b.Kind() == types.Byte
	}
	return false
}

// under is the underlying type of t; of a type parameter, that of the first
// type in its constraint, which is what all of them have where it matters: make
// and range are not possible otherwise.
func under(t types.Type) types.Type {
	if terms := termsOf(t); len(terms) > 0 {
		return terms[0].Underlying()
	}
	return t.Underlying()
}

// termsOf is the types that the constraint of a type parameter names; nil for
// other types.
func termsOf(t types.Type) []types.Type {
	if _, param := types.Unalias(t).(*types.TypeParam); !param {
		return nil
	}
	return constraintTerms(t.Underlying().(*types.Interface))
}

func constraintTerms(constraint *types.Interface) []types.Type {
	var out []types.Type
	for embedded := range constraint.EmbeddedTypes() {
		list := []types.Type{embedded}
		if union, ok := types.Unalias(embedded).(*types.Union); ok {
			list = nil
			for term := range union.Terms() {
				list = append(list, term.Type())
			}
		}
		for _, t := range list {
			if inner, ok := t.Underlying().(*types.Interface); ok {
				out = append(out, constraintTerms(inner)...)
			} else {
				out = append(out, t)
			}
		}
	}
	return out
}

func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsNumeric|types.IsBoolean) != 0
}

// isTextBuffer tells whether t collects text that is written to it.
func isTextBuffer(t types.Type) bool {
	return isNamed(t, "strings", "Builder") || isNamed(t, "bytes", "Buffer")
}

// isWriter tells whether t is an interface that text is written to.
func isWriter(t types.Type) bool {
	return isNamed(t, "io", "Writer", "StringWriter", "ByteWriter")
}

// isLiteral tells whether the text of a t cannot be SQL: a number, a truth
// value, an id, a time.
func isLiteral(t types.Type) bool {
	if isNumber(t) {
		return true
	}
	n, _ := namedType(t)
	if n == nil {
		return false
	}
	switch n.Obj().Name() {
	case "UUID", "ULID", "Decimal":
		return true
	case "Time", "Duration", "Month", "Weekday":
		return n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time"
	}
	return false
}

// isRewriter tells whether t is a pgx.QueryRewriter.
func isRewriter(t types.Type) bool {
	m, _, _ := types.LookupFieldOrMethod(t, true, nil, "RewriteQuery")
	fn, ok := m.(*types.Func)
	return ok && fn.Signature().Results().Len() == 3
}

// isOption tells whether t is one of pgx's options that may precede the
// arguments of a statement.
func isOption(t types.Type) bool {
	n, _ := namedType(t)
	return n != nil && (n.Obj().Name() == "QueryExecMode" || strings.HasPrefix(n.Obj().Name(), "QueryResultFormats"))
}

func qualified(o types.Object) string {
	if o == nil {
		return "an unnamed object"
	}
	if o.Pkg() == nil {
		return o.Name()
	}
	if fn, ok := o.(*types.Func); ok {
		if recv := fn.Signature().Recv(); recv != nil {
			if n, _ := namedType(recv.Type()); n != nil {
				return n.Obj().Name() + "." + fn.Name()
			}
			return fn.Name()
		}
	}
	return o.Pkg().Name() + "." + o.Name()
}

// fullName is "import/path.Func" or "import/path.Type.Method", without
// pointers and type arguments.
func fullName(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	path := unvendored(fn.Pkg().Path())
	if recv := fn.Signature().Recv(); recv != nil {
		n, _ := namedType(recv.Type())
		if n == nil {
			return ""
		}
		return path + "." + n.Obj().Name() + "." + fn.Name()
	}
	return path + "." + fn.Name()
}

// Followed tells whether the values of a type are worth following from one
// package to another: text, slices of text, builders and expressions.
func Followed(t types.Type) bool {
	return isText(t) || isTextSlice(t) || isBuilder(t) || goquName(t) != ""
}

// IsTable tells whether t is a query.Table.
func IsTable(t types.Type) bool { return isNamed(t, QueryPath, "Table") }

// TextParts are the components of t, or of what t points to, that texts are
// collected in, if t looks as if it were made for that: a struct with a
// strings.Builder, or with texts in fields that are named after SQL.
func TextParts(t types.Type) []string {
	named, _ := namedType(t)
	if named == nil {
		return nil
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var parts []string
	for i := range st.NumFields() {
		field := st.Field(i)
		ft := field.Type()
		if p, ok := ft.Underlying().(*types.Pointer); ok {
			ft = p.Elem()
		}
		if isTextBuffer(ft) || (isString(ft) || isTextSlice(ft)) && sqlName(field.Name()) {
			parts = append(parts, fieldStep(i))
		}
	}
	return parts
}

func sqlName(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"sql", "query", "stmt", "statement", "where", "clause", "cond", "part", "text", "filter", "join", "pred", "buf"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
