package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sigrahq/sigra/internal/corpus"
)

// The corpus says itself what is found in it. What is expected of other
// drivers stands in analyzer and in integration/golangci.
func TestDriversFindWhatTheCorpusSays(t *testing.T) {
	t.Parallel()
	want := corpus.Wants(t)
	m := &module{t: t, dir: corpus.Dir(t), env: corpus.Env(t)}
	for name, output := range map[string]func() string{
		"go vet":     func() string { return m.vet(corpus.Packages(t)...).stderr },
		"standalone": func() string { return m.sigravet(corpus.Packages(t)...).stdout },
	} {
		out := output()
		if diff := cmp.Diff(want, placesBelow(m.dir, out)); diff != "" {
			t.Errorf("%s (-want comments +findings):\n%s\n%s", name, diff, out)
		}
	}
}

var goFile = regexp.MustCompile(`(?m)^(?:\./)?([^\s:]+\.go):(\d+):\d+: [^\t]`)

// placesBelow are the files, as seen from dir, and lines of the findings of an
// output, sorted. What is said of a finding in further lines begins with a tab.
func placesBelow(dir, output string) []string {
	var out []string
	for _, m := range goFile.FindAllStringSubmatch(output, -1) {
		file := m[1]
		if rel, err := filepath.Rel(dir, file); filepath.IsAbs(file) && err == nil {
			file = filepath.ToSlash(rel)
		}
		out = append(out, file+":"+m[2])
	}
	slices.Sort(out)
	return out
}
