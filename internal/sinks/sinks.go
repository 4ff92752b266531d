package sinks

import (
	"go/types"
	"strings"
)

// Sink says which arguments of a call are SQL. Indexes count parameters from
// 0 without the receiver.
type Sink struct {
	Name string // as a message shows it: "Query"
	Text int    // the SQL text; -1 for a copy
	Args int    // the statement's arguments; -1 when there are none
	Sure bool   // the call is known to reach a database

	// Receiver is set when the receiver is a builder that holds the statement.
	Receiver bool

	Table, Columns int // of a copy; -1 otherwise
}

// Match tells whether calling fn hands SQL to a database.
func Match(fn *types.Func) (Sink, bool) {
	form, ok := forms[fn.Name()]
	if !ok {
		return Sink{}, false
	}
	sig := fn.Signature()
	if runsItself(fn) {
		return Sink{Name: fn.Name(), Text: -1, Args: -1, Table: -1, Columns: -1, Sure: true, Receiver: true}, true
	}
	known := isLibrary(fn.Pkg())
	if sig.Recv() == nil && !known {
		return Sink{}, false // a plain function of that name says nothing
	}
	if form == copyForm {
		return matchCopy(fn, sig)
	}
	text := textIndex(form, sig.Params())
	if text < 0 {
		return Sink{}, false
	}
	s := Sink{Name: fn.Name(), Text: text, Args: -1, Table: -1, Columns: -1}
	if next := text + 1; next < sig.Params().Len() {
		s.Args = next
	}
	switch {
	case known, mentionsLibrary(sig):
		s.Sure = true
	case !form.plausible(sig, text):
		return Sink{}, false
	}
	return s, true
}

// form is how the parameters of a sink are laid out.
type form uint8

const (
	queryForm   form = iota + 1 // [ctx,] sql, args...
	prepareForm                 // [ctx,] [name,] sql
	destForm                    // [ctx,] [db,] dest, sql, args...
	copyForm                    // [ctx,] table, columns, source
)

// forms is the table of sinks: pgx, pgconn, database/sql, sqlx, scany, and
// the raw statements of gorm and bun.
var forms = map[string]form{
	"Query":           queryForm,
	"QueryRow":        queryForm,
	"Exec":            queryForm,
	"QueryContext":    queryForm,
	"QueryRowContext": queryForm,
	"ExecContext":     queryForm,

	"Queue":            queryForm, // pgx.Batch
	"ExecParams":       queryForm, // pgconn
	"SendQueryParams":  queryForm,
	"SendPrepare":      prepareForm,
	"CopyTo":           queryForm,
	"Prepare":          prepareForm,
	"PrepareContext":   prepareForm,
	"CopyFrom":         copyForm,
	"PrepareNamed":     prepareForm, // sqlx
	"Preparex":         prepareForm,
	"PreparexContext":  prepareForm,
	"Queryx":           queryForm,
	"QueryRowx":        queryForm,
	"MustExec":         queryForm,
	"NamedExec":        queryForm,
	"NamedQuery":       queryForm,
	"QueryxContext":    queryForm,
	"QueryRowxContext": queryForm,
	"MustExecContext":  queryForm,
	"NamedExecContext": queryForm,

	"PrepareNamedContext": prepareForm,
	"NamedQueryContext":   queryForm,

	"Select":        destForm, // sqlx, scany
	"Get":           destForm,
	"SelectContext": destForm,
	"GetContext":    destForm,

	"Raw":    queryForm, // gorm
	"NewRaw": queryForm, // bun
}

// runsItself tells whether a method runs the statement of its receiver, as
// squirrel's builders do after RunWith.
func runsItself(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Signature().Recv() == nil || unvendored(fn.Pkg().Path()) != "github.com/Masterminds/squirrel" {
		return false
	}
	named, ok := types.Unalias(fn.Signature().Recv().Type()).(*types.Named)
	return ok && strings.HasSuffix(named.Obj().Name(), "Builder")
}

