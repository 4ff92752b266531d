package query

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

func textKey(i int) planKey { return planKey{text: fmt.Sprint("SELECT ", i), args: 1} }

func somePlan(bytes int) *plan {
	return &plan{Plan: orgfilter.Plan{Text: strings.Repeat("x", bytes)}}
}

func (m *memo) len() int { return len(m.young) + len(m.old) }

func TestMemoKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()
	var m memo
	hot := planKey{text: "SELECT hot", args: 2}
	want := somePlan(1)
	m.put(hot, want)
	for i := range 10 * memoPlans {
		m.put(textKey(i), somePlan(1))
		if i%(memoPlans/4) == 0 && m.get(hot) != want {
			t.Fatalf("after %d other texts the one in use is forgotten", i)
		}
		if m.len() > memoPlans {
			t.Fatalf("%d plans, want at most %d", m.len(), memoPlans)
		}
	}
	if m.get(textKey(0)) != nil {
		t.Error("a text that was used once is remembered for ever")
	}
	if m.get(textKey(10*memoPlans-1)) == nil {
		t.Error("the last text is forgotten")
	}
}

func TestMemoIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	var m memo
	for i := range memoPlans {
		m.put(textKey(i), somePlan(memoText))
	}
	total := 0
	for _, generation := range []map[planKey]*plan{m.young, m.old} {
		for key, p := range generation {
			total += len(key.text) + len(p.Text)
		}
	}
	if limit := memoBytes + 2*(memoText+16); total > limit || total < memoBytes/2 {
		t.Errorf("%d bytes, want at most %d and not much less", total, limit)
	}
}

func TestMemoDoesNotKeepLongTexts(t *testing.T) {
	t.Parallel()
	var m memo
	long := planKey{text: strings.Repeat("x", memoText+1)}
	m.put(long, somePlan(1))
	if m.get(long) != nil || m.len() != 0 {
		t.Error("a long text is remembered")
	}
}

func TestMemoTellsApartWhatMattersForAPlan(t *testing.T) {
	t.Parallel()
	var m memo
	m.put(planKey{text: "SELECT 1", args: 2, base: 1}, somePlan(1))
	for _, key := range []planKey{{text: "SELECT 1", args: 2}, {text: "SELECT 1", args: 1, base: 1}, {text: "SELECT 2", args: 2, base: 1}} {
		if m.get(key) != nil {
			t.Errorf("%+v finds the plan of another statement", key)
		}
	}
}

func TestMemoHitsDoNotAllocate(t *testing.T) {
	var m memo
	m.put(textKey(1), somePlan(1))
	key := textKey(1)
	if n := testing.AllocsPerRun(100, func() { m.get(key) }); n != 0 {
		t.Errorf("a hit allocates %v times", n)
	}
}

func TestMemoIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	var m memo
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 3 * memoPlans {
				key := textKey(i * (worker%2 + 1))
				if p := m.get(key); p == nil {
					m.put(key, &plan{Plan: orgfilter.Plan{Text: key.text}})
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
	first, err := r.now().plan(key)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := r.now().plan(key); again != first {
		t.Error("the plan is not remembered")
	}
	r.search([]string{"app"}, "here")
	r.add("public.gears", orgfilter.Shared, "", "here")
	if again, _ := r.now().plan(key); again == first {
		t.Error("the plan outlives the declarations that it was made with")
	}
}
