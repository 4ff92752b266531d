package scope

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Every error of this package wraps one of these.
var (
	// ErrNoOrganization: an organization is needed and there is none. The user
	// has not entered one, the scope is nil or zero, or the id is zero.
	ErrNoOrganization = errors.New("scope: no active organization")

	// ErrMismatch: the arguments do not name a user, or do not name one
	// organization and one of its members.
	ErrMismatch = errors.New("scope: organization and member do not belong together")

	// ErrDeleted: the organization is deleted and gives nobody access.
	ErrDeleted = errors.New("scope: organization is deleted")

	// ErrReason: background work has to say why it runs.
	ErrReason = errors.New("scope: reason is missing")
)

// Organization is a tenant. Rows that belong to it carry its ID in their
// organization_id.
type Organization struct {
	ID        uuid.UUID
	Name      string
	Slug      string
	Personal  bool // belongs to a single user and is never shared
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt *time.Time // nil while the organization lives
}

// Membership is the place of one user in one organization.
type Membership struct {
	ID             uuid.UUID
	OrganizationID uuid.UUID
	UserID         uuid.UUID
	Role           Role
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// Scope is on whose behalf code runs. It is immutable and safe for concurrent
// use. See the package documentation for the ways to obtain one.
type Scope struct {
	kind         kind
	userID       uuid.UUID
	organization Organization // only the ID for a system scope
	membership   Membership
	reason       string
	ranking      Ranking
}

// The zero kind grants nothing, so the zero Scope does not either.
type kind uint8

const (
	nobody kind = iota
	user
	member
	system
)

// ForUser returns the scope of a user who is signed in and has no active
// organization. A zero id is [ErrMismatch].
func ForUser(userID uuid.UUID) (*Scope, error) {
	if userID == uuid.Nil {
		return nil, fmt.Errorf("%w: user id is zero; pass the id of the signed-in user", ErrMismatch)
	}
	return &Scope{kind: user, userID: userID}, nil
}

// ForMember returns the scope of a user who acts in an organization. Pass the
// two rows as they were just read from the database.
//
// It is [ErrNoOrganization] when org has no id, [ErrMismatch] when m lacks its
// id, its user or its role or is a membership of another organization, and
// [ErrDeleted] when org is deleted.
func ForMember(org Organization, m Membership) (*Scope, error) {
	if org.ID == uuid.Nil {
		return nil, fmt.Errorf("%w: organization id is zero; pass the organization as read from the database", ErrNoOrganization)
	}
	if m.OrganizationID != org.ID {
		return nil, fmt.Errorf("%w: membership %s is of organization %s, not of %s; read the membership by user and organization",
			ErrMismatch, m.ID, m.OrganizationID, org.ID)
	}
	if m.ID == uuid.Nil {
		return nil, fmt.Errorf("%w: membership id is zero; pass the membership as read from the database", ErrMismatch)
	}
	if m.UserID == uuid.Nil {
		return nil, fmt.Errorf("%w: membership %s names no user; pass the membership as read from the database", ErrMismatch, m.ID)
	}
	if m.Role.blank() {
		return nil, fmt.Errorf("%w: membership %s has no role; give the member one", ErrMismatch, m.ID)
	}
	// Have: from here on DeletedAt is nil, so a Scope shares no memory with
	// its caller.
	if org.DeletedAt != nil {
		return nil, fmt.Errorf("%w: %s; restore it, or choose another one", ErrDeleted, org.ID)
	}
	return &Scope{kind: member, userID: m.UserID, organization: org, membership: m}, nil
}

// System returns the scope of background work on one organization: a job, a
// migration of data, an operator's script. It has no user and no role. The
// reason, in a few words, reaches the audit trail.
//
// A zero id is [ErrNoOrganization], a blank reason [ErrReason].
func System(orgID uuid.UUID, reason string) (*Scope, error) {
	if orgID == uuid.Nil {
		return nil, fmt.Errorf("%w: organization id is zero; background work runs on one organization at a time", ErrNoOrganization)
	}
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return nil, fmt.Errorf("%w; say in a few words why the work runs without a user", ErrReason)
	}
	return &Scope{kind: system, organization: Organization{ID: orgID}, reason: reason}, nil
}

// UserID returns the id of the user, or [uuid.Nil] for a system scope.
func (s *Scope) UserID() uuid.UUID {
	if s == nil {
		return uuid.Nil
	}
	return s.userID
}

// OrganizationID returns the id of the active organization, or
// [ErrNoOrganization].
func (s *Scope) OrganizationID() (uuid.UUID, error) {
	if s == nil || s.organization.ID == uuid.Nil {
		return uuid.Nil, fmt.Errorf("%w; build the scope with scope.ForMember or scope.System", ErrNoOrganization)
	}
	return s.organization.ID, nil
}

// ActiveOrganization returns the organization that the user acts in. There is
// none for [ForUser], and none for [System], which knows no more than an id.
func (s *Scope) ActiveOrganization() (Organization, bool) {
	if s == nil || s.kind != member {
		return Organization{}, false
	}
	return s.organization, true
}

// Membership returns the membership that the user acts by, if there is one.
func (s *Scope) Membership() (Membership, bool) {
	if s == nil || s.kind != member {
		return Membership{}, false
	}
	return s.membership, true
}

// HasRole reports whether the member's role is one of roles. It is plain set
// membership: an owner has the role admin only when both are named.
func (s *Scope) HasRole(roles ...Role) bool {
	m, ok := s.Membership()
	return ok && slices.Contains(roles, m.Role)
}

// AtLeast reports whether the member's role ranks as high as r, or higher:
// owner, admin, member, or the order that [Scope.WithRanking] set. Roles that
// are not ranked satisfy nothing and are satisfied by nothing.
func (s *Scope) AtLeast(r Role) bool {
	m, ok := s.Membership()
	return ok && s.ranking.AtLeast(m.Role, r)
}

// WithRanking returns a copy of the scope whose [Scope.AtLeast] follows
// ranking. Call it where the scope is built, with a ranking that the whole
// application shares.
func (s *Scope) WithRanking(ranking Ranking) *Scope {
	if s == nil {
		return nil
	}
	c := *s
	c.ranking = ranking
	return &c
}

// IsSystem reports whether the scope is one of background work.
func (s *Scope) IsSystem() bool { return s != nil && s.kind == system }

// Reason returns why background work runs. Only a system scope has a reason.
func (s *Scope) Reason() (string, bool) {
	if !s.IsSystem() {
		return "", false
	}
	return s.reason, true
}

// LogValue returns a group with those of user_id, organization_id and
// membership_id that there are. Names, slugs and reasons stay out of logs.
func (s *Scope) LogValue() slog.Value { return slog.GroupValue(s.ids()...) }

// String returns what [Scope.LogValue] shows, so that printing a scope reveals
// no more than logging it.
func (s *Scope) String() string {
	var b strings.Builder
	b.WriteString("scope(")
	for i, id := range s.ids() {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(id.String())
	}
	b.WriteByte(')')
	return b.String()
}

// GoString keeps the %#v verb from printing the fields.
func (s *Scope) GoString() string { return s.String() }

func (s *Scope) ids() []slog.Attr {
	if s == nil {
		return nil
	}
	var ids []slog.Attr
	add := func(key string, id uuid.UUID) {
		if id != uuid.Nil {
			ids = append(ids, slog.String(key, id.String()))
		}
	}
	add("user_id", s.userID)
	add("organization_id", s.organization.ID)
	add("membership_id", s.membership.ID)
	return ids
}
