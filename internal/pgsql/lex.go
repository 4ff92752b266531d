package pgsql

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// SyntaxError is text that the reader does not accept. Offset is a byte in
// the text, from 0.
type SyntaxError struct {
	Offset int
	Msg    string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at byte %d", e.Msg, e.Offset) }

// maxIdentifier is NAMEDATALEN-1: PostgreSQL cuts longer names silently, so
// two different spellings would be one name.
const maxIdentifier = 63

// lexer turns text into tokens as PostgreSQL's scan.l does, with
// standard_conforming_strings on. It panics with *SyntaxError; Read recovers.
type lexer struct {
	text   string
	pos    int
	loose  bool
	part   bool // of a statement: brackets need not match
	tokens []token
	open   []int32 // indexes of brackets not yet closed
	most   int     // brackets that may be open at once; 0 for any number
	// escapes are plain strings with a backslash in front of a quote. They
	// end elsewhere when standard_conforming_strings is off.
	escapes []Span
	decoded []string // names that were written as U&"…"
	// apart are tokens that pgx reads otherwise. See Tree.Apart.
	apart []Span
}

// Span is a part of the text: bytes Start up to, not including, End.
type Span struct{ Start, End int }

func fail(offset int, format string, args ...any) {
	panic(&SyntaxError{Offset: offset, Msg: fmt.Sprintf(format, args...)})
}

func (l *lexer) run() {
	l.checkText()
	for l.pos < len(l.text) {
		start := l.pos
		// Most tokens are words, and between most of them is a space.
		switch c := l.text[start]; opens[c] {
		case opensSpace:
			l.pos++
			continue
		case opensWord:
			l.makeRoom()
			l.ident(start)
		default:
			l.makeRoom()
			l.other(start, c)
		}
	}
	if len(l.open) > 0 && !l.part {
		fail(int(l.tokens[l.open[len(l.open)-1]].start), "bracket is not closed")
	}
	l.makeRoom()
	l.emit(tokEOF, l.pos)
}

// other passes a token that does not open as most words do, or a comment.
func (l *lexer) other(start int, c byte) {
	switch opens[c] {
	case opensPrefix:
		if !l.prefixed(start, c) {
			l.ident(start)
		}
	case opensMark:
		l.pos++
		l.emit(kinds[c], start)
	case opensDollar:
		l.dollar(start)
	case opensNumber:
		l.number(start)
	case opensString:
		l.plainString(start, tokString)
	case opensName:
		l.quotedIdent(start)
	case opensOperator:
		l.operator(start)
	case opensComment:
		if !l.skipComment() {
			l.operator(start)
		}
	case opensBracket:
		l.bracket(kinds[c], start)
	case closesBracket:
		l.unbracket(kinds[c], start)
	case opensDot:
		l.dot(start)
	case opensColon:
		l.colon(start)
	default:
		fail(start, "unexpected character %q", c)
	}
}

// checkText refuses what is no text to PostgreSQL.
func (l *lexer) checkText() {
	if i := strings.IndexByte(l.text, 0); i >= 0 {
		fail(i, "NUL byte in statement")
	}
	if utf8.ValidString(l.text) {
		return
	}
	i := 0
	for i < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.text[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	fail(i, "statement is not valid UTF-8")
}

// makeRoom makes room for a token.
func (l *lexer) makeRoom() {
	if len(l.tokens) == cap(l.tokens) {
		l.grow()
	}
}

// grow is seldom called, and what calls makeRoom is smaller without it inside.
//
//go:noinline
func (l *lexer) grow() { l.tokens = slices.Grow(l.tokens, 1) }

// emit adds a token, for which run has made room.
func (l *lexer) emit(kind tokenKind, start int) *token {
	n := len(l.tokens)
	l.tokens = l.tokens[:n+1]
	// Field by field: a whole token would be made in memory and then copied.
	t := &l.tokens[n]
	t.kind, t.upper, t.key = kind, false, notKeyword
	t.start, t.end, t.match = int32(start), int32(l.pos), 0
	return t
}

func (l *lexer) peek(n int) byte {
	if l.pos+n < len(l.text) {
		return l.text[l.pos+n]
	}
	return 0
}

// skipSpace passes white space and comments.
func (l *lexer) skipSpace() {
	for l.pos < len(l.text) {
		if isSpace(l.text[l.pos]) {
			l.pos++
		} else if !l.skipComment() {
			return
		}
	}
}

// skipComment passes a comment, if there is one.
func (l *lexer) skipComment() bool {
	switch rest := l.text[l.pos:]; {
	case strings.HasPrefix(rest, "--"):
		end := strings.IndexAny(rest, "\r\n")
		if end < 0 {
			end = len(rest)
		}
		l.pos += end
		return true
	case strings.HasPrefix(rest, "/*"):
		l.pos += l.blockComment(rest)
		return true
	}
	return false
}

// blockComment is the length of the comment in slashes and stars that text
// begins with; they nest.
func (l *lexer) blockComment(text string) int {
	depth := 0
	for i := 0; i+1 < len(text); i++ {
		switch text[i : i+2] {
		case "/*":
			depth++
		case "*/":
			depth--
		default:
			continue
		}
		i++
		if depth == 0 {
			return i + 1
		}
	}
	fail(l.pos, "comment is not closed")
	return 0
}

// dollar reads a parameter or a dollar-quoted string.
func (l *lexer) dollar(start int) {
	if !isDigit(l.peek(1)) {
		l.dollarQuoted(start)
		return
	}
	number, at := 0, start+1
	for at < len(l.text) && isDigit(l.text[at]) {
		number = min(10*number+int(l.text[at]-'0'), maxParam+1)
		at++
	}
	l.pos = at
	if isIdentPart(l.peek(0)) {
		fail(start, "trailing characters after parameter")
	}
	l.emit(tokParam, start).match = int32(number)
}

// dollarQuoted reads a string between two tags.
func (l *lexer) dollarQuoted(start int) {
	l.pos++
	if isIdentStart(l.peek(0)) {
		for c := l.peek(0); isIdentStart(c) || isDigit(c); c = l.peek(0) {
			l.pos++
		}
	}
	if l.peek(0) != '$' {
		fail(start, "stray $")
	}
	l.pos++
	tag := l.text[start:l.pos]
	end := strings.Index(l.text[l.pos:], tag)
	if end < 0 {
		fail(start, "dollar-quoted string is not closed")
	}
	l.pos += end + len(tag)
	if strings.ContainsRune(tag, utf8.RuneError) {
		l.apart = append(l.apart, Span{start, l.pos})
	}
	l.emit(tokString, start)
}

func (l *lexer) number(start int) {
	kind := tokInt
	base := byte(0)
	if c := l.peek(1) | 0x20; l.text[start] == '0' && (c == 'x' || c == 'o' || c == 'b') {
		base = c
		l.pos += 2
	}
	digits := func() {
		for c := l.peek(0); isDigitOf(base, c) || c == '_' && isDigitOf(base, l.peek(1)); c = l.peek(0) {
			l.pos++
		}
	}
	digits()
	if base == 0 {
		if l.peek(0) == '.' {
			if l.peek(1) == '.' {
				fail(l.pos, "unexpected ..")
			}
			kind = tokFloat
			l.pos++
			digits()
		}
		if c := l.peek(0) | 0x20; c == 'e' {
			n := 1
			if s := l.peek(n); s == '+' || s == '-' {
				n++
			}
			if isDigit(l.peek(n)) {
				kind = tokFloat
				l.pos += n
				digits()
			}
		}
	}
	if isIdentPart(l.peek(0)) || base != 0 && l.pos == start+2 {
		fail(start, "trailing characters after number")
	}
	l.emit(kind, start)
}

func (l *lexer) dot(start int) {
	if isDigit(l.peek(1)) {
		l.number(start)
		return
	}
	l.pos++
	if l.peek(0) == '.' {
		fail(start, "unexpected ..")
	}
	l.emit(tokDot, start)
}

func (l *lexer) colon(start int) {
	l.pos++
	switch c := l.peek(0); {
	case c == ':':
		l.pos++
		l.emit(tokCast, start)
	case c == '=':
		l.pos++
		l.emit(tokColonEq, start)
	case l.loose && isIdentStart(c):
		l.named(start)
	default:
		l.emit(tokColon, start)
	}
}

// named reads the name of a parameter such as @name or :name; pos is behind
// the mark.
func (l *lexer) named(start int) {
	for isIdentPart(l.peek(0)) || l.peek(0) == '.' && isIdentStart(l.peek(1)) {
		l.pos++
	}
	l.emit(tokParam, start)
}

func (l *lexer) bracket(kind tokenKind, start int) {
	if len(l.open) == l.most && l.most > 0 {
		panic(&LimitError{Offset: start, What: nestingLevels, Max: l.most})
	}
	l.pos++
	l.open = append(l.open, int32(len(l.tokens)))
	l.emit(kind, start)
}

func (l *lexer) unbracket(kind tokenKind, start int) {
	l.pos++
	if len(l.open) == 0 {
		if l.part {
			l.emit(kind, start)
			return
		}
		fail(start, "closing bracket without an opening one")
	}
	i := l.open[len(l.open)-1]
	l.open = l.open[:len(l.open)-1]
	if !l.part && l.tokens[i].kind != kind-tokClose+tokOpen {
		fail(start, "brackets cross")
	}
	l.tokens[i].match = int32(len(l.tokens))
	l.emit(kind, start).match = i
}
