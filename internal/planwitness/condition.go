package planwitness

import (
	"slices"
	"strings"
)

// Conditions are read as PostgreSQL writes them in a plan (ruleutils.c, without
// pretty printing): every operation stands in brackets, columns are qualified,
// constants have a type. Nothing is read with our own reader of SQL, whose work
// the plan is a witness of.

// equality is a condition that two terms are the same. A term is a column, a
// parameter or a constant; see term.
type equality struct{ a, b string }

// equalities are those of a condition's conjuncts that are equalities of terms.
func equalities(conjuncts [][]string) []equality {
	var found []equality
	for _, c := range conjuncts {
		at := operator(c, "=")
		if at < 0 {
			continue
		}
		a, b := term(c[:at]), term(c[at+1:])
		if b == "" {
			b = only(c[at+1:])
		}
		if a != "" && b != "" {
			found = append(found, equality{a, b})
		}
	}
	return found
}

// never tells whether one of a condition's conjuncts holds for nothing.
func never(conjuncts [][]string) bool {
	return slices.ContainsFunc(conjuncts, func(c []string) bool {
		return slices.Equal(c, []string{"false"}) || slices.Equal(c, []string{"NULL", "::", "boolean"})
	})
}

// conjuncts of a condition.
func conjuncts(condition string) [][]string { return split(tokens(condition), "AND") }

// implies tells whether an equality of two terms follows from a condition
// together with what is known. The condition itself has to say something of a.
func implies(condition [][]string, a, b string, known []equality) bool {
	own := equalities(condition)
	if never(condition) {
		return true
	}
	known = slices.Concat(own, known)
	if slices.ContainsFunc(own, func(e equality) bool { return e.a == a || e.b == a }) && follows(a, b, known) {
		return true
	}
	// Each arm of an OR has to imply it, as where an index is searched for
	// each arm.
	return slices.ContainsFunc(condition, func(c []string) bool {
		arms := split(c, "OR")
		return len(arms) > 1 && !slices.ContainsFunc(arms, func(arm []string) bool {
			return !implies(split(arm, "AND"), a, b, known)
		})
	})
}

// follows tells whether a equals b by some equalities.
func follows(a, b string, known []equality) bool {
	reached := map[string]bool{a: true}
	for grown := true; grown && !reached[b]; {
		grown = false
		for _, e := range known {
			if reached[e.a] != reached[e.b] {
				reached[e.a], reached[e.b], grown = true, true, true
			}
		}
	}
	return reached[b]
}

// tokens splits a condition: names, with quotes where they have them,
// strings, numbers, parameters, operators and brackets.
func tokens(s string) []string {
	var list []string
	for len(s) > 0 {
		n := 1
		switch c := s[0]; {
		case c == ' ' || c == '\n' || c == '\t':
			s = s[1:]
			continue
		case c == '\'' || c == '"':
			n = quoted(s, 0, false)
		case c == 'E' && len(s) > 1 && s[1] == '\'':
			n = quoted(s, 1, true)
		case s[0] == ':' && strings.HasPrefix(s, "::"):
			n = 2
		case word(c):
			for n < len(s) && word(s[n]) {
				n++
			}
		case strings.IndexByte(symbols, c) >= 0:
			for n < len(s) && strings.IndexByte(symbols, s[n]) >= 0 {
				n++
			}
		}
		list = append(list, s[:n])
		s = s[n:]
	}
	return list
}

const symbols = "+-*/<>=~!@#%^&|`?"

func word(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// quoted is the length of a string or name whose quote is at start; one that
// nothing closes is a token of its own.
func quoted(s string, start int, escapes bool) int {
	for i := start + 1; i < len(s); i++ {
		switch {
		case escapes && s[i] == '\\':
			i++
		case s[i] != s[start]:
		case i+1 < len(s) && s[i+1] == s[start]:
			i++
		default:
			return i + 1
		}
	}
	return start + 1
}

// depths calls visit for each token that is in no bracket, array or CASE.
func depths(list []string, visit func(i int)) {
	depth := 0
	for i, t := range list {
		switch t {
		case ")", "]", "END":
			depth--
		}
		if depth == 0 {
			visit(i)
		}
		switch t {
		case "(", "[", "CASE":
			depth++
		}
	}
}

// split takes a condition apart at a word, without brackets around the parts.
func split(list []string, word string) [][]string {
	list = bare(list)
	start := 0
	var parts [][]string
	depths(list, func(i int) {
		if list[i] == word {
			parts = append(parts, bare(list[start:i]))
			start = i + 1
		}
	})
	return append(parts, bare(list[start:]))
}

// bare takes off brackets around the whole.
func bare(list []string) []string {
	for len(list) >= 2 && list[0] == "(" {
		outside := 0
		depths(list, func(int) { outside++ })
		if outside != 2 { // the brackets are not each other's
			break
		}
		list = list[1 : len(list)-1]
	}
	return list
}

// operator finds the only operator of a condition, outside of brackets, or -1.
func operator(list []string, want string) int {
	at := -1
	depths(list, func(i int) {
		switch {
		case list[i] == want && at == -1:
			at = i
		case strings.IndexByte(symbols, list[i][0]) >= 0, keywords[list[i]]:
			at = -2
		}
	})
	return at
}

// keywords join what is not a plain comparison.
var keywords = map[string]bool{"OR": true, "NOT": true, "IS": true, "AND": true}

// term is a column, a parameter or a constant in one spelling, or empty for
// anything else. Casts of constants and parameters are left out, and so is that
// of a column to text, which keeps equality.
func term(list []string) string {
	list = bare(list)
	at := -1
	depths(list, func(i int) {
		if list[i] == "::" && at < 0 {
			at = i
		}
	})
	cast := ""
	if at >= 0 {
		list, cast = bare(list[:at]), strings.Join(list[at+1:], " ")
	}
	switch {
	case len(list) == 0:
		return ""
	case len(list) == 3 && list[1] == "." && (cast == "" || cast == "text"):
		return column(name(list[0]), name(list[2]))
	case len(list) != 1:
		return ""
	case list[0][0] == '\'' && len(list[0]) > 1:
		return constant(strings.ReplaceAll(list[0][1:len(list[0])-1], "''", "'"))
	case list[0][0] == '$':
		return list[0]
	case '0' <= list[0][0] && list[0][0] <= '9':
		return constant(list[0])
	}
	return ""
}

// only is the element of "ANY ('{x}'::type[])", where there is one.
func only(list []string) string {
	if len(list) < 2 || list[0] != "ANY" {
		return ""
	}
	array := bare(list[1:])
	if len(array) == 0 || !strings.HasPrefix(array[0], "'{") || !strings.HasSuffix(array[0], "}'") {
		return ""
	}
	element := array[0][2 : len(array[0])-2]
	if strings.ContainsAny(element, `,{}"\'`) || element == "" || strings.EqualFold(element, "NULL") {
		return ""
	}
	return constant(element)
}

func column(relation, name string) string { return "column " + relation + "\x00" + name }

func constant(value string) string { return "constant " + value }

// name is an identifier without quotes.
func name(token string) string {
	if token[0] != '"' || len(token) < 2 {
		return token
	}
	return strings.ReplaceAll(token[1:len(token)-1], `""`, `"`)
}
