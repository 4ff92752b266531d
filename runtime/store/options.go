package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/internal/pgsql"
	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/scope"
)

// Option changes how stores work. Options panic when what they are given cannot
// be right: stores are made once, when the program starts.
type Option func(*config)

type config struct {
	now       func() time.Time
	random    io.Reader
	log       *slog.Logger
	ranking   scope.Ranking
	ranked    bool // ranking is not the default one
	manager   scope.Role
	reserved  map[string]bool
	directory Directory
	sessions  string // quoted; empty when there are none

	invitationTTL time.Duration
	sessionTTL    time.Duration
	retention     time.Duration
	perUser       int // 0 is no limit
	perOrg        int

	before []func(context.Context, pgx.Tx, audit.Event) error
	after  []func(context.Context, audit.Event) error
	mail   func(context.Context, Mailing) error
}

// Lengths of time that the rules name.
const (
	aliasTTL    = 7 * 24 * time.Hour
	limitWindow = 24 * time.Hour
)

func defaults() config {
	c := config{
		now:           time.Now,
		random:        rand.Reader,
		log:           slog.Default(),
		reserved:      map[string]bool{},
		directory:     usersTable,
		sessions:      "user_sessions",
		invitationTTL: 7 * 24 * time.Hour,
		sessionTTL:    30 * 24 * time.Hour,
		retention:     30 * 24 * time.Hour,
		perUser:       20,
		perOrg:        50,
	}
	for _, word := range reservedWords {
		c.reserved[word] = true
	}
	return c
}

// Clock sets the clock. Everything that has a time in it, from expiry to the
// audit trail, is told by it. The default is [time.Now].
func Clock(now func() time.Time) Option {
	if now == nil {
		panic("store: Clock is nil; leave it out for time.Now")
	}
	return func(c *config) { c.now = now }
}

// Random sets where tokens come from. The default is [rand.Reader]; anything
// else is for tests.
func Random(r io.Reader) Option {
	if r == nil {
		panic("store: Random is nil; leave it out for crypto/rand")
	}
	return func(c *config) { c.random = r }
}

// Logger sets where denials, and failures after a commit, are logged. The
// default is [slog.Default] at the time of [New].
func Logger(log *slog.Logger) Option {
	if log == nil {
		panic("store: Logger is nil; leave it out for slog.Default")
	}
	return func(c *config) { c.log = log }
}

// Roles sets the roles and their order. The highest is the one of owners: it is
// given to whoever creates an organization, and an organization always has one.
// manager is the lowest role that may invite, add, change and remove members and
// rename the organization. The default is the default ranking with
// [scope.Admin]. Give migrations.Roles the same ranking.
func Roles(ranking scope.Ranking, manager scope.Role) Option {
	if _, ok := ranking.Rank(manager); !ok {
		panic(fmt.Sprintf("store: role %q of managers is not ranked; name one of %q", manager, ranking.Roles()))
	}
	return func(c *config) { c.ranking, c.ranked, c.manager = ranking, true, manager }
}

// Reserve adds words that are no slugs to the reserved ones.
func Reserve(words ...string) Option {
	words = slices.Clone(words)
	return func(c *config) {
		for _, word := range words {
			c.reserved[foldASCII(word)] = true
		}
	}
}

// InvitationTTL sets for how long an invitation can be accepted. The default is
// seven days.
func InvitationTTL(d time.Duration) Option {
	positive("InvitationTTL", d)
	return func(c *config) { c.invitationTTL = d }
}

// SessionTTL sets for how long a session that [Sessions.Start] makes is valid.
// The default is 30 days.
func SessionTTL(d time.Duration) Option {
	positive("SessionTTL", d)
	return func(c *config) { c.sessionTTL = d }
}

// Retention sets how long a deleted organization is kept before its owners may
// purge it. The default is 30 days. It is at least 24 hours, because purging
// takes along the invitations that the limits count.
func Retention(d time.Duration) Option {
	if d < limitWindow {
		panic(fmt.Sprintf("store: Retention is %s; keep deleted organizations for %s or longer", d, limitWindow))
	}
	return func(c *config) { c.retention = d }
}

// Limits sets how many invitations a user may send in 24 hours, in all
// organizations together, and how many may be sent for an organization. 0 is no
// limit. The default is 20 and 50.
func Limits(perUser, perOrganization int) Option {
	if perUser < 0 || perOrganization < 0 {
		panic(fmt.Sprintf("store: Limits are %d and %d; a limit is positive, or 0 for none", perUser, perOrganization))
	}
	return func(c *config) { c.perUser, c.perOrg = perUser, perOrganization }
}

// Users tells the stores about the application's users. Without it they read the
// columns id and email of a table users.
func Users(d Directory) Option {
	if d.Address == nil || d.Find == nil {
		panic("store: Users needs both functions of the Directory")
	}
	return func(c *config) { c.directory = d }
}

// SessionTable names the table of sessions, as in SQL. The default is
// user_sessions. The stores need its columns id, user_id and
// active_organization_id, and last_active_at to list members; [Sessions.Start],
// [Sessions.Resolve], [Sessions.Touch] and [Sessions.End] also need token_hash,
// created_at and expires_at, as in package migrations.
func SessionTable(name string) Option {
	schema, table, err := pgsql.ParseName(name)
	if err != nil {
		panic(fmt.Sprintf("store: SessionTable %q: %v", name, err))
	}
	return func(c *config) { c.sessions = pgsql.QuoteTable(schema, table) }
}

// NoSessions says that there is no table of sessions whose active organization
// would have to be cleared. The methods of [Sessions] then fail.
func NoSessions() Option {
	return func(c *config) { c.sessions = "" }
}

// Before adds a hook that runs in the transaction of every change, after the
// change was made and before it commits. The event says what happened; with tx
// the hook can look at the new state, and add to it. An error undoes everything
// and is returned to the caller within [ErrRefused]. Hooks run in the order in
// which they were added, and again when the transaction is retried.
func Before(hook func(ctx context.Context, tx pgx.Tx, e audit.Event) error) Option {
	if hook == nil {
		panic("store: Before hook is nil; leave it out")
	}
	return func(c *config) { c.before = append(c.before, hook) }
}

// After adds a hook that runs after the commit of every change. Errors and
// panics are logged; the change stays. The context is not cancelled with the
// caller's.
func After(hook func(ctx context.Context, e audit.Event) error) Option {
	if hook == nil {
		panic("store: After hook is nil; leave it out")
	}
	return func(c *config) { c.after = append(c.after, hook) }
}

// Mail sets what sends invitations, after the commit. Errors and panics are
// logged, without the token, and the invitation stays: it can be resent. The
// context is not cancelled with the caller's.
func Mail(send func(ctx context.Context, m Mailing) error) Option {
	if send == nil {
		panic("store: Mail is nil; leave it out")
	}
	return func(c *config) { c.mail = send }
}

func positive(name string, d time.Duration) {
	if d < time.Microsecond {
		panic(fmt.Sprintf("store: %s is %s; make it positive", name, d))
	}
}
