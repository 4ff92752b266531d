package migrations_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/migrations"
)

// rows are two organizations, a and b. Ids are the letters of what they are.
const rows = `
INSERT INTO users (id, email) VALUES
	('11111111-0000-4000-8000-000000000000', 'ann@example.com'), ('22222222-0000-4000-8000-000000000000', 'bob@example.com'),
	('33333333-0000-4000-8000-000000000000', 'cleo@example.com');
INSERT INTO organizations (id, name, slug, personal, created_by, created_at, updated_at) VALUES
	('aaaaaaaa-0000-4000-8000-000000000000', 'A', 'aaa', false, '11111111-0000-4000-8000-000000000000', now(), now()),
	('bbbbbbbb-0000-4000-8000-000000000000', 'B', 'bbb', true, '22222222-0000-4000-8000-000000000000', now(), now());
INSERT INTO organization_memberships (organization_id, id, user_id, role, created_at, updated_at) VALUES
	('aaaaaaaa-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', '11111111-0000-4000-8000-000000000000', 'owner', now(), now()),
	('bbbbbbbb-0000-4000-8000-000000000000', 'b1000000-0000-4000-8000-000000000000', '22222222-0000-4000-8000-000000000000', 'owner', now(), now());
INSERT INTO organization_invitations (organization_id, id, email, role, token_hash, invited_by, created_at, expires_at) VALUES
	('aaaaaaaa-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000000', 'new@example.com', 'member', sha256('1'),
		'11111111-0000-4000-8000-000000000000', now(), now() + interval '1 day');
INSERT INTO organization_slug_aliases (organization_id, slug, created_at, expires_at) VALUES
	('aaaaaaaa-0000-4000-8000-000000000000', 'old', now(), now() + interval '1 day');
INSERT INTO user_sessions (id, user_id, token_hash, active_organization_id, created_at, last_active_at, expires_at) VALUES
	('51000000-0000-4000-8000-000000000000', '11111111-0000-4000-8000-000000000000', sha256('s'),
		'aaaaaaaa-0000-4000-8000-000000000000', now(), now(), now() + interval '1 day');
`

// replace spells ids short: @a is organization a, @1 user 1.
var replace = strings.NewReplacer(
	"@a", "'aaaaaaaa-0000-4000-8000-000000000000'", "@b", "'bbbbbbbb-0000-4000-8000-000000000000'",
	"@1", "'11111111-0000-4000-8000-000000000000'", "@2", "'22222222-0000-4000-8000-000000000000'",
	"@3", "'33333333-0000-4000-8000-000000000000'", "@none", "'99999999-0000-4000-8000-000000000000'",
	"@new", "gen_random_uuid()",
)

const (
	organization = "INSERT INTO organizations (id, name, slug, personal, created_by, created_at, updated_at) VALUES "
	member       = "INSERT INTO organization_memberships (organization_id, id, user_id, role, created_at, updated_at) VALUES "
	invitation   = "INSERT INTO organization_invitations (organization_id, id, email, role, token_hash, created_at, expires_at) VALUES "
	alias        = "INSERT INTO organization_slug_aliases (organization_id, slug, created_at, expires_at) VALUES "
	event        = "INSERT INTO audit_events (organization_id, id, occurred_at, action, details) VALUES "
	session      = "INSERT INTO user_sessions (id, user_id, token_hash, active_organization_id, created_at, last_active_at, expires_at) VALUES "
	day          = "interval '1 day'"
)

