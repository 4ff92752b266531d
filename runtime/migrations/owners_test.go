package migrations_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/migrations"
)

// ownerless counts live organizations that have no owner.
func ownerless(t *testing.T, db *pgxpool.Pool) (n int) {
	t.Helper()
	if err := db.QueryRow(t.Context(), `SELECT count(*) FROM organizations o WHERE deleted_at IS NULL
		AND NOT EXISTS (SELECT FROM organization_memberships m WHERE m.organization_id = o.id AND m.role = 'owner')`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Whoever writes without package store may do so in any isolation, and beside
// anything. first is open and has done its work when second starts, and commits
// when second is through or waits.
//
//sigra:allow test -- the test writes what the stores would not
func TestNoInterleavingLeavesAnOrganizationWithoutOwner(t *testing.T) {
	t.Parallel()
	const twoOwners = "INSERT INTO organization_memberships VALUES (@a, @new, @3, 'owner', now(), now())"
	for name, tc := range map[string]struct{ before, first, second string }{
		"one owner's account is deleted and the other one's": {twoOwners, "DELETE FROM users WHERE id = @1", "DELETE FROM users WHERE id = @3"},
		"one owner is demoted and the other one's account deleted": {twoOwners,
			"UPDATE organization_memberships SET role = 'member' WHERE user_id = @1", "DELETE FROM users WHERE id = @3"},
		"the organization is restored and its owner's account deleted": {"UPDATE organizations SET deleted_at = now() WHERE id = @a",
			"SELECT FROM organizations WHERE id = @a FOR NO KEY UPDATE; UPDATE organizations SET deleted_at = NULL WHERE id = @a",
			"DELETE FROM users WHERE id = @1"},
	} {
		for _, level := range []pgx.TxIsoLevel{pgx.ReadCommitted, pgx.RepeatableRead, pgx.Serializable} {
			t.Run(name+", "+string(level), func(t *testing.T) {
				t.Parallel()
				db := pgtest.Pool(t, migrations.All().Up(), rows)
				exec := func(sql string) {
					t.Helper()
					if _, err := db.Exec(t.Context(), replace.Replace(sql)); err != nil {
						t.Fatal(err)
					}
				}
				exec("UPDATE organizations SET created_by = NULL") // or the deletion of who created it would write to it
				exec(tc.before)
				begin := func(sql string) pgx.Tx {
					t.Helper()
					tx, err := db.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: level})
					if err == nil {
						_, err = tx.Exec(t.Context(), replace.Replace(sql))
					}
					if err != nil {
						t.Fatal(err)
					}
					return tx
				}
				first := begin(tc.first)
				second := make(chan error, 1)
				go func() {
					tx, err := db.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: level})
					if err == nil {
						_, err = tx.Exec(t.Context(), replace.Replace(tc.second))
						if err == nil {
							err = tx.Commit(t.Context())
						}
						_ = tx.Rollback(context.WithoutCancel(t.Context()))
					}
					second <- err
				}()
				var err error
				select {
				case err = <-second:
				case <-waiting(t, db):
					err = errWaits
				}
				committed := first.Commit(t.Context())
				if errors.Is(err, errWaits) {
					err = <-second
				}
				if committed != nil && err != nil {
					t.Errorf("neither commits: %v, %v", committed, err)
				}
				if n := ownerless(t, db); n != 0 {
					t.Errorf("%d organizations without owner; the transactions end with %v and %v", n, committed, err)
				}
			})
		}
	}
}

var errWaits = errors.New("waits for the other one")

// waiting is closed when somebody in the database waits for a lock.
func waiting(t *testing.T, db *pgxpool.Pool) <-chan struct{} {
	waits := make(chan struct{})
	go func() {
		for t.Context().Err() == nil {
			var n int
			err := db.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n)
			if err == nil && n > 0 {
				close(waits)
				return
			}
			time.Sleep(2 * time.Millisecond)
		}
	}()
	return waits
}

// Functions of the schema look at its tables, and not at others of the same names
// that somebody has put in front of them.
//
//sigra:allow test -- the test attacks the schema
func TestTheTriggerLooksAtTheTablesOfTheSchema(t *testing.T) {
	t.Parallel()
	for name, decoy := range map[string]string{
		"temporary organizations": "CREATE TEMP TABLE organizations (id uuid, deleted_at timestamptz, updated_at timestamptz)",
		"temporary memberships": `CREATE TEMP TABLE organization_memberships (organization_id uuid, user_id uuid, role text);
			INSERT INTO pg_temp.organization_memberships VALUES (@a, @3, 'owner')`,
		"a schema of the user's name": `CREATE SCHEMA AUTHORIZATION CURRENT_USER;
			DO $$ BEGIN EXECUTE format('CREATE TABLE %I.organizations (id uuid, deleted_at timestamptz, updated_at timestamptz)', current_user); END $$`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Pool(t, migrations.All().Up(), rows)
			conn, err := db.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Release()
			_, err = conn.Exec(t.Context(), replace.Replace(decoy)+"; "+replace.Replace("DELETE FROM public.users WHERE id = @1"))
			if err == nil {
				t.Error("the last owner's account is deleted")
			}
			if n := ownerless(t, db); n != 0 {
				t.Errorf("%d organizations without owner", n)
			}
		})
	}
}

// The tables need not be in public, nor in the path of who writes to them.
func TestTheTriggerFindsASchemaThatIsNotInThePath(t *testing.T) {
	t.Parallel()
	db := pgtest.Pool(t, "CREATE SCHEMA app; SET search_path = app; "+migrations.All().Up()+rows)
	_, err := db.Exec(t.Context(), replace.Replace("DELETE FROM app.users WHERE id = @1"))
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.ConstraintName != "organization_memberships_keep_owner" {
		t.Errorf("the last owner's account: %v", err)
	}
	var list string
	if err := db.QueryRow(t.Context(), replace.Replace("SELECT app.organization_memberships_of(@2) -> 0 -> 'Organization' ->> 'Slug'")).Scan(&list); err != nil || list != "bbb" {
		t.Errorf("memberships are %q, %v", list, err)
	}
}
