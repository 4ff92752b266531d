package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/internal/keyset"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Invitations brings people into organizations.
type Invitations struct{ *core }

// Invitation is an address that may join an organization with a role. It is
// pending while neither AcceptedAt nor RevokedAt is set, until ExpiresAt.
type Invitation struct {
	ID             uuid.UUID
	OrganizationID uuid.UUID
	Email          string
	Role           scope.Role
	InvitedBy      *uuid.UUID // nil when it was background work, or the user is gone
	AcceptedBy     *uuid.UUID
	RevokedBy      *uuid.UUID // who declined it, too
	CreatedAt      time.Time
	ExpiresAt      time.Time // from this moment on it cannot be accepted
	AcceptedAt     *time.Time
	RevokedAt      *time.Time
}

const invitationColumns = `id, organization_id, email, role, invited_by, accepted_by, revoked_by,
	created_at, expires_at, accepted_at, revoked_at`

// Cursor is the invitation's place in a list.
func (i Invitation) Cursor() Cursor { return cursor(i.CreatedAt, i.ID) }

// Sent is an invitation together with its token, which is nowhere else but in
// the mail.
type Sent struct {
	Invitation
	Token Secret
}

// Mailing is what a mail of an invitation is made of. Address and names have
// nothing in them that could end a header; how to quote a name in HTML is up to
// the mailer.
type Mailing struct {
	Invitation   Invitation
	Organization scope.Organization
	Token        Secret // string(m.Token) belongs into the link
}

// Invite invites an address. An invitation to it that is pending is revoked, so
// that the old link is dead; to invite again is to resend. It takes the role of
// managers, and neither the role nor that of the invitation it replaces may be
// above one's own. The mail follows the commit; see [Mail].
//
// Errors: [ErrNotFound], [ErrForbidden], [ErrRole], [ErrRank], [ErrPersonal],
// [ErrEmail], [ErrAlreadyMember], [ErrUserLimit], [ErrOrganizationLimit].
func (s *Invitations) Invite(ctx context.Context, sc *scope.Scope, email string, role scope.Role) (Sent, error) {
	var sent Sent
	err := s.change(ctx, "invite", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enter(ctx, sc)
		if err != nil {
			return err
		}
		sent, err = ch.invite(ctx, a, email, role)
		return err
	})
	if err != nil {
		return Sent{}, err
	}
	return sent, nil
}

// Resend replaces a pending or expired invitation by a new one to the same
// address with the same role, as [Invitations.Invite] does. Errors are the same,
// and [ErrNotPending].
func (s *Invitations) Resend(ctx context.Context, sc *scope.Scope, invitationID uuid.UUID) (Sent, error) {
	var sent Sent
	err := s.change(ctx, "resend invitation", sc, func(ctx context.Context, ch *change) error {
		a, inv, err := ch.pending(ctx, sc, invitationID)
		if err != nil {
			return err
		}
		sent, err = ch.invite(ctx, a, inv.Email, inv.Role)
		return err
	})
	if err != nil {
		return Sent{}, err
	}
	return sent, nil
}

