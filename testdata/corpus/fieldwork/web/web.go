// Package web is the HTTP edge on net/http.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/dbx"
	"corpus.test/fieldwork/model"
	"corpus.test/fieldwork/orgscope"
	"corpus.test/fieldwork/person"
	"corpus.test/fieldwork/store"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type Server struct {
	db     *pgxpool.Pool
	h      *dbx.DB
	sites  *store.Sites
	finder *orgscope.Finder
}

var siteStruct = sqlbuilder.NewStruct(new(model.Site)).For(sqlbuilder.PostgreSQL)

func fail(w http.ResponseWriter, err error) {
	http.Error(w, err.Error(), http.StatusBadRequest)
}

func reply(w http.ResponseWriter, v any, err error) {
	if err != nil {
		fail(w, err)
		return
	}
	_ = json.NewEncoder(w).Encode(v)
}

// ---- organizations out of requests

func (s *Server) PathOrg(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(r.PathValue("org"))
	if err != nil {
		fail(w, err)
		return
	}
	jobs, err := query.All[model.Job](r.Context(), s.db, query.ForOrg(model.Jobs.SelectFrom(), org)) // want foreign-org
	reply(w, jobs, err)
}

func (s *Server) QueryOrg(w http.ResponseWriter, r *http.Request) {
	org := uuid.MustParse(r.URL.Query().Get("org"))
	jobs, err := query.All[model.Job](r.Context(), s.db, query.ForOrg(model.Jobs.SelectFrom(), org)) // want foreign-org
	reply(w, jobs, err)
}

func (s *Server) FormOrg(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(r.FormValue("organization_id"))
	if err != nil {
		fail(w, err)
		return
	}
	_, err = query.Exec(r.Context(), s.db, query.ForOrg(model.Jobs.DeleteFrom(), org)) // want foreign-org
	reply(w, nil, err)
}

func (s *Server) PostFormOrg(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		fail(w, err)
		return
	}
	org, _ := uuid.Parse(r.PostForm.Get("org"))
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(model.Jobs.DeleteFrom(), org)) // want foreign-org
	reply(w, nil, err)
}

func (s *Server) HeaderOrg(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(strings.TrimSpace(r.Header.Get("X-Organization-ID")))
	if err != nil {
		fail(w, err)
		return
	}
	sites, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
	reply(w, sites, err)
}

func (s *Server) CookieOrg(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("org")
	if err != nil {
		fail(w, err)
		return
	}
	org, err := uuid.Parse(c.Value)
	if err != nil {
		fail(w, err)
		return
	}
	sites, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
	reply(w, sites, err)
}

type createJob struct {
	OrganizationID uuid.UUID `json:"organization_id"`
	Title          string    `json:"title"`
}

func (s *Server) BodyOrg(w http.ResponseWriter, r *http.Request) {
	var in createJob
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		fail(w, err)
		return
	}
	st := query.Text("INSERT INTO jobs (id, title) VALUES ($1, $2)", uuid.New(), in.Title)
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(st, in.OrganizationID)) // want foreign-org
	reply(w, nil, err)
}

func (s *Server) UnmarshalOrg(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		fail(w, err)
		return
	}
	in := new(createJob)
	if err := json.Unmarshal(body, in); err != nil {
		fail(w, err)
		return
	}
	sc, err := scope.System(in.OrganizationID, "create a job") // want foreign-org
	if err != nil {
		fail(w, err)
		return
	}
	st := query.Text("INSERT INTO jobs (id, title) VALUES ($1, $2)", uuid.New(), in.Title)
	_, err = query.Exec(r.Context(), s.db, query.ForOrg(st, sc)) // may foreign-org
	reply(w, nil, err)
}

func (s *Server) SystemOrg(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(r.PathValue("org"))
	if err != nil {
		fail(w, err)
		return
	}
	sc, err := scope.System(org, "export") // want foreign-org
	if err != nil {
		fail(w, err)
		return
	}
	sites, err := s.sites.List(r.Context(), sc) // may foreign-org
	reply(w, sites, err)
}

func (s *Server) CopyOrg(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(r.URL.Query().Get("org"))
	if err != nil {
		fail(w, err)
		return
	}
	n, err := query.CopyForOrg(r.Context(), s.db, org, "jobs", []string{"id"}, pgx.CopyFromRows(nil)) // want foreign-org
	reply(w, n, err)
}

