package pgxscan

import (
	"context"

	"github.com/jackc/pgx/v5"
)

type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func Select(ctx context.Context, db Querier, dst any, query string, args ...any) error { return nil }
func Get(ctx context.Context, db Querier, dst any, query string, args ...any) error    { return nil }
