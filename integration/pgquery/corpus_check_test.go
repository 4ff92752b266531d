package pgquery

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

var update = flag.Bool("update", false, "rewrite the lists in testdata, keeping the reasons that are there")

// appCatalog classifies the tables that the corpus is about.
func appCatalog(tb testing.TB) *orgfilter.Catalog {
	tb.Helper()
	c := orgfilter.NewCatalog()
	for _, owned := range []string{"projects", "tasks", "comments", "invoices", "billing.accounts"} {
		if _, err := c.Add(owned, orgfilter.Owned, ownership); err != nil {
			tb.Fatal(err)
		}
	}
	if _, err := c.Add("users", orgfilter.Shared, ""); err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestReaderSeesTheRelationsOfPostgreSQL(t *testing.T) {
	t.Parallel()
	unread := newLedger(t, "unread.txt")
	for _, c := range corpus(t) {
		err := judgeReader(c.text)
		if refused(err) {
			unread.add(c.name, err)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, c.text)
		}
	}
	unread.settle(t, len(corpus(t)))
}

func TestExamineSeesTheRelationsOfPostgreSQL(t *testing.T) {
	t.Parallel()
	unexamined := newLedger(t, "unexamined.txt")
	catalog := appCatalog(t)
	read := 0
	for _, c := range corpus(t) {
		if refused(judgeReader(c.text)) {
			continue
		}
		read++
		err := judgeExamine(c.text, catalog)
		if refused(err) {
			unexamined.add(c.name, err)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, c.text)
		}
	}
	unexamined.settle(t, read)
}

func TestRewriteAddsGuardsAndNothingElse(t *testing.T) {
	t.Parallel()
	ledger := newLedger(t, "refused.txt")
	catalog := appCatalog(t)
	read := 0
	for _, c := range corpus(t) {
		if refused(judgeReader(c.text)) {
			continue // listed in unread.txt
		}
		read++
		err := judgeRewrite(c.text, catalog)
		if err == nil {
			continue
		}
		if !refused(err) {
			t.Errorf("%s: %v\n%s", c.name, err, c.text)
			continue
		}
		want, known := expectedRefusal(c.text, catalog)
		var problem *orgfilter.Error
		if known && errors.As(err, &problem) && problem.Problem == want {
			continue // about tables that are not declared, or not owned
		}
		ledger.add(c.name, err)
	}
	ledger.settle(t, read)
}

// expectedRefusal says what must be wrong with a statement because of the
// tables it names, whatever its form.
func expectedRefusal(text string, c *orgfilter.Catalog) (orgfilter.Problem, bool) {
	tree, err := parse(text)
	if err != nil {
		return 0, false
	}
	owned := false
	for _, r := range relations(tree) {
		table, ok := c.Lookup(r.schema, r.name)
		if !ok {
			return orgfilter.Undeclared, true
		}
		owned = owned || table.Kind == orgfilter.Owned
	}
	return orgfilter.NotOwned, !owned
}

func refused(err error) bool { return errors.Is(err, errRefused) }

// ledger is a checked-in list of the statements that are refused, each with
// the reason: "file: name -- why" on a line.
type ledger struct {
	file    string
	reasons map[string]string // as checked in
	have    map[string]string // in this run
}

// offset is the place in the statement, which changes with every edit of it.
var offset = regexp.MustCompile(` at byte \d+$`)

func newLedger(tb testing.TB, name string) *ledger {
	tb.Helper()
	l := &ledger{file: filepath.Join("testdata", name), reasons: map[string]string{}, have: map[string]string{}}
	data, err := os.ReadFile(l.file)
	if err != nil && !(*update && os.IsNotExist(err)) {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		name, why, ok := strings.Cut(strings.TrimSpace(line), " -- ")
		if !ok {
			tb.Fatalf("%s: want \"statement -- reason\", have %q", l.file, line)
		}
		l.reasons[name] = why
	}
	return l
}

func (l *ledger) add(name string, err error) {
	why := strings.TrimPrefix(err.Error(), errRefused.Error()+": ")
	l.have[name] = offset.ReplaceAllString(strings.Join(strings.Fields(why), " "), "")
}

// settle compares the list with what was seen, and reports the counts.
func (l *ledger) settle(tb testing.TB, total int) {
	tb.Helper()
	tb.Logf("%s: %d of %d statements refused", l.file, len(l.have), total)
	if *update {
		l.write(tb)
		return
	}
	for name, why := range l.have {
		if l.reasons[name] == "" {
			tb.Errorf("%s: %q is refused (%s) and not listed", l.file, name, why)
		}
	}
	for name := range l.reasons {
		if l.have[name] == "" {
			tb.Errorf("%s: %q is listed and not refused any more", l.file, name)
		}
	}
}

func (l *ledger) write(tb testing.TB) {
	tb.Helper()
	var lines []string
	for name, why := range l.have {
		if old := l.reasons[name]; old != "" {
			why = old
		}
		lines = append(lines, fmt.Sprintf("%s -- %s\n", name, why))
	}
	slices.Sort(lines)
	if err := os.WriteFile(l.file, []byte(strings.Join(lines, "")), 0o644); err != nil {
		tb.Fatal(err)
	}
}
