package query_test

import (
	"fmt"
	"slices"
	"strings"
)

// from is a FROM clause and the relations that it puts in sight.
func (g *generator) from(outer []relation) (string, []relation) {
	used := map[string]bool{}
	text, seen := g.tree(outer, nil, used, 1+g.IntN(3))
	for g.often(15) {
		more, also := g.tree(outer, seen, used, 1)
		text, seen = text+", "+more, append(seen, also...)
	}
	return text, seen
}

// tree is a join of n relations. beside are the relations that LATERAL may name too.
func (g *generator) tree(outer, beside []relation, used map[string]bool, n int) (string, []relation) {
	if n <= 1 {
		return g.leaf(outer, beside, used)
	}
	join := pick(g, "JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "USING", "LEFT USING", "RIGHT USING", "FULL USING",
		"NATURAL JOIN", "NATURAL LEFT JOIN", "NATURAL RIGHT JOIN", "NATURAL FULL JOIN")
	split := 1 + g.IntN(n-1)
	left, l := g.tree(outer, beside, used, split)
	if join == "JOIN" || join == "LEFT JOIN" || join == "CROSS JOIN" {
		beside = slices.Concat(beside, l)
	} else {
		beside = nil
	}
	right, r := g.tree(outer, beside, used, n-split)
	if n-split > 1 && len(r) > 1 {
		right = "(" + right + ")"
	}
	if split > 1 && len(l) > 1 && g.often(50) {
		left = "(" + left + ")"
	}
	seen := slices.Concat(l, r)
	var text string
	switch {
	case strings.HasPrefix(join, "NATURAL") && natural(l, r):
		text = left + " " + join + " " + right
	case strings.HasPrefix(join, "NATURAL"):
		text = left + " CROSS JOIN " + right
	case join == "CROSS JOIN":
		text = left + " CROSS JOIN " + right
	case strings.HasSuffix(join, "USING"):
		shared := g.sharedColumn(l, r)
		if shared == "" {
			text = left + " CROSS JOIN " + right
			break
		}
		text = fmt.Sprintf("%s %s JOIN %s USING (%s)", left, strings.TrimSuffix(join, "USING"), right, shared)
	case join == "FULL JOIN":
		a, b := g.pair(l, r)
		if a == "" {
			text = left + " CROSS JOIN " + right
			break
		}
		text = fmt.Sprintf("%s FULL JOIN %s ON %s = %s", left, right, a, b)
	default:
		on := g.condition(sight(seen, outer))
		if a, b := g.pair(l, r); a != "" && g.often(75) {
			on = a + " = " + b
			if g.often(30) {
				on += pick(g, " AND ", " OR ") + g.condition(sight(seen, outer))
			}
		}
		text = fmt.Sprintf("%s %s %s ON %s", left, join, right, on)
	}
	if g.often(12) {
		if tree, as, ok := g.aliased(text, seen, used); ok {
			return tree, []relation{as}
		}
	}
	return text, seen
}

// aliased hides a tree's names behind one alias. Its columns are those whose names are unique in it.
func (g *generator) aliased(text string, seen []relation, used map[string]bool) (string, relation, bool) {
	alias, ok := g.alias(used)
	if !ok {
		return "", relation{}, false
	}
	count := map[string]int{}
	for _, r := range seen {
		for _, c := range r.columns {
			count[c.name]++
		}
	}
	var columns []column
	for _, r := range seen {
		for _, c := range r.columns {
			if count[c.name] == 1 {
				columns = append(columns, c)
			}
		}
	}
	merged := strings.Contains(text, "USING") || strings.Contains(text, "NATURAL")
	return "(" + text + ") AS " + alias, relation{name: alias, columns: columns}, len(columns) > 0 && !merged
}

// natural reports whether two single relations can be joined by all columns that they share.
func natural(l, r []relation) bool {
	if len(l) != 1 || len(r) != 1 || l[0].prefix == 0 || r[0].prefix == 0 {
		return false
	}
	for _, a := range l[0].columns {
		if slices.ContainsFunc(r[0].columns, func(b column) bool { return a.name == b.name && a.kind != b.kind }) {
			return false
		}
	}
	return true
}

