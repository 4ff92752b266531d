// Package api is the HTTP edge on net/http.
package api

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/ledgerly/auth"
	"corpus.test/ledgerly/customers"
	"corpus.test/ledgerly/pg"
)

type Server struct {
	db *pgxpool.Pool
}

func reply(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(v)
}

const listCustomers = "SELECT id, organization_id, number, name FROM customers WHERE organization_id = $1"

type customer = customers.Customer

// ---- request input in place of the session's organization

func (s *Server) Path(w http.ResponseWriter, r *http.Request) {
	list, err := pg.All[customer](r.Context(), s.db, listCustomers, r.PathValue("org")) // want foreign-org
	reply(w, list, err)
}

func (s *Server) Query(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(r.URL.Query().Get("organization_id"))
	if err != nil {
		reply(w, nil, err)
		return
	}
	_, err = s.db.Exec(r.Context(), "UPDATE customers SET archived = true WHERE organization_id = $1", org) // want foreign-org
	reply(w, nil, err)
}

func (s *Server) Header(w http.ResponseWriter, r *http.Request) {
	org := r.Header.Get("X-Organization-ID")
	var n int
	err := s.db.QueryRow(r.Context(), "SELECT count(*) FROM invoices WHERE organization_id = $1", org).Scan(&n) // want foreign-org
	reply(w, n, err)
}

func (s *Server) Cookie(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("organization")
	if err != nil {
		reply(w, nil, err)
		return
	}
	_, err = s.db.Exec(r.Context(), "DELETE FROM leads WHERE organization_id = $1", c.Value) // want foreign-org
	reply(w, nil, err)
}

func (s *Server) Form(w http.ResponseWriter, r *http.Request) {
	org, id := r.FormValue("org"), r.FormValue("id")
	_, err := s.db.Exec(r.Context(), "DELETE FROM leads WHERE id = $1 AND organization_id = $2", id, org) // want foreign-org
	reply(w, nil, err)
}

type createLead struct {
	OrganizationID uuid.UUID `json:"organization_id"`
	Name           string    `json:"name"`
}

func (s *Server) Body(w http.ResponseWriter, r *http.Request) {
	var in createLead
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		reply(w, nil, err)
		return
	}
	const q = "INSERT INTO leads (id, organization_id, name) VALUES ($1, $2, $3)"
	_, err := s.db.Exec(r.Context(), q, uuid.New(), in.OrganizationID, in.Name) // want foreign-org|insert
	reply(w, nil, err)
}

func (s *Server) Named(w http.ResponseWriter, r *http.Request) {
	args := pgx.NamedArgs{"org": r.PathValue("org")}
	rows, err := s.db.Query(r.Context(), "SELECT id FROM leads WHERE organization_id = @org", args) // want foreign-org
	if err == nil {
		rows.Close()
	}
	reply(w, nil, err)
}

func (s *Server) ArgsSlice(w http.ResponseWriter, r *http.Request) {
	q, args := "DELETE FROM leads WHERE organization_id = $1", []any{r.PathValue("org")}
	if name := r.FormValue("name"); name != "" {
		q += " AND name = $2"
		args = append(args, name)
	}
	_, err := s.db.Exec(r.Context(), q, args...) // want foreign-org
	reply(w, nil, err)
}

// The repository is in another package.
func (s *Server) Repository(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(r.PathValue("org"))
	if err != nil {
		reply(w, nil, err)
		return
	}
	list, err := customers.New(s.db, uuid.Nil).List(r.Context(), org) // want foreign-org
	reply(w, list, err)
}

func orgOf(r *http.Request) string {
	if v := r.Header.Get("X-Org"); v != "" {
		return v
	}
	return r.URL.Query().Get("org")
}

func (s *Server) Helper(w http.ResponseWriter, r *http.Request) {
	rows, err := s.db.Query(r.Context(), listCustomers, orgOf(r)) // want foreign-org
	if err == nil {
		rows.Close()
	}
	reply(w, nil, err)
}

// Either comes from the request or from the session.
func (s *Server) Override(w http.ResponseWriter, r *http.Request) {
	org := auth.From(r.Context()).OrgID
	if v, err := uuid.Parse(r.URL.Query().Get("org")); err == nil {
		org = v
	}
	_, err := s.db.Exec(r.Context(), "DELETE FROM leads WHERE organization_id = $1", org) // want foreign-org
	reply(w, nil, err)
}

