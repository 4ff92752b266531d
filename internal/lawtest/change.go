package lawtest

import (
	"fmt"
	"strings"
)

// target is a table to write, with the name that the statement gives it.
type target struct {
	table *table
	text  string
	item  *item
	taken map[string]bool
}

func (t target) part() *part { return &part{items: []*item{t.item}, star: t.item.columns} }

// target picks a table that the statement does not write yet.
func (g *generator) target(keyword string, only bool) target {
	t := g.unwritten()
	g.written[t] = true
	if t.name == "tasks" || t.name == "comments" {
		// Deleting tasks deletes their comments.
		g.written[tables[1]], g.written[tables[2]] = true, true
	}
	text := t.sql() // a CTE is never the target
	if g.hidden(t.name) {
		g.mark("target named like a cte")
	}
	if t.schema == "" && (g.blocked[t.name] || g.chance(10)) {
		text = "public." + text
	}
	if only && g.chance(5) && t.name != "events" {
		text = "ONLY " + text
		g.mark("only")
	}
	if only && !strings.HasPrefix(text, "ONLY") && g.chance(4) {
		text += " *"
		g.mark("target *")
	}
	it := &item{ref: t.name, columns: t.columns, base: t}
	taken := map[string]bool{}
	if g.chance(50) {
		it.ref, it.alias = g.alias(taken), true
		g.mark("target with an alias")
		text += " AS " + quote(it.ref)
	}
	taken[it.ref] = true
	return target{t, keyword + " " + text, it, taken}
}

func (g *generator) unwritten() *table {
	for range 50 {
		t := pick(g, tables)
		if g.chance(8) {
			t = tables[3] // the one with open keys
		}
		if !g.written[t] && !t.view && (t.owned() || g.chance(15)) {
			return t
		}
	}
	return tables[5]
}

func (g *generator) update(outer *scope) query {
	g.mark("update")
	t := g.target("UPDATE", true)
	see := newScope(outer, t.part())
	set := see
	from, where := "", ""
	switch n := g.rng.IntN(100); {
	case n < 25 && g.budget > 0:
		from, where, see = g.fromOne(t, see)
		set = see
	case n < 45 && g.budget > 0:
		// Rows of the target may match several times: only its own columns
		// have a defined value.
		g.mark("update from")
		sql, parts := g.from(outer, t.taken)
		from, see = " FROM "+sql, newScope(outer, append([]*part{t.part()}, parts...)...)
		set = &scope{items: []*item{t.item}, outer: outer}
		where = g.tie(t, parts)
	}
	text := t.text + " SET " + g.assignments(t.table, set, t.item) + from + g.whereOf(see, where)
	return g.returning(text, set, t)
}

// fromOne joins a source of which at most one row matches a row of the target.
func (g *generator) fromOne(t target, see *scope) (from, where string, both *scope) {
	g.mark("update from by key")
	g.budget--
	source := tables[g.rng.IntN(4)]
	if g.chance(25) {
		source = tables[7]
	}
	it := &item{ref: g.alias(t.taken), columns: source.columns, base: source, alias: true}
	t.taken[it.ref] = true
	from = " FROM " + g.tableName(source) + " AS " + quote(it.ref)
	column := g.flat(integer, &scope{items: []*item{t.item}})
	where = quote(it.ref) + "." + quote(source.key) + " = " + column
	return from, where, newScope(see.outer, t.part(), &part{items: []*item{it}, star: it.columns})
}

// tie is an equality between the target and its sources.
func (g *generator) tie(t target, parts []*part) string {
	if g.chance(20) {
		return ""
	}
	return g.link(t.part(), &part{items: newScope(nil, parts...).items})
}

// whereOf joins a required condition and a random one.
func (g *generator) whereOf(see *scope, required string) string {
	switch {
	case required == "" && g.chance(12):
		g.mark("write without where")
		return ""
	case required == "":
		return " WHERE " + g.condition(see, 2)
	case g.chance(35):
		return " WHERE " + required
	case g.chance(25):
		return " WHERE (" + g.condition(see, 1) + ") AND " + required
	}
	return " WHERE " + required + " AND (" + g.condition(see, 2) + ")"
}

