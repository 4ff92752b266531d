package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Sessions knows the active organization of sessions. It is where a user
// continues, and never a right: the membership is read on each request.
type Sessions struct{ *core }

// Session is a signed-in browser or device.
type Session struct {
	ID                   uuid.UUID
	UserID               uuid.UUID
	ActiveOrganizationID *uuid.UUID
	CreatedAt            time.Time
	LastActiveAt         time.Time
	ExpiresAt            time.Time // from this moment on it is not valid
}

// Standing says how a session came to its scope.
type Standing string

const (
	// Active: the scope is one of a member, by the session's active organization
	// or by the only membership that there is.
	Active Standing = "active"
	// NoOrganization: the user has no membership. The scope has a user only.
	NoOrganization Standing = "none"
	// MustChoose: there are several memberships, and the session names none of
	// them. The scope has a user only; show [Organizations.List] and call
	// [Sessions.Activate].
	MustChoose Standing = "choose"
)

// Resolution is what a request starts from.
type Resolution struct {
	SessionID uuid.UUID
	Standing  Standing
	Scope     *scope.Scope
}

// Start makes a session for the scope's user, who has just signed in, and returns
// its token for a cookie. It has no active organization.
func (s *Sessions) Start(ctx context.Context, sc *scope.Scope) (Session, Secret, error) {
	if err := s.ready(sc); err != nil {
		return Session{}, "", err
	}
	token, err := newSecret(s.random)
	if err != nil {
		return Session{}, "", err
	}
	now := s.time()
	session := Session{ID: uuid.New(), UserID: sc.UserID(), CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(s.sessionTTL)}
	hash, _ := token.hash()
	_, err = query.Exec(ctx, s.db, query.Unscoped(query.Text("INSERT INTO "+s.sessions+
		" (id, user_id, token_hash, created_at, last_active_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)",
		session.ID, session.UserID, hash, now, session.ExpiresAt), bySession))
	if err != nil {
		return Session{}, "", s.finish(ctx, "start session", sc, err)
	}
	return session, token, nil
}

// Resolve turns the token of a session into the scope of a request, with one
// query: the session, its user's membership and the organization as they are now.
// Without a membership there is no organization, with one it is that, and with
// several it is the session's active one, or a choice; see [Standing]. A session
// that points at an organization that the user has left is as if it pointed
// nowhere. Nothing is written.
//
// It is [ErrNoSession] when there is no such session or it has expired.
func (s *Sessions) Resolve(ctx context.Context, token Secret) (Resolution, error) {
	hash, ok := token.hash()
	if !ok {
		return Resolution{}, s.finish(ctx, "resolve session", nil, ErrNoSession)
	}
	return s.resolve(ctx, "s.token_hash = $1 AND s.expires_at > $2", hash, s.time())
}

// ResolveID is [Sessions.Resolve] for applications that have sessions of their
// own, and have found out by themselves which one a request belongs to, and that
// it is valid.
func (s *Sessions) ResolveID(ctx context.Context, sessionID uuid.UUID) (Resolution, error) {
	return s.resolve(ctx, "s.id = $1", sessionID)
}

// resolvedRow is a session, beside a membership if there is one.
type resolvedRow struct {
	SessionID     uuid.UUID
	SessionUser   uuid.UUID
	ActiveID      *uuid.UUID
	OrgID         *uuid.UUID
	Name, Slug    *string
	Personal      *bool
	OrgCreated    *time.Time
	OrgUpdated    *time.Time
	MembershipID  *uuid.UUID
	Role          *scope.Role
	Joined, Since *time.Time
}

func (s *Sessions) resolve(ctx context.Context, condition string, args ...any) (Resolution, error) {
	if s.sessions == "" {
		return Resolution{}, errNoTable
	}
	// Two memberships are enough to know that there are several. The active one
	// comes first.
	rows, err := query.All[resolvedRow](ctx, s.db, query.Unscoped(query.Text(`SELECT s.id AS session_id, s.user_id AS session_user,
			s.active_organization_id AS active_id, m.org_id, m.name, m.slug, m.personal, m.org_created, m.org_updated,
			m.membership_id, m.role, m.joined, m.since
		FROM `+s.sessions+` s LEFT JOIN LATERAL (
			SELECT o.id AS org_id, o.name, o.slug, o.personal, o.created_at AS org_created, o.updated_at AS org_updated,
				m.id AS membership_id, m.role, m.created_at AS joined, m.updated_at AS since
			FROM organization_memberships m JOIN organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL
			WHERE m.user_id = s.user_id
			ORDER BY m.organization_id = s.active_organization_id DESC NULLS LAST LIMIT 2
		) m ON true WHERE `+condition, args...), bySession))
	if err != nil {
		return Resolution{}, err
	}
	if len(rows) == 0 {
		return Resolution{}, s.finish(ctx, "resolve session", nil, ErrNoSession)
	}
	return s.resolution(rows)
}

