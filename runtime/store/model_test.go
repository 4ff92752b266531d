package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

// TestOperationsAgainstAModel runs random operations by several users in several
// organizations, beside a model of the rules that fits on two pages. After each
// step the outcome, the rows and the number of events must be the model's.
func TestOperationsAgainstAModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.Limits(0, 0))
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(w, rt)
		rt.Repeat(map[string]func(*rapid.T){
			"":         m.compare,
			"create":   m.create,
			"delete":   m.delete,
			"restore":  m.restore,
			"slug":     m.changeSlug,
			"transfer": m.transfer,
			"add":      m.add,
			"role":     m.changeRole,
			"remove":   m.remove,
			"leave":    m.leave,
			"invite":   m.invite,
			"revoke":   m.revoke,
			"accept":   m.accept,
			"decline":  m.decline,
			"activate": m.activate,
			"clear":    m.clear,
			"time flies": func(rt *rapid.T) {
				w.clock.advance(time.Duration(rapid.IntRange(1, 4).Draw(rt, "days")) * 24 * time.Hour)
			},
		})
	})
}

var ranks = []scope.Role{scope.Owner, scope.Admin, scope.Member}

func rank(r scope.Role) int { return slices.Index(ranks, r) }

type modelUser struct {
	sc      *scope.Scope
	email   string
	session uuid.UUID
	active  *modelOrg
}

type modelOrg struct {
	id      uuid.UUID
	slug    string
	deleted bool
	members map[*modelUser]scope.Role
	aliases map[string]time.Time // slug, and when it ends
	events  int
}

type modelInvitation struct {
	org     *modelOrg
	sent    store.Sent
	to      *modelUser
	by      *modelUser
	role    scope.Role
	expires time.Time
	state   string // pending, accepted, revoked
}

// model is what the rules say the database holds.
type model struct {
	w           *world
	ctx         context.Context
	prefix      string
	users       []*modelUser
	orgs        []*modelOrg
	invitations []*modelInvitation
}

func newModel(w *world, rt *rapid.T) *model {
	m := &model{w: w, ctx: w.Context(), prefix: "m" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12]}
	for i := range 3 {
		email := fmt.Sprintf("%s-%d@example.com", m.prefix, i)
		u := &modelUser{sc: w.user(email), email: email}
		s, _, err := w.Sessions.Start(m.ctx, u.sc)
		if err != nil {
			rt.Fatal(err)
		}
		u.session = s.ID
		m.users = append(m.users, u)
	}
	for range 2 {
		m.create(rt)
	}
	return m
}

func (m *model) user(rt *rapid.T) *modelUser { return rapid.SampledFrom(m.users).Draw(rt, "user") }
func (m *model) org(rt *rapid.T) *modelOrg   { return rapid.SampledFrom(m.orgs).Draw(rt, "organization") }
func (m *model) role(rt *rapid.T) scope.Role { return rapid.SampledFrom(ranks).Draw(rt, "role") }

func (m *model) slug(rt *rapid.T) string {
	return m.prefix + "-" + rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "slug")
}

func (m *model) invitation(rt *rapid.T) *modelInvitation {
	if len(m.invitations) == 0 {
		rt.Skip("nobody is invited")
	}
	return rapid.SampledFrom(m.invitations).Draw(rt, "invitation")
}

// as is the scope of a user in an organization as of some time ago: it says
// member of whoever is none, because the stores must not believe it.
func (m *model) as(u *modelUser, o *modelOrg) *scope.Scope {
	id := uuid.New()
	if row, err := m.membership(o, u); err == nil {
		id = row
	}
	return must(scope.ForMember(scope.Organization{ID: o.id, Name: "x", Slug: o.slug},
		scope.Membership{ID: id, OrganizationID: o.id, UserID: u.sc.UserID(), Role: scope.Owner}))
}

// membership is the id of a user's membership.
//
//sigra:allow test -- the test looks at the rows
func (m *model) membership(o *modelOrg, u *modelUser) (id uuid.UUID, err error) {
	err = m.w.db.QueryRow(m.ctx, "SELECT id FROM organization_memberships WHERE organization_id = $1 AND user_id = $2", o.id, u.sc.UserID()).Scan(&id)
	return id, err
}

// target is the id of a user's membership, or one that there is not.
func (m *model) target(o *modelOrg, u *modelUser) uuid.UUID {
	id, err := m.membership(o, u)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.New()
	}
	return id
}

