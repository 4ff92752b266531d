package web

import (
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/examples/leaky/store"
	"github.com/sigrahq/sigra/runtime/scope"
)

type server struct {
	store *store.Store
	log   *slog.Logger
}

// Handler serves the board.
func Handler(s *store.Store, log *slog.Logger) http.Handler {
	srv := &server{s, log}
	mux := http.NewServeMux()
	for pattern, handle := range srv.accountRoutes() {
		mux.Handle(pattern, handle)
	}
	for pattern, handle := range srv.routes() {
		mux.Handle(pattern, srv.inOrganization(handle))
	}
	return mux
}

// routes are the endpoints that act in an organization.
func (s *server) routes() map[string]scoped {
	return map[string]scoped{
		"GET /people": ok(s.people),

		"GET /members":             ok(s.listMembers),
		"PATCH /members/{id}":      ok(withID(s.changeRole)),
		"DELETE /members/{id}":     done(withID(s.removeMember)),
		"DELETE /membership":       done(s.leave),
		"GET /invitations":         ok(s.listInvitations),
		"POST /invitations":        created(s.invite),
		"DELETE /invitations/{id}": done(withID(s.revokeInvitation)),

		"GET /projects":              ok(s.listProjects),
		"POST /projects":             created(s.createProject),
		"GET /projects/{id}":         ok(withID(s.getProject)),
		"PATCH /projects/{id}":       ok(withID(s.changeProject)),
		"DELETE /projects/{id}":      done(withID(s.deleteProject)),
		"POST /projects/{id}/copies": created(withID(s.copyProject)),
		"GET /projects/{id}/people":  ok(withID(s.projectPeople)),
		"GET /project-keys/{key}":    ok(s.projectKey),
		"GET /overview":              ok(s.overview),

		"POST /projects/{id}/tasks":  created(withID(s.createTask)),
		"POST /projects/{id}/import": created(withID(s.importTasks)),
		"GET /tasks":                 ok(s.listTasks),
		"GET /tasks/search":          ok(s.searchTasks),
		"GET /tasks/mine":            ok(s.myTasks),
		"GET /tasks/due":             ok(s.dueTasks),
		"POST /tasks/close":          ok(s.closeTasks),
		"GET /tasks/{id}":            ok(withID(s.getTask)),
		"PATCH /tasks/{id}":          ok(withID(s.changeTask)),
		"DELETE /tasks/{id}":         done(withID(s.deleteTask)),
		"PUT /tasks/{id}/assignee":   done(withID(s.assignTask)),

		"GET /tasks/{id}/comments":     ok(withID(s.listComments)),
		"POST /tasks/{id}/comments":    created(withID(s.addComment)),
		"GET /comments/{id}":           ok(withID(s.getComment)),
		"DELETE /comments/{id}":        done(withID(s.deleteComment)),
		"GET /tasks/{id}/attachments":  ok(withID(s.listAttachments)),
		"POST /tasks/{id}/attachments": created(withID(s.addAttachment)),

		"GET /labels":                       ok(s.listLabels),
		"PUT /labels/{name}":                ok(s.paintLabel),
		"GET /tasks/{id}/labels":            ok(withID(s.taskLabels)),
		"PUT /tasks/{id}/labels/{label}":    done(withID(s.attachLabel)),
		"DELETE /tasks/{id}/labels/{label}": done(withID(s.detachLabel)),

		"GET /reports/workload":   ok(s.workload),
		"GET /reports/activity":   ok(s.activity),
		"GET /reports/throughput": ok(s.throughput),
		"GET /export.csv":         s.export,
	}
}

// scoped is a handler that acts in an organization. It writes the response, or returns an error and writes nothing.
type scoped func(w http.ResponseWriter, r *http.Request, sc *scope.Scope) error

// action is a handler whose result is the JSON of the response.
type action func(r *http.Request, sc *scope.Scope) (any, error)

func ok(a action) scoped      { return answer(http.StatusOK, a) }
func created(a action) scoped { return answer(http.StatusCreated, a) }
func done(a action) scoped    { return answer(http.StatusNoContent, a) }

func answer(status int, a action) scoped {
	return func(w http.ResponseWriter, r *http.Request, sc *scope.Scope) error {
		v, err := a(r, sc)
		if err != nil {
			return err
		}
		return answerWith(w, status, v)
	}
}

func answerWith(w http.ResponseWriter, status int, v any) error {
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return nil
	}
	return reply(w, status, v)
}

// withID gives an action the id in the path.
func withID(a func(*http.Request, *scope.Scope, uuid.UUID) (any, error)) action {
	return func(r *http.Request, sc *scope.Scope) (any, error) {
		id, err := pathID(r, "id")
		if err != nil {
			return nil, err
		}
		return a(r, sc, id)
	}
}
