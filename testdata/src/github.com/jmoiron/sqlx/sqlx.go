package sqlx

import (
	"context"
	"database/sql"
)

type DB struct{ *sql.DB }

func (*DB) Select(dest any, query string, args ...any) error                          { return nil }
func (*DB) Get(dest any, query string, args ...any) error                             { return nil }
func (*DB) GetContext(ctx context.Context, dest any, query string, args ...any) error { return nil }
func (*DB) NamedExec(query string, arg any) (sql.Result, error)                       { return nil, nil }
func (*DB) Rebind(query string) string                                                { return query }

func In(query string, args ...any) (string, []any, error) { return "", nil, nil }
