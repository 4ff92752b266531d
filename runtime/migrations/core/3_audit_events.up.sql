-- What happened, who did it, in which organization. Rows are only ever added.
--
-- There are no foreign keys, on purpose: the trail outlives the organizations and the people that it is about. What
-- concerns no organization has the zero id.

CREATE TABLE audit_events (
    organization_id uuid NOT NULL,
    id              uuid NOT NULL,
    occurred_at     timestamptz NOT NULL,
    action          text NOT NULL,
    actor_id        uuid,
    reason          text,
    target_type     text NOT NULL DEFAULT '',
    target_id       uuid,
    details         jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT audit_events_pkey PRIMARY KEY (organization_id, id),
    CONSTRAINT audit_events_action_shape CHECK (action COLLATE "C" ~ '^[a-z][a-z0-9_.]{0,99}$'),
    CONSTRAINT audit_events_details_object CHECK (jsonb_typeof(details) = 'object')
);

CREATE INDEX audit_events_by_age ON audit_events (organization_id, occurred_at, id);

CREATE FUNCTION audit_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_events only grows: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege', TABLE = 'audit_events', CONSTRAINT = 'audit_events_append_only',
              HINT = 'The owner of the table can disable the trigger for a retention job.';
END
$$;

-- For each statement, so that one that matches no row is refused as well.
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only();
