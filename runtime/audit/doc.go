// Package audit writes and reads the trail of what happened in an organization.
//
// An event is written in the transaction of the change that it is about, so
// that one is there exactly when the other is:
//
//	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
//		if _, err := query.Exec(ctx, tx, query.ForOrg(update, sc)); err != nil {
//			return err
//		}
//		return audit.Record(ctx, tx, sc, audit.Event{
//			Action: "project.archived", TargetType: "project", TargetID: &id,
//		})
//	})
//
// Organization and actor come from the scope; a system scope leaves its reason.
// Package store records its own changes in the same way. [List] reads the trail
// of the scope's organization.
//
// # Ways around the scope
//
// [Hook] is for query.OnBypass: uses of query.Unscoped become events without an
// organization. [System] makes the scope of background work and records that it
// was made.
//
// The table is audit_events of package migrations. A trigger refuses to change
// or delete its rows, and migrations.Grant gives the application's role no
// privilege to. Never put tokens or passwords into the details of an event.
package audit
