package web

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

var (
	errSignIn    = errors.New("sign in first")
	errForbidden = errors.New("your role does not allow this")
)

func signedIn(r *http.Request) (uuid.UUID, error) {
	id, err := uuid.Parse(r.Header.Get("X-User-ID"))
	if err != nil || id == uuid.Nil {
		return uuid.Nil, errSignIn
	}
	return id, nil
}

// inOrganization gives handle the scope of the request. A stranger to the organization gets the answer that an
// organization that does not exist gives.
func (s *server) inOrganization(handle scoped) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		sc, err := s.scope(r)
		if err == nil {
			err = handle(w, r, sc)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *server) scope(r *http.Request) (*scope.Scope, error) {
	userID, err := signedIn(r)
	if err != nil {
		return nil, err
	}
	sc, err := s.store.Accounts.Scope(r.Context(), userID, r.Header.Get("X-Organization"))
	if errors.Is(err, scope.ErrDeleted) {
		return nil, query.ErrNotFound
	}
	return sc, err
}

// organizations is what a signed-in user asks before there is an active organization.
func (s *server) organizations(w http.ResponseWriter, r *http.Request) {
	userID, err := signedIn(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list, err := s.store.Accounts.Organizations(r.Context(), userID)
	if err == nil {
		err = reply(w, http.StatusOK, list)
	}
	if err != nil {
		s.fail(w, r, err)
	}
}
