// Package store is the careful half of the application's repositories.
package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/dbx"
	"corpus.test/fieldwork/model"
	"corpus.test/fieldwork/person"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Technicians belong to organizations; their row type does not know.
var Technicians = query.Declare[person.Technician]("technicians") // ok

// Sites reads and writes sites.
type Sites struct {
	db *pgxpool.Pool
}

// NewSites returns the repository.
func NewSites(db *pgxpool.Pool) *Sites { return &Sites{db: db} }

func (s *Sites) List(ctx context.Context, sc *scope.Scope) ([]model.Site, error) {
	sb := model.Sites.SelectFrom()
	sb.OrderBy("name")
	return query.All[model.Site](ctx, s.db, query.ForOrg(sb, sc)) // ok
}

func (s *Sites) Get(ctx context.Context, sc *scope.Scope, id uuid.UUID) (model.Site, error) {
	sb := model.Sites.SelectFrom()
	sb.Where(sb.Equal("id", id))
	site, err := query.One[model.Site](ctx, s.db, query.ForOrg(sb, sc)) // ok
	if errors.Is(err, query.ErrNotFound) {
		return site, fmt.Errorf("site %s: %w", id, err)
	}
	return site, err
}

func (s *Sites) Create(ctx context.Context, sc *scope.Scope, site model.Site) error {
	site.ID = uuid.New()
	_, err := query.Exec(ctx, s.db, query.ForOrg(model.Sites.InsertInto(site), sc)) // ok
	return err
}

func (s *Sites) Rename(ctx context.Context, sc *scope.Scope, id uuid.UUID, name string) error {
	ub := sqlbuilder.PostgreSQL.NewUpdateBuilder()
	ub.Update("sites").Set(ub.Assign("name", name)).Where(ub.Equal("id", id))
	tag, err := query.Exec(ctx, s.db, query.ForOrg(ub, sc)) // ok
	if err == nil && tag.RowsAffected() == 0 {
		return query.ErrNotFound
	}
	return err
}

func (s *Sites) Save(ctx context.Context, sc *scope.Scope, site model.Site) error {
	ub := model.Sites.Update(site)
	ub.Where(ub.Equal("id", site.ID))
	_, err := query.Exec(ctx, s.db, query.ForOrg(ub, sc)) // ok
	return err
}

func (s *Sites) Delete(ctx context.Context, sc *scope.Scope, id uuid.UUID) error {
	del := model.Sites.DeleteFrom()
	del.Where(del.Equal("id", id))
	_, err := query.Exec(ctx, s.db, query.ForOrg(del, sc)) // ok
	return err
}

// Search narrows the list by whatever is set.
func (s *Sites) Search(ctx context.Context, sc *scope.Scope, name, country string) ([]model.Site, error) {
	sb := model.Sites.SelectFrom()
	if name != "" {
		sb.Where(sb.Like("name", "%"+name+"%"))
	}
	if country != "" {
		sb.Where(sb.Equal("country", country))
	}
	sb.OrderBy("name").Limit(50)
	return query.All[model.Site](ctx, s.db, query.ForOrg(sb, sc)) // ok
}

// Upsert relies on ForOrg to guard the conflicting row.
func (s *Sites) Upsert(ctx context.Context, sc *scope.Scope, site model.Site) error {
	st := query.Text(`INSERT INTO sites (id, slug, name) VALUES ($1, $2, $3)
		ON CONFLICT (slug) DO UPDATE SET name = EXCLUDED.name`, site.ID, site.Slug, site.Name)
	_, err := query.Exec(ctx, s.db, query.ForOrg(st, sc)) // ok
	return err
}

// RawRows renders first and runs later.
func (s *Sites) RawRows(ctx context.Context, sc *scope.Scope) (pgx.Rows, error) {
	sb := model.Sites.SelectFrom()
	text, args, err := query.ForOrg(sb, sc).SQL()
	if err != nil {
		return nil, err
	}
	return s.db.Query(ctx, text, args...) // ok
}

// Rewriter lets pgx render.
func (s *Sites) Rewriter(ctx context.Context, sc *scope.Scope) (pgx.Rows, error) {
	return s.db.Query(ctx, "", query.ForOrg(model.Sites.SelectFrom(), sc)) // ok
}

// scoped is a helper that every method could use.
func (s *Sites) scoped(sc *scope.Scope, cond string) *query.Scoped {
	sb := model.Sites.SelectFrom()
	if cond != "" {
		sb.Where(cond)
	}
	return query.ForOrg(sb, sc)
}

func (s *Sites) Nameless(ctx context.Context, sc *scope.Scope) ([]model.Site, error) {
	return query.All[model.Site](ctx, s.db, s.scoped(sc, "name = ''")) // ok
}

func (s *Sites) Everything(ctx context.Context, sc *scope.Scope) (pgx.Rows, error) {
	st := s.scoped(sc, "")
	return s.db.Query(ctx, "", st) // ok
}

// Countries are shared.
func (s *Sites) Countries(ctx context.Context) ([]string, error) {
	rows, err := s.db.Query(ctx, "SELECT code FROM countries ORDER BY code") // ok
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func (s *Sites) CountryCount(ctx context.Context, db dbx.DBTX) (int64, error) {
	return dbx.Count(ctx, db, dbx.CountCountriesSQL) // ok
}

// UserName reads a shared table with a builder.
func (s *Sites) UserName(ctx context.Context, id uuid.UUID) (name string, err error) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("name").From("users").Where(sb.Equal("id", id))
	text, args := sb.Build()
	err = s.db.QueryRow(ctx, text, args...).Scan(&name) // ok
	return name, err
}

// Prepare makes room for the nightly import.
func (s *Sites) Prepare(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "CREATE INDEX IF NOT EXISTS sites_name ON sites (name)") // ok
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, "VACUUM ANALYZE sites") // ok
	return err
}

// Listen waits for changes.
func (s *Sites) Listen(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "LISTEN sites") // ok
	return err
}

// Timeout bounds what follows in the transaction.
func (s *Sites) Timeout(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "SET LOCAL statement_timeout = '5s'") // ok
	return err
}
