package planted_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sigrahq/sigra/examples/internal/planted"
)

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestReadFindsMarkersInOrder(t *testing.T) {
	t.Parallel()
	dir := write(t, map[string]string{
		"b.go":      "package b\nvar x = 1 // leak: L02 unscoped\n",
		"a/a.go":    "package a\n\nvar y = 2 // leak: L01 foreign-org\n",
		"a_test.go": "package b // leak: L03 unscoped\n",
		"notes.txt": "// leak: L04 unscoped\n",
	})
	got, err := planted.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []planted.Leak{
		{ID: "L01", Category: "foreign-org", File: filepath.Join(dir, "a/a.go"), Line: 3},
		{ID: "L02", Category: "unscoped", File: filepath.Join(dir, "b.go"), Line: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadRefusesWhatIsAlmostAMarker(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"no category": {"package a // leak: L01\n", "a.go:1: not a marker"},
		"no id":       {"package a\n// leak: unscoped\n", "a.go:2: not a marker"},
		"used twice":  {"package a // leak: L01 unscoped\n\nvar x int // leak: L01 edited\n", "L01 is planted at"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := planted.Read(write(t, map[string]string{"a.go": tc.text}))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one with %q", err, tc.want)
			}
		})
	}
}
