package analyzer_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/sigrahq/sigra/analyzer"
	"github.com/sigrahq/sigra/docs"
)

// The code on the pages shows what it says: what stands behind "Before" is
// found, in that category, and what stands behind "After" is not.
func TestPagesShowWhatTheySay(t *testing.T) {
	t.Parallel()
	overlay := map[string][]byte{}
	type example struct {
		page   string
		before bool
		code   string
	}
	examples := map[string]example{}
	for _, category := range docs.Categories() {
		page, _ := docs.Page(category)
		for i, x := range examplesOf(page) {
			path := fmt.Sprintf("pages/%s%d", strings.ReplaceAll(category, "-", ""), i)
			examples[path] = example{category, x.before, x.code}
			overlay[filepath.Join(testdata(t), "src", path, "page.go")] = []byte(program(t, category, x.code))
		}
	}
	var paths []string
	for path := range examples {
		paths = append(paths, path)
	}
	env := append(os.Environ(), "GOPATH="+testdata(t), "GO111MODULE=off", "GOWORK=off", "GOPROXY=off")
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: testdata(t), Env: env, Overlay: overlay}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("code on the pages does not compile")
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{analyzer.New(analyzer.Options{})}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		x := examples[act.Package.PkgPath]
		found := false
		for _, d := range act.Diagnostics {
			found = found || d.Category == x.page
		}
		if found != x.before {
			t.Errorf("%s.md: found is %v, want %v, of\n%s\n%v", x.page, found, x.before, x.code, act.Diagnostics)
		}
		seen[x.page]++
	}
	for _, category := range docs.Categories() {
		if seen[category] < 2 {
			t.Errorf("%s.md has %d examples", category, seen[category])
		}
	}
}

type pageExample struct {
	before bool
	code   string
}

var fence = regexp.MustCompile("(?s)```(\\w*)\n(.*?)```")

// examplesOf are the pieces of Go, and of SQL, in the section on how to fix a finding.
func examplesOf(page string) []pageExample {
	_, section, _ := strings.Cut(page, "## How to fix it")
	section, _, _ = strings.Cut(section, "\n## ")
	var out []pageExample
	before := false
	last := 0
	for _, m := range fence.FindAllStringSubmatchIndex(section, -1) {
		prose := section[last:m[0]]
		last = m[1]
		switch b, a := strings.LastIndex(prose, "Before"), strings.LastIndex(prose, "After"); {
		case b > a:
			before = true
		case a > b, before:
			before = false
		}
		switch code := section[m[4]:m[5]]; section[m[2]:m[3]] {
		case "go":
			out = append(out, pageExample{before, code})
		case "sql":
			out = append(out, pageExample{before, "db.Exec(ctx, `" + code + "`)\n"})
		}
	}
	return out
}

const imports = `
import (
	"context"
	"errors"
	"net/http"
	"os"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
`

const withRuntime = imports + `
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

var (
	Tasks    = query.Declare[Task]("tasks")
	Projects = query.Declare[Project]("projects")
)

var sc *scope.Scope

var _ = query.Owned("sessions")

var outer = sqlbuilder.NewSelectBuilder()

var members interface {
	ByUser(ctx context.Context, user, org uuid.UUID) (scope.Membership, error)
}

var organization scope.Organization
`

const given = `
type Task struct {
	ID             uuid.UUID ` + "`db:\"id\"`" + `
	OrganizationID uuid.UUID ` + "`db:\"organization_id\"`" + `
	Title          string    ` + "`db:\"title\"`" + `
}

type Project struct {
	ID             uuid.UUID ` + "`db:\"id\"`" + `
	OrganizationID uuid.UUID ` + "`db:\"organization_id\"`" + `
}

var (
	ctx                      context.Context
	db                       *pgxpool.Pool
	tx                       pgx.Tx
	r                        *http.Request
	id, org, project, userID uuid.UUID
	asked                    uuid.UUID
	title, slug, name, text  string
	args                     []any
	t, task                  Task
	cfg                      struct{ Reason string }
	rows                     pgx.CopyFromSource
	_                        = errors.New
	_                        = os.ReadFile
	_                        = sqlbuilder.Select
)
`

// program makes a package of a piece of code: declarations as they are,
// statements inside a function. What they need is declared in front of them.
func program(t *testing.T, category, code string) string {
	t.Helper()
	prelude := imports + ")\n" + given
	if strings.Contains(code, "query.") || strings.Contains(code, "scope.") || category == "shared-builder" || category == "undeclared" {
		prelude = withRuntime + given
	}
	head := "package page\n" + prelude
	if _, err := parser.ParseFile(token.NewFileSet(), "", head+code, 0); err == nil {
		return head + code
	}
	if strings.Contains(code, "sb") && !strings.Contains(code, "sb :=") {
		code = "sb := Tasks.SelectFrom()\n" + code
	}
	whole := head + "\nfunc _() error {\n" + code
	file, err := parser.ParseFile(token.NewFileSet(), "", whole+"\nreturn nil\n}\n", 0)
	if err != nil {
		t.Fatalf("%s.md: %v in\n%s", category, err, code)
	}
	// A page need not use what it shows how to get.
	fn := file.Decls[len(file.Decls)-1].(*ast.FuncDecl)
	for _, stmt := range fn.Body.List {
		if a, ok := stmt.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
			for _, l := range a.Lhs {
				if name := l.(*ast.Ident).Name; name != "_" {
					whole += "\n_ = " + name
				}
			}
		}
	}
	return whole + "\nreturn nil\n}\n"
}