// textIndex finds the parameter that holds the SQL, or -1.
func textIndex(f form, params *types.Tuple) int {
	first := -1
	for i := range params.Len() {
		if isString(params.At(i).Type()) {
			first = i
			break
		}
	}
	if first < 0 {
		return -1
	}
	switch f {
	case queryForm:
		if first > 2 {
			return -1
		}
	case prepareForm:
		// pgx: Prepare(ctx, name, sql).
		if next := first + 1; next < params.Len() && isString(params.At(next).Type()) {
			return next
		}
	case destForm:
		if first == 0 || !isAny(params.At(first-1).Type()) {
			return -1
		}
	}
	return first
}

// plausible judges a method of a type that nobody knows, where the signature
// names no database type either: a mock, or a wrapper around one.
func (f form) plausible(sig *types.Signature, text int) bool {
	params := sig.Params()
	switch f {
	case prepareForm:
		return text == params.Len()-1
	default:
		return sig.Variadic() && text == params.Len()-2 && isAnySlice(params.At(text+1).Type())
	}
}

func matchCopy(fn *types.Func, sig *types.Signature) (Sink, bool) {
	s := Sink{Name: fn.Name(), Text: -1, Args: -1, Table: -1, Columns: -1, Sure: true}
	params := sig.Params()
	for i := range params.Len() {
		named, ok := types.Unalias(params.At(i).Type()).(*types.Named)
		if !ok || named.Obj().Name() != "Identifier" || !isLibrary(named.Obj().Pkg()) {
			continue
		}
		if i+1 < params.Len() && isStringSlice(params.At(i+1).Type()) {
			s.Table, s.Columns = i, i+1
			return s, true
		}
	}
	// pgconn's CopyFrom(ctx, reader, sql) takes a COPY statement.
	for i := range params.Len() {
		if isString(params.At(i).Type()) && isLibrary(fn.Pkg()) {
			s.Text = i
			return s, true
		}
	}
	return Sink{}, false
}

// libraries are the import paths, with everything below them, whose methods
// are sinks by name.
var libraries = []string{
	"database/sql",
	"github.com/jackc/pgx",
	"github.com/jackc/pgconn",
	"github.com/jmoiron/sqlx",
	"github.com/georgysavva/scany",
	"gorm.io/gorm",
	"github.com/uptrace/bun",
}

// builders are libraries that make SQL rather than run it.
var builders = []string{
	"github.com/huandu/go-sqlbuilder",
	"github.com/Masterminds/squirrel",
	"github.com/sigrahq/sigra/runtime/query",
}

// Library tells whether a package is one whose sinks or builders are known
// here. Such packages need no analysis of their own.
func Library(path string) bool { return under(path, libraries) || under(path, builders) }

func isLibrary(pkg *types.Package) bool { return pkg != nil && under(pkg.Path(), libraries) }

func under(path string, roots []string) bool {
	path = unvendored(path)
	for _, root := range roots {
		if rest, ok := strings.CutPrefix(path, root); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

func unvendored(path string) string {
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return path
}

// mentionsLibrary tells whether a parameter or result is of a type that only
// a database call has.
func mentionsLibrary(sig *types.Signature) bool {
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			t := types.Unalias(v.Type())
			if p, ok := t.(*types.Pointer); ok {
				t = types.Unalias(p.Elem())
			}
			if n, ok := t.(*types.Named); ok && isLibrary(n.Obj().Pkg()) {
				return true
			}
		}
	}
	return false
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.String
}

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

func isAnySlice(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && isAny(s.Elem())
}

func isStringSlice(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && isString(s.Elem())
}

// Field tells whether field i of struct type t, or of what t points to, holds
// SQL that a library runs by itself: pgx.TxOptions has two.
func Field(t types.Type, i int) (name string, ok bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Name() != "TxOptions" || !isLibrary(named.Obj().Pkg()) {
		return "", false
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok || i >= st.NumFields() {
		return "", false
	}
	switch name := st.Field(i).Name(); name {
	case "BeginQuery", "CommitQuery":
		return name, true
	}
	return "", false
}
