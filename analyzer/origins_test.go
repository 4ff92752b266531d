package analyzer_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/sigrahq/sigra/analyzer"
)

// However a text comes to a database, something is said of it, or it is known
// to be fine.
func TestNoOriginIsPassedOverInSilence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		about    string
		packages []string
	}{
		{"fields that one function sets and another reads", []string{"fields", "fields/app"}},
		{"organizations that are written into the text", []string{"written"}},
		{"texts that the type of a value decides on", []string{"asserted"}},
		{"statements behind interfaces", []string{"wrapped", "wrapped/scoped"}},
		{"conditions of builders that are replaced", []string{"conditions"}},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			t.Parallel()
			analysistest.Run(t, testdata(t), analyzer.New(analyzer.Options{}), tt.packages...)
		})
	}
}
