// Package parcels keeps parcels, in a code base that calls its owners tenants.
package parcels

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Parcel struct {
	ID       int64  `db:"id"`
	TenantID int64  `db:"tenant_id"`
	Code     string `db:"code"`
}

type Store struct{ pool *pgxpool.Pool }

func (s *Store) List(ctx context.Context, tenant int64) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT id, code FROM parcels WHERE tenant_id = $1", tenant) // ok
}

func (s *Store) WithRoute(ctx context.Context, tenant int64) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT p.id, r.name FROM public.parcels p LEFT JOIN routes r ON r.id = p.route_id AND r.tenant_id = p.tenant_id WHERE p.tenant_id = $1", tenant) // ok
}

// Depots have another column, which is not this code base's.
func (s *Store) Depots(ctx context.Context) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT id, name FROM depots") // ok
}

func (s *Store) Tenants(ctx context.Context) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT id, name FROM tenants") // ok
}

func (s *Store) Upsert(ctx context.Context, tenant int64, code string) error {
	const q = `INSERT INTO parcels (id, tenant_id, code) VALUES (nextval('parcels_id_seq'), $1, $2)
		ON CONFLICT (tenant_id, code) DO UPDATE SET weight = 0`
	_, err := s.pool.Exec(ctx, q, tenant, code) // ok
	return err
}

func (s *Store) Scan(ctx context.Context, tenant, parcel int64) error {
	_, err := s.pool.Exec(ctx, "INSERT INTO scans (tenant_id, parcel_id) VALUES ($1, $2)", tenant, parcel) // ok
	return err
}

func (s *Store) Hubs(ctx context.Context, tenant int64) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT name FROM hubs WHERE tenant_id = $1", tenant) // ok
}

func (s *Store) Load(ctx context.Context, tenant int64, codes []string) (int64, error) {
	rows := make([][]any, 0, len(codes))
	for _, c := range codes {
		rows = append(rows, []any{tenant, c})
	}
	return s.pool.CopyFrom(ctx, pgx.Identifier{"parcels"}, []string{"tenant_id", "code"}, pgx.CopyFromRows(rows)) // ok
}

func (s *Store) ByCode(ctx context.Context, code string) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT id FROM parcels WHERE code = $1", code) // want unscoped
}

// The predicate names the column of another system.
func (s *Store) WrongColumn(ctx context.Context, org int64) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT p.id FROM parcels p JOIN depots d ON d.id = p.route_id WHERE d.organization_id = $1", org) // want unscoped
}

func (s *Store) RouteForgot(ctx context.Context, tenant int64) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT p.id, r.name FROM parcels p LEFT JOIN routes r ON r.id = p.route_id WHERE p.tenant_id = $1", tenant) // want unscoped
}

func (s *Store) ScanForgot(ctx context.Context, parcel int64) error {
	_, err := s.pool.Exec(ctx, "INSERT INTO scans (parcel_id) VALUES ($1)", parcel) // want insert
	return err
}

func (s *Store) Scans(ctx context.Context, parcel int64) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT at FROM scans WHERE parcel_id = $1", parcel) // want unscoped
}

// A partition holds the rows of its table.
func (s *Store) Partition(ctx context.Context) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT at FROM scans_0") // want unscoped
}

func (s *Store) HubsAll(ctx context.Context) (pgx.Rows, error) {
	return s.pool.Query(ctx, "SELECT name FROM hubs") // want unscoped
}

func (s *Store) UpsertByID(ctx context.Context, tenant, id int64, code string) error {
	const q = `INSERT INTO parcels (id, tenant_id, code) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code`
	_, err := s.pool.Exec(ctx, q, id, tenant, code) // want conflict-key
	return err
}

func (s *Store) Move(ctx context.Context, tenant, id, to int64) error {
	_, err := s.pool.Exec(ctx, "UPDATE parcels SET tenant_id = $3 WHERE id = $1 AND tenant_id = $2", id, tenant, to) // want moved
	return err
}

func (s *Store) LoadForgot(ctx context.Context, rows [][]any) (int64, error) {
	return s.pool.CopyFrom(ctx, pgx.Identifier{"routes"}, []string{"id", "name"}, pgx.CopyFromRows(rows)) // want insert
}

func (s *Store) Sort(ctx context.Context, tenant int64, col string) (pgx.Rows, error) {
	return s.pool.Query(ctx, fmt.Sprintf("SELECT id FROM parcels WHERE tenant_id = $1 ORDER BY %s", col), tenant) // want unproven
}

func (s *Store) SortEnum(ctx context.Context, tenant int64, byWeight bool) (pgx.Rows, error) {
	col := "id"
	if byWeight {
		col = "weight"
	}
	return s.pool.Query(ctx, fmt.Sprintf("SELECT id FROM parcels WHERE tenant_id = $1 ORDER BY %s", col), tenant) // ok
}
