package lawtest

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sigrahq/sigra/internal/planwitness"
)

// Report counts what became of the statements of a run.
type Report struct {
	Seed    uint64 // 0 for the sum of several runs
	Version int    // major version of the server
	Elapsed time.Duration

	Generated int // statements and mutants
	Mutants   int

	Equal              int            // executed on both sides, and equal in everything
	EqualMutants       int            // those of them that are mutants
	LookedUnscoped     int            // those of them that also ran plain on everybody's rows
	WouldHaveLeaked    int            // and did something else there
	RejectedByPostgres map[string]int // failed on both sides in the same way, by SQLSTATE
	Refused            map[string]int // by the filter, without mutants, by reason
	RefusedValid       map[string]int // those of them that PostgreSQL would have run
	RefusedMutants     int
	TimedOut           int
	Indeterminate      int
	Oracles            int
	Stamped            int            // the plain statement fails because NULL stands for the organization
	Eager              int            // an error that other organizations' rows cause; see judge.isEager
	Reduced            int            // see judge.isReduced
	Constructs         map[string]int // how often each stands in a statement that is equal

	Plans   int            // scoped statements whose plan was examined
	Generic int            // those of them with a generic plan too
	Scans   map[string]int // of org-owned tables in those plans, by what restricts them

	Leaks       []Finding
	Unwitnessed []Finding // scans of org-owned tables that nothing in the plan restricts
	Differences []Finding
	Faults      []Finding // panics of the filter
	Crashes     []Finding // of the server; they break no law

	mu         sync.Mutex
	examples   map[string]string // the shortest statement that did not run, by reason
	signatures map[string]bool
}

// Finding is a statement that breaks the law.
type Finding struct {
	Leak            bool
	Mutant          bool
	Number          uint64
	Detail          string
	SQL             string
	Args            []*string
	Scoped          string
	Minimised       string // empty when another finding is the same in kind
	MinimisedScoped string
}

func newReport(seed uint64) *Report {
	return &Report{
		Seed:               seed,
		RejectedByPostgres: map[string]int{},
		Refused:            map[string]int{},
		RefusedValid:       map[string]int{},
		Constructs:         map[string]int{},
		Scans:              map[string]int{},
		examples:           map[string]string{},
		signatures:         map[string]bool{},
	}
}

// Findings are all that break the law, leaks first.
func (r *Report) Findings() []Finding {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Concat(r.Leaks, r.Unwitnessed, r.Differences, r.Faults)
}

// Add adds what another run, which is over, has counted.
func (r *Report) Add(o *Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Version = o.Version
	r.Elapsed += o.Elapsed
	for _, n := range []struct{ to, from *int }{
		{&r.Generated, &o.Generated}, {&r.Mutants, &o.Mutants}, {&r.Equal, &o.Equal}, {&r.EqualMutants, &o.EqualMutants},
		{&r.LookedUnscoped, &o.LookedUnscoped}, {&r.WouldHaveLeaked, &o.WouldHaveLeaked}, {&r.RefusedMutants, &o.RefusedMutants},
		{&r.TimedOut, &o.TimedOut}, {&r.Indeterminate, &o.Indeterminate}, {&r.Oracles, &o.Oracles}, {&r.Stamped, &o.Stamped},
		{&r.Eager, &o.Eager}, {&r.Reduced, &o.Reduced}, {&r.Plans, &o.Plans}, {&r.Generic, &o.Generic},
	} {
		*n.to += *n.from
	}
	for _, m := range []struct{ to, from map[string]int }{
		{r.RejectedByPostgres, o.RejectedByPostgres}, {r.Refused, o.Refused}, {r.RefusedValid, o.RefusedValid},
		{r.Constructs, o.Constructs}, {r.Scans, o.Scans},
	} {
		for k, n := range m.from {
			m.to[k] += n
		}
	}
	r.Leaks = append(r.Leaks, o.Leaks...)
	r.Unwitnessed = append(r.Unwitnessed, o.Unwitnessed...)
	r.Differences = append(r.Differences, o.Differences...)
	r.Faults = append(r.Faults, o.Faults...)
	r.Crashes = append(r.Crashes, o.Crashes...)
	for k, sql := range o.examples {
		r.example(k, sql)
	}
}

func (r *Report) on(version int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Version = version
}

func (r *Report) generated(s Statement) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Generated++
	if s.Mutant {
		r.Mutants++
	}
}

func (r *Report) refusedMutant() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.RefusedMutants++
}

// particulars are what makes reasons differ that are the same.
var particulars = regexp.MustCompile(`"[^"]*"|\$[0-9]+|[0-9]+`)

func (r *Report) refused(reason, sql string, valid bool) {
	reason = particulars.ReplaceAllString(reason, "…")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Refused[reason]++
	if !valid {
		r.example(reason+" (and by PostgreSQL)", sql)
		return
	}
	r.RefusedValid[reason]++
	r.example(reason, sql)
}

// example keeps the shortest statement of a kind.
func (r *Report) example(kind, sql string) {
	if have, ok := r.examples[kind]; !ok || len(sql) < len(have) {
		r.examples[kind] = sql
	}
}

// tolerated are the verdicts of which the report shows examples.
var tolerated = map[verdict]string{eager: "eager", reduced: "reduced", indeterminate: "indeterminate", oracle: "oracle", stamped: "stamped"}

