package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sigrahq/sigra/docs"
	"github.com/sigrahq/sigra/internal/corpus"
)

// The corpus says itself what is found in it, and there is something of each
// category. What is expected of other drivers stands in analyzer and in
// integration/golangci.
func TestDriversFindWhatTheCorpusSays(t *testing.T) {
	t.Parallel()
	want := corpus.Wants(t)
	m := &module{t: t, dir: corpus.Dir(t), env: corpus.Env(t)}
	vet := m.vet(corpus.Packages(t)...).stderr
	alone := m.sigravet(corpus.Packages(t)...).stdout
	for name, out := range map[string]string{"go vet": vet, "standalone": alone} {
		if diff := cmp.Diff(want, placesBelow(m.dir, out)); diff != "" {
			t.Errorf("%s (-want comments +findings):\n%s\n%s", name, diff, out)
		}
	}

	var categories []string
	for _, c := range category.FindAllStringSubmatch(alone, -1) {
		categories = append(categories, c[1])
	}
	slices.Sort(categories)
	if diff := cmp.Diff(docs.Categories(), slices.Compact(categories)); diff != "" {
		t.Errorf("-categories +those of the findings:\n%s", diff)
	}
	if diff := cmp.Diff(messages(vet), messages(category.ReplaceAllString(alone, ""))); diff != "" {
		t.Errorf("-go vet +standalone:\n%s", diff)
	}
}

// category ends a finding of the standalone driver.
var category = regexp.MustCompile(`(?m) \(([a-z-]+)\)$`)

// messages are the findings of an output with their places, sorted.
func messages(output string) []string {
	var out []string
	for line := range strings.Lines(output) {
		if goFile.MatchString(line) {
			out = append(out, strings.TrimSpace(strings.TrimPrefix(line, "./")))
		}
	}
	slices.Sort(out)
	return out
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
