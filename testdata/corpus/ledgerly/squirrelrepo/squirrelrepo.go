// Package squirrelrepo builds with squirrel.
package squirrelrepo

import (
	"context"
	"database/sql"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var psql = sq.StatementBuilder.PlaceholderFormat(sq.Dollar)

type Repo struct {
	db  *pgxpool.Pool
	std *sql.DB
}

func (r *Repo) List(ctx context.Context, org string) (pgx.Rows, error) {
	q, args, err := psql.Select("id", "name").From("customers").Where(sq.Eq{"organization_id": org}).OrderBy("name").ToSql()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, q, args...) // ok
}

func (r *Repo) Conditional(ctx context.Context, org, name string) (pgx.Rows, error) {
	b := psql.Select("id").From("customers").Where("organization_id = ?", org)
	if name != "" {
		b = b.Where(sq.Like{"name": name + "%"})
	}
	q, args, err := b.ToSql()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, q, args...) // ok
}

func (r *Repo) Update(ctx context.Context, org, id, name string) error {
	q, args, err := psql.Update("customers").Set("name", name).Where(sq.Eq{"id": id, "organization_id": org}).ToSql()
	if err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, q, args...) // ok
	return err
}

func (r *Repo) Insert(ctx context.Context, org, id, name string) error {
	q, args, err := psql.Insert("leads").Columns("id", "organization_id", "name").Values(id, org, name).ToSql()
	if err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, q, args...) // ok
	return err
}

func (r *Repo) Delete(ctx context.Context, org, id string) error {
	_, err := psql.Delete("leads").Where(sq.And{sq.Eq{"id": id}, sq.Eq{"organization_id": org}}).RunWith(r.std).ExecContext(ctx) // ok
	return err
}

func (r *Repo) Join(ctx context.Context, org string) (pgx.Rows, error) {
	q, args, err := psql.Select("i.number").From("invoices i").
		Join("customers c ON c.id = i.customer_id AND c.organization_id = i.organization_id").
		Where(sq.Eq{"i.organization_id": org}).ToSql()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, q, args...) // ok
}

func (r *Repo) Currencies(ctx context.Context) (pgx.Rows, error) {
	q, args, err := psql.Select("code").From("currencies").ToSql()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, q, args...) // ok
}

func (r *Repo) ByID(ctx context.Context, id string) (pgx.Rows, error) {
	q, args, err := psql.Select("*").From("customers").Where(sq.Eq{"id": id}).ToSql()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, q, args...) // want unscoped
}

func (r *Repo) Or(ctx context.Context, org string) (pgx.Rows, error) {
	q, args, err := psql.Select("id").From("customers").Where(sq.Or{sq.Eq{"organization_id": org}, sq.Eq{"archived": true}}).ToSql()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, q, args...) // want unscoped
}

func (r *Repo) Maybe(ctx context.Context, org string) (pgx.Rows, error) {
	b := psql.Select("id").From("customers")
	if org != "" {
		b = b.Where(sq.Eq{"organization_id": org})
	}
	q, args, err := b.ToSql()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, q, args...) // want unscoped
}

// The result of Where is dropped: squirrel's builders are values.
func (r *Repo) Dropped(ctx context.Context, org string) (pgx.Rows, error) {
	b := psql.Select("id").From("customers")
	b.Where(sq.Eq{"organization_id": org})
	q, args, err := b.ToSql()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, q, args...) // want unscoped
}

func (r *Repo) UpdateForgot(ctx context.Context, id, name string) error {
	_, err := psql.Update("customers").Set("name", name).Where(sq.Eq{"id": id}).RunWith(r.std).ExecContext(ctx) // want unscoped
	return err
}

func (r *Repo) InsertForgot(ctx context.Context, id, name string) error {
	q, args, err := psql.Insert("leads").Columns("id", "name").Values(id, name).ToSql()
	if err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, q, args...) // want insert
	return err
}

func (r *Repo) JoinForgot(ctx context.Context, org string) (pgx.Rows, error) {
	q, args, err := psql.Select("i.number").From("invoices i").Join("customers c ON c.id = i.customer_id").
		Where(sq.Eq{"i.organization_id": org}).ToSql()
	if err != nil {
		return nil, err
	}
	return r.db.Query(ctx, q, args...) // want unscoped
}

func (r *Repo) NotEq(ctx context.Context, org string) (pgx.Rows, error) {
	q, args := psql.Select("id").From("customers").Where(sq.NotEq{"organization_id": org}).MustSql()
	return r.db.Query(ctx, q, args...) // want unscoped
}

func (r *Repo) Move(ctx context.Context, org, id, to string) error {
	q, args := psql.Update("customers").Set("organization_id", to).Where(sq.Eq{"id": id, "organization_id": org}).MustSql()
	_, err := r.db.Exec(ctx, q, args...) // want moved
	return err
}
