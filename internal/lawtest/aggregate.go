package lawtest

import (
	"strings"
)

// aggregate is an aggregate of a kind that does not depend on the order of
// rows. Its arguments are columns of the query itself: an aggregate of outer
// columns only would belong to the outer query.
func (g *generator) aggregate(k kind, s *scope) string {
	local := s.local()
	arg := func(k kind) string {
		refs := local.references(k)
		if len(refs) == 0 {
			return ""
		}
		return pick(g, refs).sql
	}
	filter := func(sql string) string {
		if len(local.star) == 0 || !g.chance(12) {
			return sql
		}
		if b := arg(integer); b != "" {
			g.mark("aggregate filter")
			return sql + " FILTER (WHERE " + b + g.either(" > 2", " IS NOT NULL", " < 5") + ")"
		}
		return sql
	}
	n, s0 := arg(integer), arg(text)
	switch {
	case k == integer && n != "":
		switch g.rng.IntN(7) {
		case 0:
			return filter("count(*)") + "::int"
		case 1:
			return filter("count(DISTINCT "+n+")") + "::int"
		case 2:
			return filter("sum("+n+")") + "::int"
		case 3:
			g.mark("count of a row")
			if refs := local.items; len(refs) > 0 {
				return "count(" + quote(refs[0].ref) + ".*)::int"
			}
			return "count(*)::int"
		case 4:
			g.mark("ordered-set aggregate")
			return "(percentile_disc(0.5) WITHIN GROUP (ORDER BY " + n + "))"
		case 5:
			g.mark("subquery in an aggregate")
			return "max(" + n + " + (SELECT count(*) FROM " + g.tableName(tables[g.rng.IntN(2)]) + ")::int)"
		default:
			return filter(g.either("max(", "min(") + n + ")")
		}
	case k == integer:
		return "count(*)::int"
	case k == text && s0 != "":
		switch g.rng.IntN(6) {
		case 4:
			return g.form(documentAggregates(n, s0), s)
		case 0:
			g.mark("ordered aggregate")
			return "string_agg(" + s0 + ", ',' ORDER BY " + s0 + ")"
		case 1:
			g.mark("ordered aggregate")
			return "array_agg(DISTINCT " + s0 + " ORDER BY " + s0 + " DESC)::text"
		case 2:
			g.mark("aggregate of rows")
			if it := pick(g, append([]*item{nil}, local.items...)); it != nil && len(it.columns) > 1 && !s.names(it.ref) {
				r := quote(it.ref)
				return "string_agg(" + r + "::text, '|' ORDER BY " + r + "::text)"
			}
		}
		return filter(g.either("max(", "min(") + s0 + ")")
	case k == text:
		return "count(*)::text"
	case k == boolean:
		if b := arg(boolean); b != "" {
			return filter(g.either("bool_or(", "bool_and(", "every(") + b + ")")
		}
		return "(count(*) > 1)"
	case k == uuid:
		if u := arg(uuid); u != "" {
			return "(array_agg(" + u + " ORDER BY " + u + "))[1]"
		}
		return "(array_agg(NULL::uuid))[1]"
	}
	if k == integers {
		return "array_agg(1)"
	}
	return "jsonb_agg(1)"
}

// window is a window function whose value does not depend on the order of
// peers.
func (g *generator) window(k kind, s *selectParts) (string, bool) {
	local := s.scope.local()
	numbers, texts := local.references(integer), local.references(text)
	if len(numbers) == 0 || k != integer && (k != text || len(texts) == 0) {
		return "", false
	}
	g.mark("window")
	if g.chance(12) {
		g.mark("window without an order")
		fn := g.either("min(", "max(")
		if k == text {
			return "(" + fn + pick(g, texts).sql + ") OVER (PARTITION BY " + g.flat(boolean, local) + "))", true
		}
		return "(" + fn + pick(g, numbers).sql + ") OVER (" + g.either("", "PARTITION BY "+g.flat(text, local)) + "))", true
	}
	by := pick(g, numbers).sql
	var over []string
	if g.chance(50) {
		over = append(over, "PARTITION BY "+pick(g, numbers).sql)
	}
	over = append(over, "ORDER BY "+by+g.either("", " DESC", " NULLS FIRST"))
	fn := ""
	if k == text {
		fn = g.either("min(", "max(") + pick(g, texts).sql + ")"
	} else {
		fn = g.either("rank()", "dense_rank()", "count(*)", "sum("+pick(g, numbers).sql+")", "first_value("+by+")", "percent_rank()", "cume_dist()", "count(*) FILTER (WHERE "+by+" > 2)", "max("+pick(g, numbers).sql+")")
	}
	if !strings.HasPrefix(fn, "rank") && !strings.HasPrefix(fn, "dense") && g.chance(30) {
		g.mark("window frame")
		over = append(over, g.either("ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
			"RANGE UNBOUNDED PRECEDING", "GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW", "RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE NO OTHERS"))
	}
	frame := "(" + strings.Join(over, " ") + ")"
	if s.behind == "" && g.chance(30) {
		g.mark("named window")
		s.behind = " WINDOW w AS " + frame
		frame = g.either("w", "(w)")
		if strings.Contains(s.behind, "PRECEDING") {
			frame = "w" // a window with a frame cannot be copied
		}
	}
	return "(" + fn + " OVER " + frame + ")" + map[bool]string{true: "::int", false: ""}[k == integer], true
}

// documentAggregates gather texts, and numbers where there are any, in JSON or
// XML.
func documentAggregates(n, s string) []form {
	if n == "" {
		n = "1"
	}
	as := func(construct string, since int, sql string) form {
		return form{construct, since, func(*generator, *scope) string { return sql }}
	}
	return []form{
		as("json_agg", 0, "json_agg("+s+" ORDER BY "+s+")::text"),
		as("json_agg", 0, "jsonb_agg(DISTINCT "+s+" ORDER BY "+s+")::text"),
		as("json_object_agg", 0, "json_object_agg(coalesce("+s+", ''), "+n+" ORDER BY "+s+", "+n+")::text"),
		as("xmlagg", 0, "xmlagg(xmlelement(NAME item, xmlattributes("+n+" AS n), "+s+") ORDER BY "+s+", "+n+")::text"),
		as("json_arrayagg", 16, "json_arrayagg("+s+" ORDER BY "+s+" NULL ON NULL RETURNING jsonb)::text"),
		as("json_objectagg", 16, "json_objectagg(coalesce("+s+", '') VALUE "+s+" ABSENT ON NULL RETURNING jsonb)::text"),
	}
}
