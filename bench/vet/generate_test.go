package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An application that nobody looks at would be cheap. This one is: it is
// clean, and a condition that is taken out of it is missed.
func TestApplicationIsLookedAt(t *testing.T) {
	t.Parallel()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	dir, tool := t.TempDir(), filepath.Join(t.TempDir(), "sigravet")
	if err := generate(dir, root, size{packages: 30, queries: 120}); err != nil {
		t.Fatal(err)
	}
	if _, err := command(root, "go", "build", "-o", tool, "./cmd/sigravet"); err != nil {
		t.Fatal(err)
	}
	vet := func() string {
		cmd := exec.CommandContext(t.Context(), "go", "vet", "-vettool="+tool, "./...")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
		out, _ := cmd.CombinedOutput()
		return string(out)
	}
	if out := vet(); out != "" {
		t.Fatalf("the application is not clean:\n%s", out)
	}
	for name, change := range map[string]struct{ pattern, by string }{
		"store000/queries00.go": {`"", query\.ForOrg\(query\.Text\((".*")\), sc\)`, "$1"},
		"store005/queries00.go": {` WHERE organization_id = \$1 AND id = \$2", org, id`, ` WHERE id = $$1", id`},
	} {
		file := filepath.Join(dir, name)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first := regexp.MustCompile(change.pattern).FindIndex(text)
		if first == nil {
			t.Fatalf("%s has no %s", name, change.pattern)
		}
		changed := regexp.MustCompile(change.pattern).ReplaceAll(text[first[0]:first[1]], []byte(change.by))
		if err := os.WriteFile(file, slices.Concat(text[:first[0]], changed, text[first[1]:]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := vet()
	if n := findings(out); n != 2 || !strings.Contains(out, `"items000"`) || !strings.Contains(out, `"items005"`) {
		t.Errorf("%d findings, want one on items000 and one on items005:\n%s", n, out)
	}
}

func TestSameSizeIsTheSameApplication(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(domain(5, 7, 40), domain(5, 7, 40)); diff != "" {
		t.Error(diff)
	}
	statements := 0
	s := size{packages: 35, queries: 101}
	for d := range s.domains() {
		for name, text := range domain(d, s.domains(), s.queries*(d+1)/s.domains()-s.queries*d/s.domains()) {
			if strings.Contains(name, "/queries") {
				statements += strings.Count(text, "\nfunc (s *Store) ")
			}
		}
	}
	if statements != s.queries {
		t.Errorf("%d statements, want %d", statements, s.queries)
	}
}