// expect compares an outcome with the model's, and counts the event of a success.
func (m *model) expect(rt *rapid.T, o *modelOrg, got, want error) bool {
	rt.Helper()
	if !errors.Is(got, want) || want == nil && got != nil {
		rt.Fatalf("error is %v, and the model says %v", got, want)
	}
	if want == nil {
		o.events++
	}
	return want == nil
}

// first is the first of some refusals.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func when(refused bool, err error) error {
	if refused {
		return err
	}
	return nil
}

func (o *modelOrg) owners() (n int) {
	for _, role := range o.members {
		if role == scope.Owner {
			n++
		}
	}
	return n
}

// in refuses who is no member of a live organization.
func (o *modelOrg) in(u *modelUser) error {
	_, member := o.members[u]
	return when(o.deleted || !member, store.ErrNotFound)
}

func (o *modelOrg) needs(u *modelUser, role scope.Role) error {
	return when(rank(o.members[u]) > rank(role), store.ErrForbidden)
}

func (o *modelOrg) reaches(u *modelUser, role scope.Role) error {
	return when(rank(o.members[u]) > rank(role), store.ErrRank)
}

func (o *modelOrg) isOnlyOwner(u *modelUser) bool {
	return o.members[u] == scope.Owner && o.owners() == 1
}

func (m *model) taken(slug string, by *modelOrg) error {
	for _, o := range m.orgs {
		if o != by && (!o.deleted && o.slug == slug || m.w.clock.now().Before(o.aliases[slug])) {
			return store.ErrSlugTaken
		}
	}
	return nil
}

func (m *model) create(rt *rapid.T) {
	u, slug := m.user(rt), m.slug(rt)
	o := &modelOrg{slug: slug, members: map[*modelUser]scope.Role{u: scope.Owner}, aliases: map[string]time.Time{}}
	sc, err := m.w.Organizations.Create(m.ctx, u.sc, store.NewOrganization{Name: "Model", Slug: slug})
	if len(m.orgs) < 2 && errors.Is(err, store.ErrSlugTaken) { // the model starts with two
		slug += uuid.NewString()[:8]
		o.slug = slug
		sc, err = m.w.Organizations.Create(m.ctx, u.sc, store.NewOrganization{Name: "Model", Slug: slug})
	}
	if m.expect(rt, o, err, m.taken(slug, nil)) {
		o.id = orgID(sc)
		m.orgs = append(m.orgs, o)
	}
}

func (m *model) delete(rt *rapid.T) {
	u, o := m.user(rt), m.org(rt)
	err := m.w.Organizations.Delete(m.ctx, m.as(u, o))
	if m.expect(rt, o, err, first(o.in(u), o.needs(u, scope.Owner))) {
		o.deleted = true
		clear(o.aliases)
		m.unpoint(o, nil)
		for _, i := range m.invitations {
			if i.org == o && i.state == "pending" {
				i.state = "revoked"
			}
		}
	}
}

// unpoint clears the active organization of a user, or of all.
func (m *model) unpoint(o *modelOrg, of *modelUser) {
	for _, u := range m.users {
		if u.active == o && (of == nil || of == u) {
			u.active = nil
		}
	}
}

func (m *model) restore(rt *rapid.T) {
	u, o := m.user(rt), m.org(rt)
	_, member := o.members[u]
	_, err := m.w.Organizations.Restore(m.ctx, u.sc, o.id, "")
	if m.expect(rt, o, err, first(when(!member, store.ErrNotFound), o.needs(u, scope.Owner), when(!o.deleted, store.ErrNotDeleted), m.taken(o.slug, o))) {
		o.deleted = false
	}
}

func (m *model) changeSlug(rt *rapid.T) {
	u, o, slug := m.user(rt), m.org(rt), m.slug(rt)
	_, err := m.w.Organizations.ChangeSlug(m.ctx, m.as(u, o), slug)
	if m.expect(rt, o, err, first(o.in(u), o.needs(u, scope.Owner), m.taken(slug, o))) && slug != o.slug {
		delete(o.aliases, slug)
		o.aliases[o.slug] = m.w.clock.now().Add(7 * 24 * time.Hour)
		o.slug = slug
	}
}

