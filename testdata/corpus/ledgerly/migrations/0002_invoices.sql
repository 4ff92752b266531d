-- +goose Up
CREATE TABLE invoices (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    number text NOT NULL UNIQUE,
    status text NOT NULL DEFAULT 'draft', -- draft; sent; paid
    cents bigint NOT NULL DEFAULT 0,
    external_id text UNIQUE,
    paid_at timestamptz
);
ALTER TABLE invoices ADD COLUMN organization_id uuid NOT NULL;

CREATE TABLE invoice_lines (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    text text NOT NULL,
    cents bigint NOT NULL
);

CREATE TABLE comments (
    id uuid PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    body text NOT NULL
);

CREATE SCHEMA ledger;
CREATE TABLE ledger.entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL,
    account text NOT NULL,
    cents bigint NOT NULL
);

CREATE TABLE "Document" (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    title text
);

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$body$;

-- +goose Down
DROP TABLE invoices;
