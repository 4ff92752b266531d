package store

// What happened, as the Action of an audit.Event says it. Details name the users
// that an event is about as "user_id", and what changed as "from" and "to".
const (
	OrganizationCreated     = "organization.created"
	OrganizationRenamed     = "organization.renamed"
	SlugChanged             = "organization.slug_changed"
	OrganizationDeleted     = "organization.deleted"
	OrganizationRestored    = "organization.restored"
	OrganizationPurged      = "organization.purged"
	OwnershipTransferred    = "organization.ownership_transferred"
	MembershipAdded         = "membership.added"
	MembershipRoleChanged   = "membership.role_changed"
	MembershipRemoved       = "membership.removed"
	MembershipLeft          = "membership.left"
	InvitationCreated       = "invitation.created"
	InvitationAccepted      = "invitation.accepted"
	InvitationRevoked       = "invitation.revoked"
	InvitationDeclined      = "invitation.declined"
	OrganizationActivated   = "session.activated"
	OrganizationDeactivated = "session.cleared"
)
