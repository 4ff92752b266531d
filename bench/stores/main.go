package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/migrations"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

func main() {
	rounds := flag.Int("rounds", 1500, "interleaved rounds")
	calls := flag.Int("calls", 4, "calls in a round")
	workers := flag.Int("workers", 8, "users that invite and accept at once")
	seconds := flag.Int("seconds", 5, "length of each measurement of throughput")
	flag.Parse()
	if err := run(*rounds, *calls, *workers, time.Duration(*seconds)*time.Second); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(rounds, calls, workers int, length time.Duration) error {
	ctx := context.Background()
	query.OnBypass(audit.Hook(nil, slog.New(slog.NewTextHandler(io.Discard, nil))))
	dsn, stop, err := pgtest.Server()
	if err != nil {
		return err
	}
	defer stop()
	db, drop, err := scratch(ctx, dsn)
	if err != nil {
		return err
	}
	defer drop()

	s := store.New(db, store.Limits(0, 0))
	if err := resolution(ctx, s, db, rounds, calls); err != nil {
		return err
	}
	return throughput(ctx, s, db, workers, length)
}

// statements counts what is sent.
type statements struct{ n atomic.Int64 }

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

var sent = new(statements)

// scratch is a database that is dropped at the end.
//
//sigra:allow migration -- creates the schema
func scratch(ctx context.Context, dsn string) (*pgxpool.Pool, func(), error) {
	admin, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	const name = "sigra_bench_stores"
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if _, err := admin.Exec(ctx, sql); err != nil {
			return nil, nil, errors.Join(err, admin.Close(ctx))
		}
	}
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, nil, errors.Join(err, admin.Close(ctx))
	}
	config.ConnConfig.Database = name
	config.ConnConfig.Tracer = sent
	config.MaxConns = 32
	db, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, errors.Join(err, admin.Close(ctx))
	}
	drop := func() {
		db.Close()
		_, _ = admin.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		_ = admin.Close(ctx)
	}
	if _, err := db.Exec(ctx, migrations.All().Up()); err != nil {
		drop()
		return nil, nil, err
	}
	return db, drop, nil
}

// user adds somebody.
func user(ctx context.Context, db *pgxpool.Pool, email string) (*scope.Scope, error) {
	id := uuid.New()
	if _, err := db.Exec(ctx, "INSERT INTO users (id, email) VALUES ($1, $2)", id, email); err != nil {
		return nil, err
	}
	return scope.ForUser(id)
}

// byHand is what a request needs at least.
const byHand = `SELECT s.user_id, m.id, m.role, m.created_at, m.updated_at, o.id, o.name, o.slug, o.personal, o.created_at, o.updated_at
	FROM user_sessions s JOIN organization_memberships m ON m.organization_id = s.active_organization_id AND m.user_id = s.user_id
	JOIN organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL WHERE s.token_hash = $1 AND s.expires_at > $2`

//sigra:allow token-keyed -- the statement that the store is compared with
func resolveByHand(ctx context.Context, conn *pgxpool.Conn, token string) (*scope.Scope, error) {
	sum := sha256.Sum256([]byte(token))
	var o scope.Organization
	var m scope.Membership
	if err := conn.QueryRow(ctx, byHand, sum[:], time.Now()).Scan(&m.UserID, &m.ID, &m.Role, &m.CreatedAt, &m.UpdatedAt,
		&o.ID, &o.Name, &o.Slug, &o.Personal, &o.CreatedAt, &o.UpdatedAt); err != nil {
		return nil, err
	}
	m.OrganizationID = o.ID
	return scope.ForMember(o, m)
}

// resolution compares the two for users with one, three and twenty memberships.
func resolution(ctx context.Context, s *store.Store, db *pgxpool.Pool, rounds, calls int) error {
	conn, err := db.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	on := store.New(conn)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	fmt.Fprintln(w, "memberships\tstatements\tby hand µs\tresolve µs\tto hand\t")
	for _, memberships := range []int{1, 3, 20} {
		token, err := sessionWith(ctx, s, db, memberships)
		if err != nil {
			return err
		}
		ways := []func() error{
			func() error { _, err := resolveByHand(ctx, conn, string(token)); return err },
			func() error { _, err := on.Sessions.Resolve(ctx, token); return err },
		}
		times := make([][]float64, len(ways))
		var perCall int64
		for range rounds {
			for i, way := range ways {
				before, start := sent.n.Load(), time.Now()
				for range calls {
					if err := way(); err != nil {
						return err
					}
				}
				times[i] = append(times[i], float64(time.Since(start).Microseconds())/float64(calls))
				perCall = (sent.n.Load() - before) / int64(calls)
			}
		}
		lower := make([]float64, len(ways))
		for i := range times {
			slices.Sort(times[i])
			lower[i] = times[i][rounds/4]
		}
		fmt.Fprintf(w, "%d\t%d\t%.0f\t%.0f\t%.2f\t\n", memberships, perCall, lower[0], lower[1], lower[1]/lower[0])
	}
	return nil
}

// sessionWith is a session of a new user, active in the first of some
// organizations.
func sessionWith(ctx context.Context, s *store.Store, db *pgxpool.Pool, memberships int) (store.Secret, error) {
	u, err := user(ctx, db, fmt.Sprintf("resolving-%d@example.com", memberships))
	if err != nil {
		return "", err
	}
	session, token, err := s.Sessions.Start(ctx, u)
	if err != nil {
		return "", err
	}
	for range memberships {
		sc, err := s.Organizations.Create(ctx, u, store.NewOrganization{Name: "Bench"})
		if err != nil {
			return "", err
		}
		id, err := sc.OrganizationID()
		if err != nil {
			return "", err
		}
		if _, err := s.Sessions.Activate(ctx, u, session.ID, id); err != nil {
			return "", err
		}
	}
	return token, nil
}

// throughput counts invitations that are sent and accepted.
func throughput(ctx context.Context, s *store.Store, db *pgxpool.Pool, workers int, length time.Duration) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	fmt.Fprintln(w, "\nusers\torganizations\tinvited and accepted/s\tstatements each\t")
	for _, organizations := range []int{workers, 1} {
		owners := make([]*scope.Scope, organizations)
		for i := range owners {
			u, err := user(ctx, db, fmt.Sprintf("owner-%d-%d@example.com", organizations, i))
			if err != nil {
				return err
			}
			if owners[i], err = s.Organizations.Create(ctx, u, store.NewOrganization{Name: "Bench"}); err != nil {
				return err
			}
		}
		var done atomic.Int64
		errs := make([]error, workers)
		before, until := sent.n.Load(), time.Now().Add(length)
		var all sync.WaitGroup
		for i := range workers {
			all.Go(func() {
				for n := 0; time.Now().Before(until); n++ {
					if errs[i] = inviteAndAccept(ctx, s, db, owners[i%organizations], fmt.Sprintf("u-%d-%d-%d@example.com", organizations, i, n)); errs[i] != nil {
						return
					}
					done.Add(1)
				}
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			return err
		}
		n := done.Load()
		fmt.Fprintf(w, "%d\t%d\t%.0f\t%.1f\t\n", workers, organizations, float64(n)/length.Seconds(), float64(sent.n.Load()-before)/float64(n))
	}
	return nil
}

func inviteAndAccept(ctx context.Context, s *store.Store, db *pgxpool.Pool, owner *scope.Scope, email string) error {
	u, err := user(ctx, db, email)
	if err != nil {
		return err
	}
	sent, err := s.Invitations.Invite(ctx, owner, email, scope.Member)
	if err != nil {
		return err
	}
	_, err = s.Invitations.Accept(ctx, u, sent.Token)
	return err
}
