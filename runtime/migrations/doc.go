// Package migrations is the schema of organizations, memberships, invitations
// and the audit trail, as plain SQL that goes up and down.
//
// There are two sets. [Core] has organizations, organization_slug_aliases,
// organization_memberships, organization_invitations and audit_events, and
// refers to a table of users that the application has. [All] has that table and
// user_sessions too, for applications that start from nothing.
//
//	migrations.Core(migrations.Users("accounts"))  // the application's own users
//	migrations.All()                               // users and sessions included
//
// A [Set] is a file system in the form that the migration tool of your choice
// reads:
//
//	goose.NewProvider(goose.DialectPostgres, db, migrations.All().Goose())
//	iofs.New(migrations.All().GolangMigrate(), ".")
//	migrator.LoadMigrations(migrations.All().Tern())
//	os.CopyFS(dir, migrations.All().Atlas()) // with its atlas.sum
//
// or simply text, for tests and for tools of your own: [Set.Up], [Set.Down]. The
// tool keeps its own record of what has run; nothing here forces a table for
// that on you. Files are numbered from 1; [First] continues a numbering that
// exists.
//
// The names of constraints and unique indexes are part of the API: package store
// turns their violations into its errors.
package migrations
