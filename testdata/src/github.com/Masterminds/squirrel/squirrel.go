// Package squirrel has the parts of the real package that the tests call.
package squirrel

import "database/sql"

type Sqlizer interface{ ToSql() (string, []any, error) }

type Eq map[string]any

func (Eq) ToSql() (string, []any, error) { return "", nil, nil }

type NotEq map[string]any

func (NotEq) ToSql() (string, []any, error) { return "", nil, nil }

type Or []Sqlizer

func (Or) ToSql() (string, []any, error) { return "", nil, nil }

type And []Sqlizer

func (And) ToSql() (string, []any, error) { return "", nil, nil }

func Expr(sql string, args ...any) Sqlizer { return nil }

type PlaceholderFormat interface {
	ReplacePlaceholders(sql string) (string, error)
}

var Dollar PlaceholderFormat

type StatementBuilderType struct{}

var StatementBuilder = StatementBuilderType{}

func (b StatementBuilderType) PlaceholderFormat(f PlaceholderFormat) StatementBuilderType { return b }
func (b StatementBuilderType) Select(columns ...string) SelectBuilder                     { return SelectBuilder{} }
func (b StatementBuilderType) Update(table string) UpdateBuilder                          { return UpdateBuilder{} }
func (b StatementBuilderType) Delete(from string) DeleteBuilder                           { return DeleteBuilder{} }
func (b StatementBuilderType) Insert(into string) InsertBuilder                           { return InsertBuilder{} }

func Select(columns ...string) SelectBuilder { return SelectBuilder{} }
func Update(table string) UpdateBuilder      { return UpdateBuilder{} }
func Delete(from string) DeleteBuilder       { return DeleteBuilder{} }
func Insert(into string) InsertBuilder       { return InsertBuilder{} }

type SelectBuilder struct{}

func (b SelectBuilder) From(from string) SelectBuilder                            { return b }
func (b SelectBuilder) FromSelect(from SelectBuilder, alias string) SelectBuilder { return b }
func (b SelectBuilder) LeftJoin(join string, rest ...any) SelectBuilder           { return b }
func (b SelectBuilder) Join(join string, rest ...any) SelectBuilder               { return b }
func (b SelectBuilder) Where(pred any, args ...any) SelectBuilder                 { return b }
func (b SelectBuilder) OrderBy(by ...string) SelectBuilder                        { return b }
func (b SelectBuilder) Limit(n uint64) SelectBuilder                              { return b }
func (b SelectBuilder) RunWith(db any) SelectBuilder                              { return b }
func (b SelectBuilder) ToSql() (string, []any, error)                             { return "", nil, nil }
func (b SelectBuilder) Query() (*sql.Rows, error)                                 { return nil, nil }

type UpdateBuilder struct{}

func (b UpdateBuilder) Set(column string, value any) UpdateBuilder  { return b }
func (b UpdateBuilder) SetMap(clauses map[string]any) UpdateBuilder { return b }
func (b UpdateBuilder) Where(pred any, args ...any) UpdateBuilder   { return b }
func (b UpdateBuilder) ToSql() (string, []any, error)               { return "", nil, nil }

type DeleteBuilder struct{}

func (b DeleteBuilder) Where(pred any, args ...any) DeleteBuilder { return b }
func (b DeleteBuilder) ToSql() (string, []any, error)             { return "", nil, nil }

type InsertBuilder struct{}

func (b InsertBuilder) Columns(columns ...string) InsertBuilder      { return b }
func (b InsertBuilder) Values(values ...any) InsertBuilder           { return b }
func (b InsertBuilder) SetMap(clauses map[string]any) InsertBuilder  { return b }
func (b InsertBuilder) Suffix(sql string, args ...any) InsertBuilder { return b }
func (b InsertBuilder) ToSql() (string, []any, error)                { return "", nil, nil }
