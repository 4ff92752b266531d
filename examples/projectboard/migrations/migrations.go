// Package migrations holds the board's schema as plain SQL and brings a database up to it. Users, sessions, organizations
// and memberships come first: their schema is package runtime/migrations of Sigra.
//
//	if err := migrations.Up(ctx, pool); err != nil {
//		return err
//	}
package migrations

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	accounts "github.com/sigrahq/sigra/runtime/migrations"
)

//go:embed *.sql
var files embed.FS

// Up applies the accounts and then, in the order of their names, the files that the database has not seen yet. All of it is one transaction:
// a file that fails leaves the schema as it was. Two processes that start together wait for each other.
func Up(ctx context.Context, db *pgxpool.Pool) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('projectboard migrations'))"); err != nil {
			return fmt.Errorf("migrations: lock: %w", err)
		}
		if _, err := tx.Exec(ctx, "CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY)"); err != nil {
			return fmt.Errorf("migrations: %w", err)
		}
		if err := apply(ctx, tx, "accounts", accounts.All().Up()); err != nil {
			return err
		}
		for _, name := range names {
			ddl, err := files.ReadFile(name)
			if err != nil {
				return fmt.Errorf("migrations: %w", err)
			}
			if err := apply(ctx, tx, name, string(ddl)); err != nil {
				return err
			}
		}
		return nil
	})
}

func apply(ctx context.Context, tx pgx.Tx, name, ddl string) error {
	claimed, err := tx.Exec(ctx, "INSERT INTO schema_migrations (name) VALUES ($1) ON CONFLICT DO NOTHING", name)
	if err == nil && claimed.RowsAffected() > 0 {
		//sigra:allow migration -- the text is one of the files, or Sigra's own
		_, err = tx.Exec(ctx, ddl)
	}
	if err != nil {
		return fmt.Errorf("migrations: %s: %w", name, err)
	}
	return nil
}
