package query

import (
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Every refusal of this package wraps one of these.
var (
	// ErrNoOrganization is [scope.ErrNoOrganization]: the scope is nil, or
	// carries no active organization.
	ErrNoOrganization = scope.ErrNoOrganization

	// ErrNilID: the organization's id is zero.
	ErrNilID = errors.New("query: organization id is zero")

	// ErrNilBuilder: there is no statement, or it is a nil pointer.
	ErrNilBuilder = errors.New("query: builder is nil")

	// ErrFlavor: the builder writes another SQL dialect than PostgreSQL.
	ErrFlavor = errors.New("query: builder flavor is not PostgreSQL")

	// ErrNotOrgOwned: there is nothing to scope, because no table of the
	// statement belongs to organizations.
	ErrNotOrgOwned = errors.New("query: no table is org-owned")

	// ErrUndeclared: a relation of the statement was not declared.
	ErrUndeclared = errors.New("query: table is not declared")

	// ErrForeignOrg: a row to be written, or a nested ForOrg, names another
	// organization than the scope's.
	ErrForeignOrg = errors.New("query: value names another organization")

	// ErrMoved: an update may write the ownership column.
	ErrMoved = errors.New("query: row would change its organization")

	// ErrStatement: the statement is not understood, has a form that is not
	// supported, or does not fit its arguments.
	ErrStatement = errors.New("query: statement is not supported")

	// ErrLimit: the statement is larger than [Limits] allow. It is
	// [ErrStatement] too.
	ErrLimit = fmt.Errorf("query: statement exceeds a limit: %w", ErrStatement)

	// ErrFault: Sigra itself failed on the statement, which was not sent. Report
	// it with the text of the statement and of the error. What failed is wrapped
	// too. It is [ErrStatement] as well.
	ErrFault = fmt.Errorf("query: fault of sigra: %w", ErrStatement)

	// ErrReason: [Unscoped] was not told why.
	ErrReason = errors.New("query: reason is missing")

	// ErrNotFound: [One] found no row. It is [pgx.ErrNoRows] too, and with it
	// sql.ErrNoRows.
	ErrNotFound = fmt.Errorf("query: row not found: %w", pgx.ErrNoRows)
)

// Error says why a statement was refused, and where. It wraps one of the
// sentinels of this package.
type Error struct {
	Table  string // the table it is about, folded as PostgreSQL does; may be empty
	Column string // the column it is about; may be empty
	Offset int    // byte in the caller's text, from 0; -1 when it is about no place in a text

	kind   kind
	reason string
	cause  error // of ErrFault
}

// kind is the place of a sentinel among the sentinels. A clone of a builder
// copies the errors of statements nested in it to the last pointer; a copied
// number still means the same sentinel.
type kind uint8

var sentinels = [...]error{
	nil, // of the zero Error
	ErrNoOrganization, ErrNilID, ErrNilBuilder, ErrFlavor, ErrNotOrgOwned, ErrUndeclared, ErrForeignOrg, ErrMoved, ErrStatement, ErrReason, ErrLimit, ErrFault,
}

func kindOf(sentinel error) kind { return kind(slices.Index(sentinels[:], sentinel)) }

// Error names the thing, the remedy and the place.
func (e *Error) Error() string {
	if e.Offset < 0 {
		return "query: " + e.reason
	}
	return fmt.Sprintf("query: %s (at byte %d)", e.reason, e.Offset)
}

// Unwrap returns the sentinel, with what failed beside it for [ErrFault].
func (e *Error) Unwrap() error {
	if e.cause != nil {
		return errors.Join(sentinels[e.kind], e.cause)
	}
	return sentinels[e.kind]
}

// refuse makes an error that is about no place in a text.
func refuse(sentinel error, format string, args ...any) *Error {
	return &Error{Offset: -1, kind: kindOf(sentinel), reason: fmt.Sprintf(format, args...)}
}

// fromFilter turns the filter's refusal into this package's.
func fromFilter(err error) error {
	e, ok := errors.AsType[*orgfilter.Error](err)
	if !ok {
		return refuse(ErrStatement, "%v", err)
	}
	out := &Error{Table: e.Table, Column: e.Column, Offset: e.Offset, reason: e.Reason}
	switch e.Problem {
	case orgfilter.Undeclared:
		out.kind = kindOf(ErrUndeclared)
	case orgfilter.NotOwned:
		out.kind = kindOf(ErrNotOrgOwned)
	case orgfilter.MovesRow:
		out.kind = kindOf(ErrMoved)
	case orgfilter.ForeignRow:
		out.kind = kindOf(ErrForeignOrg)
	case orgfilter.TooLarge:
		out.kind = kindOf(ErrLimit)
		out.reason += smaller
	case orgfilter.Failed:
		out.kind, out.cause = kindOf(ErrFault), e.Cause
		out.reason = fmt.Sprintf("%s: %v; this is a fault of sigra: please report it with the text of the statement", e.Reason, e.Cause)
	default:
		out.kind = kindOf(ErrStatement)
	}
	return out
}
