package store_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

var rounds = flag.Int("rounds", 200, "rounds of each race; a tenth of it with -short")

// raceOf is one kind of race. setup prepares a round and returns who contends,
// and what must hold when all of them are done.
type raceOf struct {
	options []store.Option
	setup   func(r *round) (contenders []func(context.Context) error, check func(errs []error))
}

// round is one round of a race, with names that no other round has.
type round struct {
	*world
	n int
}

func (r *round) name(s string) string  { return fmt.Sprintf("%s-%d", s, r.n) }
func (r *round) email(s string) string { return fmt.Sprintf("%s-%d@example.com", s, r.n) }
func (r *round) org(s string) *scope.Scope {
	return r.organization(r.name(s))
}

// won is how many contenders succeeded. Any error but the expected ones fails
// the test: a deadlock and a serialization failure are never expected.
func (r *round) won(errs []error, expected ...error) int {
	r.Helper()
	n := 0
next:
	for _, err := range errs {
		if err == nil {
			n++
			continue
		}
		for _, e := range expected {
			if errors.Is(err, e) {
				continue next
			}
		}
		r.Errorf("round %d: a contender got %v, want one of %v", r.n, err, expected)
	}
	return n
}

func (r *round) want(what string, got, want int) {
	r.Helper()
	if got != want {
		r.Errorf("round %d: %s: %d, want %d", r.n, what, got, want)
	}
}

func (r *round) owners(sc *scope.Scope) int {
	return r.count("SELECT count(*) FROM organization_memberships WHERE organization_id = $1 AND role = 'owner'", orgID(sc))
}

func (r *round) members(org, user *scope.Scope) int {
	return r.count("SELECT count(*) FROM organization_memberships WHERE organization_id = $1 AND user_id = $2", orgID(org), user.UserID())
}

func (r *round) pending(org *scope.Scope) int {
	return r.count(`SELECT count(*) FROM organization_invitations
		WHERE organization_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL`, orgID(org))
}

// events counts those of an organization, one for each success.
func (r *round) events(org *scope.Scope, actions ...string) int {
	return r.count("SELECT count(*) FROM audit_events WHERE organization_id = $1 AND action = ANY ($2)", orgID(org), actions)
}

// Ways in which an owner stops being one.
func departures(r *round, owner, other *scope.Scope) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"leaves":     func(ctx context.Context) error { return r.Memberships.Leave(ctx, owner) },
		"is removed": func(ctx context.Context) error { return r.Memberships.Remove(ctx, other, memberID(owner)) },
		"is demoted": func(ctx context.Context) error {
			return second(r.Memberships.ChangeRole(ctx, other, memberID(owner), scope.Member))
		},
		"steps down": func(ctx context.Context) error {
			return second(r.Memberships.ChangeRole(ctx, owner, memberID(owner), scope.Admin))
		},
		"departs": func(ctx context.Context) error {
			return r.Memberships.Depart(ctx, owner, func(ctx context.Context, tx pgx.Tx) error {
				_, err := tx.Exec(ctx, "DELETE FROM users WHERE id = $1", owner.UserID())
				return err
			})
		},
		"is deleted": func(ctx context.Context) error {
			_, err := r.db.Exec(ctx, "DELETE FROM users WHERE id = $1", owner.UserID())
			if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.ConstraintName == "organization_memberships_keep_owner" {
				return store.ErrLastOwner
			}
			return err
		},
	}
}

// twoOwners race each in one of the ways.
func twoOwners(first, second string) raceOf {
	return raceOf{setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		ann := r.org("owners")
		bob := r.member(ann, r.email("bob"), scope.Owner)
		return []func(context.Context) error{departures(r, ann, bob)[first], departures(r, bob, ann)[second]}, func(errs []error) {
			// Who was demoted or removed first may no longer act on the other.
			r.want("winners", r.won(errs, store.ErrLastOwner, store.ErrNotFound, store.ErrForbidden, store.ErrRank), 1)
			r.want("owners", r.owners(ann), 1)
		}
	}}
}

