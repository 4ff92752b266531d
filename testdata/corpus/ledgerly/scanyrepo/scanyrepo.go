// Package scanyrepo reads with scany.
package scanyrepo

import (
	"context"
	"database/sql"

	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/georgysavva/scany/v2/sqlscan"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Lead struct {
	ID             string
	OrganizationID string
	Name           string
}

type Repo struct {
	db  *pgxpool.Pool
	std *sql.DB
}

func (r *Repo) List(ctx context.Context, org string) (out []*Lead, err error) {
	err = pgxscan.Select(ctx, r.db, &out, "SELECT id, organization_id, name FROM leads WHERE organization_id = $1", org) // ok
	return out, err
}

func (r *Repo) Get(ctx context.Context, org, id string) (l Lead, err error) {
	err = pgxscan.Get(ctx, r.db, &l, `SELECT id, name FROM leads WHERE organization_id = $1 AND id = $2`, org, id) // ok
	return l, err
}

func (r *Repo) Std(ctx context.Context, org string) (out []*Lead, err error) {
	err = sqlscan.Select(ctx, r.std, &out, "SELECT id, name FROM leads WHERE organization_id = $1", org) // ok
	return out, err
}

func (r *Repo) Scanned(ctx context.Context, org string) (out []*Lead, err error) {
	rows, err := r.db.Query(ctx, "SELECT id, name FROM leads WHERE organization_id = $1", org) // ok
	if err != nil {
		return nil, err
	}
	err = pgxscan.ScanAll(&out, rows)
	return out, err
}

func (r *Repo) ListAll(ctx context.Context) (out []*Lead, err error) {
	err = pgxscan.Select(ctx, r.db, &out, "SELECT id, organization_id, name FROM leads") // want unscoped
	return out, err
}

func (r *Repo) ByID(ctx context.Context, id string) (l Lead, err error) {
	err = pgxscan.Get(ctx, r.db, &l, "SELECT id, name FROM leads WHERE id = $1", id) // want unscoped
	return l, err
}

func (r *Repo) StdByID(ctx context.Context, id string) (l Lead, err error) {
	err = sqlscan.Get(ctx, r.std, &l, "SELECT id, name FROM leads WHERE id = $1", id) // want unscoped
	return l, err
}

func (r *Repo) API(ctx context.Context, id string) (l Lead, err error) {
	err = pgxscan.DefaultAPI.Get(ctx, r.db, &l, "SELECT id, name FROM leads WHERE id = $1", id) // want unscoped
	return l, err
}
