// Package routes builds on package parcels' tables.
package routes

import (
	"context"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5"

	"corpus.test/parcelhub/parcels"
)

type Planner struct {
	tx     pgx.Tx
	tenant int64
	store  *parcels.Store
}

func (p *Planner) Assign(ctx context.Context, route int64, ids []int64) error {
	_, err := p.tx.Exec(ctx, "UPDATE parcels SET route_id = $1 WHERE id = ANY($2) AND tenant_id = $3", route, ids, p.tenant) // ok
	return err
}

func (p *Planner) Weights(ctx context.Context) (pgx.Rows, error) {
	const q = `WITH w AS (SELECT route_id, sum(weight) AS kg FROM parcels WHERE tenant_id = $1 GROUP BY route_id)
		SELECT r.name, w.kg FROM routes r JOIN w ON w.route_id = r.id WHERE r.tenant_id = $1`
	return p.tx.Query(ctx, q, p.tenant) // ok
}

func (p *Planner) Clear(ctx context.Context) error {
	//sigra:allow system-sweep -- the nightly reset is about every tenant
	_, err := p.tx.Exec(ctx, "UPDATE parcels SET route_id = NULL") // ok
	return err
}

func (p *Planner) AssignForgot(ctx context.Context, route int64, ids []int64) error {
	_, err := p.tx.Exec(ctx, "UPDATE parcels SET route_id = $1 WHERE id = ANY($2)", route, ids) // want unscoped
	return err
}

func (p *Planner) WeightsForgot(ctx context.Context) (pgx.Rows, error) {
	const q = `WITH w AS (SELECT route_id, sum(weight) AS kg FROM parcels GROUP BY route_id)
		SELECT r.name, w.kg FROM routes r JOIN w ON w.route_id = r.id WHERE r.tenant_id = $1`
	return p.tx.Query(ctx, q, p.tenant) // want unscoped
}

func (p *Planner) DropEmpty(ctx context.Context) error {
	const q = `DELETE FROM routes r WHERE r.tenant_id = $1 AND NOT EXISTS (SELECT FROM parcels p WHERE p.route_id = r.id)`
	_, err := p.tx.Exec(ctx, q, p.tenant) // want unscoped
	return err
}

func (p *Planner) DropEmptyBound(ctx context.Context) error {
	const q = `DELETE FROM routes r WHERE r.tenant_id = $1 AND NOT EXISTS (SELECT FROM parcels p WHERE p.route_id = r.id AND p.tenant_id = r.tenant_id)`
	_, err := p.tx.Exec(ctx, q, p.tenant) // ok
	return err
}

func (p *Planner) Serve(w http.ResponseWriter, r *http.Request) {
	tenant, err := strconv.ParseInt(r.PathValue("tenant"), 10, 64)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if _, err := p.store.List(r.Context(), tenant); err != nil { // want foreign-org
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (p *Planner) ServeOwn(w http.ResponseWriter, r *http.Request) {
	if _, err := p.store.List(r.Context(), p.tenant); err != nil { // ok
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (p *Planner) ServeRaw(w http.ResponseWriter, r *http.Request) {
	tenant, err := strconv.Atoi(r.URL.Query().Get("tenant"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if _, err := p.tx.Exec(r.Context(), "DELETE FROM routes WHERE tenant_id = $1", tenant); err != nil { // want foreign-org
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
