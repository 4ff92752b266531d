package pgtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// dropTimeout bounds the drop of a test's database. PostgreSQL itself waits up
// to five seconds for connections to end.
const dropTimeout = 30 * time.Second

// Main runs the tests of a package and stops the server that they started. It
// is all that a TestMain needs to call; the exit status is the tests'.
func Main(m *testing.M) {
	m.Run()
	if err := process.release(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// DSN creates a database for the test and returns a connection string for it.
// The database is a clone of a template in which the schema scripts ran, in
// order and once for all tests with the same scripts. A script is the text of
// any number of SQL statements. The database is dropped when the test ends,
// with whoever is still connected.
//
// The test fails at once when there is no server or a script is wrong.
func DSN(t testing.TB, schema ...string) string {
	t.Helper()
	admin, err := process.hold()
	if err != nil {
		t.Fatal(err)
	}
	name, err := clone(t.Context(), admin, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dropInTime(admin, name); err != nil {
			t.Error(err)
		}
	})
	return withDatabase(admin, name)
}

// Pool is [DSN] with a pool open on the database. The pool is closed when the
// test ends.
func Pool(t testing.TB, schema ...string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), DSN(t, schema...))
	if err != nil {
		t.Fatalf("pgtest: open a pool: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// Server returns a connection string for the server's own database, starting
// the server when this process has none yet. It is for programs that are not
// tests. The server runs until every caller of Server has called its stop, or
// the process ends.
func Server() (dsn string, stop func(), err error) {
	dsn, err = process.server.acquire()
	if err != nil {
		return "", nil, err
	}
	return dsn, sync.OnceFunc(func() {
		if err := process.server.release(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}), nil
}

// Database is [DSN] for what is no test: examples, which go test runs too, and
// programs. drop ends the database, and the server as that of [Server] does.
func Database(schema ...string) (dsn string, drop func(), err error) {
	admin, stop, err := Server()
	if err != nil {
		return "", nil, err
	}
	name, err := clone(context.Background(), admin, schema)
	if err != nil {
		stop()
		return "", nil, err
	}
	return withDatabase(admin, name), sync.OnceFunc(func() {
		defer stop()
		if err := dropInTime(admin, name); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}), nil
}

func dropInTime(admin, name string) error {
	// The context of a test is cancelled by the time its database is dropped.
	ctx, cancel := context.WithTimeout(context.Background(), dropTimeout)
	defer cancel()
	return drop(ctx, admin, name)
}

// process is the one server of this process and the hold that its tests have
// on it together.
var process = tests{server: &shared{start: start}}

type tests struct {
	server *shared
	mu     sync.Mutex
	held   bool
	dsn    string
}

func (p *tests) hold() (dsn string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held {
		return p.dsn, nil
	}
	p.dsn, err = p.server.acquire()
	p.held = err == nil
	return p.dsn, err
}

func (p *tests) release() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.held {
		return nil
	}
	p.held = false
	return p.server.release()
}

// shared counts who uses a server. The first starts it, the last stops it.
type shared struct {
	start func() (dsn string, stop func() error, err error)

	mu    sync.Mutex
	users int
	dsn   string
	stop  func() error
	err   error // the start failed; another one would only take its time to fail
}

func (s *shared) acquire() (dsn string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return "", s.err
	}
	if s.users == 0 {
		if s.dsn, s.stop, s.err = s.start(); s.err != nil {
			return "", s.err
		}
	}
	s.users++
	return s.dsn, nil
}

func (s *shared) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users--
	if s.users > 0 {
		return nil
	}
	return s.stop()
}
