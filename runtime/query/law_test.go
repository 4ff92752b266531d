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
		cases []statement
	}{
		{"joins", lawJoins},
		{"outer joins", lawOuterJoins},
		{"expressions", lawExpressions},
		{"subqueries", lawSubqueries},
		{"with", lawWith},
		{"set operations", lawSetOperations},
		{"text", lawText},
		{"relations", lawRelations},
		{"updates and deletes", slices.Concat(lawUpdates, lawDeletes)},
		{"inserts", lawInserts},
		{"merges", lawMerges},
		{"refusals", lawRefusals},
		{"attacks", slices.Concat(attackNames, attackText, attackWrites, attackNesting, attackStamps)},
		{"evasions", slices.Concat(attackEvaluation, attackStandIns, attackFunctions, attackArguments)},
	} {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			if counts := newJudge(t).all(t, group.cases); counts[leak] > 0 {
				t.Errorf("%d statements leak", counts[leak])
			}
		})
	}
}
