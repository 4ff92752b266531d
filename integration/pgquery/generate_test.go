package pgquery

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestGenerated judges statements that are made to be hard to scope: every
// kind of join inside every other, CTEs called like tables, aliases called
// like other tables, correlated subqueries, set operations and writes. All
// of them are SQL, and all are to be read.
func TestGenerated(t *testing.T) {
	t.Parallel()
	catalog := appCatalog(t)
	scoped, refusals := 0, map[string]int{}
	const statements = 1000
	for seed := range uint64(statements) {
		text := newGenerator(*seedFlag + seed).statement()
		if _, err := parse(text); errors.Is(err, errNoVerdict) {
			continue // too deep for libpg_query's encoding
		} else if err != nil {
			t.Fatalf("the generator makes what is no SQL: %v\n%s", err, text)
		}
		if err := judgeReader(text); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		if err := judgeExamine(text, catalog); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		err := judgeRewrite(text, catalog)
		if refused(err) {
			refusals[err.Error()]++
			continue
		}
		if err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		scoped++
	}
	t.Logf("%d of %d statements scoped", scoped, statements)
	for why, n := range refusals {
		t.Logf("%d %s", n, why)
	}
	if scoped < statements*3/4 {
		t.Errorf("only %d of %d statements were scoped", scoped, statements)
	}
}

// generator makes statements over tables that all have the columns id, ref and
// val, as have the derived tables and CTEs it makes.
type generator struct {
	*rand.Rand
	depth  int
	alias  int
	tables int // table references that may still be made
}

func newGenerator(seed uint64) *generator {
	r := rand.New(rand.NewPCG(seed, 0x6e6))
	return &generator{Rand: r, tables: 4 + r.IntN(12)}
}

// columns of every table but the ownership column, which is the last one of
// an owned table.
var columns = []string{"id", "ref", "val"}

// name is what stands in FROM: a qualifier for the three columns, and the
// number of all columns.
type name struct {
	qualifier string
	width     int
}

// names of one level, and of the levels around it.
type names struct {
	ctes  map[string]bool
	here  []name
	outer *names
}

