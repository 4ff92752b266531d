package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/internal/keyset"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Organizations creates, finds and changes organizations.
type Organizations struct{ *core }

// NewOrganization is what [Organizations.Create] needs to know.
type NewOrganization struct {
	Name string
	// Slug names the organization in URLs: 3 to 63 lower case letters, digits
	// and hyphens, a letter first and no hyphen last. When it is empty, it is
	// derived from the name, with random digits behind it when that one is taken.
	Slug string
	// Personal marks the one organization that belongs to the user alone:
	// nobody can be invited or added.
	Personal bool
}

// Create makes an organization with the scope's user as its owner, and returns
// the scope in which the owner acts.
//
// Errors: [ErrNoUser], [ErrName], [ErrSlug], [ErrSlugReserved], [ErrSlugTaken],
// [ErrPersonalExists].
func (s *Organizations) Create(ctx context.Context, sc *scope.Scope, n NewOrganization) (*scope.Scope, error) {
	var owner *scope.Scope
	err := s.change(ctx, "create organization", sc, func(ctx context.Context, ch *change) (err error) {
		if sc.UserID() == uuid.Nil {
			return ErrNoUser
		}
		owner, err = ch.create(ctx, sc.UserID(), n)
		return err
	})
	if err != nil {
		return nil, err
	}
	return owner, nil
}

