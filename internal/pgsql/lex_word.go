package pgsql

import (
	"encoding/binary"
	"math/bits"
)

// ident passes a word: an identifier without quotes, or a key word.
func (l *lexer) ident(start int) {
	text := l.text[start:]
	head := eightOf(text)
	n := head.word()
	mask := first(n)
	upper := head.capitals() & mask
	head = (head | gaps) & mask
	if n == 8 {
		n, upper = longWord(text, upper)
	}
	if n < len(text) && isIdentPart(text[n]) {
		n, upper = l.oddWord(start, upper)
	}
	l.pos = start + n
	if n > maxIdentifier {
		fail(start, "identifier is longer than %d bytes", maxIdentifier)
	}
	key := find(head, text[:n])
	t := l.emit(tokIdent, start)
	t.upper, t.key = upper != 0, key
	if key != notKeyword && followers[key][0] != notKeyword {
		l.follow(key)
	}
}

// longWord is eight.word for a word of eight bytes or more; upper tells of the
// first eight.
func longWord(text string, upper eight) (int, eight) {
	n := 8
	for part := 8; part == 8; n += part {
		more := eightOf(text[n:])
		part = more.word()
		upper |= more.capitals() & first(part)
	}
	return n, upper
}

// oddWord gives the length of a word that has a dollar or a character beyond
// ASCII in it; upper tells of what is in front of the first.
func (l *lexer) oddWord(start int, upper eight) (n int, _ eight) {
	all := roles(0)
	for _, c := range []byte(l.text[start:]) {
		if !isIdentPart(c) {
			break
		}
		n++
		all |= rolesOf[c]
	}
	if all&asDollar != 0 {
		l.apart = append(l.apart, Span{start, start + n})
	}
	return n, upper | eight(all&asUpper)
}

// followers are the words that make the word in front of them a key word: with
// it they can be nothing else (base_yylex in parser.c).
var followers = [len(words)][2]keyword{
	kBetween:    {kNot},
	kIn:         {kNot},
	kLike:       {kNot},
	kIlike:      {kNot},
	kSimilar:    {kNot},
	kFirst:      {kNulls},
	kLast:       {kNulls},
	kTime:       {kWith, kWithout},
	kOrdinality: {kWith},
	kJson:       {kFormat},
}

// follow marks the word in front of the last token, if that makes it one.
func (l *lexer) follow(key keyword) {
	n := len(l.tokens) - 2
	if n < 0 || l.tokens[n].key == notKeyword {
		return
	}
	if leading := followers[key]; l.tokens[n].key == leading[0] || l.tokens[n].key == leading[1] {
		l.tokens[n].kind = tokLeading
	}
}

// eight is eight bytes of a text, the first in the lowest place. Words are read
// in such pieces: their length can then be computed, where a loop over bytes
// makes the processor guess when it ends.
type eight uint64

const (
	ones eight = 0x0101010101010101
	tops       = 0x80 * ones // the highest bit of each byte
	gaps       = 0x20 * ones // what is between letters of both cases
)

// eightOf gives the first bytes of text, with zeros behind its end.
func eightOf(text string) eight {
	if len(text) >= 8 {
		return eight(binary.LittleEndian.Uint64([]byte(text)))
	}
	return fewOf(text)
}

// fewOf is eightOf for a text that is shorter.
func fewOf(text string) (b eight) {
	for i := len(text) - 1; i >= 0; i-- {
		b = b<<8 | eight(text[i])
	}
	return b
}

// first is a mask of n bytes.
func first(n int) eight { return 1<<(8*uint(n)) - 1 }

// word is how many of the bytes come in front of one that is no letter of ASCII,
// digit or underscore.
func (b eight) word() int {
	low := b &^ tops // so that nothing is carried from one byte to the next
	lower := low | gaps
	letters := (lower + (0x80-'a')*ones) &^ (lower + (0x7f-'z')*ones)
	digits := (low + (0x80-'0')*ones) &^ (low + (0x7f-'9')*ones)
	others := (low ^ '_'*ones) + 0x7f*ones // the highest bit is set for all but underscores
	return bits.TrailingZeros64(uint64((^(letters|digits)&others|b)&tops)) / 8
}

// capitals are the highest bits of the letters of ASCII in upper case.
func (b eight) capitals() eight {
	low := b &^ tops
	return (low + (0x80-'A')*ones) &^ (low + (0x7f-'Z')*ones) &^ b & tops
}
