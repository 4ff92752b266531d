// Package scoped hands scoped statements to another package's wrapper.
package scoped

import (
	"context"

	"github.com/huandu/go-sqlbuilder"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"

	"wrapped"
)

func statements(ctx context.Context, d *wrapped.DB, sc *scope.Scope) {
	b := sqlbuilder.DeleteFrom("tasks")
	d.Run(ctx, query.ForOrg(b, sc))
	d.Run(ctx, b) // want `is not scoped`
	st := query.ForOrg(query.Text("DELETE FROM tasks"), sc)
	d.Run(ctx, st)
	d.Run(ctx, query.Text("DELETE FROM tasks")) // want `is not scoped`
}
