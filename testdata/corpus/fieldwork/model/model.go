// Package model declares the org-owned tables of the application.
package model

import (
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
)

// Owner is embedded by every org-owned row.
type Owner struct { // ok
	OrganizationID uuid.UUID `db:"organization_id" json:"organization_id"`
}

type Site struct { // ok
	ID uuid.UUID `db:"id" json:"id"`
	Owner
	Name    string `db:"name" json:"name"`
	Slug    string `db:"slug" json:"slug"`
	Country string `db:"country" json:"country"`
}

type Job struct { // ok
	ID             uuid.UUID `db:"id" json:"id"`
	OrganizationID uuid.UUID `db:"organization_id" json:"organization_id"`
	SiteID         uuid.UUID `db:"site_id" json:"site_id"`
	Title          string    `db:"title" json:"title"`
	Done           bool      `db:"done" json:"done"`
	DueAt          time.Time `db:"due_at" json:"due_at"`
}

type Visit struct { // ok
	ID           uuid.UUID `db:"id"`
	Organization uuid.UUID `db:"org"`
	JobID        uuid.UUID `db:"job_id"`
	Minutes      int       `db:"minutes"`
}

var (
	Sites  = query.Declare[Site]("sites")                        // ok
	Jobs   = query.Declare[Job]("jobs")                          // ok
	Visits = query.Declare[Visit]("visits", query.Column("org")) // ok

	_ = query.Owned("job_search", "billing.totals") // ok
	_ = query.Shared("users", "countries", "sessions_seen")
)

// JobRow shows a job beside its site. It embeds a declared model.
type JobRow struct { // open
	Job
	SiteName string `db:"site_name"`
}
