package query

import (
	"reflect"

	"github.com/huandu/go-sqlbuilder"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// Table builds statements on a table whose rows are read into M. Its builders
// are go-sqlbuilder's, in PostgreSQL flavor, and not scoped yet: pass them
// through [ForOrg]. Make a Table with [Declare]; it is safe for concurrent use.
type Table[M any] struct {
	name    string
	columns []modelColumn
	selects []string // what SelectFrom selects, as go-sqlbuilder expects it
}

func newTable[M any](name string, columns []modelColumn) Table[M] {
	schema, relation, err := pgsql.ParseName(name)
	if err != nil {
		panic("query: " + err.Error()) // not reached: the registry has read the name
	}
	t := Table[M]{name: pgsql.QuoteTable(schema, relation), columns: columns, selects: make([]string, 0, len(columns))}
	relation = pgsql.QuoteName(relation)
	for _, c := range columns {
		// To the rest of the statement the table is known without schema.
		t.selects = append(t.selects, sqlbuilder.Escape(relation+"."+pgsql.QuoteName(c.name)))
	}
	return t
}

// Name returns the table's name as SQL spells it: with its schema when it was
// declared with one, and in quotes where it needs them.
func (t Table[M]) Name() string { return t.name }

// SelectFrom starts a SELECT of M's columns. They are qualified with the table's
// name, so that tables can be joined.
func (t Table[M]) SelectFrom() *sqlbuilder.SelectBuilder {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	// The builder may append to the list it is given.
	return sb.Select(t.selects[:len(t.selects):len(t.selects)]...).From(sqlbuilder.Escape(t.name))
}

// InsertInto starts an INSERT of rows. A zero primary key, and a zero field with
// the tag fieldopt:"omitempty", are left to the column's default. So is the
// ownership column to [ForOrg], which stamps it.
//
// Without rows the builder has columns and no values.
func (t Table[M]) InsertInto(rows ...M) *sqlbuilder.InsertBuilder {
	values := make([]reflect.Value, len(rows))
	for i := range rows {
		values[i] = reflect.ValueOf(&rows[i]).Elem()
	}
	ib := sqlbuilder.PostgreSQL.NewInsertBuilder().InsertInto(t.name)
	var names []string
	lists := make([][]any, len(rows))
	for _, c := range t.columns {
		zeros := 0
		if !c.owner && (c.key || c.omitEmpty) {
			for _, v := range values {
				if v.FieldByIndex(c.index).IsZero() {
					zeros++
				}
			}
		}
		if zeros > 0 && zeros == len(rows) {
			continue
		}
		names = append(names, pgsql.QuoteName(c.name))
		for i, v := range values {
			field := v.FieldByIndex(c.index)
			if zeros > 0 && field.IsZero() {
				lists[i] = append(lists[i], sqlbuilder.Raw("DEFAULT"))
				continue
			}
			lists[i] = append(lists[i], field.Interface())
		}
	}
	ib.Cols(names...)
	for _, list := range lists {
		ib.Values(list...)
	}
	return ib
}

// Update starts an UPDATE that sets every column of M but the primary key and
// the ownership column. It says nothing about which rows: without Where it is
// about all rows of the organization.
//
//	ub := Invoices.Update(invoice)
//	ub.Where(ub.EQ("id", invoice.ID))
func (t Table[M]) Update(row M) *sqlbuilder.UpdateBuilder {
	v := reflect.ValueOf(&row).Elem()
	ub := sqlbuilder.PostgreSQL.NewUpdateBuilder().Update(sqlbuilder.Escape(t.name))
	set := make([]string, 0, len(t.columns))
	for _, c := range t.columns {
		if c.key || c.owner {
			continue
		}
		set = append(set, ub.Assign(pgsql.QuoteName(c.name), v.FieldByIndex(c.index).Interface()))
	}
	return ub.Set(set...)
}

// DeleteFrom starts a DELETE. Without Where it is about all rows of the
// organization.
func (t Table[M]) DeleteFrom() *sqlbuilder.DeleteBuilder {
	return sqlbuilder.PostgreSQL.NewDeleteBuilder().DeleteFrom(sqlbuilder.Escape(t.name))
}
