package query_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

type kind string

const (
	aUUID kind = "uuid"
	aText kind = "text"
	anInt kind = "int"
	aBool kind = "bool"
)

type column struct {
	name string
	kind kind
}

// relation is what a FROM clause offers under one name. A table's columns stand in its order; prefix is how many of them are
// complete from the first one on.
type relation struct {
	name    string
	columns []column
	prefix  int
}

var randomTables = []relation{
	{"projects", []column{{"id", aUUID}, {"organization_id", aUUID}, {"slug", aText}, {"name", aText}, {"archived", aBool}, {"priority", anInt}, {"owner_id", aUUID}, {"parent_id", aUUID}}, 8},
	{"tasks", []column{{"id", aUUID}, {"organization_id", aUUID}, {"project_id", aUUID}, {"title", aText}, {"done", aBool}, {"points", anInt}, {"assignee_id", aUUID}}, 6},
	{"comments", []column{{"id", aUUID}, {"organization_id", aUUID}, {"task_id", aUUID}, {"author_id", aUUID}, {"body", aText}}, 5},
	{"app.projects", []column{{"id", aUUID}, {"organization_id", aUUID}, {"label", aText}}, 3},
	{"open_tasks", []column{{"id", aUUID}, {"organization_id", aUUID}, {"project_id", aUUID}, {"title", aText}}, 4},
	{"ledger", []column{{"id", anInt}, {"tenant_id", aUUID}, {"amount", anInt}}, 3},
	{"users", []column{{"id", aUUID}, {"email", aText}, {"name", aText}}, 3},
}

// aliases are few, and some of them are names of tables, so that names collide across levels.
var aliases = []string{"p", "t", "c", "x", "projects", "tasks", "users", `"P"`, "notes", "organization_id"}

type generator struct {
	*rand.Rand
	depth int
	with  []relation // WITH queries in sight
}

func pick[T any](g *generator, from ...T) T { return from[g.IntN(len(from))] }

func (g *generator) often(percent int) bool { return g.IntN(100) < percent }

// deeper reports whether another level of nesting is wanted, and enters it.
func (g *generator) deeper(percent int) bool {
	if g.depth >= 2 || !g.often(percent) {
		return false
	}
	g.depth++
	return true
}

func (g *generator) statement() string {
	with := ""
	if g.often(25) {
		with = g.withClause()
	}
	switch g.IntN(10) {
	case 0:
		return with + g.update()
	case 1:
		return with + g.delete()
	case 2:
		return with + g.insert()
	}
	if g.often(8) {
		// Only here: which rows a subquery locks depends on how far the plan runs it.
		from, here := g.from(nil)
		return fmt.Sprintf("%sSELECT 1 FROM %s WHERE %s FOR %s OF %s", with, from, g.condition(here),
			pick(g, "UPDATE", "SHARE", "NO KEY UPDATE", "KEY SHARE"), pick(g, here...).name)
	}
	kinds := []kind{pick(g, aText, anInt), pick(g, aUUID, aText)}
	if with != "" {
		return with + g.selectQuery(kinds, nil)
	}
	return g.query(kinds, nil)
}

func (g *generator) withClause() string {
	var queries []string
	recursive := g.often(20)
	for range 1 + g.IntN(2) {
		name := pick(g, "projects", "tasks", "users", "w", "comments")
		if slices.ContainsFunc(g.with, func(r relation) bool { return r.name == name }) {
			continue
		}
		columns := []column{{"id", aUUID}, {pick(g, "name", "title", "organization_text"), aText}}
		g.depth++
		body := g.query([]kind{aUUID, aText}, nil)
		g.depth--
		g.with = append(g.with, relation{name, columns, 2})
		queries = append(queries, fmt.Sprintf("%s(%s, %s) AS %s(%s)", name, columns[0].name, columns[1].name,
			pick(g, "", "MATERIALIZED ", "NOT MATERIALIZED "), body))
	}
	if len(queries) == 0 {
		return ""
	}
	keyword := "WITH "
	if recursive {
		keyword = "WITH RECURSIVE "
	}
	return keyword + strings.Join(queries, ", ") + " "
}

// query is a SELECT with columns of the given kinds.
func (g *generator) query(kinds []kind, outer []relation) string {
	if g.deeper(15) {
		defer func() { g.depth-- }()
		operator := pick(g, "UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL")
		left, right := g.query(kinds, outer), g.query(kinds, outer)
		if g.often(50) {
			return "(" + left + ") " + operator + " (" + right + ")"
		}
		return g.selectQuery(kinds, outer) + " " + operator + " " + g.selectQuery(kinds, outer)
	}
	if g.often(10) {
		known := len(g.with)
		defer func() { g.with = g.with[:known] }()
		if g.depth < 2 {
			if with := g.withClause(); with != "" {
				return with + g.selectQuery(kinds, outer)
			}
		}
	}
	return g.selectQuery(kinds, outer)
}

