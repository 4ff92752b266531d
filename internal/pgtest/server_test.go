package pgtest

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestNothingThereFailsAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	var dir string
	_, _, err := startFrom(machine{
		path: t.TempDir(),
		download: func(d string) (string, error) {
			dir = d
			return "", errors.New("no network")
		},
	})
	if err == nil {
		t.Fatal("a server started from nothing")
	}
	for _, want := range []string{"SIGRA_TEST_DATABASE_URL", "install PostgreSQL 14 or later", "no network"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not mention %q:\n%v", want, err)
		}
	}
	if exists(dir) {
		t.Errorf("%s is left behind", dir)
	}
}

func TestServerFromEnvironment(t *testing.T) {
	own, stop, err := Server()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()

	t.Run("is used as it is", func(t *testing.T) {
		t.Setenv(Environment, own)
		got, stop, err := start()
		if err != nil {
			t.Fatal(err)
		}
		if got != own {
			t.Errorf("got %s, want %s", got, own)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		if err := checkServer(own); err != nil {
			t.Errorf("a server that is not ours was stopped: %v", err)
		}
	})
	t.Run("is named when it does not answer", func(t *testing.T) {
		t.Setenv(Environment, "postgres://postgres@/postgres?host="+t.TempDir())
		if _, _, err := start(); err == nil || !strings.Contains(err.Error(), Environment) {
			t.Errorf("got %v, want an error that names %s", err, Environment)
		}
	})
}

func TestSharedServer(t *testing.T) {
	t.Parallel()

	t.Run("starts with the first user and stops with the last", func(t *testing.T) {
		t.Parallel()
		starts, stops := 0, 0
		s := &shared{start: func() (string, func() error, error) {
			starts++
			return "dsn", func() error { stops++; return nil }, nil
		}}
		for _, step := range []struct {
			do            string
			starts, stops int
		}{
			{"acquire", 1, 0},
			{"acquire", 1, 0},
			{"release", 1, 0},
			{"release", 1, 1},
			{"acquire", 2, 1},
			{"release", 2, 2},
		} {
			if step.do == "acquire" {
				if dsn, err := s.acquire(); dsn != "dsn" || err != nil {
					t.Fatal(dsn, err)
				}
			} else if err := s.release(); err != nil {
				t.Fatal(err)
			}
			if starts != step.starts || stops != step.stops {
				t.Fatalf("after %+v: %d starts, %d stops", step, starts, stops)
			}
		}
	})
	t.Run("that does not start is tried once", func(t *testing.T) {
		t.Parallel()
		starts, failure := 0, errors.New("no server")
		s := &shared{start: func() (string, func() error, error) { starts++; return "", nil, failure }}
		for range 3 {
			if _, err := s.acquire(); !errors.Is(err, failure) {
				t.Fatalf("got %v, want %v", err, failure)
			}
		}
		if starts != 1 {
			t.Errorf("%d starts, want 1", starts)
		}
	})
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// socketDir returns the directory of the cluster that dsn leads to.
func socketDir(t *testing.T, dsn string) string {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return config.Host
}
