package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

type bench struct {
	root, work string
	rounds     int
	tools      []tool
	copies     int
}

// tool is a program that looks at code.
type tool struct {
	name string
	file string
	vet  bool // it is run by go vet
	args []string
	env  string // the variable that names its cache, when it keeps one of its own
}

// buildTools builds the no-op tool and sigravet, in this order, and the others
// as far as their source can be had.
func (b *bench) buildTools(others bool) error {
	for _, t := range []struct{ name, pkg string }{{"noop", "./bench/vet/noop"}, {"sigravet", "./cmd/sigravet"}} {
		file := filepath.Join(b.work, t.name)
		if _, err := command(b.root, "go", "build", "-o", file, t.pkg); err != nil {
			return err
		}
		b.tools = append(b.tools, tool{name: t.name, file: file, vet: true})
	}
	if !others {
		return nil
	}
	for _, t := range []struct {
		tool
		pkg string
	}{
		{tool{name: "staticcheck", env: "STATICCHECK_CACHE"}, "honnef.co/go/tools/cmd/staticcheck@v0.8.2"},
		{tool{name: "gosec", args: []string{"-quiet", "-fmt=golint"}}, "github.com/securego/gosec/v2/cmd/gosec@latest"},
		{tool{name: "nilaway", vet: true}, "go.uber.org/nilaway/cmd/nilaway@latest"},
	} {
		cmd := exec.Command("go", "install", t.pkg)
		cmd.Dir = b.work
		cmd.Env = append(os.Environ(), "GOBIN="+b.work)
		if out, err := cmd.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "bench/vet: %s is left out: %v\n%s", t.name, err, out)
			continue
		}
		t.file = filepath.Join(b.work, t.name)
		b.tools = append(b.tools, t.tool)
	}
	return nil
}

// fresh is the tool as nobody's cache knows it.
func (t tool) fresh(b *bench) tool {
	b.copies++
	n := strconv.Itoa(b.copies)
	if !t.vet {
		if t.env != "" {
			t.env += "=" + filepath.Join(b.work, t.name+"-cache"+n)
		}
		return t
	}
	data, err := os.ReadFile(t.file)
	if err == nil {
		t.file = filepath.Join(b.work, t.name+n)
		// The name of the directory is in no other run of this program.
		err = os.WriteFile(t.file, append(data, b.work+n...), 0o755)
	}
	if err != nil {
		panic(err)
	}
	return t
}

// cost is what one tool cost on one tree.
type cost struct {
	tool       string
	cold, warm []float64 // CPU seconds
	peak       float64   // bytes
	findings   int
}

// warmRuns is the number of warm runs after each cold one. They are short, so
// that noise weighs more.
const warmRuns = 5

// measure runs all tools on a tree in turns.
func (b *bench) measure(t tree) ([]cost, error) {
	costs := make([]cost, len(b.tools))
	for round := range b.rounds {
		fresh := make([]tool, len(b.tools))
		for i, tool := range b.tools {
			c := &costs[i]
			c.tool, fresh[i] = tool.name, tool.fresh(b)
			cold, err := b.run(t, fresh[i])
			if err != nil {
				return nil, err
			}
			c.cold = append(c.cold, cold.cpu)
			c.findings = cold.findings
			c.peak = max(c.peak, cold.peak)
			if tool.vet && round == 0 {
				if c.peak, err = b.peak(t, tool.fresh(b)); err != nil {
					return nil, err
				}
			}
		}
		for range warmRuns {
			for i, tool := range fresh {
				warm, err := b.run(t, tool)
				if err != nil {
					return nil, err
				}
				costs[i].warm = append(costs[i].warm, warm.cpu)
			}
		}
		for _, tool := range fresh {
			if tool.vet {
				os.Remove(tool.file)
			}
		}
	}
	return costs, nil
}

// result is what one run cost.
type result struct {
	cpu      float64
	peak     float64 // of a tool that is one process
	findings int
}

// run runs a tool once. Findings are no error; anything else that it says is.
func (b *bench) run(t tree, tool tool) (result, error) {
	cmd := exec.Command(tool.file, append(tool.args, t.patterns...)...)
	if tool.vet {
		cmd = exec.Command("go", append([]string{"vet", "-vettool=" + tool.file}, t.patterns...)...)
	}
	cmd.Dir = t.dir
	if tool.env != "" {
		cmd.Env = append(os.Environ(), tool.env)
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	n := findings(said.String())
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !(exited && n > 0) {
		return result{}, fmt.Errorf("%s in %s: %w\n%s", cmd, t.dir, err, said.String())
	}
	r := result{cpu: cpu(cmd.ProcessState), findings: n}
	if !tool.vet {
		r.peak = maxRSS(cmd.ProcessState)
	}
	return r, nil
}

// findings counts the lines of an output that are about a place in a Go file.
func findings(output string) int {
	n := 0
	for line := range strings.Lines(output) {
		if strings.Contains(line, ".go:") && !strings.HasPrefix(line, "\t") {
			n++
		}
	}
	return n
}

// peak is the largest resident set of one process of a vet tool.
func (b *bench) peak(t tree, tool tool) (float64, error) {
	list, err := b.vetted(t, tool)
	if err != nil {
		return 0, err
	}
	largest := 0.0
	for _, p := range list {
		largest = max(largest, p.Peak)
	}
	return largest, os.Remove(tool.file)
}
