package migrations_test

import (
	"context"
	"fmt"
	"io/fs"
	"log"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/migrations"
	"github.com/sigrahq/sigra/runtime/scope"
)

// An application that starts from nothing, without a tool: the whole schema, and
// what the application's role may do with it.
func Example() {
	ctx, pool, drop := exampleDatabase()
	defer drop()

	set := migrations.All()
	//sigra:allow migration -- Sigra's own schema
	if _, err := pool.Exec(ctx, set.Up()); err != nil {
		log.Fatal(err)
	}
	if _, err := pool.Exec(ctx, set.Grant("app_example")); err != nil {
		log.Fatal(err)
	}

	var tables []string
	if err := pool.QueryRow(ctx, `SELECT array_agg(relname::text ORDER BY relname) FROM pg_class
		WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`).Scan(&tables); err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Join(tables, "\n"))
	// Output:
	// audit_events
	// organization_invitations
	// organization_memberships
	// organization_slug_aliases
	// organizations
	// user_sessions
	// users
}

// An application with users and roles of its own says so to the schema, and the
// same to the stores: store.Users, store.Roles, and store.NoSessions or
// store.SessionTable.
func ExampleCore() {
	ctx, pool, drop := exampleDatabase("CREATE TABLE accounts (id uuid PRIMARY KEY)")
	defer drop()

	set := migrations.Core(
		migrations.Users("accounts"),
		migrations.Roles(scope.MustRanking("chief", "accountant", "member")),
	)
	//sigra:allow migration -- Sigra's own schema
	if _, err := pool.Exec(ctx, set.Up()); err != nil {
		log.Fatal(err)
	}

	var user, role string
	if err := pool.QueryRow(ctx, `SELECT
		(SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'organization_memberships_user_fkey'),
		(SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'organization_memberships_role')`).Scan(&user, &role); err != nil {
		log.Fatal(err)
	}
	fmt.Println(user)
	fmt.Println(role)
	// Output:
	// FOREIGN KEY (user_id) REFERENCES accounts(id) ON DELETE CASCADE
	// CHECK ((role = ANY (ARRAY['chief'::text, 'accountant'::text, 'member'::text])))
}

// The files for goose.NewProvider(goose.DialectPostgres, db, files).
func ExampleSet_Goose() {
	files := migrations.Core(migrations.Users("accounts")).Goose()
	names, err := fs.Glob(files, "*.sql")
	fmt.Println(names, err)
	// Output: [00001_organizations.sql 00002_audit_events.sql] <nil>
}

// The files for iofs.New(files, "."), beside eleven that the application has.
func ExampleSet_GolangMigrate() {
	files := migrations.All(migrations.First(12)).GolangMigrate()
	names, err := fs.Glob(files, "*.up.sql")
	fmt.Println(names, err)
	// Output: [12_users.up.sql 13_organizations.up.sql 14_audit_events.up.sql 15_user_sessions.up.sql] <nil>
}

// The files for migrator.LoadMigrations(files).
func ExampleSet_Tern() {
	names, err := fs.Glob(migrations.All().Tern(), "*.sql")
	fmt.Println(names, err)
	// Output: [001_users.sql 002_organizations.sql 003_audit_events.sql 004_user_sessions.sql] <nil>
}

// The files for os.CopyFS("migrations", files), with the sum that Atlas asks for.
func ExampleSet_Atlas() {
	names, err := fs.Glob(migrations.All().Atlas(), "*")
	fmt.Println(names, err)
	// Output: [00001_users.sql 00002_organizations.sql 00003_audit_events.sql 00004_user_sessions.sql atlas.sum] <nil>
}

// The name is quoted, whatever it is.
func ExampleSet_Grant() {
	fmt.Print(migrations.Core().Grant("web app"))
	// Output:
	// REVOKE ALL ON organizations, organization_slug_aliases, organization_memberships, organization_invitations, audit_events FROM PUBLIC, "web app";
	// GRANT SELECT, INSERT, UPDATE, DELETE ON organizations, organization_slug_aliases, organization_memberships, organization_invitations TO "web app";
	// GRANT SELECT, INSERT ON audit_events TO "web app";
}

// exampleDatabase is an empty database, but for the scripts, on a server that has
// the role app_example.
//
//sigra:allow test -- the scripts of examples
func exampleDatabase(scripts ...string) (context.Context, *pgxpool.Pool, func()) {
	const role = `DO $$ BEGIN CREATE ROLE app_example; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`
	dsn, drop, err := pgtest.Database(append(scripts, role)...)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		log.Fatal(err)
	}
	return ctx, pool, func() {
		pool.Close()
		drop()
	}
}