func (ch *change) invite(ctx context.Context, a actor, email string, role scope.Role) (Sent, error) {
	if err := ch.mayInvite(a, role); err != nil {
		return Sent{}, err
	}
	address, err := NormalizeEmail(email)
	if err != nil {
		return Sent{}, err
	}
	if err := ch.notMember(ctx, a.organization.ID, address); err != nil {
		return Sent{}, err
	}
	if err := ch.withinLimits(ctx, a); err != nil {
		return Sent{}, err
	}
	replaced, err := ch.revokePending(ctx, a, address)
	if err != nil {
		return Sent{}, err
	}
	token, err := newSecret(ch.random)
	if err != nil {
		return Sent{}, err
	}
	inv := Invitation{
		ID: uuid.New(), OrganizationID: a.organization.ID, Email: address, Role: role, InvitedBy: a.userID(),
		CreatedAt: ch.at, ExpiresAt: ch.at.Add(ch.invitationTTL).Truncate(time.Microsecond),
	}
	hash, _ := token.hash()
	if _, err := ch.exec(ctx, query.ForOrg(query.Text(`INSERT INTO organization_invitations
			(id, email, role, token_hash, invited_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		inv.ID, inv.Email, inv.Role, hash, inv.InvitedBy, inv.CreatedAt, inv.ExpiresAt), inv.OrganizationID)); err != nil {
		return Sent{}, err
	}
	if ch.mail != nil {
		mail := Mailing{inv, a.organization, token}
		ch.effects = append(ch.effects, effect{"mail of invitation " + inv.ID.String(), token, func(ctx context.Context) error { return ch.mail(ctx, mail) }})
	}
	return Sent{inv, token}, ch.record(ctx, inv.OrganizationID, a.event(InvitationCreated, "invitation", inv.ID,
		map[string]any{"email": inv.Email, "role": inv.Role, "replaced": replaced > 0}))
}

// notMember refuses an address that is one of a member's.
func (ch *change) notMember(ctx context.Context, organizationID uuid.UUID, address string) error {
	users, err := ch.usersWith(ctx, address)
	if err != nil {
		return err
	}
	member, err := query.One[bool](ctx, ch.Tx, query.ForOrg(query.Text(
		"SELECT EXISTS (SELECT FROM organization_memberships WHERE user_id = ANY ($1))", users), organizationID))
	if err != nil {
		return err
	}
	if member {
		return ErrAlreadyMember
	}
	return nil
}

// withinLimits counts what was sent in the last 24 hours, revoked or not. The
// lock of the organization makes its count exact; that of the user needs a lock
// of its own, because a user can send in several organizations at once.
func (ch *change) withinLimits(ctx context.Context, a actor) error {
	since := ch.at.Add(-limitWindow)
	if user := a.userID(); user != nil && ch.perUser > 0 {
		if err := ch.lockKeys(ctx, "sender", user.String()); err != nil {
			return err
		}
		n, err := query.One[int](ctx, ch.Tx, query.Unscoped(query.Text(
			"SELECT count(*) FROM organization_invitations WHERE invited_by = $1 AND created_at > $2", *user, since), bySender))
		if err != nil {
			return err
		}
		if n >= ch.perUser {
			return fmt.Errorf("%w: %d in 24 hours", ErrUserLimit, n)
		}
	}
	if ch.perOrg > 0 {
		n, err := query.One[int](ctx, ch.Tx, query.ForOrg(query.Text(
			"SELECT count(*) FROM organization_invitations WHERE created_at > $1", since), a.organization.ID))
		if err != nil {
			return err
		}
		if n >= ch.perOrg {
			return fmt.Errorf("%w: %d in 24 hours", ErrOrganizationLimit, n)
		}
	}
	return nil
}

// revokePending revokes what is pending for an address, expired or not. To replace
// an invitation is to take it away, so its role may not be above one's own.
func (ch *change) revokePending(ctx context.Context, a actor, address string) (int64, error) {
	role, err := query.One[scope.Role](ctx, ch.Tx, query.ForOrg(query.Text(`SELECT role FROM organization_invitations
		WHERE email = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2`, address, ch.at), a.organization.ID))
	switch {
	case err == nil:
		err = ch.reaches(a, role)
	case errors.Is(err, query.ErrNotFound):
		err = nil
	}
	if err != nil {
		return 0, err
	}
	return ch.exec(ctx, query.ForOrg(query.Text(`UPDATE organization_invitations SET revoked_at = $1, revoked_by = $2
		WHERE email = $3 AND accepted_at IS NULL AND revoked_at IS NULL`, ch.at, a.userID(), address), a.organization.ID))
}

// Revoke ends a pending or expired invitation. It takes the role of managers, and
// the role that it is for may not be above one's own.
//
// Errors: [ErrNotFound], [ErrForbidden], [ErrRank], [ErrNotPending].
func (s *Invitations) Revoke(ctx context.Context, sc *scope.Scope, invitationID uuid.UUID) error {
	return s.change(ctx, "revoke invitation", sc, func(ctx context.Context, ch *change) error {
		a, inv, err := ch.pending(ctx, sc, invitationID)
		if err != nil {
			return err
		}
		if err := ch.reaches(a, inv.Role); err != nil {
			return err
		}
		if err := ch.revoke(ctx, inv, a.userID()); err != nil {
			return err
		}
		return ch.record(ctx, inv.OrganizationID, a.event(InvitationRevoked, "invitation", inv.ID,
			map[string]any{"email": inv.Email, "role": inv.Role}))
	})
}

func (ch *change) revoke(ctx context.Context, inv Invitation, by *uuid.UUID) error {
	n, err := ch.exec(ctx, query.ForOrg(query.Text(`UPDATE organization_invitations SET revoked_at = $1, revoked_by = $2
		WHERE id = $3 AND accepted_at IS NULL AND revoked_at IS NULL`, ch.at, by, inv.ID), inv.OrganizationID))
	if err == nil && n == 0 {
		return ErrNotPending // somebody writes without our locks
	}
	return err
}

// pending locks the scope's organization and reads one of its invitations for a
// manager.
func (ch *change) pending(ctx context.Context, sc *scope.Scope, id uuid.UUID) (actor, Invitation, error) {
	a, err := ch.enter(ctx, sc)
	if err != nil {
		return actor{}, Invitation{}, err
	}
	if err := ch.need(a, ch.manager); err != nil {
		return actor{}, Invitation{}, err
	}
	inv, err := ch.invitation(ctx, a.organization.ID, id)
	if err != nil {
		return actor{}, Invitation{}, err
	}
	if inv.AcceptedAt != nil || inv.RevokedAt != nil {
		return actor{}, Invitation{}, ErrNotPending
	}
	return a, inv, nil
}

func (ch *change) invitation(ctx context.Context, organizationID, id uuid.UUID) (Invitation, error) {
	inv, err := query.One[Invitation](ctx, ch.Tx, query.ForOrg(query.Text(
		"SELECT "+invitationColumns+" FROM organization_invitations WHERE id = $1 FOR UPDATE", id), organizationID))
	return inv, notFound(err)
}

// ListPending returns the invitations of the scope's organization that can still
// be accepted, newest first. It takes the role of managers.
//
// Errors: [ErrNotFound], [ErrForbidden].
func (s *Invitations) ListPending(ctx context.Context, sc *scope.Scope, p Page) ([]Invitation, error) {
	a, err := s.standing(ctx, sc)
	if err != nil {
		return nil, err
	}
	if err := s.need(a, s.manager); err != nil {
		return nil, s.finish(ctx, "list invitations", sc, err)
	}
	after := p.from(keyset.Newest)
	return query.All[Invitation](ctx, s.db, query.ForOrg(query.Text("SELECT "+invitationColumns+` FROM organization_invitations
		WHERE accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $1 AND (created_at, id) < ($2, $3)
		ORDER BY created_at DESC, id DESC LIMIT $4`, s.time(), after.At, after.ID, p.limit()), sc))
}

// Offer is an invitation as the invited person sees it.
type Offer struct {
	Invitation
	OrganizationName string
}

// ListForUser returns the invitations to the address of the scope's user that can
// still be accepted, in all organizations, newest first; none when the user has
// no verified address. Accepting one takes the token from the mail. It is
// [ErrNoUser] for a scope without a user.
func (s *Invitations) ListForUser(ctx context.Context, sc *scope.Scope, p Page) ([]Offer, error) {
	if sc.UserID() == uuid.Nil {
		return nil, ErrNoUser
	}
	address, err := s.address(ctx, s.db, sc.UserID())
	if err != nil || address == "" {
		return nil, err
	}
	after := p.from(keyset.Newest)
	return query.All[Offer](ctx, s.db, query.Unscoped(query.Text(`SELECT i.id, i.organization_id, i.email, i.role, i.invited_by,
			i.accepted_by, i.revoked_by, i.created_at, i.expires_at, i.accepted_at, i.revoked_at, o.name AS organization_name
		FROM organization_invitations i JOIN organizations o ON o.id = i.organization_id AND o.deleted_at IS NULL
		WHERE i.email = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2 AND (i.created_at, i.id) < ($3, $4)
		ORDER BY i.created_at DESC, i.id DESC LIMIT $5`, address, s.time(), after.At, after.ID, p.limit()), byAddress))
}

// Preview is what may be shown to whoever holds a token.
type Preview struct {
	Offer
	// HasAccount: a user with the invited address exists, who should sign in
	// rather than sign up.
	HasAccount bool
}

// Preview looks at an invitation without writing anything. sc is the scope of
// whoever is signed in, or nil.
//
// Errors are those of [Invitations.Accept]; with [ErrEmailMismatch] and all
// others nothing of the invitation is shown.
func (s *Invitations) Preview(ctx context.Context, sc *scope.Scope, token Secret) (Preview, error) {
	p, err := s.preview(ctx, sc, token)
	if err != nil {
		return Preview{}, s.finish(ctx, "preview invitation", sc, err)
	}
	return p, nil
}

func (s *Invitations) preview(ctx context.Context, sc *scope.Scope, token Secret) (Preview, error) {
	hash, ok := token.hash()
	if !ok {
		return Preview{}, ErrInvalidToken
	}
	type row struct {
		Offer
		Live bool
	}
	found, err := query.One[row](ctx, s.db, query.Unscoped(query.Text(`SELECT i.id, i.organization_id, i.email, i.role, i.invited_by,
			i.accepted_by, i.revoked_by, i.created_at, i.expires_at, i.accepted_at, i.revoked_at,
			o.name AS organization_name, o.deleted_at IS NULL AS live
		FROM organization_invitations i JOIN organizations o ON o.id = i.organization_id WHERE i.token_hash = $1`, hash), byToken))
	if errors.Is(err, query.ErrNotFound) {
		return Preview{}, ErrInvalidToken
	}
	if err != nil {
		return Preview{}, err
	}
	if err := found.usable(s.time(), found.Live); err != nil {
		return Preview{}, err
	}
	if user := sc.UserID(); user != uuid.Nil {
		address, err := s.address(ctx, s.db, user)
		if err != nil {
			return Preview{}, err
		}
		if address != found.Email {
			return Preview{}, ErrEmailMismatch
		}
	}
	users, err := s.directory.Find(ctx, s.db, found.Email)
	if err != nil {
		return Preview{}, fmt.Errorf("store: users with an address: %w", err)
	}
	return Preview{found.Offer, len(users) > 0}, nil
}

// usable says why an invitation cannot be accepted any more.
func (i Invitation) usable(now time.Time, live bool) error {
	switch {
	case i.AcceptedAt != nil:
		return ErrAlreadyAccepted
	case i.RevokedAt != nil, !live:
		return ErrRevoked
	case !now.Before(i.ExpiresAt):
		return ErrExpired
	}
	return nil
}
