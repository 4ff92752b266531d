package lawtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// part is a table reference or a join of some.
type part struct {
	text  string
	items []*item
	star  []column
	join  bool // text is a join without brackets or alias
}

// reach is what a table reference can see, and which names it must avoid.
type reach struct {
	outer *scope
	left  []*part // to be seen from LATERAL
	blind bool    // to the right of an outer join that forbids to look to the left
	taken map[string]bool
}

func (r reach) seeing(parts ...*part) reach {
	r.left = append(slices.Clip(r.left), parts...)
	return r
}

// lateral is the scope of a LATERAL query or a function's arguments.
func (r reach) lateral() *scope {
	if r.blind {
		return &scope{} // what a name finds there must not be used
	}
	s := newScope(r.outer, r.left...)
	// A name that an alias hides beside the same name in sight is ambiguous.
	count := map[string]int{}
	for _, it := range s.items {
		count[it.ref]++
	}
	s.items = slices.DeleteFunc(s.items, func(it *item) bool { return count[it.ref] > 1 })
	return s
}

// from writes what stands behind FROM or USING, with one to three references
// in a list.
func (g *generator) from(outer *scope, taken map[string]bool) (string, []*part) {
	r := reach{outer: outer, taken: taken}
	parts := []*part{g.part(r, 0)}
	for len(parts) < 3 && g.budget > 0 && g.chance(12) {
		g.mark("comma")
		parts = append(parts, g.part(r.seeing(parts...), 1))
	}
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.text
	}
	return strings.Join(texts, ", "), parts
}

func (g *generator) part(r reach, depth int) *part {
	if depth < 3 && g.budget > 1 && g.chance(45-8*depth) {
		return g.joined(r, depth)
	}
	return g.relation(r)
}

func (g *generator) joined(r reach, depth int) *part {
	if g.chance(12) {
		return g.aliasedJoin(r, depth)
	}
	p := g.join(r, depth)
	if g.chance(15) {
		g.mark("bracketed join")
		p.text, p.join = "("+p.text+")", false
	}
	return p
}

// aliasedJoin hides the names of a join behind an alias. Inside, names may be
// those that are taken outside.
func (g *generator) aliasedJoin(r reach, depth int) *part {
	g.mark("aliased join")
	p := g.join(reach{outer: r.outer, left: r.left, blind: r.blind, taken: map[string]bool{}}, depth)
	ref := g.alias(r.taken)
	r.taken[ref] = true
	columns, list := g.rename(p.star, 25)
	it := &item{ref: ref, columns: columns, alias: true}
	return &part{text: "(" + p.text + ")" + g.either(" AS ", " ") + quote(ref) + list, items: []*item{it}, star: columns}
}

// rename may give columns other names, which it returns with the list that
// gives them.
func (g *generator) rename(columns []column, percent int) ([]column, string) {
	if len(columns) == 0 || !g.chance(percent) {
		return columns, ""
	}
	g.mark("column aliases")
	renamed := slices.Clone(columns)
	n := 1 + g.rng.IntN(len(columns))
	for i := range n {
		renamed[i].name = g.name()
	}
	return renamed, g.either(" (", "(") + columnList(renamed[:n]) + ")"
}

