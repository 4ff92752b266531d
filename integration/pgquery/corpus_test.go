package pgquery

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const corpusDir = "../../internal/pgsql/testdata/corpus"

// testCase is one statement with a name for reports.
type testCase struct{ name, text string }

// corpus reads all statements of the corpus. A statement ends with ";" at the
// end of a line; the line in front of it is a comment that names it.
func corpus(tb testing.TB) []testCase {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(corpusDir, "*.sql"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no corpus in %s: %v", corpusDir, err)
	}
	var all []testCase
	seen := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		base := strings.TrimSuffix(filepath.Base(file), ".sql")
		for _, chunk := range strings.SplitAfter(string(data), ";\n") {
			if chunk == "" {
				continue
			}
			head, text, ok := strings.Cut(chunk, "\n")
			name, named := strings.CutPrefix(head, "-- ")
			if !ok || !named || !strings.HasSuffix(text, ";\n") {
				tb.Fatalf("%s: want a comment that names the statement and ; at a line's end, have %q", file, chunk)
			}
			c := testCase{base + ": " + name, strings.TrimSuffix(text, ";\n")}
			if seen[c.name] {
				tb.Fatalf("%s: two statements are called %q", file, name)
			}
			seen[c.name] = true
			all = append(all, c)
		}
	}
	return all
}

func TestCorpusIsPostgreSQL(t *testing.T) {
	t.Parallel()
	for _, c := range corpus(t) {
		tree, err := parse(c.text)
		if err != nil {
			t.Errorf("%s: libpg_query refuses it: %v\n%s", c.name, err, c.text)
			continue
		}
		stmt := statement(tree)
		if stmt == nil || !isDML(stmt) {
			t.Errorf("%s: not one DML statement: %s", c.name, c.text)
		}
	}
}
