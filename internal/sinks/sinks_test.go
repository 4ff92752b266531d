package sinks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// check type-checks one file as the package of that path; the packages that
// it imports have to be known.
func check(t *testing.T, path, src string, known map[string]*types.Package) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: importer(known)}
	pkg, err := conf.Check(path, fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

type importer map[string]*types.Package

func (m importer) Import(path string) (*types.Package, error) { return m[path], nil }

const pgxSource = `package pgx

type Context interface{ Done() }
type Rows interface{ Next() bool }
type Identifier []string
type Source interface{ Next() bool }
type Conn struct{}

func (*Conn) Query(ctx Context, sql string, args ...any) (Rows, error) { return nil, nil }
func (*Conn) Prepare(ctx Context, name, sql string) error              { return nil }
func (*Conn) Ping(ctx Context, why string) error                       { return nil }
func (*Conn) CopyFrom(ctx Context, table Identifier, columns []string, src Source) (int64, error) {
	return 0, nil
}

type TxOptions struct {
	IsoLevel    string
	BeginQuery  string
	CommitQuery string
}

type Batch struct{}

func (*Batch) Queue(sql string, args ...any) {}
`

const scanySource = `package pgxscan

func Select(ctx any, db any, dst any, query string, args ...any) error { return nil }
func Exec(query string, args ...any) error                             { return nil }
`

const squirrelSource = `package squirrel

type Sqlizer interface{ ToSql() (string, []any, error) }
type SelectBuilder struct{}
type Row struct{}

func (SelectBuilder) QueryRow() *Row       { return nil }
func (SelectBuilder) Scan(dest ...any)     {}
func (SelectBuilder) From(from string)     {}
func (Row) Scan(dest ...any)               {}
func ExecWith(db any, s Sqlizer) error     { return nil }
`

const otherSource = `package other

import "github.com/jackc/pgx/v5"

type DBTX interface {
	Query(ctx pgx.Context, sql string, args ...any) (pgx.Rows, error)
}

type Mock struct{}

func (Mock) Query(sql string, args ...any) error           { return nil }
func (Mock) Exec(name string, args ...string) error        { return nil }
func (Mock) Get(key string) string                         { return "" }
func (Mock) Select(dest any, query string, args ...any) error { return nil }
func (Mock) Prepare(text string) error                     { return nil }

func Query(sql string, args ...any) error { return nil }
`

func TestSinksAreKnownByNameAndShape(t *testing.T) {
	t.Parallel()
	pgx := check(t, "github.com/jackc/pgx/v5", pgxSource, nil)
	scany := check(t, "github.com/georgysavva/scany/v2/pgxscan", scanySource, nil)
	squirrel := check(t, "github.com/Masterminds/squirrel", squirrelSource, nil)
	other := check(t, "example.com/other", otherSource, map[string]*types.Package{"github.com/jackc/pgx/v5": pgx})
	tests := []struct {
		pkg       *types.Package
		typ, name string
		want      Sink
		isNot     bool
	}{
		{pgx, "Conn", "Query", Sink{Name: "Query", Text: 1, Args: 2, Sure: true, Builder: -1, Table: -1, Columns: -1}, false},
		{pgx, "Conn", "Prepare", Sink{Name: "Prepare", Text: 2, Args: -1, Sure: true, Builder: -1, Table: -1, Columns: -1}, false},
		{pgx, "Conn", "Ping", Sink{}, true},
		{pgx, "Conn", "CopyFrom", Sink{Name: "CopyFrom", Text: -1, Args: -1, Sure: true, Builder: -1, Table: 1, Columns: 2}, false},
		{pgx, "Batch", "Queue", Sink{Name: "Queue", Text: 0, Args: 1, Sure: true, Builder: -1, Table: -1, Columns: -1}, false},
		{scany, "", "Exec", Sink{}, true},
		{squirrel, "SelectBuilder", "QueryRow", Sink{Name: "QueryRow", Text: -1, Args: -1, Sure: true, Builder: 0, Table: -1, Columns: -1}, false},
		{squirrel, "SelectBuilder", "Scan", Sink{Name: "Scan", Text: -1, Args: -1, Sure: true, Builder: 0, Table: -1, Columns: -1}, false},
		{squirrel, "SelectBuilder", "From", Sink{}, true},
		{squirrel, "Row", "Scan", Sink{}, true},
		{squirrel, "", "ExecWith", Sink{Name: "ExecWith", Text: -1, Args: -1, Sure: true, Builder: 1, Table: -1, Columns: -1}, false},
		{scany, "", "Select", Sink{Name: "Select", Text: 3, Args: 4, Sure: true, Builder: -1, Table: -1, Columns: -1}, false},
		{other, "DBTX", "Query", Sink{Name: "Query", Text: 1, Args: 2, Sure: true, Builder: -1, Table: -1, Columns: -1}, false},
		{other, "Mock", "Query", Sink{Name: "Query", Text: 0, Args: 1, Builder: -1, Table: -1, Columns: -1}, false},
		{other, "Mock", "Select", Sink{Name: "Select", Text: 1, Args: 2, Builder: -1, Table: -1, Columns: -1}, false},
		{other, "Mock", "Prepare", Sink{Name: "Prepare", Text: 0, Args: -1, Builder: -1, Table: -1, Columns: -1}, false},
		{other, "Mock", "Exec", Sink{}, true},
		{other, "Mock", "Get", Sink{}, true},
		{other, "", "Query", Sink{}, true},
	}
	for _, tt := range tests {
		obj := tt.pkg.Scope().Lookup(tt.name)
		if tt.typ != "" {
			obj, _, _ = types.LookupFieldOrMethod(types.NewPointer(tt.pkg.Scope().Lookup(tt.typ).Type()), true, tt.pkg, tt.name)
			if obj == nil { // an interface
				obj, _, _ = types.LookupFieldOrMethod(tt.pkg.Scope().Lookup(tt.typ).Type(), true, tt.pkg, tt.name)
			}
		}
		got, ok := Match(obj.(*types.Func))
		if ok == tt.isNot {
			t.Errorf("%s.%s: a sink: %t", tt.typ, tt.name, ok)
		}
		if !ok {
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s.%s: -want +got\n%s", tt.typ, tt.name, diff)
		}
	}

	options := pgx.Scope().Lookup("TxOptions").Type()
	for i, want := range []string{"", "BeginQuery", "CommitQuery", ""} {
		if got, _ := Field(types.NewPointer(options), i); got != want {
			t.Errorf("field %d of TxOptions: %q, want %q", i, got, want)
		}
	}
}

func TestLibrariesAreKnownByTheirPaths(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"database/sql": true, "database/sql/driver": true, "github.com/jackc/pgx/v5/pgxpool": true,
		"example.com/app/vendor/github.com/jmoiron/sqlx": true, "github.com/huandu/go-sqlbuilder": true,
		"database/sqlite": false, "github.com/jackc/pgxmock": false, "example.com/app": false,
	} {
		if got := Library(path); got != want {
			t.Errorf("Library(%q) = %t", path, got)
		}
	}
}
