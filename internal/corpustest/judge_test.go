package corpustest

import (
	"os"
	"path/filepath"
	"testing"
)

// The judge itself has to notice what is missing and what is too much.
func TestScoreNoticesMissesAndAlarms(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.go")
	const text = `package x

func leak() {
	run("a",
		"b") // want unscoped|insert
}

func right() {
	run() // ok
}

func either() {
	x := run() // may moved
	use(x)     // want moved
}

func undecided() {
	run() // open
}

func directive() {
	// want+1 bypass
	//sigra:allow nothing
	run()
}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := read(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	at := func(line int, category string) finding {
		return finding{place: place{file, line}, category: category}
	}
	tests := []struct {
		name                              string
		findings                          []finding
		caught, alarmed, unproven, misses int
	}{
		{"nothing found", nil, 0, 0, 0, 3},
		{"all found", []finding{at(4, "unscoped"), at(14, "moved"), at(23, "bypass")}, 3, 0, 0, 0},
		{"another line of the statement", []finding{at(5, "insert")}, 1, 0, 0, 2},
		{"the line that may", []finding{at(13, "moved")}, 1, 0, 0, 2},
		{"another category", []finding{at(4, "moved"), at(14, "edited")}, 0, 0, 0, 3},
		{"a right statement", []finding{at(9, "unproven"), at(9, "unscoped")}, 0, 1, 1, 3},
		{"an open one", []finding{at(18, "unscoped")}, 0, 0, 0, 3},
		{"a line without a mark", []finding{at(24, "unscoped"), at(1, "bypass")}, 0, 2, 0, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &score{byCategory: map[string]tally{}}
			s.add(c, tt.findings)
			if s.leaks != 3 || s.good != 1 || s.statements != 1 {
				t.Fatalf("%d leaks, %d right functions, %d right statements", s.leaks, s.good, s.statements)
			}
			if s.caught != tt.caught || s.alarmed != tt.alarmed || s.unproven != tt.unproven || len(s.misses) != tt.misses {
				t.Errorf("caught %d, alarmed %d, unproven %d, misses %d; want %d, %d, %d, %d",
					s.caught, s.alarmed, s.unproven, len(s.misses), tt.caught, tt.alarmed, tt.unproven, tt.misses)
			}
		})
	}
}

func TestReadRefusesAMarkThatIsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.go"), []byte("package x\n\nvar x = 1 // want Unscoped\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := read(dir); err == nil {
		t.Error("no error")
	}
}
