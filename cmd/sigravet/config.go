package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/sigrahq/sigra/analyzer"
)

const configName = ".sigravet.yml"

// configuration is the options of the module around dir, and the file that
// they come from: empty when there is none.
func configuration(dir string) (opts analyzer.Options, file string, err error) {
	root := moduleRoot(dir)
	opts.Dir = root
	file = filepath.Join(root, configName)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return opts, "", nil
	}
	if err != nil {
		return opts, "", err
	}
	if err := readConfiguration(data, &opts); err != nil {
		return opts, file, fmt.Errorf("%s: %w", file, err)
	}
	if err := opts.Validate(); err != nil {
		return opts, file, fmt.Errorf("%s: %w", file, err)
	}
	return opts, file, nil
}

// readConfiguration reads the text of a configuration file.
func readConfiguration(text []byte, opts *analyzer.Options) error {
	const remedy = "the keys are columns and schema, which are lists, and raw, which is one word"
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return err
	}
	if doc.IsZero() {
		return nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: keys with values are expected; %s", root.Line, remedy)
	}
	keys := map[string]any{"columns": &opts.Columns, "schema": &opts.Schema, "raw": &opts.Raw}
	seen := map[string]int{}
	for pair := range slices.Chunk(root.Content, 2) {
		key, value := pair[0], pair[1]
		into, ok := keys[key.Value]
		if !ok {
			return fmt.Errorf("line %d: unknown key %q; %s", key.Line, key.Value, remedy)
		}
		if line, ok := seen[key.Value]; ok {
			return fmt.Errorf("line %d: key %q stands on line %d already; remove one", key.Line, key.Value, line)
		}
		seen[key.Value] = key.Line
		if err := value.Decode(into); err != nil {
			return fmt.Errorf("line %d: %s is of another type; %s", value.Line, key.Value, remedy)
		}
	}
	return nil
}

// schemaFiles are the files that a configuration names.
func schemaFiles(opts analyzer.Options, file string) ([]string, error) {
	files, err := opts.SchemaFiles()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return files, nil
}

// moduleRoot is the closest directory upwards from dir that has a go.mod; dir
// itself when there is none.
func moduleRoot(dir string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d
		}
		if d == filepath.Dir(d) {
			return dir
		}
	}
}
