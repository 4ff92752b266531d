// Package handlers chooses statements; its imports run them.
package handlers

import (
	"context"
	"database/sql"

	"app/store"
)

func leaks(ctx context.Context, s *store.Store, r store.Runner, db *sql.DB, id string) {
	s.Query(ctx, "SELECT id FROM invoices")               // want `query on org-owned table "invoices" is not restricted`
	s.Query(ctx, store.Everything)                        // want `"invoices" is not restricted`
	s.Query(ctx, store.Newest())                          // want `"invoices" is not restricted`
	r.Query(ctx, "DELETE FROM invoices WHERE id = $1", 1) // want `delete from org-owned table "invoices"`
	store.ByID(ctx, db, "invoices", id)                   // want `"invoices" is not restricted`
	store.Where(ctx, db, "invoices", "id = $1", id)       // want `"invoices" is not restricted`
	run := s.Query
	run(ctx, "SELECT id FROM invoices") // want `"invoices" is not restricted`
}

func bound(ctx context.Context, s *store.Store, r store.Runner, db *sql.DB, org string) {
	s.Query(ctx, "SELECT id FROM invoices WHERE organization_id = $1", org)
	s.Query(ctx, store.Everything+" WHERE organization_id = $1", org)
	r.Query(ctx, "DELETE FROM invoices WHERE organization_id = $1", org)
	store.ByID(ctx, db, "users", org)
	store.Where(ctx, db, "invoices", "organization_id = $1", org)
}

func unknown(ctx context.Context, s *store.Store, text string) {
	s.Query(ctx, text) // want `SQL of QueryContext cannot be known here`
}
