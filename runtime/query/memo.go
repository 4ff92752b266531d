package query

import (
	"sync"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// What a memo may hold. The text of a statement is usually the same each time,
// because values are arguments; a text with a list of varying length is not.
const (
	memoPlans = 4096     // plans, of both generations together
	memoText  = 16 << 10 // bytes of a text that is remembered
	memoBytes = 16 << 20 // bytes of texts and plans, of both generations together
)

// planKey is all that a plan depends on, besides the catalog. Arguments and the
// organization are not in it.
type planKey struct {
	text string
	args int
	base int
}

// knowledge is a catalog with the plans that were made with it.
type knowledge struct {
	catalog *orgfilter.Catalog
	memo    memo
}

func (k *knowledge) plan(key planKey) (*plan, error) {
	if p := k.memo.get(key); p != nil {
		return p, nil
	}
	p, err := newPlan(k.catalog, key)
	if err != nil {
		return nil, err
	}
	k.memo.put(key, p)
	return p, nil
}

// memo remembers plans in two generations. New plans go to the young one; when
// that is full it becomes the old one, and the old one is forgotten. A plan that
// is used while it is old becomes young again, so texts that vary without end
// push out each other, and not those in use.
type memo struct {
	mu    sync.RWMutex
	young map[planKey]*plan
	old   map[planKey]*plan
	bytes int // of the young generation
}

func (m *memo) get(key planKey) *plan {
	m.mu.RLock()
	p, young := m.young[key]
	if !young {
		p = m.old[key]
	}
	m.mu.RUnlock()
	if p != nil && !young {
		m.put(key, p)
	}
	return p
}

func (m *memo) put(key planKey, p *plan) {
	if len(key.text) > memoText {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.young[key]; ok {
		return // another goroutine was faster
	}
	if m.young == nil || len(m.young) >= memoPlans/2 || m.bytes >= memoBytes/2 {
		m.old, m.young, m.bytes = m.young, make(map[planKey]*plan), 0
	}
	m.young[key] = p
	m.bytes += len(key.text) + len(p.Text)
}
