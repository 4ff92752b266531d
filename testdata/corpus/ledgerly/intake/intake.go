// Package intake takes organizations out of requests in less obvious ways, and
// takes them from where they may be taken.
package intake

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/ledgerly/auth"
	"corpus.test/ledgerly/pg"
	"corpus.test/ledgerly/sqlc"
)

type Server struct {
	db *pgxpool.Pool
	q  *sqlc.Queries
}

func decode[T any](r *http.Request) (v T, err error) {
	err = json.NewDecoder(r.Body).Decode(&v)
	return v, err
}

type move struct {
	Org  uuid.UUID `json:"org"`
	Name string    `json:"name"`
}

func (s *Server) Split(w http.ResponseWriter, r *http.Request) {
	_, org, _ := strings.Cut(r.URL.Path, "/orgs/")
	_, _ = s.db.Exec(r.Context(), "DELETE FROM leads WHERE organization_id = $1", org) // want foreign-org
}

func (s *Server) Generic(w http.ResponseWriter, r *http.Request) {
	in, err := decode[move](r)
	if err != nil {
		return
	}
	_, _ = s.db.Exec(r.Context(), "UPDATE leads SET name = $2 WHERE organization_id = $1", in.Org, in.Name) // want foreign-org
}

func (s *Server) FirstOfTwo(w http.ResponseWriter, r *http.Request) {
	org := r.Header.Get("X-Org")
	const q = "SELECT i.number FROM invoices i JOIN customers c ON c.id = i.customer_id WHERE i.organization_id = $1 AND c.organization_id = $2"
	rows, err := s.db.Query(r.Context(), q, auth.From(r.Context()).OrgID, org) // want foreign-org
	if err == nil {
		rows.Close()
	}
}

func (s *Server) AnyOf(w http.ResponseWriter, r *http.Request) {
	orgs := strings.Split(r.FormValue("orgs"), ",")
	_, _ = s.db.Exec(r.Context(), "DELETE FROM leads WHERE organization_id = ANY($1)", orgs) // want foreign-org
}

// Generated code takes its arguments in a struct.
func (s *Server) Params(w http.ResponseWriter, r *http.Request) {
	p := sqlc.GetInvoiceParams{ID: uuid.MustParse(r.PathValue("id")), OrganizationID: uuid.MustParse(r.PathValue("org"))} // may foreign-org
	_, _ = s.q.GetInvoice(r.Context(), p)                                                                                 // want foreign-org
}

func (s *Server) Method(w http.ResponseWriter, r *http.Request) {
	_, _ = s.q.CountInvoices(r.Context(), uuid.MustParse(r.URL.Query().Get("org"))) // want foreign-org
}

func (s *Server) Helper(w http.ResponseWriter, r *http.Request) {
	_ = pg.Exec(r.Context(), s.db, "DELETE FROM leads WHERE organization_id = $1", r.PathValue("org")) // want foreign-org
}

func (s *Server) Transaction(w http.ResponseWriter, r *http.Request) {
	org := r.PostFormValue("org")
	tx, err := s.db.Begin(r.Context())
	if err != nil {
		return
	}
	defer func() {
		_, _ = tx.Exec(context.Background(), "DELETE FROM leads WHERE organization_id = $1", org) // want foreign-org
		_ = tx.Commit(context.Background())
	}()
}

// ---- good

func (s *Server) ParamsOwn(w http.ResponseWriter, r *http.Request) {
	p := sqlc.GetInvoiceParams{ID: uuid.MustParse(r.PathValue("id")), OrganizationID: auth.From(r.Context()).OrgID}
	_, _ = s.q.GetInvoice(r.Context(), p) // ok
}

func (s *Server) MethodOwn(w http.ResponseWriter, r *http.Request) {
	_, _ = s.q.CountInvoices(r.Context(), auth.From(r.Context()).OrgID) // ok
}

func (s *Server) Ignored(w http.ResponseWriter, r *http.Request) {
	in, err := decode[move](r)
	if err != nil {
		return
	}
	_, _ = s.db.Exec(r.Context(), "UPDATE leads SET name = $2 WHERE organization_id = $1", auth.From(r.Context()).OrgID, in.Name) // ok
}

// The parameter that the request fills is another one.
func (s *Server) Order(w http.ResponseWriter, r *http.Request) {
	claims := auth.From(r.Context())
	id, name := r.PathValue("id"), r.FormValue("name")
	_, _ = s.db.Exec(r.Context(), "UPDATE leads SET name = $1 WHERE id = $2 AND organization_id = $3", name, id, claims.OrgID) // ok
}

func (s *Server) Picked(w http.ResponseWriter, r *http.Request) {
	own := map[string]uuid.UUID{"default": auth.From(r.Context()).OrgID}
	org, ok := own[r.PathValue("org")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, _ = s.db.Exec(r.Context(), "DELETE FROM leads WHERE organization_id = $1", org) // ok
}

func (s *Server) Configured(w http.ResponseWriter, r *http.Request) {
	_, _ = s.db.Exec(r.Context(), "DELETE FROM leads WHERE organization_id = $1", os.Getenv("ORGANIZATION_ID")) // ok
}

// The organization is asked for in the same statement: whose user is it?
func (s *Server) Verified(w http.ResponseWriter, r *http.Request) {
	const q = `DELETE FROM leads WHERE organization_id = $1 AND id = $2 AND name = $3`
	org := auth.From(r.Context()).OrgID
	args := []any{org, r.PathValue("id"), r.FormValue("name")}
	_, _ = s.db.Exec(r.Context(), q, args...) // ok
}
