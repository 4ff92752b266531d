package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/internal/keyset"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Memberships adds, changes, removes and lists the members of organizations.
type Memberships struct{ *core }

// Add makes a user a member, without an invitation. Invitations to the user's
// address that are pending in the organization are revoked. It takes the role of
// managers, and neither the role nor that of a pending invitation may be above
// one's own.
//
// Errors: [ErrNotFound], also when there is no such user; [ErrForbidden],
// [ErrRole], [ErrRank], [ErrPersonal], [ErrAlreadyMember].
func (s *Memberships) Add(ctx context.Context, sc *scope.Scope, userID uuid.UUID, role scope.Role) (scope.Membership, error) {
	var m scope.Membership
	err := s.change(ctx, "add member", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enter(ctx, sc)
		if err != nil {
			return err
		}
		if err := ch.mayInvite(a, role); err != nil {
			return err
		}
		if m, err = ch.insertMember(ctx, a.organization.ID, userID, role); err != nil {
			return err
		}
		if err := ch.endInvitations(ctx, a, userID); err != nil {
			return err
		}
		return ch.record(ctx, m.OrganizationID, a.event(MembershipAdded, "membership", m.ID,
			map[string]any{"user_id": m.UserID, "role": m.Role}))
	})
	if err != nil {
		return scope.Membership{}, err
	}
	return m, nil
}

// endInvitations revokes what is pending for a user who has become a member.
func (ch *change) endInvitations(ctx context.Context, a actor, userID uuid.UUID) error {
	address, err := ch.addressOf(ctx, userID)
	if err != nil || address == "" {
		return err
	}
	_, err = ch.revokePending(ctx, a, address)
	return err
}

func (ch *change) insertMember(ctx context.Context, organizationID, userID uuid.UUID, role scope.Role) (scope.Membership, error) {
	m := scope.Membership{ID: uuid.New(), OrganizationID: organizationID, UserID: userID, Role: role, CreatedAt: ch.at, UpdatedAt: ch.at}
	_, err := ch.exec(ctx, query.ForOrg(query.Text(`INSERT INTO organization_memberships
		(id, user_id, role, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)`, m.ID, m.UserID, m.Role, ch.at), organizationID))
	return m, named(err)
}

// ChangeRole gives a member another role. It takes the role of managers, and
// neither the member's role nor the new one may be above one's own. Invitations
// that the member has sent and may no longer send are revoked.
//
// Errors: [ErrNotFound], [ErrForbidden], [ErrRole], [ErrRank], [ErrLastOwner].
func (s *Memberships) ChangeRole(ctx context.Context, sc *scope.Scope, membershipID uuid.UUID, role scope.Role) (scope.Membership, error) {
	var m scope.Membership
	err := s.change(ctx, "change role", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enter(ctx, sc)
		if err != nil {
			return err
		}
		if err := ch.need(a, ch.manager); err != nil {
			return err
		}
		if m, err = ch.memberByID(ctx, a.organization.ID, membershipID); err != nil {
			return err
		}
		if err := ch.reaches(a, m.Role); err != nil {
			return err
		}
		if err := ch.grants(a, role); err != nil {
			return err
		}
		if role != ch.ownerRole() {
			if err := ch.keepsOwner(ctx, m); err != nil {
				return err
			}
		}
		was := m.Role
		if m, err = ch.setRole(ctx, a, m, role); err != nil {
			return err
		}
		return ch.record(ctx, m.OrganizationID, a.event(MembershipRoleChanged, "membership", m.ID,
			map[string]any{"user_id": m.UserID, "from": was, "to": m.Role}))
	})
	if err != nil {
		return scope.Membership{}, err
	}
	return m, nil
}

func (ch *change) setRole(ctx context.Context, a actor, m scope.Membership, role scope.Role) (scope.Membership, error) {
	m.Role, m.UpdatedAt = role, ch.at
	if _, err := ch.exec(ctx, query.ForOrg(query.Text(
		"UPDATE organization_memberships SET role = $1, updated_at = $2 WHERE id = $3", role, ch.at, m.ID), m.OrganizationID)); err != nil {
		return m, err
	}
	return m, ch.endSent(ctx, a, m, role)
}

