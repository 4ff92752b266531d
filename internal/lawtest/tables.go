package lawtest

import (
	"github.com/sigrahq/sigra/internal/orgfilter"
)

// kind is the type of an expression, as far as the generator cares.
type kind uint8

const (
	integer kind = iota
	text
	boolean
	uuid
	integers
	document
	other // shown, but not used in expressions
)

var sqlType = [...]string{integer: "int", text: "text", boolean: "boolean", uuid: "uuid", integers: "int[]", document: "jsonb"}

type column struct {
	name string
	kind kind
}

// table is one table of schema.sql. Every column has a default or may be NULL,
// so that an insert may leave out any.
type table struct {
	schema  string // empty for public
	name    string
	kind    orgfilter.Kind
	owner   string // the ownership column
	key     string // unique inside an organization, and never assigned by an update
	columns []column
	open    bool // has unique keys that are not led by the organization
	view    bool // read only
}

func (t *table) owned() bool { return t.kind == orgfilter.Owned }

// assignable are the columns that an update may set: values that collide in no
// order of execution.
func (t *table) assignable() []column {
	var free []column
	for _, c := range t.columns {
		if c.name != t.owner && c.name != t.key && c.name != "slug" && c.name != "code" && c.name != "email" {
			free = append(free, c)
		}
	}
	return free
}

var tables = []*table{
	{name: "projects", kind: orgfilter.Owned, owner: "organization_id", key: "id", columns: []column{
		{"id", integer}, {"organization_id", uuid}, {"slug", text}, {"name", text}, {"user_id", integer}, {"parent_id", integer},
		{"points", integer}, {"code", text}, {"done", boolean}, {"tags", integers}, {"meta", document}}},
	{name: "tasks", kind: orgfilter.Owned, owner: "organization_id", key: "id", columns: []column{
		{"organization_id", uuid}, {"id", integer}, {"project_id", integer}, {"parent_id", integer}, {"user_id", integer},
		{"name", text}, {"points", integer}, {"code", text}, {"done", boolean}, {"tags", integers}}},
	{name: "comments", kind: orgfilter.Owned, owner: "organization_id", key: "id", columns: []column{
		{"id", integer}, {"task_id", integer}, {"body", text}, {"user_id", integer}, {"points", integer}, {"organization_id", uuid}}},
	{name: "labels", kind: orgfilter.Owned, owner: "organization_id", key: "id", open: true, columns: []column{
		{"id", integer}, {"organization_id", uuid}, {"code", text}, {"name", text}, {"task_id", integer}}},
	{name: "events", kind: orgfilter.Owned, owner: "organization_id", key: "id", columns: []column{
		{"organization_id", uuid}, {"id", integer}, {"project_id", integer}, {"name", text}, {"points", integer}}},
	{schema: "billing", name: "invoices", kind: orgfilter.Owned, owner: "organization_id", key: "id", columns: []column{
		{"id", integer}, {"organization_id", uuid}, {"project_id", integer}, {"amount", integer}, {"name", text}, {"done", boolean}}},
	{name: "Odd Items", kind: orgfilter.Owned, owner: "Org Id", key: "Id", columns: []column{
		{"Id", integer}, {"Org Id", uuid}, {"Select", text}, {"task_id", integer}, {"points", integer}}},
	{name: "users", kind: orgfilter.Shared, key: "id", columns: []column{
		{"id", integer}, {"name", text}, {"email", text}, {"points", integer}, {"done", boolean}}},
	{name: "plans", kind: orgfilter.Shared, key: "id", columns: []column{
		{"id", integer}, {"name", text}, {"points", integer}}},
	// In another schema, one of the same name belongs to nobody.
	{schema: "billing", name: "users", kind: orgfilter.Owned, owner: "organization_id", key: "id", columns: []column{
		{"id", integer}, {"organization_id", uuid}, {"name", text}, {"points", integer}, {"done", boolean}}},
	{name: "open_tasks", kind: orgfilter.Owned, owner: "organization_id", key: "id", view: true, columns: []column{
		{"id", integer}, {"organization_id", uuid}, {"project_id", integer}, {"name", text}, {"points", integer}}},
	{name: "totals", kind: orgfilter.Owned, owner: "organization_id", key: "id", view: true, columns: []column{
		{"organization_id", uuid}, {"id", integer}, {"name", text}, {"n", integer}, {"points", integer}}},
}

// catalog declares the tables to the filter.
func catalog() (*orgfilter.Catalog, error) {
	c := orgfilter.NewCatalog()
	for _, t := range tables {
		if _, err := c.Add(t.sql(), t.kind, t.owner); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// sql is the table's name as a statement must write it.
func (t *table) sql() string {
	if t.schema == "" {
		return quote(t.name)
	}
	return quote(t.schema) + "." + quote(t.name)
}
