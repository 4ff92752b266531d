// Package app puts texts into objects of another package.
package app

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"fields"
)

func handlers(db *pgxpool.Pool) {
	fields.NewHandler(db).Serve()
	(&fields.Handler{DB: db, Text: "SELECT 1"}).Serve()
	(&fields.Handler{DB: db, Text: "DELETE FROM tasks"}).Serve() // want `"tasks" is not restricted`
	h := fields.NewHandler(db)
	h.Text = "DELETE FROM tasks"
	h.Serve() // want `"tasks" is not restricted`
}
