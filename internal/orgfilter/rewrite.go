package orgfilter

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// Rewrite restricts every org-owned relation of text to the organization in
// parameter params+1 and proves it on the result. params is the number of
// arguments that come with the text. The error is an *Error.
func Rewrite(text string, c *Catalog, params int) (*Plan, error) {
	return RewriteLimited(text, c, params, pgsql.Options{})
}

// RewriteLimited is Rewrite with limits of the caller's choice.
func RewriteLimited(text string, c *Catalog, params int, limits pgsql.Options) (plan *Plan, err error) {
	tree, err := pgsql.Read(text, limits)
	if err != nil {
		return nil, unreadable(err)
	}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *Error:
			plan, err = nil, e
		default:
			plan, err = nil, failed("statement cannot be scoped", caught(e))
		}
	}()
	r := rewriters.Get().(*rewriter)
	defer r.free()
	r.tree, r.catalog, r.plan, r.org = tree, c, &Plan{Org: params + 1}, parameter(params+1)
	r.tables = slices.Grow(r.tables, len(tree.Relations))[:len(tree.Relations)]
	r.params(params)
	r.admit()
	r.statement(tree.Root)
	r.unescape()
	r.plan.Text = r.edits.apply(text)
	// The proof has no use for the tree; its memory, still in the processor's
	// cache, is where the next one grows.
	tree.Free()
	if err := prove(r.plan, c, limits); err != nil {
		return nil, err
	}
	return r.plan, nil
}

// unreadable turns the reader's error into a refusal.
func unreadable(err error) error {
	if syntax, ok := errors.AsType[*pgsql.SyntaxError](err); ok {
		return &Error{Problem: Unreadable, Offset: syntax.Offset, Reason: syntax.Msg}
	}
	if limit, ok := errors.AsType[*pgsql.LimitError](err); ok {
		return &Error{Problem: TooLarge, Offset: limit.Offset,
			Reason: fmt.Sprintf("statement has more than %d %s", limit.Max, limit.What)}
	}
	return failed("statement cannot be read", err)
}

// rewriter walks the caller's tree and collects what has to be cut in.
type rewriter struct {
	tree    *pgsql.Tree
	catalog *Catalog
	tables  []Table // of the tree's relations; zero for references to a CTE
	org     string  // the organization's parameter as text
	edits   edits
	plan    *Plan

	brought map[output]bool // what queries are known to bring: see holds

	prefix string // of names that the text does not have
	fresh  int    // such names so far

	seen   []uint8 // how often each of the caller's parameters appears
	guards []guard // of the lists of conditions
}

var rewriters = sync.Pool{New: func() any { return new(rewriter) }}

// keepBytes bounds what a rewriter holds on to between statements.
const keepBytes = 1 << 16

// free lets the memory of the rewriter be used for another statement. Nothing
// but strings and the plan may be taken from it.
func (r *rewriter) free() {
	if cap(r.edits.new)+cap(r.edits.list)+cap(r.seen) > keepBytes {
		return
	}
	clear(r.tables)
	clear(r.guards)
	*r = rewriter{
		tables: r.tables[:0], seen: r.seen[:0], guards: r.guards[:0],
		edits: edits{list: r.edits.list[:0], new: r.edits.new[:0]},
	}
	rewriters.Put(r)
}

// parameters are the texts of the parameters that are used most.
var parameters = func() (texts [32]string) {
	for n := range texts {
		texts[n] = "$" + strconv.Itoa(n)
	}
	return texts
}()

func parameter(n int) string {
	if n < len(parameters) {
		return parameters[n]
	}
	return "$" + strconv.Itoa(n)
}

// params counts the caller's parameters.
func (r *rewriter) params(given int) {
	seen := slices.Grow(r.seen, given+1)[:given+1]
	clear(seen)
	r.seen = seen
	for _, p := range r.tree.Params {
		if p.Number > given {
			refuse(Unreadable, p.Start, "parameter $%d has no argument: there are %d", p.Number, given)
		}
		switch seen[p.Number] {
		case 0:
			r.plan.Used++
		case 1:
			r.plan.Repeated = append(r.plan.Repeated, p.Number)
		}
		seen[p.Number] = min(seen[p.Number]+1, 2)
		r.plan.Params = max(r.plan.Params, p.Number)
		if r.plan.Lowest == 0 || p.Number < r.plan.Lowest {
			r.plan.Lowest = p.Number
		}
	}
	slices.Sort(r.plan.Repeated)
}

// admit looks up every relation and refuses what cannot be scoped at all.
func (r *rewriter) admit() {
	if r.tree.Explain {
		refuse(Unreadable, 0, "EXPLAIN cannot be scoped; scope the statement and explain it through Unscoped")
	}
	for _, call := range r.tree.Calls {
		if denied.hides(call.Name) != 0 {
			refuse(Unreadable, call.Offset, "function %s runs SQL or reads tables by name, out of sight; use Unscoped with a reason", call.Name)
		}
	}
	owned, first := false, ""
	for _, rel := range r.tree.Relations {
		if rel.CTE != nil {
			continue
		}
		t, ok := r.catalog.Lookup(rel.Schema, rel.Name)
		if !ok {
			name := rel.Name
			if rel.Schema != "" {
				name = rel.Schema + "." + rel.Name
			}
			panic(&Error{Problem: Undeclared, Table: name, Offset: rel.NameOffset,
				Reason: "table " + strconv.Quote(name) + " is not declared; add query.Declare[T](" + strconv.Quote(name) +
					"), query.Owned(" + strconv.Quote(name) + ") or query.Shared(" + strconv.Quote(name) + ")"})
		}
		r.tables[rel.Index] = t
		if t.Kind == Owned {
			owned = true
		} else if first == "" {
			first = rel.Name
		}
	}
	if owned {
		return
	}
	e := &Error{Problem: NotOwned, Table: first, Reason: "statement touches no org-owned table; run it with a plain builder or Unscoped"}
	if first != "" {
		e.Reason = "table " + strconv.Quote(first) + " is declared shared and the statement touches no org-owned table; run it with a plain builder or Unscoped"
	}
	panic(e)
}

