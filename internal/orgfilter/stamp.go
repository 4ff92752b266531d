package orgfilter

import (
	"slices"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// insert makes the new rows the organization's, and keeps ON CONFLICT away
// from the rows of others.
func (r *rewriter) insert(s *pgsql.Statement) {
	if s.Source != nil {
		r.statement(s.Source)
	}
	t, ok := r.owned(s.Target)
	if !ok {
		return
	}
	r.stamp(s, t)
	if c := s.Conflict; c != nil && c.Update {
		if s.Target.Ref() == "excluded" {
			refuseTable(Unreadable, t, s.Target.Start, "alias \"excluded\" is also the name of the row that was to be inserted; choose another")
		}
		r.assignments(c.Set, t)
		r.and(conditions{r.guard(s.Target, t)}, c.Where, c.SetEnd, false)
	}
}

func (r *rewriter) stamp(s *pgsql.Statement, t Table) {
	column := pgsql.QuoteName(t.Column)
	if s.Columns == nil {
		if s.Source != nil {
			refuseTable(Unreadable, t, s.SourceSpan.Start, "insert into %q has no column list, so its organization cannot be set; name the columns", t.Name)
		}
		// DEFAULT VALUES: every other column keeps its default.
		r.edits.replace(s.SourceSpan, "(", column, ") VALUES (", r.org, ")")
		return
	}
	at := r.ownership(s.Columns, t)
	if at >= 0 {
		r.stampPresent(s.Source, at, t, direct(s.Source))
		return
	}
	r.edits.insert(s.ColumnsEnd, ", ", column)
	r.stampAbsent(s)
}

// ownership finds the ownership column in a column list; it is -1 for none.
func (r *rewriter) ownership(columns []pgsql.ColumnName, t Table) int {
	at := slices.IndexFunc(columns, func(c pgsql.ColumnName) bool { return c.Name == t.Column })
	if at >= 0 && columns[at].Part {
		refuseTable(ForeignRow, t, columns[at].Start, "insert into %q sets a part of %q; set the whole column or leave it out", t.Name, t.Column)
	}
	return at
}

// stampAbsent adds the organization as a last value to each new row.
func (r *rewriter) stampAbsent(s *pgsql.Statement) {
	source := plain(s.Source)
	switch {
	case source.Kind == pgsql.Values:
		cast := ""
		if !direct(source) {
			cast = "::uuid"
		}
		for _, row := range source.Rows {
			r.edits.insert(row.End-1, ", ", r.org, cast)
		}
	case source.Kind == pgsql.Select && len(source.Outputs) > 0:
		// The cast keeps DISTINCT and the like from making it text.
		r.edits.insert(source.Outputs[len(source.Outputs)-1].End, ", ", r.org, "::uuid")
	default:
		rows := r.freshName()
		r.edits.insert(s.SourceSpan.Start, "SELECT ", rows, ".*, ", r.org, "::uuid FROM (")
		r.edits.insert(s.SourceSpan.End, ") AS ", rows)
	}
}

// direct tells that the columns of the target give the parameters of VALUES
// their types. With clauses of its own VALUES is a query like any other
// (transformInsertStmt in analyze.c).
func direct(s *pgsql.Statement) bool {
	return s.Kind == pgsql.Values && !s.Tail && s.With == nil
}

// plain takes off brackets to which nothing was added. What was added to those
// of a SELECT is that SELECT's own (insertSelectOptions in gram.y).
func plain(s *pgsql.Statement) *pgsql.Statement {
	for inner := s; inner.Kind == pgsql.SetOperation && len(inner.Arms) == 1; {
		inner = inner.Arms[0]
		if inner.Kind == pgsql.Select {
			return inner
		}
	}
	for s.Kind == pgsql.SetOperation && len(s.Arms) == 1 && !s.Tail && s.With == nil {
		s = s.Arms[0]
	}
	return s
}

// stampPresent looks at the value at position at of every new row. In VALUES
// that are inserted directly the column gives a parameter its type; elsewhere
// it needs a cast.
func (r *rewriter) stampPresent(s *pgsql.Statement, at int, t Table, direct bool) {
	switch s.Kind {
	case pgsql.SetOperation:
		for _, arm := range s.Arms {
			r.stampPresent(arm, at, t, false)
		}
	case pgsql.Values:
		for _, row := range s.Rows {
			r.stampRow(s, row, at, t, direct)
		}
	case pgsql.Select:
		if at >= len(s.Outputs) || slices.ContainsFunc(s.Outputs[:at+1], func(o pgsql.Output) bool { return o.Star }) {
			refuseTable(ForeignRow, t, s.Start, "insert into %q does not show the value for %q; name the columns of the SELECT, or leave %q out", t.Name, t.Column, t.Column)
		}
		r.stampValue(s, s.Outputs[at].Expr, t, false)
	default:
		refuseTable(ForeignRow, t, s.Start, "insert into %q does not show the value for %q", t.Name, t.Column)
	}
}

// stampRow looks at the value at position at of one row of VALUES.
func (r *rewriter) stampRow(s *pgsql.Statement, row pgsql.Row, at int, t Table, direct bool) {
	if at >= len(row.Items) || slices.ContainsFunc(row.Items[:at], isStar) {
		refuseTable(ForeignRow, t, row.Start, "insert into %q has a row without a value for %q", t.Name, t.Column)
	}
	r.stampValue(s, row.Items[at], t, direct)
}

func isStar(e *pgsql.Expr) bool { return e.Kind == pgsql.AllColumns }

// stampValue admits a value that is the organization, is replaced by it, or
// can be checked when the arguments are known.
func (r *rewriter) stampValue(s *pgsql.Statement, v *pgsql.Expr, t Table, direct bool) {
	check := Check{Table: t.Name, Column: t.Column, Offset: v.Start, Stamp: true}
	switch {
	case r.checkable(v, &check):
		r.plan.Checks = append(r.plan.Checks, check)
	case v.Kind == pgsql.Null, v.Kind == pgsql.Default, v.Kind == pgsql.Cast && v.Name == "uuid" && v.Left.Kind == pgsql.Null,
		r.isOrganization(v, s):
		cast := ""
		if !direct {
			cast = "::uuid"
		}
		r.edits.replace(v.Span, r.org, cast)
	default:
		refuseTable(ForeignRow, t, v.Start, "insert into %q takes %q from an expression; pass it as a parameter or leave the column out", t.Name, t.Column)
	}
}
