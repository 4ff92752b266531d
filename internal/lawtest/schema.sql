-- Tables of the law's worlds; tables.go describes them to the generator.
-- References between organization-owned tables are not constrained, but for
-- one: rows that point into another organization must be possible.

CREATE SCHEMA billing;

CREATE TABLE users (
	id int NOT NULL DEFAULT 90 PRIMARY KEY, name text DEFAULT 'someone', email text DEFAULT 'someone@example.com' UNIQUE,
	points int, done boolean DEFAULT false
);

CREATE TABLE plans (id int NOT NULL DEFAULT 90 PRIMARY KEY, name text, points int);

CREATE TABLE projects (
	id int NOT NULL DEFAULT 90, organization_id uuid NOT NULL, slug text NOT NULL DEFAULT 'new', name text DEFAULT 'new',
	user_id int, parent_id int, points int NOT NULL DEFAULT 1, code text DEFAULT '1', done boolean DEFAULT false,
	tags int[] DEFAULT '{}', meta jsonb DEFAULT '{}',
	PRIMARY KEY (organization_id, id), UNIQUE (organization_id, slug)
);

CREATE TABLE tasks (
	organization_id uuid NOT NULL, id int NOT NULL DEFAULT 90, project_id int, parent_id int, user_id int,
	name text DEFAULT 'new', points int NOT NULL DEFAULT 1, code text DEFAULT '1', done boolean, tags int[] DEFAULT '{1}',
	PRIMARY KEY (organization_id, id)
);
CREATE INDEX ON tasks (project_id);
CREATE INDEX ON tasks (id);

CREATE TABLE comments (
	id int NOT NULL DEFAULT 90, task_id int, body text, user_id int, points int, organization_id uuid NOT NULL,
	PRIMARY KEY (organization_id, id),
	FOREIGN KEY (organization_id, task_id) REFERENCES tasks ON UPDATE CASCADE ON DELETE CASCADE
);

-- Neither key is led by the organization.
CREATE TABLE labels (
	id int NOT NULL DEFAULT 90 PRIMARY KEY, organization_id uuid NOT NULL, code text DEFAULT 'new' UNIQUE, name text, task_id int
);

CREATE TABLE events (
	organization_id uuid NOT NULL, id int NOT NULL DEFAULT 90, project_id int, name text, points int,
	PRIMARY KEY (organization_id, id)
) PARTITION BY HASH (organization_id);
CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE events_1 PARTITION OF events FOR VALUES WITH (MODULUS 2, REMAINDER 1);

CREATE TABLE billing.invoices (
	id int NOT NULL DEFAULT 90, organization_id uuid NOT NULL, project_id int, amount int, name text, done boolean DEFAULT true,
	PRIMARY KEY (organization_id, id)
);

CREATE TABLE billing.users (
	id int NOT NULL DEFAULT 90, organization_id uuid NOT NULL, name text DEFAULT 'payer', points int, done boolean,
	PRIMARY KEY (organization_id, id)
);

CREATE TABLE "Odd Items" (
	"Id" int NOT NULL DEFAULT 90, "Org Id" uuid NOT NULL, "Select" text, task_id int, points int,
	PRIMARY KEY ("Org Id", "Id")
);

CREATE VIEW open_tasks AS
	SELECT id, organization_id, project_id, name, points FROM tasks WHERE done IS NOT TRUE;

-- What it joins belongs to one organization.
CREATE VIEW totals AS
	SELECT p.organization_id, p.id, p.name, count(t.id)::int AS n, sum(t.points)::int AS points
	FROM projects p LEFT JOIN tasks t ON t.organization_id = p.organization_id AND t.project_id = p.id
	GROUP BY p.organization_id, p.id, p.name;