// restoreAgainst restores an organization while its only owner goes in one of the
// ways. A deleted one needs none, and may lose it.
func restoreAgainst(r *round, way string) ([]func(context.Context) error, func([]error)) {
	org := r.org("restored")
	system := must(scope.System(orgID(org), "support"))
	if err := r.Organizations.Delete(r.Context(), org); err != nil {
		r.Fatal(err)
	}
	r.exec("UPDATE organizations SET created_by = NULL WHERE id = $1", orgID(org)) // or the account's deletion would wait for that
	return []func(context.Context) error{departures(r, org, org)[way],
			func(ctx context.Context) error {
				return second(r.Organizations.Restore(ctx, system, orgID(org), ""))
			}}, func(errs []error) {
			r.want("winners", r.won(errs, store.ErrLastOwner), 1)
			r.want("owners", r.owners(org), r.won(errs[1:], store.ErrLastOwner))
		}
}

// invited is an organization with an invitation and the user that it is for.
func (r *round) invited() (org, user *scope.Scope, sent store.Sent) {
	org, user = r.org("inviting"), r.user(r.email("new"))
	return org, user, r.invite(org, r.email("new"), scope.Member)
}

func (r *round) accept(user *scope.Scope, sent store.Sent) func(context.Context) error {
	return func(ctx context.Context) error { return second(r.Invitations.Accept(ctx, user, sent.Token)) }
}

