package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

func main() {
	if tool := os.Getenv(wrapped); tool != "" {
		os.Exit(wrap(tool, os.Args[1:]))
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench/vet:", err)
		os.Exit(1)
	}
}

func run() error {
	trees := flag.String("trees", "pgx,examples,leaky,app", "comma-separated trees to measure")
	rounds := flag.Int("rounds", 3, "cold runs of each tool on each tree")
	growth := flag.Bool("growth", false, "measure generated applications of three sizes instead")
	others := flag.Bool("others", false, "measure staticcheck, gosec and nilaway too")
	target := flag.String("generate", "", "write the application into this directory and stop")
	var large size
	flag.IntVar(&large.packages, "packages", 300, "packages of the application")
	flag.IntVar(&large.queries, "queries", 5000, "statements of the application")
	flag.Parse()

	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if *target != "" {
		return generate(*target, root, large)
	}
	work, err := os.MkdirTemp("", "sigra-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b := &bench{root: root, work: work, rounds: *rounds}
	if err := b.buildTools(*others); err != nil {
		return err
	}
	if *growth {
		return b.growth(os.Stdout, large)
	}
	var all []tree
	for name := range strings.SplitSeq(*trees, ",") {
		t, err := b.tree(name, large)
		if err != nil {
			return err
		}
		all = append(all, t)
	}
	return b.compare(os.Stdout, all)
}

// moduleRoot is the directory of this module's go.mod.
func moduleRoot() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/sigrahq/sigra").Output()
	if err != nil {
		return "", fmt.Errorf("run it inside the module: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// tree is code that tools look at.
type tree struct {
	name, dir string
	patterns  []string
}

func (b *bench) tree(name string, s size) (tree, error) {
	t := tree{name: name, patterns: []string{"./..."}}
	switch name {
	case "examples":
		// Without the one that has findings, which is a tree of its own: before Go
		// 1.26 the go command keeps no result that has some.
		list, err := output(b.root, "go", "list", "./examples/...")
		if err != nil {
			return t, err
		}
		t.dir = b.root
		t.patterns = nil
		for p := range strings.FieldsSeq(list) {
			if _, dir, ok := strings.Cut(p, "/examples/"); ok && !strings.HasPrefix(dir, "leaky") {
				t.patterns = append(t.patterns, "./examples/"+dir) // gosec knows no import paths
			}
		}
	case "leaky":
		t.dir, t.patterns = b.root, []string{"./examples/leaky/..."}
	case "pgx":
		out, err := output(b.root, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/jackc/pgx/v5")
		if err != nil {
			return t, err
		}
		t.dir = filepath.Join(b.work, "pgx")
		if err := os.CopyFS(t.dir, os.DirFS(strings.TrimSpace(out))); err != nil {
			return t, err
		}
	case "app":
		t.name = fmt.Sprintf("app of %d", s.domains()*perDomain)
		t.dir = filepath.Join(b.work, fmt.Sprintf("app%d", s.packages))
		if err := os.MkdirAll(t.dir, 0o755); err != nil {
			return t, err
		}
		if err := generate(t.dir, b.root, s); err != nil {
			return t, err
		}
	default:
		return t, fmt.Errorf("no tree %q; there are pgx, examples, leaky and app", name)
	}
	// Vetting compiles what it needs, once.
	_, err := b.run(t, b.tools[0])
	return t, err
}

// compare prints one row for each tree and tool.
func (b *bench) compare(w io.Writer, trees []tree) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "tree\ttool\tcold CPU s\tspread\tto noop\twarm CPU s\tto noop\tpeak MB\tto noop\tfindings\t")
	for _, t := range trees {
		rows, err := b.measure(t)
		if err != nil {
			return err
		}
		base := rows[0]
		for _, r := range rows {
			fmt.Fprintf(tab, "%s\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.0f\t%.2f\t%d\t\n", t.name, r.tool,
				slices.Min(r.cold), slices.Max(r.cold)/slices.Min(r.cold), slices.Min(r.cold)/slices.Min(base.cold),
				slices.Min(r.warm), slices.Min(r.warm)/slices.Min(base.warm),
				r.peak/1e6, r.peak/base.peak, r.findings)
		}
		if err := tab.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// growth prints how the cost of a package changes as an application grows, beside
// what a tool that does nothing makes of it.
func (b *bench) growth(w io.Writer, large size) error {
	parts := []int{10, 55, 100} // of a hundred
	packages := make([]int, len(parts))
	var trees []tree
	for i, p := range parts {
		s := size{large.packages * p / 100, large.queries * p / 100}
		t, err := b.tree("app", s)
		if err != nil {
			return err
		}
		trees = append(trees, t)
		packages[i] = s.domains() * perDomain
	}
	tools := b.tools[:2] // the no-op tool and sigravet
	cold := make([][][]float64, len(tools))
	for i := range tools {
		cold[i] = make([][]float64, len(parts))
	}
	for range b.rounds {
		for i, t := range trees {
			for j, tool := range tools {
				r, err := b.run(t, tool.fresh(b))
				if err != nil {
					return err
				}
				cold[j][i] = append(cold[j][i], r.cpu)
			}
		}
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "tool\tpackages\tcold CPU s\tms for each more\tto the first half\t")
	for j, tool := range tools {
		var first float64
		for i := range parts {
			lowest := slices.Min(cold[j][i])
			each, ratio := "", ""
			if i > 0 {
				ms := 1000 * (lowest - slices.Min(cold[j][i-1])) / float64(packages[i]-packages[i-1])
				each = fmt.Sprintf("%.1f", ms)
				if i == 1 {
					first = ms
				} else {
					ratio = fmt.Sprintf("%.2f", ms/first)
				}
			}
			fmt.Fprintf(tab, "%s\t%d\t%.2f\t%s\t%s\t\n", tool.name, packages[i], lowest, each, ratio)
		}
	}
	return tab.Flush()
}

func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("%s: %w\n%s", cmd, err, exit.Stderr)
	}
	return string(out), err
}
