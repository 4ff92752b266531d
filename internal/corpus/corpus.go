// Package corpus is the packages below testdata/src and what their want
// comments say, for tests that run them through a driver.
//
//	vet.Dir = corpus.Dir(t)
//	vet.Env = append(os.Environ(), corpus.Env(t)...)
//	vet.Args = append(vet.Args, corpus.Packages(t)...)
//	if diff := cmp.Diff(corpus.Wants(t), places(output)); diff != "" { … }
package corpus

import (
	"fmt"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Dir is the directory that the packages are below.
func Dir(t *testing.T) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("the corpus cannot be found")
	}
	dir, err := filepath.Abs(filepath.Join(filepath.Dir(file), "../../testdata/src"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// Env makes the go command take the corpus for its workspace. The packages
// that it imports are there too, as far as they are called.
func Env(t *testing.T) []string {
	t.Helper()
	return []string{"GOPATH=" + filepath.Dir(Dir(t)), "GO111MODULE=off", "GOPROXY=off", "GOWORK=off", "GOFLAGS="}
}

// Packages are the import paths of the corpus, without the packages that need
// options of their own and without those that stand for libraries.
func Packages(t *testing.T) []string {
	t.Helper()
	var list []string
	each(t, func(name string) {
		if dir := path.Dir(name); !slices.Contains(list, dir) {
			list = append(list, dir)
		}
	})
	return list
}

// Wants are the places where a finding is expected, "unscoped/unscoped.go:12",
// sorted, and as often as there are findings.
func Wants(t *testing.T) []string {
	t.Helper()
	var list []string
	each(t, func(name string) {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, filepath.Join(Dir(t), filepath.FromSlash(name)), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range file.Comments {
			for _, c := range group.List {
				if _, text, ok := strings.Cut(c.Text, "// want "); ok {
					below, n := expectation(text)
					for range n {
						list = append(list, fmt.Sprintf("%s:%d", name, fset.Position(c.Pos()).Line+below))
					}
				}
			}
		}
	})
	slices.Sort(list)
	if len(list) == 0 {
		t.Fatal("the corpus expects nothing")
	}
	return list
}

// expectation reads a want comment: the number of patterns, and of lines to
// the line that they are about.
func expectation(text string) (below, n int) {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", fset.Base(), len(text)), []byte(text), nil, 0)
	for {
		switch _, tok, lit := s.Scan(); tok {
		case token.STRING:
			n++
		case token.ADD:
		case token.INT:
			below, _ = strconv.Atoi(lit)
		default:
			return below, n
		}
	}
}

// each calls do for the Go files, in the order of their names.
func each(t *testing.T, do func(name string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(Dir(t)), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == "modes" || name == "github.com"):
			return fs.SkipDir
		case strings.HasSuffix(name, ".go"):
			do(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
