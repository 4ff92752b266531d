// Package scope says on whose behalf code runs: which user, in which
// organization, with which role.
//
// A [Scope] is built in one of three ways and never changes afterwards:
//
//   - [ForUser]: somebody is signed in, but has not entered an organization;
//   - [ForMember]: somebody is signed in and acts in an organization that they
//     are a member of;
//   - [System]: background work on one organization, with a reason that reaches
//     the audit trail.
//
// The constructors check what they are given. Who holds a *Scope with an
// organization therefore need not check again, and who does not hold one cannot
// make one up:
//
//	sc, err := scope.ForMember(org, membership) // rows just read from the database
//	if err != nil {
//		return err // no membership, another organization's, or a deleted one
//	}
//	if !sc.AtLeast(scope.Admin) {
//		return errForbidden
//	}
//	return invoices.Close(ctx, sc, id) // repositories take the *Scope as an argument
//
// A nil *Scope and the zero Scope fail closed: every method may be called on
// them, none grants anything, and [Scope.OrganizationID] is [ErrNoOrganization].
//
// A scope is a statement about one moment. Read the membership again on each
// request; a scope that is kept across requests outlives a removal.
//
// [NewContext] and [FromContext] carry a scope through the HTTP edge, where
// signatures are fixed. Beyond it, pass the *Scope as an argument: a missing
// argument does not compile, a missing context value does.
package scope
