// Package lookup has methods that look like sinks; one of them is.
package lookup

import "database/sql"

type Lookup struct{}

// Query finds what is called name.
func (*Lookup) Query(name string, tx *sql.Tx) (*sql.Rows, error) {
	return tx.Query("SELECT id FROM names WHERE name = $1", name)
}

// Run runs a text.
func (*Lookup) Run(text string, tx *sql.Tx) (*sql.Rows, error) { return tx.Query(text) }
