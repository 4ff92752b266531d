package lawtest

import (
	"fmt"
	"slices"
)

// form is one construct of PostgreSQL's grammar in an expression or condition:
// those whose brackets hold keywords, and operators of every spelling.
type form struct {
	construct string
	since     int // major version of PostgreSQL
	write     func(g *generator, s *scope) string
}

// form writes one of some constructs that the server knows.
func (g *generator) form(forms []form, s *scope) string {
	for {
		if f := pick(g, forms); f.since <= g.version {
			g.mark(f.construct)
			return f.write(g, s)
		}
	}
}

// numberForms give an int.
var numberForms = []form{
	{"operator symbols", 0, func(g *generator, s *scope) string {
		a, b := g.flat(integer, s), g.flat(integer, s)
		return g.either("("+a+" & 7)", "("+a+" | "+b+")", "("+a+" # 3)", "(~"+a+")", "("+a+" << 1)", "(@"+a+")", "(- - "+a+")", "(+"+a+"*-1)")
	}},
	{"array slice", 0, func(g *generator, s *scope) string {
		return "cardinality((" + g.flat(integers, s) + ")[" + g.either("1:1", ":2", "1:", ":") + "])"
	}},
	{"field of a row", 0, func(g *generator, s *scope) string { return g.field(integer, s) }},
	{"json in an expression", 0, func(g *generator, s *scope) string {
		return "jsonb_array_length(jsonb_build_array(" + g.flat(integer, s) + ", " + g.flat(text, s) + "))"
	}},
	{"array slice", 0, func(g *generator, s *scope) string {
		return "((ARRAY[[1, 2], [3, " + g.flat(integer, s) + "]])[2:2][1:2])[1][2]"
	}},
	{"extract", 0, func(g *generator, s *scope) string {
		return "extract(" + g.either("day", "MONTH", "'epoch'", `"year"`) + " FROM date '2026-03-01' + " + g.flat(integer, s) + "::int)::int"
	}},
	{"json_scalar", 17, func(g *generator, s *scope) string { return "json_scalar(" + g.flat(integer, s) + ")::text::int" }},
	// Of a document that is NULL, PostgreSQL 17 and 18 give the value for ON EMPTY
	// if the last row was empty: what ExecEvalJsonExprPath notes of a row is not
	// cleared where there is nothing to evaluate.
	{"json_value", 17, func(g *generator, s *scope) string {
		return "json_value(coalesce(" + g.flat(document, s) + ", '{}'), '$.n' RETURNING int DEFAULT 3 ON EMPTY NULL ON ERROR)"
	}},
}

