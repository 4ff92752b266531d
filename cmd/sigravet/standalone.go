package main

import (
	"errors"
	"flag"
	"fmt"
	"go/token"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/sigrahq/sigra/analyzer"
)

// standalone looks at packages in this process and prints what it finds.
func standalone(args []string, stdout, stderr io.Writer) int {
	progress := newProgress(stderr)
	status, err := lookAt(args, stdout, stderr, progress)
	progress.clear()
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return nothingFound
	}
	if err != nil {
		fmt.Fprintln(stderr, "sigravet:", err)
		return failed
	}
	return status
}

func lookAt(args []string, stdout, stderr io.Writer, progress *progress) (status int, err error) {
	dir, err := os.Getwd()
	if err != nil {
		return failed, err
	}
	opts, file, err := configuration(dir)
	if err != nil {
		return failed, err
	}
	r, err := parse(args, opts, file)
	if err != nil {
		return failed, err
	}
	progress.say("loading packages")
	roots, err := load(r.patterns, r.tests)
	if err != nil {
		return failed, err
	}
	d := newDriver(r.analyzer)
	units := d.run(roots, func(done, of int) { progress.say(fmt.Sprintf("looked at %d of %d packages", done, of)) })
	progress.clear()
	for _, u := range units {
		if u.err != nil {
			return failed, u.err
		}
	}
	missed := complain(stderr, dir, units)
	findings, wanted := collect(d.fset, units, r.fix)
	if err := wanted.write(); err != nil {
		return failed, err
	}
	if err := r.print(stdout, dir, findings); err != nil {
		return failed, err
	}
	switch {
	case missed:
		return failed, nil
	case len(findings) > 0:
		return found, nil
	}
	return nothingFound, nil
}

// request is what the command line asks for.
type request struct {
	analyzer *analysis.Analyzer
	patterns []string
	tests    bool
	fix      bool
	print    formatter
}

// parse reads the command line, whose flags win over opts, those of a
// configuration file.
func parse(args []string, opts analyzer.Options, file string) (*request, error) {
	r := &request{analyzer: analyzer.New(opts)}
	fs := flag.NewFlagSet("sigravet", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	r.analyzer.Flags.VisitAll(func(f *flag.Flag) { fs.Var(f.Value, f.Name, f.Usage) })
	form := fs.String("format", "text", "")
	fs.BoolVar(&r.tests, "tests", true, "")
	fs.BoolVar(&r.fix, "fix", false, "")
	if err := fs.Parse(args); err != nil {
		return nil, fmt.Errorf(`%w; "sigravet help" lists the flags`, err)
	}
	flagged := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { flagged[f.Name] = true })
	if !flagged["schema"] {
		if _, err := schemaFiles(opts, file); err != nil {
			return nil, err
		}
	}
	if r.print = formats[*form]; r.print == nil {
		return nil, fmt.Errorf("format is %q; use text, json or github", *form)
	}
	r.patterns = fs.Args()
	if len(r.patterns) == 0 {
		r.patterns = []string{"./..."}
	}
	for _, p := range r.patterns {
		if strings.HasPrefix(p, "-") {
			return nil, fmt.Errorf("flag %s comes after a package; put flags first", p)
		}
	}
	return r, nil
}

// load asks the go command for packages and all that they import. A package
// that has tests is looked at together with them, as go vet does, instead of
// once alone and once more with them.
func load(patterns []string, tests bool) ([]*packages.Package, error) {
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedTypesSizes | packages.NeedModule,
		Tests: tests,
	}, patterns...)
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

// complain says what is wrong with packages, each thing once, and what was not
// looked at because of it. It tells whether that is anything.
func complain(w io.Writer, dir string, units []*unit) (missed bool) {
	said := map[string]bool{}
	for _, u := range units {
		for _, problem := range u.problems {
			if problem = readable(dir, problem); !said[problem] {
				said[problem] = true
				fmt.Fprintln(w, problem)
			}
		}
	}
	for _, u := range units {
		if u.problems == nil {
			continue
		}
		var importers []string
		for _, other := range units {
			if other.root && other.behind == u {
				importers = append(importers, other.PkgPath)
			}
		}
		slices.Sort(importers)
		list := strings.Join(slices.Compact(importers), ", ")
		switch {
		case u.root && list == "":
			fmt.Fprintf(w, "sigravet: %s was not looked at\n", u.PkgPath)
		case u.root:
			fmt.Fprintf(w, "sigravet: %s was not looked at, nor what imports it: %s\n", u.PkgPath, list)
		case list != "":
			fmt.Fprintf(w, "sigravet: what imports %s was not looked at: %s\n", u.PkgPath, list)
		default:
			continue
		}
		missed = true
	}
	return missed
}

// readable shows the file of a problem as findings do; some have no place.
func readable(dir, problem string) string {
	if text, ok := strings.CutPrefix(problem, "-: "); ok {
		return "sigravet: " + text
	}
	file, rest, ok := strings.Cut(problem, ".go:")
	if !ok {
		return problem
	}
	return relative(dir, file+".go") + ":" + rest
}

// collect puts findings in the order of their places. With fix it leaves out
// those that can be fixed, and returns the changes.
func collect(fset *token.FileSet, units []*unit, fix bool) ([]finding, fixes) {
	var findings []finding
	wanted := fixes{}
	for _, u := range units {
		for _, d := range u.findings {
			if fix && wanted.add(fset, d) {
				continue
			}
			findings = append(findings, newFinding(fset, d))
		}
	}
	return sorted(findings), wanted
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
