package lawtest

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sigrahq/sigra/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// TestLaw runs for 20 seconds. The environment can say otherwise:
//
//	SIGRA_LAW_DURATION   how long, for all seeds together ("2m")
//	SIGRA_LAW_COUNT      how many statements of each seed, instead of a duration
//	SIGRA_LAW_SEED       one seed or several ("1", "3,5", "1-8")
//	SIGRA_LAW_WORKERS    statements at a time, each with databases of its own (2)
//	SIGRA_LAW_REPORT     a file for all counts, in JSON
//	SIGRA_LAW_STATEMENT  the number of one statement, to see a finding again
func TestLaw(t *testing.T) {
	seeds := seeds(t, setting("SIGRA_LAW_SEED", "1"))
	var config Config
	switch {
	case os.Getenv("SIGRA_LAW_STATEMENT") != "":
		config.Start, config.Statements = number(t, "SIGRA_LAW_STATEMENT", ""), 1
	case os.Getenv("SIGRA_LAW_COUNT") != "":
		config.Statements = number(t, "SIGRA_LAW_COUNT", "")
	default:
		duration, err := time.ParseDuration(setting("SIGRA_LAW_DURATION", "20s"))
		if err != nil {
			t.Fatal(err)
		}
		config.Duration = duration / time.Duration(len(seeds))
	}
	for range number(t, "SIGRA_LAW_WORKERS", "2") {
		config.Worlds = append(config.Worlds, NewWorld(t))
	}
	total := newReport(0)
	reports := []*Report{total}
	for _, seed := range seeds {
		config.Seed = seed
		report, err := Run(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Findings() {
			t.Errorf("seed %d: %s", seed, f)
		}
		if len(seeds) > 1 {
			t.Log(report)
			reports = append(reports, report)
		}
		total.Add(report)
		write(t, reports) // what was counted stays if a later seed hangs
	}
	t.Logf("%s\n%s", total, total.Details())
	covers(t, total)
}

// write puts reports into the file that the environment names: the total, then
// those of the seeds if there are several.
func write(t *testing.T, reports []*Report) {
	t.Helper()
	name := os.Getenv("SIGRA_LAW_REPORT")
	if name == "" {
		return
	}
	text, err := json.MarshalIndent(reports, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// seeds reads "1", "3,5" or "1-8".
func seeds(t *testing.T, list string) []uint64 {
	t.Helper()
	var all []uint64
	for _, part := range strings.Split(list, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.ParseUint(first, 10, 64)
		to, err2 := strconv.ParseUint(last, 10, 64)
		if err := errors.Join(err, err2); err != nil || to < from {
			t.Fatalf("SIGRA_LAW_SEED: %q is no seed and no range of seeds", part)
		}
		for seed := from; seed <= to; seed++ {
			all = append(all, seed)
		}
	}
	return all
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
	for c, since := range newer {
		if r.Version >= since && r.Constructs[c] == 0 {
			t.Errorf("no statement with %q ran", c)
		}
	}
	if total(r.Scans) == 0 {
		t.Error("no plan was examined")
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
