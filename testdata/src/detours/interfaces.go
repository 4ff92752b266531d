package detours

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

type texter interface{ Text() string }

type finder interface {
	texter
	Table() string
}

type allTasks struct{}

func (allTasks) Text() string  { return all }
func (allTasks) Table() string { return "tasks" }

type ownTasks struct{}

func (ownTasks) Text() string  { return own }
func (ownTasks) Table() string { return "tasks" }

func embeddedLeak(ctx context.Context, db *pgxpool.Pool) {
	var f finder = allTasks{}
	db.Query(ctx, f.Text()) // want `"tasks" is not restricted`
	var t texter = f
	db.Query(ctx, t.Text())                                 // want `"tasks" is not restricted`
	db.Query(ctx, "SELECT id FROM "+f.Table())              // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprintf("%v", all))                   // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprint("SELECT id FROM ", f.Table())) // want `"tasks" is not restricted`
}

func embeddedOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	var f finder = ownTasks{}
	db.Query(ctx, f.Text(), org)
	var t texter = f
	db.Query(ctx, t.Text(), org)
	db.Query(ctx, "SELECT id FROM "+f.Table()+" WHERE organization_id = $1", org)
}

type holder struct{ finder }

func promotedLeak(ctx context.Context, db *pgxpool.Pool) {
	h := holder{allTasks{}}
	db.Query(ctx, h.Text()) // want `"tasks" is not restricted`
}

func promotedOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	h := holder{ownTasks{}}
	db.Query(ctx, h.Text(), org)
}

func listed(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	for _, f := range []finder{ownTasks{}, allTasks{}} {
		db.Query(ctx, f.Text(), org) // want `"tasks" is not restricted`
	}
	for _, f := range []finder{ownTasks{}} {
		db.Query(ctx, f.Text(), org)
	}
}

func mappedFinders(ctx context.Context, db *pgxpool.Pool, k string, org uuid.UUID) {
	m := map[string]finder{"own": ownTasks{}, "all": allTasks{}}
	db.Query(ctx, m[k].Text(), org) // want `"tasks" is not restricted`
	o := map[string]finder{"own": ownTasks{}}
	db.Query(ctx, o[k].Text(), org)
}

func run[F finder](ctx context.Context, db *pgxpool.Pool, args ...any) {
	var f F
	db.Query(ctx, f.Text(), args...)
}

func instances(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	run[allTasks](ctx, db) // want `"tasks" is not restricted`
	run[ownTasks](ctx, db, org)
}

func (k kind) String() string {
	switch k {
	case listAll:
		return "tasks"
	}
	return "users"
}

func stringers(ctx context.Context, db *pgxpool.Pool, k kind, org uuid.UUID) {
	db.Query(ctx, "SELECT id FROM "+k.String())           // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprintf("SELECT id FROM %s", k))    // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprintf("SELECT id FROM %v", k))    // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprintf("SELECT id FROM %[1]s", k)) // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprint("SELECT id FROM ", k))       // want `"tasks" is not restricted`
}

func numbered(ctx context.Context, db *pgxpool.Pool, k kind, org uuid.UUID) {
	db.Query(ctx, fmt.Sprintf("SELECT id FROM users LIMIT %d", k))
	db.Query(ctx, fmt.Sprintf("SELECT id FROM tasks WHERE organization_id = $1 LIMIT %d", k), org)
	db.Query(ctx, fmt.Sprintf("SELECT id FROM %s", listAll)) // want `"tasks" is not restricted`
}

type tableName string

func (t tableName) String() string { return `"` + string(t) + `"` }

type state uint8

func (s state) String() string { return [...]string{"open", "done"}[s] }

func labelled(ctx context.Context, db *pgxpool.Pool, s state, org uuid.UUID) {
	db.Query(ctx, fmt.Sprintf("SELECT id FROM %s", tableName("tasks"))) // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprintf("SELECT id FROM %s", tableName("users")))
	db.Query(ctx, fmt.Sprintf("SELECT id FROM tasks WHERE organization_id = $1 AND state = '%s'", s), org)
	db.Query(ctx, fmt.Sprintf("SELECT id FROM tasks WHERE state = '%v'", s)) // want `"tasks" is not restricted`
	db.Query(ctx, fmt.Sprintf("SELECT id FROM tasks WHERE organization_id = $1 AND user_id = '%s'", org), org)
	db.Query(ctx, fmt.Sprintf("SELECT id FROM tasks WHERE organization_id = $1 AND due < '%s'", time.Duration(3)), org)
}
