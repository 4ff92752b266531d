package lawtest

import (
	"fmt"
)

// condition is a boolean expression, without brackets around it.
func (g *generator) condition(s *scope, depth int) string {
	if depth <= 0 {
		return g.simple(s)
	}
	sub := func() string { return g.condition(s, depth-1) }
	switch n := g.rng.IntN(100); {
	case n < 14:
		return sub() + " AND " + sub()
	case n < 28:
		g.mark("or")
		return sub() + " OR " + sub()
	case n < 33:
		g.mark("not")
		return "NOT (" + sub() + ")"
	case n < 37:
		g.mark("brackets")
		return "(" + sub() + ")"
	case n < 40:
		return "(" + sub() + ") " + g.marked("IS TRUE", "IS NOT TRUE", "IS UNKNOWN", "IS NOT FALSE")
	case n < 43:
		g.mark("case in a condition")
		return "CASE WHEN " + sub() + " THEN " + sub() + " ELSE " + g.either("true", "false", "NULL") + " END"
	case n < 58 && g.budget > 0:
		return g.subqueryCondition(s)
	case n < 70:
		return g.organization(s)
	case n < 76:
		return g.between(s)
	}
	return g.simple(s)
}

func (g *generator) simple(s *scope) string {
	if g.chance(18) {
		return g.form(conditionForms, s)
	}
	switch g.rng.IntN(18) {
	case 0:
		g.mark("parameter compared")
		if c := g.column(integer, s); c != "" {
			return c + g.either(" = ", " > ", " <> ") + g.param(g.id())
		}
	case 1:
		if c := g.column(text, s); c != "" {
			g.mark("parameter compared")
			return c + " = " + g.param(g.either("A1", "A2", "B!1"))
		}
	case 2:
		g.mark("is null")
		return g.expr(g.anyKind(), s, 1) + g.either(" IS NULL", " IS NOT NULL", " ISNULL", " NOTNULL")
	case 3:
		g.mark("like")
		return g.flat(text, s) + g.either(" LIKE 'A%'", " NOT LIKE '%!%'", " ILIKE 'a_%'", " SIMILAR TO '(A|B)%'", " LIKE 'A!%' ESCAPE '!'", " ~ '^A'", " !~* 'b'")
	case 4:
		g.mark("in list")
		return g.flat(integer, s) + g.either(" IN (", " NOT IN (") + g.id() + ", " + g.id() + ", " + g.flat(integer, s) + ")"
	case 5:
		g.mark("any of an array")
		return g.flat(integer, s) + g.either(" = ANY (ARRAY[1, 2, 5])", " = ANY ('{2,3,9}'::int[])", " <> ALL (ARRAY[1, 3])", " = SOME ("+g.flat(integers, s)+")")
	case 6:
		g.mark("is distinct from")
		k := g.anyKind()
		return g.expr(k, s, 1) + g.either(" IS DISTINCT FROM ", " IS NOT DISTINCT FROM ") + g.expr(k, s, 1)
	case 7:
		g.mark("row comparison")
		return fmt.Sprintf("(%s, %s) %s (%s, %s)", g.flat(integer, s), g.flat(text, s), g.either("=", "<", "<>", ">="), g.flat(integer, s), g.flat(text, s))
	case 8:
		g.mark("row in list")
		return fmt.Sprintf("(%s, %s) IN ((%s, %s), (2, 3))", g.flat(integer, s), g.flat(integer, s), g.id(), g.id())
	case 9:
		if c := g.column(boolean, s); c != "" {
			return g.either("", "NOT ") + c
		}
	case 16:
		return g.failing(s)
	case 10:
		return g.poison(s) + g.either(" > 2", " <> 4", " IS NOT NULL", " < 60")
	case 11:
		return g.expr(integer, s, 1) + g.either(" = ", " < ", " >= ", " <> ") + g.expr(integer, s, 1)
	case 12:
		return g.expr(text, s, 1) + g.either(" = ", " < ", " >= ", " <> ") + g.expr(text, s, 1)
	case 14:
		return g.system(s)
	case 15:
		if g.chance(75) {
			break
		}
		g.mark("qualified operator")
		return g.flat(integer, s) + " OPERATOR(pg_catalog.>) " + g.flat(integer, s)
	case 13:
		return g.either("true", "1 = 1", "NOT false", "2 > 3")
	}
	return g.flat(integer, s) + g.either(" > ", " < ", " <= ") + g.id()
}

// anyKind is a kind of which all values can be compared.
func (g *generator) anyKind() kind {
	return pick(g, []kind{integer, integer, text, boolean, uuid, integers, document})
}

