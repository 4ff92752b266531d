package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/migrations"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

// From an empty database to the scope of a request.
func Example() {
	install := func(ctx context.Context, pool *pgxpool.Pool) error {
		//sigra:allow migration -- Sigra's own schema
		_, err := pool.Exec(ctx, migrations.All().Up())
		return err
	}
	start := func(pool *pgxpool.Pool) *store.Store {
		query.OnBypass(audit.Hook(pool, slog.Default()))
		return store.New(pool)
	}
	signIn := func(ctx context.Context, s *store.Store, w http.ResponseWriter, userID uuid.UUID) error {
		user, err := scope.ForUser(userID)
		if err != nil {
			return err
		}
		_, token, err := s.Sessions.Start(ctx, user)
		if err != nil {
			return err
		}
		http.SetCookie(w, &http.Cookie{Name: "session", Value: string(token), Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		return nil
	}
	// For query.ForOrg, once the user is a member: s.Organizations.Create makes the
	// first organization of a scope that has none.
	scopeOf := func(s *store.Store, r *http.Request) (*scope.Scope, error) {
		cookie, err := r.Cookie("session")
		if err != nil {
			return nil, store.ErrNoSession
		}
		got, err := s.Sessions.Resolve(r.Context(), store.Secret(cookie.Value))
		if err != nil {
			return nil, fmt.Errorf("scope of the request: %w", err)
		}
		return got.Scope, nil
	}
	_, _, _, _ = install, start, signIn, scopeOf
}
