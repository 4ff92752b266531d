package lawtest

import (
	"strconv"
	"testing"
)

// Where one guard is lost, a plan has a scan that nothing restricts, unless
// another condition of the statement restricts it, or nothing is scanned.
func TestPlansShowWhatIsNotGuarded(t *testing.T) {
	j, err := newJudge(t.Context(), NewWorld(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.close)
	r := newReport(1)
	lost := 0
	for n := uint64(0); lost < 100; n++ {
		tr, refusal := j.prepare(n, Generate(1, n, j.version))
		text := scopedText{tr.scoped.sql, len(tr.plain.args) + 1}
		all := text.guards()
		if refusal != "" || len(all) == 0 {
			continue
		}
		// Its parameter must stay in the text for its type to be known.
		g := all[len(all)-1]
		tr.scoped.sql = text.text[:g[0]] + "($" + strconv.Itoa(text.org) + "::uuid IS NOT NULL)" + text.text[g[1]:]
		tr.n = witnessed*generic*n + 1
		if err := j.testify(t.Context(), []trial{tr}, r); err != nil {
			t.Fatal(err)
		}
		lost++
	}
	t.Logf("%d scans without a witness in %d plans", len(r.Unwitnessed), r.Plans)
	if len(r.Unwitnessed) < r.Plans/2 {
		t.Errorf("only %d scans without a witness in %d plans of statements that lost a guard", len(r.Unwitnessed), r.Plans)
	}
}
