package lawtest

import (
	"strings"
)

// comments hold what would matter outside of them.
var comments = []string{
	"/* FROM tasks */", "/* ' */", "/* a /* nested */ b */", "-- organization_id = $1\n", "-- ' OR true\n", "/* $$ */", "-- ) AND (\n",
	"/* \" */", "--\n", "/**/", "-- ; DELETE FROM tasks\r\n", "/* WHERE */",
}

// spell writes a statement in some way that means the same: other case, other
// white space, comments, names in quotes.
func (g *generator) spell(sql string) string {
	if g.chance(60) {
		return sql
	}
	g.mark("odd spelling")
	tokens := tokenize(sql)
	commented, tight, shouting, quoting := g.chance(50), g.chance(40), g.chance(40), g.chance(30)
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			between := ""
			if t.spaced {
				between = " "
			}
			adjacent := tokens[i-1].class == stringToken && t.class == stringToken
			if adjacent {
				between = "\n" // without a line end they are two strings, which is an error
			}
			if between != "" && tight && !adjacent && separable(tokens[i-1], t) {
				between = ""
			}
			if between != "" && commented && !adjacent && g.chance(8) {
				g.mark("comment")
				between = g.either(" ", "\n", "\t") + pick(g, comments) + g.either(" ", "\n", "")
			}
			b.WriteString(between)
		}
		switch {
		case t.class != wordToken:
			b.WriteString(t.text)
		case quoting && plainNames[t.text] && g.chance(20):
			b.WriteString(`"` + t.text + `"`)
		case shouting && g.chance(30):
			b.WriteString(g.either(strings.ToUpper(t.text), strings.ToLower(t.text)))
		default:
			b.WriteString(t.text)
		}
	}
	if commented && g.chance(20) {
		b.WriteString(g.either(" -- end", " /* end */", "--", " ;"))
	}
	return b.String()
}

// separable tells whether two tokens may stand side by side.
func separable(a, b token) bool {
	open := func(t token) bool { return t.text == "(" || t.text == ")" || t.text == "," }
	return open(a) || open(b)
}