func (r *Report) settled(t trial, v verdict, plain *Outcome, detail string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if kind := tolerated[v]; kind != "" {
		r.example(kind+" "+particulars.ReplaceAllString(detail, "…"), t.statement.Text)
	}
	switch v {
	case failed:
		r.RejectedByPostgres[plain.State()]++
		if !t.statement.Mutant {
			r.example(plain.State()+" "+particulars.ReplaceAllString(plain.err.Message, "…"), t.statement.Text)
		}
	case timedOut:
		r.TimedOut++
	case crashed:
		r.Crashes = append(r.Crashes, Finding{Number: t.n, Detail: "the server crashed", Mutant: t.statement.Mutant, SQL: t.statement.Text, Scoped: t.scoped.sql, Args: t.statement.Args})
	case indeterminate:
		r.Indeterminate++
	case oracle:
		r.Oracles++
	case stamped:
		r.Stamped++
	case eager:
		r.Eager++
	case reduced:
		r.Reduced++
	case equal:
		r.Equal++
		if t.statement.Mutant {
			r.EqualMutants++
			return
		}
		for _, c := range t.statement.Constructs {
			r.Constructs[c]++
		}
	}
}

func (r *Report) lookedUnscoped(needed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.LookedUnscoped++
	if needed {
		r.WouldHaveLeaked++
	}
}

// novel tells whether a finding is the first of its kind.
func (r *Report) novel(signature string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.signatures[signature] {
		return false
	}
	r.signatures[signature] = true
	return true
}

func (r *Report) found(f Finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.Leak {
		r.Leaks = append(r.Leaks, f)
		return
	}
	r.Differences = append(r.Differences, f)
}

// heard counts the scans of a plan.
func (r *Report) heard(kind string, scans []planwitness.Scan) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if kind == "plan" {
		r.Plans++
	} else {
		r.Generic++
	}
	for _, s := range scans {
		r.Scans[cmp.Or(s.Cond, "nothing")]++
	}
}

func (r *Report) unwitnessed(f Finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Unwitnessed = append(r.Unwitnessed, f)
}

func (r *Report) fault(n uint64, sql, detail string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Faults = append(r.Faults, Finding{Number: n, SQL: sql, Detail: detail})
}

// String is a summary of a few lines.
func (r *Report) String() string {
	rejected, refused := total(r.RejectedByPostgres), total(r.Refused)
	return fmt.Sprintf(
		"seed %d, %s: %d statements, %d of them mutants\n"+
			"executed and equal %d (%d mutants; %.0f a minute), of %d looked at %d would have done something else without the filter\n"+
			"refused by the filter %d (%d valid), rejected by PostgreSQL %d, mutants refused %d\n"+
			"timed out %d, indeterminate %d, oracles of the schema %d, stamped %d, eager errors %d, reduced %d\n"+
			"plans %d (%d generic) with %d scans of org-owned tables\n"+
			"leaks %d, differences %d, faults %d, scans without a witness %d, crashes of the server %d",
		r.Seed, r.Elapsed.Round(time.Millisecond), r.Generated, r.Mutants,
		r.Equal, r.EqualMutants, float64(r.Equal)/r.Elapsed.Minutes(), r.LookedUnscoped, r.WouldHaveLeaked,
		refused, total(r.RefusedValid), rejected, r.RefusedMutants,
		r.TimedOut, r.Indeterminate, r.Oracles, r.Stamped, r.Eager, r.Reduced,
		r.Plans, r.Generic, total(r.Scans),
		len(r.Leaks), len(r.Differences), len(r.Faults), len(r.Unwitnessed), len(r.Crashes))
}

// Details lists reasons, SQLSTATEs and constructs with their counts.
func (r *Report) Details() string {
	var b strings.Builder
	for _, c := range r.Crashes {
		fmt.Fprintf(&b, "crashed the server, statement %d: %s\n", c.Number, c.Scoped)
	}
	list := func(title string, counts map[string]int) {
		fmt.Fprintf(&b, "%s:\n", title)
		for _, name := range slices.SortedFunc(maps.Keys(counts), func(a, c string) int { return counts[c] - counts[a] }) {
			fmt.Fprintf(&b, "%8d %s\n", counts[name], name)
		}
	}
	list("rejected by PostgreSQL", r.RejectedByPostgres)
	list("refused by the filter", r.Refused)
	list("refused though PostgreSQL runs it", r.RefusedValid)
	for _, reason := range slices.Sorted(maps.Keys(r.examples)) {
		fmt.Fprintf(&b, "    %s\n        %s\n", reason, r.examples[reason])
	}
	list("scans of org-owned tables by what restricts them", r.Scans)
	list("constructs in equal statements", r.Constructs)
	return b.String()
}

func total(counts map[string]int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

// String shows the statement with what is needed to see it again.
func (f Finding) String() string {
	var b strings.Builder
	kind := "DIFFERENCE"
	if f.Leak {
		kind = "LEAK"
	}
	if f.Mutant {
		kind += " (mutant)"
	}
	fmt.Fprintf(&b, "%s, statement %d: %s\n", kind, f.Number, f.Detail)
	if f.Minimised != "" {
		fmt.Fprintf(&b, "  minimised: %s\n  scoped:    %s\n", f.Minimised, f.MinimisedScoped)
	}
	fmt.Fprintf(&b, "  statement: %s\n  scoped:    %s\n", f.SQL, f.Scoped)
	for i, a := range f.Args {
		value := "NULL"
		if a != nil {
			value = "'" + *a + "'"
		}
		fmt.Fprintf(&b, "  $%d = %s\n", i+1, value)
	}
	return b.String()
}
