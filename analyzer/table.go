package analyzer

import (
	"cmp"
	"slices"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// table is what is known about one table.
type table struct {
	Name   string // as SQL writes it
	Column string // the ownership column; empty for a shared table
	Model  string // "import/path.Type" of the struct, if there is one
	Source source
}

// source says how a table became known; where two disagree, the lower one is
// believed.
type source uint8

const (
	declared  source = iota + 1 // query.Declare, query.Owned, query.Shared
	migrated                    // schema files
	structure                   // the shape and name of a struct
)

func (t table) String() string {
	if t.Column == "" {
		return t.Name + " shared"
	}
	return t.Name + "." + t.Column
}

func compareTables(a, b table) int {
	return cmp.Or(
		cmp.Compare(a.Source, b.Source),
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Model, b.Model),
	)
}

// mergeTables sorts tables and drops repetitions, and what a struct seems to
// say of a table that is known better.
func mergeTables(tables []table) []table {
	slices.SortFunc(tables, compareTables)
	tables = slices.Compact(tables)
	known := map[string]bool{}
	models := map[string]bool{}
	for _, t := range tables {
		if t.Source != structure {
			known[t.Name] = true
			models[t.Model] = t.Model != ""
		}
	}
	return slices.DeleteFunc(tables, func(t table) bool {
		return t.Source == structure && (known[t.Name] || models[t.Model])
	})
}

// catalog makes the tables known to the reader of SQL. Where two declarations
// disagree, the runtime refuses to start, so the first one will do.
func catalog(tables []table) *orgfilter.Catalog {
	c := orgfilter.NewCatalog()
	for _, t := range tables {
		kind := orgfilter.Owned
		if t.Column == "" {
			kind = orgfilter.Shared
		}
		_, _ = c.Add(t.Name, kind, t.Column)
	}
	return c
}
