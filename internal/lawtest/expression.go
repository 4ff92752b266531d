package lawtest

import (
	"fmt"
	"strconv"
)

// The organizations of the worlds. Statements are scoped to orgA.
const (
	orgA = "a0000000-0000-4000-8000-00000000000a"
	orgB = "b0000000-0000-4000-8000-00000000000b"
	orgC = "c0000000-0000-4000-8000-00000000000c"
)

// cast fixes the type of an expression that may be an untyped literal.
func (g *generator) cast(sql string, k kind) string {
	if g.chance(30) {
		return "CAST(" + sql + " AS " + sqlType[k] + ")"
	}
	return "(" + sql + ")::" + sqlType[k]
}

// column is a column in sight, or an empty text.
func (g *generator) column(k kind, s *scope) string {
	refs := s.references(k)
	if len(refs) == 0 {
		return ""
	}
	ref := pick(g, refs)
	if ref.item != nil && ref.item.base != nil && !ref.item.alias && ref.item.base.schema == "" && g.chance(5) {
		g.mark("schema-qualified column")
		return "public." + ref.sql
	}
	return ref.sql
}

// flat is an expression without subqueries.
func (g *generator) flat(k kind, s *scope) string {
	if g.chance(75) {
		if c := g.column(k, s); c != "" {
			return c
		}
	}
	return g.constant(k)
}

func (g *generator) constant(k kind) string {
	switch k {
	case integer:
		if g.chance(25) {
			g.mark("parameter")
			return g.param(g.id()) + "::int"
		}
		return g.id()
	case text:
		if g.chance(25) {
			g.mark("parameter")
			return g.cast(g.param(g.either("A2", "x", "it's $1", "organization_id")), text)
		}
		return g.string() + "::text"
	case boolean:
		return g.either("true", "false", "NULL::boolean", "(1 = 1)")
	case uuid:
		return "'" + g.either(orgA, orgA, orgB, orgC) + "'::uuid"
	case integers:
		return g.either("ARRAY[1, 2]", "'{3,4}'::int[]", "ARRAY(SELECT 1)")
	default:
		return g.either(`'{"k": "A1"}'::jsonb`, `jsonb_build_object('k', 'x')`)
	}
}

// id is a number as keys are: some belong to several organizations, some to
// one.
func (g *generator) id() string {
	if g.chance(3) {
		return g.either("700001", "700003", "900002")
	}
	return strconv.Itoa(1 + g.rng.IntN(12))
}

// string is a literal, often one that looks like something else.
func (g *generator) string() string {
	g.mark("string literal")
	switch g.rng.IntN(14) {
	case 0:
		return "'it''s'"
	case 1:
		return `E'\'; DELETE FROM tasks --'`
	case 2:
		return "$$ FROM tasks '$$"
	case 3:
		return "$q$ organization_id = $1 $$ $q$"
	case 4:
		return "'-- '"
	case 5:
		return "'/* '"
	case 6:
		return `'" OR true'`
	case 7:
		return "'A%'"
	case 8:
		return "E'\\\\'"
	case 9:
		return "'tasks.organization_id'"
	case 10:
		return "U&'\\0041\\0031'"
	default:
		return g.either("'A1'", "'A2'", "'A3'", "'one'", "''", "'B!1'", "'Done'")
	}
}

// expr is an expression; depth bounds how deep it nests.
func (g *generator) expr(k kind, s *scope, depth int) string {
	if depth <= 0 || g.chance(40) {
		return g.flat(k, s)
	}
	if g.chance(14) && g.budget > 0 {
		return g.scalar(k, s)
	}
	if g.chance(14) {
		g.mark("case")
		if g.chance(30) {
			return fmt.Sprintf("CASE %s WHEN %s THEN %s WHEN 3 THEN %s END", g.flat(integer, s), g.id(), g.expr(k, s, depth-1), g.expr(k, s, depth-1))
		}
		return fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", g.condition(s, depth-1), g.expr(k, s, depth-1), g.expr(k, s, depth-1))
	}
	switch k {
	case integer:
		return g.number(s, depth)
	case text:
		return g.words(s, depth)
	case boolean:
		return "(" + g.condition(s, depth) + ")"
	}
	return g.flat(k, s)
}

func (g *generator) number(s *scope, depth int) string {
	if g.chance(18) {
		return g.form(numberForms, s)
	}
	a := func() string { return g.expr(integer, s, depth-1) }
	switch g.rng.IntN(14) {
	case 0:
		return "(" + a() + " + " + a() + ")"
	case 1:
		return "(" + a() + " - " + a() + ")"
	case 2:
		return "(-" + a() + ")"
	case 3:
		return "coalesce(" + a() + ", " + g.id() + ")"
	case 4:
		return "nullif(" + a() + ", " + a() + ")"
	case 5:
		return g.either("greatest(", "least(") + a() + ", " + a() + ")"
	case 6:
		return g.either("length(", "char_length(") + g.expr(text, s, depth-1) + ")"
	case 7:
		g.mark("special call syntax")
		return g.either("position('A' IN "+g.flat(text, s)+")", "extract(year FROM date '2026-03-01')::int", "extract(day FROM timestamp '2026-03-01' + interval '1' day)::int")
	case 8:
		g.mark("array subscript")
		return "(" + g.flat(integers, s) + ")[1]"
	case 9:
		return "cardinality(" + g.flat(integers, s) + ")"
	case 10:
		if g.budget > 0 {
			g.mark("array of a subquery")
			return "cardinality(ARRAY(" + g.query(s, []kind{integer}, queryOptions{}).text + "))"
		}
		return "abs(" + a() + ")"
	case 11, 12:
		return g.poison(s)
	default:
		return "(" + a() + " % 3)"
	}
}

