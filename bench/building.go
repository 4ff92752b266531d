package main

import (
	"fmt"
	"runtime"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"

	"github.com/sigrahq/sigra/runtime/query"
)

// buildRow is the cost of building one shape in one way.
type buildRow struct {
	Shape       string  `json:"shape"`
	Way         string  `json:"way"`
	LowerNanos  float64 `json:"lower_quartile_ns"`
	MedianNanos float64 `json:"median_ns"`
	UpperNanos  float64 `json:"upper_quartile_ns"`
	ToHand      spread  `json:"ratio_to_hand"`
	ToRaw       spread  `json:"ratio_to_raw"`
	Allocs      float64 `json:"allocs"`
	AllocsHand  float64 `json:"allocs_ratio_to_hand"`
}

const buildHeader = "shape\tway\tlower ns\tmedian ns\tupper ns\tto hand\tpasses\tto raw\tpasses\tallocs\tto hand\t"

func (r buildRow) String() string {
	return fmt.Sprintf("%s\t%s\t%.0f\t%.0f\t%.0f\t%v\t%v\t%.0f\t%.2f\t",
		r.Shape, r.Way, r.LowerNanos, r.MedianNanos, r.UpperNanos, r.ToHand, r.ToRaw, r.Allocs, r.AllocsHand)
}

var org = uuid.MustParse("a0000000-0000-4000-8000-000000000000")

// ways to build a shape; label is another one each time. hand and raw are the
// ways to compare with: those of the same text.
var ways = []struct {
	name      string
	hand, raw int
	build     func(s shape, label string) (string, []any, error)
}{
	{"hand", 0, 1, func(s shape, _ string) (string, []any, error) { return plain(s.build("", id, &org)) }},
	{"raw", 0, 1, func(s shape, _ string) (string, []any, error) { return plain(s.build("", id, nil)) }},
	{"warm", 0, 1, func(s shape, _ string) (string, []any, error) { return query.ForOrg(s.build("", id, nil), org).SQL() }},
	{"new hand", 3, 4, func(s shape, label string) (string, []any, error) { return plain(s.build(label, id, &org)) }},
	{"new raw", 3, 4, func(s shape, label string) (string, []any, error) { return plain(s.build(label, id, nil)) }},
	{"cold", 3, 4, func(s shape, label string) (string, []any, error) {
		return query.ForOrg(s.build(label, id, nil), org).SQL()
	}},
}

func plain(b sqlbuilder.Builder) (string, []any, error) {
	text, args := b.Build()
	return text, args, nil
}

// building compares the ways to build each shape. The collector runs beside, as
// it does in a service. On one processor it would have to wait for its turn in
// the middle of a cycle, while every pointer that is written costs more.
func building(out *table, passes, rounds, calls int) error {
	out.header = buildHeader
	for _, s := range shapes {
		if err := buildShape(out, s, passes, rounds, calls); err != nil {
			return fmt.Errorf("bench: %s: %w", s.name, err)
		}
	}
	return nil
}

func buildShape(out *table, s shape, passes, rounds, calls int) error {
	spent := make([]times, len(ways))
	allocs := make([]float64, len(ways))
	labels := make([]string, calls)
	n := 0
	for pass := range passes {
		for i := range ways {
			spent[i] = append(spent[i], nil)
		}
		for range rounds {
			for i, w := range ways {
				for j := range labels {
					n++
					labels[j] = label(n)
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				start := processTime()
				for _, label := range labels {
					if _, _, err := w.build(s, label); err != nil {
						return err
					}
				}
				took := processTime() - start
				runtime.ReadMemStats(&after)
				spent[i][pass] = append(spent[i][pass], float64(took.Nanoseconds())/float64(calls))
				allocs[i] = float64(after.Mallocs-before.Mallocs) / float64(calls)
			}
		}
	}
	for i, w := range ways {
		out.add(buildRow{
			Shape: s.name, Way: w.name,
			LowerNanos: spent[i].quartile(0.25), MedianNanos: spent[i].quartile(0.5), UpperNanos: spent[i].quartile(0.75),
			ToHand: spent[i].ratio(spent[w.hand]), ToRaw: spent[i].ratio(spent[w.raw]),
			Allocs: allocs[i], AllocsHand: allocs[i] / allocs[w.hand],
		})
	}
	return nil
}

// processTime is the CPU time that the process has used, the garbage collector
// included.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it has no reason to fail
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