// assignments sets some columns, each once.
func (g *generator) assignments(t *table, see *scope, self *item) string {
	free := t.assignable()
	g.rng.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	var list []string
	n := 1 + g.rng.IntN(3)
	for len(free) > 0 && len(list) < n {
		if len(free) > 1 && g.chance(25) {
			list = append(list, g.several(free[0], free[1], see))
			free = free[2:]
			continue
		}
		value := ""
		switch m := g.rng.IntN(100); {
		case m < 6:
			g.mark("set to default")
			value = "DEFAULT"
		case m < 20 && g.budget > 0:
			g.mark("set to a subquery")
			value = g.scalar(free[0].kind, see)
		default:
			value = g.expr(free[0].kind, see, 2)
		}
		if free[0].name == "tags" && g.chance(20) {
			g.mark("set an element")
			list = append(list, "tags[1] = "+g.id())
		} else {
			list = append(list, quote(free[0].name)+" = "+value)
		}
		free = free[1:]
	}
	if t.owned() && g.chance(5) {
		g.mark("set to the same organization")
		value := "'" + orgA + "'"
		if g.chance(60) {
			value = g.param(orgA) + g.either("", "::uuid")
		}
		list = append(list, quote(t.owner)+" = "+value)
	} else if t.owned() && g.chance(1) {
		list = append(list, quote(t.owner)+" = "+g.either(quote(self.ref)+"."+quote(t.owner), "'"+orgB+"'"))
	}
	return strings.Join(list, ", ")
}

// several assigns two columns at once.
func (g *generator) several(a, b column, see *scope) string {
	left := fmt.Sprintf("(%s, %s) = ", quote(a.name), quote(b.name))
	if g.chance(50) && g.budget > 0 {
		g.mark("set several to a subquery")
		from, parts := g.from(see, map[string]bool{})
		inner := newScope(see, parts...)
		if len(inner.star) > 0 {
			return left + fmt.Sprintf("(SELECT %s, %s FROM %s WHERE %s)", g.aggregate(a.kind, inner), g.aggregate(b.kind, inner), from, g.condition(inner, 1))
		}
	}
	g.mark("set several")
	return left + fmt.Sprintf("%s(%s, %s)", g.either("", "ROW", "ROW "), g.expr(a.kind, see, 1), g.expr(b.kind, see, 1))
}

func (g *generator) delete(outer *scope) query {
	g.mark("delete")
	t := g.target("DELETE FROM", true)
	own := newScope(outer, t.part())
	see, using, where := own, "", ""
	if g.budget > 0 && g.chance(40) {
		g.mark("delete using")
		sql, parts := g.from(outer, t.taken)
		using, see = " USING "+sql, newScope(outer, append([]*part{t.part()}, parts...)...)
		where = g.tie(t, parts)
	}
	return g.returning(t.text+using+g.whereOf(see, where), own, t)
}

// returning may add RETURNING.
func (g *generator) returning(text string, see *scope, t target) query {
	q := query{text: text}
	if !g.chance(55) {
		return q
	}
	g.mark("returning")
	switch {
	case g.chance(30) && len(see.items) == 1 && !strings.Contains(text, " USING ") && !strings.Contains(text, " FROM "):
		g.mark("returning *")
		q.text += " RETURNING *"
		q.columns = t.item.columns
	case g.chance(30):
		q.text += " RETURNING " + quote(t.item.ref) + ".*"
		q.columns = t.item.columns
	case g.version >= 18 && g.chance(30):
		g.mark("returning old and new")
		before, after := "old", "new"
		q.text += " RETURNING "
		if g.chance(50) {
			before, after = g.name()+" was", g.name()+" is"
			q.text += "WITH (OLD AS " + quote(before) + ", NEW AS " + quote(after) + ") "
		}
		was, is := pick(g, t.item.columns), pick(g, t.item.columns)
		q.columns = []column{{g.name(), was.kind}, {g.name(), is.kind}}
		q.text += quote(before) + "." + quote(was.name) + " AS " + quote(q.columns[0].name) + ", " +
			quote(after) + "." + quote(is.name) + " AS " + quote(q.columns[1].name)
	default:
		var list []string
		for _, k := range g.kinds() {
			c := column{g.name(), k}
			list = append(list, g.qualified(k, see)+" AS "+quote(c.name))
			q.columns = append(q.columns, c)
		}
		q.text += " RETURNING " + strings.Join(list, ", ")
	}
	return q
}

// qualified is an expression that is not ambiguous beside columns of other
// tables.
func (g *generator) qualified(k kind, see *scope) string {
	return g.expr(k, &scope{items: see.items, outer: see.outer}, 2)
}
