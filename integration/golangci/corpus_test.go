package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sigrahq/sigra/internal/corpus"
)

// asLinter makes the test binary golangci-lint: building it once takes long
// enough.
const asLinter = "GOLANGCI_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asLinter) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// config enables sigravet alone; SETTINGS are lines of its settings.
const config = `version: "2"
linters:
  default: none
  enable: [sigravet]
  exclusions:
    generated: disable
  settings:
    custom:
      sigravet:
        type: module
        description: SQL that is not restricted to one organization
        settings: SETTINGS
`

// lint is one use of golangci-lint, with a cache of its own.
type lint struct {
	t          *testing.T
	dir, cache string
	env        []string
	settings   string
}

func (l *lint) run(args ...string) (status int, stdout, stderr string) {
	l.t.Helper()
	file := filepath.Join(l.t.TempDir(), "golangci.yml")
	if err := os.WriteFile(file, []byte(strings.Replace(config, "SETTINGS", l.settings, 1)), 0o644); err != nil {
		l.t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		l.t.Fatal(err)
	}
	args = append([]string{
		"run", "--config=" + file, "--path-mode=abs", "--show-stats=false", "--allow-parallel-runners", "--output.text.print-issued-lines=false",
		// Without these golangci-lint drops findings.
		"--max-issues-per-linter=0", "--max-same-issues=0", "--uniq-by-line=false",
	}, args...)
	cmd := exec.CommandContext(l.t.Context(), self, args...)
	cmd.Dir = l.dir
	cmd.Env = append(os.Environ(), asLinter+"=1", "GOLANGCI_LINT_CACHE="+l.cache, "GOWORK=off")
	cmd.Env = append(cmd.Env, l.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		l.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

var finding = regexp.MustCompile(`(?m)^([^\s:]+\.go):(\d+):\d+: .* \(sigravet\)$`)

// places are the files below dir and the lines of findings, sorted.
func places(t *testing.T, dir, output string) []string {
	t.Helper()
	var out []string
	for _, m := range finding.FindAllStringSubmatch(output, -1) {
		rel, err := filepath.Rel(dir, m[1])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, filepath.ToSlash(rel)+":"+m[2])
	}
	slices.Sort(out)
	return out
}

// The same corpus as for go vet and the standalone driver.
func TestLinterFindsWhatTheCorpusSays(t *testing.T) {
	t.Parallel()
	l := &lint{t: t, dir: corpus.Dir(t), cache: t.TempDir(), env: corpus.Env(t), settings: "{}"}
	var packages []string
	for _, p := range corpus.Packages(t) {
		packages = append(packages, "./"+p)
	}
	for _, run := range []string{"cold", "warm"} {
		status, stdout, stderr := l.run(packages...)
		if status != 1 {
			t.Errorf("%s: status %d\n%s", run, status, stderr)
		}
		if diff := cmp.Diff(corpus.Wants(t), places(t, l.dir, stdout)); diff != "" {
			t.Errorf("%s (-want comments +findings):\n%s\n%s", run, diff, stdout)
		}
	}
}

func TestLinterKnowsOtherPackagesByFacts(t *testing.T) {
	t.Parallel()
	l := &lint{t: t, dir: corpus.Dir(t), cache: t.TempDir(), env: corpus.Env(t), settings: "{}"}
	var want []string
	for _, w := range corpus.Wants(t) {
		if strings.HasPrefix(w, "app/handlers/") {
			want = append(want, w)
		}
	}
	_, stdout, stderr := l.run("./app/handlers")
	if diff := cmp.Diff(want, places(t, l.dir, stdout)); diff != "" || len(want) == 0 {
		t.Errorf("-want comments +findings:\n%s\n%s", diff, stderr)
	}
}

func TestLinterFollowsItsSettings(t *testing.T) {
	t.Parallel()
	l := &lint{t: t, dir: corpus.Dir(t), cache: t.TempDir(), env: corpus.Env(t)}
	tests := []struct {
		about, settings, pkg string
		status               int
		says                 string
	}{
		{"another column", "{columns: [tenant_id]}", "./modes/tenants", 1, "add tasks.tenant_id"},
		{"the usual column", "{}", "./modes/tenants", 1, "add notes.organization_id"},
		{"statements that are only looked at when they are built", `{raw: "off"}`, "./writes", 0, ""},
		{"the same, all looked at", "{}", "./writes", 1, "writes.go"},
		{"unknown key", "{colums: [tenant_id]}", "./writes", 3, "colums"},
		{"unknown mode", "{raw: strict}", "./writes", 3, `raw is "strict"`},
		{"value of another type", "{raw: [prove]}", "./writes", 3, "raw"},
	}
	for _, tt := range tests {
		l.settings = tt.settings
		status, stdout, stderr := l.run(tt.pkg)
		if status != tt.status || !strings.Contains(stdout+stderr, tt.says) {
			t.Errorf("%s: status %d, want %d and %q\n%s%s", tt.about, status, tt.status, tt.says, stdout, stderr)
		}
	}
}
