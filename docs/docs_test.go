package docs

import (
	"strings"
	"testing"
)

func TestEachCategoryHasAPage(t *testing.T) {
	t.Parallel()
	sections := []string{"## What it finds", "## Why it matters", "## How to fix it", "## How to allow it", "Before", "After"}
	for _, category := range Categories() {
		text, ok := Page(category)
		if !ok {
			t.Errorf("%s has no page", category)
			continue
		}
		if !strings.HasPrefix(text, "# "+category+"\n\n") {
			t.Errorf("%s.md does not begin with its name", category)
		}
		at := 0
		for _, s := range sections[:4] {
			i := strings.Index(text[at:], "\n"+s+"\n")
			if i < 0 {
				t.Errorf("%s.md has no %q in its place", category, s)
				continue
			}
			at += i
		}
		for _, s := range sections[4:] {
			if !strings.Contains(text, "\n"+s) {
				t.Errorf("%s.md has no %q", category, strings.TrimSpace(s))
			}
		}
		if strings.Count(text, "```")%2 != 0 {
			t.Errorf("%s.md has code that does not end", category)
		}
	}
}

func TestOnlyCategoriesHavePages(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "caveats", "../docs", "unscoped.md"} {
		if _, ok := Page(name); ok {
			t.Errorf("%q has a page", name)
		}
	}
}
