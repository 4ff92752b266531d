package audit

import (
	"context"
	"fmt"

	"github.com/sigrahq/sigra/internal/keyset"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Page is a part of a trail, newest first.
type Page struct {
	// Limit is how many events to return, at most 1000; 0 is 100.
	Limit int
	// After continues after the event with this cursor, the last one of the page
	// before. The zero Cursor starts with the newest.
	After Cursor
}

// Cursor is a place in a trail, as those of package store are in its lists: see
// [Event.Cursor]. It stays right when events are added.
type Cursor struct{ place keyset.Place }

// Cursor is the event's place in a trail.
func (e Event) Cursor() Cursor { return Cursor{keyset.Place{At: e.OccurredAt, ID: e.ID}} }

// IsZero reports whether the cursor is the beginning of a trail.
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
		return Cursor{}, fmt.Errorf("audit: %w", err)
	}
	return Cursor{place}, nil
}

// List returns events of the scope's organization, newest first. It asks for no
// role: whether every member may see the addresses of the invited is up to the
// caller. Errors: [scope.ErrNoOrganization] without an organization in the scope,
// and pgx's.
func List(ctx context.Context, db query.Querier, sc *scope.Scope, p Page) ([]Event, error) {
	sb := events.SelectFrom()
	if after := p.After.place; !after.IsZero() {
		sb.Where("(occurred_at, id) < (" + sb.Var(after.At) + ", " + sb.Var(after.ID) + ")")
	}
	sb.OrderBy("occurred_at DESC", "id DESC").Limit(keyset.Limit(p.Limit))
	return query.All[Event](ctx, db, query.ForOrg(sb, sc))
}
