// Package fixes has findings with one thing to be done about each.
package fixes

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type Invoice struct { // want `struct Invoice has column organization_id and no declaration`
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

var tasks = sqlbuilder.NewStruct(new(board.Task))

func oneScope(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, id uuid.UUID) error {
	if _, err := db.Exec(ctx, "DELETE FROM tasks WHERE id = $1", id); err != nil { // want `"tasks" is not scoped`
		return err
	}
	args := []any{id}
	rows, err := db.Query(ctx, "SELECT id FROM tasks WHERE id = $1", args...) // want `"tasks" is not scoped`
	_ = rows
	var b pgx.Batch
	b.Queue("DELETE FROM tasks") // want `"tasks" is not scoped`

	sb := board.Tasks.SelectFrom()
	sb.Where(sb.Equal("id", id))
	text, values := sb.Build()
	_, err = db.Query(ctx, text, values...) // want `"tasks" is not scoped; wrap the builder`
	return err
}

func noScope(ctx context.Context, db *pgxpool.Pool) {
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`
}

func twoScopes(ctx context.Context, db *pgxpool.Pool, from, to *scope.Scope) {
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`
}

func scopeOfLater(ctx context.Context, db *pgxpool.Pool) {
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`
	sc, _ := scope.FromContext(ctx)
	_ = sc
}

func wholeRow(r *http.Request, db *pgxpool.Pool, sc *scope.Scope) {
	var t board.Task
	json.NewDecoder(r.Body).Decode(&t)
	query.Exec(r.Context(), db, query.ForOrg(tasks.Update("tasks", &t), sc)) // want `writes a whole row`
	local := sqlbuilder.NewStruct(new(board.Task))
	query.Exec(r.Context(), db, query.ForOrg(local.Update("tasks", t), sc)) // want `writes a whole row`
	p := &t
	query.Exec(r.Context(), db, query.ForOrg(tasks.Update("tasks", p), sc)) // want `writes a whole row`
}
