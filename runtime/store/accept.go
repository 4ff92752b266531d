package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Accept makes the scope's user a member of the organization that an invitation
// is for, and returns the scope in which they act in it. The invitation must be
// to the user's address, and who sent it must still be allowed to.
//
// Errors: [ErrNoUser], [ErrInvalidToken], [ErrAlreadyAccepted], [ErrRevoked],
// [ErrExpired], [ErrEmailMismatch], in this order, with which nothing is
// written; and [ErrAlreadyMember], with which the invitation is revoked, since it
// can serve nobody.
func (s *Invitations) Accept(ctx context.Context, sc *scope.Scope, token Secret) (*scope.Scope, error) {
	var member *scope.Scope
	err := s.change(ctx, "accept invitation", sc, func(ctx context.Context, ch *change) error {
		if sc.UserID() == uuid.Nil {
			return ErrNoUser
		}
		org, inv, err := ch.redeemable(ctx, token)
		if err != nil {
			return err
		}
		if err := ch.isFor(ctx, inv, sc.UserID()); err != nil {
			return err
		}
		if err := ch.inviterMay(ctx, inv); err != nil {
			return err
		}
		switch _, err := ch.memberByUser(ctx, org.ID, sc.UserID()); {
		case err == nil:
			ch.outcome = ErrAlreadyMember
			return ch.close(ctx, inv, sc.UserID(), InvitationRevoked)
		case !errors.Is(err, ErrNotFound):
			return err
		}
		member, err = ch.join(ctx, org, inv, sc.UserID(), false)
		return err
	})
	if err != nil {
		return nil, err
	}
	return member, nil
}

// AcceptWithSignup is [Invitations.Accept] for somebody who has no account yet.
// signup makes the account, through tx, for exactly the address that it is given,
// and returns the user's id; it need not verify the address, because the token
// came there by mail. Account and membership are made together or not at all.
//
// Errors are those of [Invitations.Accept], where [ErrEmailMismatch] is about the
// account that signup made and [ErrAlreadyMember] leaves the invitation as it
// was, and [ErrRefused] with the error of signup.
func (s *Invitations) AcceptWithSignup(ctx context.Context, token Secret, signup func(ctx context.Context, tx pgx.Tx, email string) (uuid.UUID, error)) (*scope.Scope, error) {
	var member *scope.Scope
	err := s.change(ctx, "accept invitation with sign-up", nil, func(ctx context.Context, ch *change) error {
		org, inv, err := ch.redeemable(ctx, token)
		if err != nil {
			return err
		}
		if err := ch.inviterMay(ctx, inv); err != nil {
			return err
		}
		var userID uuid.UUID
		if err := ch.lend("the sign-up", func(tx pgx.Tx) (err error) {
			userID, err = signup(ctx, tx, inv.Email)
			return err
		}); err != nil {
			return err
		}
		if err := ch.isFor(ctx, inv, userID); err != nil {
			return err
		}
		member, err = ch.join(ctx, org, inv, userID, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	return member, nil
}

// Decline ends an invitation by the wish of the invited. Errors are those of
// [Invitations.Accept], without [ErrAlreadyMember].
func (s *Invitations) Decline(ctx context.Context, sc *scope.Scope, token Secret) error {
	return s.change(ctx, "decline invitation", sc, func(ctx context.Context, ch *change) error {
		if sc.UserID() == uuid.Nil {
			return ErrNoUser
		}
		_, inv, err := ch.redeemable(ctx, token)
		if err != nil {
			return err
		}
		if err := ch.isFor(ctx, inv, sc.UserID()); err != nil {
			return err
		}
		return ch.close(ctx, inv, sc.UserID(), InvitationDeclined)
	})
}

// redeemable finds the invitation of a token, takes the locks in their order, and
// looks again: what the token led to may have changed while we waited.
func (ch *change) redeemable(ctx context.Context, token Secret) (scope.Organization, Invitation, error) {
	fail := func(err error) (scope.Organization, Invitation, error) {
		if errors.Is(err, ErrNotFound) {
			err = ErrInvalidToken
		}
		return scope.Organization{}, Invitation{}, err
	}
	hash, ok := token.hash()
	if !ok {
		return fail(ErrInvalidToken)
	}
	type place struct{ OrganizationID, ID uuid.UUID }
	at, err := query.One[place](ctx, ch.Tx, query.Unscoped(query.Text(
		"SELECT organization_id, id FROM organization_invitations WHERE token_hash = $1", hash), byToken))
	if err != nil {
		return fail(notFound(err))
	}
	org, err := ch.lock(ctx, at.OrganizationID)
	if err != nil {
		return fail(err)
	}
	inv, err := ch.invitation(ctx, at.OrganizationID, at.ID)
	if err != nil {
		return fail(err)
	}
	if err := inv.usable(ch.at, org.DeletedAt == nil); err != nil {
		return fail(err)
	}
	return org, inv, nil
}

// isFor refuses a user with another address than the invited one.
func (ch *change) isFor(ctx context.Context, inv Invitation, userID uuid.UUID) error {
	address, err := ch.addressOf(ctx, userID)
	if err != nil {
		return err
	}
	if address != inv.Email {
		return ErrEmailMismatch
	}
	return nil
}

// inviterMay asks again whether who sent an invitation may grant its role: they
// may have been demoted or removed since. An invitation whose sender's account
// is gone, or that was background work, stands for the organization itself.
func (ch *change) inviterMay(ctx context.Context, inv Invitation) error {
	if inv.InvitedBy == nil {
		return nil
	}
	m, err := ch.memberByUser(ctx, inv.OrganizationID, *inv.InvitedBy)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err != nil || !ch.ranking.AtLeast(m.Role, ch.manager) || !ch.ranking.AtLeast(m.Role, inv.Role) {
		return fmt.Errorf("%w: who sent it may no longer grant this role", ErrRevoked)
	}
	return nil
}

// join makes the member and closes the invitation.
func (ch *change) join(ctx context.Context, org scope.Organization, inv Invitation, userID uuid.UUID, signup bool) (*scope.Scope, error) {
	m, err := ch.insertMember(ctx, org.ID, userID, inv.Role)
	if err != nil {
		return nil, err
	}
	n, err := ch.exec(ctx, query.ForOrg(query.Text(`UPDATE organization_invitations SET accepted_at = $1, accepted_by = $2
		WHERE id = $3 AND accepted_at IS NULL AND revoked_at IS NULL`, ch.at, userID, inv.ID), org.ID))
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, ErrNotPending // somebody writes without our locks
	}
	a := actor{organization: org, membership: m}
	if err := ch.record(ctx, org.ID, a.event(InvitationAccepted, "invitation", inv.ID,
		map[string]any{"membership_id": m.ID, "user_id": userID, "role": m.Role, "invited_by": inv.InvitedBy, "signup": signup})); err != nil {
		return nil, err
	}
	return ch.scopeOf(a)
}

// close ends an invitation in the name of the invited user.
func (ch *change) close(ctx context.Context, inv Invitation, userID uuid.UUID, action string) error {
	if err := ch.revoke(ctx, inv, &userID); err != nil {
		return err
	}
	return ch.record(ctx, inv.OrganizationID, audit.Event{Action: action, ActorID: &userID, TargetType: "invitation", TargetID: &inv.ID,
		Details: map[string]any{"email": inv.Email, "role": inv.Role}})
}
