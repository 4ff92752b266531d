package analyzer_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/sigrahq/sigra/analyzer"
	"github.com/sigrahq/sigra/internal/corpus"
)

// runsVariable says how often the corpus is looked at: 6 times when it is not
// set. Continuous integration asks for 50 at night.
const runsVariable = "SIGRA_TEST_RUNS"

// Packages are loaded anew for each run, in another order, so that positions
// and the order of types differ too. What is found, in the order in which it
// is reported, and the bytes of the facts do not.
func TestRunsSayTheSameInAnyOrder(t *testing.T) { // not parallel: it sets GOMAXPROCS
	runs := 6
	if s := os.Getenv(runsVariable); s != "" {
		var err error
		if runs, err = strconv.Atoi(s); err != nil || runs < 2 {
			t.Fatalf("%s is %q; it is a number of runs, at least 2", runsVariable, s)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	random := rand.New(rand.NewPCG(1, 2))
	var first string
	for run := range runs {
		runtime.GOMAXPROCS(1 + run%2)
		paths := append(corpus.Packages(t), "github.com/...") // the stubs have to be looked at as source
		random.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		got := said(t, paths, random)
		if run == 0 {
			first = got
			continue
		}
		if got != first {
			a, b := difference(first, got)
			t.Fatalf("run %d, with GOMAXPROCS %d, says\n%s\nthe first said\n%s", run, 1+run%2, b, a)
		}
	}
	if !strings.Contains(first, "is not scoped") || !strings.Contains(first, "fact ") {
		t.Error("the runs say nothing")
	}
}

// said is everything that the analyzer says of packages: a line for each
// finding and each fact, package by package.
func said(t *testing.T, paths []string, random *rand.Rand) string {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax, Dir: corpus.Dir(t), Env: append(os.Environ(), corpus.Env(t)...),
	}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the corpus does not load")
	}
	random.Shuffle(len(pkgs), func(i, j int) { pkgs[i], pkgs[j] = pkgs[j], pkgs[i] })
	for _, p := range pkgs {
		random.Shuffle(len(p.Syntax), func(i, j int) { p.Syntax[i], p.Syntax[j] = p.Syntax[j], p.Syntax[i] })
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{analyzer.New(analyzer.Options{})}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		var lines []string
		for _, f := range act.AllPackageFacts() {
			if f.Package == act.Package.Types {
				lines = append(lines, fmt.Sprintf("fact %x", encoded(t, f.Fact)))
			}
		}
		for _, f := range act.AllObjectFacts() {
			if f.Object.Pkg() == act.Package.Types {
				lines = append(lines, fmt.Sprintf("fact %s %x", f.Object, encoded(t, f.Fact)))
			}
		}
		slices.Sort(lines) // the checker keeps facts in a map
		for _, d := range act.Diagnostics {
			var related bytes.Buffer
			for _, r := range d.Related {
				fmt.Fprintf(&related, " %s %s", act.Package.Fset.Position(r.Pos), r.Message)
			}
			lines = append(lines, fmt.Sprintf("%s %s %s%s", act.Package.Fset.Position(d.Pos), d.Category, d.Message, &related))
		}
		if lines != nil {
			blocks = append(blocks, act.Package.ID+" "+act.Analyzer.Name+"\n"+strings.Join(lines, "\n"))
		}
	}
	slices.Sort(blocks)
	return strings.Join(blocks, "\n")
}

// difference is the first line in which two texts differ.
func difference(a, b string) (string, string) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i], y[i]
		}
	}
	return fmt.Sprintf("%d lines", len(x)), fmt.Sprintf("%d lines", len(y))
}
