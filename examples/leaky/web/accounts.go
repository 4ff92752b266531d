package web

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/scope"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

// accountRoutes are the endpoints of people who may not have entered an organization yet.
func (s *server) accountRoutes() map[string]http.Handler {
	return map[string]http.Handler{
		"POST /sign-up":             s.open(http.StatusCreated, s.signUp),
		"POST /invitations/sign-up": s.open(http.StatusCreated, s.signUpInvited),
		"POST /invitations/preview": s.open(http.StatusOK, s.previewInvitation),

		"PUT /session":              s.withSession(http.StatusOK, s.enter),
		"DELETE /session":           s.withSession(http.StatusNoContent, s.signOut),
		"GET /organizations":        s.withSession(http.StatusOK, s.organizations),
		"POST /organizations":       s.withSession(http.StatusCreated, s.createOrganization),
		"POST /invitations/accept":  s.withSession(http.StatusCreated, s.acceptInvitation),
		"POST /invitations/decline": s.withSession(http.StatusNoContent, s.declineInvitation),
	}
}

// place is an organization from which a user chooses.
type place struct {
	Slug string     `json:"slug"`
	Name string     `json:"name"`
	Role scope.Role `json:"role"`
}

// placeOf is where a member's scope acts.
func placeOf(sc *scope.Scope) place {
	org, _ := sc.ActiveOrganization()
	m, _ := sc.Membership()
	return place{org.Slug, org.Name, m.Role}
}

// account is somebody who has just signed up. The token goes into the header Authorization, behind "Bearer ".
type account struct {
	UserID uuid.UUID `json:"user_id"`
	Token  string    `json:"token"`
}

// signIn starts a session. A real application checks a password or a passkey first, and the address of a new account.
func (s *server) signIn(r *http.Request, userID uuid.UUID) (account, error) {
	user, err := scope.ForUser(userID)
	if err != nil {
		return account{}, err
	}
	_, token, err := s.store.Sessions.Start(r.Context(), user)
	return account{UserID: userID, Token: string(token)}, err
}

func (s *server) signUp(r *http.Request) (any, error) {
	fields, err := body[struct{ Email, Name string }](r)
	if err != nil {
		return nil, err
	}
	id, err := s.store.Accounts.CreateUser(r.Context(), fields.Email, fields.Name)
	if err != nil {
		return nil, err
	}
	return s.signIn(r, id)
}

func (s *server) signUpInvited(r *http.Request) (any, error) {
	fields, err := body[struct{ Token, Name string }](r)
	if err != nil {
		return nil, err
	}
	member, err := s.store.Invitations.AcceptWithSignup(r.Context(), orgs.Secret(fields.Token), s.store.Accounts.SignUp(fields.Name))
	if err != nil {
		return nil, err
	}
	return s.signIn(r, member.UserID())
}

// previewInvitation says what a link is good for. Who is signed in sees invitations to their own address only.
func (s *server) previewInvitation(r *http.Request) (any, error) {
	token, err := invitationToken(r)
	if err != nil {
		return nil, err
	}
	session, err := s.signedIn(r)
	if err != nil && !errors.Is(err, orgs.ErrNoSession) {
		return nil, err
	}
	p, err := s.store.Invitations.Preview(r.Context(), session.Scope, token)
	if err != nil {
		return nil, err
	}
	return map[string]any{"organization": p.OrganizationName, "email": p.Email, "role": p.Role, "has_account": p.HasAccount}, nil
}

func invitationToken(r *http.Request) (orgs.Secret, error) {
	fields, err := body[struct{ Token string }](r)
	return orgs.Secret(fields.Token), err
}

// enter chooses where a session continues.
func (s *server) enter(r *http.Request, session orgs.Resolution) (any, error) {
	fields, err := body[struct{ Organization string }](r)
	if err != nil {
		return nil, err
	}
	sc, err := s.store.Organizations.EnterSlug(r.Context(), session.Scope, fields.Organization)
	if err != nil {
		return nil, err
	}
	org, _ := sc.ActiveOrganization()
	if sc, err = s.store.Sessions.Activate(r.Context(), sc, session.SessionID, org.ID); err != nil {
		return nil, err
	}
	return placeOf(sc), nil
}

func (s *server) signOut(r *http.Request, session orgs.Resolution) (any, error) {
	return nil, s.store.Sessions.End(r.Context(), session.Scope, session.SessionID)
}

func (s *server) organizations(r *http.Request, session orgs.Resolution) (any, error) {
	list, err := s.store.Organizations.List(r.Context(), session.Scope, orgs.Page{})
	if err != nil {
		return nil, err
	}
	places := make([]place, len(list))
	for i, e := range list {
		places[i] = place{e.Organization.Slug, e.Organization.Name, e.Membership.Role}
	}
	return places, nil
}

func (s *server) createOrganization(r *http.Request, session orgs.Resolution) (any, error) {
	fields, err := body[struct{ Name, Slug string }](r)
	if err != nil {
		return nil, err
	}
	sc, err := s.store.Organizations.Create(r.Context(), session.Scope, orgs.NewOrganization{Name: fields.Name, Slug: fields.Slug})
	if err != nil {
		return nil, err
	}
	return placeOf(sc), nil
}

func (s *server) acceptInvitation(r *http.Request, session orgs.Resolution) (any, error) {
	token, err := invitationToken(r)
	if err != nil {
		return nil, err
	}
	sc, err := s.store.Invitations.Accept(r.Context(), session.Scope, token)
	if err != nil {
		return nil, err
	}
	return placeOf(sc), nil
}

func (s *server) declineInvitation(r *http.Request, session orgs.Resolution) (any, error) {
	token, err := invitationToken(r)
	if err != nil {
		return nil, err
	}
	return nil, s.store.Invitations.Decline(r.Context(), session.Scope, token)
}
