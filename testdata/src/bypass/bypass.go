// Package bypass has reasons, and directives, good and bad.
package bypass

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

const why = "nightly sweep over all organizations"

func reasons(ctx context.Context, db *pgxpool.Pool, reason string) {
	query.Exec(ctx, db, query.Unscoped(board.Tasks.DeleteFrom(), why))
	query.Exec(ctx, db, query.Unscoped(board.Tasks.DeleteFrom(), "repair of "+why))
	query.Exec(ctx, db, query.Unscoped(board.Tasks.DeleteFrom(), reason)) // want `query.Unscoped without a constant reason`
	query.Exec(ctx, db, query.Unscoped(board.Tasks.DeleteFrom(), " "))    // want `query.Unscoped without a constant reason`
}

func directives(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	//sigra:allow system-sweep -- deletes what is older than a year, everywhere
	db.Exec(ctx, "DELETE FROM tasks")

	//sigra:allow system-sweep -- the call goes over several lines
	rows, err := db.Query(ctx,
		"SELECT id FROM tasks",
	)
	_, _ = rows, err

	if _, err := db.Exec(ctx, "DELETE FROM tasks"); err != nil { // want `"tasks" is not scoped`
		return
	}

	//sigra:allow sweep -- no such kind // want `allow directive of unknown kind "sweep"`
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`

	//sigra:allow admin // want `allow directive without a reason`
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`

	//sigra:allow admin -- // want `allow directive without a reason`
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`

	//sigra:allow admin because -- it is // want `allow directive with stray text "because"`
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`

	//sigra:allow -- it is // want `allow directive without a kind`
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`

	//sigra:deny admin -- it is // want `unknown directive sigra:deny`
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`

	//sigra:allow admin -- nothing to allow // want `allow directive is redundant: the statement is scoped already, or touches no org-owned table; remove it`
	db.Exec(ctx, "DELETE FROM users")

	//sigra:allow admin -- scoped as it is // want `allow directive is redundant`
	query.Exec(ctx, db, query.ForOrg(board.Tasks.DeleteFrom(), sc))

	//sigra:allow admin -- too far away // want `allow directive suppresses nothing`

	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`

	// sigra:allow admin -- prose, not a directive
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`
}

// whole is allowed as a whole.
//
//sigra:allow admin -- the page that shows every organization's numbers
func whole(ctx context.Context, db *pgxpool.Pool) {
	db.Exec(ctx, "DELETE FROM tasks")
	func() { db.Exec(ctx, "DELETE FROM labels") }()
}

// idle is not in need of being allowed.
//
//sigra:allow admin -- nothing happens here // want `allow directive suppresses nothing`
func idle() {}

// Where a helper's call is allowed, its callers are.
func helper(ctx context.Context, db *pgxpool.Pool, table string) {
	//sigra:allow admin -- for the console, whatever the table
	db.Exec(ctx, "DELETE FROM "+table)
}

func helped(ctx context.Context, db *pgxpool.Pool) { helper(ctx, db, "tasks") }

// Where a caller is allowed, the others are not.
func other(ctx context.Context, db *pgxpool.Pool, table string) { db.Exec(ctx, "DELETE FROM "+table) }

func others(ctx context.Context, db *pgxpool.Pool) {
	//sigra:allow admin -- for the console
	other(ctx, db, "tasks")
	other(ctx, db, "labels") // want `"labels" is not scoped`
}
