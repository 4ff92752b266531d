package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/pgsql"
)

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
	if err := p.bind(args, org, at.direct); err != nil {
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

// bind checks the arguments and puts the organization in the place of what stands
// for it.
func (p plan) bind(args []any, org uuid.UUID, direct bool) error {
	for _, n := range p.nested {
		// ForOrg put a uuid.UUID there; anything else is another's argument.
		id, ok := args[n-1].(uuid.UUID)
		if !ok {
			return lost("nested ForOrg lost its parameter $%d", n)
		}
		if id != org {
			return refuse(ErrForeignOrg, "a nested ForOrg is scoped to another organization; one statement is about one organization")
		}
	}
	if direct && p.Used != len(args) {
		return refuse(ErrStatement, unusedArguments, len(args))
	}
	if !direct {
		for _, n := range p.Repeated {
			if identify(args[n-1], org) != own {
				return lost("parameter $%d is used more than once", n)
			}
		}
	}
	for i := range p.Checks {
		c := &p.Checks[i]
		stamp, err := p.check(c, args, org)
		if err != nil {
			return err
		}
		if stamp {
			args[c.Param-1] = org
		}
	}
	return nil
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
