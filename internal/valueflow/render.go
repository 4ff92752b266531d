package valueflow

import (
	"go/token"
	"strings"
)

// OwnColumn is the Text of the Hole for the name of the ownership column where
// the columns come from a struct. Which one that is, only the table says.
const OwnColumn = "the columns come from a struct"

// Flatten writes an expression for a text as a list of Texts, Numbers, Holes
// and Params; builders are rendered. With every, the calls on builders that
// happen on some paths only are included, else they are left out: a statement
// is what it should be when both forms are.
func Flatten(e *Expr, every bool) []*Expr {
	r := renderer{every: every}
	r.text(e)
	return r.out
}

type renderer struct {
	every bool
	out   []*Expr
}

func (r *renderer) put(s string) { r.out = append(r.out, text(s)) }

func (r *renderer) text(e *Expr) {
	switch e.Kind {
	case Concat:
		for _, s := range e.Sub {
			r.text(s)
		}
	case Built:
		r.builder(e.Sub[0])
	case Builder:
		r.builder(e)
	case Statement, Bypass:
		r.put("SELECT NULL")
	case List:
		for i, s := range e.Sub {
			if i > 0 {
				r.put(", ")
			}
			r.text(s)
		}
	case Call:
		r.out = append(r.out, hole("a text that depends on parameters", e.pos))
	default:
		r.out = append(r.out, e)
	}
}

// clauses are those of a builder's statement, gathered from its calls.
type clauses struct {
	verb     string // SELECT, UPDATE, DELETE, INSERT, UNION; empty when not known
	base     *Expr  // a builder that is not known, on which the calls were made
	with     []*Expr
	columns  []*Expr
	into     []*Expr // target of UPDATE, DELETE, INSERT
	from     []*Expr // FROM, USING
	joins    []joined
	set      []*Expr
	where    []*Expr
	model    []*Expr // the table of a model, its alias and the condition on its key
	having   []*Expr
	union    []*Expr
	insert   *Expr // INSERT … SELECT
	values   *Expr // of an INSERT: its first row, if that is known
	row      *Expr // the ownership column of the struct that holds the columns
	prefix   []*Expr
	verbatim []*Expr
}

type joined struct {
	kind  string
	table *Expr
	on    []*Expr
}

func (r *renderer) builder(b *Expr) {
	if b.Kind != Builder {
		r.text(b)
		return
	}
	var st clauses
	r.gather(&st, b.Sub)
	r.statement(&st)
}

func (r *renderer) gather(st *clauses, events []*Expr) {
	for _, e := range events {
		switch {
		case e.Kind == Builder:
			r.gather(st, e.Sub)
		case e.Kind != Event:
			st.base = e
		case e.Maybe && !r.every:
		case e.Text == "then":
			r.gather(st, e.Sub)
		default:
			r.event(st, e)
		}
	}
}

