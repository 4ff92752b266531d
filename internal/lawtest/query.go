package lawtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// query is a statement that gives rows.
type query struct {
	text    string
	columns []column
	ordered bool // ORDER BY names every output
}

type queryOptions struct {
	top bool // not inside another query
	arm bool // of a set operation, where rows cannot be locked
	one bool // one row, which aggregates give
}

// query writes a query; want are the kinds of its outputs, nil for any.
func (g *generator) query(outer *scope, want []kind, o queryOptions) query {
	ctes := len(g.ctes)
	defer func() { g.ctes = g.ctes[:ctes] }()
	with := ""
	if !o.top && g.budget > 0 && g.chance(8) {
		g.mark("with in a subquery")
		with = g.with(false)
	}
	var q query
	switch n := g.rng.IntN(100); {
	case n < 12 && g.budget > 0:
		q = g.setOperation(outer, want, o)
	case n < 16:
		q = g.values(outer, want)
	default:
		q = g.selectQuery(outer, want, o).query
	}
	q.text = with + q.text
	if g.chance(3) {
		g.mark("query in brackets")
		q.text = "(" + q.text + ")"
	}
	return q
}

// kinds are those of a query's outputs.
func (g *generator) kinds() []kind {
	list := make([]kind, 1+g.rng.IntN(4))
	for i := range list {
		list[i] = pick(g, []kind{integer, integer, integer, text, text, boolean, uuid})
	}
	return list
}

func (g *generator) setOperation(outer *scope, want []kind, o queryOptions) query {
	if want == nil {
		want = g.kinds()
	}
	first := g.arm(outer, want)
	q := query{text: first.text, columns: first.columns}
	for range 1 + g.rng.IntN(2) {
		op := g.marked("UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL", "INTERSECT ALL", "UNION DISTINCT")
		q.text += " " + op + " " + g.arm(outer, want).text
	}
	tail, ordered := g.order(q.columns, 0, o)
	q.text += tail
	q.ordered = ordered
	return q
}

// arm is one side of a set operation, in brackets where it has its own tail.
func (g *generator) arm(outer *scope, want []kind) query {
	switch n := g.rng.IntN(100); {
	case n < 8 && g.budget > 0:
		g.mark("nested set operation")
		q := g.setOperation(outer, want, queryOptions{})
		q.text = "(" + q.text + ")"
		return q
	case n < 14:
		g.mark("values in a set operation")
		q := g.values(outer, want)
		return q
	}
	q := g.selectQuery(outer, want, queryOptions{arm: true})
	if q.tail || g.chance(20) {
		g.mark("bracketed arm")
		q.text = "(" + q.text + ")"
	}
	return q.query
}

func (g *generator) values(outer *scope, want []kind) query {
	g.mark("values")
	if want == nil {
		want = g.kinds()
	}
	see := &scope{outer: outer}
	rows := make([]string, 1+g.rng.IntN(3))
	for i := range rows {
		rows[i] = g.row(want, see)
	}
	q := query{text: "VALUES " + strings.Join(rows, ", ")}
	for i, k := range want {
		q.columns = append(q.columns, column{"column" + strconv.Itoa(i+1), k})
	}
	return q
}

func (g *generator) row(want []kind, see *scope) string {
	values := make([]string, len(want))
	for i, k := range want {
		values[i] = g.cast(g.expr(k, see, 1), k)
	}
	return "(" + strings.Join(values, ", ") + ")"
}

// selected is a SELECT; tail tells whether clauses follow its body that a set
// operation would take for its own.
type selected struct {
	query
	tail bool
}

func (g *generator) selectQuery(outer *scope, want []kind, o queryOptions) selected {
	var s selectParts
	if g.budget > 0 || g.chance(60) {
		s.from, s.parts = g.from(outer, map[string]bool{})
	} else {
		g.mark("select without from")
	}
	s.scope = newScope(outer, s.parts...)
	if g.chance(75) {
		s.where = " WHERE " + g.condition(s.scope, 3)
	}
	switch n := g.rng.IntN(100); {
	case n < 16 && len(s.scope.star) > 0:
		g.grouped(&s, want)
	case n < 26 && len(s.scope.star) > 0:
		g.aggregated(&s, want)
	default:
		g.outputs(&s, want)
	}
	text := "SELECT " + s.distinct + strings.Join(s.list, ", ")
	if s.from != "" {
		text += " FROM " + s.from
	}
	text += s.where + s.behind
	o.one = s.one
	tail, ordered := "", false
	if s.lockable && g.chance(5) {
		tail = g.orderExpression(s.scope)
	} else {
		tail, ordered = g.order(s.columns, s.sortFirst, o)
	}
	text += tail
	result := selected{query{text, s.columns, ordered}, tail != ""}
	if s.lockable && !o.arm && (o.top || g.chance(20)) {
		if lock := g.lock(s.parts, !strings.Contains(tail, "TIES")); lock != "" {
			result.text += lock
			result.tail = true
		}
	}
	return result
}

type selectParts struct {
	from, where, behind, distinct string
	parts                         []*part
	scope                         *scope
	list                          []string
	columns                       []column
	sortFirst                     int // ORDER BY must begin with so many outputs
	lockable                      bool
	one                           bool // aggregates without groups
}

