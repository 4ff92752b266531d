// Package unscoped uses the runtime, so hand-written SQL and builders have to
// pass through ForOrg.
package unscoped

import (
	"context"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

func text(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	// The right condition does not help: nobody checks that it stays.
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1", org)                    // want `query on org-owned table "tasks" is not scoped; run it as query.ForOrg\(query.Text\(sql, args...\), sc\)`
	db.Query(ctx, "SELECT 1 FROM labels l JOIN users u ON true JOIN task_labels tl ON true") // want `query on org-owned table "labels" \(with "task_labels"\) is not scoped`
	db.Exec(ctx, "DELETE FROM billing.invoices")                                             // want `delete from org-owned table "invoices" is not scoped`
	db.Query(ctx, "SELECT id FROM invoices")
	db.Query(ctx, "SELECT id FROM users JOIN plans ON true")
	db.Query(ctx, "SELECT id FROM users WHERE EXISTS (SELECT 1 FROM Tasks)") // want `"tasks" is not scoped`
	db.Exec(ctx, "LISTEN tasks")
	db.Exec(ctx, "TRUNCATE users")
}

func scoped(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, org uuid.UUID) error {
	query.All[board.Task](ctx, db, query.ForOrg(board.Tasks.SelectFrom(), sc))
	query.Exec(ctx, db, query.ForOrg(query.Text("DELETE FROM tasks WHERE id = $1", 1), org))
	db.Query(ctx, "", query.ForOrg(board.Tasks.SelectFrom(), sc))
	db.Query(ctx, "", pgx.QueryExecModeExec, query.ForOrg(board.Tasks.SelectFrom(), sc))
	st := query.ForOrg(board.Tasks.SelectFrom(), sc)
	sql, args, err := st.SQL()
	if err != nil {
		return err
	}
	db.Query(ctx, sql, args...)
	sql, args = st.Build()
	db.Exec(ctx, sql, args...)
	var b pgx.Batch
	b.Queue("", st)
	sql, args = render(st)
	db.Exec(ctx, sql, args...)
	run(ctx, db, "", st)
	return nil
}

func render(b sqlbuilder.Builder) (string, []any) { return b.Build() }

func run(ctx context.Context, db *pgxpool.Pool, sql string, args ...any) { db.Exec(ctx, sql, args...) }

func helper(table string) *sqlbuilder.SelectBuilder {
	return sqlbuilder.PostgreSQL.NewSelectBuilder().Select("id").From(table)
}

func onlyOpen(sb *sqlbuilder.SelectBuilder) { sb.Where("state = 'open'") }

func joinLabels(sb *sqlbuilder.SelectBuilder) { sb.Join("labels l", "l.id = t.label_id") }

type repo struct {
	db   *pgxpool.Pool
	base *sqlbuilder.SelectBuilder
}

func newRepo(db *pgxpool.Pool) *repo { return &repo{db, helper("labels")} }

func builders(ctx context.Context, db *pgxpool.Pool, r *repo, some bool) {
	sb := sqlbuilder.Select("id").From("tasks")
	sql, args := sb.Build()
	db.Query(ctx, sql, args...) // want `query on org-owned table "tasks" is not scoped; wrap the builder in query.ForOrg\(b, sc\)`

	sb = helper("tasks t")
	onlyOpen(sb)
	joinLabels(sb)
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `query on org-owned table "tasks" \(with "labels"\) is not scoped`

	sql, args = helper("users").Build()
	db.Query(ctx, sql, args...)
	sql, args = render(helper("labels"))
	db.Query(ctx, sql, args...)              // want `"labels" is not scoped`
	db.Query(ctx, helper("labels").String()) // want `"labels" is not scoped`

	sb = helper("users")
	if some {
		sb.From("tasks")
	}
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped`

	sb = helper("users")
	sb.Where(sb.In("id", helper("tasks")))
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped`

	sb = helper("users")
	sb.Where(sb.Exists(query.ForOrg(helper("tasks"), uuid.New())))
	sql, args = sb.Build()
	db.Query(ctx, sql, args...)

	outer := sqlbuilder.NewSelectBuilder()
	outer.Select("id").From(outer.BuilderAs(helper("tasks"), "x"))
	sql, args = outer.Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped`

	sql, args = sqlbuilder.Union(helper("users"), helper("labels")).Build()
	db.Query(ctx, sql, args...) // want `"labels" is not scoped`

	cte := sqlbuilder.With(sqlbuilder.CTEQuery("t").As(helper("tasks")))
	sql, args = cte.Select("id").From("t").Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped`

	sql, args = board.Tasks.SelectFrom().Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped`
	sql, args = board.Labels.DeleteFrom().Build()
	db.Exec(ctx, sql, args...) // want `delete from org-owned table "labels" is not scoped`
	sql, args = board.Tasks.Update(board.Task{}).Build()
	db.Exec(ctx, sql, args...) // want `update of org-owned table "tasks" is not scoped`
	sql, args = board.Tasks.InsertInto(board.Task{}).Build()
	db.Exec(ctx, sql, args...) // want `"tasks" is not scoped`

	sql, args = sqlbuilder.NewStruct(new(board.Task)).For(sqlbuilder.PostgreSQL).SelectFrom("tasks").Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped`

	sql, args = sqlbuilder.InsertInto("tasks").Cols("id").Values(1).Build()
	db.Exec(ctx, sql, args...) // want `insert into org-owned table "tasks" is not scoped`

	ib := sqlbuilder.InsertInto("users")
	ib.Cols("id").Select("id").From("tasks")
	sql, args = ib.Build()
	db.Exec(ctx, sql, args...) // want `"tasks" is not scoped`

	sql, args = sqlbuilder.Build("SELECT id FROM tasks WHERE id = $?", 1).Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped`
	sql, args = query.Text("SELECT id FROM tasks").Build()
	db.Query(ctx, sql, args...) // want `"tasks" is not scoped`

	sql, args = r.base.Clone().Limit(1).Build()
	db.Query(ctx, sql, args...) // want `"labels" is not scoped`

	func() {
		sql, args := sb.Clone().From("tasks").Build()
		db.Query(ctx, sql, args...) // want `"tasks" is not scoped`
	}()
}

func branch(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, admin bool) error {
	sb := helper("tasks")
	sql, args := sb.Build()
	if !admin {
		var err error
		if sql, args, err = query.ForOrg(sb, sc).SQL(); err != nil {
			return err
		}
	}
	_, err := db.Query(ctx, sql, args...) // want `"tasks" is not scoped`
	return err
}

// table is a generic helper: what it does depends on who calls it.
func count[M any](ctx context.Context, db *pgxpool.Pool, t query.Table[M]) {
	sql, args := t.SelectFrom().Build()
	db.Query(ctx, sql, args...)
	db.Query(ctx, "SELECT count(*) FROM "+t.Name())
}

func counts(ctx context.Context, db *pgxpool.Pool) {
	count(ctx, db, board.Tasks) // want `"tasks" is not scoped; wrap` `"tasks" is not scoped; run`
}

func copies(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, src pgx.CopyFromSource) {
	db.CopyFrom(ctx, pgx.Identifier{"tasks"}, []string{"organization_id", "title"}, src) // want `copy into org-owned table "tasks" is not scoped; use query.CopyForOrg`
	db.CopyFrom(ctx, pgx.Identifier{"public", "tasks"}, []string{"title"}, src)          // want `copy into org-owned table "tasks" is not scoped`
	db.CopyFrom(ctx, pgx.Identifier{"users"}, []string{"name"}, src)
	query.CopyForOrg(ctx, db, sc, "tasks", []string{"title"}, src)
}