// event adds one call to the clauses. Tables of a From that replaces an
// earlier one on some paths are all kept: each of them can be in the text.
func (r *renderer) event(st *clauses, e *Expr) {
	var args []*Expr
	for _, a := range e.Sub {
		args = append(args, elements(a)...)
	}
	if len(args) == 0 {
		args = nil
	}
	name := strings.TrimSuffix(e.Text, "ForTag")
	switch name {
	case "NewSelectBuilder":
		st.verb = "SELECT"
	case "NewUpdateBuilder":
		st.verb = "UPDATE"
	case "NewDeleteBuilder":
		st.verb = "DELETE"
	case "NewInsertBuilder":
		st.verb = "INSERT"
	case "NewUnionBuilder":
		st.verb = "UNION"
	case "Select", "SelectMore":
		st.verb = "SELECT"
		st.columns = append(st.columns, args...)
	case "SelectFrom":
		st.verb = "SELECT"
		st.from = append(st.from, args[:1]...)
	case "From", "Using":
		st.from = append(st.from, args...)
	case "Update":
		st.verb = "UPDATE"
		st.into = append(st.into, args[:1]...)
		st.row = rowOf(e)
	case "DeleteFrom":
		st.verb = "DELETE"
		st.into = append(st.into, args[:1]...)
	case "InsertInto", "InsertIgnoreInto", "ReplaceInto":
		st.verb = "INSERT"
		st.into = append(st.into, args[:1]...)
		st.row = rowOf(e)
	case "Values":
		if st.values == nil && len(e.Sub) > 0 {
			st.values = e.Sub[0]
		}
	case "Cols":
		st.columns = append(st.columns, args...)
	case "Join":
		st.joins = append(st.joins, joined{"JOIN", e.Sub[0], tail(e, 1)})
	case "JoinWithOption":
		kind := "JOIN"
		if e.Sub[0].Kind == Text {
			kind = e.Sub[0].Text + " JOIN"
		}
		st.joins = append(st.joins, joined{kind, e.Sub[1], tail(e, 2)})
	case "Set", "SetMore":
		st.set = append(st.set, args...)
	case "Where":
		st.where = append(st.where, args...)
	case "Row":
		st.row = e.Sub[0]
	case "SetRecord":
		st.set = append(st.set, assignments(e.Sub[0])...)
	case "InsertRecord":
		if r := e.Sub[0]; r.Kind == Event && r.Text == record {
			st.columns, st.values = elements(r.Sub[0]), r.Sub[1]
		} else {
			st.columns = args
		}
	case "AddWhereExpr":
		st.where = append(st.where, tail(e, 1)...)
	case "SetWhereClause":
		st.where = nil
		r.whereClause(st, args)
	case "AddWhereClause":
		r.whereClause(st, args)
	case "Having":
		st.having = append(st.having, args...)
	case "With", "WithRecursive":
		st.with = append(st.with, args...)
	case "Union", "UnionAll":
		st.verb = "UNION"
		st.union = append(st.union, args...)
	case "InsertSelect":
		st.insert = args[0]
	case "JoinText":
		st.joins = append(st.joins, joined{kind: e.Sub[0].Text, table: e.Sub[1]})
	case "Model":
		st.model = e.Sub
	case "ModelTable":
		st.into = append(st.into, args...)
	case "JoinOn":
		if n := len(st.joins); n > 0 {
			st.joins[n-1].on = append(st.joins[n-1].on, args...)
		}
	case "WhereOr":
		if n := len(st.where); n > 0 {
			args = []*Expr{concat(token.NoPos, st.where[n-1], text(" OR "), args[0])}
			st.where = st.where[: n-1 : n-1]
		}
		st.where = append(st.where, args...)
	case "WherePK":
		for _, column := range args {
			st.where = append(st.where, concat(token.NoPos, column, text(" = ?")))
		}
		if len(args) == 0 && st.model != nil {
			st.where = append(st.where, st.model[2])
		}
	case "WhereGroup":
		r.group(st, e.Sub[0], e.Sub[1])
	case "UnionWith":
		st.verbatim = append(st.verbatim, concat(token.NoPos, text("UNION ("), built(args[0]), text(")")))
	case "Prefix":
		st.prefix = append(st.prefix, args...)
	case "SQL":
		st.verbatim = append(st.verbatim, args...)
	}
}

// rowOf is what a call that takes its columns from a struct says of it.
func rowOf(e *Expr) *Expr {
	if len(e.Sub) > 1 && e.Sub[1].Kind == Number {
		return e.Sub[1]
	}
	return nil
}

func tail(e *Expr, n int) []*Expr {
	var out []*Expr
	for _, s := range e.Sub[min(n, len(e.Sub)):] {
		out = append(out, elements(s)...)
	}
	return out
}

func (r *renderer) whereClause(st *clauses, args []*Expr) {
	for _, a := range args {
		if a.Kind != Builder {
			st.where = append(st.where, a)
			continue
		}
		var wc clauses
		r.gather(&wc, a.Sub)
		st.where = append(st.where, wc.where...)
	}
}

