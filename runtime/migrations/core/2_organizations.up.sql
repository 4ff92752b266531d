-- Organizations, who belongs to them, who is invited, and the names they had.
--
-- Every table leads its keys with the organization: a row cannot point into another organization, and the data can be
-- distributed by it. Times come from the application's clock; no index predicate knows the time, because PostgreSQL
-- wants those immutable, and so expired rows stay and are told apart by the statements.

CREATE TABLE organizations (
    id         uuid NOT NULL,
    name       text NOT NULL,
    slug       text NOT NULL,
    personal   boolean NOT NULL DEFAULT false,
    created_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT organizations_pkey PRIMARY KEY (id),
    CONSTRAINT organizations_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    -- Names stand in the headers of mails.
    CONSTRAINT organizations_name_line CHECK (name COLLATE "C" !~ '[[:cntrl:]]'),
    CONSTRAINT organizations_slug_shape CHECK (slug COLLATE "C" ~ '^[a-z][a-z0-9-]{1,61}[a-z0-9]$'),
    CONSTRAINT organizations_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL
);

-- The shape is lower case, so these are unique whatever the case. A deleted organization frees both.
CREATE UNIQUE INDEX organizations_slug_key ON organizations (slug) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX organizations_personal_key ON organizations (created_by) WHERE personal AND deleted_at IS NULL;
CREATE INDEX organizations_created_by ON organizations (created_by);

-- Former slugs. One row a slug, also when it has expired: whoever gives the slug up next takes the row over.
CREATE TABLE organization_slug_aliases (
    organization_id uuid NOT NULL,
    slug            text NOT NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    CONSTRAINT organization_slug_aliases_pkey PRIMARY KEY (organization_id, slug),
    CONSTRAINT organization_slug_aliases_slug_key UNIQUE (slug),
    CONSTRAINT organization_slug_aliases_slug_shape CHECK (slug COLLATE "C" ~ '^[a-z][a-z0-9-]{1,61}[a-z0-9]$'),
    CONSTRAINT organization_slug_aliases_expiry CHECK (expires_at > created_at),
    CONSTRAINT organization_slug_aliases_organization_fkey
        FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);

CREATE TABLE organization_memberships (
    organization_id uuid NOT NULL,
    id              uuid NOT NULL,
    user_id         uuid NOT NULL,
    role            text NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT organization_memberships_pkey PRIMARY KEY (organization_id, id),
    -- Also what the application's own tables reference, so that only members can be authors and assignees.
    CONSTRAINT organization_memberships_user_key UNIQUE (organization_id, user_id),
    CONSTRAINT organization_memberships_role CHECK (role IN ('owner', 'admin', 'member')),
    CONSTRAINT organization_memberships_organization_fkey
        FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT organization_memberships_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX organization_memberships_by_user ON organization_memberships (user_id);
CREATE INDEX organization_memberships_by_age ON organization_memberships (organization_id, created_at, id);
CREATE INDEX organization_memberships_by_role ON organization_memberships (organization_id, role);

-- A live organization keeps an owner, whoever writes: also when a user is deleted and the memberships go along. The
-- check waits for the commit, so that ownership can be handed over in any order. It takes the organization's row as
-- package store does, deleted or not, since somebody may be restoring it: of two transactions that each take one of the
-- last two owners, the second sees what the first left. It writes the row and does not just lock it, because a
-- transaction that is REPEATABLE READ would not see that, and then goes on to fail.
CREATE FUNCTION organization_memberships_keep_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    live boolean;
BEGIN
    UPDATE organizations SET updated_at = updated_at WHERE id = OLD.organization_id RETURNING deleted_at IS NULL INTO live;
    IF live AND NOT EXISTS (
        SELECT FROM organization_memberships WHERE organization_id = OLD.organization_id AND role = 'owner'
    ) THEN
        RAISE EXCEPTION 'organization % would have no owner', OLD.organization_id
            USING ERRCODE = 'check_violation', TABLE = 'organization_memberships',
                  CONSTRAINT = 'organization_memberships_keep_owner',
                  HINT = 'Make somebody else owner first, or delete the organization.';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER organization_memberships_keep_owner
    AFTER DELETE OR UPDATE OF role, organization_id ON organization_memberships
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION organization_memberships_keep_owner();

-- Where somebody may act who has entered no organization: up to two live organizations with the memberships, as JSON in
-- the names of package scope. Two are enough to know that there is a choice. It is a function, and not part of the
-- statement that resolves a session, because PostgreSQL prepares every part of a statement each time it runs, also those
-- that it then does not need; a call costs nothing when it is not made.
CREATE FUNCTION organization_memberships_of(member uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(e.entry), '[]') FROM (
        SELECT jsonb_build_object(
            'Organization', jsonb_build_object('ID', o.id, 'Name', o.name, 'Slug', o.slug, 'Personal', o.personal,
                'CreatedAt', o.created_at, 'UpdatedAt', o.updated_at),
            'Membership', jsonb_build_object('ID', m.id, 'OrganizationID', o.id, 'UserID', m.user_id, 'Role', m.role,
                'CreatedAt', m.created_at, 'UpdatedAt', m.updated_at)) AS entry
        FROM organization_memberships m JOIN organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL
        WHERE m.user_id = member LIMIT 2
    ) e);