func (m *model) transfer(rt *rapid.T) {
	u, o, to := m.user(rt), m.org(rt), m.user(rt)
	_, member := o.members[to]
	_, err := m.w.Organizations.TransferOwnership(m.ctx, m.as(u, o), m.target(o, to))
	if m.expect(rt, o, err, first(o.in(u), o.needs(u, scope.Owner), when(!member, store.ErrNotFound), when(u == to, store.ErrForbidden))) {
		o.members[to], o.members[u] = scope.Owner, scope.Admin
		m.endSent(o, u)
	}
}

func (m *model) add(rt *rapid.T) {
	u, o, to, role := m.user(rt), m.org(rt), m.user(rt), m.role(rt)
	_, member := o.members[to]
	_, err := m.w.Memberships.Add(m.ctx, m.as(u, o), to.sc.UserID(), role)
	if m.expect(rt, o, err, first(o.in(u), o.needs(u, scope.Admin), o.reaches(u, role), when(member, store.ErrAlreadyMember), m.reachesPending(o, u, to))) {
		o.members[to] = role
		m.end(o, to)
	}
}

// end revokes what is pending for a user.
func (m *model) end(o *modelOrg, to *modelUser) {
	for _, i := range m.invitations {
		if i.org == o && i.to == to && i.state == "pending" {
			i.state = "revoked"
		}
	}
}

func (m *model) changeRole(rt *rapid.T) {
	u, o, to, role := m.user(rt), m.org(rt), m.user(rt), m.role(rt)
	_, member := o.members[to]
	_, err := m.w.Memberships.ChangeRole(m.ctx, m.as(u, o), m.target(o, to), role)
	if m.expect(rt, o, err, first(o.in(u), o.needs(u, scope.Admin), when(!member, store.ErrNotFound), o.reaches(u, o.members[to]),
		o.reaches(u, role), when(role != scope.Owner && o.isOnlyOwner(to), store.ErrLastOwner))) {
		o.members[to] = role
		m.endSent(o, to)
	}
}

// endSent revokes what somebody has sent and may no longer grant.
func (m *model) endSent(o *modelOrg, by *modelUser) {
	role, stays := o.members[by]
	for _, i := range m.invitations {
		if i.org == o && i.by == by && i.state == "pending" && !(stays && rank(role) <= rank(scope.Admin) && rank(role) <= rank(i.role)) {
			i.state = "revoked"
		}
	}
}

// reachesPending refuses to replace what is offered to a user with a role above
// the own one.
func (m *model) reachesPending(o *modelOrg, u, to *modelUser) error {
	for _, i := range m.invitations {
		if i.org == o && i.to == to && i.state == "pending" && m.w.clock.now().Before(i.expires) {
			return o.reaches(u, i.role)
		}
	}
	return nil
}

func (m *model) remove(rt *rapid.T) {
	u, o, to := m.user(rt), m.org(rt), m.user(rt)
	_, member := o.members[to]
	want := first(o.in(u), when(u == to && o.isOnlyOwner(to), store.ErrLastOwner))
	if u != to {
		want = first(o.in(u), o.needs(u, scope.Admin), when(!member, store.ErrNotFound), o.reaches(u, o.members[to]),
			when(o.isOnlyOwner(to), store.ErrLastOwner))
	}
	if m.expect(rt, o, m.w.Memberships.Remove(m.ctx, m.as(u, o), m.target(o, to)), want) {
		delete(o.members, to)
		m.endSent(o, to)
		m.unpoint(o, to)
	}
}

func (m *model) leave(rt *rapid.T) {
	u, o := m.user(rt), m.org(rt)
	if m.expect(rt, o, m.w.Memberships.Leave(m.ctx, m.as(u, o)), first(o.in(u), when(o.isOnlyOwner(u), store.ErrLastOwner))) {
		delete(o.members, u)
		m.endSent(o, u)
		m.unpoint(o, u)
	}
}

func (m *model) invite(rt *rapid.T) {
	u, o, to, role := m.user(rt), m.org(rt), m.user(rt), m.role(rt)
	_, member := o.members[to]
	sent, err := m.w.Invitations.Invite(m.ctx, m.as(u, o), strings.ToUpper(to.email), role)
	if m.expect(rt, o, err, first(o.in(u), o.needs(u, scope.Admin), o.reaches(u, role), when(member, store.ErrAlreadyMember), m.reachesPending(o, u, to))) {
		m.end(o, to)
		m.invitations = append(m.invitations, &modelInvitation{o, sent, to, u, role, m.w.clock.now().Add(7 * 24 * time.Hour), "pending"})
	}
}

