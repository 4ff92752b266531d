package query_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Two organizations. Statements are scoped to A; text that only B may see holds the word SECRET.
var (
	orgA = uuid.MustParse("a0000000-0000-4000-8000-000000000000")
	orgB = uuid.MustParse("b0000000-0000-4000-8000-000000000000")
	orgC = uuid.MustParse("c0000000-0000-4000-8000-000000000000") // has no rows
)

var secret = regexp.MustCompile("SECRET")

// id is the n-th row of a table as the seed numbers them: prefix a1 is a project of A, b2 a task of B, and so on.
func id(prefix string, n byte) uuid.UUID {
	return uuid.MustParse(prefix + "000000-0000-4000-8000-00000000000" + string('0'+rune(n)))
}

type project struct {
	ID             uuid.UUID  `db:"id"`
	OrganizationID uuid.UUID  `db:"organization_id"`
	Slug           string     `db:"slug"`
	Name           string     `db:"name"`
	Archived       bool       `db:"archived"`
	Priority       int        `db:"priority"`
	OwnerID        *uuid.UUID `db:"owner_id"`
}

type task struct {
	ID             uuid.UUID  `db:"id"`
	OrganizationID uuid.UUID  `db:"organization_id"`
	ProjectID      *uuid.UUID `db:"project_id"`
	Title          string     `db:"title"`
	Done           bool       `db:"done"`
}

type comment struct {
	ID             uuid.UUID  `db:"id"`
	OrganizationID uuid.UUID  `db:"organization_id"`
	TaskID         *uuid.UUID `db:"task_id"`
	Body           string     `db:"body"`
}

type handle struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Handle         string    `db:"handle"`
	Note           string    `db:"note"`
}

type event struct {
	ID             int       `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Kind           string    `db:"kind"`
	At             time.Time `db:"at"`
}

type ledgerEntry struct {
	ID     int       `db:"id"`
	Tenant uuid.UUID `db:"tenant_id"`
	Amount int       `db:"amount"`
}

// oddity has names that only quotes make possible.
type oddity struct {
	ID     int       `db:"id"`
	Org    uuid.UUID `db:"Org Id"`
	Select string    `db:"select"`
}

var (
	projects = query.Declare[project]("projects")
	tasks    = query.Declare[task]("tasks")
	comments = query.Declare[comment]("comments")
	_        = query.Declare[handle]("handles")
	_        = query.Declare[event]("events")
	_        = query.Declare[ledgerEntry]("ledger", query.Column("tenant_id"))
	oddities = query.Declare[oddity](`"Odd Table"`, query.Column("Org Id"))

	_ = query.Owned("open_tasks", "app.projects", "app.notes")
	_ = query.Shared("users")
)

// memberOfA is what a request of a member of A carries.
func memberOfA(t testing.TB) *scope.Scope { return member(t, orgA) }

func member(t testing.TB, org uuid.UUID) *scope.Scope {
	t.Helper()
	user := id("c1", 1)
	sc, err := scope.ForMember(
		scope.Organization{ID: org, Name: "org", Slug: "org"},
		scope.Membership{ID: id("c9", 1), OrganizationID: org, UserID: user, Role: scope.Member},
	)
	if err != nil {
		t.Fatalf("scope of a member: %v", err)
	}
	return sc
}

// There are no foreign keys, on purpose: rows of one organization that point at rows of another one must be in the seed.
// Only handles has a unique key that is not led by the organization.
const liveSchema = `
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL);

CREATE TABLE projects (
	id uuid PRIMARY KEY, organization_id uuid NOT NULL, slug text NOT NULL, name text NOT NULL,
	archived boolean NOT NULL DEFAULT false, priority integer NOT NULL DEFAULT 0, owner_id uuid, parent_id uuid,
	budget numeric, tags text[] NOT NULL DEFAULT '{}', meta jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT '2026-06-01 00:00:00+00',
	CONSTRAINT projects_name_key UNIQUE (organization_id, name),
	CONSTRAINT projects_slug_key UNIQUE (organization_id, slug)
);

