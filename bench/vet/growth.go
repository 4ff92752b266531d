package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
)

// tenths are the sizes of the applications whose growth is measured, in tenths
// of the largest. With 300 packages each size has whole cycles of handWritten,
// so that a package of one is on average like a package of another.
var tenths = []int{1, 2, 4, 6, 8, 10}

// spent is what the processes of a tool took for the packages of an
// application. The libraries below it, which are the same for all sizes, are
// left out.
type spent struct {
	handed float64   // bytes of types and facts, read and written
	memory float64   // bytes, with the garbage collector off
	cpu    []float64 // seconds, by round
}

// growth is the costs of the no-op tool and of sigravet, for applications of
// all sizes.
type growth struct {
	bench    *bench
	tools    []tool
	packages []float64
	trees    []tree
	costs    [][]spent // by tool and size
}

// growth prints how the costs of sigravet grow with the application, beside
// those of the tool that does nothing.
func (b *bench) growth(out *output, large size) error {
	g := growth{bench: b, tools: b.tools[:2]}
	for _, n := range tenths {
		s := size{large.packages * n / 10, large.queries * n / 10}
		t, err := b.tree("app", s)
		if err != nil {
			return err
		}
		g.packages = append(g.packages, float64(s.domains()*perDomain))
		g.trees = append(g.trees, t)
	}
	for range g.tools {
		g.costs = append(g.costs, make([]spent, len(g.trees)))
	}

	if err := g.round(true); err != nil {
		return err
	}
	err := errors.Join(
		g.print(out, "types and facts, MB", func(s spent) float64 { return s.handed / 1e6 }),
		g.print(out, "memory, nothing freed, MB", func(s spent) float64 { return s.memory / 1e6 }),
	)
	if err != nil || b.rounds == 0 {
		return err
	}
	for range b.rounds {
		if err := g.round(false); err != nil {
			return err
		}
	}
	return g.print(out, "CPU, s", func(s spent) float64 { return quantile(s.cpu, 0.25) })
}

// round runs the tools over all sizes, in turns, to count or to time.
func (g *growth) round(counted bool) error {
	var env []string
	if counted {
		env = []string{"GOGC=off"} // a process that frees nothing has in memory all that it ever took
	}
	fresh := make([]tool, len(g.tools))
	for i, tool := range g.tools {
		fresh[i] = tool.fresh(g.bench)
		defer os.Remove(fresh[i].file)
	}
	for i, t := range g.trees {
		for j, tool := range fresh {
			list, err := g.bench.vetted(t, tool, env...)
			if err == nil {
				err = g.costs[j][i].add(list, int(g.packages[i]), counted)
			}
			if err != nil {
				return fmt.Errorf("%s on %s: %w", tool.name, t.name, err)
			}
		}
	}
	return nil
}

// print shows one cost of each tool.
func (g *growth) print(out *output, cost string, of func(spent) float64) error {
	for i, tool := range g.tools {
		var values []float64
		for _, s := range g.costs[i] {
			values = append(values, of(s))
		}
		if err := out.add(newGrowthRow(tool.name, cost, g.packages, values)); err != nil {
			return err
		}
	}
	return out.flush()
}

// add sums up one run over the application.
func (s *spent) add(list []process, packages int, counted bool) error {
	var sum process
	n := 0
	for _, p := range list {
		if !strings.HasPrefix(p.Package, appModule+"/") {
			continue
		}
		n++
		sum.CPU += p.CPU
		sum.Peak += p.Peak
		sum.Handed += p.Handed
	}
	if n != packages {
		return fmt.Errorf("the go command ran the tool on %d packages of %d", n, packages)
	}
	if counted {
		s.handed, s.memory = sum.Handed, sum.Peak
	} else {
		s.cpu = append(s.cpu, sum.CPU)
	}
	return nil
}

// growthRow is one cost at all sizes, and how far it is from growing in
// proportion.
type growthRow struct {
	Tool     string    `json:"tool"`
	Cost     string    `json:"cost"`
	Packages []float64 `json:"packages"`
	Values   []float64 `json:"values"`
	Each     float64   `json:"each"` // package more adds so much
	Off      float64   `json:"off"`  // largest distance from the line, as a share of what the line says
	At       float64   `json:"at"`   // the size that it is at
}

func newGrowthRow(tool, cost string, packages, values []float64) growthRow {
	r := growthRow{Tool: tool, Cost: cost, Packages: packages, Values: values}
	var base float64
	base, r.Each = line(packages, values)
	for i, x := range packages {
		if off := values[i]/(base+r.Each*x) - 1; math.Abs(off) > math.Abs(r.Off) {
			r.Off, r.At = off, x
		}
	}
	return r
}

func growthHeader() string {
	header := "tool\tcost\t"
	for _, n := range tenths {
		header += fmt.Sprintf("%d0 %%\t", n)
	}
	return header + "each package\toff the line\t"
}

func (r growthRow) cells() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\t%s\t", r.Tool, r.Cost)
	for _, v := range r.Values {
		fmt.Fprintf(&b, "%.2f\t", v)
	}
	fmt.Fprintf(&b, "%.4f\t%+.1f %% at %.0f\t", r.Each, 100*r.Off, r.At)
	return b.String()
}

// line is the straight one through points that is closest by least squares.
func line(x, y []float64) (base, slope float64) {
	var sumX, sumY float64
	for i := range x {
		sumX += x[i]
		sumY += y[i]
	}
	meanX, meanY := sumX/float64(len(x)), sumY/float64(len(x))
	var xy, xx float64
	for i := range x {
		xy += (x[i] - meanX) * (y[i] - meanY)
		xx += (x[i] - meanX) * (x[i] - meanX)
	}
	slope = xy / xx
	return meanY - slope*meanX, slope
}

func quantile(list []float64, q float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[int(q*float64(len(list)-1))]
}