END
$$;

CREATE TABLE organization_invitations (
    organization_id uuid NOT NULL,
    id              uuid NOT NULL,
    email           text NOT NULL,
    role            text NOT NULL,
    token_hash      bytea NOT NULL,
    invited_by      uuid,
    accepted_by     uuid,
    revoked_by      uuid,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    accepted_at     timestamptz,
    revoked_at      timestamptz,
    CONSTRAINT organization_invitations_pkey PRIMARY KEY (organization_id, id),
    -- Looked up before the organization is known; it is a hash of 32 random bytes, so it tells nobody anything.
    CONSTRAINT organization_invitations_token_key UNIQUE (token_hash),
    CONSTRAINT organization_invitations_token_length CHECK (octet_length(token_hash) = 32),
    CONSTRAINT organization_invitations_email_shape CHECK (
        email COLLATE "C" ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$' AND email COLLATE "C" !~ '[A-Z]'
        AND octet_length(email) <= 254),
    CONSTRAINT organization_invitations_role CHECK (role IN ('owner', 'admin', 'member')),
    CONSTRAINT organization_invitations_expiry CHECK (expires_at > created_at),
    CONSTRAINT organization_invitations_state CHECK (
        num_nonnulls(accepted_at, revoked_at) <= 1
        AND (accepted_by IS NULL OR accepted_at IS NOT NULL)
        AND (revoked_by IS NULL OR revoked_at IS NOT NULL)),
    CONSTRAINT organization_invitations_organization_fkey
        FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
    -- The row outlives its people; audit_events still knows who they were.
    CONSTRAINT organization_invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT organization_invitations_accepted_by_fkey FOREIGN KEY (accepted_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT organization_invitations_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES users (id) ON DELETE SET NULL
);

-- One pending invitation an address. An expired one still counts: inviting again revokes it.
CREATE UNIQUE INDEX organization_invitations_pending_key ON organization_invitations (organization_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX organization_invitations_by_email ON organization_invitations (email, created_at)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX organization_invitations_by_age ON organization_invitations (organization_id, created_at, id);
CREATE INDEX organization_invitations_by_inviter ON organization_invitations (invited_by, created_at);
CREATE INDEX organization_invitations_by_accepter ON organization_invitations (accepted_by);
CREATE INDEX organization_invitations_by_revoker ON organization_invitations (revoked_by);

-- The functions look at the tables of this schema, whatever the caller's search path says. A path that does not name the
-- schema of temporary tables has them in front.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION organization_memberships_keep_owner() SET search_path = pg_catalog, %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION organization_memberships_of(uuid) SET search_path = pg_catalog, %I, pg_temp', current_schema());
END
$$;
