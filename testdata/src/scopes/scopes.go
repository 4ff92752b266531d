// Package scopes brings scoped statements and builders to a database in the ways
// that Go has: what passed through ForOrg is fine however it travels, and what
// did not is found.
package scopes

import (
	"context"

	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type statement struct {
	sql  string
	args []any
}

func structFields(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	sql, args, _ := query.ForOrg(board.Tasks.SelectFrom(), sc).SQL()
	st := statement{sql, args}
	db.Query(ctx, st.sql, st.args...)
	sql, args = board.Tasks.SelectFrom().Build()
	bad := statement{sql, args}
	db.Query(ctx, bad.sql, bad.args...) // want `"tasks" is not scoped; wrap the builder`
}

func sliceOfScoped(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	sts := []*query.Scoped{query.ForOrg(board.Tasks.SelectFrom(), sc), query.ForOrg(board.Tasks.DeleteFrom(), sc)}
	for _, st := range sts {
		db.Query(ctx, "", st)
		var b pgx.Batch
		b.Queue("", st)
		query.Queue(&b, st)
	}
}

func builderInterface(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	for _, b := range []sqlbuilder.Builder{board.Tasks.SelectFrom(), query.ForOrg(board.Tasks.SelectFrom(), sc)} {
		sql, args := b.Build()
		db.Query(ctx, sql, args...) // want `"tasks" is not scoped; wrap the builder`
	}
	var b sqlbuilder.Builder = query.ForOrg(board.Tasks.SelectFrom(), sc)
	sql, args := b.Build()
	db.Query(ctx, sql, args...)
	sql, args = b.BuildWithFlavor(sqlbuilder.PostgreSQL)
	db.Query(ctx, sql, args...)
}

type repo struct{ db *pgxpool.Pool }

func (r repo) list(ctx context.Context, b sqlbuilder.Builder) {
	sql, args := b.Build()
	r.db.Query(ctx, sql, args...)
}

func (r repo) methodAndMethodValue(ctx context.Context, sc *scope.Scope) {
	r.list(ctx, query.ForOrg(board.Tasks.SelectFrom(), sc))
	r.list(ctx, board.Tasks.SelectFrom()) // want `"tasks" is not scoped; wrap the builder`
	f := r.list
	f(ctx, board.Tasks.SelectFrom()) // want `"tasks" is not scoped; wrap the builder`
}

func bypassed(ctx context.Context, db *pgxpool.Pool) {
	query.All[board.Task](ctx, db, query.Unscoped(board.Tasks.SelectFrom(), "sweep"))
}

func builderChangedAfterForOrg(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	sb := board.Tasks.SelectFrom()
	st := query.ForOrg(sb, sc)
	sb.Where("x = 1")
	db.Query(ctx, "", st)
}

func scopedInOneBranch(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, all bool) {
	var b sqlbuilder.Builder = board.Tasks.SelectFrom()
	if !all {
		b = query.ForOrg(b, sc)
	}
	sql, args := b.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped; wrap the builder`
}

func scopedText(sc *scope.Scope) (string, []any, error) {
	return query.ForOrg(board.Tasks.SelectFrom(), sc).SQL()
}

func returnedText(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) error {
	sql, args, err := scopedText(sc)
	if err != nil {
		return err
	}
	_, err = db.Query(ctx, sql, args...)
	return err
}

func generic[B sqlbuilder.Builder](ctx context.Context, db *pgxpool.Pool, b B) {
	sql, args := b.Build()
	db.Query(ctx, sql, args...)
}

func genericCallers(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) {
	generic(ctx, db, board.Tasks.SelectFrom()) // want `"tasks" is not scoped; wrap the builder`
	generic(ctx, db, query.ForOrg(board.Tasks.SelectFrom(), sc))
}

func textInBuilders(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, q string) {
	db.Query(ctx, "", query.ForOrg(query.Text(q), sc))
	sql, args := query.Text(q).Build()
	db.Query(ctx, sql, args...) // want `cannot be known here`
	sb := sqlbuilder.Select("id").From("users")
	sb.Where("id IN (SELECT user_id FROM tasks)")
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped; wrap the builder`
	sb = sqlbuilder.Select("(SELECT count(*) FROM tasks)").From("users")
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped; wrap the builder`
	sb = sqlbuilder.Select("id").From("users")
	sb.Where(q)
	sql, args = sb.Build()
	db.Query(ctx, sql, args...)
}
