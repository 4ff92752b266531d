package analyzer_test

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/sigrahq/sigra/analyzer"
	"github.com/sigrahq/sigra/internal/corpus"
)

// factsOf returns the facts about packages by their path, and those about
// their functions, methods and variables by a name such as "store.Query".
func factsOf(t *testing.T, paths ...string) map[string][]analysis.Fact {
	t.Helper()
	env := append(os.Environ(), "GOPATH="+testdata(t), "GO111MODULE=off", "GOWORK=off", "GOPROXY=off")
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: testdata(t), Env: env}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatalf("packages %v do not load", paths)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{analyzer.New(analyzer.Options{})}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string][]analysis.Fact{}
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		if len(act.Analyzer.FactTypes) == 0 || !slices.Contains(paths, act.Package.PkgPath) {
			continue
		}
		for _, f := range act.AllPackageFacts() {
			if f.Package == act.Package.Types {
				facts[f.Package.Path()] = append(facts[f.Package.Path()], f.Fact)
			}
		}
		for _, f := range act.AllObjectFacts() {
			if f.Object.Pkg() == act.Package.Types {
				name := f.Object.Pkg().Name() + "." + f.Object.Name()
				facts[name] = append(facts[name], f.Fact)
			}
		}
	}
	return facts
}

func TestPackageWithoutDatabaseExportsNoFacts(t *testing.T) {
	t.Parallel()
	if facts := factsOf(t, "plain"); len(facts) != 0 {
		t.Errorf("facts of a package that reaches no database: %v", facts)
	}
}

func TestFactsTellImportersWhatTheyNeed(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for name, facts := range factsOf(t, "app/models", "app/store") {
		var texts []string
		for _, f := range facts {
			texts = append(texts, fmt.Sprint(f))
		}
		slices.Sort(texts)
		got[name] = strings.Join(texts, "\n")
	}
	const tables = "invoice.organization_id invoices.organization_id"
	want := map[string]string{
		"app/models":   tables,
		"app/store":    "database " + tables,
		"store.ByID":   `QueryRowContext runs sprintf("SELECT id FROM %s WHERE id = $1", [$2])`,
		"store.Newest": `result 0 is "SELECT id FROM invoices ORDER BY id DESC"`,
		"store.Query":  "QueryContext runs $2\nQueryContext runs $2", // of Store and of Runner
		"store.Where":  `QueryContext runs "SELECT id FROM "+$2+" WHERE "+$3`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

// The go command takes the bytes of facts for a part of its cache's keys.
func TestFactsAreEncodedAlike(t *testing.T) {
	t.Parallel()
	const (
		largest = 24 << 10 // one fact: what bounds the facts of functions, and some room
		all     = 96 << 10 // the facts of the whole corpus
	)
	total, seen := 0, map[reflect.Type]bool{}
	for name, facts := range factsOf(t, corpus.Packages(t)...) {
		for _, fact := range facts {
			first := encoded(t, fact)
			seen[reflect.TypeOf(fact)] = true
			total += len(first)
			if len(first) > largest {
				t.Errorf("%s: %T takes %d bytes, more than %d", name, fact, len(first), largest)
			}
			again := reflect.New(reflect.TypeOf(fact).Elem()).Interface()
			if err := gob.NewDecoder(bytes.NewReader(first)).Decode(again); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for range 10 {
				if !bytes.Equal(first, encoded(t, fact)) || !bytes.Equal(first, encoded(t, again)) {
					t.Errorf("%s: %v is encoded in several ways", name, fact)
				}
			}
		}
	}
	if total > all {
		t.Errorf("facts of the corpus take %d bytes, more than %d", total, all)
	}
	for _, f := range analyzer.Analyzer.Requires[0].FactTypes {
		if !seen[reflect.TypeOf(f)] {
			t.Errorf("no fact of the corpus is a %T", f)
		}
	}
	t.Logf("facts of the corpus take %d bytes", total)
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
