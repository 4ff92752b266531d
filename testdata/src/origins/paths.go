package origins

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"origins/base"
	"origins/models"
	"origins/sqlbuild"
)

// Dynamic types.

type person struct{}

func (person) TableName() string { return "people" }

func (person) Table() string { return "people" }

type task struct{}

func (*task) Table() string { return "tasks" }

type tabler interface{ Table() string }

func columns(t tabler) string { return "SELECT id FROM " + t.Table() }

func dynamic(ctx context.Context, db *pgxpool.Pool) {
	base.Find[models.Entry](ctx, db, 1) // want `"ledger" is not restricted`
	base.Find[person](ctx, db, 1)
	(&base.Repo[models.Entry]{DB: db}).All(ctx) // want `"ledger" is not restricted`
	(&base.Repo[person]{DB: db}).All(ctx)
	base.Delete(ctx, db, models.Entry{}, 1) // want `delete from org-owned table "ledger" is not restricted`
	base.Delete(ctx, db, person{}, 1)
	db.Query(ctx, columns(&task{})) // want `"tasks" is not restricted`
	db.Query(ctx, columns(&task{})+" WHERE organization_id = $1")
	db.Query(ctx, columns(person{}))
}

// A builder of another package.

func otherBuilder(ctx context.Context, db *pgxpool.Pool, all bool, org uuid.UUID) {
	q := sqlbuild.New("SELECT id FROM tasks WHERE")
	q.B("organization_id = ?", org)
	if !all {
		q.B("AND state = ?", "open")
	}
	db.Query(ctx, q.String(), q.Args...)

	bad := sqlbuild.New("SELECT id FROM tasks")
	if !all {
		bad.B("WHERE organization_id = ?", org)
	}
	db.Query(ctx, bad.String(), bad.Args...) // want `"tasks" is not restricted`
}

// Branches that depend on one another.

type conditions struct {
	clauses []string
	args    []any
}

func (w *conditions) add(clause string, arg any) {
	w.clauses = append(w.clauses, clause)
	w.args = append(w.args, arg)
}

func (w *conditions) build() (string, []any) {
	if len(w.clauses) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(w.clauses, " AND "), w.args
}

func correlated(ctx context.Context, db *pgxpool.Pool, title string, ids []string, org uuid.UUID) error {
	w := &conditions{}
	w.add("organization_id = $1", org)
	if title != "" {
		w.add("title = $2", title)
	}
	cond, args := w.build()
	db.Query(ctx, "SELECT id FROM tasks"+cond, args...)

	v := &conditions{}
	if title != "" {
		v.add("organization_id = $1", org)
	}
	cond, args = v.build()
	db.Query(ctx, "SELECT id FROM tasks"+cond, args...) // want `"tasks" is not restricted`

	list(ctx, db, "organization_id = $1", org)
	list(ctx, db, "") // want `"tasks" is not restricted`

	q, err := checked(title, org)
	if err != nil {
		return err
	}
	db.Query(ctx, "SELECT id FROM tasks"+q, org)

	var filters []string
	if title != "" {
		filters = append(filters, "title = $2")
	}
	rest := ""
	if len(filters) > 0 {
		rest = " AND " + strings.Join(filters, " AND ")
	}
	db.Query(ctx, fmt.Sprintf("SELECT id FROM tasks WHERE organization_id = $1%s ORDER BY id", rest), org)

	const cols = 3
	marks := make([]string, cols)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	db.Exec(ctx, "INSERT INTO tasks (id, title, organization_id) VALUES ("+strings.Join(marks, ", ")+")")

	var b strings.Builder
	b.WriteString("INSERT INTO tasks (id, organization_id) VALUES ")
	for i := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($%d, $%d)", 2*i+1, 2*i+2)
	}
	db.Exec(ctx, b.String())
	return nil
}

func list(ctx context.Context, db *pgxpool.Pool, cond string, args ...any) {
	q := "SELECT id FROM tasks"
	if cond != "" {
		q += " WHERE " + cond
	}
	db.Query(ctx, q, args...)
}

func checked(title string, org uuid.UUID) (string, error) {
	if len(title) > 100 {
		return "", errors.New("too long")
	}
	return " WHERE organization_id = $1", nil
}
