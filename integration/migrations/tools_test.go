package migrations_test

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	atlas "ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"github.com/golang-migrate/migrate/v4"
	migratepgx "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"
	tern "github.com/jackc/tern/v2/migrate"
	"github.com/pressly/goose/v3"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/migrations"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func open(t *testing.T, schema ...string) *sql.DB {
	t.Helper()
	return openDSN(t, pgtest.DSN(t, schema...))
}

func openDSN(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
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

func TestTern(t *testing.T) {
	t.Parallel()
	for name, tc := range sets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const own = "sigra_tern"
			dsn := pgtest.DSN(t, tc.before)
			db := openDSN(t, dsn)
			before := tables(t, db, own)
			conn, err := pgx.Connect(t.Context(), dsn)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(context.WithoutCancel(t.Context()))
			m, err := tern.NewMigrator(t.Context(), conn, own)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.LoadMigrations(tc.set.Tern()); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := m.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := tables(t, db, own); !slices.Equal(got, tc.tables) {
					t.Errorf("the way up leaves %q, want %q", got, tc.tables)
				}
				if err := m.MigrateTo(t.Context(), 0); err != nil {
					t.Fatal(err)
				}
				if got := tables(t, db, own); !slices.Equal(got, before) {
					t.Errorf("the way down leaves %q, want %q", got, before)
				}
			}
		})
	}
}

// Atlas wants its files in a directory, in the order of their names, with their
// checksums, and knows no way down.
func TestAtlas(t *testing.T) {
	t.Parallel()
	for name, tc := range sets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, tc.set.Atlas()); err != nil {
				t.Fatal(err)
			}
			db := open(t, tc.before)
			driver, err := postgres.Open(db)
			if err != nil {
				t.Fatal(err)
			}
			files, err := atlas.NewLocalDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			// The database need not be empty: the application's users may be there.
			run, err := atlas.NewExecutor(driver, files, atlas.NopRevisionReadWriter{}, atlas.WithAllowDirty(true))
			if err != nil {
				t.Fatal(err)
			}
			if err := run.ExecuteN(t.Context(), 0); err != nil { // 0 is all, after a look at the checksums
				t.Fatal(err)
			}
			if got := tables(t, db, ""); !slices.Equal(got, tc.tables) {
				t.Errorf("the way up leaves %q, want %q", got, tc.tables)
			}

			// A file that somebody has changed is noticed.
			names, err := fs.Glob(tc.set.Atlas(), "*.sql")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, names[0]), []byte("SELECT 1"), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := atlas.Validate(files); err == nil {
				t.Error("the checksums fit a file that was changed")
			}
		})
	}
}

// Both sets, numbered from where the order of names and of numbers differs.
func TestAtlasKeepsTheOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, migrations.All(migrations.First(9)).Atlas()); err != nil {
		t.Fatal(err)
	}
	files, err := atlas.NewLocalDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := atlas.Validate(files); err != nil {
		t.Error(err)
	}
	list, err := files.Files()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range list {
		got = append(got, f.Desc())
	}
	if want := []string{"users", "organizations", "audit_events", "user_sessions"}; !slices.Equal(got, want) {
		t.Errorf("the order is %q, want %q", got, want)
	}
}
