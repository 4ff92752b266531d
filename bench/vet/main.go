package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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
	rounds := flag.Int("rounds", 3, "cold runs of each tool on each tree; 0 with -growth counts only")
	growth := flag.Bool("growth", false, "measure how costs grow with the application instead")
	asJSON := flag.Bool("json", false, "print JSON lines")
	others := flag.Bool("others", false, "measure staticcheck, gosec and nilaway too")
	target := flag.String("generate", "", "write the application into this directory and stop")
	var large size
	flag.IntVar(&large.packages, "packages", 300, "packages of the application")
	flag.IntVar(&large.queries, "queries", 5000, "statements of the application")
	flag.Parse()

	if *rounds < 0 || *rounds == 0 && !*growth {
		return fmt.Errorf("%d rounds; there must be one", *rounds)
	}
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
		return b.growth(newOutput(os.Stdout, *asJSON, growthHeader()), large)
	}
	var all []tree
	for name := range strings.SplitSeq(*trees, ",") {
		t, err := b.tree(name, large)
		if err != nil {
			return err
		}
		all = append(all, t)
	}
	return b.compare(newOutput(os.Stdout, *asJSON, comparisonHeader), all)
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
		list, err := command(b.root, "go", "list", "./examples/...")
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
		out, err := command(b.root, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/jackc/pgx/v5")
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
func (b *bench) compare(out *output, trees []tree) error {
	for _, t := range trees {
		costs, err := b.measure(t)
		if err != nil {
			return err
		}
		base := costs[0]
		for _, c := range costs {
			cold, warm := slices.Min(c.cold), slices.Min(c.warm)
			err := out.add(comparison{
				Tree: t.name, Tool: c.tool, Findings: c.findings,
				Cold: cold, Spread: slices.Max(c.cold) / cold, ColdToNoop: cold / slices.Min(base.cold),
				Warm: warm, WarmToNoop: warm / slices.Min(base.warm),
				Peak: c.peak / 1e6, PeakToNoop: c.peak / base.peak,
			})
			if err != nil {
				return err
			}
		}
		if err := out.flush(); err != nil {
			return err
		}
	}
	return nil
}

// comparison is one tool on one tree, beside the no-op tool.
type comparison struct {
	Tree       string  `json:"tree"`
	Tool       string  `json:"tool"`
	Cold       float64 `json:"cold"` // CPU seconds
	Spread     float64 `json:"spread"`
	ColdToNoop float64 `json:"coldToNoop"`
	Warm       float64 `json:"warm"` // CPU seconds
	WarmToNoop float64 `json:"warmToNoop"`
	Peak       float64 `json:"peak"` // MB
	PeakToNoop float64 `json:"peakToNoop"`
	Findings   int     `json:"findings"`
}

const comparisonHeader = "tree\ttool\tcold CPU s\tspread\tto noop\twarm CPU s\tto noop\tpeak MB\tto noop\tfindings\t"

func (c comparison) cells() string {
	return fmt.Sprintf("%s\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.0f\t%.2f\t%d\t", c.Tree, c.Tool,
		c.Cold, c.Spread, c.ColdToNoop, c.Warm, c.WarmToNoop, c.Peak, c.PeakToNoop, c.Findings)
}

func command(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("%s: %w\n%s", cmd, err, exit.Stderr)
	}
	return string(out), err
}
