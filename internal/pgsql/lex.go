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
	if i := strings.IndexByte(l.text, 0); i >= 0 {
		fail(i, "NUL byte in statement")
	}
	if !utf8.ValidString(l.text) {
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
	l.makeRoom()
	for l.pos < len(l.text) {
		if l.text[l.pos] == ' ' {
			l.pos++
			continue
		}
		l.next()
		if len(l.tokens) == cap(l.tokens) {
			l.makeRoom()
		}
	}
	if len(l.open) > 0 && !l.part {
		fail(int(l.tokens[l.open[len(l.open)-1]].start), "bracket is not closed")
	}
	l.emit(tokEOF, l.pos)
}

// makeRoom makes room for a token.
func (l *lexer) makeRoom() { l.tokens = slices.Grow(l.tokens, 1) }

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
	for l.pos < len(l.text) && (isSpace(l.text[l.pos]) || l.atComment()) {
		l.next()
	}
}

func (l *lexer) atComment() bool {
	rest := l.text[l.pos:]
	return strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "/*")
}

func (l *lexer) skipLine() {
	for l.pos < len(l.text) && l.text[l.pos] != '\n' && l.text[l.pos] != '\r' {
		l.pos++
	}
}

// skipComment passes a comment in slashes and stars; they nest.
func (l *lexer) skipComment() {
	start, depth := l.pos, 0
	for l.pos < len(l.text) {
		switch {
		case l.text[l.pos] == '/' && l.peek(1) == '*':
			depth++
			l.pos += 2
		case l.text[l.pos] == '*' && l.peek(1) == '/':
			depth--
			l.pos += 2
			if depth == 0 {
				return
			}
		default:
			l.pos++
		}
	}
	fail(start, "comment is not closed")
}

// next passes a token, a comment or white space.
func (l *lexer) next() {
	start := l.pos
	switch c := l.text[start]; opens[c] {
	case opensSpace:
		l.pos++
	case opensWord:
		l.ident(start)
	case opensPrefix:
		if !l.prefixed(start, c) {
			l.ident(start)
		}
	case opensDollar:
		l.dollar(start)
	case opensNumber:
		l.number(start)
	case opensString:
		l.plainString(start, tokString)
	case opensName:
		l.quotedIdent(start)
	case opensComma:
		l.pos++
		l.emit(tokComma, start)
	case opensOperator:
		switch {
		case c == '-' && l.peek(1) == '-':
			l.skipLine()
		case c == '/' && l.peek(1) == '*':
			l.skipComment()
		case !l.loose && !isOperator(l.peek(1)):
			l.pos++
			l.emit(operatorKinds[c], start)
		default:
			l.operator(start)
		}
	default:
		l.symbol(start, c)
	}
}

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

func (l *lexer) ident(start int) {
	word, all := l.text[start:], roles(0)
	for i := range len(word) {
		r := rolesOf[word[i]]
		if r&asIdentPart == 0 {
			word = word[:i]
			break
		}
		all |= r
	}
	end := start + len(word)
	l.pos = end
	if end-start > maxIdentifier {
		fail(start, "identifier is longer than %d bytes", maxIdentifier)
	}
	if all&asDollar != 0 {
		l.apart = append(l.apart, Span{start, end})
	}
	key := lookup(word)
	t := l.emit(tokIdent, start)
	t.upper, t.key = all&asUpper != 0, key
	switch key {
	case kBetween, kIn, kLike, kIlike, kSimilar:
		l.leads(kNot)
	case kFirst, kLast:
		l.leads(kNulls)
	case kTime:
		l.leads(kWith)
		l.leads(kWithout)
	case kOrdinality:
		l.leads(kWith)
	case kJson:
		l.leads(kFormat)
	}
}

// leads marks the word k in front of the last token: together with it, it can
// be nothing else than a key word (base_yylex in parser.c).
func (l *lexer) leads(k keyword) {
	if n := len(l.tokens) - 2; n >= 0 && l.tokens[n].key == k {
		l.tokens[n].kind = tokLeading
	}
}

