package query

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/huandu/go-sqlbuilder"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// Text is a hand-written statement with parameters $1 to $n, so that it can pass
// through [ForOrg] too:
//
//	query.ForOrg(query.Text(`SELECT count(*) FROM invoices WHERE year = $1`, year), sc)
//
// Each argument must be used; one may be used more than once. There are as many
// arguments as parameters, and none of them is a statement or a pgx option;
// anything else is [ErrStatement] when the statement is rendered. args is not
// copied: leave it alone afterwards.
//
// The text also nests in go-sqlbuilder's builders, whole or as a fragment. There
// its parameters are numbered anew, and one that is used several times becomes
// several parameters with the same value, because go-sqlbuilder uses each once.
// PostgreSQL then no longer knows that they are equal: an expression in SELECT
// does not match the same one in GROUP BY.
func Text(sql string, args ...any) sqlbuilder.Builder {
	return &handwritten{sql: sql, args: args}
}

type handwritten struct {
	sql  string
	args []any
}

// Build returns text and arguments as they were given.
func (t *handwritten) Build() (string, []any) { return t.sql, t.args }

// BuildWithFlavor numbers the parameters after the initial arguments.
func (t *handwritten) BuildWithFlavor(flavor sqlbuilder.Flavor, initial ...any) (string, []any) {
	text, args, err := t.after(flavor, initial)
	if err != nil {
		return poison(err, initial)
	}
	return text, args
}

// Format prints the text, whatever the verb: arguments stay out of logs.
func (t *handwritten) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.sql) }

// Flavor is PostgreSQL.
func (t *handwritten) Flavor() sqlbuilder.Flavor { return sqlbuilder.PostgreSQL }

func (t *handwritten) after(flavor sqlbuilder.Flavor, initial []any) (string, []any, error) {
	if flavor != sqlbuilder.PostgreSQL {
		return "", nil, refuse(ErrFlavor, "query.Text is nested in a statement of flavor %v, not PostgreSQL; make the outer one with sqlbuilder.PostgreSQL", flavor)
	}
	if err := declared.now().limits.length(t.sql); err != nil {
		return "", nil, err
	}
	if err := inspect(t.args); err != nil {
		return "", nil, err
	}
	used, err := pgsql.Params(t.sql)
	if err != nil {
		return "", nil, refuse(ErrStatement, "%v", err)
	}
	var b strings.Builder
	// The initial list may have room behind it that somebody else uses too.
	args, end, seen := slices.Clip(initial), 0, make([]bool, len(t.args))
	for _, p := range used {
		if p.Number < 1 || p.Number > len(t.args) {
			return "", nil, &Error{Offset: p.Start, kind: kindOf(ErrStatement),
				reason: fmt.Sprintf("query.Text uses parameter %s and has %d arguments; number them from $1", t.sql[p.Start:p.End], len(t.args))}
		}
		args = append(args, t.args[p.Number-1])
		b.WriteString(t.sql[end:p.Start])
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(len(args)))
		end, seen[p.Number-1] = p.End, true
	}
	if slices.Contains(seen, false) {
		return "", nil, refuse(ErrStatement, unusedArguments, len(t.args))
	}
	b.WriteString(t.sql[end:])
	return endLine(b.String()), args, nil
}

const unusedArguments = "query.Text does not use all of its %d arguments; leave out what it does not use"
