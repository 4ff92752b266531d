package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// crashOn names a package on which sigravet panics.
const crashOn = "SIGRAVET_TEST_CRASH_ON"

// crash panics when the go command asks for the package that crashOn names.
func crash(args []string) {
	data, err := os.ReadFile(args[len(args)-1])
	if err != nil {
		return
	}
	var unit struct{ ImportPath string }
	if json.Unmarshal(data, &unit) == nil && unit.ImportPath == os.Getenv(crashOn) {
		panic("a crash on " + unit.ImportPath)
	}
}

// What is wrong with a dependency is said, whether or not it is among the
// packages that are asked for, and nobody takes the silence of its importers
// for a clean bill.
func TestTroubleWithADependencyIsTold(t *testing.T) {
	t.Parallel()
	tests := []struct {
		about string
		file  string
		mod   string // more lines of go.mod
		env   string
		says  string
	}{
		{about: "does not type-check", file: "var n int = \"text\"\n", says: `cannot use "text"`},
		{about: "does not parse", file: "func {\n", says: "expected"},
		{about: "imports what is not there", file: "import _ \"example.test/m/nowhere\"\n", says: "example.test/m/nowhere"},
		{about: "imports a module that go.sum does not have", file: "import _ \"gopkg.in/yaml.v3\"\n", mod: "\nrequire gopkg.in/yaml.v3 v3.0.1\n", says: "missing go.sum entry"},
		{about: "makes the tool panic", env: crashOn + "=example.test/m/db", says: "a crash on example.test/m/db"},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			t.Parallel()
			m := unpacked(t, "broken", "")
			m.write("db/broken.go", "package db\n\n"+tt.file)
			if tt.mod != "" {
				m.write("go.mod", "module example.test/m\n\ngo 1.26\n"+tt.mod)
			}
			if tt.env != "" {
				m.env = append(m.env, tt.env)
			}
			for _, args := range [][]string{{"./..."}, {"./web"}} {
				out := m.vet(args...)
				if out.status == 0 || !strings.Contains(out.stderr, tt.says) {
					t.Errorf("go vet %v: status %d; want a failure that says %q\n%s", args, out.status, tt.says, out.stderr)
				}
				again := m.vet(args...)
				if again.status == 0 || !strings.Contains(again.stderr, tt.says) {
					t.Errorf("go vet %v, once more: status %d; want a failure that says %q\n%s", args, again.status, tt.says, again.stderr)
				}
			}
			if tt.env == "" {
				if out := m.sigravet("./web"); out.status != failed || !strings.Contains(out.stderr, tt.says) {
					t.Errorf("standalone: status %d; want %d and %q\n%s", out.status, failed, tt.says, out.stderr)
				}
			}
		})
	}
}