func (g *generator) join(r reach, depth int) *part {
	left := g.part(r, depth+1)
	kind := pick(g, []string{"JOIN", "JOIN", "INNER JOIN", "LEFT JOIN", "LEFT JOIN", "LEFT OUTER JOIN", "RIGHT JOIN", "RIGHT JOIN", "FULL JOIN", "FULL OUTER JOIN", "CROSS JOIN"})
	seen := r.seeing(left)
	if strings.HasPrefix(kind, "RIGHT") || strings.HasPrefix(kind, "FULL") {
		seen = reach{outer: r.outer, taken: r.taken, blind: true}
	}
	right := g.part(seen, depth+1)
	p := &part{items: append(slices.Clip(left.items), right.items...), star: append(slices.Clip(left.star), right.star...), join: true}

	word := strings.Fields(kind)[0]
	if word == "JOIN" {
		g.mark("join")
	} else {
		g.mark(strings.ToLower(word) + " join")
	}
	if word == "LEFT" || word == "FULL" {
		setNullable(right.items)
	}
	if word == "RIGHT" || word == "FULL" {
		setNullable(left.items)
	}
	rightText := right.text
	if right.join {
		// a JOIN b JOIN c ON … ON … needs no brackets.
		if word != "CROSS" && g.chance(50) {
			g.mark("nested join without brackets")
		} else {
			rightText = "(" + rightText + ")"
		}
	}
	if word == "CROSS" {
		p.text = left.text + " CROSS JOIN " + rightText
		return p
	}
	shared := sharedColumns(left.star, right.star)
	switch {
	case shared.natural && (len(shared.names) > 0 || g.chance(25)) && !right.join && g.chance(15):
		g.mark("natural join")
		if len(shared.names) == 0 {
			g.mark("natural join of nothing")
		}
		p.text = left.text + " NATURAL " + kind + " " + rightText
		p.star = merge(left.star, right.star, shared.names)
	case len(shared.names) > 0 && g.chance(25):
		names := shared.names
		if len(names) > 1 {
			g.rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
			names = names[:1+g.rng.IntN(2)]
		}
		p.text = left.text + " " + kind + " " + rightText + " USING (" + columnList(names) + ")"
		p.star = merge(left.star, right.star, names)
		g.mark("using")
		if g.chance(25) {
			g.mark("using as")
			ref := g.alias(r.taken)
			r.taken[ref] = true
			p.text += " AS " + quote(ref)
			p.items = append(p.items, &item{ref: ref, columns: names, alias: true, nullable: true})
		}
	default:
		p.text = left.text + " " + kind + " " + rightText + " ON " + g.on(r.outer, left, right, word)
	}
	return p
}

func setNullable(items []*item) {
	for _, it := range items {
		it.nullable = true
	}
}

// on is a join condition. That of a FULL JOIN needs an equality that can be
// hashed.
func (g *generator) on(outer *scope, left, right *part, word string) string {
	link := g.link(left, right)
	both := newScope(outer, left, right)
	switch n := g.rng.IntN(100); {
	case n < 50:
		return link
	case n < 60 && word != "FULL":
		return g.condition(both, 2)
	case n < 70 && word != "FULL":
		return link + " OR " + g.condition(both, 1)
	case n < 85:
		if word == "FULL" {
			return "(" + g.condition(both, 1) + ") AND " + link
		}
		return g.condition(both, 1) + " AND " + link
	default:
		return "(" + link + ") AND (" + g.condition(both, 1) + ")"
	}
}

// link is an equality between columns of both sides.
func (g *generator) link(left, right *part) string {
	a, b := g.links(left), g.links(right)
	if len(a) == 0 || len(b) == 0 {
		return "true"
	}
	return pick(g, a) + " = " + pick(g, b)
}

func (g *generator) links(p *part) []string {
	var all, ids []string
	for _, ref := range newScope(nil, p).references(integer) {
		if ref.item == nil {
			continue
		}
		all = append(all, ref.sql)
		if strings.HasSuffix(strings.ToLower(ref.name), "id") {
			ids = append(ids, ref.sql)
		}
	}
	if len(ids) > 0 && g.chance(80) {
		return ids
	}
	return all
}

type common struct {
	names   []column
	natural bool // every common name is unique on both sides and has one type
}

// sharedColumns are those that USING can name.
func sharedColumns(left, right []column) common {
	l, r := countNames(left), countNames(right)
	c := common{natural: true}
	for _, a := range left {
		if r[a.name] == 0 {
			continue
		}
		at := slices.IndexFunc(right, func(b column) bool { return b.name == a.name })
		if l[a.name] > 1 || r[a.name] > 1 || right[at].kind != a.kind {
			c.natural = false
			continue
		}
		c.names = append(c.names, a)
	}
	return c
}

