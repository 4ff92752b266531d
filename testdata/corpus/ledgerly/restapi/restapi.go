// Package restapi is the edge on chi, gin and gRPC.
package restapi

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
	"google.golang.org/grpc/metadata"

	"corpus.test/ledgerly/auth"
	"corpus.test/ledgerly/customers"
	"corpus.test/ledgerly/pg"
)

type API struct{ db pg.DBTX }

const countInvoices = "SELECT count(*) FROM invoices WHERE organization_id = $1"

func (a *API) Chi(w http.ResponseWriter, r *http.Request) {
	var n int
	if err := a.db.QueryRow(r.Context(), countInvoices, chi.URLParam(r, "org")).Scan(&n); err != nil { // want foreign-org
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (a *API) ChiOwn(w http.ResponseWriter, r *http.Request) {
	var n int
	const q = countInvoices + " AND id = $2"
	if err := a.db.QueryRow(r.Context(), q, auth.From(r.Context()).OrgID, chi.URLParam(r, "id")).Scan(&n); err != nil { // ok
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (a *API) ChiRepository(w http.ResponseWriter, r *http.Request) {
	org := uuid.MustParse(chi.URLParam(r, "org"))
	if _, err := customers.New(a.db, uuid.Nil).List(r.Context(), org); err != nil { // want foreign-org
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (a *API) Gin(c *gin.Context) {
	_, err := a.db.Exec(c.Request.Context(), "DELETE FROM leads WHERE id = $1 AND organization_id = $2", c.Param("id"), c.Param("org")) // want foreign-org
	c.JSON(http.StatusOK, err)
}

func (a *API) GinHeader(c *gin.Context) {
	org, err := uuid.Parse(c.GetHeader("X-Org"))
	if err != nil {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	_, err = a.db.Exec(c.Request.Context(), "DELETE FROM leads WHERE organization_id = $1", org) // want foreign-org
	c.JSON(http.StatusOK, err)
}

type lead struct {
	Org  uuid.UUID `json:"org"`
	Name string    `json:"name"`
}

func (a *API) GinBind(c *gin.Context) {
	var in lead
	if err := c.ShouldBindJSON(&in); err != nil {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	_, err := a.db.Exec(c.Request.Context(), "INSERT INTO leads (id, organization_id, name) VALUES (gen_random_uuid(), $1, $2)", in.Org, in.Name) // want foreign-org|insert
	c.JSON(http.StatusOK, err)
}

func (a *API) GinOwn(c *gin.Context) {
	claims := c.MustGet("claims").(auth.Claims)
	_, err := a.db.Exec(c.Request.Context(), "DELETE FROM leads WHERE id = $1 AND organization_id = $2", c.Param("id"), claims.OrgID) // ok
	c.JSON(http.StatusOK, err)
}

func (a *API) GinOwnBind(c *gin.Context) {
	claims := c.MustGet("claims").(auth.Claims)
	var in lead
	if err := c.ShouldBindJSON(&in); err != nil {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	_, err := a.db.Exec(c.Request.Context(), "INSERT INTO leads (id, organization_id, name) VALUES (gen_random_uuid(), $1, $2)", claims.OrgID, in.Name) // ok
	c.JSON(http.StatusOK, err)
}

func (a *API) RPC(ctx context.Context) (n int, err error) {
	md, _ := metadata.FromIncomingContext(ctx)
	org := md.Get("x-organization")
	if len(org) == 0 {
		return 0, pg.ErrNotFound
	}
	err = a.db.QueryRow(ctx, countInvoices, org[0]).Scan(&n) // want foreign-org
	return n, err
}

func (a *API) RPCOwn(ctx context.Context) (n int, err error) {
	err = a.db.QueryRow(ctx, countInvoices, auth.From(ctx).OrgID).Scan(&n) // ok
	return n, err
}

// A session token in metadata leads to claims.
func (a *API) RPCSession(ctx context.Context) (n int, err error) {
	tokens := metadata.ValueFromIncomingContext(ctx, "authorization")
	if len(tokens) == 0 {
		return 0, pg.ErrNotFound
	}
	claims, err := auth.Sessions{DB: a.db}.Find(ctx, tokens[0])
	if err != nil {
		return 0, err
	}
	err = a.db.QueryRow(ctx, countInvoices, claims.OrgID).Scan(&n) // ok
	return n, err
}