func (g *generator) sharedColumn(l, r []relation) string {
	if len(l) != 1 || len(r) != 1 {
		return ""
	}
	var shared []string
	for _, c := range l[0].columns {
		if slices.Contains(r[0].columns, c) {
			shared = append(shared, c.name)
		}
	}
	if len(shared) == 0 {
		return ""
	}
	return pick(g, shared...)
}

// pair is a column of each side, of one kind.
func (g *generator) pair(l, r []relation) (string, string) {
	for range 20 {
		a, b := pick(g, l...), pick(g, r...)
		left, right := pick(g, a.columns...), pick(g, b.columns...)
		if left.kind == right.kind && left.kind != aBool {
			return a.name + "." + left.name, b.name + "." + right.name
		}
	}
	return "", ""
}

func (g *generator) alias(used map[string]bool) (string, bool) {
	for range 10 {
		if alias := pick(g, aliases...); !used[alias] {
			used[alias] = true
			return alias, true
		}
	}
	return "", false
}

func (g *generator) leaf(outer, beside []relation, used map[string]bool) (string, []relation) {
	alias, ok := g.alias(used)
	if !ok {
		alias = fmt.Sprintf("z%d", len(used))
		used[alias] = true
	}
	if g.deeper(20) {
		defer func() { g.depth-- }()
		columns := []column{{pick(g, "id", "organization_id", "key"), aUUID}, {pick(g, "name", "title"), aText}}
		lateral, seen := "", outer // what an outer query offers is in sight of any derived table
		if len(beside) > 0 && g.often(60) {
			lateral, seen = "LATERAL ", sight(beside, outer)
		}
		return fmt.Sprintf("%s(%s) AS %s(%s, %s)", lateral, g.query([]kind{aUUID, aText}, seen), alias, columns[0].name, columns[1].name),
			[]relation{{alias, columns, 2}}
	}
	if len(g.with) > 0 && g.often(40) {
		r := pick(g, g.with...)
		return r.name + " AS " + alias, []relation{{alias, r.columns, 2}}
	}
	r := pick(g, randomTables...)
	name := r.name
	if slices.ContainsFunc(g.with, func(w relation) bool { return w.name == name }) {
		name = "public." + name
	}
	bare := name[strings.LastIndex(name, ".")+1:]
	if g.often(20) && !used[bare] {
		used[bare] = true
		return pick(g, "", "", "ONLY ") + name, []relation{{bare, r.columns, r.prefix}}
	}
	if g.often(2) {
		return g.renamed(name, alias, r)
	}
	sample := ""
	if r.name != "open_tasks" && g.often(5) {
		sample = " TABLESAMPLE BERNOULLI (100)"
	}
	return name + pick(g, " ", " AS ") + alias + sample, []relation{{alias, r.columns, r.prefix}}
}

// renamed gives some of a table's columns other names, among them names that other columns have by right.
func (g *generator) renamed(name, alias string, r relation) (string, []relation) {
	names := []string{"organization_id", "id", "name", "title", "tenant_id", "k1", "k2", "k3"}
	g.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	n := 1 + g.IntN(r.prefix)
	names = slices.DeleteFunc(names, func(name string) bool {
		return slices.ContainsFunc(r.columns[n:], func(c column) bool { return c.name == name })
	})
	n = min(n, len(names))
	columns := slices.Clone(r.columns)
	for i := range n {
		columns[i].name = names[i]
	}
	if rest := columns[n:]; slices.ContainsFunc(rest, func(c column) bool { return slices.Contains(names[:n], c.name) }) {
		return name + " AS " + alias, []relation{{alias, r.columns, r.prefix}}
	}
	return fmt.Sprintf("%s AS %s(%s)", name, alias, strings.Join(names[:n], ", ")), []relation{{alias, columns, r.prefix}}
}