// owned tells whether rel is an org-owned table.
func (r *rewriter) owned(rel *pgsql.Relation) (Table, bool) {
	if rel == nil {
		return Table{}, false
	}
	t := r.tables[rel.Index]
	return t, t.Kind == Owned
}

// guard is the condition that restricts a relation.
func (r *rewriter) guard(rel *pgsql.Relation, t Table) guard {
	return guard{rowOf(rel), pgsql.QuoteName(t.Column), r.org}
}

// statement rewrites s and everything inside it. Children come before their
// parents: of two edits that close at the same place the inner one is then
// first.
func (r *rewriter) statement(s *pgsql.Statement) {
	if s.With != nil {
		for _, cte := range s.With.CTEs {
			r.statement(cte.Body)
		}
	}
	for _, sub := range s.Subqueries {
		r.statement(sub)
	}
	switch s.Kind {
	case pgsql.Select:
		if s.Into >= 0 {
			refuse(Unreadable, s.Into, "SELECT INTO creates a table; it cannot be scoped")
		}
		r.restrict(s)
	case pgsql.Table:
		refuse(Unreadable, s.Start, "TABLE has no place for a condition; write SELECT * FROM")
	case pgsql.SetOperation:
		for _, arm := range s.Arms {
			r.statement(arm)
		}
	case pgsql.Insert:
		r.insert(s)
	case pgsql.Update:
		r.currentOf(s)
		if t, ok := r.owned(s.Target); ok {
			r.assignments(s.Set, t)
		}
		r.restrict(s)
	case pgsql.Delete:
		r.currentOf(s)
		r.restrict(s)
	case pgsql.Merge:
		r.merge(s)
	}
}

func (r *rewriter) currentOf(s *pgsql.Statement) {
	if s.Current {
		refuse(Unreadable, s.FromEnd, "WHERE CURRENT OF cannot be scoped; name the row by its key")
	}
}

// assignments admits only the organization itself as a value of the
// ownership column.
func (r *rewriter) assignments(set []pgsql.Assignment, t Table) {
	for _, a := range set {
		if a.Name != t.Column {
			continue
		}
		check := Check{Table: t.Name, Column: t.Column, Offset: a.Start, Moved: true}
		if a.Part || !r.checkable(a.Value, &check) {
			refuseTable(MovesRow, t, a.Start, "update of %q assigns %q, which would move rows to another organization; leave the column out", t.Name, t.Column)
		}
		r.plan.Checks = append(r.plan.Checks, check)
	}
}

// checkable fills in what a value is compared with when the arguments are
// known: a parameter or a string, perhaps cast to uuid.
func (r *rewriter) checkable(v *pgsql.Expr, check *Check) bool {
	if v == nil {
		return false
	}
	if v.Kind == pgsql.Cast && v.Name == "uuid" {
		v = v.Left
	}
	switch v.Kind {
	case pgsql.Parameter:
		check.Param = r.tree.Params[v.Param].Number
		return true
	case pgsql.Literal:
		check.Const = literalText(r.tree.Text[v.Start:v.End])
		return check.Const != ""
	}
	return false
}

// literalText is the content of a plain string without escapes, else empty.
func literalText(s string) string {
	for len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		s = s[1 : len(s)-1]
	}
	if len(s) < 2 || s[0] != '\'' || s[len(s)-1] != '\'' {
		return ""
	}
	s = s[1 : len(s)-1]
	for i := range len(s) {
		if s[i] == '\'' || s[i] == '\\' {
			return ""
		}
	}
	return s
}

// requote doubles the quotes of an escape string that have a backslash in front
// of them, so that it ends where a plain string would.
func requote(token string) string {
	b := []byte(token)
	for i := 0; i+1 < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		if b[i+1] == '\'' {
			b[i] = '\''
		}
		i++
	}
	return string(b)
}

// unescape writes strings with a backslash in front of a quote so that they
// end at the same place whatever standard_conforming_strings is, and names with
// a $ so that pgx puts no argument into them.
func (r *rewriter) unescape() {
	for _, span := range r.tree.Escapes {
		r.edits.escape(r.tree.Text, span)
	}
	for _, span := range r.tree.Apart {
		switch token := r.tree.Text[span.Start:span.End]; {
		case token[0] == '$':
			refuse(Unreadable, span.Start, "dollar quote with a replacement character in its tag; choose another tag")
		case strings.Contains(token, "'"):
			r.edits.replace(span, requote(token))
		default:
			_, name, _ := pgsql.ParseName(token)
			r.edits.replace(span, pgsql.QuoteName(name))
		}
	}
}
