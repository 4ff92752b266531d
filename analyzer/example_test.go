package analyzer_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/multichecker"
	"golang.org/x/tools/go/analysis/passes/nilness"
	"golang.org/x/tools/go/packages"

	"github.com/sigrahq/sigra/analyzer"
)

// A main of one's own puts sigravet beside other analyzers. The program is a
// tool for "go vet -vettool", and runs alone too. Bazel's nogo makes such a
// program by itself from the packages among its deps that have a variable
// Analyzer, as this one does.
func Example_multichecker() {
	multichecker.Main(analyzer.Analyzer, nilness.Analyzer)
}

// A program that has packages in memory runs the analyzer on them. Here the
// tables and their ownership column come from a schema file.
func ExampleNew() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{
		"go.mod":     "module example.test/notes\n\ngo 1.26\n",
		"schema.sql": "CREATE TABLE notes (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, body text);",
		"notes.go": `package notes

import "database/sql"

func find(db *sql.DB, id, tenant string) {
	db.QueryRow("SELECT body FROM notes WHERE id = $1 AND tenant_id = $2", id, tenant)
	db.QueryRow("SELECT body FROM notes WHERE id = $1", id)
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}

	a := analyzer.New(analyzer.Options{Dir: dir, Schema: []string{"schema.sql"}, Columns: []string{"tenant_id"}})
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: dir}, "./...")
	if err != nil {
		log.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, act := range graph.Roots {
		for _, d := range act.Diagnostics {
			at := act.Package.Fset.Position(d.Pos)
			fmt.Printf("%s:%d: %s: %s\n", filepath.Base(at.Filename), at.Line, d.Category, d.Message)
		}
	}
	// Output:
	// notes.go:7: unscoped: query on org-owned table "notes" is not restricted to one organization; add notes.tenant_id = $n
}

// A program that reads options from a file of its own wants to know at once
// what is wrong with them.
func ExampleOptions_Validate() {
	fmt.Println(analyzer.Options{Raw: "strict"}.Validate())
	// Output:
	// raw is "strict"; use auto, forbid, prove or off
}