// merge gives the columns of a join with merged ones, in PostgreSQL's order.
func merge(left, right, names []column) []column {
	merged := slices.Clone(names)
	isMerged := func(c column) bool {
		return slices.ContainsFunc(names, func(n column) bool { return n.name == c.name })
	}
	// NATURAL and USING list merged columns differently: as the left side has
	// them, and as written. Callers pass them in that order.
	for _, side := range [][]column{left, right} {
		for _, c := range side {
			if !isMerged(c) {
				merged = append(merged, c)
			}
		}
	}
	return merged
}

// relation is one table reference.
func (g *generator) relation(r reach) *part {
	n := g.rng.IntN(100)
	ctes := g.visibleCTEs()
	switch {
	case n < 15 && len(ctes) > 0:
		return g.cteReference(r, pick(g, ctes))
	case n < 24 && g.budget > 0:
		return g.derived(r)
	case n < 28:
		return g.valuesReference(r)
	case n < 33:
		return g.function(r)
	}
	return g.tableReference(r, g.table())
}

// table picks a table to read, an org-owned one most of the time.
func (g *generator) table() *table {
	g.budget--
	if g.chance(60) {
		return tables[g.rng.IntN(2)]
	}
	return pick(g, tables)
}

// tableName writes a table's name so that it means the table, whatever CTEs
// there are.
func (g *generator) tableName(t *table) string {
	if t.schema == "" && (g.blocked[t.name] || g.hidden(t.name) || g.chance(8)) {
		g.mark("schema-qualified")
		return "public." + quote(t.name)
	}
	return t.sql()
}

func (g *generator) tableReference(r reach, t *table) *part {
	if t.kind == orgfilter.Shared {
		g.mark("shared table")
	}
	if t.view {
		g.mark("view")
	}
	if t.name == "Odd Items" {
		g.mark("quoted names")
	}
	text := g.tableName(t)
	switch n := g.rng.IntN(100); {
	case n < 4:
		text = g.either("ONLY "+text, "ONLY ("+text+")", "ONLY("+text+")")
		g.mark("only")
	case n < 6:
		text += " *"
		g.mark("table *")
	}
	it := &item{ref: t.name, columns: t.columns, base: t}
	if r.taken[t.name] || g.chance(70) {
		it.ref, it.alias = g.alias(r.taken), true
		if slices.ContainsFunc(tables, func(o *table) bool { return o != t && o.name == it.ref }) {
			g.mark("alias named like another table")
		}
		columns, list := g.rename(t.columns, 7)
		if list != "" {
			it.base = nil
			g.mark("column aliases on a table")
		}
		it.columns = columns
		text += g.either(" AS ", " ") + quote(it.ref) + list
	}
	r.taken[it.ref] = true
	if !t.view && g.chance(4) {
		text += g.either(" TABLESAMPLE BERNOULLI (100)", " TABLESAMPLE SYSTEM (100) REPEATABLE (3)", " TABLESAMPLE BERNOULLI(100) REPEATABLE (0)")
		g.mark("tablesample")
	}
	return &part{text: text, items: []*item{it}, star: it.columns}
}

func (g *generator) cteReference(r reach, c *cte) *part {
	g.mark("cte reference")
	text, it := quote(c.name), &item{ref: c.name, columns: c.columns}
	if r.taken[c.name] || g.chance(50) {
		it.ref, it.alias = g.alias(r.taken), true
		columns, list := g.rename(c.columns, 10)
		it.columns = columns
		text += g.either(" AS ", " ") + quote(it.ref) + list
	}
	r.taken[it.ref] = true
	return &part{text: text, items: []*item{it}, star: it.columns}
}

func (g *generator) derived(r reach) *part {
	outer, prefix := r.outer, ""
	if len(r.left) > 0 && g.chance(60) {
		outer, prefix = r.lateral(), "LATERAL "
		g.mark("lateral")
	} else {
		g.mark("derived table")
	}
	q := g.query(outer, nil, queryOptions{})
	ref := g.alias(r.taken)
	r.taken[ref] = true
	columns, list := g.rename(q.columns, 20)
	it := &item{ref: ref, columns: columns, alias: true}
	return &part{text: prefix + "(" + q.text + ")" + g.either(" AS ", " ") + quote(ref) + list, items: []*item{it}, star: columns}
}

