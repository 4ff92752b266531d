package audit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Event is one thing that happened.
type Event struct {
	ID             uuid.UUID // set by Record when it is zero
	OrganizationID uuid.UUID // set by Record
	OccurredAt     time.Time // now, when it is zero; kept to the microsecond

	// Action says what happened, in the past tense and with what it happened
	// to: "membership.role_changed". A lower case letter, then lower case
	// letters, digits, dots and underscores, at most 100 characters. The
	// database refuses others, by its constraint audit_events_action_shape.
	Action string

	ActorID    *uuid.UUID     // the user who did it, set by Record; nil for background work
	Reason     *string        // why it happened without a user, set by Record
	TargetType string         // "membership"; may be empty
	TargetID   *uuid.UUID     // may be nil
	Details    map[string]any // what changed, as JSON; may be nil
}

var events = query.Declare[Event]("audit_events")

// Record writes an event of the scope's organization. db is the transaction in
// which the change is made.
//
// Errors: [scope.ErrNoOrganization] without an organization in the scope, and
// pgx's: of a connection, of details that have no JSON form, of an id that is
// taken. They undo the transaction, and so the change with its event.
func Record(ctx context.Context, db query.Execer, sc *scope.Scope, e Event) error {
	id, err := sc.OrganizationID()
	if err != nil {
		return err
	}
	e.ActorID, e.Reason = nil, nil
	if reason, ok := sc.Reason(); ok {
		e.Reason = &reason
	} else {
		e.ActorID = new(sc.UserID())
	}
	return RecordFor(ctx, db, id, e)
}

// RecordFor is [Record] where there is no scope: the user has no membership yet,
// or no longer. It trusts the ActorID and the Reason of the event. The zero
// organization is [query.ErrNilID]; other errors are those of Record.
func RecordFor(ctx context.Context, db query.Execer, organizationID uuid.UUID, e Event) error {
	e.OrganizationID = organizationID
	if e.ID == uuid.Nil {
		e.ID = uuid.New()
	}
	if e.OccurredAt.IsZero() {
		e.OccurredAt = time.Now()
	}
	if e.Details == nil {
		e.Details = map[string]any{}
	}
	_, err := query.Exec(ctx, db, query.ForOrg(events.InsertInto(e), organizationID))
	return err
}
