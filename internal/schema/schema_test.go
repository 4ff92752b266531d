package schema

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// columns lists "schema.table: a b" for each table.
func columns(s *Schema) []string {
	var out []string
	for _, t := range s.Tables() {
		var names []string
		for c := range t.columns {
			names = append(names, c)
		}
		slices.Sort(names)
		name := t.Name
		if t.Schema != "" {
			name = t.Schema + "." + name
		}
		out = append(out, name+": "+strings.Join(names, " "))
	}
	return out
}

func TestFilesLeaveTables(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files []string // name, text, name, text, …
		want  []string
	}{
		{"create", []string{"1.sql", `
			CREATE TABLE IF NOT EXISTS public."Tasks" (
				id uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- a comment, with a comma
				"Organization_ID" uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
				title text CHECK (title <> 'a, b (c)'),
				CONSTRAINT tasks_key UNIQUE (id, title),
				PRIMARY KEY (id), UNIQUE (title)
			) PARTITION BY LIST (title);
			CREATE UNLOGGED TABLE billing.invoices (organization_id uuid)`},
			[]string{"Tasks: Organization_ID id title", "billing.invoices: organization_id"}},
		{"alter", []string{"1.sql", `
			CREATE TABLE a (id int, x int);
			ALTER TABLE ONLY a ADD COLUMN IF NOT EXISTS organization_id uuid NOT NULL, ADD CONSTRAINT c CHECK (x > 0), DROP COLUMN x;
			ALTER TABLE a RENAME COLUMN id TO key;
			ALTER TABLE a RENAME TO b;
			ALTER TABLE b ADD tenant uuid;
			ALTER TABLE b SET SCHEMA app;`},
			[]string{"a: key organization_id", "b: key organization_id tenant", "app.b: key organization_id tenant"}},
		{"drop", []string{"1.sql", "CREATE TABLE a (x int); CREATE TABLE b (x int); CREATE TABLE c (x int); DROP TABLE IF EXISTS a, public.b CASCADE;"},
			[]string{"c: x"}},
		{"a name that is used again", []string{"1.sql", `
			CREATE TABLE a (x int, organization_id uuid); DROP TABLE a; CREATE TABLE IF NOT EXISTS a (y int);
			CREATE TABLE b (x int, organization_id uuid); ALTER TABLE b RENAME TO old; CREATE TABLE b (y int); ALTER TABLE old DROP COLUMN x;`},
			[]string{"a: y", "b: y", "old: organization_id"}},
		{"two databases", []string{
			"a.sql", "CREATE TABLE clients (organization_id uuid)",
			"b.sql", "CREATE TABLE IF NOT EXISTS clients (x int); ALTER TABLE clients RENAME TO users;",
		}, []string{"clients: organization_id", "users: organization_id"}},
		{"like, inherits, partitions", []string{"1.sql", `
			CREATE TABLE a (organization_id uuid); CREATE TABLE b (LIKE a INCLUDING ALL, x int);
			CREATE TABLE c (y int) INHERITS (a); CREATE TABLE d PARTITION OF a FOR VALUES IN (1);`},
			[]string{"a: organization_id", "b: organization_id x", "c: organization_id y", "d: organization_id"}},
		{"ways down", []string{
			"1.up.sql", "CREATE TABLE a (x int)", "1.down.sql", "DROP TABLE a",
			"2.sql", "-- +goose Up\nCREATE TABLE b (x int);\n-- +goose Down\nDROP TABLE b;",
			"3.sql", "-- migrate:up\nCREATE TABLE c (x int);\n-- migrate:down\nDROP TABLE c;",
			"4.sql", "CREATE TABLE d (x int);\n---- create above / drop below ----\nDROP TABLE d;",
			"5.sql", "-- +migrate Down\nDROP TABLE e;\n-- +migrate Up\nCREATE TABLE e (x int);",
			"U6__x.sql", "DROP TABLE a",
		}, []string{"a: x", "b: x", "c: x", "d: x", "e: x"}},
		{"what is not a table", []string{"1.sql", `
			CREATE TEMP TABLE t (x int); CREATE VIEW v AS SELECT 1; CREATE INDEX i ON a (x);
			CREATE FUNCTION f() RETURNS void AS $$ CREATE TABLE in_function (x int); $$ LANGUAGE sql;
			DO $do$ BEGIN CREATE TABLE in_block (x int); END $do$;
			COMMENT ON TABLE a IS 'CREATE TABLE in_string (x int)'; /* CREATE TABLE /* nested */ c (x int); */`},
			nil},
		{"dump", []string{"dump.sql", `
			SET statement_timeout = 0;
			CREATE TABLE public.tasks (
			    id uuid NOT NULL,
			    organization_id uuid NOT NULL
			);
			ALTER TABLE public.tasks OWNER TO app;
			ALTER TABLE ONLY public.tasks ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);`},
			[]string{"tasks: id organization_id"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var s Schema
			for i := 0; i < len(tt.files); i += 2 {
				s.Apply(tt.files[i], tt.files[i+1])
			}
			if diff := cmp.Diff(tt.want, columns(&s)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestGoFilesLeaveTables(t *testing.T) {
	t.Parallel()
	const src = `package postgres

import "example.com/migrate"

const down = "DROP TABLE kept"

var first = &migrate.Migration{
	Up:   []string{"CREATE TABLE tasks (id uuid, " + "title text)", ` + "`CREATE TABLE kept (organization_id uuid)`" + `},
	Down: []string{"DROP TABLE tasks"},
}

func upLabels(db migrate.DB) {
	db.Exec("CREATE TABLE labels (id uuid)")
	db.Exec("ALTER TABLE labels ADD COLUMN organization_id uuid")
}

func downLabels(db migrate.DB) { db.Exec("DROP TABLE labels") }
`
	var s Schema
	if err := s.ApplyGo("init.go", src); err != nil {
		t.Fatal(err)
	}
	want := []string{"kept: organization_id", "labels: id organization_id", "tasks: id title"}
	if diff := cmp.Diff(want, columns(&s)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if err := s.ApplyGo("broken.go", "package"); err == nil || !strings.Contains(err.Error(), "broken.go") {
		t.Errorf("a file that is no Go: %v", err)
	}
}

func TestFileNamesAreComparedAsNumbers(t *testing.T) {
	t.Parallel()
	names := []string{"10_c.sql", "2_b.sql", "0001_a.sql", "dump.sql"}
	slices.SortFunc(names, Compare)
	if want := []string{"0001_a.sql", "2_b.sql", "10_c.sql", "dump.sql"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

func FuzzApplyEnds(f *testing.F) {
	f.Add("CREATE TABLE a (b int, c (d); ALTER TABLE a RENAME b TO; DROP TABLE ,;")
	f.Add("create table a partition of; alter table only add; $$ ; \" ; ' ; /*")
	f.Fuzz(func(t *testing.T, text string) {
		var s Schema
		s.Apply("1.sql", text)
		for _, table := range s.Tables() {
			if s.tables[[2]string{table.Schema, table.Name}] != table {
				t.Errorf("table %q.%q is kept under another name", table.Schema, table.Name)
			}
		}
	})
}
