package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wrongConfigurations are refused by every way to run the command.
var wrongConfigurations = []struct{ about, text, want string }{
	{"unknown key", "colums: [organization_id]\n", `line 1: unknown key "colums"; the keys are`},
	{"unknown mode", "raw: strict\n", `raw is "strict"; use auto, forbid, prove or off`},
	{"schema that names no file", "schema: [nowhere/*.sql]\n", `nowhere/*.sql" matches no file; correct it`},
	{"schema that names a directory", "schema: [.]\n", "matches no file; correct it"},
	{"malformed glob", "schema: ['[a']\n", `schema glob "[a" is malformed`},
	{"value that is no list", "raw: prove\nschema: a.sql\n", "line 2: schema is of another type; the keys are"},
	{"list that is no value", "raw: [prove]\n", "line 1: raw is of another type; the keys are"},
	{"key that comes twice", "raw: prove\nraw: auto\n", `line 2: key "raw" stands on line 1 already`},
	{"list of keys", "- raw\n", "line 1: keys with values are expected"},
	{"no YAML", "columns: [", "line 1"},
}

func TestStatusSaysWhatHappened(t *testing.T) {
	t.Parallel()
	tests := []struct {
		about   string
		variant string
		files   map[string]string
		args    []string
		status  int
		stderr  string
	}{
		{about: "nothing found", variant: "fixed", status: nothingFound},
		{about: "findings", variant: "leaky", status: found},
		{about: "findings in the packages that are asked for", variant: "leaky", args: []string{"./store", "./service"}, status: nothingFound},
		{about: "unknown flag", variant: "fixed", args: []string{"-strict"}, status: failed, stderr: "-strict"},
		{about: "unknown format", variant: "fixed", args: []string{"-format", "xml"}, status: failed, stderr: `format is "xml"`},
		{about: "unknown mode", variant: "fixed", args: []string{"-raw", "strict", "./..."}, status: failed, stderr: `raw is "strict"`},
		{about: "flag after a package", variant: "fixed", args: []string{"./...", "-raw=off"}, status: failed, stderr: "put flags first"},
		{about: "package that is not there", variant: "fixed", args: []string{"./nowhere"}, status: failed, stderr: "nowhere"},
		{
			about: "package that does not compile", variant: "leaky", status: failed,
			files:  map[string]string{"store/broken.go": "package store\n\nvar n int = \"text\"\n"},
			stderr: `cannot use "text"`,
		},
		{
			about: "file that does not parse", variant: "leaky", status: failed,
			files:  map[string]string{"store/broken.go": "package store\n\nfunc {\n"},
			stderr: "store/broken.go:3:6",
		},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			t.Parallel()
			m := unpacked(t, "app", tt.variant)
			for name, text := range tt.files {
				m.write(name, text)
			}
			out := m.sigravet(tt.args...)
			if out.status != tt.status {
				t.Errorf("status %d, want %d", out.status, tt.status)
			}
			if !strings.Contains(out.stderr, tt.stderr) || tt.stderr == "" && out.stderr != "" {
				t.Errorf("stderr %q, want %q", out.stderr, tt.stderr)
			}
			if (out.stdout != "") != (tt.status == found) {
				t.Errorf("stdout %q", out.stdout)
			}
		})
	}
}

// Whoever reads the findings has to know of which packages there are none
// because nobody looked.
func TestBrokenPackagesDoNotHideOthers(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "app", "leaky")
	m.write("broken/broken.go", "package broken\n\nvar N int = \"text\"\n")
	m.write("above/above.go", "package above\n\nimport \"example.test/app/broken\"\n\nvar _ = broken.N\n")
	m.write("top/top.go", "package top\n\nimport _ \"example.test/app/above\"\n")
	m.write("models/broken_test.go", "package models\n\nfunc {\n")
	out := m.sigravet()
	if out.status != failed {
		t.Errorf("status %d, want %d", out.status, failed)
	}
	checkLeaks(t, out.stdout)
	only := m.sigravet("-tests=false", "./top")
	if want := "sigravet: what imports example.test/app/broken was not looked at: example.test/app/top\n"; only.status != failed || !strings.HasSuffix(only.stderr, want) {
		t.Errorf("a dependency is broken: status %d, stderr %q; want %q", only.status, only.stderr, want)
	}
	want := strings.Join([]string{
		`broken/broken.go:3:13: cannot use "text" (untyped string constant) as int value in variable declaration`,
		"models/broken_test.go:3:6: expected 'IDENT', found '{'",
		"sigravet: example.test/app/broken was not looked at, nor what imports it: example.test/app/above, example.test/app/top",
		"sigravet: example.test/app/models was not looked at",
		"",
	}, "\n")
	if diff := cmp.Diff(want, out.stderr); diff != "" {
		t.Errorf("stderr (-want +got):\n%s", diff)
	}
}

func TestStandaloneFindsWhatVetFinds(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "app", "leaky")
	checkLeaks(t, m.sigravet().stdout)
}

func TestStandaloneRefusesAConfigurationThatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range wrongConfigurations {
		t.Run(tt.about, func(t *testing.T) {
			t.Parallel()
			m := unpacked(t, "tables", "")
			m.write(configName, tt.text)
			out := m.sigravet()
			if out.status != failed || !strings.Contains(out.stderr, tt.want) {
				t.Errorf("status %d, stderr %q; want %d and %q", out.status, out.stderr, failed, tt.want)
			}
			if strings.Count(out.stderr, "sigravet: ") != 1 || !strings.Contains(out.stderr, filepath.Join(m.dir, configName)+": ") {
				t.Errorf("stderr %q does not name the command and the file once", out.stderr)
			}
		})
	}
}

func TestFlagsWinOverTheConfiguration(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "app", "leaky")
	m.write(configName, "raw: \"off\"\n")
	if out := m.sigravet(); out.status != nothingFound {
		t.Errorf("configured raw: off: status %d\n%s", out.status, out.stdout+out.stderr)
	}
	if out := m.sigravet("-raw=prove"); out.status != found {
		t.Errorf("-raw=prove: status %d\n%s", out.status, out.stderr)
	}
}

func TestRunsSayTheSame(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "app", "leaky")
	first := m.sigravet("-format=json")
	for range 2 {
		if again := m.sigravet("-format=json"); again != first {
			t.Fatalf("one run says\n%s\nanother\n%s", first.stdout, again.stdout)
		}
	}
	var list []finding
	if err := json.Unmarshal([]byte(first.stdout), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != len(leaks) || list[0].Category != "unscoped" || list[0].File != "handlers/handlers.go" || list[0].Line != 11 {
		t.Errorf("findings %+v", list)
	}
}

func TestGitHubFormatIsAWorkflowCommand(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "app", "leaky")
	out := m.sigravet("-format=github")
	want := "::error file=handlers/handlers.go,line=11,endLine=11,col="
	if !strings.HasPrefix(out.stdout, want) || !strings.Contains(out.stdout, "title=sigravet unscoped::query on") {
		t.Errorf("output %q, want it to begin with %q", out.stdout, want)
	}
}

// The standard library has no organizations. All of it is loaded and looked at
// in one process, which takes about half a minute of CPU.
func TestStandardLibraryIsClean(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "broken", "")
	if out := m.sigravet("-tests=false", "std"); out != (outcome{}) {
		t.Errorf("status %d\n%s%s", out.status, out.stdout, out.stderr)
	}
}
