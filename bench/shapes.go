package main

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"

	"github.com/sigrahq/sigra/runtime/query"
)

type project struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
	Name           string    `db:"name"`
}

var (
	_ = query.Declare[project]("projects")
	_ = query.Owned("tasks", "comments")
)

// shape is a statement that can be built with the predicates and without. A
// label makes its text a new one; id is the row that it is about, if it is about
// one.
type shape struct {
	name  string
	build func(label string, id uuid.UUID, org *uuid.UUID) sqlbuilder.Builder

	run     func(e ends) (hand, scoped call)
	inserts bool // each call needs an id of its own
}

// named and titled are the rows of the queries.
type named struct {
	ID   uuid.UUID `db:"id"`
	Name string    `db:"name"`
}

type titled struct {
	ID    uuid.UUID `db:"id"`
	Name  string    `db:"name"`
	Title string    `db:"title"`
}

var id = uuid.MustParse("6e0d4c7a-5a3c-4a44-9a5e-3a1f4b0c9d11")

var shapes = []shape{
	{"get", func(label string, id uuid.UUID, org *uuid.UUID) sqlbuilder.Builder {
		sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
		sb.Select("id", "name"+label).From("projects").Where(sb.EQ("id", id))
		if org != nil {
			sb.Where(sb.EQ("projects.organization_id", *org))
		}
		return sb
	}, reading[named], false},
	{"list", func(label string, id uuid.UUID, org *uuid.UUID) sqlbuilder.Builder {
		sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
		sb.Select("id", "name"+label).From("projects").Where(sb.EQ("archived", false), sb.GT("priority", 3))
		if org != nil {
			sb.Where(sb.EQ("projects.organization_id", *org))
		}
		return sb.OrderByAsc("name").Limit(20).Offset(40)
	}, reading[named], false},
	{"join+exists", func(label string, id uuid.UUID, org *uuid.UUID) sqlbuilder.Builder {
		sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
		sub := sqlbuilder.PostgreSQL.NewSelectBuilder()
		sub.Select("1").From("comments c").Where("c.task_id = t.id", sub.Like("c.body", "%late%"))
		if org != nil {
			sub.Where(sub.EQ("c.organization_id", *org))
		}
		sb.Select("p.id", "p.name"+label, "t.title").From("projects p").Join("tasks t", "t.project_id = p.id")
		sb.Where(sb.EQ("p.archived", false), sb.Exists(sub))
		if org != nil {
			sb.Where(sb.EQ("p.organization_id", *org), sb.EQ("t.organization_id", *org))
		}
		return sb.OrderByAsc("p.name").Limit(20)
	}, reading[titled], false},
	{"update", func(label string, id uuid.UUID, org *uuid.UUID) sqlbuilder.Builder {
		ub := sqlbuilder.PostgreSQL.NewUpdateBuilder()
		ub.Update("projects"+label).Set(ub.Assign("name", "Apollo"), ub.Assign("archived", true)).Where(ub.EQ("id", id))
		if org != nil {
			ub.Where(ub.EQ("projects.organization_id", *org))
		}
		return ub
	}, writing, false},
	{"insert", func(label string, id uuid.UUID, org *uuid.UUID) sqlbuilder.Builder {
		ib := sqlbuilder.PostgreSQL.NewInsertBuilder()
		ib.InsertInto("projects" + label)
		if org != nil {
			return ib.Cols("id", "slug", "name", "organization_id").Values(id, "apollo", "Apollo", *org)
		}
		return ib.Cols("id", "slug", "name").Values(id, "apollo", "Apollo")
	}, writing, true},
}

// label makes a text that was not seen before: a comment, as a request id in a
// statement would be.
func label(n int) string { return fmt.Sprintf(" /* %d */", n) }
