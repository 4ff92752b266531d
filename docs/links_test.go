package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	code = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
)

// targets are what a page links to in this repository.
func targets(page string) (list []string) {
	for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(page, ""), -1) {
		if !strings.Contains(m[1], "://") {
			list = append(list, m[1])
		}
	}
	return list
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What is not in the index is not found, and what the index names is there.
func TestTheIndexHasEveryPage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]int{}
	for _, target := range targets(read(t, "README.md")) {
		listed[target]++
	}
	for _, file := range files {
		if file != "README.md" && listed[file] != 1 {
			t.Errorf("%s is listed %d times, want once", file, listed[file])
		}
	}
	if len(files) < len(Categories())+2 {
		t.Errorf("%d pages in all", len(files))
	}
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, file := range append(files, "../README.md", "../CONTRIBUTING.md", "../SECURITY.md") {
		for _, target := range targets(read(t, file)) {
			links++
			path, anchor, _ := strings.Cut(target, "#")
			if path == "" {
				path = filepath.Base(file)
			}
			path = filepath.Join(filepath.Dir(file), path)
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s links to %s: %v", file, target, err)
				continue
			}
			if anchor != "" && !anchors(read(t, path))[anchor] {
				t.Errorf("%s links to %s, which has no such heading", file, target)
			}
		}
	}
	if links < 40 {
		t.Errorf("%d links, want the 40 at least that there were", links)
	}
}

// anchors are the headings of a page, as links name them.
func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for line := range strings.Lines(text) {
		if heading := strings.TrimLeft(line, "#"); heading != line {
			words := strings.ToLower(strings.TrimSpace(heading))
			found[strings.ReplaceAll(regexp.MustCompile(`[^\w\- ]`).ReplaceAllString(words, ""), " ", "-")] = true
		}
	}
	return found
}
