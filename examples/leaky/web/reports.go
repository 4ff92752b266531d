package web

import (
	"net/http"

	"github.com/sigrahq/sigra/runtime/scope"
)

func (s *server) workload(r *http.Request, sc *scope.Scope) (any, error) {
	return s.store.Reports.Workload(r.Context(), sc)
}

func (s *server) activity(r *http.Request, sc *scope.Scope) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	return s.store.Reports.Activity(r.Context(), sc, n)
}

func (s *server) throughput(r *http.Request, sc *scope.Scope) (any, error) {
	since, err := date(r, "since")
	if err != nil {
		return nil, err
	}
	return s.store.Reports.Throughput(r.Context(), sc, since)
}
