// Package board declares the tables of the tests.
package board

import (
	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Title          string    `db:"title"`
}

type Label struct {
	ID   uuid.UUID `db:"id"`
	Team uuid.UUID `db:"team_id"`
}

var (
	Tasks  = query.Declare[Task]("tasks")
	Labels = query.Declare[Label]("labels", query.Column("team_id"))
	_      = query.Owned("task_labels", "billing.invoices")
	_      = query.Shared("users", "plans")
)
