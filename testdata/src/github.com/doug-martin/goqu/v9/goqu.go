// Package goqu has the parts of the real package that the tests call.
package goqu

import (
	"context"

	"github.com/doug-martin/goqu/v9/exp"
)

type Database struct{}

func (*Database) ScanStructs(i any, query string, args ...any) error { return nil }
func (*Database) ScanValContext(ctx context.Context, i any, query string, args ...any) (bool, error) {
	return false, nil
}
func (*Database) From(from ...any) *SelectDataset { return nil }

type (
	Ex         = exp.Ex
	ExOr       = exp.ExOr
	Op         = exp.Op
	Record     = exp.Record
	Vals       = exp.Vals
	Expression = exp.Expression
)

type DialectWrapper struct{}

func Dialect(dialect string) DialectWrapper             { return DialectWrapper{} }
func (DialectWrapper) From(table ...any) *SelectDataset { return nil }
func (DialectWrapper) Insert(table any) *InsertDataset  { return nil }
func (DialectWrapper) Update(table any) *UpdateDataset  { return nil }
func (DialectWrapper) Delete(table any) *DeleteDataset  { return nil }

func From(table ...any) *SelectDataset { return nil }

func C(col string) exp.IdentifierExpression                           { return nil }
func I(ident string) exp.IdentifierExpression                         { return nil }
func T(table string) exp.IdentifierExpression                         { return nil }
func L(sql string, args ...any) exp.LiteralExpression                 { return nil }
func And(expressions ...Expression) exp.ExpressionList                { return nil }
func Or(expressions ...Expression) exp.ExpressionList                 { return nil }
func On(expressions ...Expression) exp.JoinCondition                  { return nil }
func COUNT(col any) exp.SQLFunctionExpression                         { return nil }
func Func(name string, args ...any) exp.SQLFunctionExpression         { return nil }
func DoNothing() exp.ConflictExpression                               { return nil }
func DoUpdate(target string, update any) exp.ConflictUpdateExpression { return nil }

type SelectDataset struct{}

func (*SelectDataset) Expression() Expression                                         { return nil }
func (*SelectDataset) ToSQL() (sql string, params []any, err error)                   { return "", nil, nil }
func (*SelectDataset) Prepared(bool) *SelectDataset                                   { return nil }
func (*SelectDataset) Select(selects ...any) *SelectDataset                           { return nil }
func (*SelectDataset) Where(expressions ...Expression) *SelectDataset                 { return nil }
func (*SelectDataset) ClearWhere() *SelectDataset                                     { return nil }
func (*SelectDataset) Join(table Expression, on exp.JoinCondition) *SelectDataset     { return nil }
func (*SelectDataset) LeftJoin(table Expression, on exp.JoinCondition) *SelectDataset { return nil }
func (*SelectDataset) Order(order ...exp.OrderedExpression) *SelectDataset            { return nil }
func (*SelectDataset) Limit(uint) *SelectDataset                                      { return nil }
func (*SelectDataset) As(alias string) *SelectDataset                                 { return nil }
func (*SelectDataset) With(name string, subquery Expression) *SelectDataset           { return nil }
func (*SelectDataset) Union(other *SelectDataset) *SelectDataset                      { return nil }
func (*SelectDataset) ScanStructsContext(ctx context.Context, i any) error            { return nil }
func (*SelectDataset) Count() (int64, error)                                          { return 0, nil }

type InsertDataset struct{}

func (*InsertDataset) ToSQL() (sql string, params []any, err error)              { return "", nil, nil }
func (*InsertDataset) Rows(rows ...any) *InsertDataset                           { return nil }
func (*InsertDataset) Cols(cols ...any) *InsertDataset                           { return nil }
func (*InsertDataset) Vals(vals ...[]any) *InsertDataset                         { return nil }
func (*InsertDataset) Returning(returning ...any) *InsertDataset                 { return nil }
func (*InsertDataset) OnConflict(conflict exp.ConflictExpression) *InsertDataset { return nil }
func (*InsertDataset) Executor() Executor                                        { return Executor{} }

type UpdateDataset struct{}

func (*UpdateDataset) ToSQL() (sql string, params []any, err error)   { return "", nil, nil }
func (*UpdateDataset) Set(values any) *UpdateDataset                  { return nil }
func (*UpdateDataset) Where(expressions ...Expression) *UpdateDataset { return nil }
func (*UpdateDataset) Executor() Executor                             { return Executor{} }

type DeleteDataset struct{}

func (*DeleteDataset) ToSQL() (sql string, params []any, err error)   { return "", nil, nil }
func (*DeleteDataset) Where(expressions ...Expression) *DeleteDataset { return nil }

type Executor struct{}

func (Executor) Exec() (any, error) { return nil, nil }