func (s *Sessions) resolution(rows []resolvedRow) (Resolution, error) {
	row := rows[0]
	r := Resolution{SessionID: row.SessionID}
	switch {
	case row.OrgID == nil:
		r.Standing = NoOrganization
	case row.ActiveID != nil && *row.ActiveID == *row.OrgID, len(rows) == 1:
		r.Standing = Active
	default:
		r.Standing = MustChoose
	}
	var err error
	if r.Standing != Active {
		r.Scope, err = scope.ForUser(row.SessionUser)
		return r, err
	}
	r.Scope, err = s.scopeOf(actor{
		organization: scope.Organization{ID: *row.OrgID, Name: *row.Name, Slug: *row.Slug, Personal: *row.Personal,
			CreatedAt: *row.OrgCreated, UpdatedAt: *row.OrgUpdated},
		membership: scope.Membership{ID: *row.MembershipID, OrganizationID: *row.OrgID, UserID: row.SessionUser, Role: *row.Role,
			CreatedAt: *row.Joined, UpdatedAt: *row.Since},
	})
	return r, err
}

// Activate makes an organization the active one of a session of the scope's user,
// and returns the scope in which they act in it.
//
// Errors: [ErrNoUser]; [ErrNotFound] when the user is not a member of it, whether
// or not there is such an organization; [ErrNoSession] when the session is not
// the user's.
func (s *Sessions) Activate(ctx context.Context, sc *scope.Scope, sessionID, organizationID uuid.UUID) (*scope.Scope, error) {
	var active *scope.Scope
	err := s.change(ctx, "activate organization", sc, func(ctx context.Context, ch *change) error {
		if err := ch.ready(sc); err != nil {
			return err
		}
		// Shared, so that a user's devices do not wait for each other, and
		// exclusive of what ends memberships.
		org, err := query.One[scope.Organization](ctx, ch.Tx, query.ForOrg(query.Text(
			"SELECT "+organizationColumns+" FROM organizations WHERE deleted_at IS NULL FOR SHARE"), organizationID))
		if errors.Is(err, query.ErrNilID) || errors.Is(err, query.ErrNotFound) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		m, err := ch.memberByUser(ctx, org.ID, sc.UserID())
		if err != nil {
			return err
		}
		if err := ch.point(ctx, sessionID, sc.UserID(), &org.ID); err != nil {
			return err
		}
		a := actor{organization: org, membership: m}
		if err := ch.record(ctx, org.ID, a.event(OrganizationActivated, "session", sessionID, nil)); err != nil {
			return err
		}
		active, err = ch.scopeOf(a)
		return err
	})
	if err != nil {
		return nil, err
	}
	return active, nil
}

// Clear leaves a session of the scope's user without an active organization.
//
// Errors: [ErrNoUser], [ErrNoSession].
func (s *Sessions) Clear(ctx context.Context, sc *scope.Scope, sessionID uuid.UUID) error {
	return s.change(ctx, "clear active organization", sc, func(ctx context.Context, ch *change) error {
		if err := ch.ready(sc); err != nil {
			return err
		}
		was, err := query.One[*uuid.UUID](ctx, ch.Tx, query.Unscoped(query.Text("SELECT active_organization_id FROM "+ch.sessions+
			" WHERE id = $1 AND user_id = $2 FOR UPDATE", sessionID, sc.UserID()), bySession))
		if errors.Is(err, query.ErrNotFound) {
			return ErrNoSession
		}
		if err != nil || was == nil {
			return err
		}
		if err := ch.point(ctx, sessionID, sc.UserID(), nil); err != nil {
			return err
		}
		return ch.record(ctx, *was, audit.Event{Action: OrganizationDeactivated, ActorID: new(sc.UserID()), TargetType: "session", TargetID: &sessionID})
	})
}

func (ch *change) point(ctx context.Context, sessionID, userID uuid.UUID, organizationID *uuid.UUID) error {
	n, err := ch.exec(ctx, query.Unscoped(query.Text("UPDATE "+ch.sessions+
		" SET active_organization_id = $1 WHERE id = $2 AND user_id = $3", organizationID, sessionID, userID), bySession))
	if err == nil && n == 0 {
		return ErrNoSession
	}
	return err
}

// Touch notes that a session of the scope's user is in use, for the list of
// members. Calling it on each request is fine: it writes once a minute.
func (s *Sessions) Touch(ctx context.Context, sc *scope.Scope, sessionID uuid.UUID) error {
	if err := s.ready(sc); err != nil {
		return err
	}
	now := s.time()
	_, err := query.Exec(ctx, s.db, query.Unscoped(query.Text("UPDATE "+s.sessions+
		" SET last_active_at = $1 WHERE id = $2 AND user_id = $3 AND last_active_at <= $4",
		now, sessionID, sc.UserID(), now.Add(-time.Minute)), bySession))
	return err
}

// End deletes a session of the scope's user, who signs out. It is [ErrNoSession]
// when there is none.
func (s *Sessions) End(ctx context.Context, sc *scope.Scope, sessionID uuid.UUID) error {
	if err := s.ready(sc); err != nil {
		return err
	}
	tag, err := query.Exec(ctx, s.db, query.Unscoped(query.Text("DELETE FROM "+s.sessions+
		" WHERE id = $1 AND user_id = $2", sessionID, sc.UserID()), bySession))
	if err == nil && tag.RowsAffected() == 0 {
		return ErrNoSession
	}
	return err
}

var errNoTable = fmt.Errorf("%w: the stores were told that there is no table of sessions", ErrNoSession)

func (c *core) ready(sc *scope.Scope) error {
	if c.sessions == "" {
		return errNoTable
	}
	if sc.UserID() == uuid.Nil {
		return ErrNoUser
	}
	return nil
}
