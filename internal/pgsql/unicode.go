package pgsql

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unicodeName reads U&"…" and the UESCAPE that may follow it as one token, as
// PostgreSQL's parser.c does. pos is at the quote.
func (l *lexer) unicodeName(start int) {
	body := l.quotedName(start)
	name := unescape(body, l.uescape(), start)
	if len(name) > maxIdentifier {
		fail(start, "identifier is longer than %d bytes", maxIdentifier)
	}
	l.decoded = append(l.decoded, name)
	l.emit(tokQuoted, start)
}

// uescape passes a UESCAPE behind a name and gives the character it names.
func (l *lexer) uescape() byte {
	const word = "uescape"
	end := l.pos
	l.skipSpace()
	from := l.pos
	for l.pos < len(l.text) && isIdentPart(l.text[l.pos]) {
		l.pos++
	}
	if fold(l.text[from:l.pos]) != word {
		l.pos = end
		return '\\'
	}
	l.skipSpace()
	at := l.pos
	if l.peek(0) != '\'' {
		fail(at, "UESCAPE needs a string behind it")
	}
	l.quoted(at, false)
	return escapeMark(l.text[at:l.pos], at)
}

// escapeMark is the character in the string behind UESCAPE.
func escapeMark(quoted string, at int) byte {
	if len(quoted) == 3 {
		c := quoted[1]
		if !isSpace(c) && !isDigitOf('x', c) && strings.IndexByte(`+'"`, c) < 0 && c < utf8.RuneSelf {
			return c
		}
	}
	fail(at, "invalid Unicode escape character")
	return 0
}

// nameInToken is the identifier that a U&"…" with its UESCAPE stands for.
func nameInToken(token string) string {
	l := lexer{text: token, pos: len(`U&`)}
	body := l.quotedName(0)
	return unescape(body, l.uescape(), 0)
}

// stringConstant reads a string, with its UESCAPE where it has one.
func (p *parser) stringConstant() {
	t := p.tok()
	p.expect(tokString, "a string")
	if p.text[t.start]|0x20 != 'u' {
		return
	}
	mark := byte('\\')
	if p.acceptKey(kUescape) {
		u := p.tok()
		p.expect(tokString, "a string")
		mark = escapeMark(p.text[u.start:u.end], int(u.start))
	}
	unescape(p.text[int(t.start)+len(`U&'`):t.end-1], mark, int(t.start))
}

// unescape replaces \XXXX and \+XXXXXX, where mark is the backslash (str_udeescape
// in parser.c). at is where the text stands, for errors.
func unescape(s string, mark byte, at int) string {
	if strings.IndexByte(s, mark) < 0 {
		return s
	}
	var b strings.Builder
	first := rune(0) // of a surrogate pair
	for i := 0; i < len(s); {
		code, size := rune(0), 1
		switch {
		case s[i] != mark:
			code, size = utf8.DecodeRuneInString(s[i:])
		case strings.HasPrefix(s[i+1:], string(mark)):
			code, size = rune(mark), 2
		case strings.HasPrefix(s[i+1:], "+"):
			code, size = hexRune(s, i+2, 6, at), 8
		default:
			code, size = hexRune(s, i+1, 4, at), 5
		}
		i += size
		switch pair := utf16.DecodeRune(first, code); {
		case first != 0 && pair == utf8.RuneError:
			fail(at, "invalid Unicode surrogate pair")
		case first != 0:
			b.WriteRune(pair)
			first = 0
		case 0xD800 <= code && code < 0xDC00:
			first = code
		case 0xDC00 <= code && code < 0xE000:
			fail(at, "invalid Unicode surrogate pair")
		default:
			b.WriteRune(code)
		}
	}
	if first != 0 {
		fail(at, "invalid Unicode surrogate pair")
	}
	return b.String()
}

// hexRune reads digits of an escape.
func hexRune(s string, from, digits, at int) rune {
	if from+digits <= len(s) {
		code, err := strconv.ParseUint(s[from:from+digits], 16, 32)
		if err == nil && code != 0 && code <= utf8.MaxRune {
			return rune(code)
		}
	}
	fail(at, "invalid Unicode escape")
	return 0
}
