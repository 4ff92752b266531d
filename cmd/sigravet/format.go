package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// finding is a diagnostic with its place written out.
type finding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	EndLine  int    `json:"endLine"`
	Category string `json:"category"`
	Message  string `json:"message"`
}

func newFinding(fset *token.FileSet, d analysis.Diagnostic) finding {
	at := fset.Position(d.Pos)
	end := at
	if d.End.IsValid() {
		end = fset.Position(d.End)
	}
	return finding{at.Filename, at.Line, at.Column, end.Line, d.Category, d.Message}
}

// sorted orders findings by place and drops repetitions: a file may belong to
// several variants of a package.
func sorted(findings []finding) []finding {
	slices.SortFunc(findings, func(a, b finding) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Category, b.Category), cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(findings)
}

// formatter writes findings; dir is the directory that paths are shown from.
type formatter func(w io.Writer, dir string, findings []finding) error

var formats = map[string]formatter{
	"text":   writeText,
	"json":   writeJSON,
	"github": writeGitHub,
}

func writeText(w io.Writer, dir string, findings []finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s (%s)\n", relative(dir, f.File), f.Line, f.Column, f.Message, f.Category); err != nil {
			return err
		}
	}
	return nil
}

func writeJSON(w io.Writer, dir string, findings []finding) error {
	out := make([]finding, len(findings))
	for i, f := range findings {
		f.File = relative(dir, f.File)
		out[i] = f
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(out)
}

// writeGitHub writes workflow commands, which GitHub shows beside the code.
func writeGitHub(w io.Writer, dir string, findings []finding) error {
	for _, f := range findings {
		_, err := fmt.Fprintf(w, "::error file=%s,line=%d,endLine=%d,col=%d,title=sigravet %s::%s\n",
			property(filepath.ToSlash(relative(dir, f.File))), f.Line, f.EndLine, f.Column, f.Category, data(f.Message))
		if err != nil {
			return err
		}
	}
	return nil
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func data(s string) string     { return dataEscapes.Replace(s) }
func property(s string) string { return propertyEscapes.Replace(s) }

func relative(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil || strings.HasPrefix(rel, "..") {
		return file
	}
	return rel
}
