// Package sloppymodel declares its tables in a hurry.
package sloppymodel

import (
	"os"

	"github.com/google/uuid"

	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
)

type Quote struct { // want undeclared
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Total          int64     `db:"total"`
}

type Contract struct { // want undeclared
	model.Owner
	ID   uuid.UUID `db:"id"`
	Text string    `db:"text"`
}

type Asset struct { // want undeclared
	ID    uuid.UUID `db:"id"`
	OrgID uuid.UUID `json:"org" db:"organization_id,omitempty"`
	Label string    `db:"label"`
}

type tenant struct { // ok
	OrganizationID uuid.UUID `db:"organization_id"`
}

type permit struct { // want undeclared
	tenant
	Number string `db:"number"`
}

func (p permit) Valid() bool { return p.Number != "" && p.OrganizationID != uuid.Nil }

type Route struct { // ok
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

var Routes = query.Declare[Route]("routes") // ok

type Tool struct { // may undeclared
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

var tablePrefix = os.Getenv("TABLE_PREFIX")

var Tools = query.Declare[Tool](tablePrefix + "tools") // want undeclared

type Van struct { // may undeclared
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

func Vans() query.Table[Van] {
	return query.Declare[Van]("vans") // want undeclared
}

func init() {
	_ = query.Owned("van_positions") // want undeclared
}

func shareMore(names ...string) {
	_ = query.Shared(names...) // want undeclared
}

var _ = shareMore

const schema = "ops"

type Depot struct { // ok
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

// Constant concatenation is constant.
var Depots = query.Declare[Depot](schema + ".depots") // ok

type Lease struct { // may undeclared
	ID     uuid.UUID `db:"id"`
	Tenant uuid.UUID `db:"lessee"`
}

var leaseColumn = os.Getenv("LEASE_COLUMN")

var Leases = query.Declare[Lease]("leases", query.Column(leaseColumn)) // want undeclared

// OrgForm is decoded from a request and never read from a table.
type OrgForm struct { // ok
	OrganizationID uuid.UUID `json:"organization_id"`
	Name           string    `json:"name"`
}

// Usage is a row of a view for billing.
//
//sigra:allow shared-table -- a row of the view usage_by_organization
type Usage struct { // open
	OrganizationID uuid.UUID `db:"organization_id"`
	Bytes          int64     `db:"bytes"`
}
