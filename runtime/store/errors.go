package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
)

// Errors of this package wrap one of these, or scope.ErrNoOrganization where an
// organization is needed and the scope has none. None of them quotes a token or
// an address.
var (
	// ErrNotFound: there is no such thing for this scope. It is another
	// organization's, it is deleted, it never was, or the scope's user is no
	// longer a member.
	ErrNotFound = errors.New("store: not found")

	// ErrNoUser: the scope has no user, and the operation is about one.
	ErrNoUser = errors.New("store: scope has no user")

	// ErrForbidden: the member's role does not allow the operation.
	ErrForbidden = errors.New("store: role does not allow this")

	// ErrRank: somebody would grant, change or remove a role above their own.
	ErrRank = errors.New("store: role is above that of the member who acts")

	// ErrRole: the role is not one of the configured ranking.
	ErrRole = errors.New("store: role is unknown")

	// ErrLastOwner: the organization would have no owner.
	ErrLastOwner = errors.New("store: organization would have no owner")

	// ErrAlreadyMember: the user is a member already.
	ErrAlreadyMember = errors.New("store: user is a member already")

	// ErrPersonal: a personal organization is not shared.
	ErrPersonal = errors.New("store: organization is personal")

	// ErrPersonalExists: the user has a personal organization already.
	ErrPersonalExists = errors.New("store: user has a personal organization already")

	// ErrName: the name is empty, longer than 100 characters, or has characters
	// that are not printed.
	ErrName = errors.New("store: name is not usable")

	// ErrSlug: the slug does not have the shape of one.
	ErrSlug = errors.New("store: slug is not usable")

	// ErrSlugReserved: the slug is one of the reserved words.
	ErrSlugReserved = errors.New("store: slug is reserved")

	// ErrSlugTaken: the slug is, or was within the last seven days, another
	// organization's.
	ErrSlugTaken = errors.New("store: slug is taken")

	// ErrNotDeleted: only a deleted organization can be restored or purged.
	ErrNotDeleted = errors.New("store: organization is not deleted")

	// ErrTooEarly: the organization was deleted too recently to be purged.
	ErrTooEarly = errors.New("store: organization was deleted too recently")

	// ErrEmail: the address is not one, or has characters that could end a mail
	// header.
	ErrEmail = errors.New("store: e-mail address is not usable")

	// ErrUserLimit: the user has sent as many invitations in the last 24 hours
	// as one may.
	ErrUserLimit = errors.New("store: user has sent too many invitations")

	// ErrOrganizationLimit: the organization has sent as many invitations in the
	// last 24 hours as one may.
	ErrOrganizationLimit = errors.New("store: organization has sent too many invitations")

	// ErrNotPending: the invitation was accepted or revoked.
	ErrNotPending = errors.New("store: invitation is not pending")

	// ErrInvalidToken: there is no invitation with this token.
	ErrInvalidToken = errors.New("store: invitation token is not valid")

	// ErrExpired: the invitation is older than its time to live.
	ErrExpired = errors.New("store: invitation has expired")

	// ErrRevoked: the invitation was revoked, declined or replaced by a newer
	// one, its organization was deleted, or who sent it could no longer do so.
	ErrRevoked = errors.New("store: invitation was revoked")

	// ErrAlreadyAccepted: the invitation was used.
	ErrAlreadyAccepted = errors.New("store: invitation was accepted already")

	// ErrEmailMismatch: the invitation is for another address than the user's.
	ErrEmailMismatch = errors.New("store: invitation is for another address")

	// ErrNoSession: there is no such session, it is another user's, or it has
	// expired.
	ErrNoSession = errors.New("store: session is not valid")

	// ErrRefused: a [Before] hook or a callback refused. Its own error is
	// wrapped too.
	ErrRefused = errors.New("store: refused")

	// ErrIsolation: the caller's transaction is not READ COMMITTED.
	ErrIsolation = errors.New("store: transaction is not read committed")

	// ErrOutcomeUnknown: the commit was sent, and the connection ended before
	// the answer came; or a hook, a callback or the [Directory] has ended the
	// transaction by a statement. The change may or may not have been made: look
	// before trying again.
	ErrOutcomeUnknown = errors.New("store: outcome of the commit is unknown")
)

// constraints of package migrations, and what their violation means.
var constraints = map[string]error{
	"organizations_slug_key":                     ErrSlugTaken,
	"organizations_slug_shape":                   ErrSlug,
	"organizations_name_length":                  ErrName,
	"organizations_name_line":                    ErrName,
	"organizations_personal_key":                 ErrPersonalExists,
	"organizations_created_by_fkey":              ErrNotFound,
	"organization_slug_aliases_slug_key":         ErrSlugTaken,
	"organization_memberships_user_key":          ErrAlreadyMember,
	"organization_memberships_user_fkey":         ErrNotFound,
	"organization_memberships_role":              ErrRole,
	"organization_memberships_keep_owner":        ErrLastOwner,
	"organization_memberships_organization_fkey": ErrNotFound,
	"organization_invitations_role":              ErrRole,
	"organization_invitations_email_shape":       ErrEmail,
	"user_sessions_user_fkey":                    ErrNotFound,
	"user_sessions_active_membership_fkey":       ErrNotFound,
}

// named turns the violation of a constraint into the error that it stands for.
// PostgreSQL's own text quotes the row, so it is not wrapped.
func named(err error) error {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	sentinel, ok := constraints[pg.ConstraintName]
	if !ok {
		return err
	}
	return fmt.Errorf("%w: constraint %s", sentinel, pg.ConstraintName)
}

// denials are the errors that somebody who watches for attacks wants to see.
var denials = []error{
	ErrNotFound, ErrForbidden, ErrRank, ErrLastOwner, ErrPersonal, ErrTooEarly, ErrUserLimit, ErrOrganizationLimit,
	ErrInvalidToken, ErrExpired, ErrRevoked, ErrAlreadyAccepted, ErrEmailMismatch, ErrNoSession, ErrRefused,
}

func isDenial(err error) bool {
	return slices.ContainsFunc(denials, func(d error) bool { return errors.Is(err, d) })
}

// Retryable reports whether err came from circumstances that pass (a deadlock,
// a serialization failure, a server that restarts, a connection that broke, a
// deadline) and nothing was written, so that the same call may be made again.
// [Sessions.Start], [Sessions.Touch] and [Sessions.End] are single statements, of
// which the answer may be lost; to make them again does no harm.
func Retryable(err error) bool {
	if err == nil || errors.Is(err, ErrOutcomeUnknown) {
		return false
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code {
		case serializationFailure, deadlockDetected, "55P03", // lock_not_available
			"57P01", "57P02", "57P03", "57014", // shutdowns, starting up, query_canceled
			"53300": // too_many_connections
			return true
		}
		return len(pg.Code) > 2 && pg.Code[:2] == "08" // connection_exception
	}
	return pgconn.SafeToRetry(err) || pgconn.Timeout(err) || isBroken(err) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)
