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
		return fmt.Sprintf("(SELECT %s FROM %s%s ORDER BY %s LIMIT %d)", strings.Join(list, ", "), from, where, strings.Join(numbered(len(kinds)), ", "), 1+g.IntN(4))
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
