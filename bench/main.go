package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"

	"github.com/sigrahq/sigra/runtime/query"
)

// row is the cost of one shape in one way.
type row struct {
	Shape       string  `json:"shape"`
	Way         string  `json:"way"`
	LowerNanos  float64 `json:"lower_quartile_ns"`
	MedianNanos float64 `json:"median_ns"`
	UpperNanos  float64 `json:"upper_quartile_ns"`
	Ratio       float64 `json:"ratio_to_hand"` // of the lower quartiles
	Allocs      float64 `json:"allocs"`
	AllocRatio  float64 `json:"alloc_ratio_to_hand"`
}

// way builds a shape; label is another one each time.
type way struct {
	name string
	run  func(s shape, label string) (string, []any)
}

var org = uuid.MustParse("a0000000-0000-4000-8000-000000000000")

var ways = []way{
	{"hand", func(s shape, _ string) (string, []any) { return s.build("", &org).Build() }},
	{"raw", func(s shape, _ string) (string, []any) { return s.build("", nil).Build() }},
	{"warm", func(s shape, _ string) (string, []any) { return scoped(s.build("", nil)) }},
	{"cold", func(s shape, label string) (string, []any) { return scoped(s.build(label, nil)) }},
}

func scoped(b sqlbuilder.Builder) (string, []any) {
	text, args, err := query.ForOrg(b, org).SQL()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return text, args
}

func main() {
	rounds := flag.Int("rounds", 61, "interleaved rounds")
	calls := flag.Int("calls", 300, "calls in a round")
	asJSON := flag.Bool("json", false, "print JSON lines")
	flag.Parse()
	runtime.GOMAXPROCS(1)

	var rows []row
	for _, s := range shapes {
		rows = append(rows, measure(s, *rounds, *calls)...)
	}
	if *asJSON {
		out := json.NewEncoder(os.Stdout)
		for _, r := range rows {
			if err := out.Encode(r); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
		return
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "shape\tway\tlower ns\tmedian ns\tupper ns\tto hand\tallocs\tto hand\t")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%.0f\t%.0f\t%.0f\t%.2f\t%.0f\t%.2f\t\n", r.Shape, r.Way, r.LowerNanos, r.MedianNanos, r.UpperNanos, r.Ratio, r.Allocs, r.AllocRatio)
	}
	w.Flush()
}

// measure runs all ways of a shape in turns.
func measure(s shape, rounds, calls int) []row {
	times := make([][]float64, len(ways))
	allocs := make([]float64, len(ways))
	labels := make([]string, calls)
	n := 0
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
				w.run(s, label)
			}
			spent := processTime() - start
			runtime.ReadMemStats(&after)
			times[i] = append(times[i], float64(spent.Nanoseconds())/float64(calls))
			allocs[i] = float64(after.Mallocs-before.Mallocs) / float64(calls)
		}
	}
	rows := make([]row, len(ways))
	for i, w := range ways {
		slices.Sort(times[i])
		at := func(q float64) float64 { return times[i][int(q*float64(rounds-1))] }
		rows[i] = row{
			Shape: s.name, Way: w.name,
			LowerNanos: at(0.25), MedianNanos: at(0.5), UpperNanos: at(0.75),
			Ratio:  at(0.25) / times[0][(rounds-1)/4],
			Allocs: allocs[i], AllocRatio: allocs[i] / allocs[0],
		}
	}
	return rows
}

// processTime is the CPU time that the process has used, the garbage collector
// included.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
