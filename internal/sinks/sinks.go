package sinks

import (
	"go/types"
	"slices"
	"strings"
)

// Sink says which arguments of a call are SQL. Indexes count parameters from
// 0 without the receiver, and are -1 when there is no such argument.
type Sink struct {
	Name string // as a message shows it: "Query"
	Text int    // the SQL text
	Args int    // the statement's arguments
	Sure bool   // the call is known to reach a database

	// Builder is the argument that holds the statement, the receiver counted
	// as the first: it may be the receiver itself.
	Builder int

	Table, Columns int // of a copy
}

// Match tells whether calling fn hands SQL to a database.
func Match(fn *types.Func) (Sink, bool) {
	form, known := formOf(fn)
	if form == 0 {
		return Sink{}, false
	}
	s := Sink{Name: fn.Name(), Text: -1, Args: -1, Builder: -1, Table: -1, Columns: -1, Sure: true}
	sig := fn.Signature()
	switch {
	case runsItself(fn):
		s.Builder = 0
		return s, true
	case form == buildForm:
		s.Builder = sig.Params().Len() - 1
		return s, true
	case form == ownForm:
		return Sink{}, false
	case form == copyForm:
		ok := matchCopy(&s, sig, known)
		return s, ok
	}
	if s.Text = textIndex(form, sig.Params()); s.Text < 0 {
		return Sink{}, false
	}
	if next := s.Text + 1; next < sig.Params().Len() && holdsArgs(sig.Params().At(next).Type()) {
		s.Args = next
	}
	if !known && !mentionsLibrary(sig) {
		s.Sure = false
		return s, form.plausible(sig, s.Text)
	}
	return s, true
}

// formOf is the form that fn has by its name, 0 when it is no sink's; known
// says that fn is part of a library of the table. A plain function of another
// package says nothing by its name.
func formOf(fn *types.Func) (f form, known bool) {
	if fn.Pkg() != nil {
		if root := libraryOf(fn.Pkg().Path()); root != "" {
			return calls[root][fn.Name()], true
		}
	}
	if fn.Signature().Recv() == nil {
		return 0, false
	}
	return shapes[fn.Name()], false
}

// runsItself tells whether a method runs the statement of its receiver, as
// bun's builders do, goqu's datasets, and squirrel's after RunWith.
func runsItself(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Signature().Recv() == nil {
		return false
	}
	recv := types.Unalias(fn.Signature().Recv().Type())
	if p, ok := recv.(*types.Pointer); ok {
		recv = types.Unalias(p.Elem())
	}
	named, ok := recv.(*types.Named)
	if !ok {
		return false
	}
	switch libraryOf(fn.Pkg().Path()) {
	case "github.com/Masterminds/squirrel":
		return strings.HasSuffix(named.Obj().Name(), "Builder")
	case "github.com/doug-martin/goqu":
		return strings.HasSuffix(named.Obj().Name(), "Dataset")
	case "github.com/uptrace/bun":
		return slices.Contains([]string{"SelectQuery", "UpdateQuery", "DeleteQuery", "InsertQuery"}, named.Obj().Name())
	}
	return false
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

// matchCopy finds the table and the columns of a copy, or the COPY statement
// that pgconn's CopyFrom takes.
func matchCopy(s *Sink, sig *types.Signature, known bool) bool {
	params := sig.Params()
	for i := range params.Len() {
		named, ok := types.Unalias(params.At(i).Type()).(*types.Named)
		if !ok || named.Obj().Name() != "Identifier" || !isLibrary(named.Obj().Pkg()) {
			continue
		}
		if i+1 < params.Len() && isStringSlice(params.At(i+1).Type()) {
			s.Table, s.Columns = i, i+1
			return true
		}
	}
	if known {
		s.Text = textIndex(queryForm, params)
	}
	return s.Text >= 0
}

// mentionsLibrary tells whether a parameter or result is of a type that only
// a database call has. A builder may be part of any signature.
func mentionsLibrary(sig *types.Signature) bool {
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			t := types.Unalias(v.Type())
			if p, ok := t.(*types.Pointer); ok {
				t = types.Unalias(p.Elem())
			}
			if n, ok := t.(*types.Named); ok && isLibrary(n.Obj().Pkg()) && !writes(n.Obj().Pkg()) {
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

// holdsArgs tells a list of arguments, or the one that names them all as in
// sqlx.NamedExec.
func holdsArgs(t types.Type) bool { return isAnySlice(t) || isAny(t) }

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
	if !ok || named.Obj().Pkg() == nil || libraryOf(named.Obj().Pkg().Path()) != "github.com/jackc/pgx" {
		return "", false
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok || i >= st.NumFields() {
		return "", false
	}
	name = st.Field(i).Name()
	if !slices.Contains(fields[named.Obj().Name()], name) {
		return "", false
	}
	return name, true
}
