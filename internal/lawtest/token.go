package lawtest

import (
	"strings"
)

type tokenClass uint8

const (
	otherToken tokenClass = iota
	wordToken
	stringToken
)

// token is a piece of a text that mutation and minimising move as a whole.
type token struct {
	text   string
	class  tokenClass
	spaced bool // white space or a comment stands before it
}

// tokenize splits a text. It reads what the generator writes; other texts come
// apart somehow, but nothing of them is lost except comments and white space.
// It shares nothing with the reader that it tests.
func tokenize(sql string) []token {
	tokens := make([]token, 0, len(sql)/4+8)
	spaced := false
	for len(sql) > 0 {
		if n := blank(sql); n > 0 {
			sql, spaced = sql[n:], true
			continue
		}
		n, class := lexeme(sql)
		tokens = append(tokens, token{text: sql[:n], class: class, spaced: spaced})
		sql, spaced = sql[n:], false
	}
	return tokens
}

// blank is the length of white space or of a comment at the start of a text.
func blank(sql string) int {
	switch {
	case strings.IndexByte(" \t\r\n\f\v", sql[0]) >= 0:
		return 1
	case strings.HasPrefix(sql, "--"):
		return until(sql, "\n")
	case strings.HasPrefix(sql, "/*"):
		return len(sql) - len(afterComment(sql))
	}
	return 0
}

// lexeme is the length and the class of the token at the start of a text. A
// quote that is not closed is a token of its own.
func lexeme(sql string) (int, tokenClass) {
	c := sql[0]
	switch {
	case strings.HasPrefix(sql, "$$"), strings.HasPrefix(sql, "$q$"):
		tag := sql[:strings.IndexByte(sql[1:], '$')+2]
		if end := strings.Index(sql[len(tag):], tag); end >= 0 {
			return end + 2*len(tag), stringToken
		}
	case c == '$' && len(sql) > 1 && isDigit(sql[1]):
		return 1 + span(sql[1:], isDigit), otherToken
	case c == '\'':
		if n := quoted(sql, 0, false); n > 0 {
			return n, stringToken
		}
	case c == '"':
		if n := quoted(sql, 0, false); n > 0 {
			return n, otherToken
		}
	case len(sql) > 1 && sql[1] == '\'' && strings.IndexByte("eEbBxXnN", c) >= 0:
		if n := quoted(sql, 1, c|0x20 == 'e'); n > 0 {
			return n, stringToken
		}
	case len(sql) > 2 && c|0x20 == 'u' && sql[1] == '&' && (sql[2] == '\'' || sql[2] == '"'):
		if n := quoted(sql, 2, false); n > 0 {
			return n, stringToken
		}
	case isDigit(c):
		return span(sql, func(c byte) bool { return isDigit(c) || c == '.' }), otherToken
	case strings.HasPrefix(sql, "::"):
		return 2, otherToken
	case isOperator(c):
		return span(sql, isOperator), otherToken
	}
	if isLetter(c) {
		return span(sql, func(c byte) bool { return isLetter(c) || isDigit(c) || c == '$' }), wordToken
	}
	return 1, otherToken
}

func isDigit(c byte) bool    { return '0' <= c && c <= '9' }
func isLetter(c byte) bool   { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c >= 0x80 }
func isOperator(c byte) bool { return strings.IndexByte("-+*/<>=~!@#%^&|`?", c) >= 0 }

// span is the length of the longest start of a text whose bytes all are.
func span(sql string, is func(byte) bool) int {
	n := 0
	for n < len(sql) && is(sql[n]) {
		n++
	}
	return n
}

func until(sql, end string) int {
	if i := strings.Index(sql, end); i >= 0 {
		return i + len(end)
	}
	return len(sql)
}

// quoted is the length of a text up to the quote that closes the one at start,
// or 0.
func quoted(sql string, start int, escapes bool) int {
	quote := sql[start]
	for i := start + 1; i < len(sql); i++ {
		switch {
		case escapes && sql[i] == '\\':
			i++
		case sql[i] != quote:
		case i+1 < len(sql) && sql[i+1] == quote:
			i++
		default:
			return i + 1
		}
	}
	return 0
}

// afterComment is what follows a comment that may hold others.
func afterComment(sql string) string {
	depth := 0
	for i := 0; i+1 < len(sql); i++ {
		switch sql[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return sql[i+1:]
			}
		}
	}
	return ""
}

// join writes tokens as a text.
func join(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.spaced {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}