CREATE TABLE tasks (
	id uuid PRIMARY KEY, organization_id uuid NOT NULL, project_id uuid, title text NOT NULL,
	done boolean NOT NULL DEFAULT false, points integer, due date, assignee_id uuid, extra jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE comments (id uuid PRIMARY KEY, organization_id uuid NOT NULL, task_id uuid, author_id uuid, body text NOT NULL);

CREATE TABLE handles (
	id uuid PRIMARY KEY, organization_id uuid NOT NULL, handle text NOT NULL,
	note text NOT NULL DEFAULT '', CONSTRAINT handles_handle_key UNIQUE (handle)
);

CREATE TABLE events (
	organization_id uuid NOT NULL, id integer NOT NULL, kind text NOT NULL, at timestamptz NOT NULL,
	PRIMARY KEY (organization_id, id)
) PARTITION BY HASH (organization_id);
CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE events_1 PARTITION OF events FOR VALUES WITH (MODULUS 2, REMAINDER 1);

CREATE TABLE ledger (id integer NOT NULL, tenant_id uuid NOT NULL, amount integer NOT NULL, PRIMARY KEY (tenant_id, id));

CREATE TABLE "Odd Table" ("Org Id" uuid NOT NULL, "select" text NOT NULL DEFAULT '', id integer PRIMARY KEY);

CREATE VIEW open_tasks AS SELECT id, organization_id, project_id, title FROM tasks WHERE NOT done;

CREATE SCHEMA app;
CREATE TABLE app.projects (id uuid PRIMARY KEY, organization_id uuid NOT NULL, label text NOT NULL);
CREATE TABLE app.notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, body text NOT NULL);

CREATE TABLE audit_log (id integer PRIMARY KEY, organization_id uuid, entry text);

CREATE FUNCTION label(projects) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1.slug || '/' || $1.name $$;

INSERT INTO users VALUES
	('c1000000-0000-4000-8000-000000000001', 'ada@example.com', 'Ada'),
	('c1000000-0000-4000-8000-000000000002', 'bob@example.com', 'Bob'),
	('c1000000-0000-4000-8000-000000000003', 'cyd@example.com', 'Cyd'),
	('c1000000-0000-4000-8000-000000000004', 'dee@example.com', 'Dee');
`

const seedA = `
INSERT INTO projects VALUES
	('a1000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000000', 'alpha', 'alpha', false, 1,
	 'c1000000-0000-4000-8000-000000000001', NULL, 100.50, '{red,blue}', '{"k": 1, "s": "x"}', '2026-01-01 00:00:00+00'),
	('a1000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000000', 'apex', 'apex', true, 5,
	 'c1000000-0000-4000-8000-000000000001', 'a1000000-0000-4000-8000-000000000001', NULL, '{}', '{"k": 2}', '2026-02-01 00:00:00+00'),
	('a1000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000000', 'atlas', 'atlas', false, 9,
	 'c1000000-0000-4000-8000-000000000002', 'a1000000-0000-4000-8000-000000000002', 10, '{blue}', '{}', '2026-03-01 00:00:00+00'),
	('a1000000-0000-4000-8000-000000000004', 'a0000000-0000-4000-8000-000000000000', 'axis', 'axis', false, 5,
	 NULL, 'b1000000-0000-4000-8000-000000000001', 20.25, '{green}', '{"nested": {"deep": [1, 2]}}', '2026-03-01 00:00:00+00');

INSERT INTO tasks VALUES
	('a2000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000001',
	 'draft', false, 3, '2026-04-01', 'c1000000-0000-4000-8000-000000000001'),
	('a2000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000001',
	 'review', true, 5, '2026-04-02', 'c1000000-0000-4000-8000-000000000002'),
	('a2000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000003',
	 'ship', false, 8, NULL, 'c1000000-0000-4000-8000-000000000001'),
	('a2000000-0000-4000-8000-000000000004', 'a0000000-0000-4000-8000-000000000000', 'b1000000-0000-4000-8000-000000000002',
	 'stray', false, 2, '2026-05-01', NULL),
	('a2000000-0000-4000-8000-000000000005', 'a0000000-0000-4000-8000-000000000000', NULL,
	 'loose', true, NULL, NULL, NULL);

