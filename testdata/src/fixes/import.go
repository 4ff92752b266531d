package fixes

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/scope"
)

func importsNothing(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`
}

func nameIsTaken(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, query string) {
	db.Exec(ctx, "DELETE FROM tasks") // want `"tasks" is not scoped`
}
