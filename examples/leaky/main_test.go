package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/sigrahq/sigra/internal/pgtest"
)

func TestMigrateAndSeedFromTheCommandLine(t *testing.T) {
	t.Setenv("DATABASE_URL", pgtest.DSN(t))
	var out strings.Builder
	for _, args := range [][]string{{"migrate"}, {"migrate"}, {"seed"}} {
		if err := run(t.Context(), args, &out); err != nil {
			t.Fatalf("%q: %v", args, err)
		}
	}
	if n := strings.Count(out.String(), "curl "); n != 3 {
		t.Errorf("%d requests to try, want 3:\n%s", n, out.String())
	}
	if err := run(t.Context(), []string{"seed"}, &out); err == nil || !strings.Contains(err.Error(), "empty database") {
		t.Errorf("a second seed: %v, want an error that asks for an empty database", err)
	}
}

func TestServingEndsWhenInterrupted(t *testing.T) {
	t.Setenv("DATABASE_URL", pgtest.DSN(t))
	ctx, interrupt := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, interrupt)
	if err := run(ctx, []string{"serve", "-addr", "localhost:0"}, io.Discard); err != nil {
		t.Error(err)
	}
}

func TestWrongUseIsExplained(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	for _, args := range [][]string{nil, {"migrate"}} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
