package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

// Store is all of the board's tables over one pool. Organizations, memberships, invitations and sessions are Sigra's.
type Store struct {
	*orgs.Store
	Accounts    *Accounts
	Projects    *Projects
	Tasks       *Tasks
	Comments    *Comments
	Labels      *Labels
	Attachments *Attachments
	Reports     *Reports
}

// New returns a store over db, which the caller keeps and closes. The options are those of Sigra's stores.
func New(db *pgxpool.Pool, opts ...orgs.Option) *Store {
	return &Store{
		Store:       orgs.New(db, append(opts, orgs.Before(unassign))...),
		Accounts:    &Accounts{db},
		Projects:    &Projects{db},
		Tasks:       &Tasks{db},
		Comments:    &Comments{db},
		Labels:      &Labels{db},
		Attachments: &Attachments{db},
		Reports:     &Reports{db},
	}
}

func selectFrom(table ...string) *sqlbuilder.SelectBuilder {
	return sqlbuilder.PostgreSQL.NewSelectBuilder().From(table...)
}

func insert[M any](ctx context.Context, db query.Execer, table query.Table[M], sc *scope.Scope, rows ...M) error {
	_, err := query.Exec(ctx, db, query.ForOrg(table.InsertInto(rows...), sc))
	return err
}

func byID[M any](ctx context.Context, db query.Querier, table query.Table[M], sc *scope.Scope, id uuid.UUID) (M, error) {
	sb := table.SelectFrom()
	sb.Where(sb.EQ("id", id))
	return query.One[M](ctx, db, query.ForOrg(sb, sc))
}

// change reads a row under a lock, lets edit work on it and writes it back.
func change[M any](ctx context.Context, db *pgxpool.Pool, table query.Table[M], sc *scope.Scope, id uuid.UUID, edit func(*M)) (M, error) {
	var row M
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		sb := table.SelectFrom()
		sb.Where(sb.EQ("id", id)).ForUpdate()
		var err error
		if row, err = query.One[M](ctx, tx, query.ForOrg(sb, sc)); err != nil {
			return err
		}
		edit(&row)
		ub := table.Update(row)
		ub.Where(ub.EQ("id", id))
		_, err = query.Exec(ctx, tx, query.ForOrg(ub, sc))
		return err
	})
	return row, err
}

func remove[M any](ctx context.Context, db query.Execer, table query.Table[M], sc *scope.Scope, id uuid.UUID) error {
	del := table.DeleteFrom()
	del.Where(del.EQ("id", id))
	return changed(ctx, db, query.ForOrg(del, sc))
}

// changed runs a statement that is about one row, and says query.ErrNotFound when there is no such row.
func changed(ctx context.Context, db query.Execer, st query.Statement) error {
	tag, err := query.Exec(ctx, db, st)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return query.ErrNotFound
	}
	return nil
}

// queue adds a statement to a batch. Its rows are in into when the batch is done.
func queue[T any](b *pgx.Batch, st query.Statement, into *[]T) error {
	queued, err := query.Queue(b, st)
	if err != nil {
		return err
	}
	queued.Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
	return nil
}