func (g *generator) valuesReference(r reach) *part {
	g.mark("values in from")
	ref := g.alias(r.taken)
	r.taken[ref] = true
	columns := []column{{"id", integer}, {g.either("name", "n", "x"), text}}
	text := fmt.Sprintf("(VALUES (%s, %s), (%s, %s)) AS %s (%s)", g.id(), g.string(), g.id(), g.string(), quote(ref), columnList(columns))
	return &part{text: text, items: []*item{{ref: ref, columns: columns, alias: true}}, star: columns}
}

func (g *generator) function(r reach) *part {
	ref := g.alias(r.taken)
	r.taken[ref] = true
	see := r.lateral()
	with := func(sql string, columns ...column) *part {
		return &part{text: sql, items: []*item{{ref: ref, columns: columns, alias: true}}, star: columns}
	}
	name := quote(ref)
	n := 11
	if g.version >= 17 {
		n = 12
	}
	switch g.rng.IntN(n) {
	case 7:
		g.mark("xmltable")
		return with(fmt.Sprintf("xmltable('/r/i' PASSING %sxmlelement(NAME r, xmlelement(NAME i, xmlattributes(%s AS n), %s)) COLUMNS n int PATH '@n', name text PATH '.' DEFAULT 'x', o FOR ORDINALITY) AS %s",
			g.either("", "BY VALUE "), g.flat(integer, see), g.flat(text, see), name), column{"n", integer}, column{"name", text}, column{"o", integer})
	case 8:
		g.mark("unnest of several arrays")
		return with(fmt.Sprintf("unnest(%s, ARRAY['x', 'A1']) AS %s (n, x)", g.flat(integers, see), name), column{"n", integer}, column{"x", text})
	case 9:
		g.mark("rows from with a column definition")
		return with(fmt.Sprintf(`ROWS FROM (json_to_recordset('[{"a":2},{"a":9}]') AS (a int, "from" text), generate_series(1, 3)) WITH ORDINALITY AS %s (a, x, n, o)`, name),
			column{"a", integer}, column{"x", text}, column{"n", integer}, column{"o", integer})
	case 10:
		g.mark("function named like a column")
		return with(fmt.Sprintf("substring(%s FROM 1 FOR 2) AS %s", g.flat(text, see), name), column{ref, text})
	case 11:
		g.mark("json_table")
		return with(fmt.Sprintf("json_table(%s, '$' COLUMNS (x text PATH '$.k', n FOR ORDINALITY, NESTED PATH '$.a[*]' COLUMNS (a int PATH '$'))) AS %s", g.flat(document, see), name),
			column{"x", text}, column{"n", integer}, column{"a", integer})
	case 0:
		g.mark("generate_series")
		return with(fmt.Sprintf("generate_series(1, %d) AS %s (n)", 1+g.rng.IntN(4), name), column{"n", integer})
	case 1:
		g.mark("generate_series of a column")
		return with(fmt.Sprintf("%sgenerate_series(1, least(3, %s)) %s", g.either("", "LATERAL "), g.flat(integer, see), name), column{ref, integer})
	case 2:
		g.mark("unnest with ordinality")
		return with(fmt.Sprintf("unnest(%s) WITH ORDINALITY AS %s (x, n)", g.flat(integers, see), name), column{"x", integer}, column{"n", integer})
	case 3:
		g.mark("rows from")
		return with(fmt.Sprintf("ROWS FROM (generate_series(1, 2), unnest(ARRAY['x', %s])) AS %s (n, x)", g.string(), name), column{"n", integer}, column{"x", text})
	case 4:
		g.mark("record function")
		return with(fmt.Sprintf(`json_to_recordset('[{"id":2,"name":"A3"},{"id":9}]') AS %s (id int, name text)`, name), column{"id", integer}, column{"name", text})
	case 5:
		g.mark("jsonb function")
		return with(fmt.Sprintf("LATERAL jsonb_each_text(%s) AS %s (x, name)", g.flat(document, see), name), column{"x", text}, column{"name", text})
	default:
		g.mark("string function in from")
		return with(fmt.Sprintf("string_to_table(%s, ' ') AS %s (x)", g.flat(text, see), name), column{"x", text})
	}
}
