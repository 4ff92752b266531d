package analyzer_test

import (
	"bytes"
	"cmp"
	"flag"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/sigrahq/sigra/analyzer"
)

var update = flag.Bool("update", false, "write golden files")

// What the fixes leave is in the golden files, is formatted, compiles, and has
// nothing left to be fixed.
func TestFixesLeaveCodeThatCompiles(t *testing.T) {
	t.Parallel()
	diagnostics, pkg := run(t, nil)
	fixed := map[string][]byte{}
	edits := 0
	for name, list := range editsOf(pkg, diagnostics) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fixed[name] = apply(text, list)
		edits += len(list)
	}
	if edits == 0 {
		t.Fatal("nothing is fixed")
	}
	for name, text := range fixed {
		formatted, err := format.Source(text)
		if err != nil {
			t.Fatalf("%s does not parse once it is fixed: %v\n%s", name, err, text)
		}
		if !bytes.Equal(formatted, text) {
			t.Errorf("%s is not formatted once it is fixed:\n%s", name, text)
		}
		golden := name + ".golden"
		if *update {
			if err := os.WriteFile(golden, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(text, want) {
			t.Errorf("%s, fixed, is\n%s", name, text)
		}
	}

	left, _ := run(t, fixed)
	for _, d := range left {
		if len(d.SuggestedFixes) > 0 {
			t.Errorf("after the fixes there is still one for: %s", d.Message)
		}
	}
	if before, after := len(diagnostics), len(left); after >= before {
		t.Errorf("%d findings before the fixes, %d after", before, after)
	}
}

// run analyzes package fixes, with some of its files replaced. That it
// compiles is a part of it.
func run(t *testing.T, overlay map[string][]byte) ([]analysis.Diagnostic, *packages.Package) {
	t.Helper()
	env := append(os.Environ(), "GOPATH="+testdata(t), "GO111MODULE=off", "GOWORK=off", "GOPROXY=off")
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: testdata(t), Env: env, Overlay: overlay}, "fixes")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("package fixes does not compile")
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{analyzer.New(analyzer.Options{})}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := graph.Roots[0].Err; err != nil {
		t.Fatal(err)
	}
	return graph.Roots[0].Diagnostics, pkgs[0]
}

type edit struct {
	start, end int
	text       []byte
}

// editsOf are the edits of all fixes by file; an edit that several fixes make
// is made once.
func editsOf(pkg *packages.Package, diagnostics []analysis.Diagnostic) map[string][]edit {
	out := map[string][]edit{}
	for _, d := range diagnostics {
		for _, fix := range d.SuggestedFixes {
			for _, e := range fix.TextEdits {
				file := pkg.Fset.File(e.Pos)
				next := edit{file.Offset(e.Pos), file.Offset(e.End), e.NewText}
				same := func(x edit) bool {
					return x.start == next.start && x.end == next.end && bytes.Equal(x.text, next.text)
				}
				if name := filepath.Clean(file.Name()); !slices.ContainsFunc(out[name], same) {
					out[name] = append(out[name], next)
				}
			}
		}
	}
	return out
}

func apply(text []byte, edits []edit) []byte {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(b.start, a.start) })
	for _, e := range edits {
		text = slices.Concat(text[:e.start], e.text, text[e.end:])
	}
	return text
}
