package orgfilter

import (
	"slices"
	"strings"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// edit replaces bytes from start up to end by a part of what is new.
type edit struct {
	start, end int
	from, to   int
}

// edits are cut into a text at token ends, so that a comment behind a token
// cannot swallow what is inserted.
type edits struct {
	list []edit
	new  []byte // the texts of all edits
}

// insert puts the parts, one behind the other, in front of byte at.
func (e *edits) insert(at int, parts ...string) { e.replace(pgsql.Span{Start: at, End: at}, parts...) }

func (e *edits) replace(span pgsql.Span, parts ...string) {
	from := len(e.new)
	for _, part := range parts {
		e.new = append(e.new, part...)
	}
	e.list = append(e.list, edit{span.Start, span.End, from, len(e.new)})
}

// text is what an edit puts in.
func (e *edits) text(d edit) []byte { return e.new[d.from:d.to] }

// escape turns a plain string into an escape string of the same value.
func (e *edits) escape(text string, span pgsql.Span) {
	s := text[span.Start:span.End]
	if s[0] != '\'' {
		refuse(Unreadable, span.Start, `backslash in front of a quote depends on standard_conforming_strings; write an E'…' string`)
	}
	e.replace(span, " E"+strings.ReplaceAll(s, `\`, `\\`))
}

// apply gives the edited text. Edits at the same place keep their order.
func (e *edits) apply(text string) string {
	byStart := func(a, b edit) int { return a.start - b.start }
	if !slices.IsSortedFunc(e.list, byStart) {
		slices.SortStableFunc(e.list, byStart)
	}
	var b strings.Builder
	b.Grow(len(text) + len(e.new) + 2*len(e.list))
	at := 0
	for _, d := range e.list {
		put := e.text(d)
		if d.start < at {
			panic("a part is written twice")
		}
		b.WriteString(text[at:d.start])
		if d.start > 0 && len(put) > 0 && d.start > at && wordByte(text[d.start-1]) && wordByte(put[0]) {
			b.WriteByte(' ')
		}
		b.Write(put)
		at = d.end
		if len(put) > 0 && at < len(text) && wordByte(put[len(put)-1]) && wordByte(text[at]) {
			b.WriteByte(' ')
		}
	}
	b.WriteString(text[at:])
	return b.String()
}

// wordByte tells whether two such bytes side by side could be read as one
// token.
func wordByte(c byte) bool {
	return c >= 0x80 || c == '_' || c == '$' || c == '"' || c == '\'' ||
		'0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
