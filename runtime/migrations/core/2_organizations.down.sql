DROP TABLE organization_invitations;
DROP FUNCTION organization_memberships_of(uuid);
DROP TABLE organization_memberships;
DROP FUNCTION organization_memberships_keep_owner();
DROP TABLE organization_slug_aliases;
DROP TABLE organizations;
