package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gopkg.in/yaml.v3"

	"github.com/sigrahq/sigra/analyzer"
)

const configName = ".sigravet.yml"

// settings are the keys of the configuration file.
type settings struct {
	Columns []string `yaml:"columns"`
	Schema  []string `yaml:"schema"`
	Raw     string   `yaml:"raw"`
}

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
	var s settings
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&s); err != nil && !errors.Is(err, io.EOF) {
		return opts, file, fmt.Errorf("%s: %w", file, readable(err))
	}
	opts.Columns, opts.Schema, opts.Raw = s.Columns, s.Schema, s.Raw
	if err := opts.Validate(); err != nil {
		return opts, file, fmt.Errorf("%s: %w", file, err)
	}
	return opts, file, nil
}

// readable says which keys there are, when the error is about another one.
func readable(err error) error {
	var te *yaml.TypeError
	if errors.As(err, &te) {
		return fmt.Errorf("%w; the keys are columns, schema (lists) and raw", err)
	}
	return err
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
