// Package intake takes organizations out of requests in less obvious ways, and
// takes them from where they may be taken.
package intake

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/jobs"
	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type Server struct {
	db     *pgxpool.Pool
	worker *jobs.Worker
}

func send(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_ = json.NewEncoder(w).Encode(v)
}

// decode is generic over the body.
func decode[T any](r *http.Request) (v T, err error) {
	err = json.NewDecoder(r.Body).Decode(&v)
	return v, err
}

type filter struct {
	Filter struct {
		Org  uuid.UUID `json:"org"`
		Name string    `json:"name"`
	} `json:"filter"`
}

func (s *Server) Split(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/")
	if len(parts) < 3 {
		send(w, nil, errors.New("no organization"))
		return
	}
	list, err := query.All[model.Job](r.Context(), s.db, query.ForOrg(model.Jobs.SelectFrom(), uuid.MustParse(parts[2]))) // want foreign-org
	send(w, list, err)
}

func (s *Server) Values(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if len(q["org"]) == 0 {
		send(w, nil, errors.New("no organization"))
		return
	}
	list, err := query.All[model.Job](r.Context(), s.db, query.ForOrg(model.Jobs.SelectFrom(), uuid.MustParse(q["org"][0]))) // want foreign-org
	send(w, list, err)
}

func (s *Server) RawQuery(w http.ResponseWriter, r *http.Request) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		send(w, nil, err)
		return
	}
	list, err := query.All[model.Job](r.Context(), s.db, query.ForOrg(model.Jobs.SelectFrom(), uuid.MustParse(q.Get("org")))) // want foreign-org
	send(w, list, err)
}

func (s *Server) Generic(w http.ResponseWriter, r *http.Request) {
	in, err := decode[filter](r)
	if err != nil {
		send(w, nil, err)
		return
	}
	list, err := query.All[model.Job](r.Context(), s.db, query.ForOrg(model.Jobs.SelectFrom(), in.Filter.Org)) // want foreign-org
	send(w, list, err)
}

func (s *Server) Map(w http.ResponseWriter, r *http.Request) {
	var in map[string]string
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		send(w, nil, err)
		return
	}
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(model.Jobs.DeleteFrom(), uuid.MustParse(in["org"]))) // want foreign-org
	send(w, nil, err)
}

func (s *Server) XML(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Org uuid.UUID `xml:"org"`
	}
	if err := xml.NewDecoder(r.Body).Decode(&in); err != nil {
		send(w, nil, err)
		return
	}
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(model.Jobs.DeleteFrom(), in.Org)) // want foreign-org
	send(w, nil, err)
}

func (s *Server) Multipart(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		send(w, nil, err)
		return
	}
	_, err := query.Exec(r.Context(), s.db, query.ForOrg(model.Jobs.DeleteFrom(), uuid.MustParse(r.MultipartForm.Value["org"][0]))) // want foreign-org
	send(w, nil, err)
}

func (s *Server) HeaderMap(w http.ResponseWriter, r *http.Request) {
	ids := r.Header["X-Org"]
	for _, id := range ids {
		if _, err := query.Exec(r.Context(), s.db, query.ForOrg(model.Jobs.DeleteFrom(), uuid.MustParse(id))); err != nil { // want foreign-org
			send(w, nil, err)
			return
		}
	}
}

// The request's organization is put into a message and handled elsewhere.
func (s *Server) Enqueue(w http.ResponseWriter, r *http.Request) {
	m := jobs.Message{OrganizationID: uuid.MustParse(r.PathValue("org"))} // may foreign-org
	send(w, nil, s.worker.Handle(r.Context(), m))                         // want foreign-org
}

// Validation of the form says nothing about membership.
func (s *Server) Checked(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(r.PathValue("org"))
	if err != nil || org == uuid.Nil || org.Version() != 4 {
		send(w, nil, errors.New("bad organization"))
		return
	}
	list, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
	send(w, list, err)
}

