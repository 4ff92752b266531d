package query

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
)

// argRoom is how many arguments a statement can have before its list grows.
// That of the organization is one of them.
const argRoom = 4

// build renders a statement that stands alone. direct tells that the text is
// hand-written, and not what go-sqlbuilder made of it. The arguments go to room,
// an empty list, as long as they fit. The caller may change args.
func build(b sqlbuilder.Builder, room []any) (text string, args []any, direct bool, err error) {
	if t, ok := b.(*handwritten); ok {
		args = append(slices.Grow(room, len(t.args)+1), t.args...)
		return t.sql, args, true, inspect(args)
	}
	text, args, err = buildAfter(b, room)
	return text, args, false, err
}

// buildAfter renders a statement whose parameters are numbered after the initial
// arguments. The caller may change the others.
func buildAfter(b sqlbuilder.Builder, initial []any) (text string, args []any, err error) {
	defer func() {
		if r := recover(); r != nil {
			text, args = "", nil
			err = refuse(ErrStatement, "%T panicked: %v", b, r)
		}
	}()
	text, args = b.BuildWithFlavor(sqlbuilder.PostgreSQL, initial...)
	if len(args) < len(initial) {
		return "", nil, lost("nested statement drops the arguments of the outer one")
	}
	if !sameArray(args, initial) {
		// The list may be one that the builder keeps. What is checked must be
		// what is sent, whatever becomes of it meanwhile.
		args = append(make([]any, 0, len(args)+1), args...)
	}
	return text, args, inspect(args[len(initial):])
}

func sameArray(a, b []any) bool {
	return cap(a) > 0 && cap(b) > 0 && &a[:1][0] == &b[:1][0]
}

// inspect looks for arguments that are no values.
func inspect(args []any) error {
	for _, arg := range args {
		switch arg := arg.(type) {
		case nil, string, bool, int, int64, uuid.UUID, time.Time:
			// Most are plain values, which need no search for methods.
		case *refused:
			return arg.err
		case sql.NamedArg:
			return refuse(ErrStatement, "named argument @%s is not PostgreSQL; pass the value, or sqlbuilder.Named", arg.Name)
		case pgx.QueryRewriter, pgx.QueryExecMode, pgx.QueryResultFormats, pgx.QueryResultFormatsByOID:
			// In front of other arguments pgx takes them for options, and
			// a rewriter replaces the whole statement.
			return refuse(ErrStatement, "argument of type %T is an option of pgx, not a value; pass values and number them $1, $2", arg)
		case sqlbuilder.Builder:
			return refuse(ErrStatement, "argument of type %T is a statement, not a value; nest it with a go-sqlbuilder builder", arg)
		}
	}
	return nil
}

// A nested ForOrg tells the outer one which parameter is its organization, in a
// comment in front of its text. An argument could not tell: its value may be one
// of the caller's.
const (
	nestedStart = "/* for org $"
	nestedEnd   = " */"
)

func markNested(param int) string { return nestedStart + strconv.Itoa(param) + nestedEnd + " " }

func nestedParams(text string) []int {
	var params []int
	for {
		_, rest, ok := strings.Cut(text, nestedStart)
		if !ok {
			return params
		}
		text = rest
		digits, _, ok := strings.Cut(rest, nestedEnd)
		if !ok {
			continue
		}
		if n, err := strconv.Atoi(digits); err == nil {
			params = append(params, n)
		}
	}
}

// endLine keeps a line comment at the end of a nested text from swallowing what
// follows it.
func endLine(text string) string {
	if strings.Contains(text, "--") {
		return text + "\n"
	}
	return text
}
