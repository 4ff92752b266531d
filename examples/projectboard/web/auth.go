package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/sigrahq/sigra/runtime/scope"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

var (
	errForbidden = errors.New("your role does not allow this")
	errChoose    = errors.New("choose an organization first: PUT /session, or the header X-Organization")
)

// signedIn resolves the session of a request: who it is, and where they continue.
func (s *server) signedIn(r *http.Request) (orgs.Resolution, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return s.store.Sessions.Resolve(r.Context(), orgs.Secret(token))
}

// scope is the organization that the request names, and otherwise the session's. A stranger to the organization gets the
// answer that an organization that does not exist gives.
func (s *server) scope(r *http.Request) (*scope.Scope, error) {
	session, err := s.signedIn(r)
	if err != nil {
		return nil, err
	}
	if slug := r.Header.Get("X-Organization"); slug != "" {
		return s.store.Organizations.EnterSlug(r.Context(), session.Scope, slug)
	}
	if session.Standing != orgs.Active {
		return nil, errChoose
	}
	return session.Scope, nil
}

// inOrganization gives handle the scope of the request.
func (s *server) inOrganization(handle scoped) http.Handler {
	return s.handler(func(w http.ResponseWriter, r *http.Request) error {
		sc, err := s.scope(r)
		if err != nil {
			return err
		}
		return handle(w, r, sc)
	})
}

// withSession gives handle the session of somebody who may not have entered an organization yet.
func (s *server) withSession(status int, handle func(*http.Request, orgs.Resolution) (any, error)) http.Handler {
	return s.open(status, func(r *http.Request) (any, error) {
		session, err := s.signedIn(r)
		if err != nil {
			return nil, err
		}
		return handle(r, session)
	})
}

// open is for everybody.
func (s *server) open(status int, handle func(*http.Request) (any, error)) http.Handler {
	return s.handler(func(w http.ResponseWriter, r *http.Request) error {
		v, err := handle(r)
		if err != nil {
			return err
		}
		return answerWith(w, status, v)
	})
}

func (s *server) handler(handle func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := handle(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}
