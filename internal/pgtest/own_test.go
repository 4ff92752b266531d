//go:build unix

package pgtest

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// What was committed is there after the server was stopped in either way, and
// what was not is not.
func TestAServerOfTheTestsOwnStopsAndStarts(t *testing.T) {
	t.Parallel()
	o := NewOwn(t, "CREATE TABLE kept (n int)")
	for n, signal := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGKILL, syscall.SIGKILL} {
		conn, err := pgx.Connect(t.Context(), o.DSN())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "INSERT INTO kept VALUES ($1)", n); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "BEGIN; INSERT INTO kept VALUES (1000)"); err != nil {
			t.Fatal(err)
		}
		o.Stop(signal)
		if err := conn.Ping(t.Context()); err == nil {
			t.Error("a connection outlives its server")
		}
		if _, err := pgx.Connect(t.Context(), o.DSN()); err == nil {
			t.Error("the server answers")
		}
		o.Start()
		if conn, err = pgx.Connect(t.Context(), o.DSN()); err != nil {
			t.Fatal(err)
		}
		var rows, sum int
		if err := conn.QueryRow(t.Context(), "SELECT count(*), sum(n) FROM kept").Scan(&rows, &sum); err != nil || rows != n+1 || sum != n*(n+1)/2 {
			t.Errorf("after stop %d there are %d rows, %v", n, rows, err)
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// A server that the environment names is no remedy, and no reason to skip.
func TestWithoutBinariesAServerOfTheTestsOwnFailsAndSaysWhatToDo(t *testing.T) {
	t.Setenv(Environment, "postgres://elsewhere/postgres")
	var dir string
	_, err := newOwnCluster(machine{path: t.TempDir(), download: func(d string) (string, error) {
		dir = d
		return "", errors.New("no network")
	}})
	if err == nil {
		t.Fatal("a server started from nothing")
	}
	for _, want := range []string{"needs one of its own, whatever " + Environment + " names", "install PostgreSQL 14 or later", "no network"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "set "+Environment) {
		t.Errorf("error advises to do what would not help:\n%v", err)
	}
	if exists(dir) {
		t.Errorf("%s is left behind", dir)
	}
}
