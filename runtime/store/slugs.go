package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// ChangeSlug gives the organization another slug. The former one leads to the
// organization for seven days, in which nobody else can take it, and the
// organization itself can have it back. It takes the role of owners.
//
// Errors: [ErrNotFound], [ErrForbidden], [ErrSlug], [ErrSlugReserved],
// [ErrSlugTaken].
func (s *Organizations) ChangeSlug(ctx context.Context, sc *scope.Scope, slug string) (scope.Organization, error) {
	var org scope.Organization
	err := s.change(ctx, "change slug", sc, func(ctx context.Context, ch *change) error {
		a, err := ch.enter(ctx, sc)
		if err != nil {
			return err
		}
		if err := ch.need(a, ch.ownerRole()); err != nil {
			return err
		}
		org = a.organization
		was := org.Slug
		org.Slug, org.UpdatedAt = slug, ch.at
		if slug != was {
			if err := ch.changeSlug(ctx, org.ID, was, slug); err != nil {
				return err
			}
		}
		return ch.record(ctx, org.ID, a.event(SlugChanged, "organization", org.ID, map[string]any{"from": was, "to": slug}))
	})
	if err != nil {
		return scope.Organization{}, err
	}
	return org, nil
}

func (ch *change) changeSlug(ctx context.Context, organizationID uuid.UUID, from, to string) error {
	if err := ch.checkSlug(to); err != nil {
		return err
	}
	if err := ch.lockSlugs(ctx, from, to); err != nil {
		return err
	}
	if err := ch.takeSlug(ctx, organizationID, to); err != nil {
		return err
	}
	if _, err := ch.exec(ctx, query.ForOrg(query.Text(
		"UPDATE organizations SET slug = $1, updated_at = $2", to, ch.at), organizationID)); err != nil {
		return err
	}
	// Nobody else can have a live alias of a slug that was ours until now, so a
	// row that is there has expired.
	if _, err := ch.exec(ctx, query.Unscoped(query.Text(
		"DELETE FROM organization_slug_aliases WHERE slug = $1", from), bySlug)); err != nil {
		return err
	}
	_, err := ch.exec(ctx, query.ForOrg(query.Text(
		"INSERT INTO organization_slug_aliases (slug, created_at, expires_at) VALUES ($1, $2, $3)",
		from, ch.at, ch.at.Add(aliasTTL)), organizationID))
	return err
}

// lockSlugs makes those wait who want one of the slugs, or give it up. It comes
// after the lock of the organization. The order keeps two organizations that
// exchange their slugs from waiting for each other.
func (ch *change) lockSlugs(ctx context.Context, slugs ...string) error {
	return ch.lockKeys(ctx, "slug", slugs...)
}

// takeSlug refuses a slug that another organization has, or had until lately. It
// is called under the slug's lock, so that the answer stays right; the unique
// index is there for those who write without.
func (ch *change) takeSlug(ctx context.Context, organizationID uuid.UUID, slug string) error {
	taken, err := query.One[bool](ctx, ch.Tx, query.Unscoped(query.Text(`SELECT
		EXISTS (SELECT FROM organizations WHERE slug = $1 AND deleted_at IS NULL AND id <> $2) OR
		EXISTS (SELECT FROM organization_slug_aliases WHERE slug = $1 AND expires_at > $3 AND organization_id <> $2)`,
		slug, organizationID, ch.at), bySlug))
	if err != nil {
		return err
	}
	if taken {
		return fmt.Errorf("%w: %s; choose another one", ErrSlugTaken, slug)
	}
	// Its own way back.
	_, err = ch.exec(ctx, query.ForOrg(query.Text("DELETE FROM organization_slug_aliases WHERE slug = $1", slug), organizationID))
	return err
}

// chooseSlug takes the slug of a new organization, or one that is derived from
// its name.
func (ch *change) chooseSlug(ctx context.Context, n NewOrganization, organizationID uuid.UUID) (string, error) {
	slug, derived := n.Slug, n.Slug == ""
	if derived {
		slug = deriveSlug(n.Name)
	}
	err := ch.claimSlug(ctx, organizationID, slug)
	if derived && (errors.Is(err, ErrSlugTaken) || errors.Is(err, ErrSlugReserved)) {
		if slug, err = withSuffix(slug, ch.random); err != nil {
			return "", err
		}
		err = ch.claimSlug(ctx, organizationID, slug)
	}
	return slug, err
}

// claimSlug checks a slug and takes it.
func (ch *change) claimSlug(ctx context.Context, organizationID uuid.UUID, slug string) error {
	if err := ch.checkSlug(slug); err != nil {
		return err
	}
	if err := ch.lockSlugs(ctx, slug); err != nil {
		return err
	}
	return ch.takeSlug(ctx, organizationID, slug)
}
