package query_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sigrahq/sigra/runtime/query"
)

var mutants = flag.Int("law.mutants", 400, "broken statements that are held against the law")

// splinters are what one reader may take for something else than the other.
var splinters = []string{
	"'", `"`, "$$", "$a$", "--", "/*", "*/", "\n", "\r", "(", ")", "E'", "U&'", `U&"`, ";", `\`, "[", "]", ".", ",", "@", "?", ":", "::text", "é", "\u00a0",
	" OR true ", " AND false ", " NOT ", " UNION ALL SELECT name FROM projects ", ", tasks ", " AS x ", " x ", " ON true ", " LATERAL ", " FROM tasks ",
	" IS ", " BETWEEN 1 AND ", " CASE WHEN ", " END ", " tasks ", " $1 ", " FOR UPDATE ", " NATURAL ", " USING (id) ", " LEFT ", " RIGHT ", " FULL ", " JOIN tasks ",
	" WHERE ", " GROUP BY 1 ", " ORDER BY 1 ", " LIMIT 1 ", " SELECT ", " (SELECT max(title) FROM tasks) ", " WITH tasks AS (SELECT name FROM projects) ",
	" ONLY ", " RETURNING * ", " p", " organization_id ", " = ", " COLLATE \"C\" ", " ESCAPE '!' ", " ARRAY", " EXISTS ", " VALUES (1) ", " OVER () ", " FILTER (WHERE true) ",
}

// TestLawOnBrokenStatements damages statements of the lists in random places. Most become nonsense that both sides refuse; what
// still runs must not reach B. It may differ from the reference, because a broken statement may ask for any one of several rows.
func TestLawOnBrokenStatements(t *testing.T) {
	t.Parallel()
	j := newJudge(t)
	var whole []statement
	for _, list := range [][]statement{lawJoins, lawOuterJoins, lawExpressions, lawSubqueries, lawWith, lawSetOperations, lawText, lawUpdates, lawDeletes, lawInserts, lawMerges, attackNames, attackText} {
		for _, s := range list {
			if s.sql != "" && s.want == exact && len(s.sql) < 2000 {
				whole = append(whole, s)
			}
		}
	}
	counts, failed := tally{}, 0
	for n := range *mutants {
		random := rand.New(rand.NewPCG(*randomSeed, uint64(n)))
		s := whole[random.IntN(len(whole))]
		s.sql = damage(random, s.sql)
		v := j.try(t, s)
		if v.outcome == exact && v.state != "" {
			failed++
			continue
		}
		counts[v.outcome]++
		switch {
		case v.outcome == leak:
			t.Errorf("statement %d leaks\nplain: %s\nsent:  %s\n%s", n, s.sql, v.sql, v.detail)
		case v.outcome == contained && testing.Verbose():
			t.Logf("statement %d differs\nplain: %s\nsent:  %s\n%s", n, s.sql, v.sql, v.detail)
		case v.outcome == refused && !slices.ContainsFunc(refusals, func(sentinel error) bool { return errors.Is(v.err, sentinel) }):
			t.Errorf("statement %d: %v is none of the sentinels\n%s", n, v.err, s.sql)
		}
	}
	t.Logf("%d statements: %d exact, %d refused, %d contained, %d leaks, %d that PostgreSQL refuses both ways",
		*mutants, counts[exact], counts[refused], counts[contained], counts[leak], failed)
	if counts[exact] == 0 {
		t.Error("no broken statement runs: nothing was tested")
	}
}

var refusals = []error{query.ErrStatement, query.ErrUndeclared, query.ErrNotOrgOwned, query.ErrForeignOrg, query.ErrMoved}

// damage makes one to three changes: words are taken out, doubled, moved or replaced, splinters are driven in.
func damage(random *rand.Rand, sql string) string {
	for range 1 + random.IntN(3) {
		words := strings.SplitAfter(sql, " ")
		at := random.IntN(len(words))
		switch random.IntN(6) {
		case 0:
			words = slices.Delete(words, at, at+1)
		case 1:
			words = slices.Insert(words, at, words[at])
		case 2:
			other := random.IntN(len(words))
			words[at], words[other] = words[other], words[at]
		case 3:
			words[at] = splinters[random.IntN(len(splinters))]
		case 4:
			words = slices.Insert(words, at, splinters[random.IntN(len(splinters))])
		case 5:
			i := random.IntN(len(sql) + 1)
			words = []string{sql[:i], splinters[random.IntN(len(splinters))], sql[i:]}
		}
		sql = strings.Join(words, "")
	}
	return sql
}
