package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Delete hides the organization from everybody. Memberships stay and give no
// access; pending invitations are revoked, slug aliases end, and sessions in it
// have no active organization any more. [Organizations.Restore] undoes it. It
// takes the role of owners.
//
// Errors: [ErrNotFound], also when it is deleted already; [ErrForbidden].
func (s *Organizations) Delete(ctx context.Context, sc *scope.Scope) error {
	return s.change(ctx, "delete organization", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enter(ctx, sc)
		if err != nil {
			return err
		}
		if err := ch.need(a, ch.ownerRole()); err != nil {
			return err
		}
		id := a.organization.ID
		for _, st := range []query.Statement{
			query.ForOrg(query.Text("UPDATE organizations SET deleted_at = $1, updated_at = $1", ch.at), id),
			query.ForOrg(query.Text(`UPDATE organization_invitations SET revoked_at = $1, revoked_by = $2
				WHERE accepted_at IS NULL AND revoked_at IS NULL`, ch.at, a.userID()), id),
			query.ForOrg(query.Text("DELETE FROM organization_slug_aliases"), id),
		} {
			if _, err := ch.exec(ctx, st); err != nil {
				return err
			}
		}
		if err := ch.leaveSessions(ctx, "active_organization_id = $1", id); err != nil {
			return err
		}
		return ch.record(ctx, id, a.event(OrganizationDeleted, "organization", id, map[string]any{"slug": a.organization.Slug}))
	})
}

// Restore brings a deleted organization back, with its memberships and without
// its invitations. slug is its slug from now on, or empty for the one it had,
// which others may have taken meanwhile. The scope is one of a user who was its
// owner, with any organization or none, or a system scope of it.
//
// Errors: [ErrNotFound], [ErrForbidden], [ErrNotDeleted], [ErrLastOwner] when all
// of its owners have been deleted, [ErrPersonalExists], [ErrSlug],
// [ErrSlugReserved], [ErrSlugTaken].
func (s *Organizations) Restore(ctx context.Context, sc *scope.Scope, organizationID uuid.UUID, slug string) (scope.Organization, error) {
	var org scope.Organization
	err := s.change(ctx, "restore organization", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enterDeleted(ctx, sc, organizationID)
		if err != nil {
			return err
		}
		org = a.organization
		if slug != "" {
			org.Slug = slug
		}
		if err := ch.claimSlug(ctx, org.ID, org.Slug); err != nil {
			return err
		}
		owned, err := query.One[bool](ctx, ch.Tx, query.ForOrg(query.Text(
			"SELECT EXISTS (SELECT FROM organization_memberships WHERE role = $1)", ch.ownerRole()), org.ID))
		if err != nil {
			return err
		}
		if !owned {
			return ErrLastOwner
		}
		org.DeletedAt, org.UpdatedAt = nil, ch.at
		if _, err := ch.exec(ctx, query.ForOrg(query.Text(
			"UPDATE organizations SET deleted_at = NULL, slug = $1, updated_at = $2", org.Slug, ch.at), org.ID)); err != nil {
			return err
		}
		return ch.record(ctx, org.ID, a.event(OrganizationRestored, "organization", org.ID, map[string]any{"slug": org.Slug}))
	})
	if err != nil {
		return scope.Organization{}, err
	}
	return org, nil
}

// Purge removes a deleted organization for good, with everything whose foreign
// keys say so; the audit trail stays. Its owners may do so once it has been
// deleted for as long as [Retention] says, a system scope of it at once.
//
// Errors: [ErrNotFound], [ErrForbidden], [ErrNotDeleted], [ErrTooEarly], and
// PostgreSQL's own when rows of the application still refer to it.
func (s *Organizations) Purge(ctx context.Context, sc *scope.Scope, organizationID uuid.UUID) error {
	return s.change(ctx, "purge organization", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enterDeleted(ctx, sc, organizationID)
		if err != nil {
			return err
		}
		if until := a.organization.DeletedAt.Add(ch.retention); a.reason == nil && ch.at.Before(until) {
			return fmt.Errorf("%w; it can be purged from %s on", ErrTooEarly, until.Format("2006-01-02 15:04 MST"))
		}
		if _, err := ch.exec(ctx, query.ForOrg(query.Text("DELETE FROM organizations"), organizationID)); err != nil {
			return err
		}
		return ch.record(ctx, organizationID, a.event(OrganizationPurged, "organization", organizationID,
			map[string]any{"name": a.organization.Name, "slug": a.organization.Slug}))
	})
}

// enterDeleted locks a deleted organization for one of its owners.
func (ch *change) enterDeleted(ctx context.Context, sc *scope.Scope, id uuid.UUID) (actor, error) {
	a, err := ch.enterAny(ctx, sc, id)
	if err != nil {
		return actor{}, err
	}
	if err := ch.need(a, ch.ownerRole()); err != nil {
		return actor{}, err
	}
	if a.organization.DeletedAt == nil {
		return actor{}, ErrNotDeleted
	}
	return a, nil
}

// TransferOwnership makes another member owner and gives who acts, an owner, the
// next lower role. It returns the new owner's membership.
//
// Errors: [ErrNotFound], [ErrNoUser] for a system scope, which uses
// [Memberships.ChangeRole] instead, [ErrForbidden], also for a transfer to
// oneself.
func (s *Organizations) TransferOwnership(ctx context.Context, sc *scope.Scope, membershipID uuid.UUID) (scope.Membership, error) {
	var to scope.Membership
	err := s.change(ctx, "transfer ownership", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enter(ctx, sc)
		if err != nil {
			return err
		}
		if a.reason != nil {
			return ErrNoUser
		}
		if err := ch.need(a, ch.ownerRole()); err != nil {
			return err
		}
		if to, err = ch.memberByID(ctx, a.organization.ID, membershipID); err != nil {
			return err
		}
		if to.ID == a.membership.ID {
			return fmt.Errorf("%w: it would be a transfer to oneself", ErrForbidden)
		}
		if to, err = ch.setRole(ctx, a, to, ch.ownerRole()); err != nil {
			return err
		}
		roles := ch.ranking.Roles()
		if _, err := ch.setRole(ctx, a, a.membership, roles[min(1, len(roles)-1)]); err != nil {
			return err
		}
		return ch.record(ctx, a.organization.ID, a.event(OwnershipTransferred, "membership", to.ID,
			map[string]any{"from_user_id": a.membership.UserID, "to_user_id": to.UserID}))
	})
	if err != nil {
		return scope.Membership{}, err
	}
	return to, nil
}
