CREATE TABLE invoices (
	id uuid PRIMARY KEY,
	organization_id uuid NOT NULL
);
CREATE TABLE drafts (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
CREATE TABLE plans (id uuid PRIMARY KEY);
CREATE TABLE receipts (id uuid PRIMARY KEY);
CREATE SCHEMA audit;
CREATE TABLE audit.entries (id bigint, organization_id uuid NOT NULL);
