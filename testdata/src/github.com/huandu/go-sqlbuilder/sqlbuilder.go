// Package sqlbuilder has the parts of the real package that the tests call.
package sqlbuilder

type Flavor int

const PostgreSQL Flavor = 2

type Builder interface {
	Build() (sql string, args []any)
	BuildWithFlavor(flavor Flavor, initial ...any) (sql string, args []any)
	Flavor() Flavor
}

type Cond struct{ Args *Args }

func (*Cond) Equal(field string, value any) string  { return "" }
func (*Cond) EQ(field string, value any) string     { return "" }
func (*Cond) In(field string, values ...any) string { return "" }
func (*Cond) Or(or ...string) string                { return "" }
func (*Cond) Exists(subquery any) string            { return "" }
func (*Cond) Var(value any) string                  { return "" }
func (*Cond) IsNull(field string) string            { return "" }

type Args struct{}

type WhereClause struct{}

func NewWhereClause() *WhereClause                                               { return nil }
func CopyWhereClause(wc *WhereClause) *WhereClause                               { return nil }
func (wc *WhereClause) AddWhereExpr(args *Args, andExpr ...string) *WhereClause  { return wc }
func (wc *WhereClause) AddWhereClause(whereClause *WhereClause) *WhereClause     { return wc }
func (wc *WhereClause) Build() (string, []any)                                   { return "", nil }
func (wc *WhereClause) BuildWithFlavor(f Flavor, initial ...any) (string, []any) { return "", nil }
func (wc *WhereClause) Flavor() Flavor                                           { return 0 }

type SelectBuilder struct {
	*WhereClause
	Cond
}

func (s *SelectBuilder) AddWhereClause(wc *WhereClause) *SelectBuilder { return s }
func (s *UpdateBuilder) AddWhereClause(wc *WhereClause) *UpdateBuilder { return s }
func (s *DeleteBuilder) AddWhereClause(wc *WhereClause) *DeleteBuilder { return s }

func NewSelectBuilder() *SelectBuilder                                            { return nil }
func Select(col ...string) *SelectBuilder                                         { return nil }
func (Flavor) NewSelectBuilder() *SelectBuilder                                   { return nil }
func (Flavor) NewUpdateBuilder() *UpdateBuilder                                   { return nil }
func (Flavor) NewDeleteBuilder() *DeleteBuilder                                   { return nil }
func (Flavor) NewInsertBuilder() *InsertBuilder                                   { return nil }
func (s *SelectBuilder) Select(col ...string) *SelectBuilder                      { return s }
func (s *SelectBuilder) From(table ...string) *SelectBuilder                      { return s }
func (s *SelectBuilder) Join(table string, on ...string) *SelectBuilder           { return s }
func (s *SelectBuilder) Where(and ...string) *SelectBuilder                       { return s }
func (s *SelectBuilder) OrderBy(col ...string) *SelectBuilder                     { return s }
func (s *SelectBuilder) Limit(n int) *SelectBuilder                               { return s }
func (s *SelectBuilder) Clone() *SelectBuilder                                    { return s }
func (s *SelectBuilder) With(b *CTEBuilder) *SelectBuilder                        { return s }
func (s *SelectBuilder) BuilderAs(b Builder, alias string) string                 { return "" }
func (s *SelectBuilder) Build() (string, []any)                                   { return "", nil }
func (s *SelectBuilder) BuildWithFlavor(f Flavor, initial ...any) (string, []any) { return "", nil }
func (s *SelectBuilder) Flavor() Flavor                                           { return 0 }
func (s *SelectBuilder) String() string                                           { return "" }

type UpdateBuilder struct {
	*WhereClause
	Cond
}

func Update(table ...string) *UpdateBuilder                                       { return nil }
func (s *UpdateBuilder) Update(table ...string) *UpdateBuilder                    { return s }
func (s *UpdateBuilder) Set(assignment ...string) *UpdateBuilder                  { return s }
func (s *UpdateBuilder) Assign(field string, value any) string                    { return "" }
func (s *UpdateBuilder) Where(and ...string) *UpdateBuilder                       { return s }
func (s *UpdateBuilder) Build() (string, []any)                                   { return "", nil }
func (s *UpdateBuilder) BuildWithFlavor(f Flavor, initial ...any) (string, []any) { return "", nil }
func (s *UpdateBuilder) Flavor() Flavor                                           { return 0 }

type DeleteBuilder struct {
	*WhereClause
	Cond
}

func DeleteFrom(table ...string) *DeleteBuilder                                   { return nil }
func (s *DeleteBuilder) DeleteFrom(table ...string) *DeleteBuilder                { return s }
func (s *DeleteBuilder) Using(table ...string) *DeleteBuilder                     { return s }
func (s *DeleteBuilder) Where(and ...string) *DeleteBuilder                       { return s }
func (s *DeleteBuilder) Build() (string, []any)                                   { return "", nil }
func (s *DeleteBuilder) BuildWithFlavor(f Flavor, initial ...any) (string, []any) { return "", nil }
func (s *DeleteBuilder) Flavor() Flavor                                           { return 0 }

type InsertBuilder struct{}

func InsertInto(table string) *InsertBuilder                                      { return nil }
func (s *InsertBuilder) InsertInto(table string) *InsertBuilder                   { return s }
func (s *InsertBuilder) Cols(col ...string) *InsertBuilder                        { return s }
func (s *InsertBuilder) Values(value ...any) *InsertBuilder                       { return s }
func (s *InsertBuilder) Select(col ...string) *SelectBuilder                      { return nil }
func (s *InsertBuilder) Build() (string, []any)                                   { return "", nil }
func (s *InsertBuilder) BuildWithFlavor(f Flavor, initial ...any) (string, []any) { return "", nil }
func (s *InsertBuilder) Flavor() Flavor                                           { return 0 }

type UnionBuilder struct{}

func Union(b ...Builder) *UnionBuilder                                           { return nil }
func (s *UnionBuilder) Build() (string, []any)                                   { return "", nil }
func (s *UnionBuilder) BuildWithFlavor(f Flavor, initial ...any) (string, []any) { return "", nil }
func (s *UnionBuilder) Flavor() Flavor                                           { return 0 }

type CTEQueryBuilder struct{}

func CTEQuery(name string, cols ...string) *CTEQueryBuilder { return nil }
func (s *CTEQueryBuilder) As(b Builder) *CTEQueryBuilder    { return s }

type CTEBuilder struct{}

func With(q ...*CTEQueryBuilder) *CTEBuilder              { return nil }
func (s *CTEBuilder) Select(col ...string) *SelectBuilder { return nil }

type Struct struct{}

func NewStruct(v any) *Struct                                      { return nil }
func (s *Struct) For(f Flavor) *Struct                             { return s }
func (s *Struct) WithoutTag(tags ...string) *Struct                { return s }
func (s *Struct) SelectFrom(table string) *SelectBuilder           { return nil }
func (s *Struct) Update(table string, v any) *UpdateBuilder        { return nil }
func (s *Struct) InsertInto(table string, v ...any) *InsertBuilder { return nil }

func Build(format string, args ...any) Builder  { return nil }
func Buildf(format string, args ...any) Builder { return nil }
