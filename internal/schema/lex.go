package schema

import (
	"strings"
)

// token is a word, a quoted name or a character. Names are folded.
type token struct {
	text   string
	quoted bool // a name in double quotes
	word   bool // a word, quoted or not
}

type lexer struct {
	text string
	pos  int
}

// statement returns the tokens up to the next semicolon; more is false at the
// end of the text.
func (l *lexer) statement() (tokens []token, more bool) {
	for l.pos < len(l.text) {
		rest := l.text[l.pos:]
		switch c := rest[0]; {
		case strings.HasPrefix(rest, "--"):
			l.past("\n")
		case strings.HasPrefix(rest, "/*"):
			l.comment()
		case c == ';':
			l.pos++
			return tokens, true
		case c == '\'':
			l.pos++
			l.past("'")
			tokens = append(tokens, token{text: "'"})
		case c == '"' || c == '`':
			l.pos++
			start := l.pos
			l.past(string(c))
			tokens = append(tokens, token{text: strings.TrimRight(l.text[start:l.pos], string(c)), quoted: true, word: true})
		case c == '$' && l.dollar():
			tokens = append(tokens, token{text: "'"})
		case letter(c):
			start := l.pos
			for l.pos < len(l.text) && (letter(l.text[l.pos]) || '0' <= l.text[l.pos] && l.text[l.pos] <= '9' || l.text[l.pos] == '$') {
				l.pos++
			}
			tokens = append(tokens, token{text: strings.ToLower(l.text[start:l.pos]), word: true})
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			l.pos++
		default:
			l.pos++
			tokens = append(tokens, token{text: string(c)})
		}
	}
	return tokens, false
}

func (l *lexer) past(end string) {
	if i := strings.Index(l.text[l.pos:], end); i >= 0 {
		l.pos += i + len(end)
	} else {
		l.pos = len(l.text)
	}
}

// comment passes a block comment, which may hold others.
func (l *lexer) comment() {
	depth := 0
	for l.pos < len(l.text) {
		switch {
		case strings.HasPrefix(l.text[l.pos:], "/*"):
			depth++
			l.pos += 2
		case strings.HasPrefix(l.text[l.pos:], "*/"):
			depth--
			l.pos += 2
			if depth == 0 {
				return
			}
		default:
			l.pos++
		}
	}
}

// dollar passes $tag$ … $tag$, if that is what begins here.
func (l *lexer) dollar() bool {
	end := l.pos + 1
	for end < len(l.text) && letter(l.text[end]) {
		end++
	}
	if end == len(l.text) || l.text[end] != '$' {
		return false
	}
	tag := l.text[l.pos : end+1]
	l.pos = end + 1
	l.past(tag)
	return true
}

func letter(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}
