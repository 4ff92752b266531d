package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/sigrahq/sigra/examples/internal/planted"
)

// comparison is what was planted next to what was found.
type comparison struct {
	found      []match
	missed     []planted.Leak
	unexpected []finding
}

// match is a planted leak and the finding on it.
type match struct {
	leak    planted.Leak
	finding finding
}

// compare pairs leaks and findings: the same line, the same category, one finding a leak. What is left over on either
// side was missed, or is unexpected.
func compare(leaks []planted.Leak, findings []finding) comparison {
	type line struct {
		file     string
		line     int
		category string
	}
	var c comparison
	byLine := make(map[line][]finding)
	for _, f := range findings {
		at := line{f.File, f.Line, f.Category}
		byLine[at] = append(byLine[at], f)
	}
	matched := make(map[finding]bool)
	for _, leak := range leaks {
		at := line{leak.File, leak.Line, leak.Category}
		if len(byLine[at]) == 0 {
			c.missed = append(c.missed, leak)
			continue
		}
		f := byLine[at][0]
		byLine[at] = byLine[at][1:]
		matched[f] = true
		c.found = append(c.found, match{leak, f})
	}
	for _, f := range findings {
		if !matched[f] {
			c.unexpected = append(c.unexpected, f)
		}
	}
	return c
}

// exact reports whether exactly the planted leaks were found.
func (c comparison) exact() bool {
	return len(c.missed) == 0 && len(c.unexpected) == 0
}

// write prints what was found in the application, with paths from root, and a summary in the last line.
func (c comparison) write(w io.Writer, root, app string) {
	place := func(file string, line int) string {
		if short, err := filepath.Rel(root, file); err == nil {
			file = short
		}
		return fmt.Sprintf("%s:%d", file, line)
	}
	for _, m := range c.found {
		fmt.Fprintf(w, "%s  %s: %s: %s\n", m.leak.ID, place(m.finding.File, m.finding.Line), m.finding.Category, m.finding.Message)
	}
	for _, leak := range c.missed {
		fmt.Fprintf(w, "%s  %s: %s: MISSED\n", leak.ID, place(leak.File, leak.Line), leak.Category)
	}
	for _, f := range c.unexpected {
		fmt.Fprintf(w, "     %s:%d: %s: UNEXPECTED: %s\n", place(f.File, f.Line), f.Column, f.Category, f.Message)
	}
	fmt.Fprintf(w, "%s: %d planted, %d found, %d missed, %d unexpected\n",
		app, len(c.found)+len(c.missed), len(c.found), len(c.missed), len(c.unexpected))
}
