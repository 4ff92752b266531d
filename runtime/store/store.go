package store

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// DB is what stores work on: *pgxpool.Pool, *pgxpool.Conn, *pgx.Conn, pgx.Tx.
type DB interface {
	Begin(ctx context.Context) (pgx.Tx, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// The tables of package migrations. The row of an organization belongs to that
// organization, by its id.
var (
	_ = query.Declare[scope.Organization]("organizations", query.Column("id"))
	_ = query.Declare[scope.Membership]("organization_memberships")
	_ = query.Owned("organization_invitations", "organization_slug_aliases")
)

// Why some statements of this package are not about one organization.
const (
	byUser    = audit.Library + "organizations are looked up by their member before a scope exists"
	bySlug    = audit.Library + "a slug is looked up before a scope exists, and is unique among all organizations"
	byToken   = audit.Library + "an invitation is looked up by its token before a scope exists"
	byAddress = audit.Library + "invitations are looked up by the address of the signed-in user, in all organizations"
	bySender  = audit.Library + "the limit of a user is about invitations in all organizations"
	bySession = audit.Library + "sessions belong to users, not to organizations"
	byLogin   = audit.Library + "users belong to no organization"
)

// Store is the four stores over one database.
type Store struct {
	Organizations *Organizations
	Memberships   *Memberships
	Invitations   *Invitations
	Sessions      *Sessions

	core *core
}

// core is what the four stores share.
type core struct {
	config
	db      DB
	waiting *effects // nil when the store owns its transactions
}

// New returns stores over db, which the caller keeps and closes. When db is a
// transaction, they work as [Store.WithTx] says.
func New(db DB, opts ...Option) *Store {
	c := defaults()
	for _, opt := range opts {
		opt(&c)
	}
	if c.manager == "" {
		c.manager = scope.Admin
	}
	return over(c, db)
}

func over(c config, db DB) *Store {
	k := &core{config: c, db: db}
	if _, ok := db.(pgx.Tx); ok {
		k.waiting = new(effects)
	}
	return &Store{
		Organizations: &Organizations{k},
		Memberships:   &Memberships{k},
		Invitations:   &Invitations{k},
		Sessions:      newSessions(k),
		core:          k,
	}
}

// WithTx returns the same stores on a transaction of the caller's:
//
//	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
//		in = s.WithTx(tx)
//		sc, err := in.Organizations.Create(ctx, user, organization)
//		…
//	})
//	if err == nil {
//		in.Committed(ctx)
//	}
//
// Each change is a savepoint, so that one that fails leaves the transaction
// usable. See "The caller's transaction" in the package documentation.
func (s *Store) WithTx(tx pgx.Tx) *Store { return over(s.core.config, tx) }

// Committed sends the mail and calls the [After] hooks that waited for the
// caller's commit. Call it once the transaction of [Store.WithTx] has committed,
// and not at all when it was rolled back. It does nothing on other stores.
func (s *Store) Committed(ctx context.Context) {
	if s.core.waiting != nil {
		s.core.run(ctx, s.core.waiting.take())
	}
}

// effects are what waits for a commit.
type effects struct {
	mu   sync.Mutex
	list []effect
}

func (e *effects) add(list []effect) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, list...)
}

func (e *effects) take() []effect {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := e.list
	e.list = nil
	return list
}
