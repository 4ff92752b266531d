package store

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/internal/keyset"
)

// Page is a part of a list.
type Page struct {
	// Limit is how many entries to return, at most 1000; 0 is 100.
	Limit int
	// After continues after the entry with this cursor, the last one of the page
	// before. The zero Cursor starts from the beginning.
	After Cursor
}

func (p Page) limit() int { return keyset.Limit(p.Limit) }

// from is where the page begins in a list that begins there.
func (p Page) from(beginning keyset.Place) keyset.Place { return p.After.place.Or(beginning) }

// Cursor is a place in a list. Entries have a Cursor method. It stays right when
// entries are added or removed, because it is the entry's time and id.
type Cursor struct{ place keyset.Place }

func cursor(at time.Time, id uuid.UUID) Cursor { return Cursor{keyset.Place{At: at, ID: id}} }

// IsZero reports whether the cursor is the beginning of a list.
func (c Cursor) IsZero() bool { return c.place.IsZero() }

// String returns the cursor in a form for URLs; [ParseCursor] reads it. The zero
// Cursor is the empty string.
func (c Cursor) String() string { return c.place.String() }

// ParseCursor reads what [Cursor.String] wrote. It may come from a client: a
// cursor chooses where to go on, not what may be seen. Text that no cursor of
// this package has is an error.
func ParseCursor(s string) (Cursor, error) {
	place, err := keyset.Parse(s)
	if err != nil {
		return Cursor{}, fmt.Errorf("store: %w", err)
	}
	return Cursor{place}, nil
}
