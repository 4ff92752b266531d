package keyset

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"
)

const (
	normally = 100
	most     = 1000
)

// Limit is how many rows a page has that was asked for n: 100 for none, and at
// most 1000.
func Limit(n int) int {
	if n <= 0 {
		return normally
	}
	return min(n, most)
}

// Place is a place in a list. The zero Place is none.
type Place struct {
	At time.Time // to the microsecond, as PostgreSQL keeps it
	ID uuid.UUID
}

// Where lists begin that go up and down.
var (
	Oldest = Place{At: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}
	Newest = Place{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: uuid.Max}
)

// IsZero reports whether the place is none.
func (p Place) IsZero() bool { return p == Place{} }

// Or returns the place or, where it is none, the beginning of a list.
func (p Place) Or(beginning Place) Place {
	if p.IsZero() {
		return beginning
	}
	return p
}

const idBytes = len(uuid.UUID{})

var encoding = base64.RawURLEncoding.Strict()

// String returns the place in a form for URLs, or "" for none.
func (p Place) String() string {
	if p.IsZero() {
		return ""
	}
	return encoding.EncodeToString(binary.BigEndian.AppendUint64(p.ID[:], uint64(p.At.UnixMicro())))
}

var errMalformed = errors.New("cursor is malformed; pass on what Cursor.String returned")

// Parse reads what [Place.String] wrote.
func Parse(text string) (Place, error) {
	if text == "" {
		return Place{}, nil
	}
	b, err := encoding.DecodeString(text)
	// The decoder passes over line breaks, which then are too many.
	if err != nil || len(b) != idBytes+8 || len(text) != encoding.EncodedLen(len(b)) {
		return Place{}, errMalformed
	}
	at := int64(binary.BigEndian.Uint64(b[idBytes:]))
	p := Place{At: time.UnixMicro(at).UTC(), ID: uuid.UUID(b[:idBytes])}
	if p.At.Before(Oldest.At) || p.At.After(Newest.At) || p.IsZero() {
		return Place{}, errMalformed
	}
	return p, nil
}