// races of the rules. Those of two owners are added by TestRaces.
var races = map[string]raceOf{
	"accept against accept": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user, sent := r.invited()
		accept := r.accept(user, sent)
		return []func(context.Context) error{accept, accept, accept}, func(errs []error) {
			r.want("winners", r.won(errs, store.ErrAlreadyAccepted), 1)
			r.want("members", r.members(org, user), 1)
			r.want("events", r.events(org, "invitation.accepted"), 1)
		}
	}},
	"accept against revoke": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user, sent := r.invited()
		return []func(context.Context) error{r.accept(user, sent),
				func(ctx context.Context) error { return r.Invitations.Revoke(ctx, org, sent.ID) }}, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrRevoked, store.ErrNotPending), 1)
				r.want("members", r.members(org, user), r.events(org, "invitation.accepted"))
				r.want("events", r.events(org, "invitation.accepted", "invitation.revoked"), 1)
				r.want("pending", r.pending(org), 0)
			}
	}},
	"accept against decline": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user, sent := r.invited()
		return []func(context.Context) error{r.accept(user, sent),
				func(ctx context.Context) error { return r.Invitations.Decline(ctx, user, sent.Token) }}, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrRevoked, store.ErrAlreadyAccepted), 1)
				r.want("members", r.members(org, user), r.events(org, "invitation.accepted"))
			}
	}},
	"accept against another invitation": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user, sent := r.invited()
		return []func(context.Context) error{r.accept(user, sent),
				func(ctx context.Context) error {
					return second(r.Invitations.Invite(ctx, org, sent.Email, scope.Member))
				}}, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrRevoked, store.ErrAlreadyMember), 1)
				r.want("members and pending", r.members(org, user)+r.pending(org), 1)
			}
	}},
	"accept against resend": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user, sent := r.invited()
		return []func(context.Context) error{r.accept(user, sent),
				func(ctx context.Context) error { return second(r.Invitations.Resend(ctx, org, sent.ID)) }}, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrRevoked, store.ErrNotPending), 1)
				r.want("members and pending", r.members(org, user)+r.pending(org), 1)
			}
	}},
	"accept against deletion of the organization": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user, sent := r.invited()
		return []func(context.Context) error{r.accept(user, sent),
				func(ctx context.Context) error { return r.Organizations.Delete(ctx, org) }}, func(errs []error) {
				r.won(errs[:1], store.ErrRevoked)
				r.want("deletions", r.won(errs[1:]), 1)
				r.want("members", r.members(org, user), r.won(errs[:1], store.ErrRevoked))
				r.want("pending", r.pending(org), 0)
			}
	}},
	"accept against the removal of who sent it": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org := r.org("inviting")
		admin, user := r.member(org, r.email("admin"), scope.Admin), r.user(r.email("new"))
		sent := r.invite(admin, r.email("new"), scope.Admin)
		return []func(context.Context) error{r.accept(user, sent),
				func(ctx context.Context) error { return r.Memberships.Remove(ctx, org, memberID(admin)) }}, func(errs []error) {
				r.want("removals", r.won(errs[1:]), 1)
				r.want("members", r.members(org, user), r.won(errs[:1], store.ErrRevoked))
			}
	}},
	"accept against the demotion of who sent it": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org := r.org("inviting")
		admin, user := r.member(org, r.email("admin"), scope.Admin), r.user(r.email("new"))
		sent := r.invite(admin, r.email("new"), scope.Admin)
		return []func(context.Context) error{r.accept(user, sent),
				func(ctx context.Context) error {
					return second(r.Memberships.ChangeRole(ctx, org, memberID(admin), scope.Member))
				}}, func(errs []error) {
				r.want("demotions", r.won(errs[1:]), 1)
				r.want("members", r.members(org, user), r.won(errs[:1], store.ErrRevoked))
			}
	}},
	"accept against add": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user, sent := r.invited()
		return []func(context.Context) error{r.accept(user, sent),
				func(ctx context.Context) error {
					return second(r.Memberships.Add(ctx, org, user.UserID(), scope.Member))
				}}, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrRevoked, store.ErrAlreadyMember), 1)
				r.want("members", r.members(org, user), 1)
				r.want("pending", r.pending(org), 0)
			}
	}},
	"accept against the removal of the new member": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user, sent := r.invited()
		return []func(context.Context) error{r.accept(user, sent), func(ctx context.Context) error {
				members, err := r.Memberships.List(ctx, org, store.Page{})
				for _, m := range members {
					if m.UserID == user.UserID() {
						return r.Memberships.Remove(ctx, org, m.ID)
					}
				}
				return errors.Join(err, store.ErrNotFound)
			}}, func(errs []error) {
				r.want("acceptances", r.won(errs[:1]), 1)
				r.want("members", r.members(org, user), 1-r.won(errs[1:], store.ErrNotFound))
			}
	}},
	"an address invited by several at once": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org := r.org("inviting")
		admin := r.member(org, r.email("admin"), scope.Admin)
		invite := func(sc *scope.Scope, email string) func(context.Context) error {
			return func(ctx context.Context) error {
				return second(r.Invitations.Invite(ctx, sc, email, scope.Member))
			}
		}
		return []func(context.Context) error{invite(org, r.email("new")), invite(admin, strings.ToUpper(r.email("new"))), invite(org, r.email("New"))},
			func(errs []error) {
				r.want("winners", r.won(errs), 3)
				r.want("pending", r.pending(org), 1)
			}
	}},
	"the limit of a user in two organizations": {
		options: []store.Option{store.Limits(3, 0)},
		setup: func(r *round) ([]func(context.Context) error, func([]error)) {
			user := r.user(r.email("sender"))
			var invites []func(context.Context) error
			for i := range 2 {
				org := r.ok(r.Organizations.Create(r.Context(), user, store.NewOrganization{Name: "Limits"}))
				for j := range 3 {
					invites = append(invites, func(ctx context.Context) error {
						return second(r.Invitations.Invite(ctx, org, r.email(fmt.Sprintf("to%d-%d", i, j)), scope.Member))
					})
				}
			}
			return invites, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrUserLimit), 3)
				r.want("sent", r.count("SELECT count(*) FROM organization_invitations WHERE invited_by = $1", user.UserID()), 3)
			}
		}},
	"the limit of an organization with two senders": {
		options: []store.Option{store.Limits(0, 3)},
		setup: func(r *round) ([]func(context.Context) error, func([]error)) {
			org := r.org("limits")
			senders := []*scope.Scope{org, r.member(org, r.email("admin"), scope.Admin)}
			var invites []func(context.Context) error
			for i := range 6 {
				invites = append(invites, func(ctx context.Context) error {
					return second(r.Invitations.Invite(ctx, senders[i%2], r.email(fmt.Sprint("to", i)), scope.Member))
				})
			}
			return invites, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrOrganizationLimit), 3)
				r.want("pending", r.pending(org), 3)
			}
		}},
	"a slug created by several at once": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		var creates []func(context.Context) error
		for i := range 3 {
			user := r.user(r.email(fmt.Sprint("founder", i)))
			creates = append(creates, func(ctx context.Context) error {
				return second(r.Organizations.Create(ctx, user, store.NewOrganization{Name: "Same", Slug: r.name("same")}))
			})
		}
		return creates, func(errs []error) {
			r.want("winners", r.won(errs, store.ErrSlugTaken), 1)
			r.want("organizations", r.count("SELECT count(*) FROM organizations WHERE slug = $1", r.name("same")), 1)
		}
	}},
	"a slug taken at the moment it is given up": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user := r.org("former"), r.user(r.email("taker"))
		return []func(context.Context) error{
				func(ctx context.Context) error {
					return second(r.Organizations.ChangeSlug(ctx, org, r.name("later")))
				},
				func(ctx context.Context) error {
					return second(r.Organizations.Create(ctx, user, store.NewOrganization{Name: "Taker", Slug: r.name("former")}))
				}}, func(errs []error) {
				r.want("changes", r.won(errs[:1]), 1)
				r.want("takers", r.won(errs[1:], store.ErrSlugTaken), 0)
			}
	}},
	"two organizations exchange their slugs": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		a, b := r.org("left"), r.org("right")
		return []func(context.Context) error{
				func(ctx context.Context) error {
					return second(r.Organizations.ChangeSlug(ctx, a, r.name("right")))
				},
				func(ctx context.Context) error {
					return second(r.Organizations.ChangeSlug(ctx, b, r.name("left")))
				}}, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrSlugTaken), 0)
			}
	}},
	"a deleted organization's slug, restored and taken": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user := r.org("deleted"), r.user(r.email("taker"))
		if err := r.Organizations.Delete(r.Context(), org); err != nil {
			r.Fatal(err)
		}
		return []func(context.Context) error{
				func(ctx context.Context) error {
					return second(r.Organizations.Restore(ctx, org, orgID(org), ""))
				},
				func(ctx context.Context) error {
					return second(r.Organizations.Create(ctx, user, store.NewOrganization{Name: "Taker", Slug: r.name("deleted")}))
				}}, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrSlugTaken), 1)
			}
	}},
	"a personal organization created twice": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		user := r.user(r.email("loner"))
		create := func(ctx context.Context) error {
			return second(r.Organizations.Create(ctx, user, store.NewOrganization{Name: "Mine", Personal: true}))
		}
		return []func(context.Context) error{create, create}, func(errs []error) {
			r.want("winners", r.won(errs, store.ErrPersonalExists), 1)
		}
	}},
	"a member added twice": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org, user := r.org("adding"), r.user(r.email("added"))
		add := func(ctx context.Context) error {
			return second(r.Memberships.Add(ctx, org, user.UserID(), scope.Member))
		}
		return []func(context.Context) error{add, add}, func(errs []error) {
			r.want("winners", r.won(errs, store.ErrAlreadyMember), 1)
			r.want("members", r.members(org, user), 1)
		}
	}},
	"an organization deleted twice": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org := r.org("deleting")
		remove := func(ctx context.Context) error { return r.Organizations.Delete(ctx, org) }
		return []func(context.Context) error{remove, remove}, func(errs []error) {
			r.want("winners", r.won(errs, store.ErrNotFound), 1)
			r.want("events", r.events(org, "organization.deleted"), 1)
		}
	}},
	"restore against purge": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org := r.org("deleted")
		if err := r.Organizations.Delete(r.Context(), org); err != nil {
			r.Fatal(err)
		}
		system := must(scope.System(orgID(org), "erasure on request"))
		return []func(context.Context) error{
				func(ctx context.Context) error {
					return second(r.Organizations.Restore(ctx, org, orgID(org), ""))
				},
				func(ctx context.Context) error { return r.Organizations.Purge(ctx, system, orgID(org)) }}, func(errs []error) {
				r.want("winners", r.won(errs, store.ErrNotFound, store.ErrNotDeleted), 1)
				r.want("organizations", r.count("SELECT count(*) FROM organizations WHERE id = $1", orgID(org)), r.events(org, "organization.restored"))
			}
	}},
	"restore against the deletion of the owner's account": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		return restoreAgainst(r, "is deleted")
	}},
	"restore against the departure of the owner": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		return restoreAgainst(r, "departs")
	}},
	"activation against removal": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org := r.org("activating")
		member := r.member(org, r.email("member"), scope.Member)
		session, _, err := r.Sessions.Start(r.Context(), member)
		if err != nil {
			r.Fatal(err)
		}
		activate := func(ctx context.Context) error {
			return second(r.Sessions.Activate(ctx, member, session.ID, orgID(org)))
		}
		return []func(context.Context) error{activate, activate,
				func(ctx context.Context) error { return r.Memberships.Remove(ctx, org, memberID(member)) }}, func(errs []error) {
				r.won(errs[:2], store.ErrNotFound)
				r.want("removals", r.won(errs[2:]), 1)
				r.want("pointers", r.count("SELECT count(*) FROM user_sessions WHERE active_organization_id = $1", orgID(org)), 0)
			}
	}},
	"activation against deletion of the organization": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org := r.org("activating")
		session, _, err := r.Sessions.Start(r.Context(), org)
		if err != nil {
			r.Fatal(err)
		}
		return []func(context.Context) error{
				func(ctx context.Context) error {
					return second(r.Sessions.Activate(ctx, org, session.ID, orgID(org)))
				},
				func(ctx context.Context) error { return r.Organizations.Delete(ctx, org) }}, func(errs []error) {
				r.won(errs[:1], store.ErrNotFound)
				r.want("deletions", r.won(errs[1:]), 1)
				r.want("pointers", r.count("SELECT count(*) FROM user_sessions WHERE active_organization_id = $1", orgID(org)), 0)
			}
	}},
	"transfers against each other": {setup: func(r *round) ([]func(context.Context) error, func([]error)) {
		org := r.org("transferring")
		bob, cleo := r.member(org, r.email("bob"), scope.Member), r.member(org, r.email("cleo"), scope.Member)
		transfer := func(to *scope.Scope) func(context.Context) error {
			return func(ctx context.Context) error {
				return second(r.Organizations.TransferOwnership(ctx, org, memberID(to)))
			}
		}
		return []func(context.Context) error{transfer(bob), transfer(cleo)}, func(errs []error) {
			r.want("winners", r.won(errs, store.ErrForbidden), 1)
			r.want("owners", r.owners(org), 1)
		}
	}},
}

