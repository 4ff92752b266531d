//go:build unix

package pgtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	startTimeout = 2 * time.Minute // a busy machine runs many at once
	stopTimeout  = time.Minute
)

// keeper creates a cluster in the directory "$1" with the binaries in "$2", runs
// its server with the options from "$4" on, until its standard input ends or the
// server does, and then removes the directory. When "$3" is not empty, it outlives
// its server: it writes into the file "down" how often one has ended, and starts
// another one when it reads a line.
//
// SIGQUIT is PostgreSQL's immediate shutdown: nothing in here is worth a
// checkpoint. It is repeated because a shell's background commands ignore it
// until they decide otherwise, and standard input may end before the server has.
// The script reads from a copy of standard input because a shell gives its
// background commands none.
const keeper = `
dir=$1 bin=$2 again=$3
shift 3
trap 'cd / && rm -rf "$dir"' EXIT
exec 3<&0 </dev/null

"$bin/initdb" -D "$dir/data" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync 3<&- || exit

n=0
while :; do
	"$bin/postgres" -D "$dir/data" -k "$dir" "$@" 3<&- &
	server=$!
	( trap - EXIT; read -r _ <&3; while kill -QUIT $server; do sleep 1; done ) &
	watch=$!
	wait $server
	kill $watch
	[ "$again" ] || exit
	wait $watch
	n=$((n + 1))
	echo $n >"$dir/down.new" && mv "$dir/down.new" "$dir/down"
	read -r _ <&3 || exit
done
`

// settings trade durability for speed, as "Non-Durable Settings" in PostgreSQL's
// documentation describes, and keep results from depending on the machine.
var settings = []string{
	"listen_addresses=",
	"fsync=off",
	"synchronous_commit=off",
	"full_page_writes=off",
	"wal_level=minimal",
	"max_wal_senders=0",
	"max_connections=300",
	"autovacuum=off", // plans must not depend on when it came by
	"jit=off",
	"timezone=UTC",
	"log_timezone=UTC",
}

// cluster is a throw-away cluster in a directory of its own.
type cluster struct {
	dir        string
	credential *syscall.Credential // nil unless this process is root
	again      bool                // the server may be stopped and started
	settings   []string            // beside those of every cluster

	keeper int            // its process, which leads the group of all the others
	input  io.WriteCloser // the end of it stops the server
	log    *os.File       // open, because a server that fails takes the directory along
	exited chan struct{}  // closed when the keeper is gone
}

// newCluster creates the directory and chooses the user.
func newCluster() (*cluster, error) {
	credential := unprivileged()
	dir, err := os.MkdirTemp(shortTempDir(credential != nil), "sigra-pg-")
	if err != nil {
		return nil, fmt.Errorf("pgtest: directory for a cluster: %w", err)
	}
	return &cluster{dir: dir, credential: credential}, nil
}

func (c *cluster) dsn() string {
	q := url.Values{"host": {c.dir}, "port": {"5432"}, "user": {"postgres"}, "sslmode": {"disable"}}
	return "postgres:///postgres?" + q.Encode()
}

// run starts the keeper with the binaries in bin and waits until the server
// answers.
func (c *cluster) run(bin string) error {
	if err := c.launch(bin); err != nil {
		return fmt.Errorf("pgtest: start the server: %w", err)
	}
	return c.wait()
}

func (c *cluster) launch(bin string) error {
	log, err := os.OpenFile(filepath.Join(c.dir, "log"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	c.log = log
	if err := c.chown(); err != nil {
		return err
	}

	again := ""
	if c.again {
		again = "again"
	}
	args := []string{"-c", keeper, "sigra-pgtest", c.dir, bin, again, "-p", "5432"}
	for _, setting := range slices.Concat(settings, c.settings) {
		args = append(args, "-c", setting)
	}
	cmd := exec.Command("/bin/sh", args...)
	cmd.Dir = c.dir // the cluster's user may not be allowed into ours
	cmd.Env = environment(c.dir)
	// Files, not this process's own streams: go test waits until everybody
	// has closed those.
	cmd.Stdout, cmd.Stderr = log, log
	// A session of its own: an interrupt from the terminal is for the tests,
	// and the keeper acts when they have ended.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: c.credential}
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.keeper, c.input, c.exited = cmd.Process.Pid, input, make(chan struct{})
	go func() {
		_ = cmd.Wait() // its status is that of a server that was killed
		close(c.exited)
	}()
	return nil
}

// environment is this process's own without what PostgreSQL's programs and the
// C library would take from it.
func environment(home string) []string {
	env := slices.DeleteFunc(os.Environ(), func(kv string) bool {
		return strings.HasPrefix(kv, "PG") || strings.HasPrefix(kv, "LC_") || strings.HasPrefix(kv, "LANG")
	})
	return append(env, "LC_ALL=C", "HOME="+home)
}

// wait returns when the server answers.
func (c *cluster) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.dsn())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.exited:
			return fmt.Errorf("pgtest: the server ended while it was starting; its log:\n%s", c.logText())
		case <-ctx.Done():
			return fmt.Errorf("pgtest: the server does not answer after %s: %w; its log:\n%s", startTimeout, err, c.logText())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (c *cluster) logText() []byte {
	text, err := io.ReadAll(io.NewSectionReader(c.log, 0, 1<<20))
	if err != nil {
		return []byte(err.Error())
	}
	return bytes.TrimSpace(text)
}

// stop ends the server and removes its directory. It is right at any point
// after newCluster.
func (c *cluster) stop() error {
	if c.exited != nil {
		_ = c.input.Close()
		defer c.log.Close()
		select {
		case <-c.exited:
		case <-time.After(stopTimeout):
			return fmt.Errorf("pgtest: the server in %s does not stop; end process group %d", c.dir, c.keeper)
		}
	}
	// The keeper has done so, if there was one and nobody killed it.
	if err := os.RemoveAll(c.dir); err != nil {
		return fmt.Errorf("pgtest: remove a stopped cluster: %w", err)
	}
	return nil
}
