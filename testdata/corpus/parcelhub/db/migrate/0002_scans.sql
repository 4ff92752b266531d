CREATE TABLE IF NOT EXISTS scans (
    id bigserial PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES tenants (id),
    parcel_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
) PARTITION BY HASH (tenant_id);

CREATE TABLE scans_0 PARTITION OF scans FOR VALUES WITH (MODULUS 2, REMAINDER 0);

CREATE TABLE hubs (id bigserial PRIMARY KEY, name text);
ALTER TABLE hubs ADD tenant_id bigint;
