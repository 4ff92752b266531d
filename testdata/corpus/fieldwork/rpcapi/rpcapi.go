// Package rpcapi is the gRPC edge.
package rpcapi

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc/metadata"

	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type Service struct {
	db *pgxpool.Pool
}

type ListRequest struct {
	OrganizationId string
	Name           string
}

func (r *ListRequest) GetOrganizationId() string { return r.OrganizationId }

var errNoOrg = errors.New("organization is missing")

func (s *Service) List(ctx context.Context, req *ListRequest) ([]model.Site, error) {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok || len(md.Get("x-org")) == 0 {
		return nil, errNoOrg
	}
	org, err := uuid.Parse(md.Get("x-org")[0])
	if err != nil {
		return nil, err
	}
	return query.All[model.Site](ctx, s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
}

func (s *Service) ListValue(ctx context.Context, req *ListRequest) ([]model.Site, error) {
	values := metadata.ValueFromIncomingContext(ctx, "x-org")
	if len(values) == 0 {
		return nil, errNoOrg
	}
	org, err := uuid.Parse(values[0])
	if err != nil {
		return nil, err
	}
	return query.All[model.Site](ctx, s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // want foreign-org
}

func (s *Service) ListMessage(ctx context.Context, req *ListRequest) ([]model.Site, error) {
	org, err := uuid.Parse(req.GetOrganizationId())
	if err != nil {
		return nil, err
	}
	return query.All[model.Site](ctx, s.db, query.ForOrg(model.Sites.SelectFrom(), org)) // open
}

func (s *Service) Get(ctx context.Context, req *ListRequest) (model.Site, error) {
	sc, ok := scope.FromContext(ctx)
	if !ok {
		return model.Site{}, scope.ErrNoOrganization
	}
	sb := model.Sites.SelectFrom()
	sb.Where(sb.Equal("name", req.Name))
	return query.One[model.Site](ctx, s.db, query.ForOrg(sb, sc)) // ok
}