// group adds conditions in brackets.
func (r *renderer) group(st *clauses, separator, conditions *Expr) {
	var inner clauses
	inner.model = st.model
	r.gather(&inner, []*Expr{conditions})
	if len(inner.where) == 0 {
		return
	}
	cond := concat(token.NoPos, text("("), join(token.NoPos, list(inner.where...), text(" AND ")), text(")"))
	if n := len(st.where); n > 0 && strings.Contains(strings.ToUpper(separator.Text), "OR") {
		cond = concat(token.NoPos, st.where[n-1], text(" OR "), cond)
		st.where = st.where[: n-1 : n-1]
	}
	st.where = append(st.where, cond)
}

// settle puts the table of a model where the statement has its table, and the
// name of the table where texts ask for it.
func (st *clauses) settle() {
	var table *Expr
	if st.model != nil {
		name, alias := st.model[0], st.model[1]
		table = concat(token.NoPos, name, text(" AS "), alias)
		if name.Kind == Text {
			for i, e := range st.where {
				e = change("replace", e.pos, e, []string{"?TableAlias", alias.Text})
				st.where[i] = change("replace", e.pos, e, []string{"?TableName", name.Text})
			}
		} else {
			table = name
		}
	}
	reads := st.verb == "SELECT" || st.verb == ""
	switch {
	case reads && len(st.into) > 0: // the model's table under another name
		st.from = append(st.into, st.from...)
	case reads && table != nil:
		st.from = append([]*Expr{table}, st.from...)
	case reads || len(st.into) > 0:
	case table != nil:
		st.into = []*Expr{table}
	case len(st.from) > 0:
		st.into, st.from = st.from[:1], st.from[1:]
	}
}

func (r *renderer) statement(st *clauses) {
	st.settle()
	if st.base != nil && st.verb == "" {
		r.out = append(r.out, r.unknownBase(st.base))
	}
	r.with(st.with)
	for _, p := range st.prefix {
		r.text(p)
		r.put(" ")
	}
	switch st.verb {
	case "UNION":
		for i, u := range st.union {
			if i > 0 {
				r.put(" UNION ")
			}
			r.put("(")
			r.text(built(u))
			r.put(")")
		}
	case "UPDATE":
		r.put("UPDATE ")
		r.list(st.into, ", ", true)
		r.put(" SET ")
		switch {
		case len(st.set) > 0:
		case st.row != nil && originsIn(st.row) != nil:
			r.assign(st.row)
		default:
			r.put("x = NULL") // the columns of a struct
		}
		r.list(st.set, ", ", false)
		r.clause(" FROM ", st.from, ", ", true)
		r.clause(" WHERE ", st.where, " AND ", true)
	case "DELETE":
		r.put("DELETE FROM ")
		r.list(st.into, ", ", true)
		r.clause(" USING ", st.from, ", ", true)
		r.clause(" WHERE ", st.where, " AND ", true)
	case "INSERT":
		r.insert(st)
	default:
		r.put("SELECT ")
		if len(st.columns) == 0 {
			r.put("*")
		}
		r.list(st.columns, ", ", false)
		r.clause(" FROM ", st.from, ", ", true)
		for _, j := range st.joins {
			r.put(" " + j.kind + " ")
			r.text(j.table)
			r.clause(" ON ", j.on, " AND ", true)
		}
		r.clause(" WHERE ", st.where, " AND ", true)
		if len(st.having) > 0 {
			r.clause(" GROUP BY 1 HAVING ", st.having, " AND ", true)
		}
	}
	for _, v := range st.verbatim {
		r.put(" ")
		r.text(v)
		if st.verb == "INSERT" && endsWith(v, "DO UPDATE") {
			r.put(" SET ") // by bun, which writes all columns when it is told none
			if len(st.set) == 0 {
				r.put("x = NULL")
			}
			r.list(st.set, ", ", false)
			r.clause(" WHERE ", st.where, " AND ", true)
		}
	}
}

