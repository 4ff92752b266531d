package main

import (
	"fmt"
	"runtime"

	"github.com/sigrahq/sigra/runtime/query"
)

// textsRow is the memory in use after so many texts.
type textsRow struct {
	Texts     int     `json:"texts"`
	HeapBytes uint64  `json:"heap_in_use_bytes"`
	ToFirst   float64 `json:"ratio_to_first"`
}

func (r textsRow) String() string {
	return fmt.Sprintf("%d\t%.2f\t%.2f\t", r.Texts, float64(r.HeapBytes)/(1<<20), r.ToFirst)
}

// manyTexts sends texts through ForOrg that did not come before. Every tenth
// comes three times in a row, so the memo is full all the time.
func manyTexts(out *table, n int) error {
	const rows = 10
	out.header = "texts\theap MiB\tto first\t"
	first := uint64(0)
	for part := range rows {
		for i := part * n / rows; i < (part+1)*n/rows; i++ {
			times := 1
			if i%10 == 0 {
				times = 3
			}
			for range times {
				b := shapes[i%len(shapes)].build(label(i), id, nil)
				if _, _, err := query.ForOrg(b, org).SQL(); err != nil {
					return fmt.Errorf("bench: text %d: %w", i, err)
				}
			}
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		if part == 0 {
			first = m.HeapAlloc
		}
		out.add(textsRow{Texts: (part + 1) * n / rows, HeapBytes: m.HeapAlloc, ToFirst: float64(m.HeapAlloc) / float64(first)})
	}
	return nil
}
