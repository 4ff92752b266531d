package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Sessions knows the active organization of sessions. It is where a user
// continues, and never a right: the membership is read on each request.
type Sessions struct {
	*core
	byToken, byID string // statements
}

func newSessions(k *core) *Sessions {
	sql := resolution(k.sessions)
	return &Sessions{k, sql + "s.token_hash = $1 AND s.expires_at > $2", sql + "s.id = $1"}
}

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
//
// Errors: [ErrNoUser]; [ErrNotFound] when there is no such user.
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
	return s.resolve(ctx, s.byToken, hash, s.time())
}

// ResolveID is [Sessions.Resolve] for applications that have sessions of their
// own, and have found out by themselves which one a request belongs to, and that
// it is valid. It is [ErrNoSession] when there is none with that id.
func (s *Sessions) ResolveID(ctx context.Context, sessionID uuid.UUID) (Resolution, error) {
	return s.resolve(ctx, s.byID, sessionID)
}

// resolution selects a session with its user's membership of the active
// organization, if there still is one, and otherwise with what they are a member
// of.
func resolution(sessions string) string {
	return `SELECT s.id, s.user_id, CASE WHEN o.id IS NULL THEN organization_memberships_of(s.user_id) END,
			o.id, o.name, o.slug, o.personal, o.created_at, o.updated_at, m.id, m.role, m.created_at, m.updated_at
		FROM ` + sessions + ` s LEFT JOIN (
			organization_memberships m JOIN organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL
		) ON m.organization_id = s.active_organization_id AND m.user_id = s.user_id WHERE `
}

func (s *Sessions) resolve(ctx context.Context, sql string, args ...any) (Resolution, error) {
	if s.sessions == "" {
		return Resolution{}, errNoTable
	}
	// Every request comes here, so the row is read without reflection.
	sql, args, err := query.Unscoped(query.Text(sql, args...), bySession).SQL()
	if err != nil {
		return Resolution{}, err
	}
	rows, err := s.db.Query(ctx, sql, args...)
	if err != nil {
		return Resolution{}, err
	}
	r, err := pgx.CollectOneRow(rows, s.resolved)
	if errors.Is(err, pgx.ErrNoRows) {
		err = s.finish(ctx, "resolve session", nil, ErrNoSession)
	}
	return r, err
}

// resolved reads a row of resolution.
func (s *Sessions) resolved(row pgx.CollectableRow) (r Resolution, err error) {
	const entries = 2 // the column that is not null when there is no active organization
	var e Entry
	o, m := &e.Organization, &e.Membership
	if row.RawValues()[entries] == nil {
		if err := row.Scan(raw(&r.SessionID), raw(&m.UserID), nil, raw(&o.ID), &o.Name, &o.Slug, &o.Personal, &o.CreatedAt, &o.UpdatedAt,
			raw(&m.ID), (*string)(&m.Role), &m.CreatedAt, &m.UpdatedAt); err != nil {
			return Resolution{}, err
		}
		m.OrganizationID = o.ID
		r.Standing = Active
	} else {
		var user uuid.UUID
		var choice []Entry
		if err := row.Scan(&r.SessionID, &user, &choice, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil); err != nil {
			return Resolution{}, err
		}
		switch len(choice) {
		case 1:
			e, r.Standing = choice[0], Active
		case 0:
			r.Standing = NoOrganization
		default:
			r.Standing = MustChoose
		}
		if r.Standing != Active {
			r.Scope, err = scope.ForUser(user)
			return r, err
		}
	}
	r.Scope, err = s.scopeOf(actor{organization: e.Organization, membership: e.Membership})
	return r, err
}

// raw is an id as the type that pgx reads without a detour through text.
func raw(id *uuid.UUID) *[16]byte { return (*[16]byte)(id) }

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
		org, err := ch.lockOf(ctx, organizationID, sc.UserID(), "FOR SHARE")
		if errors.Is(err, query.ErrNilID) || err == nil && org.DeletedAt != nil {
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

// leaveSessions clears the active organization of the sessions for which the
// condition holds.
func (ch *change) leaveSessions(ctx context.Context, condition string, args ...any) error {
	if ch.sessions == "" {
		return nil
	}
	_, err := ch.exec(ctx, query.Unscoped(query.Text(
		"UPDATE "+ch.sessions+" SET active_organization_id = NULL WHERE "+condition, args...), bySession))
	return err
}

// Touch notes that a session of the scope's user is in use, for the list of
// members. Calling it on each request is fine: it writes once a minute. A session
// that is not there is no error; a scope without a user is [ErrNoUser].
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

// End deletes a session of the scope's user, who signs out.
//
// Errors: [ErrNoUser]; [ErrNoSession] when the user has no such session.
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
