package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// chainLeaks are the places of testdata/chain.txtar where something unscoped
// is chosen.
var chainLeaks = []string{
	"handlers/handlers.go:10",
	"pages/pages.go:14", "pages/pages.go:15", "pages/pages.go:16",
	"store/store.go:31",
}

// requireRuntime makes the module depend on this one, in the versions that
// this one has.
func (m *module) requireRuntime() {
	m.t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		m.t.Fatal(err)
	}
	ours, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		m.t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		m.t.Fatal(err)
	}
	_, requires, _ := strings.Cut(string(ours), "\n\n") // past the module line
	m.write("go.mod", "module example.test/chain\n\n"+requires+
		"\nrequire github.com/sigrahq/sigra v0.0.0\nreplace github.com/sigrahq/sigra => "+root+"\n")
	m.write("go.sum", string(sums))
}

var place = regexp.MustCompile(`(?m)^(?:\./)?([\w/]+\.go:\d+):\d+: `)

// places are the files and lines that an output has findings on, in order.
func places(output string) []string {
	var out []string
	for _, m := range place.FindAllStringSubmatch(output, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return out
}

// Facts about functions and packages reach direct importers only, and the
// handlers see the declaration of a table through two packages.
func TestScopesAreFollowedFromPackageToPackage(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "chain", "")
	m.requireRuntime()
	vet := m.vet("./...")
	if diff := cmp.Diff(chainLeaks, places(vet.stderr)); diff != "" || vet.status != 1 {
		t.Errorf("go vet: status %d, -want +got\n%s\n%s", vet.status, diff, vet.stderr)
	}
	alone := m.sigravet()
	if diff := cmp.Diff(chainLeaks, places(alone.stdout)); diff != "" || alone.status != found {
		t.Errorf("standalone: status %d, -want +got\n%s\n%s", alone.status, diff, alone.stderr)
	}
}
