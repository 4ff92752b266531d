// Package models has structs of an application that never heard of sigra.
package models

import "github.com/google/uuid"

type Base struct {
	OrganizationID uuid.UUID `db:"organization_id"`
}

type Task struct {
	Base
	ID    uuid.UUID `db:"id"`
	Title string    `db:"title"`
}

type Project struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

type Entry struct {
	OrganizationID uuid.UUID `db:"organization_id"`
	ID             uuid.UUID `db:"id"`
}

func (Entry) TableName() string { return "ledger" }

type User struct {
	ID uuid.UUID `db:"id"`
}
