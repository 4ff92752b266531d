// Package web hands request input to other packages.
package web

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"board"
	"foreign/input"
	"foreign/store"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

func list(r *http.Request, tasks *store.Tasks, sc *scope.Scope) {
	org, err := input.Org(r)
	if err != nil {
		return
	}
	tasks.List(r.Context(), org) // want `organization of query.ForOrg comes from request input \(Request.PathValue\)`
	f := input.ParseFilter(r)
	tasks.Find(r.Context(), store.Filter{Org: f.OrgID}) // want `organization of query.ForOrg comes from request input \(Request.FormValue\)`
	query.ForOrg(board.Tasks.SelectFrom(), f.OrgID)     // want `request input`
	own, _ := sc.OrganizationID()
	tasks.List(r.Context(), own)
	tasks.Find(r.Context(), store.Filter{Org: own})

	body, _ := input.Decode[board.Task](r)
	tasks.Create(r.Context(), sc, body) // want `inserted into "tasks" comes from request input`
	tasks.Create(r.Context(), sc, board.Task{ID: body.ID, Title: body.Title})
	var task board.Task
	json.NewDecoder(r.Body).Decode(&task)
	task.OrganizationID = own
	tasks.Create(r.Context(), sc, task)

	// What another package reads without a restriction, it answers for there.
	victim, _ := tasks.Get(r.Context(), uuid.MustParse(r.PathValue("id")))
	tasks.List(r.Context(), victim.OrganizationID)
}
