package query

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

var (
	us   = uuid.MustParse("a0000000-0000-4000-8000-000000000000")
	them = uuid.MustParse("b0000000-0000-4000-8000-000000000000")
)

type (
	namedID     uuid.UUID
	namedText   string
	stringerID  struct{ id uuid.UUID }
	valuer      struct{ value any }
	badValuer   struct{}
	wrapped     struct{ pgtype.UUID }
	panicValuer struct{}
)

func (s stringerID) String() string                   { return s.id.String() }
func (v valuer) Value() (driver.Value, error)         { return v.value, nil }
func (badValuer) Value() (driver.Value, error)        { return us.String(), errors.New("no value") }
func (panicValuer) Value() (driver.Value, error)      { panic("no value") }
func (v *namedText) Value() (driver.Value, error)     { return string(*v), nil }
func pgUUID(id uuid.UUID, valid bool) pgtype.UUID     { return pgtype.UUID{Bytes: id, Valid: valid} }
func nullable(id uuid.UUID, valid bool) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: valid} }

func TestIdentifyReadsWhatDriversAcceptForAnID(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		of   func(id uuid.UUID) any
	}{
		{"uuid", func(id uuid.UUID) any { return id }},
		{"pointer", func(id uuid.UUID) any { return &id }},
		{"pointer to a pointer", func(id uuid.UUID) any { p := &id; return &p }},
		{"bytes of an array", func(id uuid.UUID) any { return [16]byte(id) }},
		{"named array", func(id uuid.UUID) any { return namedID(id) }},
		{"text", func(id uuid.UUID) any { return id.String() }},
		{"named text", func(id uuid.UUID) any { return namedText(id.String()) }},
		{"pointer to text", func(id uuid.UUID) any { s := namedText(id.String()); return &s }},
		{"text as bytes", func(id uuid.UUID) any { return []byte(id.String()) }},
		{"raw bytes", func(id uuid.UUID) any { return id[:] }},
		{"pgtype", func(id uuid.UUID) any { return pgUUID(id, true) }},
		{"pointer to pgtype", func(id uuid.UUID) any { p := pgUUID(id, true); return &p }},
		{"wrapped pgtype", func(id uuid.UUID) any { return wrapped{pgUUID(id, true)} }},
		{"NullUUID", func(id uuid.UUID) any { return nullable(id, true) }},
		{"sql.Null", func(id uuid.UUID) any { return sql.Null[uuid.UUID]{V: id, Valid: true} }},
		{"sql.NullString", func(id uuid.UUID) any { return sql.NullString{String: id.String(), Valid: true} }},
		{"valuer", func(id uuid.UUID) any { return valuer{id.String()} }},
		{"stringer", func(id uuid.UUID) any { return stringerID{id} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := identify(c.of(us), us); got != own {
				t.Errorf("our id is identified as %d, want %d", got, own)
			}
			if got := identify(c.of(them), us); got != foreign {
				t.Errorf("their id is identified as %d, want %d", got, foreign)
			}
			if got := identify(c.of(uuid.Nil), us); got != blank {
				t.Errorf("the zero id is identified as %d, want %d", got, blank)
			}
		})
	}
}

func TestIdentifyTakesNullForBlank(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{
		"nil":                nil,
		"nil pointer":        (*uuid.UUID)(nil),
		"nil valuer":         (*valuer)(nil),
		"nil named text":     (*namedText)(nil),
		"nil bytes":          []byte(nil),
		"empty text":         "",
		"invalid pgtype":     pgUUID(them, false),
		"invalid NullUUID":   nullable(them, false),
		"invalid NullString": sql.NullString{String: them.String()},
		"valuer of nil":      valuer{nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := identify(v, us); got != blank {
				t.Errorf("%#v is identified as %d, want %d", v, got, blank)
			}
		})
	}
}

func TestIdentifyTakesEverythingElseForForeign(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{
		"no id":                          "ours",
		"a number":                       42,
		"a structure":                    struct{ ID uuid.UUID }{us},
		"a list":                         []uuid.UUID{us},
		"a function":                     func() uuid.UUID { return us },
		"too many bytes":                 append(us[:], 0),
		"valuer that fails":              badValuer{},
		"valuer that panics":             panicValuer{},
		"valuer of bytes that are no id": valuer{[]byte("ours")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := identify(v, us); got != foreign {
				t.Errorf("%#v is identified as %d, want %d", v, got, foreign)
			}
		})
	}
}
