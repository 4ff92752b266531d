// Package orgscope finds the scope of a request.
package orgscope

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

var errSignIn = errors.New("sign in first")

var _ = query.Owned("memberships")

// Finder reads memberships.
type Finder struct {
	Pool *pgxpool.Pool
}

// Session is a row that a secret token has led to.
type Session struct {
	UserID uuid.UUID
	OrgID  uuid.UUID
}

// Session finds a session by its token.
func (f *Finder) Session(ctx context.Context, token string) (Session, error) {
	var s Session
	err := f.Pool.QueryRow(ctx, "SELECT user_id, active_organization FROM sessions_seen WHERE token = $1", token).Scan(&s.UserID, &s.OrgID) // ok
	return s, err
}

// Membership finds the place of a user in an organization.
//
//sigra:allow pre-auth -- membership is what makes the scope
func (f *Finder) Membership(ctx context.Context, user, org uuid.UUID) (scope.Organization, scope.Membership, error) {
	var o scope.Organization
	var m scope.Membership
	err := f.Pool.QueryRow(ctx, "SELECT id, organization_id, role FROM memberships WHERE user_id = $1 AND organization_id = $2", user, org).Scan(&m.ID, &m.OrganizationID, &m.Role) // ok
	if errors.Is(err, pgx.ErrNoRows) {
		return o, m, scope.ErrNoOrganization
	}
	o.ID, m.UserID = org, user
	return o, m, err
}

// FromRequest returns the scope of the session behind the request's cookie.
func (f *Finder) FromRequest(r *http.Request) (*scope.Scope, error) {
	c, err := r.Cookie("session")
	if err != nil {
		return nil, errSignIn
	}
	s, err := f.Session(r.Context(), c.Value)
	if err != nil {
		return nil, err
	}
	o, m, err := f.Membership(r.Context(), s.UserID, s.OrgID)
	if err != nil {
		return nil, err
	}
	return scope.ForMember(o, m) // ok
}

// Middleware puts the scope into the request's context.
func (f *Finder) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sc, err := f.FromRequest(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(scope.NewContext(r.Context(), sc)))
	})
}

// Chosen enters the organization that the URL names, after the membership was read.
func (f *Finder) Chosen(r *http.Request, user uuid.UUID) (*scope.Scope, error) {
	id, err := uuid.Parse(r.PathValue("org"))
	if err != nil {
		return nil, err
	}
	o, m, err := f.Membership(r.Context(), user, id)
	if err != nil {
		return nil, err
	}
	return scope.ForMember(o, m) // ok
}
