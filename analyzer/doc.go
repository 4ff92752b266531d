// Package analyzer finds statements that reach the rows of more than one
// organization.
//
// # Analyzer sigravet
//
// sigravet: report SQL on org-owned tables that is not restricted to one organization
//
// A table is org-owned when each of its rows belongs to one organization: it
// is declared with query.Declare or query.Owned, a struct for its rows has a
// field db:"organization_id", or schema files give it such a column. The
// analyzer follows the SQL of every call that reaches a database (pgx,
// database/sql, sqlx, scany, and whatever has their methods) back to where it
// comes from, and asks what restricts each org-owned table in it.
//
// In a package that uses the runtime, the answer has to be query.ForOrg:
//
//	rows, err := db.Query(ctx, "SELECT id FROM tasks WHERE id = $1", id) // reported
//
//	sb := Tasks.SelectFrom()
//	sb.Where(sb.Equal("id", id))
//	tasks, err := query.All[Task](ctx, db, query.ForOrg(sb, sc)) // fine
//
// Elsewhere hand-written SQL is read, and each org-owned table in it needs a
// condition that binds its organization_id:
//
//	db.Query(ctx, "SELECT id FROM tasks WHERE id = $1 AND organization_id = $2", id, org) // fine
//
// What cannot be followed is reported as such, in a category of its own, and
// never passed over. The categories are explained by "sigravet explain".
//
// The analyzer can be driven by go vet, golangci-lint, Bazel's nogo and the
// sigravet command:
//
//	a := analyzer.New(analyzer.Options{Columns: []string{"org_id"}, Schema: []string{"migrations/*.sql"}})
package analyzer
