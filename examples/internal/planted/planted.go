// Package planted reads the markers of leaks that stand in source on purpose.
//
// A marker is the last thing on the line on which a finding is expected, and names the leak and the category:
//
//	rows, err := db.Query(ctx, `SELECT * FROM projects WHERE id = $1`, id) // leak: L01 unscoped
//
// Read returns all markers under a directory:
//
//	leaks, err := planted.Read("examples/leaky")
package planted

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Leak is one marker.
type Leak struct {
	ID       string // L and two digits
	Category string
	File     string // absolute
	Line     int    // from 1
}

var marker = regexp.MustCompile(`// leak: (L\d\d) ([a-z-]+)$`)

// Read returns the markers in the Go files under dir, in the order of files and lines. A comment that starts like a
// marker and is none, and an id that is used twice, are errors.
func Read(dir string) ([]Leak, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	var leaks []Leak
	seen := make(map[string]Leak)
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		found, err := readFile(path)
		for _, leak := range found {
			if first, twice := seen[leak.ID]; twice {
				return fmt.Errorf("planted: %s:%d: %s is planted at %s:%d already", path, leak.Line, leak.ID, first.File, first.Line)
			}
			seen[leak.ID] = leak
		}
		leaks = append(leaks, found...)
		return err
	})
	return leaks, err
}

func readFile(path string) ([]Leak, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var leaks []Leak
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		if !strings.Contains(lines.Text(), "// leak:") {
			continue
		}
		m := marker.FindStringSubmatch(lines.Text())
		if m == nil {
			return nil, fmt.Errorf("planted: %s:%d: not a marker; write // leak: L01 category", path, n)
		}
		leaks = append(leaks, Leak{ID: m[1], Category: m[2], File: path, Line: n})
	}
	return leaks, lines.Err()
}
