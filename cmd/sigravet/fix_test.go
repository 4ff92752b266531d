package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unscopedStore has three statements without ForOrg: two of them in functions
// that have one scope, and one in a function that has none.
const unscopedStore = `package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type Task struct {
	ID             uuid.UUID ` + "`db:\"id\"`" + `
	OrganizationID uuid.UUID ` + "`db:\"organization_id\"`" + `
}

var Tasks = query.Declare[Task]("tasks")

func List(ctx context.Context, db *pgx.Conn, sc *scope.Scope) (pgx.Rows, error) {
	text, args := Tasks.SelectFrom().Build()
	return db.Query(ctx, text, args...)
}

func Drop(ctx context.Context, db *pgx.Conn, sc *scope.Scope, id uuid.UUID) error {
	b := sqlbuilder.PostgreSQL.NewDeleteBuilder().DeleteFrom("tasks")
	text, args := b.Where(b.EQ("id", id)).Build()
	_, err := db.Exec(ctx, text, args...)
	return err
}

func Purge(ctx context.Context, db *pgx.Conn) error {
	_, err := db.Exec(ctx, "DELETE FROM tasks")
	return err
}
`

// application is a module that uses the runtime of this checkout.
func application(t *testing.T) *module {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	m := &module{t: t, dir: t.TempDir()}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		m.write(name, strings.Replace(string(text), "module github.com/sigrahq/sigra\n",
			"module example.test/app\n\nrequire github.com/sigrahq/sigra v0.0.0\n\nreplace github.com/sigrahq/sigra => "+root+"\n", 1))
	}
	return m
}

func TestFixLeavesCodeThatCompilesAndIsScoped(t *testing.T) {
	t.Parallel()
	m := application(t)
	m.write("store/store.go", unscopedStore)
	if out := m.sigravet(); out.status != found || strings.Count(out.stdout, "(unscoped)") != 3 {
		t.Fatalf("before: status %d\n%s%s", out.status, out.stdout, out.stderr)
	}
	out := m.sigravet("-fix")
	if out.status != found || strings.Count(out.stdout, "\n") != 1 || !strings.Contains(out.stdout, "store.go:34:") {
		t.Errorf("-fix: status %d, want the finding without a scope alone\n%s%s", out.status, out.stdout, out.stderr)
	}
	fixed, err := os.ReadFile(filepath.Join(m.dir, "store", "store.go"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(fixed), "query.ForOrg("); n != 2 {
		t.Errorf("%d statements go through ForOrg, want 2\n%s", n, fixed)
	}
	if out := m.run("gofmt", "-l", "."); out.stdout != "" || out.status != 0 {
		t.Errorf("not formatted: %s%s", out.stdout, out.stderr)
	}
	if again := m.sigravet(); again.status != found || again.stdout != out.stdout {
		t.Errorf("after: status %d\n%s%s\n%s", again.status, again.stdout, again.stderr, fixed)
	}
}

func TestFixesThatOverlapAreLeftOut(t *testing.T) {
	t.Parallel()
	whole := change{3, 9, "x"}
	for _, tt := range []struct {
		about string
		other change
		want  bool
	}{
		{"before it", change{0, 3, "y"}, false},
		{"behind it", change{9, 12, "y"}, false},
		{"inside", change{4, 5, "y"}, true},
		{"around", change{0, 12, "y"}, true},
		{"at its start", change{3, 3, "y"}, true},
	} {
		if whole.overlaps(tt.other) != tt.want || tt.other.overlaps(whole) != tt.want {
			t.Errorf("%s: want %v", tt.about, tt.want)
		}
	}
	if got := string(changed([]byte("abcdef"), []change{{4, 6, ""}, {0, 0, "<"}, {2, 3, "C"}})); got != "<abCd" {
		t.Errorf("changed to %q", got)
	}
}