// No contender may see a deadlock or a serialization failure, and at the end of
// every round the database is as if the contenders had come one after another.
func TestRaces(t *testing.T) {
	t.Parallel()
	all := map[string]raceOf{}
	for name, race := range races {
		all[name] = race
	}
	ways := []string{"leaves", "is removed", "is demoted", "steps down", "departs", "is deleted"}
	for i, first := range ways {
		for _, second := range ways[i:] {
			all["of two owners one "+first+" and one "+second] = twoOwners(first, second)
		}
	}
	for name, race := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			race.run(t)
		})
	}
}

func (race raceOf) run(t *testing.T) {
	w := newWorld(t, race.options...)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute) // a lock that nobody gives up
	defer cancel()
	total := *rounds
	if testing.Short() {
		total /= 10
	}
	for n := range total {
		contenders, check := race.setup(&round{w, n})
		errs := make([]error, len(contenders))
		start := make(chan struct{})
		var done sync.WaitGroup
		for i, contend := range contenders {
			done.Go(func() {
				<-start
				// Who is first should not always be who was started first.
				time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
				errs[i] = contend(ctx)
			})
		}
		close(start)
		done.Wait()
		check(errs)
		if t.Failed() {
			t.Fatalf("stopped after round %d", n)
		}
	}
	var deadlocks int
	if err := w.db.QueryRow(ctx, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").Scan(&deadlocks); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rounds, %d deadlocks resolved by the server", total, deadlocks)
}
