package query

import (
	"fmt"
	"math"
)

// Limits bound what a statement may ask of [ForOrg]. A statement over a limit is
// refused with [ErrLimit] as soon as that is seen: a long text before it is
// looked at, deep nesting and too many relations before what follows them is
// read. Zero stands for the default.
type Limits struct {
	// TextBytes is the length of a text; 1 MiB by default, at most 1 GiB.
	TextBytes int

	// Depth is how deeply statements, brackets and expressions may be nested.
	// A subquery, a function call or an operator is a level or a few. 200 by
	// default, at most 2000.
	Depth int

	// Relations is how many references to tables, views and CTEs a text may
	// have; 500 by default.
	Relations int

	// MemoBytes is about how much memory the plans of texts that came before
	// may take up; 16 MiB by default, which is room for some thousands. A text
	// that would need more than 32 KiB of it is not remembered.
	MemoBytes int
}

var defaultLimits = Limits{TextBytes: 1 << 20, Depth: 200, Relations: 500, MemoBytes: 16 << 20}

// SetLimits changes the limits of all statements. Call it once, in a
// package-level variable:
//
//	var _ = query.SetLimits(query.Limits{Relations: 1000, MemoBytes: 64 << 20})
//
// It panics when a limit is negative or larger than it may be, and when it was
// called before with other limits, and then names both places.
func SetLimits(l Limits) struct{} {
	declared.limit(l, caller(1))
	return struct{}{}
}

// complete puts defaults in the place of zeros.
func (l Limits) complete() (Limits, error) {
	for _, f := range []struct {
		name           string
		value          *int
		normally, most int
	}{
		{"TextBytes", &l.TextBytes, defaultLimits.TextBytes, 1 << 30},
		{"Depth", &l.Depth, defaultLimits.Depth, 2000},
		{"Relations", &l.Relations, defaultLimits.Relations, math.MaxInt32},
		{"MemoBytes", &l.MemoBytes, defaultLimits.MemoBytes, math.MaxInt},
	} {
		switch {
		case *f.value < 0 || *f.value > f.most:
			return Limits{}, fmt.Errorf("limit %s is %d; it is from 1 to %d, or 0 for the default", f.name, *f.value, f.most)
		case *f.value == 0:
			*f.value = f.normally
		}
	}
	return l, nil
}

// length refuses a text that is too long.
func (l Limits) length(text string) error {
	if len(text) <= l.TextBytes {
		return nil
	}
	return refuse(ErrLimit, "statement has %d bytes, more than %d"+smaller, len(text), l.TextBytes)
}

// smaller is the remedy for what is too large.
const smaller = "; make it smaller, or raise the limit with query.SetLimits"

func (r *registry) limit(l Limits, place string) {
	l, err := l.complete()
	if err != nil {
		panic(fmt.Sprintf("query: SetLimits at %s: %v", place, err))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.limitsPlace != "" && r.limits != l {
		panic(fmt.Sprintf("query: limits are set to both %+v and %+v: at %s and at %s; keep one of them", r.limits, l, r.limitsPlace, place))
	}
	r.limits, r.limitsPlace = l, place
	r.known.Store(nil)
}