func (s *selectParts) add(sql string, c column) {
	if c.name != "" {
		sql += " AS " + quote(c.name)
	}
	s.list = append(s.list, sql)
	s.columns = append(s.columns, c)
}

// outputs are those of a query without groups.
func (g *generator) outputs(s *selectParts, want []kind) {
	s.lockable = true
	stars := false
	if want == nil {
		if len(s.scope.star) > 0 && g.chance(25) {
			stars = true
			g.star(s)
		}
		if !stars || g.chance(30) {
			want = g.kinds()
		}
	}
	for _, k := range want {
		if len(s.parts) > 0 && g.chance(8) {
			if sql, ok := g.window(k, s); ok {
				s.add(sql, column{g.name(), k})
				s.lockable = false
				continue
			}
		}
		s.add(g.expr(k, s.scope, 2), column{g.name(), k})
	}
	switch n := g.rng.IntN(100); {
	case n < 10:
		g.mark("distinct")
		s.distinct, s.lockable = "DISTINCT ", false
	case n < 16 && !stars:
		g.mark("distinct on")
		s.sortFirst = 1
		s.distinct, s.lockable = "DISTINCT ON (1) ", false
		if len(s.columns) > 1 && g.chance(40) {
			s.sortFirst, s.distinct = 2, "DISTINCT ON (1, 2) "
		}
	case n < 18:
		s.distinct = "ALL "
	}
}

// star is *, or name.*.
func (g *generator) star(s *selectParts) {
	if it := pick(g, append([]*item{nil}, s.scope.items...)); it != nil && g.chance(50) {
		g.mark("name.*")
		s.list = append(s.list, quote(it.ref)+".*")
		s.columns = append(s.columns, it.columns...)
		return
	}
	g.mark("*")
	s.list = append(s.list, "*")
	s.columns = append(s.columns, s.scope.star...)
}

// grouped is a query with GROUP BY.
func (g *generator) grouped(s *selectParts, want []kind) {
	g.mark("group by")
	local := s.scope.local()
	var keys []string
	var kinds []kind
	for range 1 + g.rng.IntN(2) {
		k := pick(g, []kind{integer, text, boolean, integer})
		refs := local.references(k)
		if len(refs) == 0 {
			continue
		}
		key := pick(g, refs).sql
		switch {
		case g.chance(15) && k == text:
			key = "lower(" + key + ")"
		case g.chance(15) && k == integer:
			key = "(" + key + " % 3)"
		}
		keys = append(keys, key)
		kinds = append(kinds, k)
	}
	if len(keys) == 0 {
		g.aggregated(s, want)
		return
	}
	extra := g.dependent(local)
	positions := want == nil && extra == "" && g.chance(8)
	if positions {
		g.mark("group by a position")
		for i := range keys {
			keys[i] = g.expr(kinds[i], s.scope, 2)
		}
	}
	if want == nil {
		for i, key := range keys {
			s.add(key, column{g.name(), kinds[i]})
		}
		if extra != "" {
			s.add(extra, column{g.name(), text})
		}
		s.add(g.aggregate(integer, s.scope), column{g.name(), integer})
		if g.chance(40) {
			s.add(g.aggregate(text, s.scope), column{g.name(), text})
		}
	} else {
		for _, k := range want {
			at := slices.Index(kinds, k)
			if at >= 0 && g.chance(60) {
				s.add(keys[at], column{g.name(), k})
			} else {
				s.add(g.aggregate(k, s.scope), column{g.name(), k})
			}
		}
	}
	joined := strings.Join(keys, ", ")
	switch n := g.rng.IntN(100); {
	case positions:
		s.behind = " GROUP BY " + g.either("1, 2", "2, 1")
		if len(keys) == 1 {
			s.behind = " GROUP BY 1"
		}
	case extra != "":
		s.behind = " GROUP BY " + joined + ", " + strings.TrimSuffix(extra, "name") + "organization_id, " + strings.TrimSuffix(extra, "name") + "id"
	case n < 10:
		g.mark("grouping sets")
		s.behind = " GROUP BY GROUPING SETS ((" + joined + "), (" + keys[0] + "), ())"
	case n < 18:
		s.behind = " GROUP BY " + g.marked("ROLLUP", "CUBE") + " (" + joined + ")"
	case n < 26 && want == nil:
		g.mark("grouping")
		s.behind = " GROUP BY " + g.either("GROUPING SETS (ROLLUP ("+joined+"), ("+keys[0]+"))", keys[0]+", CUBE ("+joined+")",
			"DISTINCT ROLLUP ("+joined+"), GROUPING SETS (CUBE ("+joined+"), ())", "(), "+joined, "ROW("+joined+"), "+joined)
		if !strings.Contains(s.behind, "ROW(") {
			s.add("GROUPING("+joined+")", column{g.name(), integer})
		}
	case n < 30:
		g.mark("group by distinct")
		s.behind = " GROUP BY DISTINCT " + joined
	default:
		s.behind = " GROUP BY " + joined
	}
	if g.chance(35) {
		g.mark("having")
		s.behind += " HAVING " + g.aggregate(integer, s.scope) + g.either(" > ", " < ", " <> ", " >= ") + strconv.Itoa(g.rng.IntN(20))
	}
}

