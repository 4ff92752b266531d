package query

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/pgsql"
)

// ownershipColumn is the column that says whose a row is, unless [Column] names
// another one.
const ownershipColumn = "organization_id"

// TableOption changes what [Declare] says about a table.
type TableOption func(*tableOptions)

type tableOptions struct{ column string }

// Column names the ownership column of a table where it is not organization_id.
// The name is written as in a db tag: without quotes, as PostgreSQL stores it.
func Column(name string) TableOption {
	return func(o *tableOptions) { o.column = name }
}

// Declare says that the rows of a table belong to organizations and are read
// into M. Call it once for each model, in a package-level variable and with a
// constant name:
//
//	var Invoices = query.Declare[Invoice]("invoices")
//	var Lines = query.Declare[Line]("billing.lines")
//	var Odd = query.Declare[Oddity](`"Odd Name"`)
//
// The table is named as in SQL. Without a schema it is in public, or in the
// first of the schemas that [SearchPath] names. Views are declared like tables.
//
// Declare panics unless M is a struct with exactly one exported field for the
// ownership column, of type uuid.UUID. It also panics when the table was
// declared as shared, or with another ownership column, and then names both
// places. Several models of one table are fine.
//
// # Columns
//
// The columns of M are those that pgx.RowToStructByName reads: one for each
// exported field, the fields of structs that are embedded by value included. A
// column has the name in the db tag up to the first comma, or the field's name
// in snake case: a CreatedAt is created_at. A field with the tag db:"-" has
// none.
//
// The primary key is the fields with fieldtag:"pk", or without any the column
// id.
func Declare[M any](table string, opts ...TableOption) Table[M] {
	place := caller(1)
	o := tableOptions{column: ownershipColumn}
	for _, opt := range opts {
		opt(&o)
	}
	typ := reflect.TypeFor[M]()
	columns, err := readModel(typ, o.column)
	if err != nil {
		panic(fmt.Sprintf("query: Declare[%v](%q) at %s: %v", typ, table, place, err))
	}
	declared.add(table, orgfilter.Owned, o.column, place)
	return newTable[M](table, columns)
}

// Owned says that the rows of tables belong to organizations by their
// organization_id, for tables that have no model. It panics as [Declare] does.
//
//	var _ = query.Owned("invoice_search", "billing.totals")
func Owned(tables ...string) struct{} {
	declared.addAll(tables, orgfilter.Owned, ownershipColumn, caller(1))
	return struct{}{}
}

// Shared says that tables belong to no organization: statements may use them
// freely, also beside org-owned ones. It panics when a table was declared as
// owned, and then names both places.
//
//	var _ = query.Shared("users", "currencies")
func Shared(tables ...string) struct{} {
	declared.addAll(tables, orgfilter.Shared, "", caller(1))
	return struct{}{}
}

// SearchPath names the schemas in which PostgreSQL looks for a table that is
// named without one, in their order: the search_path of the application's
// connections. Without it that is public.
//
//	var _ = query.SearchPath("app", "public")
//
// A table that is declared without a schema is in the first of them. It does not
// matter whether a table is declared before or after. SearchPath panics when it
// was called before with other schemas, and when two declarations turn out to be
// about one table and to disagree.
func SearchPath(schemas ...string) struct{} {
	declared.search(schemas, caller(1))
	return struct{}{}
}

// caller is the place that called the exported function, skip levels further up.
func caller(skip int) string {
	_, file, line, ok := runtime.Caller(skip + 1)
	if !ok {
		return "an unknown place"
	}
	return file + ":" + strconv.Itoa(line)
}

// registry is what the application declared.
type registry struct {
	mu        sync.Mutex
	decls     []declaration
	catalog   *orgfilter.Catalog
	places    map[[2]string]string // of the first declaration, by schema and name
	path      []string
	pathPlace string

	limits      Limits
	limitsPlace string

	// known is nil after a change, until somebody asks: declarations come in
	// great numbers when the program starts, and hardly ever later.
	known atomic.Pointer[knowledge]
}

type declaration struct {
	name   string
	kind   orgfilter.Kind
	column string
	place  string
}

var declared = newRegistry()

func newRegistry() *registry {
	return &registry{catalog: orgfilter.NewCatalog(), places: map[[2]string]string{}, limits: defaultLimits}
}

// now is what is declared at the moment.
func (r *registry) now() *knowledge {
	if k := r.known.Load(); k != nil {
		return k
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if k := r.known.Load(); k != nil {
		return k
	}
	k := newKnowledge(r.catalog.Clone(), r.limits)
	r.known.Store(k)
	return k
}

func (r *registry) addAll(tables []string, kind orgfilter.Kind, column, place string) {
	for _, table := range tables {
		r.add(table, kind, column, place)
	}
}

func (r *registry) add(table string, kind orgfilter.Kind, column, place string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := declaration{name: table, kind: kind, column: column, place: place}
	if err := enter(r.catalog, r.places, d); err != nil {
		panic("query: " + err.Error())
	}
	r.decls = append(r.decls, d)
	r.known.Store(nil)
}

// enter adds a declaration to a catalog; the error names both places of a
// conflict.
func enter(c *orgfilter.Catalog, places map[[2]string]string, d declaration) error {
	t, err := c.Add(d.name, d.kind, d.column)
	if conflict, ok := errors.AsType[*orgfilter.ConflictError](err); ok {
		have := conflict.Have
		return fmt.Errorf("%w: at %s and at %s; keep one of them", err, places[[2]string{have.Schema, have.Name}], d.place)
	}
	if err != nil {
		return fmt.Errorf("%w: at %s; write it as in SQL: name, schema.name, or in double quotes", err, d.place)
	}
	key := [2]string{t.Schema, t.Name}
	if _, ok := places[key]; !ok {
		places[key] = d.place
	}
	return nil
}

func (r *registry) search(schemas []string, place string) {
	path, err := schemaNames(schemas)
	if err != nil {
		panic(fmt.Sprintf("query: SearchPath at %s: %v", place, err))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.path != nil {
		if !slices.Equal(r.path, path) {
			panic(fmt.Sprintf("query: search path is both %s and %s: at %s and at %s; keep one of them",
				strings.Join(r.path, ", "), strings.Join(path, ", "), r.pathPlace, place))
		}
		return
	}
	// What was declared without a schema is another table from now on.
	catalog, places := orgfilter.NewCatalog(path...), map[[2]string]string{}
	for _, d := range r.decls {
		if err := enter(catalog, places, d); err != nil {
			panic(fmt.Sprintf("query: with the search path at %s: %v", place, err))
		}
	}
	r.path, r.pathPlace = path, place
	r.catalog, r.places = catalog, places
	r.known.Store(nil)
}

func schemaNames(schemas []string) ([]string, error) {
	if len(schemas) == 0 {
		return nil, errors.New("no schema is named; name at least one")
	}
	var path []string
	for _, s := range schemas {
		qualifier, name, err := pgsql.ParseName(s)
		if err != nil {
			return nil, fmt.Errorf("schema name %q: %w", s, err)
		}
		if qualifier != "" {
			return nil, fmt.Errorf("schema name %q has two parts; name each schema by itself", s)
		}
		path = append(path, name)
	}
	return path, nil
}
