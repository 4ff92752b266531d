package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/leaky/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// beforeScope is why the two lookups that follow a sign-in see the memberships of all organizations.
const beforeScope = "memberships are looked up by user before a scope exists"

// Accounts knows users, organizations and memberships.
type Accounts struct{ db *pgxpool.Pool }

// OrganizationName is one line of the list from which a user chooses.
type OrganizationName struct {
	Slug string     `db:"slug" json:"slug"`
	Name string     `db:"name" json:"name"`
	Role scope.Role `db:"role" json:"role"`
}

// Person is a member as the other members see them.
type Person struct {
	ID   uuid.UUID `db:"id" json:"id"`
	Name string    `db:"name" json:"name"`
}

// Organizations returns the organizations to which the user belongs.
func (a *Accounts) Organizations(ctx context.Context, userID uuid.UUID) ([]OrganizationName, error) {
	sb := selectFrom("memberships m").Join("organizations o", "o.id = m.organization_id")
	sb.Select("o.slug", "o.name", "m.role")
	sb.Where(sb.EQ("m.user_id", userID), "o.deleted_at IS NULL").OrderBy("o.name", "o.slug")
	return query.All[OrganizationName](ctx, a.db, query.Unscoped(sb, beforeScope))
}

// Scope reads the user's membership of the organization with that slug, and returns the scope of a request that acts in
// it. No membership is query.ErrNotFound, whether or not there is such an organization.
func (a *Accounts) Scope(ctx context.Context, userID uuid.UUID, slug string) (*scope.Scope, error) {
	sb := selectFrom("memberships m").Join("organizations o", "o.id = m.organization_id")
	sb.Select("m.id AS membership", "m.role", "m.created_at AS joined_at", "m.updated_at AS role_since",
		"o.id AS organization", "o.name", "o.slug", "o.created_at", "o.updated_at", "o.deleted_at")
	sb.Where(sb.EQ("m.user_id", userID), sb.EQ("o.slug", slug))
	found, err := query.One[membershipRow](ctx, a.db, query.Unscoped(sb, beforeScope))
	if err != nil {
		return nil, err
	}
	return scope.ForMember(
		scope.Organization{
			ID: found.Organization, Name: found.Name, Slug: found.Slug,
			CreatedAt: found.CreatedAt, UpdatedAt: found.UpdatedAt, DeletedAt: found.DeletedAt,
		},
		scope.Membership{
			ID: found.Membership, OrganizationID: found.Organization, UserID: userID, Role: found.Role,
			CreatedAt: found.JoinedAt, UpdatedAt: found.RoleSince,
		},
	)
}

// membershipRow is a membership next to its organization.
type membershipRow struct {
	Membership   uuid.UUID  `db:"membership"`
	Role         scope.Role `db:"role"`
	JoinedAt     time.Time  `db:"joined_at"`
	RoleSince    time.Time  `db:"role_since"`
	Organization uuid.UUID  `db:"organization"`
	Name         string     `db:"name"`
	Slug         string     `db:"slug"`
	CreatedAt    time.Time  `db:"created_at"`
	UpdatedAt    time.Time  `db:"updated_at"`
	DeletedAt    *time.Time `db:"deleted_at"`
}

// People returns the members of the scope's organization by name. Support gives the number of the ticket as reason and
// sees everybody.
func (a *Accounts) People(ctx context.Context, sc *scope.Scope, ticket string) ([]Person, error) {
	sb := selectFrom("memberships m").Join("users u", "u.id = m.user_id")
	sb.Select("u.id", "u.name").OrderBy("u.name", "u.id")
	if ticket != "" {
		return query.All[Person](ctx, a.db, query.Unscoped(sb, ticket)) // leak: L20 bypass
	}
	return query.All[Person](ctx, a.db, query.ForOrg(sb, sc))
}

// CreateUser adds somebody who can sign in.
func (a *Accounts) CreateUser(ctx context.Context, email, name string) (uuid.UUID, error) {
	id := uuid.New()
	_, err := a.db.Exec(ctx, "INSERT INTO users (id, email, name) VALUES ($1, $2, $3)", id, email, name)
	return id, err
}

// CreateOrganization adds an organization together with its owner.
func (a *Accounts) CreateOrganization(ctx context.Context, name, slug string, owner uuid.UUID) (uuid.UUID, error) {
	id := uuid.New()
	return id, pgx.BeginFunc(ctx, a.db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO organizations (id, name, slug) VALUES ($1, $2, $3)", id, name, slug); err != nil {
			return err
		}
		now := time.Now()
		first := model.Membership{ID: uuid.New(), UserID: owner, Role: scope.Owner, CreatedAt: now, UpdatedAt: now}
		_, err := query.Exec(ctx, tx, query.ForOrg(model.Memberships.InsertInto(first), id))
		return err
	})
}

// AddMember lets another user into the scope's organization.
func (a *Accounts) AddMember(ctx context.Context, sc *scope.Scope, userID uuid.UUID, role scope.Role) error {
	now := time.Now()
	return insert(ctx, a.db, model.Memberships, sc,
		model.Membership{ID: uuid.New(), UserID: userID, Role: role, CreatedAt: now, UpdatedAt: now})
}
