package analyzer_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/sigrahq/sigra/analyzer"
)

// Whoever reaches a database may be written like any of these: generic, full of
// interfaces that call one another, generated, or with buffers of megabytes.
// The values of each are followed as if it did. There is no org-owned table in
// them, and so nothing to be said.
func TestForeignCodeIsReadToTheEnd(t *testing.T) {
	t.Parallel()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax},
		"crypto/tls", "database/sql", "encoding/json", "go/types", "internal/saferio", "iter", "maps", "math/big", "net", "net/http",
		"reflect", "runtime", "slices", "text/template/...",
		"github.com/huandu/go-sqlbuilder", "github.com/jackc/pgx/v5/...", "golang.org/x/tools/go/ssa",
	)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the packages do not load")
	}
	for _, p := range pkgs {
		graph, err := checker.Analyze([]*analysis.Analyzer{analyzer.NewFollowing(p.PkgPath)}, []*packages.Package{p}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, act := range graph.Roots {
			if act.Err != nil {
				t.Errorf("%s: %v", p.PkgPath, act.Err)
			}
			for _, d := range act.Diagnostics {
				t.Errorf("%s: %s", p.Fset.Position(d.Pos), d.Message)
			}
		}
	}
}
