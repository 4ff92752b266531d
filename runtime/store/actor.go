package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// actor is who acts in an organization, as the database says under its lock.
type actor struct {
	organization scope.Organization
	membership   scope.Membership // zero for a system scope
	reason       *string          // of a system scope
}

const organizationColumns = "id, name, slug, personal, created_at, updated_at, deleted_at"
const membershipColumns = "id, organization_id, user_id, role, created_at, updated_at"

// lock takes the organization for this transaction, deleted or not. All that
// changes an organization does this first. NO KEY UPDATE excludes itself, and
// does not make the application wait whose rows reference the organization.
func (ch *change) lock(ctx context.Context, organizationID uuid.UUID) (scope.Organization, error) {
	org, err := query.One[scope.Organization](ctx, ch.Tx, query.ForOrg(query.Text(
		"SELECT "+organizationColumns+" FROM organizations FOR NO KEY UPDATE"), organizationID))
	return org, notFound(err)
}

// lockOf is lock for a member. Nobody else gets as far as the row: to wait for it
// would tell a stranger that there is such an organization, and to hold it would
// make its members wait for strangers.
func (ch *change) lockOf(ctx context.Context, organizationID, userID uuid.UUID, strength string) (scope.Organization, error) {
	org, err := query.One[scope.Organization](ctx, ch.Tx, query.ForOrg(query.Text("SELECT "+organizationColumns+` FROM organizations
		WHERE EXISTS (SELECT FROM organization_memberships m WHERE m.user_id = $1) `+strength, userID), organizationID))
	return org, notFound(err)
}

// enter locks the scope's organization, which must be live, and reads who acts.
// The membership is read by a statement of its own: one that waits for a lock
// goes on with what it saw before in all other tables.
func (ch *change) enter(ctx context.Context, sc *scope.Scope) (actor, error) {
	id, err := sc.OrganizationID()
	if err != nil {
		return actor{}, err
	}
	a, err := ch.enterAny(ctx, sc, id)
	if err == nil && a.organization.DeletedAt != nil {
		return actor{}, ErrNotFound
	}
	return a, err
}

// enterAny is enter for an organization that may be deleted.
func (ch *change) enterAny(ctx context.Context, sc *scope.Scope, id uuid.UUID) (actor, error) {
	if reason, ok := sc.Reason(); ok {
		if own, _ := sc.OrganizationID(); own != id {
			return actor{}, ErrNotFound
		}
		org, err := ch.lock(ctx, id)
		return actor{organization: org, reason: &reason}, err
	}
	if sc.UserID() == uuid.Nil {
		return actor{}, ErrNoUser
	}
	if id == uuid.Nil {
		return actor{}, ErrNotFound
	}
	org, err := ch.lockOf(ctx, id, sc.UserID(), "FOR NO KEY UPDATE")
	if err != nil {
		return actor{}, err
	}
	m, err := ch.memberByUser(ctx, id, sc.UserID())
	return actor{organization: org, membership: m}, err
}

func (ch *change) memberByUser(ctx context.Context, organizationID, userID uuid.UUID) (scope.Membership, error) {
	m, err := query.One[scope.Membership](ctx, ch.Tx, query.ForOrg(query.Text(
		"SELECT "+membershipColumns+" FROM organization_memberships WHERE user_id = $1", userID), organizationID))
	return m, notFound(err)
}

func (ch *change) memberByID(ctx context.Context, organizationID, id uuid.UUID) (scope.Membership, error) {
	m, err := query.One[scope.Membership](ctx, ch.Tx, query.ForOrg(query.Text(
		"SELECT "+membershipColumns+" FROM organization_memberships WHERE id = $1", id), organizationID))
	return m, notFound(err)
}

func notFound(err error) error {
	if errors.Is(err, query.ErrNotFound) {
		return ErrNotFound
	}
	return err
}

// visible reports ErrNotFound when the scope's organization was deleted or its
// user is no longer a member of it.
func (c *core) visible(ctx context.Context, sc *scope.Scope) error {
	_, err := c.standing(ctx, sc)
	return err
}

// standing reads who acts without a lock, for what only reads.
func (c *core) standing(ctx context.Context, sc *scope.Scope) (actor, error) {
	id, err := sc.OrganizationID()
	if err != nil {
		return actor{}, err
	}
	organizations := Organizations{c}
	if reason, ok := sc.Reason(); ok {
		org, err := organizations.Get(ctx, sc)
		return actor{organization: org, reason: &reason}, err
	}
	now, err := organizations.Enter(ctx, sc, id)
	if err != nil {
		return actor{}, err
	}
	org, _ := now.ActiveOrganization()
	m, _ := now.Membership()
	return actor{organization: org, membership: m}, nil
}

// scopeOf is the scope in which an actor acts.
func (c *core) scopeOf(a actor) (*scope.Scope, error) {
	sc, err := scope.ForMember(a.organization, a.membership)
	if err != nil {
		return nil, err
	}
	if c.ranked {
		sc = sc.WithRanking(c.ranking)
	}
	return sc, nil
}

func (c *core) ownerRole() scope.Role { return c.ranking.Roles()[0] }

// need refuses who ranks below role.
func (c *core) need(a actor, role scope.Role) error {
	if a.reason != nil || c.ranking.AtLeast(a.membership.Role, role) {
		return nil
	}
	return fmt.Errorf("%w: it takes the role %s", ErrForbidden, role)
}

// reaches refuses who ranks below a role that they would grant, change or
// remove.
func (c *core) reaches(a actor, role scope.Role) error {
	if a.reason != nil || c.ranking.AtLeast(a.membership.Role, role) {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrRank, role)
}

// known refuses a role that is not ranked. It comes after the questions of
// authority: outsiders need not learn which roles there are.
func (c *core) known(role scope.Role) error {
	if _, ok := c.ranking.Rank(role); !ok {
		return fmt.Errorf("%w: use one of %q", ErrRole, c.ranking.Roles())
	}
	return nil
}

// grants refuses a role that does not exist, or that the actor may not give.
func (c *core) grants(a actor, role scope.Role) error {
	if err := c.known(role); err != nil {
		return err
	}
	return c.reaches(a, role)
}

// mayInvite is who may bring somebody with a role into an organization.
func (c *core) mayInvite(a actor, role scope.Role) error {
	if err := c.need(a, c.manager); err != nil {
		return err
	}
	if err := c.grants(a, role); err != nil {
		return err
	}
	if a.organization.Personal {
		return ErrPersonal
	}
	return nil
}

// keepsOwner refuses to take the role of owner from a member when nobody else
// has it. The lock of the organization keeps the others as they are.
func (ch *change) keepsOwner(ctx context.Context, m scope.Membership) error {
	if m.Role != ch.ownerRole() {
		return nil
	}
	other, err := query.One[bool](ctx, ch.Tx, query.ForOrg(query.Text(
		"SELECT EXISTS (SELECT FROM organization_memberships WHERE role = $1 AND id <> $2)", m.Role, m.ID), m.OrganizationID))
	if err != nil {
		return err
	}
	if !other {
		return fmt.Errorf("%w; make somebody else owner first", ErrLastOwner)
	}
	return nil
}

// userID is who acts, nil for a system scope.
func (a actor) userID() *uuid.UUID {
	if a.reason != nil {
		return nil
	}
	return new(a.membership.UserID)
}

// event starts the event of what the actor does.
func (a actor) event(action, targetType string, targetID uuid.UUID, details map[string]any) audit.Event {
	return audit.Event{Action: action, ActorID: a.userID(), Reason: a.reason, TargetType: targetType, TargetID: &targetID, Details: details}
}
