package uuid

type UUID [16]byte

var Nil UUID

type NullUUID struct {
	UUID  UUID
	Valid bool
}

func New() UUID                              { return UUID{} }
func Parse(s string) (UUID, error)           { return UUID{}, nil }
func MustParse(s string) UUID                { return UUID{} }
func FromBytes(b []byte) (UUID, error)       { return UUID{}, nil }
func (u UUID) String() string                { return "" }
func (u *UUID) UnmarshalText(b []byte) error { return nil }