// violations has statements for every constraint and unique index, by its name.
var violations = map[string][]string{
	"users_pkey":        {"INSERT INTO users (id, email) VALUES (@1, 'x@example.com')"},
	"users_email_key":   {"INSERT INTO users (id, email) VALUES (@new, 'ann@example.com')"},
	"users_name_length": {"UPDATE users SET name = repeat('x', 201)"},
	"users_email_shape": {
		"UPDATE users SET email = 'Ann@example.com'", "UPDATE users SET email = 'ann'", "UPDATE users SET email = 'x@y@z'",
		"UPDATE users SET email = E'ann@example.com\\n'", "UPDATE users SET email = 'a nn@example.com'",
		"UPDATE users SET email = repeat('x', 250) || '@x.org'",
	},

	"organizations_pkey":        {organization + "(@a, 'C', 'ccc', false, @1, now(), now())"},
	"organizations_name_length": {"UPDATE organizations SET name = ''", "UPDATE organizations SET name = repeat('x', 101)"},
	"organizations_name_line":   {"UPDATE organizations SET name = E'Acme\\nBcc: all@example.com'", "UPDATE organizations SET name = E'\\r'"},
	"organizations_slug_shape": {
		organization + "(@new, 'C', 'cc', false, @1, now(), now())", organization + "(@new, 'C', repeat('c', 64), false, @1, now(), now())",
		organization + "(@new, 'C', 'Ccc', false, @1, now(), now())", organization + "(@new, 'C', '1cc', false, @1, now(), now())",
		organization + "(@new, 'C', 'cc-', false, @1, now(), now())", organization + "(@new, 'C', E'ccc\\n', false, @1, now(), now())",
		organization + "(@new, 'C', 'c_c', false, @1, now(), now())", organization + "(@new, 'C', 'cаc', false, @1, now(), now())",
		organization + "(@new, 'C', 'ccé', false, @1, now(), now())",
	},
	"organizations_slug_key":        {organization + "(@new, 'C', 'aaa', false, @1, now(), now())"},
	"organizations_personal_key":    {organization + "(@new, 'C', 'ccc', true, @2, now(), now())"},
	"organizations_created_by_fkey": {organization + "(@new, 'C', 'ccc', false, @none, now(), now())"},

	"organization_slug_aliases_pkey":              {alias + "(@a, 'old', now(), now() + " + day + ")"},
	"organization_slug_aliases_slug_key":          {alias + "(@b, 'old', now(), now() + " + day + ")"},
	"organization_slug_aliases_slug_shape":        {alias + "(@b, 'OLDER', now(), now() + " + day + ")"},
	"organization_slug_aliases_expiry":            {alias + "(@b, 'older', now(), now())"},
	"organization_slug_aliases_organization_fkey": {alias + "(@none, 'older', now(), now() + " + day + ")"},

	"organization_memberships_pkey":              {member + "(@a, 'a1000000-0000-4000-8000-000000000000', @3, 'member', now(), now())"},
	"organization_memberships_user_key":          {member + "(@a, @new, @1, 'member', now(), now())"},
	"organization_memberships_role":              {member + "(@a, @new, @3, 'king', now(), now())", member + "(@a, @new, @3, 'Owner', now(), now())"},
	"organization_memberships_organization_fkey": {member + "(@none, @new, @3, 'member', now(), now())"},
	"organization_memberships_user_fkey":         {member + "(@a, @new, @none, 'member', now(), now())"},
	"organization_memberships_keep_owner": {
		"DELETE FROM organization_memberships WHERE organization_id = @b",
		"UPDATE organization_memberships SET role = 'admin' WHERE organization_id = @b",
		"DELETE FROM users WHERE id = @2",
		"UPDATE organization_memberships SET organization_id = @a WHERE organization_id = @b",
	},

	"organization_invitations_pkey":         {invitation + "(@a, 'a2000000-0000-4000-8000-000000000000', 'x@y', 'member', sha256('2'), now(), now() + " + day + ")"},
	"organization_invitations_token_key":    {invitation + "(@b, @new, 'x@y', 'member', sha256('1'), now(), now() + " + day + ")"},
	"organization_invitations_token_length": {invitation + "(@a, @new, 'x@y', 'member', 'short', now(), now() + " + day + ")"},
	"organization_invitations_email_shape":  {invitation + "(@a, @new, E'x@y\\nBcc: z', 'member', sha256('2'), now(), now() + " + day + ")", invitation + "(@a, @new, 'X@y', 'member', sha256('2'), now(), now() + " + day + ")"},
	"organization_invitations_role":         {invitation + "(@a, @new, 'x@y', 'king', sha256('2'), now(), now() + " + day + ")"},
	"organization_invitations_expiry":       {invitation + "(@a, @new, 'x@y', 'member', sha256('2'), now(), now())"},
	"organization_invitations_state": {
		"UPDATE organization_invitations SET accepted_at = now(), revoked_at = now()",
		"UPDATE organization_invitations SET accepted_by = @1", "UPDATE organization_invitations SET revoked_by = @1",
	},
	"organization_invitations_organization_fkey": {invitation + "(@none, @new, 'x@y', 'member', sha256('2'), now(), now() + " + day + ")"},
	"organization_invitations_invited_by_fkey":   {"UPDATE organization_invitations SET invited_by = @none"},
	"organization_invitations_accepted_by_fkey":  {"UPDATE organization_invitations SET accepted_at = now(), accepted_by = @none"},
	"organization_invitations_revoked_by_fkey":   {"UPDATE organization_invitations SET revoked_at = now(), revoked_by = @none"},
	"organization_invitations_pending_key":       {invitation + "(@a, @new, 'new@example.com', 'member', sha256('2'), now(), now() + " + day + ")"},

	"audit_events_pkey": {event + "(@a, @a, now(), 'a.b', '{}'), (@a, @a, now(), 'a.b', '{}')"},
	"audit_events_action_shape": {event + "(@a, @new, now(), '', '{}')", event + "(@a, @new, now(), E'a\\n', '{}')",
		event + "(@a, @new, now(), repeat('a', 101), '{}')"},
	"audit_events_details_object": {event + "(@a, @new, now(), 'a.b', '[]')"},
	"audit_events_append_only":    {"DELETE FROM audit_events"},

	"user_sessions_pkey":         {session + "('51000000-0000-4000-8000-000000000000', @1, sha256('t'), NULL, now(), now(), now() + " + day + ")"},
	"user_sessions_token_key":    {session + "(@new, @1, sha256('s'), NULL, now(), now(), now() + " + day + ")"},
	"user_sessions_token_length": {session + "(@new, @1, 's', NULL, now(), now(), now() + " + day + ")"},
	"user_sessions_expiry":       {session + "(@new, @1, sha256('t'), NULL, now(), now(), now())"},
	"user_sessions_user_fkey":    {session + "(@new, @none, sha256('t'), NULL, now(), now(), now() + " + day + ")"},
	"user_sessions_active_membership_fkey": {
		session + "(@new, @1, sha256('t'), @b, now(), now(), now() + " + day + ")",
		"INSERT INTO organization_memberships SELECT organization_id, gen_random_uuid(), @3, 'owner', now(), now() FROM organization_memberships WHERE user_id = @1; " +
			"DELETE FROM organization_memberships WHERE user_id = @1",
	},
}

