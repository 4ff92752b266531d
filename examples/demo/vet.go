package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// finding is one diagnostic of sigravet.
type finding struct {
	File     string // absolute
	Line     int    // from 1
	Column   int    // in bytes, from 1
	Category string
	Message  string
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := command(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/sigrahq/sigra")
	if err != nil {
		return "", fmt.Errorf("run the demo inside the module github.com/sigrahq/sigra: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

func build(ctx context.Context, root, dir string) (tool string, err error) {
	tool = filepath.Join(dir, "sigravet")
	_, err = command(ctx, root, "go", "build", "-o", tool, "./cmd/sigravet")
	return tool, err
}

// vet runs the go command's own vet with tool on the packages and their tests. Its JSON has the category of each
// finding, which the lines for people leave out.
func vet(ctx context.Context, root, tool, packages string) ([]finding, error) {
	out, err := command(ctx, root, "go", "vet", "-json", "-vettool="+tool, packages)
	if err != nil {
		return nil, err
	}
	return parse(bytes.NewReader(out))
}

// command runs a program and returns its standard output.
func command(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	var out, problems bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &problems
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, problems.Bytes())
	}
	return out.Bytes(), nil
}

// parse reads the output of go vet -json: objects of packages, analyzers and their diagnostics, one after the other. A
// package and its variant with tests may both report what they share; here it is one finding. Findings come back in the
// order of their places.
func parse(r io.Reader) ([]finding, error) {
	found := make(map[finding]bool)
	for dec := json.NewDecoder(r); ; {
		var packages map[string]map[string]json.RawMessage
		err := dec.Decode(&packages)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("output of go vet: %w", err)
		}
		for name, analyzers := range packages {
			for _, raw := range analyzers {
				if err := collect(found, raw); err != nil {
					return nil, fmt.Errorf("go vet: %s: %w", name, err)
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b finding) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Category, b.Category), cmp.Compare(a.Message, b.Message))
	}), nil
}

// collect adds the diagnostics of one analyzer for one package. When it could not do its work, raw is an object that
// says why.
func collect(found map[finding]bool, raw json.RawMessage) error {
	var failure struct {
		Err string `json:"error"`
	}
	if json.Unmarshal(raw, &failure) == nil {
		return errors.New(failure.Err)
	}
	var diagnostics []struct {
		Category string `json:"category"`
		Posn     string `json:"posn"`
		Message  string `json:"message"`
	}
	if err := json.Unmarshal(raw, &diagnostics); err != nil {
		return err
	}
	for _, d := range diagnostics {
		f, err := place(d.Posn)
		if err != nil {
			return err
		}
		f.Category, f.Message = d.Category, d.Message
		found[f] = true
	}
	return nil
}

// place reads file:line:column.
func place(posn string) (finding, error) {
	rest, column, ok1 := cutLast(posn)
	file, line, ok2 := cutLast(rest)
	if !ok1 || !ok2 {
		return finding{}, fmt.Errorf("position %q is not file:line:column", posn)
	}
	return finding{File: file, Line: line, Column: column}, nil
}

func cutLast(s string) (before string, number int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, false
	}
	number, err := strconv.Atoi(s[i+1:])
	return s[:i], number, err == nil
}
