package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sigrahq/sigra/internal/pgtest"
)

func TestMigrateAndSeedFromTheCommandLine(t *testing.T) {
	t.Setenv("DATABASE_URL", pgtest.DSN(t))
	for _, args := range [][]string{{"migrate"}, {"migrate"}, {"seed"}} {
		if err := run(t.Context(), args); err != nil {
			t.Fatalf("%q: %v", args, err)
		}
	}
	if err := run(t.Context(), []string{"seed"}); err == nil || !strings.Contains(err.Error(), "empty database") {
		t.Errorf("a second seed: %v, want an error that asks for an empty database", err)
	}
}

func TestServingEndsWhenInterrupted(t *testing.T) {
	t.Setenv("DATABASE_URL", pgtest.DSN(t))
	ctx, interrupt := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, interrupt)
	if err := run(ctx, []string{"serve", "-addr", "localhost:0"}); err != nil {
		t.Error(err)
	}
}

func TestWrongUseIsExplained(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	for _, args := range [][]string{nil, {"migrate"}} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
