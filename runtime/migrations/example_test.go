package migrations_test

import (
	"fmt"
	"io/fs"

	"github.com/sigrahq/sigra/runtime/migrations"
)

func ExampleSet_Goose() {
	names, err := fs.Glob(migrations.Core(migrations.Users("accounts")).Goose(), "*.sql")
	fmt.Println(names, err)
	// Output: [00001_organizations.sql 00002_audit_events.sql] <nil>
}

func ExampleSet_GolangMigrate() {
	names, err := fs.Glob(migrations.All(migrations.First(12)).GolangMigrate(), "*.up.sql")
	fmt.Println(names, err)
	// Output: [12_users.up.sql 13_organizations.up.sql 14_audit_events.up.sql 15_user_sessions.up.sql] <nil>
}
