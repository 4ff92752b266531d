// Package sharing renders builders that others may render at the same time.
package sharing

import (
	"context"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5/pgxpool"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

var base = board.Tasks.SelectFrom()

var statements = map[string]*sqlbuilder.SelectBuilder{"all": board.Tasks.SelectFrom()}

var kept struct{ list *sqlbuilder.SelectBuilder }

func packageVariable(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, id uuid.UUID) {
	query.ForOrg(base, sc)                             // want `builder kept in package variable base is rendered by ForOrg, which writes to it, while others may do the same; call Clone first, or make a builder for each statement`
	query.ForOrg(base.Where(base.Equal("id", id)), sc) // want `package variable base`
	query.Unscoped(base, "sweep")                      // want `package variable base is rendered by Unscoped`
	query.ForOrg(statements["all"], sc)                // want `package variable statements`
	query.ForOrg(kept.list, sc)                        // want `package variable kept`
	base.Build()                                       // want `package variable base is rendered by Build`
	alias := base
	query.ForOrg(alias, sc) // want `package variable base`
	render(alias, sc)       // want `package variable base`
	query.ForOrg(base.Clone(), sc)
	sb := base.Clone()
	sb.Where(sb.Equal("id", id))
	query.ForOrg(sb, sc)
	query.ForOrg(fresh(), sc)
	render(fresh(), sc)
}

func render(b *sqlbuilder.SelectBuilder, sc *scope.Scope) { query.ForOrg(b, sc) }

func fresh() *sqlbuilder.SelectBuilder { return board.Tasks.SelectFrom() }

type group struct{}

func (group) Go(f func() error) {}

func goroutines(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, ids []uuid.UUID) {
	sb := board.Tasks.SelectFrom()
	for _, id := range ids {
		go func() {
			query.All[board.Task](ctx, db, query.ForOrg(sb.Where(sb.Equal("id", id)), sc)) // want `builder that a goroutine captured is rendered by ForOrg`
		}()
	}
	var g group
	g.Go(func() error {
		query.ForOrg(sb, sc) // want `builder that a goroutine captured`
		return nil
	})
	for _, id := range ids {
		own := board.Tasks.SelectFrom()
		own.Where(own.Equal("id", id))
		go func() { query.ForOrg(own, sc) }()
		go func() {
			c := sb.Clone()
			query.ForOrg(c, sc)
		}()
		go func() {
			inside := board.Tasks.SelectFrom()
			query.ForOrg(inside, sc)
		}()
	}
	func() { query.ForOrg(sb, sc) }()
	st := query.ForOrg(sb, sc)
	go func() { query.All[board.Task](ctx, db, st) }()
}