func (g *generator) selectQuery(kinds []kind, outer []relation) string {
	from, here := g.from(outer)
	seen := sight(here, outer)
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = g.value(k, seen)
	}
	where := ""
	if g.often(50) {
		where = " WHERE " + g.condition(seen)
	}
	switch g.IntN(8) {
	case 0:
		return fmt.Sprintf("SELECT DISTINCT %s FROM %s%s", strings.Join(list, ", "), from, where)
	case 1:
		for i, k := range kinds {
			list[i] = g.aggregate(k, here, seen)
		}
		having := ""
		if g.often(40) {
			having = " HAVING count(*) > " + fmt.Sprint(g.IntN(3))
		}
		return fmt.Sprintf("SELECT %s FROM %s%s%s", strings.Join(list, ", "), from, where, having)
	case 2:
		numbers := make([]string, len(kinds))
		for i := range kinds {
			numbers[i] = fmt.Sprint(i + 1)
		}
		return fmt.Sprintf("(SELECT %s FROM %s%s ORDER BY %s LIMIT %d)", strings.Join(list, ", "), from, where, strings.Join(numbers, ", "), 1+g.IntN(4))
	case 3:
		return fmt.Sprintf("SELECT %s FROM %s%s GROUP BY %s", strings.Join(list, ", "), from, where, strings.Join(numbered(len(kinds)), ", "))
	}
	if g.often(8) {
		list[0] += " AS first, count(*) OVER (PARTITION BY " + g.value(pick(g, aText, anInt, aBool), here) + ")"
		if len(kinds) == 2 {
			list = list[:1]
			list[0] = strings.Replace(list[0], "count(*)", "max(("+g.value(kinds[1], here)+")::text)", 1) + cast(kinds[1])
		} else {
			list[0], _, _ = strings.Cut(list[0], " AS first")
		}
	}
	return fmt.Sprintf("SELECT %s%sFROM %s%s", strings.Join(list, ", "), pick(g, " ", " ", " /* FROM tasks, */ ", " -- FROM tasks\n"), from, where)
}

func cast(k kind) string { return "::" + string(k) }

// sight is what can be named: the relations here, and of the outer ones those that they do not hide.
func sight(here, outer []relation) []relation {
	seen := slices.Clone(here)
	for _, r := range outer {
		if !slices.ContainsFunc(here, func(near relation) bool { return near.name == r.name }) {
			seen = append(seen, r)
		}
	}
	return seen
}

func numbered(n int) []string {
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = fmt.Sprint(i + 1)
	}
	return numbers
}

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

// target is a table to write to, under its own name or an alias.
func (g *generator) target() (text string, r relation, set column) {
	w := pick(g, writable...)
	if g.often(50) {
		return w.table.name, w.table, w.column
	}
	alias := pick(g, aliases...)
	return w.table.name + " AS " + alias, relation{alias, w.table.columns, w.table.prefix}, w.column
}

// The value that an update sets must not depend on which of several source rows PostgreSQL takes.
func (g *generator) update() string {
	text, target, set := g.target()
	from, seen := "", []relation{target}
	if g.often(50) {
		used := map[string]bool{target.name: true}
		tree, here := g.tree(nil, nil, used, 1+g.IntN(2))
		from, seen = " FROM "+tree, append(seen, here...)
	}
	return fmt.Sprintf("UPDATE %s SET %s = coalesce(%s, %s)%s WHERE %s RETURNING %s.id", text, set.name,
		g.scalar(set.kind, []relation{target}), g.constant(set.kind), from, g.condition(seen), target.name)
}

func (g *generator) delete() string {
	text, target, _ := g.target()
	from, seen := "", []relation{target}
	if g.often(50) {
		used := map[string]bool{target.name: true}
		tree, here := g.tree(nil, nil, used, 1+g.IntN(2))
		from, seen = " USING "+tree, append(seen, here...)
	}
	return fmt.Sprintf("DELETE FROM %s%s WHERE %s RETURNING %s.id", text, from, g.condition(seen), target.name)
}

func (g *generator) insert() string {
	body := fmt.Sprintf("SELECT DISTINCT md5(concat('i', r.v))::uuid, coalesce(r.v, 'none') FROM (%s) AS r(v)", g.query([]kind{aText}, nil))
	if g.often(30) {
		body += fmt.Sprintf(" UNION SELECT md5(concat('i', r.v))::uuid, coalesce(r.v, 'none') FROM (%s) AS r(v)", g.query([]kind{aText}, nil))
	}
	return pick(g, "INSERT INTO tasks (id, title) ", "INSERT INTO comments (id, body) ") + body + pick(g, "", " ON CONFLICT (id) DO NOTHING") + " RETURNING id"
}
