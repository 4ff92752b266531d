package analyzer_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/sigrahq/sigra/analyzer"
)

func testdata(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// Each package below testdata/src says in its want comments what is found in
// it, and shows beside it what is fine.
func TestFindings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		about    string
		packages []string
	}{
		{"statements of packages that use the runtime", []string{"unscoped"}},
		{"the ways to a database", []string{"sinks/..."}},
		{"the ways from ForOrg to a database", []string{"scopes"}},
		{"hand-written SQL that is read", []string{"proofs"}},
		{"the ways from a text to a database", []string{"flows"}},
		{"texts of every origin, from several packages", []string{"origins/..."}},
		{"builders in packages that do not use the runtime", []string{"builders"}},
		{"builders of squirrel", []string{"squirrels"}},
		{"text that cannot be known", []string{"unproven"}},
		{"structs and declarations", []string{"undeclared"}},
		{"reasons and directives", []string{"bypass"}},
		{"scoped text that is changed", []string{"edited"}},
		{"inserts and copies", []string{"inserts"}},
		{"writes of the ownership column", []string{"moves"}},
		{"updates on conflict", []string{"conflicts"}},
		{"writes of several kinds", []string{"writes"}},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			t.Parallel()
			analysistest.Run(t, testdata(t), analyzer.New(analyzer.Options{}), tt.packages...)
		})
	}
}

func TestFindingsCrossPackages(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, testdata(t), analyzer.New(analyzer.Options{}), "app/models", "app/store", "app/handlers")
}
