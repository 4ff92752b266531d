package sinks

import (
	"go/types"
	"strings"
)

// form is how the parameters of a sink are laid out.
type form uint8

const (
	queryForm   form = iota + 1 // [ctx,] [db,] sql, args...
	prepareForm                 // [ctx,] [db,] [name,] sql
	destForm                    // [ctx,] [db,] dest, sql, args...
	copyForm                    // [ctx,] table, columns, source; or ctx, reader, sql
	buildForm                   // [ctx,] db, builder
	ownForm                     // of a builder, which runs itself
)

// table is every function and method that hands SQL to a database: by the
// library, with everything below its import path, the form and the names.
//
// That nothing is missing is tested against the real packages, of which
// testdata has the list: those of this module here, and those of other
// libraries in integration/sinks.
var table = []struct {
	library string
	form    form
	names   string
}{
	{"database/sql", queryForm, "Query QueryContext QueryRow QueryRowContext Exec ExecContext"},
	{"database/sql", prepareForm, "Prepare PrepareContext"},

	{"github.com/jackc/pgx", queryForm, "Query QueryRow Exec Queue"},
	{"github.com/jackc/pgx", queryForm, "ExecParams SendQueryParams CopyTo"},       // pgconn
	{"github.com/jackc/pgx", queryForm, "QueryContext ExecContext QueryEx ExecEx"}, // stdlib, and pgx before v4
	{"github.com/jackc/pgx", prepareForm, "Prepare PrepareContext SendPrepare PrepareEx"},
	{"github.com/jackc/pgx", copyForm, "CopyFrom"},
	{"github.com/jackc/pgconn", queryForm, "Exec ExecParams CopyTo"},
	{"github.com/jackc/pgconn", prepareForm, "Prepare"},
	{"github.com/jackc/pgconn", copyForm, "CopyFrom"},

	{"github.com/jmoiron/sqlx", queryForm, "Query QueryContext QueryRow QueryRowContext Exec ExecContext"},
	{"github.com/jmoiron/sqlx", queryForm, "Queryx QueryxContext QueryRowx QueryRowxContext MustExec MustExecContext"},
	{"github.com/jmoiron/sqlx", queryForm, "NamedExec NamedExecContext NamedQuery NamedQueryContext"},
	{"github.com/jmoiron/sqlx", prepareForm, "Prepare PrepareContext Preparex PreparexContext PrepareNamed PrepareNamedContext"},
	{"github.com/jmoiron/sqlx", destForm, "Select SelectContext Get GetContext"},

	{"github.com/georgysavva/scany", destForm, "Select Get"},
	{"github.com/georgysavva/scany", queryForm, "Query QueryContext"},

	{"github.com/uptrace/bun", queryForm, "Query QueryContext QueryRow QueryRowContext Exec ExecContext NewRaw NewRawQuery"},
	{"github.com/uptrace/bun", prepareForm, "Prepare PrepareContext"},
	{"github.com/uptrace/bun", ownForm, "Scan ScanAndCount Count Exists Rows"},

	{"github.com/Masterminds/squirrel", queryForm, "Query QueryContext QueryRow QueryRowContext Exec ExecContext"},
	{"github.com/Masterminds/squirrel", prepareForm, "Prepare PrepareContext"},
	{"github.com/Masterminds/squirrel", buildForm, "QueryWith QueryContextWith QueryRowWith QueryRowContextWith ExecWith ExecContextWith"},
	{"github.com/Masterminds/squirrel", ownForm, "Scan ScanContext"},

	{"github.com/doug-martin/goqu", queryForm, "Query QueryContext QueryRow QueryRowContext Exec ExecContext"},
	{"github.com/doug-martin/goqu", prepareForm, "Prepare PrepareContext"},
	{"github.com/doug-martin/goqu", destForm, "ScanStruct ScanStructContext ScanStructs ScanStructsContext"},
	{"github.com/doug-martin/goqu", destForm, "ScanVal ScanValContext ScanVals ScanValsContext"},
	{"github.com/doug-martin/goqu", ownForm, "Executor Count CountContext Pluck PluckContext"},

	{"gorm.io/gorm", queryForm, "Raw Exec QueryContext QueryRowContext ExecContext"},
	{"gorm.io/gorm", prepareForm, "PrepareContext"},
}

// fields are the fields of pgx's structs that hold SQL which pgx runs by
// itself.
var fields = map[string][]string{
	"TxOptions":   {"BeginQuery", "CommitQuery"},
	"QueuedQuery": {"SQL"},
}

// builders are libraries that make SQL and do not run it.
var builders = []string{
	"github.com/huandu/go-sqlbuilder",
	"github.com/sigrahq/sigra/runtime/query",
}

// Have: calls[library][name] is the form of what a library calls so, and
// shapes[name] that of a method of a type that nobody knows.
var (
	calls  = map[string]map[string]form{}
	shapes = map[string]form{}
)

func init() {
	for _, row := range table {
		if calls[row.library] == nil {
			calls[row.library] = map[string]form{}
		}
		for name := range strings.FieldsSeq(row.names) {
			calls[row.library][name] = row.form
			if row.form < buildForm {
				shapes[name] = row.form
			}
		}
	}
}

// Library tells whether a package is one whose sinks or builders are known
// here. Such packages need no analysis of their own.
func Library(path string) bool {
	path = unvendored(path)
	if libraryOf(path) != "" {
		return true
	}
	for _, root := range builders {
		if under(path, root) {
			return true
		}
	}
	return false
}

// libraryOf is the library of the table that a package belongs to; empty when
// there is none.
func libraryOf(path string) string {
	path = unvendored(path)
	for root := path; root != ""; {
		if calls[root] != nil {
			return root
		}
		root = root[:max(0, strings.LastIndexByte(root, '/'))]
	}
	return ""
}

func isLibrary(pkg *types.Package) bool { return pkg != nil && libraryOf(pkg.Path()) != "" }

// writes tells whether a library of the table is there to write SQL, although
// it can run it too.
func writes(pkg *types.Package) bool {
	root := libraryOf(pkg.Path())
	return root == "github.com/Masterminds/squirrel" || root == "github.com/doug-martin/goqu"
}

func under(path, root string) bool {
	rest, ok := strings.CutPrefix(path, root)
	return ok && (rest == "" || rest[0] == '/')
}

func unvendored(path string) string {
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return path
}
