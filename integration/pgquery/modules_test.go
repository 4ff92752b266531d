package pgquery

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The modules whose Go source has SQL, by the directory whose go.mod names
// them. Nothing is copied: the text is read where the build has it.
var modules = map[string][]string{
	"../..": {"github.com/sigrahq/sigra", "github.com/jackc/pgx/v5", "github.com/huandu/go-sqlbuilder", "github.com/lib/pq"},
	".":     {"github.com/pganalyze/pg_query_go/v6"},
}

// TestModules reads the SQL of real Go code: every string constant of our own
// tree and of the modules that the tests depend on, when PostgreSQL's grammar
// takes it for one DML statement.
func TestModules(t *testing.T) {
	t.Parallel()
	catalog := appCatalog(t)
	for dir, paths := range modules {
		for _, path := range paths {
			t.Run(path, func(t *testing.T) {
				t.Parallel()
				total, unread := 0, 0
				for _, text := range constants(t, moduleDir(t, dir, path)) {
					tree, err := parse(text)
					if err != nil || statement(tree) == nil || !isDML(statement(tree)) {
						continue
					}
					total++
					if err := judgeAll(text, catalog); err != nil {
						t.Errorf("%v\n%s", err, text)
					}
					if err := judgeReader(text); refused(err) {
						unread++
						t.Logf("unread: %v\n\t%s", err, short(text))
					}
				}
				t.Logf("%d of %d statements read", total-unread, total)
				if total == 0 || unread*100 > total*3 {
					t.Errorf("%d of %d statements are not read", unread, total)
				}
			})
		}
	}
}

// moduleDir is where the source of a module stands.
func moduleDir(t *testing.T, from, path string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", path)
	cmd.Dir = from
	out, err := cmd.Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		t.Fatalf("the source of %s is not here: %v; go mod download fetches it", path, err)
	}
	return dir
}

// constants gives the string constants of all Go files below dir, each once.
func constants(t *testing.T, dir string) []string {
	t.Helper()
	seen := map[string]bool{}
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil // a module may hold what is not to be compiled
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text, ok := constantText(e); ok {
					seen[text] = true
					return false
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for text := range seen {
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

// constantText is the value of a literal or of a sum of literals.
func constantText(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING && strings.ContainsAny(text, " \n")
	case *ast.BinaryExpr:
		left, ok := constantText(e.X)
		right, also := constantText(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	}
	return "", false
}
