package lawtest

import (
	"fmt"
	"strconv"
	"strings"
)

func (g *generator) insert(outer *scope) query {
	g.mark("insert")
	t := g.target("INSERT INTO", false)
	if g.chance(5) {
		g.mark("insert default values")
		return g.returning(t.text+" DEFAULT VALUES", newScope(outer, t.part()), t)
	}
	columns := g.insertColumns(t.table)
	text := t.text + g.either(" (", "(") + columnList(columns) + ") "
	if g.chance(2) {
		g.mark("overriding")
		text += "OVERRIDING USER VALUE "
	}
	upsert := g.chance(40)
	text += g.source(t.table, columns, upsert)
	if upsert {
		text += g.conflict(t)
	}
	return g.returning(text, newScope(outer, t.part()), t)
}

// insertColumns begins with the key, so that new rows do not collide with each
// other.
func (g *generator) insertColumns(t *table) []column {
	columns := []column{{t.key, integer}}
	for _, c := range t.columns {
		switch {
		case c.name == t.key:
		case c.name == t.owner:
			if g.chance(50) {
				g.mark("insert with the organization")
				columns = append(columns, c)
			} else {
				g.mark("insert without the organization")
			}
		case c.name == "slug" || c.name == "email":
			columns = append(columns, c)
		case c.name == "code" && t.open:
			columns = append(columns, c)
		case g.chance(45):
			columns = append(columns, c)
		}
	}
	g.rng.Shuffle(len(columns), func(i, j int) { columns[i], columns[j] = columns[j], columns[i] })
	return columns
}

// source gives the rows to insert; upsert tells whether they may collide with
// those that there are.
func (g *generator) source(t *table, columns []column, upsert bool) string {
	n := g.rng.IntN(100)
	switch {
	case n < 45 || g.budget <= 0:
		return g.insertValues(t, columns, upsert, g.chance(8))
	case n < 70:
		g.mark("insert select")
		return g.insertSelect(t, columns, inSelect)
	case n < 80:
		g.mark("insert union")
		a, b := g.insertSelect(t, columns, inArm), g.insertSelect(t, columns, inArm)
		sql := a + g.either(" UNION ALL ", " UNION ", " EXCEPT ") + b
		if upsert {
			// Of two rows with one key the first stays, and a UNION is in any order.
			sql += " ORDER BY 1"
			for i := 1; i < len(columns); i++ {
				sql += ", " + strconv.Itoa(i+1)
			}
		}
		if g.chance(30) {
			return "(" + sql + ")"
		}
		return sql
	case n < 83:
		return g.insertQuery(t, columns)
	case n < 90:
		g.mark("insert from a series")
		see := &scope{}
		list := g.newRow(t, columns, "n", see, inSelect)
		return fmt.Sprintf("SELECT %s FROM generate_series(%d, %d) AS s (n)", list, 31+g.rng.IntN(5), 36+g.rng.IntN(3))
	default:
		g.mark("insert with")
		ctes := len(g.ctes)
		defer func() { g.ctes = g.ctes[:ctes] }()
		with := g.with(false)
		if g.chance(40) {
			g.mark("insert with values")
			return with + g.insertValues(t, columns, upsert, true)
		}
		return with + g.insertSelect(t, columns, inSelect)
	}
}

// insertValues writes VALUES; general tells whether they are a query like any
// other, in which nothing has the type of the column that it is for.
func (g *generator) insertValues(t *table, columns []column, upsert, general bool) string {
	g.mark("insert values")
	first := 12 + g.rng.IntN(40)
	if upsert || g.chance(10) {
		first = 1 + g.rng.IntN(12)
	}
	where := inValues
	if general {
		where = inQuery
	}
	rows := make([]string, 1+g.rng.IntN(3))
	for i := range rows {
		rows[i] = "(" + g.newRow(t, columns, strconv.Itoa(first+i), &scope{}, where) + ")"
	}
	sql := "VALUES " + strings.Join(rows, ", ")
	switch {
	case general && g.chance(70):
		g.mark("insert ordered values")
		return sql + " ORDER BY 1" + g.either("", " LIMIT 5")
	case g.chance(6):
		g.mark("insert values in brackets")
		return "(" + sql + ")"
	}
	return sql
}

// insertSelect reads one table, perhaps joined by key, so that keys stay
// unique.
func (g *generator) insertSelect(t *table, columns []column, where place) string {
	g.budget--
	source := tables[g.rng.IntN(3)]
	if g.chance(15) {
		source = tables[7]
	}
	it := &item{ref: g.alias(map[string]bool{}), columns: source.columns, base: source, alias: true}
	p := &part{items: []*item{it}, star: it.columns}
	from := g.tableName(source) + " AS " + quote(it.ref)
	if g.chance(30) && g.budget > 0 {
		g.budget--
		other := tables[g.rng.IntN(2)]
		o := &item{ref: g.alias(map[string]bool{it.ref: true}), columns: other.columns, base: other, alias: true}
		from += g.either(" JOIN ", " LEFT JOIN ") + g.tableName(other) + " AS " + quote(o.ref) + " ON " +
			quote(o.ref) + "." + quote(other.key) + " = " + pick(g, g.links(p))
		p = &part{items: []*item{it, o}, star: append(append([]column(nil), it.columns...), o.columns...)}
	}
	see := newScope(nil, p)
	key := quote(it.ref) + "." + quote(source.key)
	if g.chance(60) {
		key += " + " + strconv.Itoa(20+g.rng.IntN(20))
	}
	sql := "SELECT " + g.newRow(t, columns, key, see, where) + " FROM " + from
	if g.chance(80) {
		sql += " WHERE " + g.condition(see, 2)
	}
	return sql
}