// endSent revokes what a member has sent and may no longer grant with the role
// that they have now, "" for none. To ask at the acceptance is not enough: by then
// the sender's account may be gone, and with it who it was.
func (ch *change) endSent(ctx context.Context, a actor, m scope.Membership, now scope.Role) error {
	granted := []string{}
	for _, role := range ch.ranking.Roles() {
		if ch.ranking.AtLeast(now, ch.manager) && ch.ranking.AtLeast(now, role) {
			granted = append(granted, string(role))
		}
	}
	_, err := ch.exec(ctx, query.ForOrg(query.Text(`UPDATE organization_invitations SET revoked_at = $1, revoked_by = $2
		WHERE invited_by = $3 AND accepted_at IS NULL AND revoked_at IS NULL AND role <> ALL ($4)`,
		ch.at, a.userID(), m.UserID, granted), m.OrganizationID))
	return err
}

// Remove ends a membership, revokes what the member has sent, and clears the
// organization from the user's sessions. It takes the role of managers, and the
// member's role may not be above one's own. To end one's own membership is
// [Memberships.Leave], whatever the role.
//
// Errors: [ErrNotFound], [ErrForbidden], [ErrRank], [ErrLastOwner], and
// PostgreSQL's own when rows of the application refer to the membership.
func (s *Memberships) Remove(ctx context.Context, sc *scope.Scope, membershipID uuid.UUID) error {
	return s.change(ctx, "remove member", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enter(ctx, sc)
		if err != nil {
			return err
		}
		if a.reason == nil && a.membership.ID == membershipID {
			return ch.leave(ctx, a)
		}
		if err := ch.need(a, ch.manager); err != nil {
			return err
		}
		m, err := ch.memberByID(ctx, a.organization.ID, membershipID)
		if err != nil {
			return err
		}
		if err := ch.reaches(a, m.Role); err != nil {
			return err
		}
		if err := ch.removeMember(ctx, a, m); err != nil {
			return err
		}
		return ch.record(ctx, m.OrganizationID, a.event(MembershipRemoved, "membership", m.ID,
			map[string]any{"user_id": m.UserID, "role": m.Role}))
	})
}

// Leave ends the membership of the scope's user as [Memberships.Remove] does.
//
// Errors: [ErrNotFound], [ErrNoUser], [ErrLastOwner].
func (s *Memberships) Leave(ctx context.Context, sc *scope.Scope) error {
	return s.change(ctx, "leave organization", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enter(ctx, sc)
		if err != nil {
			return err
		}
		if a.reason != nil {
			return ErrNoUser
		}
		return ch.leave(ctx, a)
	})
}

func (ch *change) leave(ctx context.Context, a actor) error {
	m := a.membership
	if err := ch.removeMember(ctx, a, m); err != nil {
		return err
	}
	return ch.record(ctx, m.OrganizationID, a.event(MembershipLeft, "membership", m.ID,
		map[string]any{"user_id": m.UserID, "role": m.Role}))
}

// removeMember ends a membership. A deleted organization needs no owner.
func (ch *change) removeMember(ctx context.Context, a actor, m scope.Membership) error {
	if a.organization.DeletedAt == nil {
		if err := ch.keepsOwner(ctx, m); err != nil {
			return err
		}
	}
	if _, err := ch.exec(ctx, query.ForOrg(query.Text(
		"DELETE FROM organization_memberships WHERE id = $1", m.ID), m.OrganizationID)); err != nil {
		return err
	}
	if err := ch.endSent(ctx, a, m, ""); err != nil {
		return err
	}
	return ch.leaveSessions(ctx, "active_organization_id = $1 AND user_id = $2", m.OrganizationID, m.UserID)
}

