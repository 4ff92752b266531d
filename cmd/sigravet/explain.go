package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/sigrahq/sigra/docs"
)

// explain prints the page of a category.
func explain(args []string, stdout, stderr io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintf(stderr, "sigravet: explain takes one category: %s\n", strings.Join(docs.Categories(), ", "))
		return failed
	}
	page, ok := docs.Page(args[0])
	if !ok {
		fmt.Fprintf(stderr, "sigravet: no category %q; there are %s\n", args[0], strings.Join(docs.Categories(), ", "))
		return failed
	}
	fmt.Fprint(stdout, page)
	return nothingFound
}
