package query

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

const testMemo = 1 << 20

func textKey(i int) planKey { return planKey{text: fmt.Sprint("SELECT ", i), args: 1} }

func somePlan(bytes int) plan {
	return plan{Plan: &orgfilter.Plan{Text: strings.Repeat("x", bytes)}}
}

// meet does what a statement does, and tells whether its plan was there.
func (m *memo) meet(key planKey) (hit bool) {
	hash := m.hash(key)
	if m.get(hash, key) != nil {
		return true
	}
	if m.met(hash) {
		m.put(&remembered{plan: somePlan(len(key.text)), key: key, hash: hash})
	}
	return false
}

func (m *memo) plans() (n, bytes int) {
	for i := range m.sets {
		for j := range m.sets[i].ways {
			if r := m.sets[i].ways[j].Load(); r != nil {
				n++
				bytes += r.bytes()
			}
		}
	}
	return n, bytes
}

func TestMemoRemembersATextThatComesAgain(t *testing.T) {
	t.Parallel()
	m := newMemo(testMemo)
	for i, want := range []bool{false, false, true, true} {
		if m.meet(textKey(1)) != want {
			t.Errorf("time %d: want a hit: %v", i+1, want)
		}
	}
}

// What is used again and again stays, whatever passes by meanwhile: texts that
// come once, and texts that come twice and are remembered.
func TestMemoKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()
	const hot, rounds, flood = 100, 200, 500
	for _, times := range []int{1, 2, 3} {
		t.Run(fmt.Sprintf("others come %d times", times), func(t *testing.T) {
			t.Parallel()
			m := newMemo(defaultLimits.MemoBytes)
			hits, next := 0, hot
			for range rounds {
				for i := range hot {
					if m.meet(textKey(i)) {
						hits++
					}
				}
				for range flood {
					next++
					for range times {
						m.meet(textKey(next))
					}
				}
			}
			if rate := float64(hits) / (hot * rounds); rate < 0.95 {
				t.Errorf("hit rate of what is in use is %.3f while %d other texts pass", rate, rounds*flood)
			}
		})
	}
}

func TestMemoAdmitsNewTextsUnderAFlood(t *testing.T) {
	t.Parallel()
	m := newMemo(testMemo)
	next := 1 << 20
	for range 100 {
		if m.meet(textKey(1)) {
			return
		}
		for range memoTraces / 8 {
			next++
			m.meet(textKey(next))
		}
	}
	t.Error("a text that came a hundred times is not remembered")
}

func TestMemoDoesNotGrow(t *testing.T) {
	t.Parallel()
	m := newMemo(testMemo)
	for i := range 200_000 {
		// Every text comes twice: all of them are admitted.
		m.meet(textKey(i))
		m.meet(textKey(i))
		if i%10_000 != 0 {
			continue
		}
		if n, bytes := m.plans(); n > memoWays*len(m.sets) || bytes > testMemo {
			t.Fatalf("after %d texts: %d plans of %d bytes, want at most %d of %d", i, n, bytes, memoWays*len(m.sets), testMemo)
		}
	}
	if n, _ := m.plans(); n < memoWays*len(m.sets)/2 {
		t.Errorf("%d plans, want more of %d", n, memoWays*len(m.sets))
	}
}

func TestMemoIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 1000, memoSet, 3 * memoSet, testMemo} {
		m := newMemo(limit)
		for i := range 2000 {
			key := textKey(i)
			key.text += strings.Repeat(" ", i*7%5000)
			m.meet(key)
			m.meet(key)
		}
		n, bytes := m.plans()
		if bytes > limit {
			t.Errorf("%d plans of %d bytes, want at most %d", n, bytes, limit)
		}
		if limit >= memoSet && bytes < limit/4 {
			t.Errorf("%d plans of %d bytes, want more of %d", n, bytes, limit)
		}
	}
}

func TestMemoDoesNotKeepLongTexts(t *testing.T) {
	t.Parallel()
	m := newMemo(testMemo)
	key := planKey{text: strings.Repeat("x", memoSet/2)}
	for range 3 {
		if m.meet(key) {
			t.Fatal("a long text is remembered")
		}
	}
	if m.admits(len(key.text)) {
		t.Error("a long text is looked up")
	}
	fits := planKey{text: key.text[:memoSet/2-memoOverhead]}
	m.meet(fits)
	m.meet(fits)
	if !m.admits(len(fits.text)) || !m.meet(fits) {
		t.Error("a text that fits is not remembered")
	}
}

func TestMemoTellsApartWhatMattersForAPlan(t *testing.T) {
	t.Parallel()
	m := newMemo(testMemo)
	key := planKey{text: "SELECT 1", args: 2, base: 1}
	m.meet(key)
	m.meet(key)
	if !m.meet(key) {
		t.Fatal("the plan is not remembered")
	}
	for _, key := range []planKey{{text: "SELECT 1", args: 2}, {text: "SELECT 1", args: 1, base: 1}, {text: "SELECT 2", args: 2, base: 1}} {
		if m.get(m.hash(key), key) != nil {
			t.Errorf("%+v finds the plan of another statement", key)
		}
	}
}

// Texts of one hash share a set; none is taken for another.
func TestMemoComparesTextsOfOneHash(t *testing.T) {
	t.Parallel()
	m := newMemo(testMemo)
	for i := range 3 * memoWays {
		p := somePlan(i)
		m.put(&remembered{plan: p, key: textKey(i), hash: 7})
		if r := m.get(7, textKey(i)); r == nil || r.plan.Plan != p.Plan {
			t.Errorf("text %d does not find its plan", i)
		}
		if m.get(7, textKey(-1)) != nil {
			t.Errorf("another text of the same hash finds a plan")
		}
	}
}

func TestMemoHitsDoNotAllocate(t *testing.T) {
	m := newMemo(testMemo)
	key := textKey(1)
	m.meet(key)
	m.meet(key)
	if n := testing.AllocsPerRun(100, func() { m.meet(key) }); n != 0 {
		t.Errorf("a hit allocates %v times", n)
	}
}

func TestMemoIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	m := newMemo(4 * memoSet)
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 10_000 {
				key := textKey(i % 500 * (worker%2 + 1))
				hash := m.hash(key)
				if p := m.get(hash, key); p == nil {
					m.put(&remembered{plan: plan{Plan: &orgfilter.Plan{Text: key.text}}, key: key, hash: hash})
				} else if p.Text != key.text {
					t.Errorf("%q finds the plan of %q", key.text, p.Text)
				}
			}
		})
	}
	wg.Wait()
}

func TestNewDeclarationsReachStatementsThatWereRemembered(t *testing.T) {
	t.Parallel()
	r := newRegistry()
	r.add("gears", orgfilter.Owned, "organization_id", "here")
	key := planKey{text: "SELECT g.id FROM gears g, teeth t"}
	if _, err := r.now().plan(key); err == nil {
		t.Fatal("an undeclared table is accepted")
	}
	r.add("teeth", orgfilter.Shared, "", "here")
	var last *orgfilter.Plan
	for range 3 {
		p, err := r.now().plan(key)
		if err != nil {
			t.Fatal(err)
		}
		last = p.Plan
	}
	if again, _ := r.now().plan(key); again.Plan != last {
		t.Error("the plan is not remembered")
	}
	r.search([]string{"app"}, "here")
	r.add("public.gears", orgfilter.Shared, "", "here")
	if again, _ := r.now().plan(key); again.Plan == last {
		t.Error("the plan outlives the declarations that it was made with")
	}
}
