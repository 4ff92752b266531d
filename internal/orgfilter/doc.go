// Package orgfilter keeps one statement inside one organization. The runtime
// rewrites with it, the analyzer judges with it, so the two never disagree
// about what is scoped.
//
//	catalog := orgfilter.NewCatalog()
//	catalog.Add("projects", orgfilter.Owned, "organization_id")
//	plan, err := orgfilter.Rewrite("SELECT name FROM projects WHERE archived = $1", catalog, 1)
//	// plan.Text: SELECT name FROM projects WHERE projects.organization_id = $2 AND (archived = $1)
//
// Rewrite works in three steps that share no conclusions: it reads the text
// and places the condition (rewrite.go, place.go, stamp.go), cuts it in
// (edit.go), and reads the result again to prove that every org-owned
// relation is restricted (prove.go). Examine (examine.go) asks of a statement
// that was written by hand how each of its relations is restricted already.
package orgfilter