type request struct{ *http.Request }

func (r request) org() uuid.UUID { return uuid.MustParse(r.FormValue("org")) }

func (s *Server) Wrapped(w http.ResponseWriter, r *http.Request) {
	list, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), request{r}.org())) // want foreign-org
	send(w, list, err)
}

// ---- good

// memberships of the signed-in user, by the organization's id.
func (s *Server) memberships(ctx context.Context) (map[string]scope.Membership, error) {
	sc, ok := scope.FromContext(ctx)
	if !ok {
		return nil, scope.ErrNoOrganization
	}
	m, _ := sc.Membership()
	return map[string]scope.Membership{m.OrganizationID.String(): m}, nil
}

// The URL is a key into the user's own memberships.
func (s *Server) Keyed(w http.ResponseWriter, r *http.Request) {
	own, err := s.memberships(r.Context())
	if err != nil {
		send(w, nil, err)
		return
	}
	m, ok := own[r.PathValue("org")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	list, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), m.OrganizationID)) // ok
	send(w, list, err)
}

func (s *Server) Found(w http.ResponseWriter, r *http.Request) {
	own, err := s.memberships(r.Context())
	if err != nil {
		send(w, nil, err)
		return
	}
	for id, m := range own {
		if id == r.FormValue("org") {
			list, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), m.OrganizationID)) // ok
			send(w, list, err)
			return
		}
	}
	http.NotFound(w, r)
}

// The body's organization is not looked at.
func (s *Server) Ignored(w http.ResponseWriter, r *http.Request) {
	in, err := decode[filter](r)
	if err != nil {
		send(w, nil, err)
		return
	}
	sc, _ := scope.FromContext(r.Context())
	sb := model.Sites.SelectFrom()
	sb.Where(sb.Equal("name", in.Filter.Name))
	list, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(sb, sc)) // ok
	send(w, list, err)
}

// A single-tenant installation says who it is in its environment.
func (s *Server) Configured(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(os.Getenv("ORGANIZATION_ID"))
	if err != nil {
		send(w, nil, err)
		return
	}
	list, err := query.All[model.Site](r.Context(), s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // ok
	send(w, list, err)
}

type command struct {
	scope *scope.Scope
	id    uuid.UUID
	name  string
}

func parse(r *http.Request) (c command, err error) {
	sc, ok := scope.FromContext(r.Context())
	if !ok {
		return c, scope.ErrNoOrganization
	}
	c.scope, c.name = sc, r.FormValue("name")
	c.id, err = uuid.Parse(r.PathValue("id"))
	return c, err
}

// Scope and input travel in one struct and stay apart.
func (s *Server) Command(w http.ResponseWriter, r *http.Request) {
	c, err := parse(r)
	if err != nil {
		send(w, nil, err)
		return
	}
	st := query.Text("UPDATE sites SET name = $1 WHERE id = $2", c.name, c.id)
	_, err = query.Exec(r.Context(), s.db, query.ForOrg(st, c.scope)) // ok
	send(w, nil, err)
}

// The message's organization is the scope's.
func (s *Server) EnqueueOwn(w http.ResponseWriter, r *http.Request, sc *scope.Scope) {
	org, err := sc.OrganizationID()
	if err != nil {
		send(w, nil, err)
		return
	}
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		send(w, nil, err)
		return
	}
	send(w, nil, s.worker.Handle(r.Context(), jobs.Message{OrganizationID: org, JobID: id})) // ok
}

func (s *Server) Import(w http.ResponseWriter, r *http.Request, sc *scope.Scope) {
	in, err := decode[[]string](r)
	if err != nil {
		send(w, nil, err)
		return
	}
	for _, name := range in {
		st := query.Text("INSERT INTO sites (name) VALUES ($1)", name)
		if _, err := query.Exec(r.Context(), s.db, query.ForOrg(st, sc)); err != nil { // ok
			send(w, nil, err)
			return
		}
	}
}
