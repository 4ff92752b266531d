package migrations_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/migrations"
	"github.com/sigrahq/sigra/runtime/scope"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// catalog is every table, column, constraint, index, function and trigger of the
// schema public.
const catalog = `
SELECT format('%s %s %s', c.relkind, c.relname, a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull)
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE c.relnamespace = 'public'::regnamespace
UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1`

func schemaOf(t *testing.T, db *pgxpool.Pool) []string {
	t.Helper()
	rows, err := db.Query(t.Context(), catalog)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

//sigra:allow migration -- runs the schema's scripts
func run(t *testing.T, db *pgxpool.Pool, script string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

func TestUpDownUp(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]migrations.Set{
		"all":  migrations.All(),
		"core": migrations.Core(migrations.Users("auth.accounts"), migrations.Roles(scope.MustRanking("captain", "mate's"))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Pool(t, `CREATE SCHEMA auth; CREATE TABLE auth.accounts (id uuid PRIMARY KEY)`)
			empty := schemaOf(t, db)
			run(t, db, set.Up())
			full := schemaOf(t, db)
			if len(full) < 60 {
				t.Errorf("the schema has only %d parts", len(full))
			}
			run(t, db, set.Down())
			if left := schemaOf(t, db); !slices.Equal(left, empty) {
				t.Errorf("the way down leaves %q", left)
			}
			run(t, db, set.Up())
			if again := schemaOf(t, db); !slices.Equal(again, full) {
				t.Error("the second way up leads elsewhere")
			}
		})
	}
}

func TestTheFilesAreTheSetWithItsDefaults(t *testing.T) {
	t.Parallel()
	text, err := fs.ReadFile(migrations.Core().GolangMigrate(), "1_organizations.up.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"REFERENCES users (id)", "role IN ('owner', 'admin', 'member')", "role = 'owner'"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("the default script lacks %q", part)
		}
	}
	adapted := migrations.Core(migrations.Users(`auth."My Users"`), migrations.Roles(scope.MustRanking("boss", "o'hara"))).Up()
	for part, want := range map[string]int{
		"REFERENCES users": 0, `REFERENCES auth."My Users" (id)`: 5,
		"'owner'": 0, "'admin'": 0, "role IN ('boss', 'o''hara')": 2, "role = 'boss'": 2,
	} {
		if got := strings.Count(adapted, part); got != want {
			t.Errorf("the adapted script has %q %d times, want %d", part, got, want)
		}
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	set := migrations.All(migrations.First(7))
	for name, tc := range map[string]struct {
		files fs.FS
		want  []string
	}{
		"golang-migrate": {set.GolangMigrate(), []string{
			"10_user_sessions.down.sql", "10_user_sessions.up.sql", "7_users.down.sql", "7_users.up.sql",
			"8_organizations.down.sql", "8_organizations.up.sql", "9_audit_events.down.sql", "9_audit_events.up.sql"}},
		"goose": {set.Goose(), []string{"00007_users.sql", "00008_organizations.sql", "00009_audit_events.sql", "00010_user_sessions.sql"}},
		"tern":  {set.Tern(), []string{"007_users.sql", "008_organizations.sql", "009_audit_events.sql", "010_user_sessions.sql"}},
		"atlas": {set.Atlas(), []string{"00007_users.sql", "00008_organizations.sql", "00009_audit_events.sql", "00010_user_sessions.sql"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := fs.Glob(tc.files, "*.sql")
			if err != nil || !slices.Equal(got, tc.want) {
				t.Errorf("files are %q, %v", got, err)
			}
			for _, file := range got {
				text, err := fs.ReadFile(tc.files, file)
				if err != nil || len(text) < 10 {
					t.Errorf("%s: %q, %v", file, text, err)
				}
			}
		})
	}
}

// Tern runs what is above its line on the way up, and what is below on the way
// down.
func TestTernFilesRunAtTheirLine(t *testing.T) {
	t.Parallel()
	db := pgtest.Pool(t)
	files := migrations.All().Tern()
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var downs []string
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		up, down, ok := strings.Cut(string(text), "---- create above / drop below ----")
		if !ok {
			t.Fatalf("%s has no line between its ways", name)
		}
		run(t, db, up)
		downs = append(downs, down)
	}
	for _, down := range slices.Backward(downs) {
		run(t, db, down)
	}
	if left := schemaOf(t, db); len(left) != 0 {
		t.Errorf("the way down leaves %q", left)
	}
}

func TestOptionsThatCannotBeRightPanic(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func(){
		"a table's name that is none":         func() { migrations.Users("a.b.c") },
		"other users beside our own":          func() { migrations.All(migrations.Users("accounts")) },
		"a number before the first":           func() { migrations.First(0) },
		"a role that ends a function's quote": func() { migrations.Core(migrations.Roles(scope.MustRanking("$$; DROP"))) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("it is accepted")
				}
			}()
			f()
		})
	}
}

func TestTheTrailOnlyGrows(t *testing.T) {
	t.Parallel()
	db := pgtest.Pool(t, migrations.All().Up(), `
		INSERT INTO audit_events (organization_id, id, occurred_at, action) VALUES (gen_random_uuid(), gen_random_uuid(), now(), 'a.b')`)
	for _, sql := range []string{
		"UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events", "DELETE FROM audit_events WHERE false", "TRUNCATE audit_events",
		"INSERT INTO audit_events SELECT * FROM audit_events ON CONFLICT (organization_id, id) DO UPDATE SET action = 'x'",
		"WITH gone AS (DELETE FROM audit_events RETURNING 1) SELECT FROM gone",
	} {
		_, err := db.Exec(t.Context(), sql)
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.ConstraintName != "audit_events_append_only" {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// The grant is a belt of its own: here the trigger is off.
//
//sigra:allow test -- the test changes what must not be changed
func TestTheApplicationsRoleCannotChangeTheTrail(t *testing.T) {
	t.Parallel()
	const role = "sigra_test_application"
	db := pgtest.Pool(t, `DO $$ BEGIN CREATE ROLE `+role+`; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
		migrations.All().Up(), "ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only",
		"GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC, "+role, migrations.All().Grant(role))
	conn, err := db.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), "SET ROLE "+role); err != nil {
		t.Fatal(err)
	}
	for sql, allowed := range map[string]bool{
		"INSERT INTO audit_events (organization_id, id, occurred_at, action) VALUES (gen_random_uuid(), gen_random_uuid(), now(), 'a.b')": true,
		"SELECT FROM audit_events":                  true,
		"UPDATE audit_events SET action = 'x'":      false,
		"DELETE FROM audit_events":                  false,
		"TRUNCATE audit_events":                     false,
		"TRUNCATE organization_memberships CASCADE": false,
		"CREATE TRIGGER audit_events_append_only_too BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()": false,
		"ALTER TABLE audit_events DISABLE TRIGGER ALL": false,
		"DROP TABLE audit_events":                      false,
		"DELETE FROM user_sessions":                    true,
		"UPDATE organization_memberships SET role=''":  true,
	} {
		_, err := conn.Exec(t.Context(), sql)
		pg, _ := errors.AsType[*pgconn.PgError](err)
		if denied := pg != nil && pg.Code == "42501"; denied == allowed || err != nil && !denied {
			t.Errorf("%s: %v, allowed %t", sql, err, allowed)
		}
	}
}
