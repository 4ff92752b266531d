package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sigrahq/sigra/docs"
)

func TestExplainPrintsThePageOfACategory(t *testing.T) {
	t.Parallel()
	for _, category := range docs.Categories() {
		var stdout, stderr bytes.Buffer
		if status := run([]string{"explain", category}, &stdout, &stderr); status != nothingFound {
			t.Errorf("explain %s: status %d: %s", category, status, &stderr)
		}
		if !strings.HasPrefix(stdout.String(), "# "+category+"\n") {
			t.Errorf("explain %s prints %.40q", category, stdout.String())
		}
	}
}

func TestExplainNamesTheCategoriesThereAre(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"explain"}, {"explain", "leak"}, {"explain", "caveats"}, {"explain", "moved", "edited"}} {
		var stdout, stderr bytes.Buffer
		if status := run(args, &stdout, &stderr); status != failed {
			t.Errorf("%v: status %d, want %d", args, status, failed)
		}
		if !strings.Contains(stderr.String(), "unproven, unscoped") || stdout.Len() > 0 {
			t.Errorf("%v: stderr %q, stdout %q", args, &stderr, &stdout)
		}
	}
}

func TestHelpIsNoFailure(t *testing.T) {
	t.Parallel()
	for _, arg := range []string{"help", "-h", "--help"} {
		var stdout, stderr bytes.Buffer
		if status := run([]string{arg}, &stdout, &stderr); status != nothingFound || !strings.Contains(stdout.String(), "Exit status") {
			t.Errorf("%s: status %d, output %q", arg, status, &stdout)
		}
	}
}