func (s *Server) ByID(w http.ResponseWriter, r *http.Request) {
	var name string
	err := s.db.QueryRow(r.Context(), "SELECT name FROM customers WHERE id = $1", r.PathValue("id")).Scan(&name) // want unscoped
	reply(w, name, err)
}

func (s *Server) SaveBody(w http.ResponseWriter, r *http.Request) {
	var c customer
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		reply(w, nil, err)
		return
	}
	const q = "UPDATE customers SET name = $1, organization_id = $2 WHERE id = $3 AND organization_id = $4"
	_, err := s.db.Exec(r.Context(), q, c.Name, c.OrganizationID, c.ID, auth.From(r.Context()).OrgID) // want moved|foreign-org
	reply(w, nil, err)
}

// ---- the session's organization

func (s *Server) Own(w http.ResponseWriter, r *http.Request) {
	list, err := pg.All[customer](r.Context(), s.db, listCustomers, auth.From(r.Context()).OrgID) // ok
	reply(w, list, err)
}

func (s *Server) Get(w http.ResponseWriter, r *http.Request) {
	claims := auth.From(r.Context())
	var name string
	err := s.db.QueryRow(r.Context(), "SELECT name FROM customers WHERE id = $1 AND organization_id = $2", r.PathValue("id"), claims.OrgID).Scan(&name) // ok
	reply(w, name, err)
}

func (s *Server) Create(w http.ResponseWriter, r *http.Request) {
	var in createLead
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		reply(w, nil, err)
		return
	}
	org := auth.From(r.Context()).OrgID
	_, err := s.db.Exec(r.Context(), "INSERT INTO leads (id, organization_id, name) VALUES ($1, $2, $3)", uuid.New(), org, in.Name) // ok
	reply(w, nil, err)
}

// The body's organization is overwritten by the session's.
func (s *Server) Overwrite(w http.ResponseWriter, r *http.Request) {
	var in createLead
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		reply(w, nil, err)
		return
	}
	in.OrganizationID = auth.From(r.Context()).OrgID
	_, err := s.db.Exec(r.Context(), "INSERT INTO leads (id, organization_id, name) VALUES ($1, $2, $3)", uuid.New(), in.OrganizationID, in.Name) // ok
	reply(w, nil, err)
}

func (s *Server) Search(w http.ResponseWriter, r *http.Request) {
	q, args := listCustomers, []any{auth.From(r.Context()).OrgID}
	if name := r.URL.Query().Get("name"); name != "" {
		q += " AND name ILIKE $2"
		args = append(args, "%"+name+"%")
	}
	list, err := pg.All[customer](r.Context(), s.db, q, args...) // ok
	reply(w, list, err)
}

func (s *Server) Repo(w http.ResponseWriter, r *http.Request) {
	repo := customers.New(s.db, auth.From(r.Context()).OrgID)
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		reply(w, nil, err)
		return
	}
	c, err := repo.Own(r.Context(), id) // ok
	reply(w, c, err)
}

func (s *Server) RepoList(w http.ResponseWriter, r *http.Request) {
	claims := auth.From(r.Context())
	c, err := customers.New(s.db, claims.OrgID).List(r.Context(), claims.OrgID) // ok
	reply(w, c, err)
}

// A session is found by the token that the client sends.
func (s *Server) WithSession(w http.ResponseWriter, r *http.Request) {
	claims, err := auth.Sessions{DB: s.db}.Find(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		reply(w, nil, err)
		return
	}
	list, err := pg.All[customer](r.Context(), s.db, listCustomers, claims.OrgID) // ok
	reply(w, list, err)
}

// Rates belong to nobody.
func (s *Server) Rates(w http.ResponseWriter, r *http.Request) {
	rows, err := s.db.Query(r.Context(), "SELECT percent FROM tax_rates WHERE id = $1", r.FormValue("id")) // ok
	if err == nil {
		rows.Close()
	}
	reply(w, nil, err)
}

// Member asks whether the URL's organization is one of the user's.
func (s *Server) Member(w http.ResponseWriter, r *http.Request) {
	var ok bool
	const q = "SELECT EXISTS (SELECT 1 FROM memberships WHERE organization_id = $1 AND user_id = $2)"
	err := s.db.QueryRow(r.Context(), q, r.PathValue("org"), auth.From(r.Context()).UserID).Scan(&ok) // open
	reply(w, ok, err)
}
