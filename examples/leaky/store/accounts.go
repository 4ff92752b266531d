package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

// Users belong to no organization.
var _ = query.Shared("users")

// Accounts knows who can sign in.
type Accounts struct{ db *pgxpool.Pool }

// Person is a member as the other members see them.
type Person struct {
	ID   uuid.UUID `db:"id" json:"id"`
	Name string    `db:"name" json:"name"`
}

// People returns the members of the scope's organization by name. Support gives the number of the ticket as reason and
// sees everybody.
func (a *Accounts) People(ctx context.Context, sc *scope.Scope, ticket string) ([]Person, error) {
	sb := selectFrom("organization_memberships m").Join("users u", "u.id = m.user_id")
	sb.Select("u.id", "u.name").OrderBy("u.name", "u.id")
	if ticket != "" {
		return query.All[Person](ctx, a.db, query.Unscoped(sb, ticket)) // leak: L20 bypass
	}
	return query.All[Person](ctx, a.db, query.ForOrg(sb, sc))
}

// CreateUser adds somebody who can sign in.
func (a *Accounts) CreateUser(ctx context.Context, email, name string) (uuid.UUID, error) {
	return createUser(ctx, a.db, email, name)
}

// SignUp makes an account for whoever accepts an invitation.
func (a *Accounts) SignUp(name string) func(ctx context.Context, tx pgx.Tx, email string) (uuid.UUID, error) {
	return func(ctx context.Context, tx pgx.Tx, email string) (uuid.UUID, error) {
		return createUser(ctx, tx, email, name)
	}
}

func createUser(ctx context.Context, db query.Execer, email, name string) (uuid.UUID, error) {
	address, err := orgs.NormalizeEmail(email)
	if err != nil {
		return uuid.Nil, err
	}
	id := uuid.New()
	_, err = db.Exec(ctx, "INSERT INTO users (id, email, name) VALUES ($1, $2, $3)", id, address, name)
	return id, err
}

// unassign takes the tasks of a member back who leaves or is removed, in the transaction that ends the membership.
func unassign(ctx context.Context, tx pgx.Tx, e audit.Event) error {
	if e.Action != orgs.MembershipLeft && e.Action != orgs.MembershipRemoved {
		return nil
	}
	_, err := query.Exec(ctx, tx, query.ForOrg(query.Text(
		"UPDATE tasks SET assignee_id = NULL WHERE assignee_id = $1", e.Details["user_id"]), e.OrganizationID))
	return err
}