// dependent is a column that the primary key of its table determines, so that
// it need not be grouped.
func (g *generator) dependent(local *scope) string {
	if !g.chance(15) {
		return ""
	}
	for _, it := range local.items {
		if it.base != nil && it.base.owner == "organization_id" && (it.base.name == "projects" || it.base.name == "tasks") {
			g.mark("column determined by the grouped key")
			return quote(it.ref) + ".name"
		}
	}
	return ""
}

// aggregated is a query of aggregates over all rows.
func (g *generator) aggregated(s *selectParts, want []kind) {
	g.mark("aggregate")
	s.one = true
	if want == nil {
		want = g.kinds()
	}
	for _, k := range want {
		s.add(g.aggregate(k, s.scope), column{g.name(), k})
	}
	if g.chance(10) {
		g.mark("having without group by")
		s.behind = " HAVING count(*) > " + strconv.Itoa(g.rng.IntN(3))
	}
}

// order writes ORDER BY over all outputs, and what makes sense only behind it.
func (g *generator) order(columns []column, first int, o queryOptions) (text string, ordered bool) {
	if first == 0 && !g.chance(map[bool]int{true: 50, false: 15}[o.top]) {
		if g.chance(2) {
			return g.either(" LIMIT ALL", " LIMIT NULL", " OFFSET 0"), false
		}
		return "", false
	}
	g.mark("order by")
	// PostgreSQL 15 gives several rows for min(…) … FETCH FIRST ROW WITH TIES
	// where it reads the value from an index.
	if first == 0 && !o.one && g.chance(12) {
		g.mark("with ties")
		return fmt.Sprintf(" ORDER BY %d FETCH FIRST %d ROWS WITH TIES", 1+g.rng.IntN(len(columns)), 1+g.rng.IntN(4)), false
	}
	keys := make([]string, len(columns))
	count := countNames(columns)
	for i, c := range columns {
		keys[i] = strconv.Itoa(i + 1)
		if first == 0 && c.name != "" && count[c.name] == 1 && g.chance(25) {
			keys[i] = quote(c.name)
		}
		keys[i] += g.either("", "", "", " DESC", " ASC", " NULLS FIRST", " DESC NULLS LAST", " USING <")
	}
	if first == 0 {
		g.rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	}
	text = " ORDER BY " + strings.Join(keys, ", ")
	switch n := g.rng.IntN(100); {
	case n < 12:
		g.mark("limit")
		if g.chance(25) {
			text += " LIMIT " + g.param("2") + g.either("", "::int")
		} else {
			text += " LIMIT " + g.either("1", "3", "(1 + 2)")
		}
	case n < 18:
		g.mark("limit of a subquery")
		text += " LIMIT (SELECT count(*) FROM " + g.tableName(tables[g.rng.IntN(2)]) + ")"
	case n < 24:
		g.mark("offset")
		text += g.either(" OFFSET 1", " OFFSET 2 ROWS", " LIMIT 4 OFFSET 1", " OFFSET 1 LIMIT 3")
	case n < 30:
		g.mark("fetch")
		text += g.either(" FETCH FIRST 3 ROWS ONLY", " FETCH NEXT ROW ONLY", " OFFSET 1 ROW FETCH FIRST (2) ROWS ONLY")
	}
	return text, true
}

// orderExpression is an ORDER BY of what is no output. Rows that are the same in
// it come in any order.
func (g *generator) orderExpression(s *scope) string {
	if len(s.star) == 0 {
		return ""
	}
	g.mark("order by an expression")
	key := g.expr(integer, s, 1) + " + 0" // a constant would be the number of an output
	if g.chance(50) {
		key = "lower(" + g.expr(text, s, 1) + ")"
	}
	return " ORDER BY " + key + g.either("", " DESC", " NULLS FIRST", " USING OPERATOR(pg_catalog.<)", " ASC NULLS LAST")
}

// lock writes FOR UPDATE and the like, where nothing in FROM forbids it.
func (g *generator) lock(parts []*part, skip bool) string {
	if !g.chance(22) {
		return ""
	}
	var names []string
	plain := true
	for _, p := range parts {
		for _, it := range p.items {
			if it.base != nil && !it.nullable && it.base.name != "totals" {
				names = append(names, quote(it.ref))
			} else {
				plain = false
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	lock := " " + g.marked("FOR UPDATE", "FOR NO KEY UPDATE", "FOR SHARE", "FOR KEY SHARE")
	if !plain || g.chance(40) {
		g.mark("for … of")
		lock += " OF " + pick(g, names)
		if len(names) > 1 && g.chance(25) {
			g.mark("several locks")
			lock += g.either(" FOR SHARE OF ", " FOR UPDATE OF ") + pick(g, names)
		}
	}
	if skip && g.chance(25) {
		return lock + " SKIP LOCKED"
	}
	return lock + g.either("", "", " NOWAIT")
}
