package orgfilter

import (
	"slices"
	"strings"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// edit replaces bytes from start up to end by text.
type edit struct {
	start, end int
	text       string
}

// edits are cut into a text at token ends, so that a comment behind a token
// cannot swallow what is inserted.
type edits []edit

func (e *edits) insert(at int, text string) { *e = append(*e, edit{at, at, text}) }

func (e *edits) replace(span pgsql.Span, text string) {
	*e = append(*e, edit{span.Start, span.End, text})
}

func (e *edits) remove(span pgsql.Span) { e.replace(span, "") }

// escape turns a plain string into an escape string of the same value.
func (e *edits) escape(text string, span pgsql.Span) {
	s := text[span.Start:span.End]
	if s[0] != '\'' {
		refuse(Unreadable, span.Start, `backslash in front of a quote depends on standard_conforming_strings; write an E'…' string`)
	}
	e.replace(span, " E"+strings.ReplaceAll(s, `\`, `\\`))
}

// apply gives the edited text. Edits at the same place keep their order.
func (e edits) apply(text string) string {
	slices.SortStableFunc(e, func(a, b edit) int { return a.start - b.start })
	size := len(text)
	for _, d := range e {
		size += len(d.text) + 2
	}
	var b strings.Builder
	b.Grow(size)
	at := 0
	for _, d := range e {
		if d.start < at {
			refuse(Unreadable, d.start, "statement cannot be scoped: a part is written twice")
		}
		b.WriteString(text[at:d.start])
		if d.start > 0 && len(d.text) > 0 && d.start > at && wordByte(text[d.start-1]) && wordByte(d.text[0]) {
			b.WriteByte(' ')
		}
		b.WriteString(d.text)
		at = d.end
		if len(d.text) > 0 && at < len(text) && wordByte(d.text[len(d.text)-1]) && wordByte(text[at]) {
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
