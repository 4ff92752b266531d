package pgtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// schema leaves a value in the template that differs each time it runs.
const schema = `
	CREATE TABLE run (id uuid NOT NULL);
	INSERT INTO run VALUES (gen_random_uuid());
	CREATE TABLE notes (text text NOT NULL);`

func TestDatabasesAreIsolated(t *testing.T) {
	t.Parallel()
	one, other := pgtest.Pool(t, schema), pgtest.Pool(t, schema)

	if _, err := one.Exec(t.Context(), "INSERT INTO notes VALUES ('mine')"); err != nil {
		t.Fatal(err)
	}
	if got := text(t, one, "SELECT count(*)::text FROM notes"); got != "1" {
		t.Errorf("the writer's database has %s notes, want 1", got)
	}
	if got := text(t, other, "SELECT count(*)::text FROM notes"); got != "0" {
		t.Errorf("the other database has %s notes, want 0", got)
	}
}

func TestScriptsRunOncePerTemplate(t *testing.T) {
	t.Parallel()
	const run = "SELECT id::text FROM run"

	first := text(t, pgtest.Pool(t, schema), run)
	if second := text(t, pgtest.Pool(t, schema), run); second != first {
		t.Errorf("the same scripts ran twice: %s and %s", first, second)
	}
	if other := text(t, pgtest.Pool(t, schema, "SELECT 1"), run); other == first {
		t.Error("other scripts share the template")
	}
}

func TestScriptsRunInOrder(t *testing.T) {
	t.Parallel()
	db := pgtest.Pool(t, "CREATE TABLE steps (n int)", "INSERT INTO steps VALUES (1); UPDATE steps SET n = n + 1")
	if got := text(t, db, "SELECT n::text FROM steps"); got != "2" {
		t.Errorf("got %s, want 2", got)
	}
}

func TestParallelTestsOnNewTemplate(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			// Two templates, four tests each, all of them first comers.
			db := pgtest.Pool(t, fmt.Sprintf("CREATE TABLE numbers AS SELECT %d AS n", i%2))
			if _, err := db.Exec(t.Context(), "UPDATE numbers SET n = n + 10"); err != nil {
				t.Fatal(err)
			}
			if got, want := text(t, db, "SELECT n::text FROM numbers"), fmt.Sprint(10+i%2); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestDatabaseIsDroppedThoughSomebodyIsConnected(t *testing.T) {
	t.Parallel()
	var dsn string
	var leaked *pgx.Conn
	t.Run("user", func(t *testing.T) {
		dsn = pgtest.DSN(t)
		var err error
		if leaked, err = pgx.Connect(t.Context(), dsn); err != nil {
			t.Fatal(err)
		}
	})
	defer leaked.Close(context.Background())

	_, err := pgx.Connect(t.Context(), dsn)
	const invalidCatalogName = "3D000"
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); !ok || pgErr.Code != invalidCatalogName {
		t.Errorf("connect after the test: %v, want error %s", err, invalidCatalogName)
	}
}

func TestDatabaseWithoutATestIsDropped(t *testing.T) {
	t.Parallel()
	pgtest.DSN(t) // keeps the server
	dsn, drop, err := pgtest.Database(schema)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "INSERT INTO notes VALUES ('mine')"); err != nil {
		t.Error(err)
	}
	drop()
	drop() // the second time does nothing
	if _, err := pgx.Connect(t.Context(), dsn); err == nil {
		t.Error("the database is still there")
	}
	if _, _, err := pgtest.Database("CREATE TABEL b ()"); err == nil {
		t.Error("a wrong script is accepted")
	}
}

func TestServerOutlivesAllButItsLastUser(t *testing.T) {
	t.Parallel()
	pgtest.DSN(t) // the tests' own hold
	dsn, stop, err := pgtest.Server()
	if err != nil {
		t.Fatal(err)
	}
	stop()
	stop() // the second time does nothing

	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatalf("the server is gone while tests use it: %v", err)
	}
	conn.Close(t.Context())
}

func text(t *testing.T, db *pgxpool.Pool, query string) string {
	t.Helper()
	var s string
	if err := db.QueryRow(t.Context(), query).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}
