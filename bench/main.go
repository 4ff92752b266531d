package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
)

func main() {
	passes := flag.Int("passes", 5, "passes, of which the median counts")
	rounds := flag.Int("rounds", 201, "rounds in a pass")
	calls := flag.Int("calls", 100, "calls of each way in a round")
	onPostgres := flag.Bool("postgres", false, "run the statements on PostgreSQL, one call in a round")
	texts := flag.Int("texts", 0, "show memory while so many different texts pass")
	asJSON := flag.Bool("json", false, "print JSON lines")
	flag.Parse()

	out := table{json: *asJSON}
	if err := run(&out, *passes, *rounds, *calls, *onPostgres, *texts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := out.print(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out *table, passes, rounds, calls int, onPostgres bool, texts int) error {
	switch {
	case passes < 1 || rounds < 4 || calls < 1:
		return errors.New("bench: there must be a pass, four rounds and a call")
	case texts > 0:
		return manyTexts(out, texts)
	case onPostgres:
		return endToEnd(out, passes, 4*rounds)
	}
	return building(out, passes, rounds, calls)
}

// table is rows of one struct type, for people or as JSON lines.
type table struct {
	json   bool
	header string
	rows   []row
}

type row interface{ String() string } // cells, each with a tab behind it

func (t *table) add(r row) { t.rows = append(t.rows, r) }

func (t *table) print(w io.Writer) error {
	if t.json {
		lines := json.NewEncoder(w)
		for _, r := range t.rows {
			if err := lines.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(columns, t.header)
	for _, r := range t.rows {
		fmt.Fprintln(columns, r)
	}
	return columns.Flush()
}

// times are measurements of one way, by pass and round.
type times [][]float64

// quartile is the one of all passes together.
func (t times) quartile(q float64) float64 { return quantile(slices.Concat(t...), q) }

// ratio compares the lower quartiles of each pass with those of another way.
func (t times) ratio(to times) spread {
	var list []float64
	for pass := range t {
		list = append(list, quantile(t[pass], 0.25)/quantile(to[pass], 0.25))
	}
	return spread{quantile(list, 0.5), slices.Min(list), slices.Max(list)}
}

func quantile(list []float64, q float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[int(q*float64(len(list)-1))]
}

// spread is what several passes gave.
type spread struct {
	Median float64 `json:"median"`
	Lowest float64 `json:"lowest"`
	Most   float64 `json:"highest"`
}

func (s spread) String() string { return fmt.Sprintf("%.2f\t%.2f–%.2f", s.Median, s.Lowest, s.Most) }
