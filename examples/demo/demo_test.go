package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sigrahq/sigra/examples/internal/planted"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	leak := func(id string, line int, category string) planted.Leak {
		return planted.Leak{ID: id, Category: category, File: "/m/a.go", Line: line}
	}
	found := func(line, column int, category string) finding {
		return finding{File: "/m/a.go", Line: line, Column: column, Category: category}
	}
	for name, tc := range map[string]struct {
		leaks    []planted.Leak
		findings []finding
		exact    bool
		summary  string
	}{
		"nothing planted, nothing found": {
			exact: true, summary: "app: 0 planted, 0 found, 0 missed, 0 unexpected",
		},
		"all found": {
			leaks:    []planted.Leak{leak("L01", 3, "unscoped"), leak("L02", 9, "edited")},
			findings: []finding{found(3, 2, "unscoped"), found(9, 2, "edited")},
			exact:    true, summary: "app: 2 planted, 2 found, 0 missed, 0 unexpected",
		},
		"one missed": {
			leaks:    []planted.Leak{leak("L01", 3, "unscoped"), leak("L02", 9, "edited")},
			findings: []finding{found(3, 2, "unscoped")},
			summary:  "app: 2 planted, 1 found, 1 missed, 0 unexpected",
		},
		"a finding where nothing is planted": {
			findings: []finding{found(3, 2, "unscoped")},
			summary:  "app: 0 planted, 0 found, 0 missed, 1 unexpected",
		},
		"the right line, another category": {
			leaks:    []planted.Leak{leak("L01", 3, "unscoped")},
			findings: []finding{found(3, 2, "unproven")},
			summary:  "app: 1 planted, 0 found, 1 missed, 1 unexpected",
		},
		"a second finding on the line": {
			leaks:    []planted.Leak{leak("L01", 3, "unscoped")},
			findings: []finding{found(3, 2, "unscoped"), found(3, 9, "unscoped")},
			summary:  "app: 1 planted, 1 found, 0 missed, 1 unexpected",
		},
		"the same line of another file": {
			leaks:    []planted.Leak{leak("L01", 3, "unscoped")},
			findings: []finding{{File: "/m/b.go", Line: 3, Category: "unscoped"}},
			summary:  "app: 1 planted, 0 found, 1 missed, 1 unexpected",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := compare(tc.leaks, tc.findings)
			if c.exact() != tc.exact {
				t.Errorf("exact is %v, want %v", c.exact(), tc.exact)
			}
			var out bytes.Buffer
			c.write(&out, "/m", "app")
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if got := lines[len(lines)-1]; got != tc.summary {
				t.Errorf("summary %q, want %q", got, tc.summary)
			}
			if want := len(c.found) + len(c.missed) + len(c.unexpected) + 1; len(lines) != want {
				t.Errorf("%d lines, want %d:\n%s", len(lines), want, out.String())
			}
		})
	}
}

func TestParseCountsAFindingOnce(t *testing.T) {
	t.Parallel()
	const text = `{
	"m/store": {
		"sigravet": [
			{"category": "unscoped", "posn": "/m/store/b.go:12:9", "message": "second"},
			{"category": "edited", "posn": "/m/store/a.go:7:2", "end": "/m/store/a.go:7:5", "message": "first"}
		]
	}
}
{
	"m/store [m/store.test]": {
		"sigravet": [{"category": "unscoped", "posn": "/m/store/b.go:12:9", "message": "second"}]
	}
}
{}
`
	got, err := parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []finding{
		{File: "/m/store/a.go", Line: 7, Column: 2, Category: "edited", Message: "first"},
		{File: "/m/store/b.go", Line: 12, Column: 9, Category: "unscoped", Message: "second"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseFailsWhenTheToolDid(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"an analyzer's error": {`{"m/store": {"sigravet": {"error": "facts are broken"}}}`, "m/store: facts are broken"},
		"not JSON":            {"vet: ./a.go:1:1: undefined: x\n", "output of go vet"},
		"no position":         {`{"m": {"sigravet": [{"posn": "a.go", "message": "x"}]}}`, `"a.go"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := parse(strings.NewReader(tc.text)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one with %q", err, tc.want)
			}
		})
	}
}
