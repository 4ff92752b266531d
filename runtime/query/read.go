package query

import (
	"database/sql"
	"fmt"
	"net"
	"reflect"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// reader chooses how a row becomes a T.
func reader[T any]() (pgx.RowToFunc[T], error) {
	r := readingOf(reflect.TypeFor[T]())
	switch {
	case r.err != nil:
		return nil, r.err
	case r.row:
		return pgx.RowToStructByName[T], nil
	}
	return pgx.RowTo[T], nil
}

// reading is how a type is read.
type reading struct {
	row bool // a field for each column
	err error
}

var readings sync.Map // reflect.Type -> reading

func readingOf(t reflect.Type) reading {
	if known, ok := readings.Load(t); ok {
		return known.(reading)
	}
	r := reading{row: isRow(t)}
	switch {
	case t.Kind() == reflect.Pointer && isRow(t.Elem()):
		r.err = fmt.Errorf("query: cannot read rows into %v; use %v itself", t, t.Elem())
	case borrows(t, map[reflect.Type]bool{}):
		r.err = fmt.Errorf("query: cannot read rows into %v: pgtype.DriverBytes is memory that the next statement overwrites; use []byte", t)
	}
	readings.Store(t, r)
	return r
}

// borrows tells whether a value of a type can hold memory of the driver, which
// shows somebody else's row once it is used again.
func borrows(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Slice:
		return t == reflect.TypeFor[pgtype.DriverBytes]() || borrows(t.Elem(), seen)
	case reflect.Pointer, reflect.Array, reflect.Map:
		return borrows(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if borrows(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// isRow tells a struct whose fields are columns from one that is a single value.
func isRow(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[net.IPNet]() {
		return false
	}
	for _, scanner := range []reflect.Type{
		reflect.TypeFor[sql.Scanner](),
		reflect.TypeFor[pgtype.RangeScanner](),
		reflect.TypeFor[pgtype.ArraySetter](),
		reflect.TypeFor[pgtype.CompositeIndexScanner](),
	} {
		if reflect.PointerTo(t).Implements(scanner) {
			return false
		}
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() || f.Anonymous {
			return true
		}
	}
	return false // time.Time, netip.Addr, big.Int
}
