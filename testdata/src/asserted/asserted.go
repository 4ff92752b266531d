// Package asserted decides by the type of a value which text it runs.
package asserted

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

var ctx = context.Background()

type updatable interface{ Table() string }

type orgMember interface {
	updatable
	Organization() uuid.UUID
}

type user struct{}

func (user) Table() string { return "users" }

type task struct{}

func (task) Table() string           { return "tasks" }
func (task) Organization() uuid.UUID { return uuid.Nil }

// forgetful is a task that does not tell its organization.
type forgetful struct{}

func (*forgetful) Table() string { return "tasks" }

func assertion(db *pgxpool.Pool, item updatable) {
	q := "UPDATE " + item.Table() + " SET done = true WHERE id = $1"
	if _, ok := item.(orgMember); ok {
		q += " AND organization_id = $2"
	}
	db.Exec(ctx, q)
}

func typeSwitch(db *pgxpool.Pool, item updatable) {
	q := "UPDATE " + item.Table() + " SET done = true WHERE id = $1"
	switch item := item.(type) {
	case user:
	case orgMember:
		q += " AND organization_id = $2"
	default:
		q += " AND title <> '" + item.Table() + "'"
	}
	db.Exec(ctx, q)
}

func generic[T updatable](db *pgxpool.Pool, item T) {
	q := "UPDATE " + item.Table() + " SET done = true WHERE id = $1"
	_, ok := any(item).(orgMember)
	if !ok {
		db.Exec(ctx, q)
		return
	}
	db.Exec(ctx, q+" AND organization_id = $2")
}

func returned(item updatable) string {
	if m, ok := item.(orgMember); ok && m.Organization() != uuid.Nil {
		return " AND organization_id = $2"
	} else if ok {
		return " AND organization_id IS NULL AND organization_id = $2"
	}
	return ""
}

func byResult(db *pgxpool.Pool, item updatable) {
	db.Exec(ctx, "DELETE FROM "+item.Table()+" WHERE id = $1"+returned(item))
}

func known(db *pgxpool.Pool) {
	assertion(db, task{})
	assertion(db, user{})
	assertion(db, &forgetful{}) // want `"tasks" is not restricted`
	typeSwitch(db, task{})
	typeSwitch(db, user{})
	typeSwitch(db, &forgetful{}) // want `"tasks" is not restricted`
	generic(db, task{})
	generic(db, user{})
	generic(db, &forgetful{}) // want `"tasks" is not restricted`
	byResult(db, task{})
	byResult(db, user{})
	byResult(db, &forgetful{}) // want `"tasks" is not restricted`
}

func either(db *pgxpool.Pool, one bool) {
	var item updatable = task{}
	if one {
		item = &forgetful{}
	}
	assertion(db, item) // want `"tasks" is not restricted`
}

// Of a type that is not known each branch counts.
func unknown(db *pgxpool.Pool, item any) {
	q := "DELETE FROM tasks WHERE id = $1"
	if _, ok := item.(orgMember); ok {
		q += " AND organization_id = $2"
	}
	db.Exec(ctx, q) // want `"tasks" is not restricted`
}