func (ch *change) create(ctx context.Context, userID uuid.UUID, n NewOrganization) (*scope.Scope, error) {
	name, err := checkName(n.Name)
	if err != nil {
		return nil, err
	}
	org := scope.Organization{ID: uuid.New(), Name: name, Slug: n.Slug, Personal: n.Personal, CreatedAt: ch.at, UpdatedAt: ch.at}
	if org.Slug, err = ch.chooseSlug(ctx, n, org.ID); err != nil {
		return nil, err
	}
	if _, err := ch.exec(ctx, query.ForOrg(query.Text(`INSERT INTO organizations
			(id, name, slug, personal, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		org.ID, org.Name, org.Slug, org.Personal, userID, ch.at), org.ID)); err != nil {
		return nil, err
	}
	m, err := ch.insertMember(ctx, org.ID, userID, ch.ownerRole())
	if err != nil {
		return nil, err
	}
	a := actor{organization: org, membership: m}
	if err := ch.record(ctx, org.ID, a.event(OrganizationCreated, "organization", org.ID,
		map[string]any{"name": org.Name, "slug": org.Slug, "personal": org.Personal})); err != nil {
		return nil, err
	}
	return ch.scopeOf(a)
}

// Entry is an organization and the place of a user in it.
type Entry struct {
	Organization scope.Organization
	Membership   scope.Membership
}

// Cursor is the entry's place in a list.
func (e Entry) Cursor() Cursor { return cursor(e.Membership.CreatedAt, e.Membership.ID) }

// entryRow is an Entry as a statement returns it.
type entryRow struct {
	OrgID        uuid.UUID
	Name, Slug   string
	Personal     bool
	OrgCreated   time.Time
	OrgUpdated   time.Time
	OrgDeleted   *time.Time
	MembershipID uuid.UUID
	UserID       uuid.UUID
	Role         scope.Role
	Joined       time.Time
	RoleSince    time.Time
}

// entryColumns are those of entryRow, of organizations o and organization_memberships m.
const entryColumns = `o.id AS org_id, o.name, o.slug, o.personal, o.created_at AS org_created, o.updated_at AS org_updated,
	o.deleted_at AS org_deleted, m.id AS membership_id, m.user_id, m.role, m.created_at AS joined, m.updated_at AS role_since`

func (r entryRow) entry() Entry {
	return Entry{
		scope.Organization{ID: r.OrgID, Name: r.Name, Slug: r.Slug, Personal: r.Personal,
			CreatedAt: r.OrgCreated, UpdatedAt: r.OrgUpdated, DeletedAt: r.OrgDeleted},
		scope.Membership{ID: r.MembershipID, OrganizationID: r.OrgID, UserID: r.UserID, Role: r.Role,
			CreatedAt: r.Joined, UpdatedAt: r.RoleSince},
	}
}

// Get returns the scope's organization as it is now. It is [ErrNotFound] when it
// was deleted, or when the user is no longer a member.
func (s *Organizations) Get(ctx context.Context, sc *scope.Scope) (scope.Organization, error) {
	id, err := sc.OrganizationID()
	if err != nil {
		return scope.Organization{}, err
	}
	if sc.IsSystem() {
		org, err := query.One[scope.Organization](ctx, s.db, query.ForOrg(query.Text(
			"SELECT "+organizationColumns+" FROM organizations WHERE deleted_at IS NULL"), sc))
		return org, s.finish(ctx, "get organization", sc, notFound(err))
	}
	now, err := s.Enter(ctx, sc, id)
	if err != nil {
		return scope.Organization{}, err
	}
	org, _ := now.ActiveOrganization()
	return org, nil
}

// Enter returns the scope in which the user acts in an organization: the
// membership is read now. It is [ErrNotFound] for those who are no members,
// whether or not there is such an organization, and [ErrNoUser] for a scope
// without a user.
func (s *Organizations) Enter(ctx context.Context, sc *scope.Scope, organizationID uuid.UUID) (*scope.Scope, error) {
	entered, err := s.enterWhere(ctx, sc, "o.id = $2", organizationID)
	return entered, s.finish(ctx, "enter organization", sc, err)
}

// EnterSlug is [Organizations.Enter] by slug, in upper or lower case. A slug that
// the organization gave up within the last seven days still finds it; compare
// with ActiveOrganization().Slug to redirect, temporarily, to the new one.
func (s *Organizations) EnterSlug(ctx context.Context, sc *scope.Scope, slug string) (*scope.Scope, error) {
	slug = foldASCII(slug)
	if !slugShape.MatchString(slug) && sc.UserID() != uuid.Nil {
		return nil, s.finish(ctx, "enter organization by slug", sc, ErrNotFound)
	}
	entered, err := s.enterWhere(ctx, sc, "o.slug = $2", slug)
	if errors.Is(err, ErrNotFound) {
		entered, err = s.enterWhere(ctx, sc, `o.id = (SELECT a.organization_id FROM organization_slug_aliases a
			WHERE a.slug = $2 AND a.expires_at > $3)`, slug, s.time())
	}
	return entered, s.finish(ctx, "enter organization by slug", sc, err)
}

// enterWhere reads the membership of the scope's user in the live organization
// for which condition holds.
func (s *Organizations) enterWhere(ctx context.Context, sc *scope.Scope, condition string, args ...any) (*scope.Scope, error) {
	if sc.UserID() == uuid.Nil {
		return nil, ErrNoUser
	}
	row, err := query.One[entryRow](ctx, s.db, query.Unscoped(query.Text("SELECT "+entryColumns+
		" FROM organizations o JOIN organization_memberships m ON m.organization_id = o.id"+
		" WHERE m.user_id = $1 AND o.deleted_at IS NULL AND "+condition, append([]any{sc.UserID()}, args...)...), byUser))
	if err != nil {
		return nil, notFound(err)
	}
	e := row.entry()
	return s.scopeOf(actor{organization: e.Organization, membership: e.Membership})
}

// List returns the organizations to which the scope's user belongs, with the
// memberships, the oldest membership first. It is [ErrNoUser] for a scope
// without a user.
func (s *Organizations) List(ctx context.Context, sc *scope.Scope, p Page) ([]Entry, error) {
	return s.list(ctx, sc, p, "o.deleted_at IS NULL")
}

// ListDeleted returns the deleted organizations of which the scope's user is a
// member: those that an owner can restore. It is [ErrNoUser] for a scope without
// a user.
func (s *Organizations) ListDeleted(ctx context.Context, sc *scope.Scope, p Page) ([]Entry, error) {
	return s.list(ctx, sc, p, "o.deleted_at IS NOT NULL")
}

func (s *Organizations) list(ctx context.Context, sc *scope.Scope, p Page, condition string) ([]Entry, error) {
	if sc.UserID() == uuid.Nil {
		return nil, ErrNoUser
	}
	after := p.from(keyset.Oldest)
	rows, err := query.All[entryRow](ctx, s.db, query.Unscoped(query.Text("SELECT "+entryColumns+
		" FROM organizations o JOIN organization_memberships m ON m.organization_id = o.id"+
		" WHERE m.user_id = $1 AND "+condition+" AND (m.created_at, m.id) > ($2, $3) ORDER BY m.created_at, m.id LIMIT $4",
		sc.UserID(), after.At, after.ID, p.limit()), byUser))
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(rows))
	for i, row := range rows {
		entries[i] = row.entry()
	}
	return entries, nil
}

// Rename changes the name, and not the slug. It takes the role of managers.
//
// Errors: [ErrNotFound], [ErrForbidden], [ErrName].
func (s *Organizations) Rename(ctx context.Context, sc *scope.Scope, name string) (scope.Organization, error) {
	var org scope.Organization
	err := s.change(ctx, "rename organization", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enter(ctx, sc)
		if err != nil {
			return err
		}
		if err := ch.need(a, ch.manager); err != nil {
			return err
		}
		org = a.organization
		was := org.Name
		if org.Name, err = checkName(name); err != nil {
			return err
		}
		org.UpdatedAt = ch.at
		if _, err := ch.exec(ctx, query.ForOrg(query.Text(
			"UPDATE organizations SET name = $1, updated_at = $2", org.Name, ch.at), org.ID)); err != nil {
			return err
		}
		return ch.record(ctx, org.ID, a.event(OrganizationRenamed, "organization", org.ID, map[string]any{"from": was, "to": org.Name}))
	})
	if err != nil {
		return scope.Organization{}, err
	}
	return org, nil
}
