package web

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/examples/projectboard/model"
	"github.com/sigrahq/sigra/examples/projectboard/store"
	"github.com/sigrahq/sigra/runtime/scope"
)

// projectFields is what a client may say about a project. A field that is absent stays as it is.
type projectFields struct {
	Key         *string `json:"key"`
	Name        *string `json:"name"`
	Description *string `json:"description"`
	Archived    *bool   `json:"archived"`
}

func (f projectFields) apply(p *model.Project) {
	set(&p.Key, f.Key)
	set(&p.Name, f.Name)
	set(&p.Description, f.Description)
	set(&p.Archived, f.Archived)
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func (s *server) people(r *http.Request, sc *scope.Scope) (any, error) {
	return s.store.Accounts.People(r.Context(), sc)
}

func (s *server) listProjects(r *http.Request, sc *scope.Scope) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	mark, err := after[store.ProjectMark](r)
	if err != nil {
		return nil, err
	}
	values := r.URL.Query()
	projects, err := s.store.Projects.List(r.Context(), sc, store.ProjectFilter{
		Search: values.Get("q"), Archived: values.Get("archived") == "true", After: mark, Limit: n + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(projects, n, func(p model.Project) store.ProjectMark {
		return store.ProjectMark{Name: p.Name, ID: p.ID}
	})
}

func (s *server) createProject(r *http.Request, sc *scope.Scope) (any, error) {
	fields, err := body[projectFields](r)
	if err != nil {
		return nil, err
	}
	var project model.Project
	fields.apply(&project)
	return s.store.Projects.Create(r.Context(), sc, project)
}

func (s *server) getProject(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	return s.store.Projects.Get(r.Context(), sc, id)
}

func (s *server) changeProject(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	fields, err := body[projectFields](r)
	if err != nil {
		return nil, err
	}
	return s.store.Projects.Change(r.Context(), sc, id, fields.apply)
}

// deleteProject is for those who run the organization: the role decides who may, the scope decides where.
func (s *server) deleteProject(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	if !sc.AtLeast(scope.Admin) {
		return nil, errForbidden
	}
	return nil, s.store.Projects.Delete(r.Context(), sc, id)
}

func (s *server) copyProject(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	fields, err := body[struct {
		Key string `json:"key"`
	}](r)
	if err != nil {
		return nil, err
	}
	copied, err := s.store.Projects.Copy(r.Context(), sc, id, fields.Key)
	if err != nil {
		return nil, err
	}
	return s.store.Projects.Get(r.Context(), sc, copied)
}

func (s *server) projectPeople(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	return s.store.Projects.People(r.Context(), sc, id)
}

func (s *server) projectKey(r *http.Request, sc *scope.Scope) (any, error) {
	taken, err := s.store.Projects.KeyTaken(r.Context(), sc, r.PathValue("key"))
	return map[string]bool{"taken": taken}, err
}

func (s *server) overview(r *http.Request, sc *scope.Scope) (any, error) {
	return s.store.Projects.Overview(r.Context(), sc)
}