INSERT INTO comments VALUES
	('a3000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000001',
	 'c1000000-0000-4000-8000-000000000001', 'nice'),
	('a3000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000001',
	 'c1000000-0000-4000-8000-000000000002', 'hmm'),
	('a3000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000003',
	 'c1000000-0000-4000-8000-000000000001', 'done'),
	('a3000000-0000-4000-8000-000000000004', 'a0000000-0000-4000-8000-000000000000', 'b2000000-0000-4000-8000-000000000002',
	 'c1000000-0000-4000-8000-000000000001', 'lost');

INSERT INTO handles VALUES
	('a4000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000000', 'amber', 'first'),
	('a4000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000000', 'azure', 'second');

INSERT INTO events VALUES
	('a0000000-0000-4000-8000-000000000000', 1, 'created', '2026-01-01 00:00:00+00'),
	('a0000000-0000-4000-8000-000000000000', 2, 'closed', '2026-01-02 00:00:00+00');

INSERT INTO ledger VALUES (1, 'a0000000-0000-4000-8000-000000000000', 10), (2, 'a0000000-0000-4000-8000-000000000000', 20);

INSERT INTO "Odd Table" VALUES ('a0000000-0000-4000-8000-000000000000', 'one', 1), ('a0000000-0000-4000-8000-000000000000', 'two', 2);

INSERT INTO app.projects VALUES
	('a1000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000000', 'app alpha'),
	('a5000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000000', 'app only');
INSERT INTO app.notes VALUES
	('a6000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000000', 'a note');
`

// seedB shares slugs, names, titles and ids of parents with A, sorts before and after A in every column, and holds values that
// make careless expressions fail: points 0, a budget of zero, a title that is no regular expression.
const seedB = `
INSERT INTO projects VALUES
	('b1000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000000', 'alpha', 'alpha', true, 9,
	 'c1000000-0000-4000-8000-000000000001', NULL, 0, '{blue,black}', '{"k": 1, "s": "SECRET"}', '2026-01-01 00:00:00+00'),
	('b1000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000000', 'bravo', 'bravo SECRET', false, 7,
	 'c1000000-0000-4000-8000-000000000003', 'b1000000-0000-4000-8000-000000000001', 5000, '{red}', '{"k": 9}', '2026-02-01 00:00:00+00'),
	('b1000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000000', 'blue', 'blue SECRET', false, 3,
	 'c1000000-0000-4000-8000-000000000001', 'a1000000-0000-4000-8000-000000000001', NULL, '{SECRET}', '{}', '2025-01-01 00:00:00+00'),
	('b1000000-0000-4000-8000-000000000004', 'b0000000-0000-4000-8000-000000000000', 'zulu', 'zzz SECRET', true, 100,
	 'c1000000-0000-4000-8000-000000000002', 'a1000000-0000-4000-8000-000000000003', 7, '{red,blue}', '{"nested": {"deep": ["SECRET"]}}', '2027-01-01 00:00:00+00'),
	('b1000000-0000-4000-8000-000000000005', 'b0000000-0000-4000-8000-000000000000', 'aaa', 'aaa SECRET', false, -1,
	 NULL, NULL, 1, '{}', '{}', '2025-06-01 00:00:00+00');

INSERT INTO tasks VALUES
	('b2000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000000', 'b1000000-0000-4000-8000-000000000001',
	 'draft', false, 3, '2026-04-01', 'c1000000-0000-4000-8000-000000000001'),
	('b2000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000000', 'b1000000-0000-4000-8000-000000000002',
	 'b-task SECRET', true, 13, '2027-04-01', 'c1000000-0000-4000-8000-000000000003'),
	('b2000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000001',
	 'intruder SECRET', false, 1, '2025-04-01', 'c1000000-0000-4000-8000-000000000002'),
	('b2000000-0000-4000-8000-000000000004', 'b0000000-0000-4000-8000-000000000000', 'b1000000-0000-4000-8000-000000000003',
	 '(SECRET', false, 0, NULL, NULL),
	('b2000000-0000-4000-8000-000000000005', 'b0000000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000002',
	 'aaa SECRET', true, 40, NULL, 'c1000000-0000-4000-8000-000000000004'),
	('b2000000-0000-4000-8000-000000000006', 'b0000000-0000-4000-8000-000000000000', NULL,
	 'zzz SECRET', false, NULL, NULL, NULL);

