package pgsql

import "strings"

// prefixed reads a string or name whose quote stands behind a letter.
func (l *lexer) prefixed(start int, c byte) bool {
	quote := l.peek(1)
	if quote == '&' && (c == 'u' || c == 'U') {
		switch l.peek(2) {
		case '\'':
			l.pos += 2
			l.quoted(start, false)
			l.emit(tokString, start)
			return true
		case '"':
			l.pos += 2
			l.unicodeName(start)
			return true
		}
	}
	if quote != '\'' {
		return false
	}
	switch c {
	case 'e', 'E':
		l.pos++
		first := l.quoted(start, true)
		if strings.Contains(l.text[first:l.pos], `\'`) {
			l.apart = append(l.apart, Span{start, l.pos})
		}
		l.emit(tokString, start)
	case 'b', 'B', 'x', 'X':
		l.pos++
		l.bits(start)
	case 'n', 'N':
		l.pos++
		l.plainString(start, tokNational)
	default:
		return false
	}
	return true
}

func (l *lexer) plainString(start int, kind tokenKind) {
	l.quoted(start, false)
	// A backslash in front of a quote is an escape when
	// standard_conforming_strings is off.
	if strings.Contains(l.text[start:l.pos], `\'`) {
		l.escapes = append(l.escapes, Span{start, l.pos})
	}
	l.emit(kind, start)
}

// bits passes B'…' or X'…', in which a quote cannot be doubled.
func (l *lexer) bits(start int) {
	for {
		end := strings.IndexByte(l.text[l.pos+1:], '\'')
		if end < 0 {
			fail(start, "string is not closed")
		}
		l.pos += end + 2
		next := l.continuation()
		if next < 0 {
			l.emit(tokBits, start)
			return
		}
		l.pos = next
	}
}

// quoted passes a string whose opening quote is at pos, together with the
// further parts that continue it after a line break. It gives the end of the
// first part.
func (l *lexer) quoted(start int, backslash bool) (first int) {
	for {
		l.pos++ // the quote
		for closed := false; !closed; {
			if l.pos >= len(l.text) {
				fail(start, "string is not closed")
			}
			switch c := l.text[l.pos]; {
			case c == '\\' && backslash:
				l.escape()
			case c == '\'' && l.peek(1) == '\'':
				l.pos += 2
			case c == '\'':
				l.pos++
				closed = true
			default:
				l.pos++
			}
		}
		if first == 0 {
			first = l.pos
		}
		next := l.continuation()
		if next < 0 {
			return first
		}
		l.pos = next
	}
}

// escape passes a backslash and what it applies to; \u and \U need their
// four and eight digits.
func (l *lexer) escape() {
	digits := 0
	switch l.peek(1) {
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	for n := range digits {
		if !isDigitOf('x', l.peek(2+n)) {
			fail(l.pos, "invalid Unicode escape")
		}
	}
	l.pos += 2 + digits
}

// continuation finds the quote that continues a string: nothing but white
// space and line comments may stand between, and at least one line break.
func (l *lexer) continuation() int {
	broken := false
	for i := l.pos; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == '\n' || c == '\r':
			broken = true
		case isSpace(c):
		case c == '-' && i+1 < len(l.text) && l.text[i+1] == '-':
			for i+1 < len(l.text) && l.text[i+1] != '\n' && l.text[i+1] != '\r' {
				i++
			}
		case c == '\'' && broken:
			return i
		default:
			return -1
		}
	}
	return -1
}

func (l *lexer) quotedIdent(start int) {
	if len(l.quotedName(start)) > maxIdentifier {
		fail(start, "identifier is longer than %d bytes", maxIdentifier)
	}
	l.emit(tokQuoted, start)
}

// quotedName passes a name in quotes, whose first is at pos, and gives what is
// between them.
func (l *lexer) quotedName(start int) string {
	l.pos++
	from, doubled := l.pos, false
	for ; l.pos < len(l.text); l.pos++ {
		if l.text[l.pos] != '"' {
			continue
		}
		if l.peek(1) == '"' {
			doubled = true
			l.pos++
			continue
		}
		name := l.text[from:l.pos]
		l.pos++
		if name == "" {
			fail(start, "quoted identifier is empty")
		}
		if doubled {
			name = strings.ReplaceAll(name, `""`, `"`)
		}
		return name
	}
	fail(start, "quoted identifier is not closed")
	return ""
}
