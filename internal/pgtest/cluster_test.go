//go:build unix

package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// endVariable makes this test binary start a cluster, print the directory and
// end in the way that the variable names.
const endVariable = "SIGRA_PGTEST_END"

func init() {
	end := os.Getenv(endVariable)
	if end == "" {
		return
	}
	c, err := newCluster()
	if err != nil {
		panic(err)
	}
	bin, err := thisMachine().find(c.dir)
	switch {
	case err != nil:
	case end == "early":
		err = c.launch(bin)
	default:
		err = c.run(bin)
	}
	fmt.Println(c.dir, err)
	switch end {
	case "panic":
		panic("as a test does")
	case "exit":
		os.Exit(3)
	}
	select {} // until somebody kills it
}

func TestServerEndsWithItsProcess(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, end string
		signal    syscall.Signal
	}{
		{"panic", "panic", 0},
		{"os.Exit", "exit", 0},
		{"interrupt", "wait", syscall.SIGINT},
		{"kill", "wait", syscall.SIGKILL},
		{"kill before the cluster is complete", "early", syscall.SIGKILL},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(self)
			cmd.Env = append(os.Environ(), endVariable+"="+tc.end)
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			dir, ok := strings.CutSuffix(strings.TrimSpace(line), " <nil>")
			if !ok {
				t.Fatalf("the cluster did not start: %s", line)
			}
			var server int
			if tc.end != "early" {
				server = serverProcess(t, dir)
			}
			if tc.signal != 0 {
				// The whole group, as a terminal or a runner does.
				if err := syscall.Kill(-cmd.Process.Pid, tc.signal); err != nil {
					t.Fatal(err)
				}
			}
			if err := cmd.Wait(); err == nil {
				t.Fatal("the process ended without an error")
			}
			eventually(t, "the directory is removed", func() bool { return !exists(dir) })
			if server != 0 {
				eventually(t, "the server is gone", func() bool { return !alive(server) })
			}
		})
	}
}

func TestCluster(t *testing.T) {
	t.Parallel()
	dsn, stop, err := startFrom(thisMachine())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if err := checkServer(dsn); err != nil {
		t.Fatal(err)
	}
	dir := socketDir(t, dsn)
	server := serverProcess(t, dir)

	t.Run("does not run as root", func(t *testing.T) {
		info, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid"))
		if err != nil {
			t.Fatal(err)
		}
		uid := int(info.Sys().(*syscall.Stat_t).Uid)
		if uid == 0 {
			t.Error("the server runs as root")
		}
		if self := os.Geteuid(); self != 0 && uid != self {
			t.Errorf("the server runs as %d, the tests as %d", uid, self)
		}
	})
	t.Run("is closed to other users", func(t *testing.T) {
		info, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o700 {
			t.Errorf("the socket's directory has mode %o, want 700", mode)
		}
	})
	t.Run("does not depend on the machine", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		var got string
		const query = `
			SELECT concat_ws(' ', pg_encoding_to_char(encoding), datcollate, datctype, reset_val)
			FROM pg_database, pg_settings WHERE datname = 'template0' AND name = 'log_timezone'`
		if err := conn.QueryRow(t.Context(), query).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if want := "UTF8 C C UTC"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
	t.Run("leaves nothing when it is stopped", func(t *testing.T) {
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if exists(dir) {
			t.Errorf("%s is left behind", dir)
		}
		if alive(server) {
			t.Errorf("process %d still runs", server)
		}
	})
}

func TestServerThatCannotStartShowsItsLog(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	// The cluster's user has to reach the program.
	for dir := bin; dir != os.TempDir() && len(dir) > 1; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program(t, filepath.Join(bin, "initdb"), "no space left")
	program(t, filepath.Join(bin, "postgres"), "out of semaphores")

	c, err := newCluster()
	if err != nil {
		t.Fatal(err)
	}
	err = c.run(bin)
	if err == nil {
		t.Fatal("a server that ends at once is accepted")
	}
	for _, want := range []string{"no space left", "out of semaphores"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not mention %q: %v", want, err)
		}
	}
	if err := c.stop(); err != nil {
		t.Error(err)
	}
	if exists(c.dir) {
		t.Errorf("%s is left behind", c.dir)
	}
}

func TestTempDirThatOthersMayNotEnter(t *testing.T) {
	// The directories of t.TempDir are closed to other users, or in one
	// that is.
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", closed)
	if got := shortTempDir(true); got != "/tmp" {
		t.Errorf("for another user: got %s, want /tmp", got)
	}
	t.Setenv("TMPDIR", "/")
	if got := shortTempDir(true); got != "/" {
		t.Errorf("open to everybody: got %s, want /", got)
	}
	t.Setenv("TMPDIR", "/"+strings.Repeat("long", 20))
	if got := shortTempDir(false); got != "/tmp" {
		t.Errorf("too long for a socket: got %s, want /tmp", got)
	}
}

// serverProcess returns the id of the server whose cluster is in dir.
func serverProcess(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscan(string(text), &pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

func alive(pid int) bool {
	return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(stopTimeout)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("not so after %s: %s", stopTimeout, what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
