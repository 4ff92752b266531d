package web

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/examples/leaky/model"
	"github.com/sigrahq/sigra/examples/leaky/store"
	"github.com/sigrahq/sigra/runtime/scope"
)

// taskFields is what a client may say about a task. A field that is absent stays as it is.
type taskFields struct {
	Title    *string       `json:"title"`
	Status   *model.Status `json:"status"`
	Priority *int          `json:"priority"`
	DueOn    *time.Time    `json:"due_on"`
}

func (f taskFields) apply(t *model.Task) {
	set(&t.Title, f.Title)
	set(&t.Status, f.Status)
	set(&t.Priority, f.Priority)
	if f.DueOn != nil {
		t.DueOn = f.DueOn
	}
}

func (s *server) createTask(r *http.Request, sc *scope.Scope, projectID uuid.UUID) (any, error) {
	fields, err := body[taskFields](r)
	if err != nil {
		return nil, err
	}
	task := model.Task{ProjectID: projectID, Status: model.Todo}
	fields.apply(&task)
	return s.store.Tasks.Create(r.Context(), sc, task)
}

func (s *server) importTasks(r *http.Request, sc *scope.Scope, projectID uuid.UUID) (any, error) {
	list, err := body[[]taskFields](r)
	if err != nil {
		return nil, err
	}
	tasks := make([]model.Task, len(list))
	for i, fields := range list {
		fields.apply(&tasks[i])
	}
	project, err := s.store.Projects.Get(r.Context(), sc, projectID)
	if err != nil {
		return nil, err
	}
	imported, err := s.store.Tasks.Import(r.Context(), project, tasks)
	return map[string]int64{"imported": imported}, err
}

func (s *server) listTasks(r *http.Request, sc *scope.Scope) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	mark, err := after[store.TaskMark](r)
	if err != nil {
		return nil, err
	}
	values := r.URL.Query()
	tasks, err := s.store.Tasks.List(r.Context(), sc, store.TaskFilter{
		Status: model.Status(values.Get("status")), Label: values.Get("label"), After: mark, Limit: n + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(tasks, n, func(t store.TaskLine) store.TaskMark {
		return store.TaskMark{Priority: t.Priority, ID: t.ID}
	})
}

func (s *server) searchTasks(r *http.Request, sc *scope.Scope) (any, error) {
	return s.store.Tasks.Search(r.Context(), sc, r.URL.Query().Get("q"))
}

func (s *server) myTasks(r *http.Request, sc *scope.Scope) (any, error) {
	return s.store.Tasks.Mine(r.Context(), sc)
}

func (s *server) dueTasks(r *http.Request, sc *scope.Scope) (any, error) {
	day, err := date(r, "on")
	if err != nil {
		return nil, err
	}
	return s.store.Tasks.Due(r.Context(), sc, day)
}

func (s *server) closeTasks(r *http.Request, sc *scope.Scope) (any, error) {
	ids, err := body[[]uuid.UUID](r)
	if err != nil {
		return nil, err
	}
	closed, err := s.store.Tasks.Close(r.Context(), sc, ids)
	return map[string]int64{"closed": closed}, err
}

func (s *server) getTask(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	return s.store.Tasks.Get(r.Context(), sc, id)
}

func (s *server) changeTask(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	fields, err := body[taskFields](r)
	if err != nil {
		return nil, err
	}
	return s.store.Tasks.Change(r.Context(), sc, id, fields.apply)
}

func (s *server) deleteTask(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	return nil, s.store.Tasks.Delete(r.Context(), sc, id)
}

func (s *server) assignTask(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	fields, err := body[struct {
		UserID *uuid.UUID `json:"user_id"` // null for nobody
	}](r)
	if err != nil {
		return nil, err
	}
	return nil, s.store.Tasks.Assign(r.Context(), sc, id, fields.UserID)
}

// export writes its rows as they come from the database. An error after the first of them can only cut the file short.
func (s *server) export(w http.ResponseWriter, r *http.Request, sc *scope.Scope) error {
	out := csv.NewWriter(w)
	w.Header().Set("Content-Type", "text/csv")
	err := s.store.Tasks.Export(r.Context(), sc, func(t store.TaskLine) error {
		return out.Write([]string{t.ID.String(), t.Project, t.Title, string(t.Status), strconv.Itoa(t.Priority)})
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
