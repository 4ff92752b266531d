// Package sinkstest compares the table of sinks with the packages that it is
// about.
//
//	sinkstest.Compare(t, "testdata/pgx.golden", nil, "github.com/jackc/pgx/v5/...")
//
// The file lists every exported function and method that takes text, with
// what the table makes of it. When a library gets a new one, or the table
// changes, the test fails; read the difference, correct the table, and rewrite
// the file with -update.
package sinkstest

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/packages"

	"github.com/sigrahq/sigra/internal/sinks"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Compare compares the sinks of packages with a golden file. Types whose name
// matches skip, which may be nil, are left out: their methods write a part of
// a statement.
func Compare(t *testing.T, golden string, skip *regexp.Regexp, patterns ...string) {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 || len(pkgs) == 0 {
		t.Fatalf("packages %v do not load", patterns)
	}
	var lines []string
	for _, pkg := range pkgs {
		lines = append(lines, describe(pkg.Types, skip)...)
	}
	slices.Sort(lines)
	got := strings.Join(slices.Compact(lines), "\n") + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("sinks are not those of %s (-file +packages); correct internal/sinks/table.go, then rewrite the file with -update:\n%s", golden, diff)
	}
}

// describe has a line for each function, method and struct field that may
// hold SQL.
func describe(pkg *types.Package, skip *regexp.Regexp) []string {
	var lines []string
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Func:
			lines = append(lines, function(pkg, name, obj)...)
		case *types.TypeName:
			if skip != nil && skip.MatchString(name) {
				continue
			}
			for fn := range methods(obj.Type()) {
				lines = append(lines, function(pkg, name+"."+fn.Name(), fn)...)
			}
			lines = append(lines, structFields(pkg, name, obj.Type())...)
		}
	}
	return lines
}

// methods is the exported methods of a type, those of embedded types included.
func methods(t types.Type) func(yield func(*types.Func) bool) {
	if !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	set := types.NewMethodSet(t)
	return func(yield func(*types.Func) bool) {
		for sel := range set.Methods() {
			if fn := sel.Obj().(*types.Func); fn.Exported() && !yield(fn) {
				return
			}
		}
	}
}

func function(pkg *types.Package, name string, fn *types.Func) []string {
	s, isSink := sinks.Match(fn)
	if !isSink && !takesText(fn.Signature().Params()) {
		return nil
	}
	is := "no sink"
	switch {
	case isSink && s.Table >= 0:
		is = fmt.Sprintf("copies into %d columns %d", s.Table, s.Columns)
	case isSink && s.Builder >= 0:
		is = fmt.Sprintf("runs builder %d", s.Builder)
	case isSink && s.Args >= 0:
		is = fmt.Sprintf("runs %d with %d", s.Text, s.Args)
	case isSink:
		is = fmt.Sprintf("runs %d", s.Text)
	}
	params := strings.TrimPrefix(types.TypeString(fn.Signature(), (*types.Package).Name), "func")
	return []string{fmt.Sprintf("%s.%s%s: %s", pkg.Path(), name, params, is)}
}

// takesText tells whether a parameter may be SQL, or several.
func takesText(params *types.Tuple) bool {
	for v := range params.Variables() {
		t := v.Type().Underlying()
		if s, ok := t.(*types.Slice); ok {
			t = s.Elem().Underlying()
		}
		if b, ok := t.(*types.Basic); ok && b.Kind() == types.String {
			return true
		}
	}
	return false
}

var sqlName = regexp.MustCompile(`(?i)sql|query|stmt|statement`)

// structFields is the fields of a struct that hold text named after SQL.
func structFields(pkg *types.Package, name string, t types.Type) []string {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var lines []string
	for i := range st.NumFields() {
		f := st.Field(i)
		b, ok := f.Type().Underlying().(*types.Basic)
		if !f.Exported() || !ok || b.Kind() != types.String || !sqlName.MatchString(f.Name()) {
			continue
		}
		is := "no SQL"
		if _, ok := sinks.Field(t, i); ok {
			is = "SQL"
		}
		lines = append(lines, fmt.Sprintf("%s.%s.%s: %s", pkg.Path(), name, f.Name(), is))
	}
	return lines
}
