package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// asSigravet makes the test binary sigravet, so that the tests run the
// command, and the go command runs it, without an installation.
const asSigravet = "SIGRAVET_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asSigravet) != "" {
		crash(os.Args)
		main()
	}
	os.Exit(m.Run())
}

// module is an application in a directory of its own.
type module struct {
	t   *testing.T
	dir string
	env []string // on top of what every command gets
}

// unpacked writes the files of a txtar archive for one test. Those in the
// directory named by variant become the package handlers, and those of other
// variants are left out.
func unpacked(t *testing.T, archive, variant string) *module {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", archive+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	m := &module{t: t, dir: t.TempDir()}
	for _, f := range a.Files {
		dir, base, _ := strings.Cut(f.Name, "/")
		switch dir {
		case variant:
			m.write("handlers/"+base, string(f.Data))
		case "leaky", "fixed":
		default:
			m.write(f.Name, string(f.Data))
		}
	}
	return m
}

func (m *module) write(name, text string) {
	m.t.Helper()
	file := filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		m.t.Fatal(err)
	}
}

// outcome is what a command leaves behind.
type outcome struct {
	status         int
	stdout, stderr string
}

// sigravet runs the command alone.
func (m *module) sigravet(args ...string) outcome {
	m.t.Helper()
	return m.run(executable(m.t), args...)
}

// vet runs the command under go vet.
func (m *module) vet(args ...string) outcome {
	m.t.Helper()
	return m.run("go", append([]string{"vet", "-vettool=" + executable(m.t)}, args...)...)
}

func (m *module) run(name string, args ...string) outcome {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), name, args...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), asSigravet+"=1", "GOPROXY=off", "GOWORK=off", "GOFLAGS=")
	cmd.Env = append(cmd.Env, m.env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		m.t.Fatalf("%s: %v", name, err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func executable(t *testing.T) string {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// findings are the lines of an output that are about a Go file.
func findings(output string) []string {
	var lines []string
	for line := range strings.Lines(output) {
		if strings.Contains(line, ".go:") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}
