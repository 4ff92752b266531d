// Command noop is a vet tool that finds nothing: what any tool on the same
// x/tools costs at least.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/singlechecker"
)

func main() {
	singlechecker.Main(&analysis.Analyzer{
		Name: "noop",
		Doc:  "find nothing",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	})
}
