package analyzer_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/sigrahq/sigra/analyzer"
)

// A fact tells importers of so many statements and no more. Those of a function
// that has more are not forgotten: they are judged without knowing its callers.
func TestStatementsThatDoNotFitIntoAFactAreJudged(t *testing.T) {
	t.Parallel()
	const statements, told = 40, 32
	var body strings.Builder
	for i := range statements {
		fmt.Fprintf(&body, "\tdb.Query(\"SELECT %d FROM \" + table)", i)
		if i >= told {
			body.WriteString(" // want `SQL of Query cannot be known here`")
		}
		body.WriteByte('\n')
	}
	dir, clean, err := analysistest.WriteFiles(map[string]string{
		"many/many.go": `package many

import "database/sql"

type Task struct {
	OrganizationID string ` + "`db:\"organization_id\"`" + `
	Title          string ` + "`db:\"title\"`" + `
}

func Count(db *sql.DB, table string) {
` + body.String() + `}
`,
		"caller/caller.go": `package caller

import (
	"database/sql"

	"many"
)

func count(db *sql.DB) {
	many.Count(db, "users")
	many.Count(db, "tasks") // want ` + "`\"tasks\" is not restricted`" + `
}
`,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(clean)
	analysistest.Run(t, dir, analyzer.New(analyzer.Options{}), "many", "caller")
}
