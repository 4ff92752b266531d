-- Dumped from database version 15.4
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.tenants (
    id bigint NOT NULL,
    name text NOT NULL
);

CREATE TABLE public.parcels (
    id bigint NOT NULL,
    tenant_id bigint NOT NULL,
    code text NOT NULL,
    weight integer DEFAULT 0 NOT NULL,
    route_id bigint
);

ALTER TABLE public.parcels OWNER TO app;

CREATE TABLE public.routes (
    id bigint NOT NULL,
    tenant_id bigint NOT NULL,
    name text
);

CREATE TABLE public.depots (
    id bigint NOT NULL,
    organization_id bigint,
    name text
);

ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT parcels_pkey PRIMARY KEY (id);

CREATE UNIQUE INDEX parcels_code ON public.parcels USING btree (tenant_id, code);
