package model

import (
	"time"

	"github.com/google/uuid"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Users and organizations belong to nobody in particular.
var _ = query.Shared("users", "organizations")

// Membership ties a user to an organization.
type Membership struct {
	ID             uuid.UUID  `db:"id"`
	OrganizationID uuid.UUID  `db:"organization_id"`
	UserID         uuid.UUID  `db:"user_id"`
	Role           scope.Role `db:"role"`
	CreatedAt      time.Time  `db:"created_at"`
	UpdatedAt      time.Time  `db:"updated_at"`
}

// Memberships is the table of Membership.
var Memberships = query.Declare[Membership]("memberships")
