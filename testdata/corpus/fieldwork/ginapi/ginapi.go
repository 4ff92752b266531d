// Package ginapi is the same edge on gin.
package ginapi

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/model"
	"corpus.test/fieldwork/orgscope"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type API struct {
	db     *pgxpool.Pool
	finder *orgscope.Finder
}

// Auth keeps the scope among gin's keys.
func (a *API) Auth(c *gin.Context) {
	sc, err := a.finder.FromRequest(c.Request)
	if err != nil {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	c.Set("scope", sc)
}

func (a *API) Param(c *gin.Context) {
	org := uuid.MustParse(c.Param("org"))
	sites, err := query.All[model.Site](c.Request.Context(), a.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
	respond(c, sites, err)
}

func (a *API) Query(c *gin.Context) {
	org, err := uuid.Parse(c.Query("org"))
	if err != nil {
		respond(c, nil, err)
		return
	}
	sites, err := query.All[model.Site](c.Request.Context(), a.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
	respond(c, sites, err)
}

func (a *API) Header(c *gin.Context) {
	org, err := uuid.Parse(c.GetHeader("X-Org"))
	if err != nil {
		respond(c, nil, err)
		return
	}
	_, err = query.Exec(c.Request.Context(), a.db, query.ForOrg(model.Jobs.DeleteFrom(), org)) // want foreign-org
	respond(c, nil, err)
}

func (a *API) Cookie(c *gin.Context) {
	raw, err := c.Cookie("org")
	if err != nil {
		respond(c, nil, err)
		return
	}
	_, err = query.Exec(c.Request.Context(), a.db, query.ForOrg(model.Jobs.DeleteFrom(), uuid.MustParse(raw))) // want foreign-org
	respond(c, nil, err)
}

type create struct {
	Org   uuid.UUID `json:"org"`
	Title string    `json:"title"`
}

func (a *API) Bind(c *gin.Context) {
	var in create
	if err := c.ShouldBindJSON(&in); err != nil {
		respond(c, nil, err)
		return
	}
	_, err := query.Exec(c.Request.Context(), a.db, query.ForOrg(query.Text("INSERT INTO jobs (title) VALUES ($1)", in.Title), in.Org)) // want foreign-org
	respond(c, nil, err)
}

func respond(c *gin.Context, v any, err error) {
	if err != nil {
		c.JSON(http.StatusInternalServerError, err.Error())
		return
	}
	c.JSON(http.StatusOK, v)
}

func (a *API) List(c *gin.Context) {
	sc := c.MustGet("scope").(*scope.Scope)
	sites, err := query.All[model.Site](c.Request.Context(), a.db, query.ForOrg(model.Sites.SelectFrom(), sc)) // ok
	respond(c, sites, err)
}

func (a *API) Get(c *gin.Context) {
	sc := c.MustGet("scope").(*scope.Scope)
	sb := model.Sites.SelectFrom()
	sb.Where(sb.Equal("id", c.Param("id")))
	site, err := query.One[model.Site](c.Request.Context(), a.db, query.ForOrg(sb, sc)) // ok
	respond(c, site, err)
}

func (a *API) Create(c *gin.Context) {
	sc := c.MustGet("scope").(*scope.Scope)
	var in create
	if err := c.ShouldBindJSON(&in); err != nil {
		respond(c, nil, err)
		return
	}
	_, err := query.Exec(c.Request.Context(), a.db, query.ForOrg(query.Text("INSERT INTO jobs (title) VALUES ($1)", in.Title), sc)) // ok
	respond(c, nil, err)
}
