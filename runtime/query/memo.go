package query

import (
	"hash/maphash"
	"math/bits"
	"sync"
	"sync/atomic"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// planKey is all that a plan depends on, besides the catalog and the limits.
// Arguments and the organization are not in it.
type planKey struct {
	text string
	args int
	base int
}

// knowledge is a catalog with the plans that were made with it.
type knowledge struct {
	catalog *orgfilter.Catalog
	limits  Limits
	memo    *memo
}

func newKnowledge(c *orgfilter.Catalog, l Limits) *knowledge {
	return &knowledge{catalog: c, limits: l, memo: newMemo(l.MemoBytes)}
}

func (k *knowledge) plan(key planKey) (plan, error) {
	if err := k.limits.length(key.text); err != nil {
		return plan{}, err
	}
	if !k.memo.admits(len(key.text)) {
		return newPlan(k, key)
	}
	hash := k.memo.hash(key)
	if r := k.memo.get(hash, key); r != nil {
		return r.plan, nil
	}
	p, err := newPlan(k, key)
	if err != nil {
		return plan{}, err
	}
	if k.memo.met(hash) {
		k.memo.put(&remembered{plan: p, key: key, hash: hash})
	}
	return p, nil
}

// memo remembers the plans of texts that come again. It is built as the cache of
// a processor is: the hash of a text leads to a set of a few places, which are
// read without a lock. Two things keep texts that vary without end, such as
// those with lists of varying length, from pushing out those in use:
//
//   - A text is remembered when it comes for the second time. Of the first time
//     only a trace stays, until the trace of another text takes its place.
//   - In a set the plan that has to go is one that was not used since the last
//     search for such a plan.
type memo struct {
	seed   maphash.Seed
	sets   []set  // their number is a power of two
	room   int    // bytes in each set
	traces traces // of texts that came once
}

const (
	memoWays   = 8
	memoSet    = 32 << 10 // bytes in a set of a memo that is large enough for many
	memoTraces = 8 << 10
)

type traces [memoTraces]atomic.Uint32

type set struct {
	ways [memoWays]atomic.Pointer[remembered]
	mu   sync.Mutex // held by whoever stores
	hand int        // the way to look at first
}

// remembered is a plan in a memo.
type remembered struct {
	plan
	key  planKey
	hash uint64
	used atomic.Bool // since it was last considered for removal
}

// bytes is what a plan takes up, roughly.
func (r *remembered) bytes() int {
	return len(r.key.text) + len(r.Text) + memoCheck*len(r.Checks) + memoOverhead
}

const (
	memoOverhead = 256 // what a plan takes up beside its texts
	memoCheck    = 112 // what each check takes up
)

// newMemo makes a memo that holds so many bytes.
func newMemo(bytes int) *memo {
	n := 1
	if bytes > memoSet {
		n = 1 << (bits.Len(uint(bytes/memoSet)) - 1)
	}
	return &memo{seed: maphash.MakeSeed(), sets: make([]set, n), room: bytes / n}
}

// admits tells whether a text may be short enough to be remembered.
func (m *memo) admits(bytes int) bool { return 2*bytes+memoOverhead <= m.room }

func (m *memo) hash(key planKey) uint64 { return maphash.String(m.seed, key.text) }

func (m *memo) set(hash uint64) *set { return &m.sets[hash&uint64(len(m.sets)-1)] }

func (m *memo) get(hash uint64, key planKey) *remembered {
	s := m.set(hash)
	for i := range s.ways {
		r := s.ways[i].Load()
		if r == nil || r.hash != hash || r.key != key {
			continue
		}
		if !r.used.Load() {
			r.used.Store(true)
		}
		return r
	}
	return nil
}

// met tells whether a text came before, as far as that is known, and leaves its
// trace: in two places, so that two texts that take turns do not wipe out each
// other's for ever.
func (m *memo) met(hash uint64) bool {
	trace := uint32(hash) | 1
	first := m.traces[hash>>32%memoTraces].Swap(trace) == trace
	second := m.traces[hash>>48%memoTraces].Swap(trace) == trace
	return first || second
}

func (m *memo) put(r *remembered) {
	if r.bytes() > m.room {
		return
	}
	s := m.set(r.hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	bytes := r.bytes()
	for i := range s.ways {
		if other := s.ways[i].Load(); other != nil {
			if other.key == r.key {
				return // another goroutine was faster
			}
			bytes += other.bytes()
		}
	}
	for placed := false; !placed || bytes > m.room; s.hand = (s.hand + 1) % memoWays {
		way := &s.ways[s.hand]
		other := way.Load()
		switch {
		case other == r:
			continue
		case other != nil && other.used.Swap(false):
			continue
		case other != nil:
			bytes -= other.bytes()
		}
		if placed {
			way.Store(nil)
			continue
		}
		way.Store(r)
		placed = true
	}
}
