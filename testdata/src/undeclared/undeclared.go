// Package undeclared has structs with an ownership column, with and without a
// declaration.
package undeclared

import (
	"github.com/google/uuid"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
)

type Project struct { // want `struct Project has column organization_id and no declaration; add query.Declare\[Project\]\("projects"\) in a package variable`
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

// Tenancy is a mixin: it holds nothing but the column.
type Tenancy struct {
	OrganizationID uuid.UUID `db:"organization_id"`
}

type Category struct { // want `struct Category has column organization_id and no declaration; add query.Declare\[Category\]\("categories"\)`
	Tenancy
	ID uuid.UUID `db:"id"`
}

type Comment struct {
	*Tenancy
	ID uuid.UUID `db:"id"`
}

var Comments = query.Declare[Comment]("comments")

// Base is what the declared models have in common.
type Base struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

type Page struct {
	Base
	Title string `db:"title"`
}

var Pages = query.Declare[Page]("pages")

// PageWithAuthor and TaskWithLabels are views of declared models.
type PageWithAuthor struct {
	Page
	Author string `db:"author"`
}

type TaskWithLabels struct {
	board.Task
	Labels []string `db:"labels"`
}

// Summary has no ownership column.
type Summary struct {
	OrganizationID uuid.UUID `json:"organization_id"`
	Count          int       `db:"count"`
}

type Member struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

var name = "members"

var Members = query.Declare[Member](name) // want `query.Declare needs a constant table name`

type Guest struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

func declare() {
	_ = query.Declare[Guest]("guests") // want `query.Declare of table "guests" is not a package-level variable`
	_ = query.Owned("visits")          // want `query.Owned is not in a package-level variable`
}

var _ = query.Shared(name) // want `query.Shared needs constant table names`

var late = func() struct{} {
	return query.Owned("late") // want `query.Owned is not in a package-level variable`
}

//sigra:allow shared-table -- a row of a view over all organizations
type Usage struct {
	OrganizationID uuid.UUID `db:"organization_id"`
	Bytes          int64     `db:"bytes"`
}