func endsWith(e *Expr, words string) bool {
	last := e
	if e.Kind == Concat {
		last = e.Sub[len(e.Sub)-1]
	}
	return last.Kind == Text && strings.HasSuffix(strings.ToUpper(strings.TrimSpace(last.Text)), words)
}

// assign sets the ownership column to the value of a row.
func (r *renderer) assign(row *Expr) {
	r.out = append(r.out, hole(OwnColumn, token.NoPos))
	r.put(" = $")
	r.out = append(r.out, finish(&Expr{Kind: Number, Text: WholeRow, Sub: row.Sub}))
}

// WholeRow is the Text of the Number for the ownership column of an update
// that writes all columns of a struct.
const WholeRow = "row"

func (r *renderer) unknownBase(base *Expr) *Expr {
	if base.Kind == Hole || base.Kind == Param {
		return base
	}
	return hole("a builder that depends on parameters", base.pos)
}

func (r *renderer) insert(st *clauses) {
	r.put("INSERT INTO ")
	r.list(st.into, ", ", true)
	if len(st.columns) > 0 {
		r.put(" (")
		r.list(st.columns, ", ", true)
		r.put(")")
	} else {
		r.put(" (")
		r.out = append(r.out, hole(OwnColumn, token.NoPos))
		r.put(")")
	}
	if st.insert != nil {
		r.put(" ")
		r.builder(st.insert)
		return
	}
	r.put(" VALUES (")
	for i := range max(1, len(st.columns)) {
		if i > 0 {
			r.put(", ")
		}
		r.put("$")
		r.out = append(r.out, st.value(i))
	}
	r.put(")")
}

// value is what an INSERT puts into its column i.
func (st *clauses) value(i int) *Expr {
	switch {
	case len(st.columns) == 0 && st.row != nil:
		return st.row
	case st.values != nil && st.values.Kind == List && len(st.values.Sub) == len(st.columns) && st.values.Sub[i].Kind == Number:
		return st.values.Sub[i]
	}
	return number
}

func (r *renderer) with(ctes []*Expr) {
	first := true
	var write func(e *Expr)
	write = func(e *Expr) {
		if e.Kind != Builder {
			return
		}
		var name, body *Expr
		for _, ev := range e.Sub {
			switch {
			case ev.Kind != Event:
			case ev.Text == "With" || ev.Text == "WithRecursive":
				for _, a := range ev.Sub {
					for _, q := range elements(a) {
						write(q)
					}
				}
			case ev.Text == "CTEQuery" || ev.Text == "CTETable" || ev.Text == "Table" || ev.Text == "NewCTEQueryBuilder":
				if len(ev.Sub) > 0 {
					name = ev.Sub[0]
				}
			case ev.Text == "As" && len(ev.Sub) > 0:
				body = ev.Sub[0]
			}
		}
		if name == nil || body == nil {
			return
		}
		if first {
			r.put("WITH RECURSIVE ")
		} else {
			r.put(", ")
		}
		first = false
		r.text(name)
		r.put(" AS (")
		r.text(built(body))
		r.put(")")
	}
	for _, c := range ctes {
		write(c)
	}
	if !first {
		r.put(" ")
	}
}

func (r *renderer) clause(word string, items []*Expr, sep string, exact bool) {
	if len(items) == 0 {
		return
	}
	r.put(word)
	r.list(items, sep, exact)
}

// list writes items. Where an unknown item cannot change which rows are seen
// (a column, an assignment), it is written as a constant.
func (r *renderer) list(items []*Expr, sep string, exact bool) {
	for i, e := range items {
		if i > 0 {
			r.put(sep)
		}
		switch {
		case e.Kind == Arg:
			r.put("NULL")
		case !exact && e.Kind == Hole && sep == ", ":
			r.put("x = NULL")
		default:
			r.text(e)
		}
	}
}
