package query_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/sigrahq/sigra/runtime/query"
)

var (
	randomStatements = flag.Int("law.statements", 300, "random statements that are held against the law")
	randomSeed       = flag.Uint64("law.seed", 1, "seed of the random statements")
)

// TestLawOnRandomStatements holds statements against the law that nobody thought of: nested joins of every kind, names that
// shadow names, subqueries, WITH queries, set operations and writes. A refusal is no failure here, but few may be refused.
func TestLawOnRandomStatements(t *testing.T) {
	t.Parallel()
	j := newJudge(t)
	counts, biting, invalid := tally{}, 0, 0
	refusals := map[string]int{}
	for n := range *randomStatements {
		g := &generator{Rand: rand.New(rand.NewPCG(*randomSeed, uint64(n)))}
		s := statement{sql: g.statement()}
		v := j.try(t, s)
		// PostgreSQL refuses it both ways, or there is nothing to scope. Whether it takes too long, or locks the side of an outer
		// join that can be null, PostgreSQL finds out when it plans: it may plan the scoped statement otherwise.
		if v.state != "" && v.outcome == exact || errors.Is(v.err, query.ErrNotOrgOwned) || v.plain == "57014" || v.plain == "0A000" {
			invalid++
			continue
		}
		counts[v.outcome]++
		if v.bites {
			biting++
		}
		switch {
		case v.outcome == refused && !errors.Is(v.err, query.ErrStatement):
			t.Errorf("statement %d: %v\n%s", n, v.err, s.sql)
		case v.outcome == refused:
			refusals[reason(v.err)]++
		case v.outcome != exact:
			t.Errorf("statement %d is %s\nplain: %s\nsent:  %s\n%s", n, v.outcome, s.sql, v.sql, v.detail)
		}
	}
	t.Logf("%d statements: %d exact, %d refused, %d contained, %d leaks, %d invalid; %d would have reached B unscoped",
		*randomStatements, counts[exact], counts[refused], counts[contained], counts[leak], invalid, biting)
	for reason, times := range refusals {
		t.Logf("refused %d times: %s", times, reason)
	}
	if counts[exact]*10 < *randomStatements*7 {
		t.Errorf("%d of %d statements are exact, want most: the generator writes what nobody accepts", counts[exact], *randomStatements)
	}
}

// reason is the text of a refusal without names and places.
func reason(err error) string {
	text, _, _ := strings.Cut(err.Error(), " (at byte")
	return regexp.MustCompile(`"[^"]*"`).ReplaceAllString(text, "…")
}