func (m *model) revoke(rt *rapid.T) {
	u, i := m.user(rt), m.invitation(rt)
	o := i.org
	if rapid.Bool().Draw(rt, "of another organization") {
		o = m.org(rt)
	}
	err := m.w.Invitations.Revoke(m.ctx, m.as(u, o), i.sent.ID)
	if m.expect(rt, o, err, first(o.in(u), o.needs(u, scope.Admin), when(o != i.org, store.ErrNotFound),
		when(i.state != "pending", store.ErrNotPending), o.reaches(u, i.role))) {
		i.state = "revoked"
	}
}

// usable is what accepting and declining have in common.
func (i *modelInvitation) usable(u *modelUser, now time.Time) error {
	return first(when(i.state == "accepted", store.ErrAlreadyAccepted), when(i.state == "revoked", store.ErrRevoked),
		when(!now.Before(i.expires), store.ErrExpired), when(u != i.to, store.ErrEmailMismatch))
}

func (m *model) accept(rt *rapid.T) {
	i := m.invitation(rt)
	u := i.to
	if rapid.IntRange(0, 4).Draw(rt, "stranger") == 0 {
		u = m.user(rt)
	}
	_, err := m.w.Invitations.Accept(m.ctx, u.sc, i.sent.Token)
	if m.expect(rt, i.org, err, i.usable(u, m.w.clock.now())) {
		i.state = "accepted"
		i.org.members[u] = i.role
	}
}

func (m *model) decline(rt *rapid.T) {
	i := m.invitation(rt)
	u := m.user(rt)
	if m.expect(rt, i.org, m.w.Invitations.Decline(m.ctx, u.sc, i.sent.Token), i.usable(u, m.w.clock.now())) {
		i.state = "revoked"
	}
}

func (m *model) activate(rt *rapid.T) {
	u, o := m.user(rt), m.org(rt)
	_, err := m.w.Sessions.Activate(m.ctx, u.sc, u.session, o.id)
	if m.expect(rt, o, err, o.in(u)) {
		u.active = o
	}
}

func (m *model) clear(rt *rapid.T) {
	u := m.user(rt)
	if err := m.w.Sessions.Clear(m.ctx, u.sc, u.session); err != nil {
		rt.Fatal(err)
	}
	if u.active != nil {
		u.active.events++
		u.active = nil
	}
}

// compare holds the rows against the model.
//
//sigra:allow test -- the test looks at the rows
func (m *model) compare(rt *rapid.T) {
	var got, want []string
	read := func(sql string, args ...any) {
		rows, err := m.w.db.Query(m.ctx, sql, args...)
		if err != nil {
			rt.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			rt.Fatal(err)
		}
		got = append(got, lines...)
	}
	for _, o := range m.orgs {
		if !o.deleted && o.owners() == 0 {
			rt.Fatal("the model has an organization without owner")
		}
		want = append(want, fmt.Sprintf("org %s %s %t %d", o.id, o.slug, o.deleted, o.events))
		for u, role := range o.members {
			want = append(want, fmt.Sprintf("member %s %s %s", o.id, u.sc.UserID(), role))
		}
		read(`SELECT format('org %s %s %s %s', id, slug, CASE WHEN deleted_at IS NULL THEN 'false' ELSE 'true' END,
			(SELECT count(*) FROM audit_events e WHERE e.organization_id = o.id)) FROM organizations o WHERE id = $1`, o.id)
		read("SELECT format('member %s %s %s', organization_id, user_id, role) FROM organization_memberships WHERE organization_id = $1", o.id)
		read(`SELECT format('invitation %s %s', id, CASE WHEN accepted_at IS NOT NULL THEN 'accepted' WHEN revoked_at IS NOT NULL THEN 'revoked' ELSE 'pending' END)
			FROM organization_invitations WHERE organization_id = $1`, o.id)
	}
	for _, i := range m.invitations {
		want = append(want, fmt.Sprintf("invitation %s %s", i.sent.ID, i.state))
	}
	for _, u := range m.users {
		active := ""
		if u.active != nil {
			active = u.active.id.String()
		}
		want = append(want, fmt.Sprintf("session %s %s", u.session, active))
		read("SELECT format('session %s %s', id, active_organization_id) FROM user_sessions WHERE id = $1", u.session)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		rt.Fatalf("the database is not the model's (-model +database):\n%s", diff)
	}
}
