package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"go/token"
	"maps"
	"os"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// change replaces a part of a file, bytes start up to, not including, end.
type change struct {
	start, end int
	text       string
}

// fixes are the changes to each file. A fix is taken whole or not at all: what
// it would change may have been changed by an earlier one.
type fixes map[string][]change

// add takes the first fix of a diagnostic and tells whether it could. Two fixes
// may ask for the same change, as for an import.
func (f fixes) add(fset *token.FileSet, d analysis.Diagnostic) bool {
	if len(d.SuggestedFixes) == 0 {
		return false
	}
	wanted := fixes{}
	for _, e := range d.SuggestedFixes[0].TextEdits {
		file := fset.File(e.Pos)
		if file == nil {
			return false
		}
		end := e.Pos
		if e.End.IsValid() {
			end = e.End
		}
		c := change{file.Offset(e.Pos), file.Offset(end), string(e.NewText)}
		if slices.Contains(f[file.Name()], c) {
			continue
		}
		if slices.ContainsFunc(f[file.Name()], c.overlaps) {
			return false
		}
		wanted[file.Name()] = append(wanted[file.Name()], c)
	}
	for name, changes := range wanted {
		f[name] = append(f[name], changes...)
	}
	return true
}

// overlaps tells whether two changes cannot both be made: whether they share
// bytes, or put different text at one place.
func (c change) overlaps(other change) bool {
	return c.start < other.end && other.start < c.end || c.start == other.start
}

// write changes the files, formatted. A file that could not be formatted is
// left as it is, with an error.
func (f fixes) write() error {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		old, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		fixed, err := format.Source(changed(old, f[name]))
		if err != nil {
			return fmt.Errorf("%s is left as it is: %w", name, err)
		}
		if err := os.WriteFile(name, fixed, 0o666); err != nil {
			return err
		}
	}
	return nil
}

func changed(old []byte, changes []change) []byte {
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.start, b.start) })
	var out bytes.Buffer
	at := 0
	for _, c := range changes {
		out.Write(old[at:c.start])
		out.WriteString(c.text)
		at = c.end
	}
	out.Write(old[at:])
	return out.Bytes()
}
