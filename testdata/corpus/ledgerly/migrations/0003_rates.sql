-- +goose Up
ALTER TABLE tax_rates DROP COLUMN organization_id;
CREATE TABLE clients (id uuid PRIMARY KEY, organization_id uuid NOT NULL, name text);
ALTER TABLE clients RENAME TO leads;

-- +goose Down
ALTER TABLE tax_rates ADD COLUMN organization_id uuid;
