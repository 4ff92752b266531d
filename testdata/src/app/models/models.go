// Package models has the rows of an application.
package models

type Invoice struct {
	ID             string `db:"id"`
	OrganizationID string `db:"organization_id"`
}