// textForms give a text.
var textForms = []form{
	{"xmlelement", 0, func(g *generator, s *scope) string {
		return "xmlelement(NAME " + g.either("tasks", `"from"`, "item") + ", xmlattributes(" + g.flat(integer, s) + " AS id, " + g.flat(text, s) + ` AS "where"), ` + g.flat(text, s) + ")::text"
	}},
	{"xmlforest", 0, func(g *generator, s *scope) string {
		return "xmlforest(" + g.flat(text, s) + " AS name, " + g.flat(integer, s) + " AS tasks)::text"
	}},
	{"xmlserialize", 0, func(g *generator, s *scope) string {
		return "xmlserialize(" + g.either("CONTENT", "DOCUMENT") + " xmlparse(" + g.either("DOCUMENT", "CONTENT") + " '<a>FROM tasks</a>') AS text)"
	}},
	{"xmlpi and xmlroot", 0, func(g *generator, s *scope) string {
		return "xmlconcat(xmlpi(NAME php, " + g.flat(text, s) + "), xmlroot(xmlparse(DOCUMENT '<a/>'), VERSION " + g.either("NO VALUE", "'1.0'") + g.either("", ", STANDALONE YES", ", STANDALONE NO VALUE") + "))::text"
	}},
	{"substring", 0, func(g *generator, s *scope) string {
		a := g.flat(text, s)
		return g.either("substring("+a+" FOR 2)", "substring("+a+" FROM 2)", "substring("+a+" FOR 1 FROM 2)", `substring(`+a+` SIMILAR 'A#"_#"%' ESCAPE '#')`, "substring("+a+", 1, 1)")
	}},
	{"trim", 0, func(g *generator, s *scope) string {
		a := g.flat(text, s)
		return g.either("trim(LEADING FROM "+a+")", "trim(TRAILING '1' FROM "+a+")", "trim(FROM "+a+")", "trim(BOTH "+a+", 'A')")
	}},
	{"unicode escapes", 0, func(g *generator, s *scope) string { return g.either("U&'!0041!+000032' UESCAPE '!'", `U&'\0027'`) }},
	{"bit string", 0, func(g *generator, s *scope) string {
		return g.either("B'101'::text", "X'1F'::text", "N'abc'::text", "bit varying '01'::text")
	}},
	{"normalize", 0, func(g *generator, s *scope) string { return "normalize(" + g.flat(text, s) + ", NFC)" }},
	{"collation for", 0, func(g *generator, s *scope) string { return "COLLATION FOR (" + g.flat(text, s) + ")" }},
	{"value function", 0, func(g *generator, s *scope) string {
		return "(" + g.either("CURRENT_DATE", "CURRENT_TIMESTAMP(3)", "LOCALTIME", "CURRENT_USER", "SESSION_USER", "CURRENT_SCHEMA") + " IS NULL)::text"
	}},
	{"interval", 0, func(g *generator, s *scope) string {
		return "(" + g.either("interval '1-2' YEAR TO MONTH", "interval(2) '1.234 s'", "interval '3' DAY") + " * " + g.flat(integer, s) + ")::text"
	}},
	{"type with a modifier", 0, func(g *generator, s *scope) string {
		return "CAST(" + g.flat(integer, s) + " AS " + g.either("numeric(10, 2)", "double precision", "character varying (4)", "bigint") + ")::text"
	}},
	{"adjacent strings", 0, func(g *generator, s *scope) string { return "('A'\n'1' || " + g.flat(text, s) + ")" }},
	{"field of a row", 0, func(g *generator, s *scope) string { return g.field(text, s) }},
	{"column as a function", 0, func(g *generator, s *scope) string { return g.projection(s) }},
	{"json path operator", 0, func(g *generator, s *scope) string {
		return "(" + g.flat(document, s) + g.either(" #>> '{k}'", " #> '{k}'", " -> 'k'", " - 'k'", " #- '{k}'", " || '{\"a\": 1}'") + ")::text"
	}},
	{"json in an expression", 0, func(g *generator, s *scope) string {
		return "json_build_object('tasks', " + g.flat(integer, s) + ", 'from', " + g.flat(text, s) + ")::text"
	}},
	{"at time zone", 0, func(g *generator, s *scope) string {
		return "((timestamp '2026-03-01 10:00' + interval '1' day * " + g.flat(integer, s) + ") AT TIME ZONE INTERVAL '2' HOUR AT TIME ZONE 'UTC')::text"
	}},
	{"json_object", 16, func(g *generator, s *scope) string {
		return "json_object(" + g.either("'a': ", "'a' VALUE ") + g.flat(text, s) + g.either("", " NULL ON NULL", " ABSENT ON NULL", " ABSENT ON NULL WITH UNIQUE KEYS") + " RETURNING text)"
	}},
	{"json_array", 16, func(g *generator, s *scope) string {
		return "json_array(" + g.flat(text, s) + ", " + g.flat(integer, s) + g.either("", " NULL ON NULL", " ABSENT ON NULL") + ")::text"
	}},
	{"json_query", 17, func(g *generator, s *scope) string {
		return "json_query(" + g.flat(document, s) + ", '$.k' RETURNING text" + g.either(" WITH WRAPPER", " OMIT QUOTES", "") + " NULL ON EMPTY)"
	}},
	{"at local", 17, func(g *generator, s *scope) string { return "(timestamptz '2026-03-01 00:00+00' AT LOCAL)::text" }},
}

