package query

import (
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/pgsql"
)

// argRoom is how many arguments a statement can have before its list grows.
// That of the organization is one of them.
const argRoom = 4

// build renders a statement that stands alone. direct tells that the text is
// hand-written, and not what go-sqlbuilder made of it. The arguments go to room,
// an empty list, as long as they fit. The caller may append to args.
func build(b sqlbuilder.Builder, room []any) (text string, args []any, direct bool, err error) {
	if t, ok := b.(*handwritten); ok {
		args = append(slices.Grow(room, len(t.args)+1), t.args...)
		return t.sql, args, true, inspect(args)
	}
	text, args, err = buildAfter(b, room)
	return text, args, false, err
}

// buildAfter renders a statement whose parameters are numbered after the initial
// arguments. The caller may append to args.
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
		// The list may be one that the builder keeps, with room behind it.
		args = args[:len(args):len(args)]
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

// position is where the text of a statement will stand.
type position struct {
	base   int  // arguments in front of its own
	direct bool // not rendered by go-sqlbuilder, which uses each parameter once
}

// scopeTo finds the plan for a text and binds it to arguments and organization.
func scopeTo(org uuid.UUID, text string, args []any, at position) (plan, []any, error) {
	p, err := declared.now().plan(planKey{text: text, args: len(args), base: at.base})
	if err != nil {
		return plan{}, nil, err
	}
	args, err = p.bind(args, org, at.direct)
	if err != nil {
		return plan{}, nil, err
	}
	if !p.Bound {
		// PostgreSQL wants no argument without a parameter.
		return p, args, nil
	}
	return p, append(args, org), nil
}

// plan is a statement that has been rewritten and proven, for any organization.
type plan struct {
	*orgfilter.Plan
	nested []int // parameters that hold the organization of a nested ForOrg
}

// newPlan rewrites and proves a text, and checks that its parameters are those
// of its arguments.
func newPlan(know *knowledge, k planKey) (plan, error) {
	rewritten, err := orgfilter.RewriteLimited(k.text, know.catalog, k.args, pgsql.Options{
		MaxBytes: know.limits.TextBytes, MaxDepth: know.limits.Depth, MaxRelations: know.limits.Relations,
	})
	if err != nil {
		if strings.Contains(k.text, poisonMark) {
			return plan{}, refuse(ErrStatement, "a nested statement was refused; see its Err, and render it alone to see why")
		}
		return plan{}, fromFilter(err)
	}
	highest := k.args
	if k.args == k.base {
		highest = 0 // it has no arguments of its own
	}
	if rewritten.Params != highest {
		return plan{}, lost("statement uses parameters up to $%d and has %d arguments", rewritten.Params, k.args)
	}
	if rewritten.Params > 0 && rewritten.Lowest <= k.base {
		return plan{}, lost("nested statement uses $%d, which is a parameter of the outer one", rewritten.Lowest)
	}
	p := plan{Plan: rewritten, nested: nestedParams(k.text)}
	for _, n := range p.nested {
		if n < 1 || n > k.args {
			return plan{}, lost("nested ForOrg lost its parameter $%d", n)
		}
	}
	return p, nil
}

// lost refuses arguments that do not fit the text.
func lost(format string, args ...any) *Error {
	return refuse(ErrStatement, format+"; number them from $1, and see whether go-sqlbuilder lost some: an empty WhereClause drops all arguments in front of it", args...)
}

// bind checks the arguments and returns them with the organization in the place
// of what stands for it. It does not change args.
func (p plan) bind(args []any, org uuid.UUID, direct bool) ([]any, error) {
	for _, n := range p.nested {
		// ForOrg put a uuid.UUID there; anything else is another's argument.
		id, ok := args[n-1].(uuid.UUID)
		if !ok {
			return nil, lost("nested ForOrg lost its parameter $%d", n)
		}
		if id != org {
			return nil, refuse(ErrForeignOrg, "a nested ForOrg is scoped to another organization; one statement is about one organization")
		}
	}
	if direct && p.Used != len(args) {
		return nil, refuse(ErrStatement, unusedArguments, len(args))
	}
	if !direct {
		for _, n := range p.Repeated {
			if identify(args[n-1], org) != own {
				return nil, lost("parameter $%d is used more than once", n)
			}
		}
	}
	copied := false
	for i := range p.Checks {
		c := &p.Checks[i]
		stamp, err := p.check(c, args, org)
		if err != nil {
			return nil, err
		}
		if !stamp {
			continue
		}
		if !copied {
			args, copied = append(make([]any, 0, len(args)+1), args...), true
		}
		args[c.Param-1] = org
	}
	return args, nil
}

// check says whether the argument has to be replaced by the organization.
func (p plan) check(c *orgfilter.Check, args []any, org uuid.UUID) (stamp bool, err error) {
	if c.Param == 0 {
		if identifyText(c.Const, org) != own {
			return false, otherOrganization(c)
		}
		return false, nil
	}
	arg := args[c.Param-1]
	if id, ok := arg.(uuid.UUID); ok && id == org {
		return false, nil
	}
	switch identify(arg, org) {
	case own:
		// Whatever its type, the server shall read it as it was read here.
		return true, nil
	case blank:
		if !c.Stamp {
			return false, otherOrganization(c)
		}
		if _, repeated := slices.BinarySearch(p.Repeated, c.Param); repeated {
			return false, &Error{Table: c.Table, Column: c.Column, Offset: c.Offset, kind: kindOf(ErrStatement),
				reason: fmt.Sprintf("parameter $%d fills %q and something else, so it cannot be stamped; give each its own parameter", c.Param, c.Column)}
		}
		return true, nil
	}
	return false, otherOrganization(c)
}

// otherOrganization refuses a value that is not the scope's organization. The
// value itself stays out of the message: it is somebody else's id.
func otherOrganization(c *orgfilter.Check) *Error {
	value := "the constant"
	if c.Param > 0 {
		value = "$" + strconv.Itoa(c.Param)
	}
	e := &Error{Table: c.Table, Column: c.Column, Offset: c.Offset, kind: kindOf(ErrForeignOrg),
		reason: fmt.Sprintf("%s for %q of %q names another organization; leave the column out, or pass nil", value, c.Column, c.Table)}
	if c.Moved {
		e.kind = kindOf(ErrMoved)
		e.reason = fmt.Sprintf("%s for %q of %q would move rows to another organization; leave the column out of SET", value, c.Column, c.Table)
	}
	return e
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