// Depart ends all memberships of the scope's user, in deleted organizations too,
// and then calls then in the same transaction, which deletes the user. Deleting
// the user without Depart is as safe and says less: the database ends the
// memberships, and refuses at the commit to leave an organization without owner.
//
// Errors: [ErrNoUser]; [ErrLastOwner] when the user is the only owner of an
// organization, which must be handed over or deleted first; [ErrRefused] with the
// error of then.
func (s *Memberships) Depart(ctx context.Context, sc *scope.Scope, then func(ctx context.Context, tx pgx.Tx) error) error {
	return s.change(ctx, "depart", sc, func(ctx context.Context, ch *change) error {
		user, err := scope.ForUser(sc.UserID())
		if err != nil {
			return ErrNoUser
		}
		// By id, so that two departures wait for each other in one direction.
		ids, err := query.All[uuid.UUID](ctx, ch.Tx, query.Unscoped(query.Text(
			"SELECT organization_id FROM organization_memberships WHERE user_id = $1 ORDER BY organization_id", sc.UserID()), byUser))
		if err != nil {
			return err
		}
		for _, id := range ids {
			a, err := ch.enterAny(ctx, user, id)
			if errors.Is(err, ErrNotFound) {
				continue // somebody else has ended it meanwhile
			}
			if err != nil {
				return err
			}
			if err := ch.leave(ctx, a); err != nil {
				return err
			}
		}
		return ch.lend("the callback", func(tx pgx.Tx) error { return then(ctx, tx) })
	})
}

// Member is one entry of the list of members.
type Member struct {
	scope.Membership
	// LastActiveAt is when one of the member's sessions in the organization was
	// last used; nil when there is none.
	LastActiveAt *time.Time
}

// Cursor is the member's place in a list.
func (m Member) Cursor() Cursor { return cursor(m.CreatedAt, m.ID) }

// Get returns a membership of the scope's organization, for its members. It is
// [ErrNotFound] when there is none with that id, and for those who are no
// members.
func (s *Memberships) Get(ctx context.Context, sc *scope.Scope, membershipID uuid.UUID) (scope.Membership, error) {
	if err := s.visible(ctx, sc); err != nil {
		return scope.Membership{}, err
	}
	m, err := query.One[scope.Membership](ctx, s.db, query.ForOrg(query.Text(
		"SELECT "+membershipColumns+" FROM organization_memberships WHERE id = $1", membershipID), sc))
	return m, s.finish(ctx, "get member", sc, notFound(err))
}

// List returns the members of the scope's organization, for its members, the
// oldest membership first. It is [ErrNotFound] for those who are no members.
func (s *Memberships) List(ctx context.Context, sc *scope.Scope, p Page) ([]Member, error) {
	if err := s.visible(ctx, sc); err != nil {
		return nil, err
	}
	after := p.from(keyset.Oldest)
	list, err := query.All[scope.Membership](ctx, s.db, query.ForOrg(query.Text("SELECT "+membershipColumns+
		" FROM organization_memberships WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3",
		after.At, after.ID, p.limit()), sc))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	active, err := s.activity(ctx, list)
	if err != nil {
		return nil, err
	}
	members := make([]Member, len(list))
	for i, m := range list {
		members[i] = Member{m, active[m.UserID]}
	}
	return members, nil
}

// activity returns when members were last active in their organization.
func (s *Memberships) activity(ctx context.Context, members []scope.Membership) (map[uuid.UUID]*time.Time, error) {
	if s.sessions == "" {
		return nil, nil
	}
	users := make([]uuid.UUID, len(members))
	for i, m := range members {
		users[i] = m.UserID
	}
	type activity struct {
		UserID uuid.UUID
		At     *time.Time
	}
	rows, err := query.All[activity](ctx, s.db, query.Unscoped(query.Text("SELECT user_id, max(last_active_at) AS at FROM "+s.sessions+
		" WHERE active_organization_id = $1 AND user_id = ANY ($2) GROUP BY user_id", members[0].OrganizationID, users), bySession))
	if err != nil {
		return nil, err
	}
	at := make(map[uuid.UUID]*time.Time, len(rows))
	for _, row := range rows {
		at[row.UserID] = row.At
	}
	return at, nil
}

// Count returns how many members the scope's organization has, for its members.
// It is [ErrNotFound] for those who are no members.
func (s *Memberships) Count(ctx context.Context, sc *scope.Scope) (int, error) {
	if err := s.visible(ctx, sc); err != nil {
		return 0, err
	}
	return query.One[int](ctx, s.db, query.ForOrg(query.Text("SELECT count(*) FROM organization_memberships"), sc))
}
