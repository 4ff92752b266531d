package pgsql

// scope is what unqualified relation names may refer to besides tables: the
// CTEs in sight, innermost first.
type scope struct {
	cte   *CTE
	outer *scope
}

func (s *scope) find(name string) *CTE {
	for ; s != nil; s = s.outer {
		if s.cte.Name == name {
			return s.cte
		}
	}
	return nil
}

// resolve links relation names to the CTEs that hide tables of that name. A
// CTE is in sight in what follows it in its WITH and in the statement that
// the WITH belongs to; under RECURSIVE in the whole WITH. (PostgreSQL:
// parse_cte.c, and the SELECT page, section "WITH Clause".)
func (p *parser) resolve(s *Statement, sc *scope) {
	if s == nil {
		return
	}
	if s.With != nil {
		sc = p.resolveWith(s.With, sc)
	}
	for _, arm := range s.Arms {
		p.resolve(arm, sc)
	}
	for _, item := range s.From {
		p.resolveItem(item, sc)
	}
	// The target of a write is a table whatever the CTEs are called.
	p.resolve(s.Source, sc)
	for _, sub := range s.Subqueries {
		p.resolve(sub, sc)
	}
}

func (p *parser) resolveWith(w *With, sc *scope) *scope {
	if w.Recursive {
		for _, c := range w.CTEs {
			sc = &scope{cte: c, outer: sc}
		}
		for _, c := range w.CTEs {
			p.resolve(c.Body, sc)
		}
		return sc
	}
	for _, c := range w.CTEs {
		p.resolve(c.Body, sc)
		sc = &scope{cte: c, outer: sc}
	}
	return sc
}

func (p *parser) resolveItem(item *FromItem, sc *scope) {
	switch {
	case item.Relation != nil:
		if r := item.Relation; r.Schema == "" {
			r.CTE = sc.find(r.Name)
		}
	case item.Derived != nil:
		p.resolve(item.Derived, sc)
	case item.Join != nil:
		p.resolveItem(item.Join.Left, sc)
		p.resolveItem(item.Join.Right, sc)
	}
}