// poison is an expression that fails on other organizations' values, so that
// it shows whether they were looked at.
func (g *generator) poison(s *scope) string {
	var zero, digits []string
	for _, ref := range s.references(integer) {
		if ref.item != nil && ref.item.base != nil && ref.item.base.owned() && ref.name == "points" {
			zero = append(zero, ref.sql)
		}
	}
	for _, ref := range s.references(text) {
		if ref.item != nil && ref.item.base != nil && ref.item.base.owned() && ref.name == "code" && !ref.item.base.open {
			digits = append(digits, ref.sql)
		}
	}
	switch {
	case len(zero) > 0 && g.chance(50):
		g.mark("division by a column")
		return "(100 / " + pick(g, zero) + ")"
	case len(digits) > 0:
		g.mark("cast of a column")
		return pick(g, digits) + "::int"
	}
	return g.flat(integer, s)
}

func (g *generator) words(s *scope, depth int) string {
	if g.chance(35) {
		return g.form(textForms, s)
	}
	a := func() string { return g.expr(text, s, depth-1) }
	switch g.rng.IntN(15) {
	case 13:
		g.mark("collate")
		return "(" + a() + ` COLLATE "C")`
	case 14:
		g.mark("at time zone")
		return "(timestamptz '2026-03-01 00:00+00' AT TIME ZONE " + g.either("'UTC'", "'Europe/Paris'") + ")::text"
	case 0, 1:
		return "(" + a() + " || " + a() + ")"
	case 2:
		return g.either("upper(", "lower(", "md5(", "reverse(") + a() + ")"
	case 3:
		return "coalesce(" + a() + ", " + g.string() + ")"
	case 4:
		g.mark("special call syntax")
		return g.either("substring("+a()+" FROM 1 FOR 2)", "trim(BOTH 'A' FROM "+a()+")", "overlay("+a()+" PLACING 'x' FROM 1 FOR 1)", "trim("+a()+")")
	case 5:
		return "(" + g.expr(integer, s, depth-1) + ")::text"
	case 6:
		return "(" + g.flat(uuid, s) + ")::text"
	case 7:
		g.mark("json operator")
		return "(" + g.flat(document, s) + " ->> 'k')"
	case 8, 9:
		return g.whole(s)
	case 10:
		return "concat_ws(', ', " + a() + ", " + g.flat(integer, s) + ")"
	case 11:
		return "format('%s-%s', " + g.flat(integer, s) + ", " + a() + ")"
	default:
		return "(" + g.condition(s, depth-1) + ")::text"
	}
}

// whole is an expression of a whole row.
func (g *generator) whole(s *scope) string {
	items := s.visible()
	if len(items) == 0 {
		return g.constant(text)
	}
	it := pick(g, items)
	ref := quote(it.ref)
	if len(it.columns) < 2 || s.names(it.ref) {
		return g.constant(text)
	}
	g.mark("whole row")
	switch g.rng.IntN(5) {
	case 0:
		return ref + "::text"
	case 1:
		return "row_to_json(" + ref + ")::text"
	case 2:
		return "(to_jsonb(" + ref + ") ->> 'name')"
	case 3:
		g.mark("row is null")
		return "(" + ref + " IS NULL)::text"
	default:
		return "ROW(" + ref + ".*)::text"
	}
}

// scalar is a subquery of one value.
func (g *generator) scalar(k kind, s *scope) string {
	g.mark("scalar subquery")
	taken := map[string]bool{}
	if g.chance(25) {
		// A key that is unique inside an organization gives one row there.
		g.mark("scalar subquery by key")
		g.budget--
		t := tables[g.rng.IntN(4)]
		it := &item{ref: t.name, columns: t.columns, base: t}
		name := g.tableName(t)
		if g.chance(60) {
			it.ref, it.alias = g.alias(taken), true
			name += " AS " + quote(it.ref)
		}
		see := newScope(s, &part{items: []*item{it}, star: it.columns})
		return g.keyed(k, see, it, name)
	}
	from, parts := g.from(s, taken)
	see := newScope(s, parts...)
	where := ""
	if g.chance(80) {
		where = " WHERE " + g.condition(see, 1)
	}
	if len(see.star) == 0 {
		return g.constant(k)
	}
	if g.chance(30) {
		if c := g.column(k, see.local()); c != "" {
			g.mark("scalar subquery with limit")
			return "(SELECT " + c + " FROM " + from + where + " ORDER BY 1" + g.either("", " DESC") + g.either(" LIMIT 1", " FETCH FIRST 1 ROW ONLY") + ")"
		}
	}
	return "(SELECT " + g.aggregate(k, see) + " FROM " + from + where + ")"
}

// keyed is a subquery of at most one row.
func (g *generator) keyed(k kind, see *scope, it *item, name string) string {
	value := g.id()
	if outer := g.outerColumn(integer, see); outer != "" && g.chance(60) {
		value = outer
	}
	return "(SELECT " + g.flat(k, see) + " FROM " + name + " WHERE " + quote(it.ref) + "." + quote(it.base.key) + " = " + value + ")"
}

// outerColumn is a column of a query around s, as s can name it.
func (g *generator) outerColumn(k kind, s *scope) string {
	mine := map[string]bool{}
	for _, ref := range s.local().references(k) {
		mine[ref.sql] = true
	}
	var found []string
	for _, ref := range s.references(k) {
		if !mine[ref.sql] {
			found = append(found, ref.sql)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return pick(g, found)
}
