package pgsql

// opening is what a byte may be the first of.
type opening uint8

const (
	opensNothing opening = iota
	opensSpace
	opensWord
	opensPrefix // a word, or the letter in front of a string
	opensDollar
	opensNumber
	opensString
	opensName
	opensMark // a token of one byte, whatever comes behind
	opensOperator
	opensComment // or an operator
	opensBracket
	closesBracket
	opensDot // or a number
	opensColon
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
	for bytes, o := range map[string]opening{
		"bBeEnNuUxX": opensPrefix, "$": opensDollar, "'": opensString, `"`: opensName, ",;": opensMark,
		"-/": opensComment, "([": opensBracket, ")]": closesBracket, ".": opensDot, ":": opensColon,
	} {
		for _, c := range []byte(bytes) {
			table[c] = o
		}
	}
	return table
}()

// kinds are the tokens of one byte.
var kinds = func() (table [256]tokenKind) {
	for _, c := range []byte(operatorChars) {
		table[c] = tokOp
	}
	for c, kind := range map[byte]tokenKind{
		'=': tokEqual, '<': tokLess, '>': tokGreater, '+': tokPlus, '-': tokMinus, '*': tokStar, '/': tokSlash, '%': tokPercent, '^': tokCaret,
		',': tokComma, ';': tokSemicolon, '.': tokDot, ':': tokColon, '(': tokOpen, ')': tokClose, '[': tokOpenIndex, ']': tokCloseIndex,
	} {
		table[c] = kind
	}
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