//sigra:allow test -- each statement is meant to fail
func TestEveryConstraintHolds(t *testing.T) {
	t.Parallel()
	db := pgtest.Pool(t, migrations.All().Up(), rows)
	// PostgreSQL 18 lists NOT NULL too; it has a name there and no error of its own.
	named, err := db.Query(t.Context(), `
		SELECT conname::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
		UNION SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
			WHERE x.indisunique AND i.relnamespace = 'public'::regnamespace
		UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(named, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if have := slices.Sorted(maps.Keys(violations)); !slices.Equal(names, have) {
		t.Errorf("constraints are\n%q, and those that are violated here are\n%q", names, have)
	}
	for name, statements := range violations {
		for _, sql := range statements {
			tx, err := db.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, err = tx.Exec(t.Context(), replace.Replace(sql))
			if err == nil {
				err = tx.Commit(t.Context()) // some wait for it
			}
			_ = tx.Rollback(t.Context())
			if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.ConstraintName != name {
				t.Errorf("%s: %s: %v", name, sql, err)
			}
		}
	}
}

// What happens to a row when what it refers to goes.
//
//sigra:allow test -- the test deletes rows and looks at what is left
func TestForeignKeysKeepWhatOutlives(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		do, count string
		want      int
	}{
		"deleting a member's user ends the membership": {
			"INSERT INTO organization_memberships VALUES (@a, @new, @3, 'member', now(), now()); DELETE FROM users WHERE id = @3",
			"SELECT count(*) FROM organization_memberships WHERE organization_id = @a", 1},
		"deleting an owner beside another one ends the membership, and the sessions": {
			"INSERT INTO organization_memberships VALUES (@a, @new, @3, 'owner', now(), now()); DELETE FROM users WHERE id = @1",
			"SELECT (SELECT count(*) FROM organization_memberships WHERE user_id = @1) + (SELECT count(*) FROM user_sessions)", 0},
		"deleting who invited keeps the invitation": {
			"INSERT INTO organization_memberships VALUES (@a, @new, @3, 'owner', now(), now()); DELETE FROM users WHERE id = @1",
			"SELECT count(*) FROM organization_invitations WHERE invited_by IS NULL", 1},
		"deleting who created an organization keeps it": {
			"INSERT INTO organization_memberships VALUES (@a, @new, @3, 'owner', now(), now()); DELETE FROM users WHERE id = @1",
			"SELECT count(*) FROM organizations WHERE created_by IS NULL", 1},
		"purging an organization takes its rows along": {
			"UPDATE user_sessions SET active_organization_id = NULL; DELETE FROM organizations WHERE id = @a",
			`SELECT (SELECT count(*) FROM organization_memberships WHERE organization_id = @a) +
				(SELECT count(*) FROM organization_invitations) + (SELECT count(*) FROM organization_slug_aliases)`, 0},
		"purging an organization keeps its trail": {
			`INSERT INTO audit_events (organization_id, id, occurred_at, action) VALUES (@a, @new, now(), 'a.b');
				UPDATE user_sessions SET active_organization_id = NULL; DELETE FROM organizations WHERE id = @a`,
			"SELECT count(*) FROM audit_events", 1},
		"a deleted organization needs no owner": {
			"UPDATE organizations SET deleted_at = now() WHERE id = @b; DELETE FROM users WHERE id = @2",
			"SELECT count(*) FROM organization_memberships WHERE organization_id = @b", 0},
		"a deleted organization frees its slug and the personal place": {
			"UPDATE organizations SET deleted_at = now() WHERE id = @b; " + organization + "(@new, 'C', 'bbb', true, @2, now(), now())",
			"SELECT count(*) FROM organizations WHERE slug = 'bbb'", 2},
		"ownership can be handed over in any order": {
			"UPDATE organization_memberships SET role = 'member' WHERE organization_id = @b; " + member + "(@b, @new, @3, 'owner', now(), now())",
			"SELECT count(*) FROM organization_memberships WHERE organization_id = @b AND role = 'owner'", 1},
		"closed invitations do not stand in the way of another one": {
			"UPDATE organization_invitations SET revoked_at = now(); " + invitation + "(@a, @new, 'new@example.com', 'member', sha256('2'), now(), now() + " + day + ")",
			"SELECT count(*) FROM organization_invitations", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Pool(t, migrations.All().Up(), rows)
			if _, err := db.Exec(t.Context(), replace.Replace(tc.do)); err != nil {
				t.Fatal(err)
			}
			var n int
			if err := db.QueryRow(t.Context(), replace.Replace(tc.count)).Scan(&n); err != nil || n != tc.want {
				t.Errorf("there are %d rows, %v, want %d", n, err, tc.want)
			}
		})
	}
}
