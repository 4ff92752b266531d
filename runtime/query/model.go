package query

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
)

// modelColumn is a column of a model and the field that holds it.
type modelColumn struct {
	name      string
	index     []int // of the field, through embedded structs
	owner     bool
	key       bool // part of the primary key
	omitEmpty bool
}

// readModel lists the columns of a struct type and checks the one that says
// whose a row is.
func readModel(t reflect.Type, owner string) ([]modelColumn, error) {
	if owner == "" {
		return nil, errors.New("ownership column has no name; leave query.Column out, or name the column")
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%v is not a struct; declare the table with the struct type of its rows", t)
	}
	columns, err := fieldColumns(t, nil)
	if err != nil {
		return nil, err
	}
	for i, c := range columns {
		if slices.ContainsFunc(columns[:i], func(other modelColumn) bool { return other.name == c.name }) {
			return nil, fmt.Errorf("column %q has two fields, perhaps one in an embedded struct; keep one of them", c.name)
		}
	}
	at := slices.IndexFunc(columns, func(c modelColumn) bool { return c.name == owner })
	if at < 0 {
		return nil, fmt.Errorf("no exported field for column %q; add one of type uuid.UUID with the tag db:%[1]q, name the column with query.Column, or declare the table with query.Shared", owner)
	}
	field := t.FieldByIndex(columns[at].index)
	if field.Type != reflect.TypeFor[uuid.UUID]() {
		return nil, fmt.Errorf("field %s for column %q is of type %v; make it uuid.UUID", field.Name, owner, field.Type)
	}
	if seen, ok := t.FieldByName(field.Name); !ok || !slices.Equal(seen.Index, columns[at].index) {
		return nil, fmt.Errorf("field %s for column %q is hidden by another one of that name; rename the other one", field.Name, owner)
	}
	columns[at].owner = true
	if !slices.ContainsFunc(columns, func(c modelColumn) bool { return c.key }) {
		for i := range columns {
			columns[i].key = columns[i].name == "id"
		}
	}
	return columns, nil
}

// fieldColumns follows pgx.RowToStructByName: structs that are embedded by value
// are part of the struct whatever their tag, and other fields are columns.
func fieldColumns(t reflect.Type, index []int) ([]modelColumn, error) {
	var columns []modelColumn
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(index[:len(index):len(index)], i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			inner, err := fieldColumns(f.Type, at)
			if err != nil {
				return nil, err
			}
			columns = append(columns, inner...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("db"), ",")
		if name == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if f.Anonymous && f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct {
			return nil, fmt.Errorf("%v is embedded by pointer, and pgx does not look into it; embed it by value, or tag it db:\"-\"", f.Type.Elem())
		}
		if !f.IsExported() {
			return nil, fmt.Errorf("embedded field %s is not exported; tag it db:\"-\", or name it", f.Name)
		}
		if name == "" {
			name = sqlbuilder.SnakeCaseMapper(f.Name)
		}
		columns = append(columns, modelColumn{
			name:      name,
			index:     at,
			key:       hasOption(f.Tag.Get("fieldtag"), "pk"),
			omitEmpty: hasOption(f.Tag.Get("fieldopt"), "omitempty"),
		})
	}
	return columns, nil
}

func hasOption(tag, option string) bool {
	for item := range strings.SplitSeq(tag, ",") {
		if strings.TrimSpace(item) == option {
			return true
		}
	}
	return false
}
