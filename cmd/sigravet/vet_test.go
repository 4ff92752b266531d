package main

import (
	"strings"
	"testing"
)

// leaks are the places of the leaky application where SQL is chosen that
// reads or deletes everybody's invoices, and what is said of them.
var leaks = []struct{ place, message string }{
	{"handlers/handlers.go:11:", `query on org-owned table "invoices" is not restricted`},
	{"handlers/handlers.go:14:", `query on org-owned table "invoices" is not restricted`},
	{"handlers/handlers.go:20:", `delete from org-owned table "invoices" is not restricted`},
}

func checkLeaks(t *testing.T, output string) {
	t.Helper()
	lines := findings(output)
	if len(lines) != len(leaks) {
		t.Errorf("%d findings, want %d:\n%s", len(lines), len(leaks), output)
		return
	}
	for i, leak := range leaks {
		if !strings.Contains(lines[i], leak.place) || !strings.Contains(lines[i], leak.message) {
			t.Errorf("finding %d is %s\nwant %s %s", i, lines[i], leak.place, leak.message)
		}
	}
}

func TestVetFindsLeaksWhereTextIsChosen(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "app", "leaky")
	out := m.vet("./...")
	if out.status != 1 {
		t.Errorf("status %d, want 1", out.status)
	}
	checkLeaks(t, out.stderr)

	again := m.vet("./...")
	if again != out {
		t.Errorf("second run says\n%s\nfirst said\n%s", again.stderr, out.stderr)
	}
}

func TestVetIsSilentAboutBoundStatements(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "app", "fixed")
	for _, run := range []string{"first", "second"} {
		if out := m.vet("./..."); out != (outcome{}) {
			t.Errorf("%s run: status %d\n%s%s", run, out.status, out.stdout, out.stderr)
		}
	}
}

func TestVetSeesAChangeOfTheConfiguration(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "tables", "")
	m.write("schema.sql", "CREATE TABLE notes (id uuid, organization_id uuid);")
	steps := []struct {
		about  string
		change func()
		found  bool
	}{
		{"no configuration", func() {}, false},
		{"a schema", func() { m.write(configName, "schema: [schema.sql]\n") }, true},
		{"another column", func() { m.write(configName, "schema: [schema.sql]\ncolumns: [tenant_id]\n") }, false},
		{"a schema with that column", func() { m.write("schema.sql", "CREATE TABLE notes (id uuid, tenant_id uuid);") }, true},
		{"a schema without it", func() { m.write("schema.sql", "CREATE TABLE notes (id uuid);") }, false},
	}
	for _, step := range steps {
		step.change()
		out := m.vet("./...")
		if got := len(findings(out.stderr)) > 0; got != step.found || (out.status != 0) != step.found {
			t.Errorf("with %s: findings: %t, want %t; status %d\n%s", step.about, got, step.found, out.status, out.stderr)
		}
	}
}

func TestVetRefusesAConfigurationThatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range wrongConfigurations {
		t.Run(tt.about, func(t *testing.T) {
			t.Parallel()
			m := unpacked(t, "tables", "")
			m.write(configName, tt.text)
			if out := m.vet("./..."); out.status == 0 || !strings.Contains(out.stderr, tt.want) {
				t.Errorf("status %d, stderr %q; want a failure that says %q", out.status, out.stderr, tt.want)
			}
		})
	}
}

// What a flag or a schema file is wrong with is known in a process that the go
// command runs for one package, of which it prints what the analyzer says.
func TestVetSaysWhatIsWrongWithFlagsAndSchemaFiles(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "tables", "")
	m.write("schema/tables.go", "nonsense")
	for flag, want := range map[string]string{
		"-raw=strict":              `raw is "strict"; use auto, forbid, prove or off`,
		"-schema=nowhere":          `nowhere" matches no file; correct it`,
		"-schema=schema/tables.go": "schema/tables.go:1:1: expected 'package'",
	} {
		if out := m.vet(flag, "."); out.status == 0 || !strings.Contains(out.stderr, want) {
			t.Errorf("%s: status %d, stderr %q; want a failure that says %q", flag, out.status, out.stderr, want)
		}
	}
}

func TestVersionHashesWhatResultsDependOn(t *testing.T) {
	t.Parallel()
	m := unpacked(t, "tables", "")
	version := func() string {
		out := m.sigravet("-V=full")
		if out.status != 0 || !strings.Contains(out.stdout, "buildID=") {
			t.Fatalf("status %d: %s%s", out.status, out.stdout, out.stderr)
		}
		return out.stdout
	}
	seen := map[string]string{}
	note := func(about string) {
		v := version()
		if before, ok := seen[v]; ok {
			t.Errorf("with %s the version is that with %s", about, before)
		}
		seen[v] = about
	}
	note("no configuration")
	m.write("schema.sql", "CREATE TABLE notes (id uuid);")
	m.write(configName, "schema: ['*.sql']\n")
	note("a configuration")
	m.write(configName, "schema: ['*.sql']\nraw: prove\n")
	note("another configuration")
	m.write("schema.sql", "CREATE TABLE notes (id uuid, organization_id uuid);")
	note("another schema")
	m.write("schema2.sql", "CREATE TABLE users (id uuid);")
	note("one more schema file")
	if before := len(seen); before != 5 || seen[version()] != "one more schema file" {
		t.Errorf("the version changes by itself")
	}
}
