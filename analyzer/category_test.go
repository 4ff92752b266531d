package analyzer_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sigrahq/sigra/docs"
)

// The constants of category.go are all the categories that a finding can have.
func TestEachCategoryIsDocumented(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "category.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var categories []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok {
			name, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			categories = append(categories, name)
		}
		return true
	})
	slices.Sort(categories)
	if diff := cmp.Diff(docs.Categories(), categories); diff != "" {
		t.Errorf("categories of docs and of the analyzer differ (-docs +analyzer):\n%s", diff)
	}
}
