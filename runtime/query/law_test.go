package query_test

import (
	"slices"
	"testing"
)

// TestLaw holds statements, one construct each, against the law: run on everybody's rows, a scoped statement does what the plain
// one does in a database that holds A's rows only. The cases stand in the live_law files by subject.
func TestLaw(t *testing.T) {
	t.Parallel()
	for _, group := range []struct {
		name  string
		since int // major version of PostgreSQL that knows the grammar
		cases []statement
	}{
		{"joins", 0, lawJoins},
		{"outer joins", 0, lawOuterJoins},
		{"expressions", 0, lawExpressions},
		{"subqueries", 0, lawSubqueries},
		{"with", 0, lawWith},
		{"set operations", 0, lawSetOperations},
		{"text", 0, lawText},
		{"relations", 0, lawRelations},
		{"updates and deletes", 0, slices.Concat(lawUpdates, lawDeletes)},
		{"inserts", 0, lawInserts},
		{"merges", 15, lawMerges},
		{"tests for JSON", 16, lawIsJSON},
		{"tables of JSON", 17, lawJSONTable},
		{"merges by source, and what merges return", 17, lawMergesBySource},
		{"old and new rows", 18, lawOldAndNew},
		{"refusals", 0, lawRefusals},
		{"attacks", 0, slices.Concat(attackNames, attackText, attackWrites, attackNesting, attackStamps)},
		{"evasions", 0, slices.Concat(attackEvaluation, attackStandIns, attackFunctions, attackArguments)},
	} {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			j := newJudge(t)
			if have := serverVersion(j.conn); have < group.since {
				t.Logf("PostgreSQL %d does not know them; %d does", have, group.since)
				return
			}
			if counts := j.all(t, group.cases); counts[leak] > 0 {
				t.Errorf("%d statements leak", counts[leak])
			}
		})
	}
}
