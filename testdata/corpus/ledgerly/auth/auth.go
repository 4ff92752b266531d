// Package auth knows who is asking.
package auth

import (
	"context"
	"crypto/sha256"
	"net/http"

	"github.com/google/uuid"

	"corpus.test/ledgerly/pg"
)

// Claims is what a session says.
type Claims struct {
	UserID uuid.UUID
	OrgID  uuid.UUID
}

type key struct{}

// From returns the claims that the middleware has put into the context.
func From(ctx context.Context) Claims {
	c, _ := ctx.Value(key{}).(Claims)
	return c
}

// Sessions reads sessions.
type Sessions struct{ DB pg.DBTX }

// Find looks a session up by its secret.
func (s Sessions) Find(ctx context.Context, token string) (c Claims, err error) {
	sum := sha256.Sum256([]byte(token))
	//sigra:allow token-keyed -- the token's hash is the key
	err = s.DB.QueryRow(ctx, "SELECT user_id, organization_id FROM sessions WHERE token_hash = $1", sum[:]).Scan(&c.UserID, &c.OrgID) // ok
	return c, err
}

// Extend forgot to say why it may.
func (s Sessions) Extend(ctx context.Context, id uuid.UUID) error {
	_, err := s.DB.Exec(ctx, "UPDATE sessions SET id = id WHERE id = $1", id) // want unscoped
	return err
}

// Login finds a user before there is an organization; users are nobody's.
func (s Sessions) Login(ctx context.Context, email string) (id uuid.UUID, err error) {
	err = s.DB.QueryRow(ctx, "SELECT id FROM users WHERE email = $1", email).Scan(&id) // ok
	return id, err
}

// Organizations lists where a user may go.
//
//sigra:allow pre-auth -- lists the organizations of the signed-in user
func (s Sessions) Organizations(ctx context.Context, user uuid.UUID) (ids []uuid.UUID, err error) {
	rows, err := s.DB.Query(ctx, "SELECT organization_id FROM memberships WHERE user_id = $1", user) // ok
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Middleware puts the claims of the session into the context.
func (s Sessions) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("session")
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		claims, err := s.Find(r.Context(), c.Value)
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, claims)))
	})
}

// Name reads the organization itself, which is no org-owned row.
func (s Sessions) Name(ctx context.Context, c Claims) (name string, err error) {
	err = s.DB.QueryRow(ctx, "SELECT name FROM organizations WHERE id = $1", c.OrgID).Scan(&name) // ok
	return name, err
}
