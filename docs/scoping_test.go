package docs

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// TestScopingExamplesAreWhatIsSent holds the page to the code: each block of SQL
// is a statement and what becomes of it.
func TestScopingExamplesAreWhatIsSent(t *testing.T) {
	t.Parallel()
	page, err := pages.ReadFile("scoping.md")
	if err != nil {
		t.Fatal(err)
	}
	catalog := orgfilter.NewCatalog()
	for name, kind := range map[string]orgfilter.Kind{
		"projects": orgfilter.Owned, "tasks": orgfilter.Owned, "comments": orgfilter.Owned, "users": orgfilter.Shared,
	} {
		if _, err := catalog.Add(name, kind, "organization_id"); err != nil {
			t.Fatal(err)
		}
	}
	examples := regexp.MustCompile("(?s)```sql\n(.*?)\n```").FindAllStringSubmatch(string(page), -1)
	if len(examples) < 15 {
		t.Errorf("%d examples on the page, want the 15 at least that it had", len(examples))
	}
	for _, example := range examples {
		plain, sent, scoped := strings.Cut(example[1], "\n-- is sent as\n")
		plain, refusal, refused := strings.Cut(plain, "\n-- is refused: ")
		if scoped == refused {
			t.Errorf("example says neither what is sent nor why it is refused:\n%s", example[1])
			continue
		}
		plan, err := orgfilter.Rewrite(plain, catalog, parameters(t, plain))
		switch {
		case refused && (err == nil || !strings.Contains(err.Error(), refusal)):
			t.Errorf("error %v, want one with %q:\n%s", err, refusal, plain)
		case refused:
		case err != nil:
			t.Errorf("%v:\n%s", err, plain)
		case words(plan.Text) != words(sent):
			t.Errorf("sent: %s\npage: %s", plan.Text, sent)
		}
	}
}

// parameters is the number of parameters of a statement.
func parameters(t *testing.T, sql string) int {
	t.Helper()
	highest := 0
	for _, p := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(sql, -1) {
		n, err := strconv.Atoi(p[1])
		if err != nil {
			t.Fatal(err)
		}
		highest = max(highest, n)
	}
	return highest
}

// words is a text with its white space made alike.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
