package orgfilter

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"github.com/sigrahq/sigra/internal/pgsql"
)

func cpu() int64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

func TestZZ(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	runtime.GOMAXPROCS(1)
	c := testCatalog(t)
	shapes := []struct {
		name, sql string
		params    int
	}{
		{"get", "SELECT id, name /* 12345 */ FROM projects WHERE id = $1", 1},
		{"list", "SELECT id, name /* 12345 */ FROM projects WHERE archived = $1 AND priority > $2 ORDER BY name ASC LIMIT $3 OFFSET $4", 4},
		{"join", "SELECT p.id, p.name /* 12345 */, t.title FROM projects p JOIN tasks t ON t.project_id = p.id WHERE p.archived = $1 AND EXISTS (SELECT 1 FROM comments c WHERE c.task_id = t.id AND c.body LIKE $2) ORDER BY p.name ASC LIMIT $3", 3},
		{"update", "UPDATE projects /* 12345 */ SET name = $1, archived = $2 WHERE id = $3", 3},
		{"insert", "INSERT INTO projects /* 12345 */ (id, slug, name) VALUES ($1, $2, $3)", 3},
	}
	for _, s := range shapes {
		var full, read []int64
		var ms1, ms2 runtime.MemStats
		runtime.ReadMemStats(&ms1)
		n := 0
		for range 600 {
			a := cpu()
			for range 100 {
				Rewrite(s.sql, c, s.params)
				n++
			}
			full = append(full, (cpu()-a)/100)
		}
		runtime.ReadMemStats(&ms2)
		for range 600 {
			a := cpu()
			for range 100 {
				tr, err := pgsql.Read(s.sql, pgsql.Options{})
				if err != nil {
					t.Fatal(err)
				}
				tr.Free()
			}
			read = append(read, (cpu()-a)/100)
		}
		slices.Sort(full)
		slices.Sort(read)
		fmt.Printf("%s rewrite %d %d  read %d %d allocs %d bytes %d\n", s.name, full[12], full[150], read[12], read[150], (ms2.Mallocs-ms1.Mallocs)/uint64(n), (ms2.TotalAlloc-ms1.TotalAlloc)/uint64(n))
	}
}
