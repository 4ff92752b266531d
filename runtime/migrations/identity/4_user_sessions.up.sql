-- Sessions, for applications that have none yet.

CREATE TABLE user_sessions (
    id                     uuid NOT NULL,
    user_id                uuid NOT NULL,
    token_hash             bytea NOT NULL,
    active_organization_id uuid,
    created_at             timestamptz NOT NULL,
    last_active_at         timestamptz NOT NULL,
    expires_at             timestamptz NOT NULL,
    CONSTRAINT user_sessions_pkey PRIMARY KEY (id),
    CONSTRAINT user_sessions_token_key UNIQUE (token_hash),
    CONSTRAINT user_sessions_token_length CHECK (octet_length(token_hash) = 32),
    CONSTRAINT user_sessions_expiry CHECK (expires_at > created_at),
    CONSTRAINT user_sessions_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    -- A session points only at an organization of its user. Whoever removes a membership clears the pointers before the
    -- transaction commits; deleting a user takes both away in either order.
    CONSTRAINT user_sessions_active_membership_fkey FOREIGN KEY (active_organization_id, user_id)
        REFERENCES organization_memberships (organization_id, user_id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX user_sessions_by_user ON user_sessions (user_id, active_organization_id);
CREATE INDEX user_sessions_by_organization ON user_sessions (active_organization_id, user_id, last_active_at);
