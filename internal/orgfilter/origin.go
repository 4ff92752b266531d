package orgfilter

import (
	"slices"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// isOrganization tells whether v is the ownership column of a relation that the
// statement restricts, and that no outer join fills with NULL: directly, or
// through derived tables and CTEs.
func (r *rewriter) isOrganization(v *pgsql.Expr, s *pgsql.Statement) bool {
	if v.Kind != pgsql.Column || v.InSchema {
		return false
	}
	if s.Kind == pgsql.Insert || s.Kind == pgsql.Update || s.Kind == pgsql.Delete {
		// RETURNING: the target's row is the organization's, and stays it.
		t, ok := r.owned(s.Target)
		return ok && t.Column == v.Name && (v.Qualifier == s.Target.Ref() || v.Qualifier == "" && len(s.From) == 0)
	}
	if v.Qualifier == "" {
		return len(s.From) == 1 && r.holds(s.From[0], v.Name)
	}
	for _, item := range s.From {
		if found := findPreserved(item, v.Qualifier); found != nil {
			return r.holds(found, v.Name)
		}
	}
	return false
}

// holds tells whether a column of a table reference is the organization.
func (r *rewriter) holds(item *pgsql.FromItem, name string) bool {
	body, columns := item.Derived, item.Columns
	if rel := item.Relation; rel != nil {
		if rel.Columns != nil {
			return false
		}
		if t, ok := r.owned(rel); ok {
			return t.Column == name
		}
		if rel.CTE == nil {
			return false
		}
		body, columns = rel.CTE.Body, rel.CTE.Columns
	}
	if body == nil {
		return false
	}
	body = plain(body)
	at := slices.Index(columns, name)
	if at < 0 {
		at = position(body, name)
	}
	key := output{body, name, at}
	if found, ok := r.brought[key]; ok {
		return found // also what is still being asked, in a circle
	}
	if r.brought == nil {
		r.brought = map[output]bool{}
	}
	r.brought[key] = false
	r.brought[key] = r.brings(body, name, at)
	return r.brought[key]
}

// brings tells whether the column at a position of a query's rows is the
// organization or, where that is not known, the one that a star gives.
func (r *rewriter) brings(s *pgsql.Statement, name string, at int) bool {
	if s.Kind == pgsql.SetOperation {
		return at >= 0 && !slices.ContainsFunc(s.Arms, func(arm *pgsql.Statement) bool { return !r.brings(arm, name, at) })
	}
	for i := range s.Outputs {
		o := &s.Outputs[i]
		switch {
		case o.Star && at >= 0:
			return false
		case i == at:
			return r.isOrganization(o.Expr, s)
		case at >= 0:
		case !o.Star && o.Column() == name:
			return r.isOrganization(o.Expr, s)
		case o.Star:
			e := pgsql.Expr{Kind: pgsql.Column, Name: name}
			if o.Expr != nil {
				e.Qualifier = o.Expr.Qualifier
			}
			if r.isOrganization(&e, s) {
				return true
			}
		}
	}
	return false
}

// findPreserved finds what is called ref below item, unless a join hides its
// name or can fill it with NULL.
func findPreserved(item *pgsql.FromItem, ref string) *pgsql.FromItem {
	switch {
	case item.Relation != nil:
		if item.Relation.Ref() == ref {
			return item
		}
		return nil
	case item.Derived != nil:
		if item.Alias == ref {
			return item
		}
		return nil
	case item.Join == nil || item.Alias != "":
		return nil
	}
	j := item.Join
	if j.Kind != pgsql.RightJoin && j.Kind != pgsql.FullJoin {
		if found := findPreserved(j.Left, ref); found != nil {
			return found
		}
	}
	if j.Kind != pgsql.LeftJoin && j.Kind != pgsql.FullJoin {
		return findPreserved(j.Right, ref)
	}
	return nil
}
