package lawtest

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/sigrahq/sigra/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// TestLaw runs for 20 seconds, or as long as SIGRA_LAW_DURATION says ("2m"), on
// the seed in SIGRA_LAW_SEED. With SIGRA_LAW_STATEMENT it runs only the statement
// of that number, to see a finding again.
func TestLaw(t *testing.T) {
	config := Config{
		Seed:   number(t, "SIGRA_LAW_SEED", "1"),
		Worlds: []World{NewWorld(t), NewWorld(t)},
	}
	if os.Getenv("SIGRA_LAW_STATEMENT") != "" {
		config.Start, config.Statements = number(t, "SIGRA_LAW_STATEMENT", ""), 1
	} else {
		duration, err := time.ParseDuration(setting("SIGRA_LAW_DURATION", "20s"))
		if err != nil {
			t.Fatal(err)
		}
		config.Duration = duration
	}
	report, err := Run(t.Context(), config)
	t.Logf("%s\n%s", report, report.Details())
	if err != nil {
		t.Fatal(err)
	}
	covers(t, report)
	for _, list := range [][]Finding{report.Leaks, report.Differences, report.Faults, report.Unwitnessed} {
		for _, f := range list {
			t.Errorf("seed %d: %s", config.Seed, f)
		}
	}
}

// covers checks that a run of some length says something about everything: that
// each construct was in statements that ran, and that many statements needed
// the filter.
func covers(t *testing.T, r *Report) {
	t.Helper()
	if r.Equal == 0 && r.Generated != 1 {
		t.Error("no statement ran")
	}
	if r.Equal < 5000 {
		return
	}
	for _, c := range constructs {
		if r.Constructs[c] == 0 {
			t.Errorf("no statement with %q ran", c)
		}
	}
	for c := range r.Constructs {
		if !slices.Contains(constructs, c) && newer[c] == 0 {
			t.Errorf("construct %q is not in the list", c)
		}
	}
	if r.WouldHaveLeaked < r.LookedUnscoped/3 {
		t.Errorf("only %d of %d statements needed the filter", r.WouldHaveLeaked, r.LookedUnscoped)
	}
}

func number(t *testing.T, name, otherwise string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(setting(name, otherwise), 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