// insertQuery inserts what any query gives. Of rows that are the same it does not
// matter which gets which key.
func (g *generator) insertQuery(t *table, columns []column) string {
	g.mark("insert of any query")
	q := g.query(nil, []kind{text}, queryOptions{})
	row := []column{{"v", text}}
	see := &scope{items: []*item{{ref: "r", columns: row, alias: true}}, star: row}
	return "SELECT " + g.newRow(t, columns, "20 + (row_number() OVER (ORDER BY r.v))::int", see, inSelect) + " FROM (" + q.text + ") AS r (v)"
}

// place is where the values of a new row stand.
type place uint8

const (
	inValues place = iota // the INSERT's own VALUES: DEFAULT is allowed, and the column gives a value its type
	inSelect              // a SELECT: the column gives a constant its type
	inQuery               // VALUES with a WITH or a tail
	inArm                 // a SELECT that is combined with others: NULL is not yet the organization when they are compared
)

// newRow lists the values of one new row.
func (g *generator) newRow(t *table, columns []column, key string, see *scope, where place) string {
	values := make([]string, len(columns))
	for i, c := range columns {
		switch {
		case c.name == t.key:
			values[i] = key
		case c.name == t.owner:
			values[i] = g.organizationValue(t, see, where)
		case t.open && c.name == "code" && g.chance(60):
			values[i] = "'b-' || " + strconv.Itoa(1+g.rng.IntN(10)) // B has some of them
		case c.name == "slug" || c.name == "email" || t.open && c.name == "code":
			values[i] = "'" + g.either("s-", "s", "b-") + "' || " + g.either(key, strconv.Itoa(1+g.rng.IntN(12)))
		case c.name == "task_id" && t.name == "comments":
			values[i] = strconv.Itoa(1 + g.rng.IntN(8)) // a foreign key
		case where == inValues && g.chance(8):
			g.mark("default in values")
			values[i] = "DEFAULT"
		default:
			values[i] = g.cast(g.expr(c.kind, see, 2), c.kind)
		}
	}
	return strings.Join(values, ", ")
}

// organizationValue is the organization, or what stands for it.
func (g *generator) organizationValue(t *table, see *scope, where place) string {
	n := g.rng.IntN(100)
	cast := ""
	if where != inValues {
		cast = "::uuid"
	}
	switch {
	case n < 25:
		g.mark("organization from a parameter")
		return g.param(orgA) + cast
	case n < 40:
		g.mark("organization from a literal")
		if where > inSelect {
			return "'" + orgA + "'::uuid"
		}
		return "'" + orgA + "'" + g.either("", "::uuid")
	case n < 55:
		g.mark("organization from nil")
		return g.null() + cast
	case n < 65:
		g.mark("organization from the zero id")
		return g.param("00000000-0000-0000-0000-000000000000") + "::uuid"
	case n < 75 && t.name != "events" && where != inArm:
		// Partitioned tables cannot be told to fill it in.
		g.mark("organization from null")
		if where == inQuery {
			return "NULL::uuid"
		}
		return g.either("NULL", "NULL::uuid")
	case n < 82 && where == inValues:
		g.mark("organization from default")
		return "DEFAULT"
	case n < 84:
		return "'" + orgB + "'::uuid"
	}
	if refs := see.references(uuid); len(refs) > 0 {
		g.mark("organization from a column")
		return pick(g, refs).sql
	}
	return "'" + orgA + "'::uuid"
}

// conflict is ON CONFLICT on a key that the organization leads, or, where the
// table has others, on those.
func (g *generator) conflict(t target) string {
	key := "(" + quote(t.table.key) + ")"
	if t.table.owned() {
		key = g.either("(organization_id, id)", "(id, organization_id)")
	}
	if t.table.owned() && g.chance(12) {
		g.mark("conflict target with more than columns")
		key = g.either("(organization_id uuid_ops, id int4_ops)", "(organization_id, id) WHERE true", "(id pg_catalog.int4_ops, organization_id)")
	}
	switch t.table.name {
	case "Odd Items":
		key = `("Org Id", "Id")`
	case "projects":
		key = g.either(key, "(organization_id, slug)", "ON CONSTRAINT projects_pkey")
	case "labels":
		key = g.either("(id)", "(code)", "(code)", "ON CONSTRAINT labels_code_key")
		g.mark("on conflict with a key of all organizations")
	}
	if g.chance(40) {
		g.mark("on conflict do nothing")
		if g.chance(40) {
			key = ""
		}
		return " ON CONFLICT " + key + " DO NOTHING"
	}
	g.mark("on conflict do update")
	excluded := &item{ref: "excluded", columns: t.table.columns, alias: true}
	see := &scope{items: []*item{t.item, excluded}}
	text := " ON CONFLICT " + key + " DO UPDATE SET " + g.assignments(t.table, see, t.item)
	if g.chance(40) {
		g.mark("on conflict where")
		text += " WHERE " + g.condition(see, 1)
	}
	return text
}
