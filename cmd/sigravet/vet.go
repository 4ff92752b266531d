package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/sigrahq/sigra/analyzer"
)

// version answers the go command's question which tool this is. The answer is
// part of the key under which results are cached, so it covers everything
// that results depend on and that the go command does not know of: the
// executable, the configuration and the schema files.
func version(stdout, stderr io.Writer) int {
	name, err := os.Executable()
	if err != nil {
		fmt.Fprintln(stderr, "sigravet:", err)
		return failed
	}
	h := sha256.New()
	err = hashFile(h, name)
	if err == nil {
		err = hashConfiguration(h)
	}
	if err != nil {
		fmt.Fprintln(stderr, "sigravet:", err)
		return failed
	}
	fmt.Fprintf(stdout, "%s version devel comments-go-here buildID=%02x\n", name, h.Sum(nil))
	return nothingFound
}

func hashConfiguration(h hash.Hash) error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	opts, file, err := configuration(dir)
	if err != nil {
		return err
	}
	if file == "" {
		return nil
	}
	files, err := schemaFiles(opts, file)
	if err != nil {
		return err
	}
	for _, f := range append([]string{file}, files...) {
		if err := hashFile(h, f); err != nil {
			return err
		}
	}
	return nil
}

func hashFile(h hash.Hash, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintln(h, name)
	_, err = io.Copy(h, f)
	return err
}

// vet looks at one package for the go command, which runs the tool in the
// package's directory. A dependency in another module, at some version, is
// not configured by this module's file.
func vet(stderr io.Writer) int {
	var opts analyzer.Options
	last := os.Args[len(os.Args)-1]
	// The flags are the same whatever is configured, and the go command hides
	// what is said about a failure to list them.
	asksForFlags := !strings.HasSuffix(last, ".cfg")
	if dir, err := os.Getwd(); err == nil && !asksForFlags && !isDependency(last) {
		opts, _, err = configuration(dir)
		if err != nil {
			fmt.Fprintln(stderr, "sigravet:", err)
			return failed
		}
	}
	singlechecker.Main(analyzer.New(opts))
	return nothingFound
}

// isDependency tells whether the unit described by a file of the go command
// is of the standard library or of a module that is not being worked on.
func isDependency(cfg string) bool {
	data, err := os.ReadFile(cfg)
	if err != nil {
		return false
	}
	var unit struct {
		ImportPath    string
		ModuleVersion string
		Standard      map[string]bool
	}
	if json.Unmarshal(data, &unit) != nil {
		return false
	}
	return unit.ModuleVersion != "" || unit.Standard[unit.ImportPath]
}
