package main

import (
	"strings"
	"testing"
)

func TestExactlyThePlantedLeaksAreFound(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	exact, err := run(t.Context(), &out)
	if err != nil {
		t.Fatal(err)
	}
	if !exact {
		t.Errorf("findings and markers differ:\n%s", out.String())
	}
	if strings.Contains(out.String(), "leaky: 0 planted") {
		t.Errorf("no leak is planted:\n%s", out.String())
	}
}
