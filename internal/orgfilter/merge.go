package orgfilter

import (
	"slices"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// merge keeps a MERGE inside the organization.
//
// PostgreSQL joins the target to the source and asks each row of the join which
// WHEN it is for. Where a row of the source is to be inserted, the source is the
// preserved side, so nothing in ON drops its rows: each of its relations gets a
// condition of its own. The target's guard stands in ON. Another organization's
// row then matches nothing, as if it were not there: it is never updated or
// deleted as MATCHED, and it does not keep a row of the source from being NOT
// MATCHED. Only NOT MATCHED BY SOURCE still sees it, and has a guard for that.
func (r *rewriter) merge(s *pgsql.Statement) {
	r.distinct(s)
	for _, source := range s.From {
		r.place(source, nil)
	}
	t, ok := r.owned(s.Target)
	if !ok {
		r.and(nil, s.Where, 0, false)
		return
	}
	guard := r.guard(s.Target, t)
	r.bySource(s, t)
	r.and(conditions{guard}, s.Where, 0, false)
	for _, a := range s.Actions {
		if a.BySource {
			r.when(a, guard.String())
		}
		r.assignments(a.Set, t)
		if a.Do == pgsql.Insert {
			r.mergeInsert(s, a, t)
		}
	}
}

// when puts a guard in front of what a WHEN demands.
func (r *rewriter) when(a *pgsql.Action, guard string) {
	if a.Condition == nil {
		r.edits.insert(a.Then, "AND ", guard, " ")
		return
	}
	r.edits.insert(a.Condition.Start, guard, " AND (")
	r.edits.insert(a.Condition.End, ")")
}

// bySource refuses the forms of NOT MATCHED BY SOURCE that would differ from the
// plain statement. PostgreSQL then joins all rows of the target, so what it
// computes to find the row of the source it computes for everybody's rows; and
// the guard makes a condition of a WHEN that had none, and of an ON that may
// have named no column.
func (r *rewriter) bySource(s *pgsql.Statement, t Table) {
	var all, inserts bool // a BY SOURCE without a condition; an INSERT
	var first *pgsql.Action
	for _, a := range s.Actions {
		inserts = inserts || a.Do == pgsql.Insert
		if !a.BySource {
			continue
		}
		if all {
			refuseTable(Unreadable, t, a.Start, "WHEN NOT MATCHED BY SOURCE is never reached behind one without a condition; leave it out")
		}
		all = a.Condition == nil
		if first == nil {
			first = a
		}
	}
	if first == nil {
		return
	}
	if s.Where.MayFail() {
		refuseTable(Unreadable, t, s.Where.Start, "merge into %q computes in ON, and NOT MATCHED BY SOURCE makes it do so for other organizations' rows; compute in the source and compare columns", t.Name)
	}
	equality := slices.ContainsFunc(conjuncts(s.Where, nil), func(e *pgsql.Expr) bool { return e.Kind == pgsql.Equal })
	if inserts && !equality {
		refuseTable(Unreadable, t, s.Where.Start, "merge into %q with NOT MATCHED BY SOURCE and INSERT needs an equality of columns in ON", t.Name)
	}
}

// mergeInsert makes the new row of a MERGE the organization's.
func (r *rewriter) mergeInsert(s *pgsql.Statement, a *pgsql.Action, t Table) {
	column := pgsql.QuoteName(t.Column)
	if a.Default {
		r.edits.replace(a.Values.Span, "(", column, ") VALUES (", r.org, ")")
		return
	}
	if a.Columns == nil {
		refuseTable(Unreadable, t, a.Values.Start, "insert into %q has no column list, so its organization cannot be set; name the columns", t.Name)
	}
	if at := r.ownership(a.Columns, t); at >= 0 {
		r.stampRow(s, a.Values, at, t, true)
		return
	}
	r.edits.insert(a.ColumnsEnd, ", ", column)
	r.edits.insert(a.Values.End-1, ", ", r.org)
}
