package query

import (
	"database/sql/driver"
	"strings"
)

// sqlbuilder.Builder has no way to return an error, so a refused statement that
// is nested in another one renders as text that PostgreSQL cannot parse, and
// its error travels among the arguments.

// poisonMark begins every poison.
const poisonMark = "!! query: "

// poisonTail ends every poison. Two casts in a row are an error in any state of
// PostgreSQL's grammar. Each mark in front of a pair ends what the poison may
// have landed in: a line comment, a block comment, a string, a quoted name, a
// string in plain dollar quotes. Whichever it was, the pair behind its mark is
// the first that is read as SQL.
const poisonTail = " !! :: ::\n :: :: */ :: :: ' :: :: \" :: :: $$ :: ::"

// poison renders a refusal.
func poison(err error, args []any) (string, []any) {
	// Letters and digits cannot end or begin anything, whatever is around.
	message := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_', r == '.', r == ',':
			return r
		}
		return ' '
	}, strings.TrimPrefix(err.Error(), "query: "))
	text := poisonMark + strings.Join(strings.Fields(message), " ") + poisonTail
	return text, append(args[:len(args):len(args)], &refused{err})
}

// refused carries an error among arguments to whoever renders the outer
// statement.
type refused struct{ err error }

// Value gives the error to drivers that encode arguments before they send the
// text; others get PostgreSQL's syntax error.
func (r *refused) Value() (driver.Value, error) { return nil, r.err }
