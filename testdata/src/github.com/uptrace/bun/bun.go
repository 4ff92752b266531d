// Package bun has the parts of the real package that the tests call.
package bun

import (
	"context"
	"database/sql"
)

type BaseModel struct{}

type Query interface{ Operation() string }

type IDB interface {
	NewSelect() *SelectQuery
	NewInsert() *InsertQuery
	NewUpdate() *UpdateQuery
	NewDelete() *DeleteQuery
}

type DB struct{}

func (*DB) NewSelect() *SelectQuery                    { return nil }
func (*DB) NewInsert() *InsertQuery                    { return nil }
func (*DB) NewUpdate() *UpdateQuery                    { return nil }
func (*DB) NewDelete() *DeleteQuery                    { return nil }
func (*DB) NewRaw(query string, args ...any) *RawQuery { return nil }

type RawQuery struct{}

func NewRawQuery(db *DB, query string, args ...any) *RawQuery { return nil }

func In(slice any) any { return nil }

type SelectQuery struct{}

func (q *SelectQuery) Operation() string                                     { return "" }
func (q *SelectQuery) Model(model any) *SelectQuery                          { return q }
func (q *SelectQuery) ModelTableExpr(query string, args ...any) *SelectQuery { return q }
func (q *SelectQuery) Table(tables ...string) *SelectQuery                   { return q }
func (q *SelectQuery) TableExpr(query string, args ...any) *SelectQuery      { return q }
func (q *SelectQuery) Column(columns ...string) *SelectQuery                 { return q }
func (q *SelectQuery) ColumnExpr(query string, args ...any) *SelectQuery     { return q }
func (q *SelectQuery) With(name string, query Query) *SelectQuery            { return q }
func (q *SelectQuery) Join(join string, args ...any) *SelectQuery            { return q }
func (q *SelectQuery) JoinOn(cond string, args ...any) *SelectQuery          { return q }
func (q *SelectQuery) Where(query string, args ...any) *SelectQuery          { return q }
func (q *SelectQuery) WhereOr(query string, args ...any) *SelectQuery        { return q }
func (q *SelectQuery) WherePK(cols ...string) *SelectQuery                   { return q }
func (q *SelectQuery) WhereGroup(sep string, fn func(*SelectQuery) *SelectQuery) *SelectQuery {
	return q
}
func (q *SelectQuery) Apply(fns ...func(*SelectQuery) *SelectQuery) *SelectQuery { return q }
func (q *SelectQuery) Order(orders ...string) *SelectQuery                       { return q }
func (q *SelectQuery) Limit(n int) *SelectQuery                                  { return q }
func (q *SelectQuery) Union(other *SelectQuery) *SelectQuery                     { return q }
func (q *SelectQuery) Scan(ctx context.Context, dest ...any) error               { return nil }
func (q *SelectQuery) Count(ctx context.Context) (int, error)                    { return 0, nil }
func (q *SelectQuery) Exists(ctx context.Context) (bool, error)                  { return false, nil }

type UpdateQuery struct{}

func (q *UpdateQuery) Model(model any) *UpdateQuery                              { return q }
func (q *UpdateQuery) Table(tables ...string) *UpdateQuery                       { return q }
func (q *UpdateQuery) Column(columns ...string) *UpdateQuery                     { return q }
func (q *UpdateQuery) Set(query string, args ...any) *UpdateQuery                { return q }
func (q *UpdateQuery) Where(query string, args ...any) *UpdateQuery              { return q }
func (q *UpdateQuery) WherePK(cols ...string) *UpdateQuery                       { return q }
func (q *UpdateQuery) Exec(ctx context.Context, dest ...any) (sql.Result, error) { return nil, nil }

type DeleteQuery struct{}

func (q *DeleteQuery) Model(model any) *DeleteQuery                              { return q }
func (q *DeleteQuery) Where(query string, args ...any) *DeleteQuery              { return q }
func (q *DeleteQuery) WherePK(cols ...string) *DeleteQuery                       { return q }
func (q *DeleteQuery) Exec(ctx context.Context, dest ...any) (sql.Result, error) { return nil, nil }

type InsertQuery struct{}

func (q *InsertQuery) Model(model any) *InsertQuery                              { return q }
func (q *InsertQuery) Column(columns ...string) *InsertQuery                     { return q }
func (q *InsertQuery) On(s string, args ...any) *InsertQuery                     { return q }
func (q *InsertQuery) Set(query string, args ...any) *InsertQuery                { return q }
func (q *InsertQuery) Exec(ctx context.Context, dest ...any) (sql.Result, error) { return nil, nil }
