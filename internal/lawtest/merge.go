package lawtest

import (
	"fmt"
	"strconv"
)

// merge is a MERGE of a source of which at most one row matches a row of the
// target.
func (g *generator) merge(outer *scope) query {
	g.mark("merge")
	t := g.target("MERGE INTO", true)
	sql, source, key := g.mergeSource(t)
	see := newScope(outer, t.part(), source)
	on := key + " = " + g.flat(integer, &scope{items: []*item{t.item}})
	switch n := g.rng.IntN(100); {
	case n < 20:
		on += " AND (" + g.condition(see, 1) + ")"
	case n < 30:
		on = "(" + g.condition(see, 1) + ") AND " + on
	}
	text := t.text + " USING " + sql + " ON " + on
	own, theirs := newScope(outer, t.part()), newScope(outer, source)
	done := map[string]bool{} // what follows a WHEN without a condition is an error
	for len(done) == 0 || g.chance(45) {
		kind, visible := "NOT MATCHED", theirs
		switch n := g.rng.IntN(100); {
		case n < 50:
			kind, visible = "MATCHED", see
		case n < 60 && g.version >= 17:
			g.mark("merge not matched by source")
			kind, visible = "NOT MATCHED BY SOURCE", own
		}
		if done[kind] {
			continue
		}
		condition := g.when(visible)
		done[kind] = condition == ""
		text += " WHEN " + kind + condition + " THEN "
		if kind == "NOT MATCHED" {
			text += g.unmatched(t, theirs, key)
		} else {
			text += g.matched(t, visible)
		}
	}
	if g.version < 17 {
		return query{text: text}
	}
	return g.returning(text, see, t)
}

// mergeSource gives a source with the key that is unique in it.
func (g *generator) mergeSource(t target) (sql string, source *part, key string) {
	g.budget--
	base := tables[g.rng.IntN(4)]
	if g.chance(15) {
		base = tables[7]
	}
	it := &item{ref: g.alias(t.taken), columns: base.columns, base: base, alias: true}
	t.taken[it.ref] = true
	source = &part{items: []*item{it}, star: it.columns}
	key = quote(it.ref) + "." + quote(base.key)
	name := g.tableName(base)
	switch n := g.rng.IntN(100); {
	case n < 45:
		return name + " AS " + quote(it.ref), source, key
	case n < 65:
		g.mark("merge of a subquery")
		where := g.condition(newScope(nil, source), 1)
		it.base = nil
		return "(SELECT * FROM " + name + " AS " + quote(it.ref) + " WHERE " + where + ") " + quote(it.ref), source, key
	case n < 85:
		g.mark("merge of a join")
		other := tables[g.rng.IntN(2)]
		o := &item{ref: g.alias(t.taken), columns: other.columns, base: other, alias: true}
		t.taken[o.ref] = true
		sql = fmt.Sprintf("%s AS %s %s %s AS %s ON %s.%s = %s", name, quote(it.ref), g.either("JOIN", "LEFT JOIN"), g.tableName(other), quote(o.ref),
			quote(o.ref), quote(other.key), pick(g, g.links(source)))
		source.items = append(source.items, o)
		source.star = append(append([]column(nil), it.columns...), o.columns...)
		return sql, source, key
	}
	g.mark("merge of values")
	it.base, it.columns = nil, []column{{"id", integer}, {"name", text}}
	source.star = it.columns
	return fmt.Sprintf("(VALUES (%d, %s), (%d, %s)) AS %s (id, name)", 1+g.rng.IntN(5), g.string(), 6+g.rng.IntN(6), g.string(), quote(it.ref)), source, quote(it.ref) + ".id"
}

// when may add a condition of a WHEN.
func (g *generator) when(see *scope) string {
	if !g.chance(45) {
		return ""
	}
	g.mark("merge with a condition")
	return " AND " + g.condition(see, 1)
}

func (g *generator) matched(t target, see *scope) string {
	switch n := g.rng.IntN(100); {
	case n < 60:
		g.mark("merge updates")
		return "UPDATE SET " + g.assignments(t.table, see, t.item)
	case n < 85:
		g.mark("merge deletes")
		return "DELETE"
	}
	g.mark("merge does nothing")
	return "DO NOTHING"
}

func (g *generator) unmatched(t target, see *scope, key string) string {
	if g.chance(12) {
		g.mark("merge does nothing")
		return "DO NOTHING"
	}
	g.mark("merge inserts")
	if g.chance(5) {
		return "INSERT DEFAULT VALUES"
	}
	columns := g.insertColumns(t.table)
	if g.chance(80) {
		key += " + " + strconv.Itoa(20+g.rng.IntN(20))
	}
	return "INSERT (" + columnList(columns) + ") " + g.either("", "", "OVERRIDING USER VALUE ") + "VALUES (" + g.newRow(t.table, columns, key, see, inValues) + ")"
}
