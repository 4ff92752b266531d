package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
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
		if _, err := output(b.root, "go", "build", "-o", file, t.pkg); err != nil {
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

// row is what one tool cost on one tree.
type row struct {
	tool       string
	cold, warm []float64 // CPU seconds
	peak       float64   // bytes
	findings   int
}

// warmRuns is the number of warm runs after each cold one. They are short, so
// that noise weighs more.
const warmRuns = 5

// measure runs all tools on a tree in turns.
func (b *bench) measure(t tree) ([]row, error) {
	rows := make([]row, len(b.tools))
	for round := range b.rounds {
		fresh := make([]tool, len(b.tools))
		for i, tool := range b.tools {
			r := &rows[i]
			r.tool, fresh[i] = tool.name, tool.fresh(b)
			cold, err := b.run(t, fresh[i])
			if err != nil {
				return nil, err
			}
			r.cold = append(r.cold, cold.cpu)
			r.findings = cold.findings
			r.peak = max(r.peak, cold.peak)
			if tool.vet && round == 0 {
				if r.peak, err = b.peak(t, r.tool, tool.fresh(b)); err != nil {
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
				rows[i].warm = append(rows[i].warm, warm.cpu)
			}
		}
		for _, tool := range fresh {
			if tool.vet {
				os.Remove(tool.file)
			}
		}
	}
	return rows, nil
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
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && n > 0) {
		return result{}, fmt.Errorf("%s in %s: %w\n%s", cmd, t.dir, err, said.String())
	}
	r := result{cpu: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), findings: n}
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

// maxRSS is the largest resident set, in bytes, of a process or one of its
// children.
func maxRSS(s *os.ProcessState) float64 {
	u := s.SysUsage().(*syscall.Rusage)
	return float64(u.Maxrss) * 1024 // Linux counts in KiB
}

// wrapped names the tool that this program stands for, and peaks the file
// that it notes the memory in.
const (
	wrapped = "SIGRA_BENCH_TOOL"
	peaks   = "SIGRA_BENCH_PEAKS"
)

// peak is the largest resident set of one process of a vet tool: this program
// runs in its place, runs it, and looks.
func (b *bench) peak(t tree, name string, tool tool) (float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	file := filepath.Join(b.work, name+".peaks")
	os.Remove(file)
	cmd := exec.Command("go", append([]string{"vet", "-vettool=" + self}, t.patterns...)...)
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), wrapped+"="+tool.file, peaks+"="+file)
	if out, err := cmd.CombinedOutput(); err != nil && findings(string(out)) == 0 {
		return 0, fmt.Errorf("%s in %s: %w\n%s", cmd, t.dir, err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	largest := 0.0
	for field := range strings.FieldsSeq(string(data)) {
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return 0, err
		}
		largest = max(largest, n)
	}
	return largest, os.Remove(tool.file)
}

// wrap runs a vet tool and notes its memory.
func wrap(tool string, args []string) int {
	cmd := exec.Command(tool, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	f, err := os.OpenFile(os.Getenv(peaks), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		// One short write at the end of a file stays in one piece.
		_, err = io.WriteString(f, fmt.Sprintf("%.0f\n", maxRSS(cmd.ProcessState)))
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return cmd.ProcessState.ExitCode()
}
