package query

import (
	"database/sql/driver"
	"fmt"
	"reflect"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// identity is how a value compares with the scope's organization.
type identity uint8

const (
	foreign identity = iota // another organization, or something that is no id at all
	blank                   // NULL, or the zero id
	own                     // the scope's organization
)

// identify compares an argument with org. It accepts whatever drivers accept for
// a uuid: the error of refusing too much is loud, and a value that is accepted
// is replaced by org itself, so that nothing hangs on how a driver reads it.
func identify(v any, org uuid.UUID) identity {
	switch v := v.(type) {
	case nil:
		return blank
	case uuid.UUID:
		return identifyID(v, org)
	case string:
		return identifyText(v, org)
	}
	return identifySlowly(v, org)
}

func identifyID(id, org uuid.UUID) identity {
	switch id {
	case org:
		return own
	case uuid.Nil:
		return blank
	}
	return foreign
}

func identifyText(s string, org uuid.UUID) identity {
	if s == "" {
		return blank
	}
	id, err := uuid.Parse(s)
	if err != nil {
		return foreign
	}
	return identifyID(id, org)
}

func identifyBytes(b []byte, org uuid.UUID) identity {
	if len(b) == len(org) {
		return identifyID(uuid.UUID(b), org)
	}
	return identifyText(string(b), org)
}

var idBytes = reflect.TypeFor[[16]byte]()

func identifySlowly(v any, org uuid.UUID) (is identity) {
	// The methods called below are the application's. A value that panics
	// names no organization.
	defer func() {
		if recover() != nil {
			is = foreign
		}
	}()
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer && rv.IsNil() {
		return blank
	}
	switch v := v.(type) {
	case pgtype.UUIDValuer:
		id, err := v.UUIDValue()
		if err != nil {
			return foreign
		}
		if !id.Valid {
			return blank
		}
		return identifyID(id.Bytes, org)
	case driver.Valuer:
		value, err := v.Value()
		if err != nil || value == v {
			return foreign
		}
		return identify(value, org)
	}
	switch {
	case rv.Kind() == reflect.Pointer:
		return identify(rv.Elem().Interface(), org)
	case rv.Kind() == reflect.Array && rv.CanConvert(idBytes):
		return identifyID(rv.Convert(idBytes).Interface().([16]byte), org)
	case rv.Kind() == reflect.String:
		return identifyText(rv.String(), org)
	case rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.Uint8:
		return identifyBytes(rv.Bytes(), org)
	}
	if s, ok := v.(fmt.Stringer); ok {
		return identifyText(s.String(), org)
	}
	return foreign
}
