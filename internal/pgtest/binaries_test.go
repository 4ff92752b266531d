//go:build unix

package pgtest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestBinaries(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		path     map[string]string // directory below PATH: its server's --version
		packages map[string]string // directory where packages go: the same
		config   string            // what pg_config in the path prints
		want     string
	}{
		{
			name: "none",
		},
		{
			name:     "newest package, by number and not by text",
			packages: map[string]string{"9": "9.6.24", "14": "14.18", "16": "16.9"},
			want:     "packages/16",
		},
		{
			name:     "beta and distribution suffixes",
			packages: map[string]string{"17": "17.5 (Debian 17.5-1)", "19": "19beta2"},
			want:     "packages/19",
		},
		{
			name:     "too old",
			path:     map[string]string{"old": "13.21"},
			packages: map[string]string{"13": "13.21"},
		},
		{
			name:     "path comes before packages",
			path:     map[string]string{"chosen": "15.1"},
			packages: map[string]string{"18": "18.3"},
			want:     "path/chosen",
		},
		{
			name:     "too old in the path, new enough as a package",
			path:     map[string]string{"old": "13.21"},
			packages: map[string]string{"18": "18.3"},
			want:     "packages/18",
		},
		{
			name:     "where pg_config points",
			packages: map[string]string{"15": "15.1", "18": "18.3"},
			config:   "packages/15",
			want:     "packages/15",
		},
		{
			name:     "something else that is called postgres",
			packages: map[string]string{"15": "15.1", "18": "not a version"},
			want:     "packages/15",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			m := machine{globs: []string{filepath.Join(root, "packages", "*")}}
			add := func(dir string) {
				m.path += string(filepath.ListSeparator) + dir
			}
			for dir, version := range tc.path {
				add(filepath.Join(root, "path", dir))
				fakeServer(t, filepath.Join(root, "path", dir), version)
			}
			for dir, version := range tc.packages {
				fakeServer(t, filepath.Join(root, "packages", dir), version)
			}
			if tc.config != "" {
				dir := filepath.Join(root, "path", "client")
				add(dir)
				program(t, filepath.Join(dir, "pg_config"), filepath.Join(root, tc.config))
			}

			got, ok := m.binaries()
			if ok != (tc.want != "") {
				t.Fatalf("found is %t, want %t", ok, !ok)
			}
			if ok && got != filepath.Join(root, tc.want) {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestClientWithoutServerIsNotAServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program(t, filepath.Join(dir, "postgres"), "postgres (PostgreSQL) 18.3")
	if version, ok := serverVersion(dir); ok {
		t.Errorf("version %d from a directory without initdb", version)
	}
}

func fakeServer(t *testing.T, dir, version string) {
	t.Helper()
	program(t, filepath.Join(dir, "initdb"), "")
	program(t, filepath.Join(dir, "postgres"), "postgres (PostgreSQL) "+version)
}

// program writes a script that prints one line.
func program(t *testing.T, file, line string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\necho '%s'\n", line)
	if err := os.WriteFile(file, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
}
