package orgfilter

import "testing"

// BenchmarkRewrite is the cost of a text that is not remembered: read, place,
// cut, prove.
func BenchmarkRewrite(b *testing.B) {
	c := testCatalog(b)
	for _, bench := range []struct {
		name, sql string
		params    int
	}{
		{"get", "SELECT projects.id, projects.name FROM projects WHERE id = $1", 1},
		{"list", "SELECT id, name, slug FROM projects WHERE archived = $1 AND priority > $2 ORDER BY name LIMIT $3 OFFSET $4", 4},
		{"join", "SELECT p.id, p.name, t.title FROM projects p JOIN tasks t ON t.project_id = p.id WHERE p.archived = $1 AND EXISTS (SELECT 1 FROM comments c WHERE c.task_id = t.id AND c.body LIKE $2) ORDER BY p.name LIMIT $3", 3},
		{"update", "UPDATE projects SET name = $1, archived = $2 WHERE id = $3", 3},
		{"insert", "INSERT INTO projects (id, slug, name) VALUES ($1, $2, $3)", 3},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Rewrite(bench.sql, c, bench.params); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
