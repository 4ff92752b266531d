package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/sigrahq/sigra/analyzer"
)

// standalone loads packages and everything that they import, looks at them in
// this process, and prints what it finds.
func standalone(args []string, stdout, stderr io.Writer) int {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(stderr, "sigravet:", err)
		return failed
	}
	opts, _, err := configuration(dir)
	if err != nil {
		fmt.Fprintln(stderr, "sigravet:", err)
		return failed
	}
	a := analyzer.New(opts)

	fs := flag.NewFlagSet("sigravet", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() { fmt.Fprint(stderr, usage) }
	a.Flags.VisitAll(func(f *flag.Flag) { fs.Var(f.Value, f.Name, f.Usage) })
	format := fs.String("format", "text", "text, json or github")
	tests := fs.Bool("tests", true, "look at test files too")
	fix := fs.Bool("fix", false, "change the code where the remedy is certain")
	if err := fs.Parse(args); err != nil {
		return failed
	}
	print, ok := formats[*format]
	if !ok {
		fmt.Fprintf(stderr, "sigravet: format is %q; use text, json or github\n", *format)
		return failed
	}
	patterns := fs.Args()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	for _, p := range patterns {
		if strings.HasPrefix(p, "-") {
			fmt.Fprintf(stderr, "sigravet: flag %s comes after a package; put flags first\n", p)
			return failed
		}
	}

	progress := newProgress(stderr)
	defer progress.clear()
	progress.say("loading packages")
	pkgs, err := load(patterns, *tests)
	if err != nil {
		progress.clear()
		fmt.Fprintln(stderr, "sigravet:", err)
		return failed
	}
	if n := loadErrors(pkgs, func(s string) { progress.clear(); fmt.Fprintln(stderr, s) }); n > 0 {
		fmt.Fprintf(stderr, "sigravet: %d errors while loading packages; nothing was looked at\n", n)
		return failed
	}

	progress.say(fmt.Sprintf("looking at %d packages", len(pkgs)))
	var wanted fixes
	if *fix {
		wanted = fixes{}
	}
	findings, err := analyze(a, pkgs, wanted)
	progress.clear()
	if err != nil {
		fmt.Fprintln(stderr, err)
		return failed
	}
	if err := wanted.write(); err != nil {
		fmt.Fprintln(stderr, "sigravet:", err)
		return failed
	}
	if err := print(stdout, dir, findings); err != nil {
		fmt.Fprintln(stderr, "sigravet:", err)
		return failed
	}
	if len(findings) > 0 {
		return found
	}
	return nothingFound
}

const everything = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
	packages.NeedDeps | packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule

// load loads packages. A package that has tests is looked at together with
// them, as go vet does, instead of once alone and once more with them.
func load(patterns []string, tests bool) ([]*packages.Package, error) {
	pkgs, err := packages.Load(&packages.Config{Mode: everything, Tests: tests}, patterns...)
	if err != nil {
		return nil, err
	}
	if len(pkgs) == 0 {
		return nil, fmt.Errorf("no package matches %s", strings.Join(patterns, " "))
	}
	withTests := map[string]bool{}
	for _, p := range pkgs {
		if p.ID != p.PkgPath {
			withTests[p.PkgPath] = true
		}
	}
	var roots []*packages.Package
	for _, p := range pkgs {
		generatedMain := strings.HasSuffix(p.ID, ".test")
		if generatedMain || p.ID == p.PkgPath && withTests[p.PkgPath] {
			continue
		}
		roots = append(roots, p)
	}
	return roots, nil
}

// loadErrors prints what the compiler and the go command say is wrong with
// packages and their dependencies, each message once.
func loadErrors(pkgs []*packages.Package, print func(string)) int {
	seen := map[string]bool{}
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			if msg := e.Error(); !seen[msg] {
				seen[msg] = true
				print(msg)
			}
		}
	})
	return len(seen)
}

// analyze runs the analyzer and returns the findings in the order of their
// places. Unless wanted is nil, it collects fixes there, and leaves out the
// findings that they are for.
func analyze(a *analysis.Analyzer, pkgs []*packages.Package, wanted fixes) ([]finding, error) {
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
	if err != nil {
		return nil, err
	}
	var findings []finding
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, cause(act)
		}
		for _, d := range act.Diagnostics {
			if wanted != nil && wanted.add(act.Package, d) {
				continue
			}
			findings = append(findings, newFinding(act.Package.Fset, d))
		}
	}
	return sorted(findings), nil
}

// cause is what went wrong first: an action whose dependency failed says only
// that it did.
func cause(act *checker.Action) error {
	for _, dep := range act.Deps {
		if dep.Err != nil {
			return cause(dep)
		}
	}
	return act.Err
}
