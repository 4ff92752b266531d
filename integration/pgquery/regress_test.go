package pgquery

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v6"
)

// regressEnv names a copy of PostgreSQL's src/test/regress. The
// suite is PostgreSQL's, so it is not part of this repository; without the
// variable the corpus stands in for it.
const regressEnv = "SIGRA_PG_REGRESS"

// TestRegressionSuite reads the DML of PostgreSQL's own tests, which is meant
// to break parsers. Only disagreement fails: what is refused is counted.
func TestRegressionSuite(t *testing.T) {
	t.Parallel()
	statements := regressionSuite(t)
	if len(statements) == 0 {
		for _, c := range corpus(t) {
			statements["corpus"] = append(statements["corpus"], c.text)
		}
	}

	total, unread, unscoped := 0, 0, 0
	catalog := appCatalog(t)
	for file, texts := range statements {
		for _, text := range texts {
			total++
			err := judgeAll(text, catalog)
			if err != nil {
				t.Errorf("%s: %v\n%s", file, err, text)
				continue
			}
			switch err := judgeReader(text); {
			case refused(err):
				unread++
				t.Logf("unread: %s: %v\n\t%s", file, err, short(text))
			case refused(judgeOwned(text)):
				unscoped++
			}
		}
	}
	t.Logf("%d statements: %d read and scoped, %d read and not scoped, %d not read",
		total, total-unread-unscoped, unscoped, unread)
	if unread*100 > total*3 {
		t.Errorf("%d of %d statements are not read", unread, total)
	}
}

// regressionSuite returns the DML statements of each file of the suite;
// nothing when there is no suite.
func regressionSuite(tb testing.TB) map[string][]string {
	tb.Helper()
	statements := map[string][]string{}
	dir := os.Getenv(regressEnv)
	if dir == "" {
		return statements
	}
	files, err := filepath.Glob(filepath.Join(dir, "sql", "*.sql"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no sql/*.sql in %s: set %s to PostgreSQL's src/test/regress", dir, regressEnv)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		statements[filepath.Base(file)] = splitScript(string(data))
	}
	return statements
}

var (
	// A line that psql takes for itself, and data behind COPY … FROM stdin.
	metaLine = regexp.MustCompile(`(?m)^\s*\\.*$`)
	copyData = regexp.MustCompile(`(?ims)^copy\s[^;]*\sfrom\s+stdin[^;]*;\n.*?^\\\.$`)
	// \gset and its like, behind a statement in the place of a semicolon.
	metaEnd = regexp.MustCompile(`(?m)\s*\\(g|gset|gexec|gdesc|crosstabview|;)\b?.*$`)
)

// splitScript returns the DML statements of a psql script.
func splitScript(script string) []string {
	script = copyData.ReplaceAllString(script, "")
	script = metaLine.ReplaceAllString(script, "")
	script = metaEnd.ReplaceAllString(script, ";")
	parts, err := pg.SplitWithScanner(script, true)
	if err != nil {
		// One bad literal spoils the scan of a whole file; split roughly.
		parts = strings.SplitAfter(script, ";\n")
	}
	var dml []string
	for _, part := range parts {
		tree, err := parse(part)
		if err == nil && statement(tree) != nil && isDML(statement(tree)) {
			dml = append(dml, part)
		}
	}
	return dml
}

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return text[:min(len(text), 160)]
}
