package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/runtime/scope"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

// errLeftBehind: comments name their author, who must be a member.
var errLeftBehind = errors.New("the member has written comments, which have to go first")

type member struct {
	ID         uuid.UUID  `json:"id"`
	UserID     uuid.UUID  `json:"user_id"`
	Role       scope.Role `json:"role"`
	LastActive *time.Time `json:"last_active_at,omitempty"`
}

// invitation is without its token, which is in the mail alone.
type invitation struct {
	ID        uuid.UUID  `json:"id"`
	Email     string     `json:"email"`
	Role      scope.Role `json:"role"`
	ExpiresAt time.Time  `json:"expires_at"`
}

func invitationOf(i orgs.Invitation) invitation {
	return invitation{i.ID, i.Email, i.Role, i.ExpiresAt}
}

func (s *server) listMembers(r *http.Request, sc *scope.Scope) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	mark, err := orgs.ParseCursor(r.URL.Query().Get("after"))
	if err != nil {
		return nil, invalid("after: not a mark that a list gave out")
	}
	list, err := s.store.Memberships.List(r.Context(), sc, orgs.Page{Limit: n, After: mark})
	if err != nil {
		return nil, err
	}
	p := page[member]{Items: make([]member, len(list))}
	for i, m := range list {
		p.Items[i] = member{m.ID, m.UserID, m.Role, m.LastActiveAt}
		if i == n-1 {
			p.Next = m.Cursor().String()
		}
	}
	return p, nil
}

func (s *server) changeRole(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	fields, err := body[struct{ Role scope.Role }](r)
	if err != nil {
		return nil, err
	}
	m, err := s.store.Memberships.ChangeRole(r.Context(), sc, id, fields.Role)
	return member{ID: m.ID, UserID: m.UserID, Role: m.Role}, err
}

func (s *server) removeMember(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	return nil, leftBehind(s.store.Memberships.Remove(r.Context(), sc, id))
}

func (s *server) leave(r *http.Request, sc *scope.Scope) (any, error) {
	return nil, leftBehind(s.store.Memberships.Leave(r.Context(), sc))
}

func leftBehind(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == foreignKeyViolation {
		return errLeftBehind
	}
	return err
}

func (s *server) listInvitations(r *http.Request, sc *scope.Scope) (any, error) {
	list, err := s.store.Invitations.ListPending(r.Context(), sc, orgs.Page{})
	if err != nil {
		return nil, err
	}
	pending := make([]invitation, len(list))
	for i, inv := range list {
		pending[i] = invitationOf(inv)
	}
	return pending, nil
}

func (s *server) invite(r *http.Request, sc *scope.Scope) (any, error) {
	fields, err := body[struct {
		Email string
		Role  scope.Role
	}](r)
	if err != nil {
		return nil, err
	}
	sent, err := s.store.Invitations.Invite(r.Context(), sc, fields.Email, fields.Role)
	return invitationOf(sent.Invitation), err
}

func (s *server) revokeInvitation(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	return nil, s.store.Invitations.Revoke(r.Context(), sc, id)
}

// statuses are what the errors of the stores mean over HTTP.
var statuses = []struct {
	err    error
	status int
}{
	{orgs.ErrNoSession, http.StatusUnauthorized},
	{orgs.ErrForbidden, http.StatusForbidden},
	{orgs.ErrRank, http.StatusForbidden},
	{orgs.ErrEmailMismatch, http.StatusForbidden},
	{orgs.ErrInvalidToken, http.StatusNotFound},
	{orgs.ErrExpired, http.StatusGone},
	{orgs.ErrRevoked, http.StatusGone},
	{orgs.ErrAlreadyAccepted, http.StatusConflict},
	{orgs.ErrNotPending, http.StatusConflict},
	{orgs.ErrLastOwner, http.StatusConflict},
	{orgs.ErrAlreadyMember, http.StatusConflict},
	{orgs.ErrSlugTaken, http.StatusConflict},
	{errLeftBehind, http.StatusConflict},
	{errChoose, http.StatusConflict},
	{orgs.ErrUserLimit, http.StatusTooManyRequests},
	{orgs.ErrOrganizationLimit, http.StatusTooManyRequests},
	{orgs.ErrRole, http.StatusBadRequest},
	{orgs.ErrName, http.StatusBadRequest},
	{orgs.ErrSlug, http.StatusBadRequest},
	{orgs.ErrSlugReserved, http.StatusBadRequest},
	{orgs.ErrEmail, http.StatusBadRequest},
}

// statusOf returns 0 for an error that is none of the stores'.
func statusOf(err error) int {
	for _, s := range statuses {
		if errors.Is(err, s.err) {
			return s.status
		}
	}
	return 0
}