// failing is a condition of one operation, which PostgreSQL may evaluate before
// the guard, and which fails on values of other organizations.
func (g *generator) failing(s *scope) string {
	var bases []*item
	for _, it := range s.visible() {
		if it.base != nil && (it.base.name == "tasks" || it.base.name == "projects") {
			bases = append(bases, it)
		}
	}
	if len(bases) == 0 {
		return g.between(s)
	}
	g.mark("condition that fails elsewhere")
	ref := quote(pick(g, bases).ref)
	name, code, points := ref+".name", ref+".code", ref+".points"
	return g.either(
		"'x' ~ "+name, "NOT ('A1' ~* "+name+")", "coalesce('A1' ~ "+name+", true)", "('A1' !~ "+name+") IS NOT TRUE",
		"CASE WHEN 'A2' ~ "+name+" THEN true ELSE "+ref+".done END", "("+name+" ~ "+name+")::boolean", "("+name+" OPERATOR(pg_catalog.~) "+name+")",
		name+" LIKE "+code, name+" NOT ILIKE "+code, "(100 / "+points+") IS NULL", "(100 / "+points+" IS NOT NULL) IS TRUE",
		"to_date("+code+", 'YYYY') IS NOT NULL", points+"::smallint IS NOT NULL", "("+points+" * 100000) NOTNULL", "ROW(100 % "+points+") IS NOT NULL",
		"ARRAY[100 / "+points+"] IS NOT NULL", "textregexeq('A1', "+name+")", "coalesce(100 / "+points+", 1) IS NOT NULL",
		"(100 / "+points+")::int IS NOT NULL", "nullif(100 / "+points+", 5) IS NULL", "make_date("+points+", 1, 1) IS NOT NULL",
		"to_number("+code+", '9') IS NOT NULL", "'x' ~ "+name+" AND "+points+" > 1", "(SELECT 'A1' ~ "+name+")",
		"substr('A', 1, "+points+" - 1) IS NOT NULL", "chr("+points+") IS NOT NULL",
	)
}

// system compares system columns, whose values differ between databases.
func (g *generator) system(s *scope) string {
	var bases []*item
	for _, it := range s.visible() {
		if it.base != nil && !it.base.view {
			bases = append(bases, it)
		}
	}
	if len(bases) == 0 {
		return g.between(s)
	}
	g.mark("system column")
	a, b := pick(g, bases), pick(g, bases)
	switch g.rng.IntN(3) {
	case 0:
		return quote(a.ref) + ".ctid" + g.either(" IS NOT NULL", " IS NULL")
	case 1:
		return quote(a.ref) + ".tableoid::regclass::text LIKE '%" + g.either("tasks", "projects", "events_1") + "'"
	}
	if a.base != b.base {
		return quote(a.ref) + ".xmin IS NOT NULL"
	}
	return quote(a.ref) + ".ctid = " + quote(b.ref) + ".ctid"
}

// between has an AND that joins no conditions.
func (g *generator) between(s *scope) string {
	g.mark("between")
	return g.expr(integer, s, 1) + g.either(" BETWEEN ", " NOT BETWEEN ", " BETWEEN SYMMETRIC ") + g.expr(integer, s, 1) + " AND " + g.flat(integer, s)
}

// organization is a condition on an ownership column, or on something that
// looks like one.
func (g *generator) organization(s *scope) string {
	c := g.column(uuid, s)
	if c == "" {
		return g.simple(s)
	}
	g.mark("condition on the organization")
	switch g.rng.IntN(9) {
	case 0:
		return c + " = '" + orgA + "'"
	case 1:
		return c + " = '" + orgB + "'"
	case 2:
		return c + " <> '" + orgA + "'"
	case 3:
		return c + " IN ('" + orgB + "', '" + orgC + "', '" + orgA + "')"
	case 4:
		return c + " = " + g.param(orgB)
	case 5:
		return c + " = " + g.param(orgA) + "::uuid"
	case 6:
		return c + " IS NOT NULL"
	case 7:
		return c + g.either(" = ", " <> ", " IS NOT DISTINCT FROM ") + g.column(uuid, s)
	default:
		return c + " = ANY (" + g.param("{"+orgB+","+orgA+"}") + "::uuid[])"
	}
}

func (g *generator) subqueryCondition(s *scope) string {
	switch g.rng.IntN(7) {
	case 0, 1, 2:
		return g.marked("EXISTS", "NOT EXISTS") + " (" + g.existence(s) + ")"
	case 3:
		k := pick(g, []kind{integer, integer, text, uuid})
		return g.expr(k, s, 1) + " " + g.marked("IN", "NOT IN") + " (" + g.query(s, []kind{k}, queryOptions{}).text + ")"
	case 4:
		g.mark("row in a subquery")
		return fmt.Sprintf("(%s, %s) IN (%s)", g.flat(integer, s), g.flat(text, s), g.query(s, []kind{integer, text}, queryOptions{}).text)
	case 5:
		return g.expr(integer, s, 1) + " " + g.marked("= ANY", "> ALL", "< SOME", "<> ALL") + " (" + g.query(s, []kind{integer}, queryOptions{}).text + ")"
	default:
		return g.scalar(integer, s) + g.either(" = ", " > ", " < ") + g.flat(integer, s)
	}
}

// existence is a subquery of which only it matters whether it has rows.
func (g *generator) existence(s *scope) string {
	if g.chance(30) {
		return g.query(s, nil, queryOptions{}).text
	}
	from, parts := g.from(s, map[string]bool{})
	see := newScope(s, parts...)
	where := g.condition(see, 1)
	if outer := g.outerColumn(integer, see); outer != "" && g.chance(70) {
		g.mark("correlated")
		where = g.flat(integer, see.local()) + " = " + outer + g.either(" AND ", " OR ") + where
	}
	return "SELECT" + g.either(" 1", " *", "", " NULL") + " FROM " + from + " WHERE " + where + g.either("", "", " LIMIT 1")
}
