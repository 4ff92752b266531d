-- +goose Up
CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL DEFAULT ''
);

CREATE TABLE memberships (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    user_id uuid NOT NULL REFERENCES users (id),
    role text NOT NULL,
    UNIQUE (organization_id, user_id)
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    user_id uuid NOT NULL,
    organization_id uuid
);

CREATE TABLE customers (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    organizer_id uuid,
    number text NOT NULL,
    name text NOT NULL,
    email text,
    archived boolean NOT NULL DEFAULT false,
    UNIQUE (organization_id, number)
);

CREATE TABLE IF NOT EXISTS public."contacts" (
    id uuid PRIMARY KEY,
    "organization_id" uuid NOT NULL,
    customer_id uuid NOT NULL,
    name text
);

CREATE TABLE currencies (
    code char(3) PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE tax_rates (
    id uuid PRIMARY KEY,
    organization_id uuid,
    percent numeric NOT NULL
);

-- +goose Down
DROP TABLE tax_rates, currencies, contacts, customers, sessions, memberships, users, organizations;
