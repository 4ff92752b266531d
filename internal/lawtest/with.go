package lawtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// cte is a common table expression in scope.
type cte struct {
	name    string
	columns []column
}

var cteNames = []string{"projects", "tasks", "tasks", "comments", "users", "invoices", "x", "t", "w", "tree", "of all", "plans"}

// visibleCTEs are those that a name finds: of two with one name the inner one.
func (g *generator) visibleCTEs() []*cte {
	var found []*cte
	for i, c := range g.ctes {
		if !g.blocked[c.name] && !slices.ContainsFunc(g.ctes[i+1:], func(later *cte) bool { return later.name == c.name }) {
			found = append(found, c)
		}
	}
	return found
}

// hidden tells whether a CTE takes a name.
func (g *generator) hidden(name string) bool {
	return slices.ContainsFunc(g.ctes, func(c *cte) bool { return c.name == name })
}

// with writes a WITH clause, whose names stay in scope until the caller
// restores g.ctes.
func (g *generator) with(top bool) string {
	g.mark("with")
	names := map[string]bool{}
	list := make([]string, 0, 3)
	for len(list) == 0 || len(list) < 3 && g.budget > 0 && g.chance(35) {
		name := pick(g, cteNames)
		if names[name] {
			continue
		}
		names[name] = true
		list = append(list, name)
	}
	recursive := g.chance(25)
	keyword := "WITH "
	blocked := g.blocked
	// The names of a WITH RECURSIVE are taken from its start.
	g.blocked = maps.Clone(blocked)
	if recursive {
		keyword = "WITH RECURSIVE "
		g.mark("with recursive")
		for _, name := range list {
			g.blocked[name] = true
		}
	}
	var texts []string
	for i, name := range list {
		if slices.ContainsFunc(tables, func(t *table) bool { return t.name == name }) {
			g.mark("cte named like a table")
		}
		text, c := g.cte(name, top, recursive && i == 0 && g.chance(80))
		texts = append(texts, text)
		g.ctes = append(g.ctes, c)
		delete(g.blocked, name)
	}
	g.blocked = blocked
	return keyword + strings.Join(texts, ", ") + " "
}

func (g *generator) cte(name string, top, recursive bool) (string, *cte) {
	if recursive {
		return g.tree(name)
	}
	if top && g.chance(25) {
		if q, ok := g.writingCTE(); ok {
			return quote(name) + " AS (" + q.text + ")", &cte{name, q.columns}
		}
	}
	q := g.query(nil, nil, queryOptions{})
	columns, list := g.rename(q.columns, 20)
	as := g.either(" AS ", " AS ", " AS MATERIALIZED ", " AS NOT MATERIALIZED ")
	if as != " AS " {
		g.mark("materialized")
	}
	return quote(name) + list + as + "(" + q.text + ")", &cte{name, columns}
}

// tree is a recursive CTE that walks parents.
func (g *generator) tree(name string) (string, *cte) {
	g.mark("recursive cte")
	g.budget--
	t := tables[g.rng.IntN(2)]
	union := g.either("UNION ALL", "UNION")
	columns := []column{{"id", integer}, {"name", text}, {"depth", integer}}
	list := ""
	if g.chance(50) {
		columns, list = []column{{"n", integer}, {"x", text}, {"depth", integer}}, " (n, x, depth)"
	}
	self, child := quote(name), g.alias(map[string]bool{name: true})
	start := fmt.Sprintf("SELECT id, name, 1 AS depth FROM %s WHERE %s", g.tableName(t),
		g.either("parent_id IS NULL", "id = 1", "parent_id IS NULL OR done"))
	id := quote(columns[0].name)
	step := ""
	switch g.rng.IntN(3) {
	case 0:
		step = fmt.Sprintf("SELECT %[1]s.id, %[1]s.name, %[2]s.depth + 1 FROM %[3]s AS %[1]s JOIN %[2]s ON %[1]s.parent_id = %[2]s.%[4]s WHERE %[2]s.depth < 4",
			quote(child), self, g.tableName(t), id)
	case 1:
		step = fmt.Sprintf("SELECT %[1]s.id, %[1]s.name, depth + 1 FROM %[2]s, %[3]s %[1]s WHERE %[1]s.parent_id = %[2]s.%[4]s AND depth < 3",
			quote(child), self, g.tableName(t), id)
	default:
		step = fmt.Sprintf("SELECT s.id, s.name, %[2]s.depth + 1 FROM %[2]s CROSS JOIN LATERAL (SELECT %[1]s.id, %[1]s.name FROM %[3]s AS %[1]s WHERE %[1]s.parent_id = %[2]s.%[4]s) AS s WHERE %[2]s.depth < 3",
			quote(child), self, g.tableName(t), id)
	}
	text := quote(name) + list + " AS (" + start + " " + union + " " + step + ")"
	if g.chance(20) {
		g.mark("search")
		text += " SEARCH " + g.either("DEPTH", "BREADTH") + " FIRST BY " + id + " SET path"
		columns = append(columns, column{"path", other})
	}
	if g.chance(20) {
		g.mark("cycle")
		text += " CYCLE " + id + " SET circle" + g.either("", " TO true DEFAULT false") + " USING way"
		columns = append(columns, column{"circle", boolean}, column{"way", other})
	}
	return text, &cte{name, columns}
}

// writingCTE is a write whose rows are read by the rest of the statement.
func (g *generator) writingCTE() (query, bool) {
	var q query
	n := 3
	if g.version >= 17 {
		n = 4
	}
	switch g.rng.IntN(n) {
	case 3:
		q = g.merge(nil)
	case 0:
		q = g.update(nil)
	case 1:
		q = g.delete(nil)
	default:
		q = g.insert(nil)
	}
	g.mark("data-modifying cte")
	if len(q.columns) == 0 {
		q.text += " RETURNING 1 AS n"
		q.columns = []column{{"n", integer}}
	}
	return q, true
}
