-- +goose Up
ALTER TABLE receipts ADD COLUMN organization_id uuid NOT NULL;
DROP TABLE drafts;

-- +goose Down
CREATE TABLE drafts (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
ALTER TABLE receipts DROP COLUMN organization_id;