// conditionForms give a boolean.
var conditionForms = []form{
	{"overlaps", 0, func(g *generator, s *scope) string {
		return "(date '2026-01-01', date '2026-01-05' + " + g.flat(integer, s) + "::int) OVERLAPS (date '2026-01-04', interval '1' month)"
	}},
	{"is document", 0, func(g *generator, s *scope) string {
		return "xmlelement(NAME a, " + g.flat(text, s) + ")" + g.either(" IS DOCUMENT", " IS NOT DOCUMENT")
	}},
	{"xmlexists", 0, func(g *generator, s *scope) string {
		return "xmlexists('//a[@id > 2]' PASSING " + g.either("", "BY REF ", "BY VALUE ") + "xmlelement(NAME a, xmlattributes(" + g.flat(integer, s) + " AS id)))"
	}},
	{"is normalized", 0, func(g *generator, s *scope) string {
		return g.flat(text, s) + g.either(" IS NORMALIZED", " IS NOT NFC NORMALIZED", " IS NFKD NORMALIZED")
	}},
	{"containment operator", 0, func(g *generator, s *scope) string {
		return g.flat(integers, s) + g.either(" @> '{2}'", " <@ ARRAY[1, 2, 3, 4]", " && '{3,4}'::int[]", " || 1 = '{1,1}'")
	}},
	{"json question mark", 0, func(g *generator, s *scope) string {
		return g.flat(document, s) + g.either(" ? 'k'", " ?| ARRAY['k', 'x']", " ?& ARRAY['k']", ` @> '{"k": "A1"}'`, " @? '$.k'", ` @@ '$.k == "A1"'`)
	}},
	{"operator symbols", 0, func(g *generator, s *scope) string {
		return g.flat(text, s) + g.either(" ^@ 'A'", " ~~ 'A%'", " !~~* 'b%'", " ~<=~ 'A2'", " !~ '^B'")
	}},
	{"operator symbols", 0, func(g *generator, s *scope) string {
		return "|/abs(" + g.flat(integer, s) + ")::float8^2 > 1.5e0 OR " + g.flat(integer, s) + g.either("!= -3", "<>-3", "*-2<-3")
	}},
	{"like any", 0, func(g *generator, s *scope) string {
		return g.flat(text, s) + g.either(" LIKE ANY (ARRAY['A%', 'x'])", " NOT ILIKE ALL ('{b%,c%}')", " LIKE SOME (ARRAY['%1'])")
	}},
	{"row equals a subquery", 0, func(g *generator, s *scope) string {
		return fmt.Sprintf("(%s, %s) %s (SELECT %s, %s)", g.flat(integer, s), g.flat(text, s), g.either("=", "<>", "= ANY", "<> ALL"), g.flat(integer, s), g.flat(text, s))
	}},
	{"values in a condition", 0, func(g *generator, s *scope) string {
		return g.flat(integer, s) + g.either(" IN", " NOT IN", " = ANY") + " (VALUES (" + g.id() + "), (" + g.flat(integer, s) + "))"
	}},
	{"exists values", 0, func(g *generator, s *scope) string {
		return "EXISTS (VALUES (" + g.flat(integer, s) + ") LIMIT " + g.either("0", "1") + ")"
	}},
	{"row compared as a whole", 0, func(g *generator, s *scope) string {
		a := g.row2(s)
		return a + g.either(" IS NOT DISTINCT FROM ", " IS DISTINCT FROM ", " = ", " <= ") + a
	}},
	{"comparison of collated texts", 0, func(g *generator, s *scope) string {
		return g.flat(text, s) + ` COLLATE pg_catalog."C" > 'A1'`
	}},
	{"is json", 16, func(g *generator, s *scope) string {
		return "(" + g.flat(document, s) + ")::text IS" + g.either("", " NOT") + " JSON" + g.either("", " OBJECT", " SCALAR", " ARRAY", " VALUE WITHOUT UNIQUE KEYS", " OBJECT WITH UNIQUE")
	}},
	{"json_exists", 17, func(g *generator, s *scope) string {
		return "json_exists(" + g.flat(document, s) + ", '$.k' FALSE ON ERROR)"
	}},
}

// row2 is a row of two columns, or the whole row of a table.
func (g *generator) row2(s *scope) string {
	if it := g.rowItem(s); it != nil && g.chance(60) {
		return quote(it.ref)
	}
	return "ROW(" + g.flat(integer, s) + ", " + g.flat(text, s) + ")"
}

// rowItem is a table whose name, as an expression, is its whole row.
func (g *generator) rowItem(s *scope) *item {
	items := slices.DeleteFunc(s.visible(), func(it *item) bool {
		return it.base == nil || s.names(it.ref)
	})
	if len(items) == 0 {
		return nil
	}
	return pick(g, items)
}

// field is a column selected from a whole row.
func (g *generator) field(k kind, s *scope) string {
	it := g.rowItem(s)
	if it == nil {
		return g.flat(k, s)
	}
	for _, c := range it.columns {
		if c.kind == k {
			return "(" + quote(it.ref) + g.either("", ".*") + ")." + quote(c.name)
		}
	}
	return g.flat(k, s)
}

// projection is a column written as a function of its row.
func (g *generator) projection(s *scope) string {
	it := g.rowItem(s)
	if it == nil || !slices.ContainsFunc(it.columns, func(c column) bool { return c.name == "points" }) {
		return g.flat(text, s)
	}
	return "points(" + quote(it.ref) + ")::text"
}
