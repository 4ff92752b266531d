package web

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/examples/projectboard/model"
	"github.com/sigrahq/sigra/runtime/scope"
)

func (s *server) listComments(r *http.Request, sc *scope.Scope, taskID uuid.UUID) (any, error) {
	return s.store.Comments.OfTask(r.Context(), sc, taskID)
}

func (s *server) addComment(r *http.Request, sc *scope.Scope, taskID uuid.UUID) (any, error) {
	fields, err := body[struct {
		Body string `json:"body"`
	}](r)
	if err != nil {
		return nil, err
	}
	return s.store.Comments.Add(r.Context(), sc, taskID, fields.Body)
}

func (s *server) getComment(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	return s.store.Comments.Get(r.Context(), sc, id)
}

func (s *server) deleteComment(r *http.Request, sc *scope.Scope, id uuid.UUID) (any, error) {
	return nil, s.store.Comments.Delete(r.Context(), sc, id)
}

func (s *server) listAttachments(r *http.Request, sc *scope.Scope, taskID uuid.UUID) (any, error) {
	return s.store.Attachments.OfTask(r.Context(), sc, taskID)
}

func (s *server) addAttachment(r *http.Request, sc *scope.Scope, taskID uuid.UUID) (any, error) {
	fields, err := body[struct {
		Name      string `json:"name"`
		URL       string `json:"url"`
		SizeBytes int64  `json:"size_bytes"`
	}](r)
	if err != nil {
		return nil, err
	}
	file := model.Attachment{TaskID: taskID, Name: fields.Name, URL: fields.URL, SizeBytes: fields.SizeBytes}
	return s.store.Attachments.Add(r.Context(), sc, file)
}
