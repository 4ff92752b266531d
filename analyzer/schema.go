package analyzer

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/sigrahq/sigra/internal/pgsql"
	"github.com/sigrahq/sigra/internal/schema"
)

// readSchema learns the tables of the schema files. One that has an ownership
// column is org-owned; the others are not, whatever a struct looks like.
func (c *config) readSchema() ([]table, error) {
	if len(c.Schema) == 0 {
		return nil, nil
	}
	files, err := c.SchemaFiles()
	if err != nil {
		return nil, err
	}
	var s schema.Schema
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("schema file: %w", err)
		}
		if filepath.Ext(name) == ".go" {
			if err := s.ApplyGo(name, string(text)); err != nil {
				return nil, err
			}
			continue
		}
		s.Apply(filepath.Base(name), string(text))
	}
	var tables []table
	for _, t := range s.Tables() {
		known := table{Name: pgsql.QuoteTable(t.Schema, t.Name), Source: migrated}
		for _, column := range c.Columns {
			if t.Has(column) {
				known.Column = column
				break
			}
		}
		tables = append(tables, known)
	}
	return tables, nil
}
