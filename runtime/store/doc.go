// Package store keeps organizations, memberships, invitations and the active
// organization of sessions in PostgreSQL, with every rule enforced under lock.
//
//	s := store.New(pool, store.Mail(send))
//
//	user, err := scope.ForUser(userID)                        // whoever signed in
//	owner, err := s.Organizations.Create(ctx, user, store.NewOrganization{Name: "Blue Bakery"})
//	sent, err := s.Invitations.Invite(ctx, owner, "ann@example.com", scope.Member)
//	member, err := s.Invitations.Accept(ctx, ann, store.Secret(r.FormValue("token")))
//	err = s.Memberships.Leave(ctx, member)
//
// and on each request
//
//	got, err := s.Sessions.Resolve(ctx, store.Secret(cookie.Value)) // one query
//	got.Scope // for query.ForOrg and for the methods of this package
//
// The tables are those of package migrations.
//
// # Who acts
//
// Identity is taken from the *scope.Scope and from nothing else. The membership
// in it is not believed: each change reads it again under the lock of the
// organization, so that a removal or a demotion counts from its commit on. A
// system scope may do in its organization whatever its highest role may; the
// reason is in the trail.
//
// What exists in another organization, what does not exist, and what was deleted
// give the same [ErrNotFound]. A scope without the organization that a method is
// about is scope.ErrNoOrganization, one without a user [ErrNoUser].
//
// # Changes
//
// Each change is one transaction, which also writes its event for package audit,
// one for each success. [Before] hooks run inside of it and may refuse; [After]
// hooks and the mail follow the commit, and their failures are logged and do not
// undo it.
//
// Locks are taken in one order: organization, memberships, invitations,
// sessions. A deadlock or a serialization failure with a transaction that is not
// ours is retried when the store owns the transaction; callbacks that run inside
// of a transaction may therefore run more than once and should do their work
// through the transaction they are given.
//
// An error other than [ErrOutcomeUnknown] means that nothing was written, and
// [Retryable] tells whether trying again makes sense. The one exception is
// [ErrAlreadyMember] from accepting an invitation, which closes the invitation.
//
// # The caller's transaction
//
// [Store.WithTx] gives the same stores on a transaction of the caller's, for
// changes that belong together. Each change is a savepoint then. The transaction
// must be READ COMMITTED, PostgreSQL's default, because the rules are about what
// others have just committed; another isolation is [ErrIsolation]. Nothing is
// retried, and mail and [After] hooks wait for [Store.Committed].
package store
