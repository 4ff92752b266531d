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
// it, and shows beside it what is fine. They are loaded together, because most
// of the time goes into what they import.
func TestFindings(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, testdata(t), analyzer.New(analyzer.Options{}),
		"unscoped",     // statements of packages that use the runtime
		"sinks/...",    // the ways to a database
		"scopes",       // the ways from ForOrg to a database
		"proofs",       // hand-written SQL that is read
		"flows",        // the ways from a text to a database
		"journeys",     // the less common ones
		"detours",      // the roads that few take
		"recursive",    // methods that call themselves
		"origins/...",  // texts of every origin, from several packages
		"app/...",      // a store, its models, and who uses them
		"builders",     // builders in packages that do not use the runtime
		"squirrels",    // builders of squirrel
		"goqus",        // datasets of goqu
		"models",       // builders of bun
		"unproven",     // text that cannot be known
		"undeclared",   // structs and declarations
		"bypass",       // reasons and directives
		"edited",       // scoped text that is changed
		"inserts",      // inserts and copies
		"moves",        // writes of the ownership column
		"conflicts",    // updates on conflict
		"writes",       // writes of several kinds
		"scopedwrites", // writes that ForOrg will refuse
		"foreign/...",  // organizations from requests
		"sharing",      // builders that are shared
	)
}
