package query_test

import (
	"fmt"
)

// columnOf is a column of a kind among relations, "" for none.
func (g *generator) columnOf(k kind, seen []relation) string {
	for range 12 {
		if len(seen) == 0 {
			return ""
		}
		r := pick(g, seen...)
		if c := pick(g, r.columns...); c.kind == k {
			return r.name + "." + c.name
		}
	}
	return ""
}

func (g *generator) value(k kind, seen []relation) string {
	if g.deeper(10) {
		defer func() { g.depth-- }()
		return g.scalar(k, seen)
	}
	if c := g.columnOf(k, seen); c != "" {
		switch {
		case k == aText && g.often(20):
			return "upper(" + c + ")"
		case k == anInt && g.often(20):
			return c + pick(g, " + 1", " - 1", " * 2")
		case g.often(10):
			return "coalesce(" + c + ", " + g.constant(k) + ")"
		}
		return c
	}
	return g.constant(k)
}

func (g *generator) constant(k kind) string {
	switch k {
	case aUUID:
		return "'" + pick(g, id("a1", 1), id("b1", 1), id("a2", 1), id("c1", 1)).String() + "'::uuid"
	case anInt:
		return fmt.Sprint(g.IntN(10))
	case aBool:
		return pick(g, "true", "false")
	}
	return pick(g, "'alpha'::text", "'draft'::text", "'it''s -- FROM tasks'::text", "$q$ ' /* $q$::text", "E'a\\'b'::text")
}

// scalar is a subquery of one row.
func (g *generator) scalar(k kind, outer []relation) string {
	from, here := g.from(outer)
	seen := sight(here, outer)
	return fmt.Sprintf("(SELECT %s FROM %s WHERE %s)", g.aggregate(k, here, seen), from, g.condition(seen))
}

func (g *generator) aggregate(k kind, here, seen []relation) string {
	switch k {
	case aUUID:
		return "max((" + g.inner(aUUID, here) + ")::text)::uuid"
	case anInt:
		return pick(g, "count(*)::int", "sum("+g.inner(anInt, here)+")::int", "max("+g.inner(anInt, here)+")")
	case aBool:
		return "bool_or(" + g.inner(aBool, here) + ")"
	}
	text := g.inner(aText, here)
	return pick(g, "max("+text+")", "string_agg("+text+", ',' ORDER BY "+text+")")
}

// inner is a value without a subquery, for the inside of an aggregate.
func (g *generator) inner(k kind, here []relation) string {
	if c := g.columnOf(k, here); c != "" {
		return c
	}
	return g.constant(k)
}

func (g *generator) condition(seen []relation) string {
	switch g.IntN(14) {
	case 0:
		return g.condition(seen) + " AND " + g.condition(seen)
	case 1:
		return g.condition(seen) + " OR " + g.condition(seen)
	case 2:
		return "NOT (" + g.condition(seen) + ")"
	case 3:
		return "(" + g.condition(seen) + " OR " + g.condition(seen) + ") AND " + g.condition(seen)
	case 4, 5:
		if !g.deeper(60) {
			break
		}
		defer func() { g.depth-- }()
		from, here := g.from(seen)
		return pick(g, "EXISTS", "NOT EXISTS") + " (SELECT 1 FROM " + from + " WHERE " + g.condition(sight(here, seen)) + ")"
	case 6, 7:
		if !g.deeper(60) {
			break
		}
		defer func() { g.depth-- }()
		k := pick(g, aUUID, aText, anInt)
		return g.value(k, seen) + pick(g, " IN (", " NOT IN (", " = ANY (", " <> ALL (") + g.query([]kind{k}, seen) + ")"
	case 8:
		return g.value(anInt, seen) + " BETWEEN " + g.value(anInt, seen) + " AND " + g.value(anInt, seen)
	case 9:
		k := pick(g, aUUID, aText, anInt, aBool)
		return g.value(k, seen) + pick(g, " IS NULL", " IS NOT NULL")
	case 10:
		k := pick(g, aUUID, aText, anInt)
		return g.value(k, seen) + pick(g, " IS DISTINCT FROM ", " IS NOT DISTINCT FROM ") + g.value(k, seen)
	case 11:
		return "CASE WHEN " + g.condition(seen) + " THEN " + g.value(aBool, seen) + " ELSE " + g.value(aBool, seen) + " END"
	}
	k := pick(g, aUUID, aText, anInt)
	return g.value(k, seen) + pick(g, " = ", " <> ", " < ", " >= ") + g.value(k, seen)
}

// writable are the targets of writes, with a column to write.
var writable = []struct {
	table  relation
	column column
}{
	{randomTables[0], column{"priority", anInt}},
	{randomTables[1], column{"title", aText}},
	{randomTables[1], column{"points", anInt}},
	{randomTables[2], column{"body", aText}},
}