func orgParam(r *http.Request) (uuid.UUID, error) {
	raw := r.URL.Query().Get("org")
	if raw == "" {
		raw = r.Header.Get("X-Org")
	}
	return uuid.Parse(raw)
}

func (s *Server) HelperOrg(w http.ResponseWriter, r *http.Request) {
	org, err := orgParam(r)
	if err != nil {
		fail(w, err)
		return
	}
	sites, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
	reply(w, sites, err)
}

// The organization goes through another package before it is an owner.
func (s *Server) CrossPackage(w http.ResponseWriter, r *http.Request) {
	org, err := orgParam(r)
	if err != nil {
		fail(w, err)
		return
	}
	jobs := store.ForRequest(s.h, nil)
	list, err := jobs.Technicians(r.Context(), org) // want foreign-org
	reply(w, list, err)
}

type input struct {
	org   uuid.UUID
	limit int
}

func decode(r *http.Request) (in input, err error) {
	in.org, err = uuid.Parse(r.PathValue("org"))
	in.limit = 10
	return in, err
}

func (s *Server) StructOrg(w http.ResponseWriter, r *http.Request) {
	in, err := decode(r)
	if err != nil {
		fail(w, err)
		return
	}
	sb := model.Sites.SelectFrom()
	sb.Limit(in.limit)
	sites, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(sb, in.org)) // want foreign-org
	reply(w, sites, err)
}

type orgKey struct{}

// TrustHeader believes what a proxy may or may not have set.
func TrustHeader(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		org, _ := uuid.Parse(r.Header.Get("X-Org"))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), orgKey{}, org)))
	})
}

func (s *Server) list(ctx context.Context, org uuid.UUID) ([]model.Site, error) {
	return query.All[model.Site](ctx, s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // may foreign-org
}

func (s *Server) MethodOrg(w http.ResponseWriter, r *http.Request) {
	sites, err := s.list(r.Context(), uuid.MustParse(r.PathValue("org"))) // want foreign-org
	reply(w, sites, err)
}

func (s *Server) ClosureOrg() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var org uuid.UUID
		if err := org.UnmarshalText([]byte(r.PathValue("org"))); err != nil {
			fail(w, err)
			return
		}
		sites, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
		reply(w, sites, err)
	}
}

// A row out of the body moves to whatever organization the body names.
func (s *Server) MovedByBody(w http.ResponseWriter, r *http.Request, sc *scope.Scope) {
	var site model.Site
	if err := json.NewDecoder(r.Body).Decode(&site); err != nil {
		fail(w, err)
		return
	}
	ub := siteStruct.Update("sites", site)
	ub.Where(ub.Equal("id", site.ID))
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(ub, sc)) // want moved
	reply(w, nil, err)
}

func (s *Server) MovedByBodyRaw(w http.ResponseWriter, r *http.Request) {
	site := &model.Site{}
	if err := json.NewDecoder(r.Body).Decode(site); err != nil {
		fail(w, err)
		return
	}
	ub := siteStruct.Update("sites", site)
	text, args := ub.Where(ub.Equal("id", site.ID)).Build()
	_, err := s.db.Exec(r.Context(), text, args...) // want moved|unscoped
	reply(w, nil, err)
}

func (s *Server) Reassign(w http.ResponseWriter, r *http.Request, sc *scope.Scope, id, to uuid.UUID) {
	ub := sqlbuilder.PostgreSQL.NewUpdateBuilder()
	ub.Update("sites").Set(ub.Assign("organization_id", to)).Where(ub.Equal("id", id))
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(ub, sc)) // want moved
	reply(w, nil, err)
}

func (s *Server) ReassignText(w http.ResponseWriter, r *http.Request, sc *scope.Scope, id, to uuid.UUID) {
	st := query.Text("UPDATE jobs SET title = '', organization_id = $1 WHERE id = $2", to, id)
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(st, sc)) // want moved
	reply(w, nil, err)
}