func (n *names) cte(name string) bool {
	return n != nil && (n.ctes[name] || n.outer.cte(name))
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

// deeper says whether another query may be nested here.
func (g *generator) deeper() bool { return g.tables > 0 && g.depth < 4 }

func (g *generator) table() string { return g.pick("projects", "tasks", "comments", "users") }

func (g *generator) statement() string {
	switch {
	case g.chance(75):
		return g.query(nil)
	case g.chance(50):
		return g.change()
	case g.chance(40):
		return g.merge()
	}
	return g.insert()
}

// merge has actions of every kind. An ON that compares columns is what NOT
// MATCHED BY SOURCE needs to be scoped.
func (g *generator) merge() string {
	n := &names{}
	with := g.with(n)
	target, self := g.target()
	source, have := g.item(without(n), 3)
	row := &names{ctes: n.ctes, here: []name{self}}
	other := &names{ctes: n.ctes, here: have}
	n.here = append([]name{self}, have...)
	on := fmt.Sprintf("%s = %s", g.columnOf(row.here), g.columnOf(have))
	if g.chance(40) {
		on = g.condition(n)
	}
	and := func(n *names) string {
		if g.chance(60) {
			return ""
		}
		return " AND " + g.condition(n)
	}
	text := fmt.Sprintf("%sMERGE INTO %s USING %s ON %s", with, target, source, on)
	if g.chance(70) {
		text += " WHEN MATCHED" + and(n) + " THEN " + g.pick("DELETE", "DO NOTHING", "UPDATE SET val = "+g.scalar(n))
	}
	if g.chance(30) {
		text += " WHEN NOT MATCHED BY SOURCE" + and(row) + " THEN " + g.pick("DELETE", "DO NOTHING", "UPDATE SET val = "+g.scalar(row))
	}
	return text + fmt.Sprintf(" WHEN NOT MATCHED%s THEN INSERT (id, ref, val) VALUES (%s, %s, 7)", and(other), g.column(other), g.scalar(other))
}

// change is an UPDATE or DELETE. What it assigns and returns depends on the
// target's row alone: which row of FROM meets a target's row first is nobody's
// to know.
func (g *generator) change() string {
	n := &names{}
	with := g.with(n)
	target, self := g.target()
	row := &names{ctes: n.ctes, here: []name{self}}
	n.here = row.here
	from := ""
	if g.chance(60) {
		from = g.from(n)
	}
	returning := ""
	if g.chance(40) {
		returning = " RETURNING " + g.scalar(row)
	}
	if g.chance(50) {
		if from != "" {
			from = " FROM " + from
		}
		return fmt.Sprintf("%sUPDATE %s SET val = %s%s%s%s", with, target, g.scalar(row), from, g.where(n), returning)
	}
	if from != "" {
		from = " USING " + from
	}
	return fmt.Sprintf("%sDELETE FROM %s%s%s%s", with, target, from, g.where(n), returning)
}

func (g *generator) insert() string {
	n := &names{}
	with := g.with(n)
	source := g.query(n)
	if g.chance(30) {
		source = fmt.Sprintf("VALUES (%d, 1, 2), (%d, (SELECT max(val) FROM %s), 3)", 1000+g.IntN(9), 2000+g.IntN(9), g.table())
	}
	conflict := g.pick("", "", " ON CONFLICT DO NOTHING", " ON CONFLICT (id) DO UPDATE SET val = excluded.val", " ON CONFLICT (id) DO UPDATE SET val = 7 WHERE excluded.val > 3 OR excluded.ref = 1")
	return fmt.Sprintf("%sINSERT INTO %s (id, ref, val) %s%s", with, g.table(), source, conflict)
}

// target is the table of an UPDATE or DELETE, and its name.
func (g *generator) target() (string, name) {
	table := g.table()
	if g.chance(50) {
		return table, name{table, 3}
	}
	g.alias++
	alias := fmt.Sprintf("w%d", g.alias)
	return table + g.pick(" ", " AS ") + alias, name{alias, 3}
}

// query is a SELECT with three columns, perhaps of several arms.
func (g *generator) query(outer *names) string {
	g.depth++
	defer func() { g.depth-- }()
	n := &names{outer: outer}
	with := g.with(n)
	if g.deeper() && g.chance(12) {
		op := g.pick("UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL")
		return fmt.Sprintf("%s(%s) %s %s%s", with, g.query(n), op, g.arm(n), g.tail())
	}
	return with + g.arm(n) + g.tail()
}

// arm is a SELECT without WITH and tail; the names of n stay out of it.
func (g *generator) arm(scope *names) string {
	n := &names{outer: scope}
	from := g.from(n)
	where := g.where(n)
	if g.chance(15) {
		key := g.column(n)
		return fmt.Sprintf("SELECT %s AS id, count(*)::int AS ref, max(%s)::int AS val FROM %s%s GROUP BY %s", key, g.column(n), from, where, key)
	}
	distinct := g.pick("", "", "", "DISTINCT ")
	return fmt.Sprintf("SELECT %s%s AS id, %s AS ref, %s AS val FROM %s%s", distinct, g.scalar(n), g.scalar(n), g.scalar(n), from, where)
}

// tail orders by all columns, so that a limit has one meaning.
func (g *generator) tail() string {
	if !g.chance(15) {
		return ""
	}
	return fmt.Sprintf(" ORDER BY 1, 2, 3 LIMIT %d OFFSET %d", 1+g.IntN(5), g.IntN(2))
}

func (g *generator) with(n *names) string {
	if !g.deeper() || !g.chance(25) {
		return ""
	}
	recursive := g.chance(20)
	n.ctes = map[string]bool{}
	var list, made []string
	for range 1 + g.IntN(2) {
		cte := g.pick("projects", "tasks", "users", "c1", "c2")
		if n.ctes[cte] || strings.Contains(strings.Join(made, " "), cte) {
			continue
		}
		made = append(made, cte)
		if recursive {
			table := g.pick("comments", "public.tasks")
			list = append(list, fmt.Sprintf("%s (id, ref, val) AS (SELECT id, ref, val FROM %s WHERE id < 4 UNION SELECT x.id, y.ref, x.val FROM %s x JOIN public.projects y ON y.id = x.ref)", cte, table, cte))
		} else {
			list = append(list, fmt.Sprintf("%s AS %s(%s)", cte, g.pick("", "MATERIALIZED ", "NOT MATERIALIZED "), g.query(n)))
		}
		n.ctes[cte] = true
	}
	if recursive {
		return "WITH RECURSIVE " + strings.Join(list, ", ") + " "
	}
	return "WITH " + strings.Join(list, ", ") + " "
}

// from is a FROM list whose names are added to n.
func (g *generator) from(n *names) string {
	var items []string
	for range 1 + g.IntN(2)*g.IntN(2) {
		text, have := g.item(n, 3)
		items = append(items, text)
		n.here = append(n.here, have...)
	}
	return strings.Join(items, ", ")
}

// item is one table reference with the names that it shows.
func (g *generator) item(scope *names, joins int) (string, []name) {
	switch {
	case joins > 0 && g.tables > 0 && g.chance(55):
		return g.join(scope, joins-1)
	case g.deeper() && g.chance(20):
		alias := g.fresh()
		if g.chance(30) {
			return fmt.Sprintf("LATERAL (%s) AS %s", g.query(scope), alias), []name{{alias, 3}}
		}
		return fmt.Sprintf("(%s) AS %s", g.query(without(scope)), alias), []name{{alias, 3}}
	}
	return g.relation(scope)
}

// without is a scope that keeps the CTEs and no names.
func without(n *names) *names {
	if n == nil {
		return nil
	}
	return &names{ctes: n.ctes, outer: without(n.outer)}
}

// fresh makes an alias; some are called like a table that is elsewhere.
func (g *generator) fresh() string {
	g.alias++
	return fmt.Sprintf("%s%d", g.pick("a", "b", "t", "projects", "tasks"), g.alias)
}

func (g *generator) relation(scope *names) (string, []name) {
	g.tables--
	table := g.table()
	width := 4
	switch {
	case scope.cte("c1") && g.chance(30):
		table = "c1"
		width = 3
	case scope.cte(table), table == "users":
		width = 3
	}
	if g.chance(15) && table != "c1" {
		table = "public." + table
		width = 4
		if table == "public.users" {
			width = 3
		}
	}
	alias := g.fresh()
	switch g.IntN(6) {
	case 0:
		return fmt.Sprintf("%s AS %s (ref, id)", table, alias), []name{{alias, width}}
	case 1:
		if scope.cte(table) || strings.HasPrefix(table, "c") {
			break
		}
		return fmt.Sprintf("ONLY %s %s", table, alias), []name{{alias, width}}
	}
	return table + g.pick(" ", " AS ") + alias, []name{{alias, width}}
}

func (g *generator) join(scope *names, joins int) (string, []name) {
	left, l := g.item(scope, joins)
	right, r := g.item(scope, joins)
	if len(r) > 1 {
		right = "(" + right + ")" // else its ON could be taken for ours
	}
	kind := g.pick("JOIN", "INNER JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "USING")
	both := append(append([]name(nil), l...), r...)
	var text string
	switch kind {
	case "CROSS JOIN":
		text = fmt.Sprintf("%s CROSS JOIN %s", left, right)
	case "USING":
		if len(l) != 1 || len(r) != 1 {
			text = fmt.Sprintf("%s CROSS JOIN %s", left, right)
			break
		}
		text = fmt.Sprintf("%s %s JOIN %s USING (id)", left, g.pick("", "LEFT", "RIGHT", "FULL"), right)
		both[0].width-- // the joined column stands once
	case "FULL JOIN":
		text = fmt.Sprintf("%s FULL JOIN %s ON %s = %s", left, right, g.columnOf(l), g.columnOf(r))
	default:
		text = fmt.Sprintf("%s %s %s ON %s", left, kind, right, g.condition(&names{ctes: nil, here: both, outer: without(scope)}))
	}
	if !g.chance(20) {
		return text, both
	}
	width := 0
	for _, n := range both {
		width += n.width
	}
	if g.chance(30) {
		return "(" + text + ")", both // brackets alone hide nothing
	}
	alias := g.fresh()
	list := append([]string(nil), columns...)
	for i := len(list); i < width; i++ {
		list = append(list, fmt.Sprintf("x%d", i))
	}
	return fmt.Sprintf("(%s) AS %s (%s)", text, alias, strings.Join(list, ", ")), []name{{alias, width}}
}

func (g *generator) columnOf(list []name) string {
	n := list[g.IntN(len(list))]
	return n.qualifier + "." + columns[g.IntN(len(columns))]
}

// column names a column of this level, or of one around it.
func (g *generator) column(n *names) string {
	if n.outer != nil && g.chance(15) {
		if c := g.outerColumn(n.outer); c != "" {
			return c
		}
	}
	if len(n.here) == 0 {
		return "1"
	}
	return g.columnOf(n.here)
}

func (g *generator) outerColumn(n *names) string {
	for ; n != nil; n = n.outer {
		if len(n.here) > 0 {
			return g.columnOf(n.here)
		}
	}
	return ""
}

func (g *generator) scalar(n *names) string {
	if g.deeper() && g.chance(8) {
		return fmt.Sprintf("(SELECT max(s.%s) FROM (%s) s)", g.pick(columns...), g.query(n))
	}
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("coalesce(%s, %d)", g.column(n), g.IntN(5))
	case 1:
		return fmt.Sprintf("%s + %d", g.column(n), g.IntN(3))
	}
	return g.column(n)
}

func (g *generator) where(n *names) string {
	if g.chance(35) {
		return ""
	}
	return " WHERE " + g.condition(n)
}

func (g *generator) condition(n *names) string {
	switch g.IntN(9) {
	case 0:
		return fmt.Sprintf("%s AND %s", g.condition(n), g.condition(n))
	case 1:
		return fmt.Sprintf("%s OR %s", g.condition(n), g.condition(n))
	case 2:
		return fmt.Sprintf("%s IS %sNULL", g.column(n), g.pick("", "NOT "))
	case 3:
		return fmt.Sprintf("NOT (%s)", g.condition(n))
	case 4:
		if g.deeper() {
			return fmt.Sprintf("%sEXISTS (%s)", g.pick("", "NOT "), g.query(n))
		}
	case 5:
		if g.deeper() {
			return fmt.Sprintf("%s IN (SELECT s.%s FROM (%s) s)", g.column(n), g.pick(columns...), g.query(n))
		}
	}
	return fmt.Sprintf("%s %s %s", g.column(n), g.pick("=", "<", ">", "<>", "="), g.scalar(n))
}
