// Package person holds a row that another package declares.
package person

import "github.com/google/uuid"

// Technician has never heard of the runtime; package store declares its table.
type Technician struct { // ok
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Name           string    `db:"name"`
}
