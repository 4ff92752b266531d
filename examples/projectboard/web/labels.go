package web

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/scope"
)

func (s *server) listLabels(r *http.Request, sc *scope.Scope) (any, error) {
	return s.store.Labels.List(r.Context(), sc)
}

func (s *server) paintLabel(r *http.Request, sc *scope.Scope) (any, error) {
	fields, err := body[struct {
		Color string `json:"color"`
	}](r)
	if err != nil {
		return nil, err
	}
	return s.store.Labels.Paint(r.Context(), sc, r.PathValue("name"), fields.Color)
}

func (s *server) taskLabels(r *http.Request, sc *scope.Scope, taskID uuid.UUID) (any, error) {
	return s.store.Labels.OfTask(r.Context(), sc, taskID)
}

func (s *server) attachLabel(r *http.Request, sc *scope.Scope, taskID uuid.UUID) (any, error) {
	labelID, err := pathID(r, "label")
	if err != nil {
		return nil, err
	}
	return nil, s.store.Labels.Attach(r.Context(), sc, taskID, labelID)
}

func (s *server) detachLabel(r *http.Request, sc *scope.Scope, taskID uuid.UUID) (any, error) {
	labelID, err := pathID(r, "label")
	if err != nil {
		return nil, err
	}
	return nil, s.store.Labels.Detach(r.Context(), sc, taskID, labelID)
}
