package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// Each archive in testdata/facts is a module, whose lines with findings say
// "// leak". Its comment may begin with a line "vet" and the arguments of go
// vet, or "env" and a variable. The real go vet is asked because it is
// stricter about facts than any driver that has everything in memory, such as
// the standalone one.
func TestFactsReachImporters(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/facts/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range archives {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m := &module{t: t, dir: t.TempDir()}
			var leaks []string
			for _, f := range a.Files {
				m.write(f.Name, string(f.Data))
				leaks = append(leaks, marked(f)...)
				if f.Name == "go.work" {
					m.env = append(m.env, "GOWORK=")
				}
			}
			slices.Sort(leaks)
			if name == "cgo" && strings.TrimSpace(m.run("go", "env", "CGO_ENABLED").stdout) != "1" {
				leaks = nil // the package is not part of the build
			}
			args := []string{"./..."}
			alone := true // it is no question of the go command's flags
			first, _, _ := strings.Cut(string(a.Comment), "\n")
			if variable, ok := strings.CutPrefix(first, "env "); ok {
				m.env = append(m.env, variable)
			}
			if rest, ok := strings.CutPrefix(first, "vet "); ok {
				args = strings.Fields(rest)
				alone = !strings.HasPrefix(args[0], "-")
				if strings.HasPrefix(args[len(args)-1], "-") {
					args = append(args, "./...")
				}
			}
			out := m.vet(args...)
			if diff := cmp.Diff(leaks, placesBelow(m.dir, out.stderr)); diff != "" {
				t.Errorf("-marked lines +findings:\n%s\n%s", diff, out.stderr)
			}
			if !alone {
				return
			}
			out = m.sigravet(args...)
			if diff := cmp.Diff(leaks, placesBelow(m.dir, out.stdout)); diff != "" {
				t.Errorf("standalone (-marked lines +findings):\n%s\n%s", diff, out.stderr)
			}
		})
	}
}

// marked are the places of the lines of a file that have a finding.
func marked(f txtar.File) []string {
	var out []string
	line := 0
	for text := range strings.Lines(string(f.Data)) {
		line++
		if strings.HasSuffix(strings.TrimSpace(text), "// leak") {
			out = append(out, fmt.Sprintf("%s:%d", f.Name, line))
		}
	}
	return out
}
