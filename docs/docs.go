// Package docs holds the pages that explain sigravet's findings, one for each
// category.
//
//	page, ok := docs.Page("unscoped")
package docs

import (
	"embed"
	"slices"
)

//go:embed *.md
var pages embed.FS

// Page returns the page of a category, in Markdown.
func Page(category string) (text string, ok bool) {
	if !slices.Contains(Categories(), category) {
		return "", false
	}
	data, err := pages.ReadFile(category + ".md")
	return string(data), err == nil
}

// Categories lists the categories of findings, in the order of the alphabet.
func Categories() []string {
	return []string{"bypass", "conflict-key", "edited", "foreign-org", "insert", "moved", "shared-builder", "undeclared", "unproven", "unscoped"}
}
