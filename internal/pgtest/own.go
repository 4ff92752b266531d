//go:build unix

package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// durable is what a cluster needs whose server is stopped at any moment: what was
// committed is there when it starts again. It does not have to outlive the
// machine. A sender of WAL makes synchronous replication possible, and so a commit
// that is made and not answered.
var durable = []string{"synchronous_commit=on", "wal_level=replica", "max_wal_senders=1"}

// Own is a server that belongs to one test, which may stop and start it.
type Own struct {
	t   testing.TB
	c   *cluster
	dsn string
}

// NewOwn starts a server from the binaries of this machine, and creates a database
// in it as [DSN] does. It ends with the test. A server that SIGRA_TEST_DATABASE_URL
// names is left alone, since it is not the test's to stop: without binaries the
// test fails, and says so.
func NewOwn(t testing.TB, schema ...string) *Own {
	t.Helper()
	c, err := newOwnCluster(thisMachine())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.stop(); err != nil {
			t.Error(err)
		}
	})
	name, err := clone(t.Context(), c.dsn(), schema)
	if err != nil {
		t.Fatal(err)
	}
	return &Own{t, c, withDatabase(c.dsn(), name)}
}

func newOwnCluster(m machine) (*cluster, error) {
	c, err := newCluster()
	if err != nil {
		return nil, err
	}
	c.again, c.settings = true, durable
	bin, err := m.find(c.dir)
	if err != nil {
		err = fmt.Errorf("pgtest: this test stops its server, so it needs one of its own, whatever %s names: %w", Environment, err)
		return nil, errors.Join(err, c.stop())
	}
	if err := c.run(bin); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// DSN is a connection string for the database.
func (o *Own) DSN() string { return o.dsn }

// Stop ends the server by a signal: SIGQUIT is PostgreSQL's immediate shutdown,
// SIGKILL a crash, in which all of its processes end. It returns when the server
// has ended.
func (o *Own) Stop(signal syscall.Signal) {
	o.t.Helper()
	before := o.ended()
	pids := []int{o.process()}
	if signal == syscall.SIGKILL {
		// Those that a killed server leaves behind may answer one more statement
		// before they notice.
		pids = append(pids, o.backends()...)
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			o.t.Fatalf("pgtest: end the server's process %d: %v", pid, err)
		}
	}
	o.until("ends", func() bool { return o.ended() > before })
}

// process is the server's own.
func (o *Own) process() int {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.c.dir, "data", "postmaster.pid"))
	if err != nil {
		o.t.Fatal(err)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	pid, err := strconv.Atoi(string(line))
	if err != nil {
		o.t.Fatalf("pgtest: process of the server: %v", err)
	}
	return pid
}

// backends are the processes that the server has started.
func (o *Own) backends() []int {
	o.t.Helper()
	conn, err := pgx.Connect(o.t.Context(), o.dsn)
	if err != nil {
		o.t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(o.t.Context()))
	rows, err := conn.Query(o.t.Context(), "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
	if err != nil {
		o.t.Fatal(err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		o.t.Fatal(err)
	}
	return pids
}

// Start starts the server again and returns when it answers.
func (o *Own) Start() {
	o.t.Helper()
	tried := -1
	o.until("answers", func() bool {
		// A server that was killed may leave processes behind for a moment, in
		// which another one refuses to start.
		if n := o.ended(); n > tried {
			tried = n
			if _, err := fmt.Fprintln(o.c.input); err != nil {
				o.t.Fatal(err)
			}
		}
		conn, err := pgx.Connect(o.t.Context(), o.dsn)
		if err != nil {
			return false
		}
		return conn.Close(context.WithoutCancel(o.t.Context())) == nil
	})
}

// ended is how many servers of the cluster have ended so far.
func (o *Own) ended() int {
	text, err := os.ReadFile(filepath.Join(o.c.dir, "down"))
	if err != nil {
		return 0 // none yet
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(text)))
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *Own) until(does string, done func() bool) {
	o.t.Helper()
	for late := time.Now().Add(startTimeout); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(late) {
			o.t.Fatalf("pgtest: after %s no server %s; the log:\n%s", startTimeout, does, o.c.logText())
		}
	}
}