func (s *Server) InsertFromBody(w http.ResponseWriter, r *http.Request) {
	var in createJob
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		fail(w, err)
		return
	}
	_, err := s.db.Exec(r.Context(), "INSERT INTO jobs (id, organization_id, title) VALUES ($1, $2, $3)", uuid.New(), in.OrganizationID, in.Title) // want unscoped|foreign-org|insert
	reply(w, nil, err)
}

// IDOR in one line.
func (s *Server) ByID(w http.ResponseWriter, r *http.Request) {
	var title string
	err := s.db.QueryRow(r.Context(), "SELECT title FROM jobs WHERE id = $1", r.PathValue("id")).Scan(&title) // want unscoped
	reply(w, title, err)
}

// ---- good

func (s *Server) List(w http.ResponseWriter, r *http.Request) {
	sc, err := s.finder.FromRequest(r)
	if err != nil {
		fail(w, err)
		return
	}
	sites, err := s.sites.List(r.Context(), sc) // ok
	reply(w, sites, err)
}

func (s *Server) Get(w http.ResponseWriter, r *http.Request) {
	sc, ok := scope.FromContext(r.Context())
	if !ok {
		fail(w, scope.ErrNoOrganization)
		return
	}
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	site, err := s.sites.Get(r.Context(), sc, id) // ok
	reply(w, site, err)
}

// The URL chooses among the user's memberships.
func (s *Server) InChosen(w http.ResponseWriter, r *http.Request, user uuid.UUID) {
	sc, err := s.finder.Chosen(r, user)
	if err != nil {
		fail(w, err)
		return
	}
	jobs, err := query.All[model.Job](r.Context(), s.db, query.ForOrg(model.Jobs.SelectFrom(), sc)) // ok
	reply(w, jobs, err)
}

// Request input in the statement is what parameters are for.
func (s *Server) Search(w http.ResponseWriter, r *http.Request, sc *scope.Scope) {
	sb := model.Jobs.SelectFrom()
	if q := r.URL.Query().Get("q"); q != "" {
		sb.Where(sb.ILike("title", "%"+q+"%"))
	}
	jobs, err := query.All[model.Job](r.Context(), s.db, query.ForOrg(sb, sc)) // ok
	reply(w, jobs, err)
}

func (s *Server) Create(w http.ResponseWriter, r *http.Request, sc *scope.Scope) {
	var in createJob
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		fail(w, err)
		return
	}
	job := model.Job{ID: uuid.New(), Title: in.Title}
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(model.Jobs.InsertInto(job), sc)) // ok
	reply(w, job, err)
}

// Table.Update never sets the ownership column, whatever the body says.
func (s *Server) Save(w http.ResponseWriter, r *http.Request, sc *scope.Scope) {
	var site model.Site
	if err := json.NewDecoder(r.Body).Decode(&site); err != nil {
		fail(w, err)
		return
	}
	ub := model.Sites.Update(site)
	ub.Where(ub.Equal("id", site.ID))
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(ub, sc)) // ok
	reply(w, nil, err)
}

// A row that was read under the scope is the organization's own.
func (s *Server) Touch(w http.ResponseWriter, r *http.Request, sc *scope.Scope, id uuid.UUID) {
	site, err := s.sites.Get(r.Context(), sc, id)
	if err != nil {
		fail(w, err)
		return
	}
	site.Name = r.FormValue("name")
	ub := model.Sites.Update(site)
	ub.Where(ub.Equal("id", id))
	_, err = query.Exec(r.Context(), s.db, query.ForOrg(ub, sc)) // ok
	reply(w, nil, err)
}

// OrgOf takes the organization from the scope and not from the form beside it.
func (s *Server) OrgOf(w http.ResponseWriter, r *http.Request, sc *scope.Scope) {
	org, err := sc.OrganizationID()
	if err != nil {
		fail(w, err)
		return
	}
	if r.FormValue("org") != org.String() {
		fail(w, errors.New("another organization"))
		return
	}
	sites, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // ok
	reply(w, sites, err)
}

func (s *Server) Countries(w http.ResponseWriter, r *http.Request) {
	rows, err := s.db.Query(r.Context(), "SELECT code FROM countries WHERE code LIKE $1", r.FormValue("q")+"%") // ok
	if err != nil {
		fail(w, err)
		return
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	reply(w, codes, err)
}

var _ person.Technician