// dollar reads a parameter or a dollar-quoted string.
func (l *lexer) dollar(start int) {
	l.pos++
	if isDigit(l.peek(0)) {
		number := 0
		for ; isDigit(l.peek(0)); l.pos++ {
			number = min(10*number+int(l.text[l.pos]-'0'), maxParam+1)
		}
		if isIdentPart(l.peek(0)) {
			fail(start, "trailing characters after parameter")
		}
		l.emit(tokParam, start).match = int32(number)
		return
	}
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

const (
	operatorChars = "~!@#^&|`?+-*/%<>="
	// An operator may end in + or - only if it has one of these.
	operatorMarks = "~!@#^&|`?%"
)

func (l *lexer) symbol(start int, c byte) {
	if c == '.' && isDigit(l.peek(1)) {
		l.number(start)
		return
	}
	l.pos++
	switch c {
	case '.':
		if l.peek(0) == '.' {
			fail(start, "unexpected ..")
		}
		l.emit(tokDot, start)
	case ';':
		l.emit(tokSemicolon, start)
	case '(':
		l.bracket(tokOpen, start)
	case '[':
		l.bracket(tokOpenIndex, start)
	case ')':
		l.unbracket(tokClose, tokOpen, start)
	case ']':
		l.unbracket(tokCloseIndex, tokOpenIndex, start)
	case ':':
		l.colon(start)
	default:
		fail(start, "unexpected character %q", c)
	}
}

func (l *lexer) colon(start int) {
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

func (l *lexer) operator(start int) {
	for l.pos < len(l.text) && isOperator(l.text[l.pos]) {
		if l.pos > start && (l.text[l.pos] == '-' && l.peek(1) == '-' || l.text[l.pos] == '/' && l.peek(1) == '*') {
			break // a comment begins inside the run
		}
		l.pos++
	}
	op := l.text[start:l.pos]
	if !strings.ContainsAny(op, operatorMarks) {
		for len(op) > 1 && (op[len(op)-1] == '+' || op[len(op)-1] == '-') {
			op = op[:len(op)-1]
		}
	}
	if l.loose {
		op = l.splitPlaceholder(start, op)
	}
	l.pos = start + len(op)
	if len(op) > maxIdentifier {
		fail(start, "operator is longer than %d bytes", maxIdentifier)
	}
	if op == "@" && l.loose && isIdentStart(l.peek(0)) {
		l.named(start)
		return
	}
	l.emit(operatorKind(op), start)
}

// splitPlaceholder cuts a placeholder off an operator that it touches, as in
// =? and =@name.
func (l *lexer) splitPlaceholder(start int, op string) string {
	if len(op) == 1 {
		return op
	}
	last := len(op) - 1
	if op[last] == '?' && op != "@?" {
		return op[:last]
	}
	if after := start + len(op); op[last] == '@' && after < len(l.text) && isIdentStart(l.text[after]) {
		return op[:last]
	}
	return op
}

func operatorKind(op string) tokenKind {
	switch op {
	case "<=":
		return tokLessEq
	case ">=":
		return tokGreaterEq
	case "<>", "!=":
		return tokNotEq
	case "=>":
		return tokEqGreater
	}
	if len(op) == 1 {
		return operatorKinds[op[0]]
	}
	return tokOp
}

// operatorKinds are the operators of one character.
var operatorKinds = func() (table [256]tokenKind) {
	for _, c := range []byte(operatorChars) {
		table[c] = tokOp
	}
	table['='], table['<'], table['>'] = tokEqual, tokLess, tokGreater
	table['+'], table['-'], table['*'], table['/'] = tokPlus, tokMinus, tokStar, tokSlash
	table['%'], table['^'] = tokPercent, tokCaret
	return table
}()

func (l *lexer) bracket(kind tokenKind, start int) {
	if len(l.open) == l.most && l.most > 0 {
		panic(&LimitError{Offset: start, What: nestingLevels, Max: l.most})
	}
	l.open = append(l.open, int32(len(l.tokens)))
	l.emit(kind, start)
}

func (l *lexer) unbracket(kind, opener tokenKind, start int) {
	if len(l.open) == 0 {
		if l.part {
			l.emit(kind, start)
			return
		}
		fail(start, "closing bracket without an opening one")
	}
	i := l.open[len(l.open)-1]
	l.open = l.open[:len(l.open)-1]
	if l.tokens[i].kind != opener && !l.part {
		fail(start, "brackets cross")
	}
	l.tokens[i].match = int32(len(l.tokens))
	l.emit(kind, start).match = i
}

// opening is what a byte may be the first of.
type opening uint8

const (
	opensSymbol opening = iota // or nothing at all
	opensSpace
	opensWord
	opensPrefix // a word, or the letter in front of a string
	opensDollar
	opensNumber
	opensString
	opensName
	opensComma
	opensOperator // or a comment
)

var opens = func() (table [256]opening) {
	for i := range table {
		switch c := byte(i); {
		case isSpace(c):
			table[c] = opensSpace
		case isIdentStart(c):
			table[c] = opensWord
		case isDigit(c):
			table[c] = opensNumber
		case isOperator(c):
			table[c] = opensOperator
		}
	}
	for _, c := range []byte("bBeEnNuUxX") {
		table[c] = opensPrefix
	}
	table['$'], table['\''], table['"'], table[','] = opensDollar, opensString, opensName, opensComma
	return table
}()

// roles are what a byte may be part of.
type roles uint8

const (
	asSpace roles = 1 << iota
	asIdentStart
	asIdentPart
	asUpper
	asDollar
	asOperator
)

var rolesOf = func() (table [256]roles) {
	for i := range table {
		c := byte(i)
		if isDigit(c) {
			table[c] |= asIdentPart
		}
		if 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c >= 0x80 {
			table[c] |= asIdentStart | asIdentPart
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		table[c] |= asUpper
	}
	table['$'] |= asIdentPart | asDollar
	for _, c := range []byte(" \t\n\r\f\v") {
		table[c] |= asSpace
	}
	for _, c := range []byte(operatorChars) {
		table[c] |= asOperator
	}
	return table
}()

func isSpace(c byte) bool      { return rolesOf[c]&asSpace != 0 }
func isIdentStart(c byte) bool { return rolesOf[c]&asIdentStart != 0 }
func isIdentPart(c byte) bool  { return rolesOf[c]&asIdentPart != 0 }
func isOperator(c byte) bool   { return rolesOf[c]&asOperator != 0 }
func isDigit(c byte) bool      { return '0' <= c && c <= '9' }

// isDigitOf is for numbers with the prefix 0x, 0o or 0b; base 0 is decimal.
func isDigitOf(base, c byte) bool {
	switch base {
	case 'x':
		return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f'
	case 'o':
		return '0' <= c && c <= '7'
	case 'b':
		return c == '0' || c == '1'
	}
	return isDigit(c)
}
