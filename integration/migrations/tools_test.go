package migrations_test

import (
	"database/sql"
	"slices"
	"testing"

	"github.com/golang-migrate/migrate/v4"
	migratepgx "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/migrations"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func open(t *testing.T, schema ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", pgtest.DSN(t, schema...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// tables are those of the schema public but the tool's own.
func tables(t *testing.T, db *sql.DB, own string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> $1 ORDER BY 1", own)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

var core = []string{"audit_events", "organization_invitations", "organization_memberships", "organization_slug_aliases", "organizations"}

// sets are both sets, with what is there before and with what the way up leaves.
var sets = map[string]struct {
	set    migrations.Set
	before string
	tables []string
}{
	"all":  {migrations.All(), "SELECT", append(slices.Clone(core), "user_sessions", "users")},
	"core": {migrations.Core(migrations.Users("accounts")), "CREATE TABLE accounts (id uuid PRIMARY KEY)", slices.Insert(slices.Clone(core), 0, "accounts")},
}

func TestGoose(t *testing.T) {
	t.Parallel()
	for name, tc := range sets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const own = "sigra_goose"
			db := open(t, tc.before)
			before := tables(t, db, own)
			p, err := goose.NewProvider(goose.DialectPostgres, db, tc.set.Goose(), goose.WithTableName(own))
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := p.Up(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := tables(t, db, own); !slices.Equal(got, tc.tables) {
					t.Errorf("the way up leaves %q, want %q", got, tc.tables)
				}
				if _, err := p.DownTo(t.Context(), 0); err != nil {
					t.Fatal(err)
				}
				if got := tables(t, db, own); !slices.Equal(got, before) {
					t.Errorf("the way down leaves %q, want %q", got, before)
				}
			}
		})
	}
}

func TestGolangMigrate(t *testing.T) {
	t.Parallel()
	for name, tc := range sets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const own = "sigra_migrate"
			db := open(t, tc.before)
			before := tables(t, db, own)
			source, err := iofs.New(tc.set.GolangMigrate(), ".")
			if err != nil {
				t.Fatal(err)
			}
			target, err := migratepgx.WithInstance(db, &migratepgx.Config{MigrationsTable: own})
			if err != nil {
				t.Fatal(err)
			}
			m, err := migrate.NewWithInstance("iofs", source, "pgx5", target)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := m.Up(); err != nil {
					t.Fatal(err)
				}
				if got := tables(t, db, own); !slices.Equal(got, tc.tables) {
					t.Errorf("the way up leaves %q, want %q", got, tc.tables)
				}
				if err := m.Down(); err != nil {
					t.Fatal(err)
				}
				if got := tables(t, db, own); !slices.Equal(got, before) {
					t.Errorf("the way down leaves %q, want %q", got, before)
				}
			}
			if source, target := m.Close(); source != nil || target != nil {
				t.Error(source, target)
			}
		})
	}
}
