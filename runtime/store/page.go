package store

import (
	"encoding/base64"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Page is a part of a list.
type Page struct {
	// Limit is how many entries to return, at most 1000; 0 is 100.
	Limit int
	// After continues after the entry with this cursor, the last one of the page
	// before. The zero Cursor starts from the beginning.
	After Cursor
}

const (
	defaultLimit = 100
	largestLimit = 1000
)

func (p Page) limit() int {
	if p.Limit <= 0 {
		return defaultLimit
	}
	return min(p.Limit, largestLimit)
}

// Cursor is a place in a list. Entries have a Cursor method. It stays right when
// entries are added or removed, because it is the entry's time and id.
type Cursor struct {
	at time.Time
	id uuid.UUID
}

// IsZero reports whether the cursor is the beginning of a list.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// String returns the cursor in a form for URLs; [ParseCursor] reads it. The zero
// Cursor is the empty string.
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	b := c.id[:]
	at := c.at.UnixMicro()
	for shift := 56; shift >= 0; shift -= 8 {
		b = append(b, byte(at>>shift))
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor reads what [Cursor.String] wrote. It may come from a client: a
// cursor chooses where to go on, not what may be seen.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != 24 {
		return Cursor{}, errors.New("store: cursor is malformed; pass on what Cursor.String returned")
	}
	var at int64
	for _, octet := range b[16:] {
		at = at<<8 | int64(octet)
	}
	c := Cursor{at: time.UnixMicro(at).UTC(), id: uuid.UUID(b[:16])}
	if c.at.Before(first.at) || c.at.After(last.at) {
		return Cursor{}, errors.New("store: cursor is malformed; pass on what Cursor.String returned")
	}
	return c, nil
}

// The beginnings of lists that go up and down.
var (
	first = Cursor{at: time.Unix(0, 0).UTC()}
	last  = Cursor{at: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), id: uuid.Max}
)

// from returns the cursor, or where a list begins.
func (p Page) from(beginning Cursor) Cursor {
	if p.After.IsZero() {
		return beginning
	}
	return p.After
}