INSERT INTO comments VALUES
	('b3000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000000', 'b2000000-0000-4000-8000-000000000001',
	 'c1000000-0000-4000-8000-000000000001', 'SECRET one'),
	('b3000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000001',
	 'c1000000-0000-4000-8000-000000000002', 'SECRET two'),
	('b3000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000000', 'b2000000-0000-4000-8000-000000000002',
	 'c1000000-0000-4000-8000-000000000003', 'nice'),
	('b3000000-0000-4000-8000-000000000004', 'b0000000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000004',
	 'c1000000-0000-4000-8000-000000000004', 'aaa SECRET');

INSERT INTO handles VALUES
	('b4000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000000', 'bravo', 'SECRET'),
	('b4000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000000', 'blaze', 'SECRET'),
	('b4000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000000', 'aaa', '(SECRET');

INSERT INTO events VALUES
	('b0000000-0000-4000-8000-000000000000', 1, 'SECRET', '2025-01-01 00:00:00+00'),
	('b0000000-0000-4000-8000-000000000000', 2, 'created', '2027-01-01 00:00:00+00'),
	('b0000000-0000-4000-8000-000000000000', 3, 'closed', '2026-01-02 00:00:00+00');

INSERT INTO ledger VALUES
	(1, 'b0000000-0000-4000-8000-000000000000', 1000), (2, 'b0000000-0000-4000-8000-000000000000', 20), (3, 'b0000000-0000-4000-8000-000000000000', 3);

INSERT INTO "Odd Table" VALUES ('b0000000-0000-4000-8000-000000000000', 'one SECRET', 11), ('b0000000-0000-4000-8000-000000000000', 'two', 12);

INSERT INTO app.projects VALUES
	('b1000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000000', 'app SECRET'),
	('b5000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000000', 'app only');
INSERT INTO app.notes VALUES
	('b6000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000000', 'b note SECRET');

UPDATE tasks SET extra = '{"s": "SECRET"}' WHERE title = 'b-task SECRET';

INSERT INTO audit_log VALUES (1, 'b0000000-0000-4000-8000-000000000000', 'SECRET');
`

// ownDatabase turns a database into one organization's own: a row that comes without an organization is that organization's.
// With it the plain statement is the reference for stamped inserts too.
const ownDatabase = `
CREATE FUNCTION own_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.organization_id IS NULL OR NEW.organization_id = '00000000-0000-0000-0000-000000000000' THEN
		NEW.organization_id := 'a0000000-0000-4000-8000-000000000000';
	END IF;
	RETURN NEW;
END $$;
CREATE FUNCTION own_ledger_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.tenant_id := coalesce(NEW.tenant_id, 'a0000000-0000-4000-8000-000000000000');
	RETURN NEW;
END $$;
CREATE TRIGGER own BEFORE INSERT ON projects FOR EACH ROW EXECUTE FUNCTION own_row();
CREATE TRIGGER own BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION own_row();
CREATE TRIGGER own BEFORE INSERT ON comments FOR EACH ROW EXECUTE FUNCTION own_row();
CREATE TRIGGER own BEFORE INSERT ON handles FOR EACH ROW EXECUTE FUNCTION own_row();
CREATE TRIGGER own BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION own_row();
CREATE TRIGGER own BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION own_ledger_row();
CREATE FUNCTION own_odd_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW."Org Id" := 'a0000000-0000-4000-8000-000000000000';
	RETURN NEW;
END $$;
CREATE TRIGGER own BEFORE INSERT ON "Odd Table" FOR EACH ROW EXECUTE FUNCTION own_odd_row();
ALTER TABLE events ALTER organization_id SET DEFAULT 'a0000000-0000-4000-8000-000000000000';
`
