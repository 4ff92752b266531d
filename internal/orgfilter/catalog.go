package orgfilter

import (
	"fmt"
	"maps"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// Kind says whose rows a table holds.
type Kind uint8

const (
	Owned  Kind = iota + 1 // each row belongs to one organization
	Shared                 // rows belong to no organization
)

func (k Kind) String() string {
	switch k {
	case Owned:
		return "org-owned"
	case Shared:
		return "shared"
	}
	return "undeclared"
}

// Table is what was declared about one table. Names are folded as
// PostgreSQL folds them.
type Table struct {
	Schema string
	Name   string
	Kind   Kind
	Column string // the ownership column; empty unless Kind is Owned
}

// Catalog knows the declared tables and the schemas in which an unqualified
// name is looked up. A Catalog that is in use is not changed: Clone it first.
type Catalog struct {
	tables map[[2]string]Table // by schema and name
	found  map[string]Table    // by name, those that the path leads to
	path   []string
}

// NewCatalog returns an empty catalog with the given search path; without
// one it is "public", PostgreSQL's default for user tables.
func NewCatalog(path ...string) *Catalog {
	if len(path) == 0 {
		path = []string{"public"}
	}
	return &Catalog{tables: map[[2]string]Table{}, found: map[string]Table{}, path: path}
}

// Clone returns a copy that can be changed.
func (c *Catalog) Clone() *Catalog {
	d := NewCatalog(c.path...)
	maps.Copy(d.tables, c.tables)
	maps.Copy(d.found, c.found)
	return d
}

// Add declares a table by its SQL name, as in "projects", "billing.invoices"
// or `"Odd Name"`. A name without a schema is in the first schema of the
// path. Adding the same table twice with the same kind and column is fine;
// otherwise the error is a *ConflictError that holds what was there.
func (c *Catalog) Add(name string, kind Kind, column string) (Table, error) {
	schema, rel, err := pgsql.ParseName(name)
	if err != nil {
		return Table{}, fmt.Errorf("table name %q: %w", name, err)
	}
	if schema == "" {
		schema = c.path[0]
	}
	t := Table{Schema: schema, Name: rel, Kind: kind, Column: column}
	key := [2]string{schema, rel}
	if have, ok := c.tables[key]; ok && have != t {
		return Table{}, &ConflictError{Have: have, Want: t}
	}
	c.tables[key] = t
	for _, s := range c.path {
		if first, ok := c.tables[[2]string{s, rel}]; ok {
			c.found[rel] = first
			break
		}
	}
	return t, nil
}

// ConflictError is a table that was declared in two ways.
type ConflictError struct{ Have, Want Table }

func (e *ConflictError) Error() string {
	if e.Have.Kind != e.Want.Kind {
		return fmt.Sprintf("table %q is declared both %s and %s", e.Want.Name, e.Have.Kind, e.Want.Kind)
	}
	return fmt.Sprintf("table %q is declared with ownership column %q and with %q", e.Want.Name, e.Have.Column, e.Want.Column)
}

// Lookup finds a table as a statement names it; schema is empty for an
// unqualified name, which is then searched along the path.
func (c *Catalog) Lookup(schema, name string) (Table, bool) {
	if schema != "" {
		t, ok := c.tables[[2]string{schema, name}]
		return t, ok
	}
	t, ok := c.found[name]
	return t, ok
}

// Len is the number of declared tables.
func (c *Catalog) Len() int { return len(c.tables) }
