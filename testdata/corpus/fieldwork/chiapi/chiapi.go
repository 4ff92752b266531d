// Package chiapi is the same edge on chi.
package chiapi

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/dbx"
	"corpus.test/fieldwork/model"
	"corpus.test/fieldwork/orgscope"
	"corpus.test/fieldwork/store"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type API struct {
	db     *pgxpool.Pool
	h      *dbx.DB
	sites  *store.Sites
	finder *orgscope.Finder
}

func (a *API) Routes() http.Handler {
	r := chi.NewRouter()
	r.Use(a.finder.Middleware)
	r.Get("/orgs/{org}/sites", a.ListOf)
	r.Get("/sites", a.List)
	r.Get("/sites/{id}", a.Get)
	r.Delete("/orgs/{org}/sites/{id}", func(w http.ResponseWriter, r *http.Request) {
		org := uuid.MustParse(chi.URLParam(r, "org"))
		del := model.Sites.DeleteFrom()
		del.Where(del.Equal("id", chi.URLParam(r, "id")))
		_, err := query.Exec(r.Context(), a.db, query.ForOrg(del, org)) // want foreign-org
		done(w, nil, err)
	})
	return r
}

func done(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(v)
}

func (a *API) ListOf(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(chi.URLParam(r, "org"))
	if err != nil {
		done(w, nil, err)
		return
	}
	sites, err := query.All[model.Site](r.Context(), a.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
	done(w, sites, err)
}

func (a *API) FromCtx(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(chi.URLParamFromCtx(r.Context(), "org"))
	if err != nil {
		done(w, nil, err)
		return
	}
	sites, err := query.All[model.Site](r.Context(), a.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
	done(w, sites, err)
}

// The repository lives in another package.
func (a *API) Technicians(w http.ResponseWriter, r *http.Request) {
	org, err := uuid.Parse(chi.URLParam(r, "org"))
	if err != nil {
		done(w, nil, err)
		return
	}
	sc, _ := scope.FromContext(r.Context())
	list, err := store.ForRequest(a.h, sc).Technicians(r.Context(), org) // want foreign-org
	done(w, list, err)
}

func (a *API) List(w http.ResponseWriter, r *http.Request) {
	sc, _ := scope.FromContext(r.Context())
	sites, err := a.sites.List(r.Context(), sc) // ok
	done(w, sites, err)
}

func (a *API) Get(w http.ResponseWriter, r *http.Request) {
	sc, _ := scope.FromContext(r.Context())
	id, err := uuid.Parse(chi.URLParam(r, "id"))
	if err != nil {
		done(w, nil, err)
		return
	}
	sb := model.Sites.SelectFrom()
	sb.Where(sb.Equal("id", id))
	site, err := query.One[model.Site](r.Context(), a.db, query.ForOrg(sb, sc)) // ok
	done(w, site, err)
}

func (a *API) Mine(w http.ResponseWriter, r *http.Request) {
	sc, _ := scope.FromContext(r.Context())
	org, ok := sc.ActiveOrganization()
	if !ok {
		done(w, nil, scope.ErrNoOrganization)
		return
	}
	list, err := store.ForRequest(a.h, sc).Technicians(r.Context(), org.ID) // ok
	done(w, list, err)
}

func (a *API) RawByID(w http.ResponseWriter, r *http.Request) {
	var name string
	err := a.db.QueryRow(r.Context(), "SELECT name FROM sites WHERE id = $1", chi.URLParam(r, "id")).Scan(&name) // want unscoped
	done(w, name, err)
}
