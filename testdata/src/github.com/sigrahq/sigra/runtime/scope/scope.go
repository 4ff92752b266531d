// Package scope has the signatures of the real package.
package scope

import (
	"context"
	"time"

	"github.com/google/uuid"
)

var ErrNoOrganization error

type Role string

type Organization struct {
	ID        uuid.UUID
	Name      string
	DeletedAt *time.Time
}

type Membership struct {
	ID, OrganizationID, UserID uuid.UUID
	Role                       Role
}

type Scope struct{ org uuid.UUID }

func ForUser(userID uuid.UUID) (*Scope, error)                       { return nil, nil }
func ForMember(org Organization, m Membership) (*Scope, error)       { return nil, nil }
func System(orgID uuid.UUID, reason string) (*Scope, error)          { return nil, nil }
func NewContext(ctx context.Context, s *Scope) context.Context       { return ctx }
func FromContext(ctx context.Context) (*Scope, bool)                 { return nil, false }
func (s *Scope) UserID() uuid.UUID                                   { return uuid.UUID{} }
func (s *Scope) OrganizationID() (uuid.UUID, error)                  { return uuid.UUID{}, nil }
func (s *Scope) ActiveOrganization() (org Organization, active bool) { return Organization{}, false }
func (s *Scope) Membership() (Membership, bool)                      { return Membership{}, false }
