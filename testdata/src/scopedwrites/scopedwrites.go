// Package scopedwrites writes through ForOrg what ForOrg will refuse, or what
// a client should not choose.
package scopedwrites

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

var tasks = sqlbuilder.NewStruct(new(board.Task)).For(sqlbuilder.PostgreSQL)

func moves(sc *scope.Scope, to uuid.UUID) {
	ub := sqlbuilder.Update("tasks")
	ub.Set(ub.Assign("organization_id", to))
	query.ForOrg(ub, sc) // want `update of org-owned table "tasks" sets organization_id, which can move rows to another organization; leave the column out`

	query.ForOrg(query.Text("UPDATE tasks SET organization_id = $1 WHERE id = $2", to, 1), sc) // want `sets organization_id`

	own, _ := sc.OrganizationID()
	ub = sqlbuilder.Update("tasks")
	ub.Set(ub.Assign("organization_id", own), ub.Assign("title", "x"))
	query.ForOrg(ub, sc)
	query.ForOrg(query.Text("UPDATE tasks SET organization_id = $1 WHERE id = $2", own, 1), sc)

	ub = sqlbuilder.Update("tasks")
	ub.Set(ub.Assign("title", to))
	query.ForOrg(ub, sc)
}

func wholeRows(r *http.Request, sc *scope.Scope, row board.Task) {
	var t board.Task
	json.NewDecoder(r.Body).Decode(&t)
	query.ForOrg(tasks.Update("tasks", &t), sc) // want `update of org-owned table "tasks" writes a whole row whose organization comes from request input \(Request.Body\), which can move rows to another organization; use Table.Update, or leave the column out`
	save(sc, t)                                 // want `writes a whole row`
	query.ForOrg(board.Tasks.Update(t), sc)
	query.ForOrg(tasks.WithoutTag("owner").Update("tasks", t), sc)
	query.ForOrg(tasks.Update("tasks", row), sc)
	loaded, _ := query.One[board.Task](r.Context(), nil, query.ForOrg(board.Tasks.SelectFrom(), sc))
	loaded.Title = t.Title
	query.ForOrg(tasks.Update("tasks", loaded), sc)
	save(sc, loaded)
}

func save(sc *scope.Scope, t board.Task) { query.ForOrg(tasks.Update("tasks", t), sc) }

func conflicts(sc *scope.Scope) {
	query.ForOrg(query.Text("INSERT INTO tasks (id, title) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET title = ''", 1, ""), sc)
}

func hiddenSQL(sc *scope.Scope, text string) {
	query.ForOrg(query.Text("SELECT query_to_xml('SELECT * FROM tasks', true, true, '') FROM tasks"), sc) // want `query_to_xml runs a query on org-owned table "tasks", which query.ForOrg cannot restrict there; write it as a query of its own`
	query.ForOrg(query.Text("SELECT table_to_xml('tasks', true, true, '') FROM labels"), sc)              // want `table_to_xml reads all of org-owned table "tasks"`
	query.ForOrg(query.Text("SELECT query_to_xml($1, true, true, '') FROM tasks", text), sc)              // want `query_to_xml runs SQL that cannot be known here and may touch an org-owned table`
	query.ForOrg(query.Text("SELECT query_to_xml('SELECT * FROM users', true, true, '') FROM tasks"), sc)
}
