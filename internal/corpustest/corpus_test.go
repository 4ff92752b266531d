package corpustest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "github.com/sigrahq/sigra/analyzer" // so that a change of it runs the test again
)

const (
	minRecall      = 0.97
	maxFalseAlarms = 0.01
	maxUnproven    = 0.03
)

var modules = []string{"fieldwork", "ledgerly", "parcelhub"}

func TestSigravetJudgesTheCorpus(t *testing.T) {
	t.Parallel()
	tool := build(t)
	total := &score{byCategory: map[string]tally{}}
	for _, name := range modules {
		dir, err := filepath.Abs(filepath.Join("..", "..", "testdata", "corpus", name))
		if err != nil {
			t.Fatal(err)
		}
		c, err := read(dir)
		if err != nil {
			t.Fatal(err)
		}
		one := &score{byCategory: map[string]tally{}}
		findings := vet(t, tool, dir)
		one.add(c, findings)
		t.Logf("%s\n%s", name, one)
		total.add(c, findings)
	}
	t.Logf("all\n%s", total)

	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	list := func(lines []string) string {
		return strings.ReplaceAll(strings.Join(lines, "\n"), root+string(filepath.Separator), "")
	}
	if total.leaks+total.good < 300 {
		t.Errorf("%d functions are no corpus", total.leaks+total.good)
	}
	if total.recall() < minRecall {
		t.Errorf("recall is %.3f, want %.3f", total.recall(), minRecall)
	}
	if total.falseAlarms() > maxFalseAlarms {
		t.Errorf("false alarms are %.3f, want at most %.3f", total.falseAlarms(), maxFalseAlarms)
	}
	if total.unprovenShare() > maxUnproven {
		t.Errorf("unproven are %.3f, want at most %.3f", total.unprovenShare(), maxUnproven)
	}
	if t.Failed() {
		t.Errorf("%d wanted findings are missing:\n%s", len(total.misses), list(total.misses))
		t.Errorf("%d findings are not wanted:\n%s", len(total.alarms), list(total.alarms))
	}
}

func build(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "sigravet")
	if out, err := exec.Command("go", "build", "-o", tool, "github.com/sigrahq/sigra/cmd/sigravet").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return tool
}

// vet runs the tool as go vet does and returns each finding once: packages with
// tests are looked at twice.
func vet(t *testing.T, tool, dir string) []finding {
	t.Helper()
	cmd := exec.Command("go", "vet", "-json", "-vettool="+tool, "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	findings, err := decode(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return findings
}

// decode reads the objects that go vet prints for packages, between comment
// lines.
func decode(out []byte) ([]finding, error) {
	var objects bytes.Buffer
	for line := range bytes.Lines(out) {
		if !bytes.HasPrefix(line, []byte("#")) {
			objects.Write(line)
		}
	}
	var findings []finding
	for d := json.NewDecoder(&objects); d.More(); {
		var packages map[string]map[string][]struct{ Category, Posn, Message string }
		if err := d.Decode(&packages); err != nil {
			return nil, err
		}
		for _, analyzers := range packages {
			for _, diagnostics := range analyzers {
				for _, g := range diagnostics {
					f, err := parsePosition(g.Posn)
					if err != nil {
						return nil, err
					}
					f.category, f.message = g.Category, g.Message
					if !slices.Contains(findings, f) {
						findings = append(findings, f)
					}
				}
			}
		}
	}
	slices.SortFunc(findings, func(a, b finding) int {
		return strings.Compare(fmt.Sprintf("%s:%06d", a.file, a.line), fmt.Sprintf("%s:%06d", b.file, b.line))
	})
	return findings, nil
}

func parsePosition(posn string) (f finding, err error) {
	parts := strings.Split(posn, ":")
	if len(parts) < 3 {
		return f, fmt.Errorf("%q is no position", posn)
	}
	f.file = strings.Join(parts[:len(parts)-2], ":")
	f.line, err = strconv.Atoi(parts[len(parts)-2])
	return f, err
}
