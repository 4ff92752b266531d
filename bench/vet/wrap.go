package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// The go command starts a vet tool once for each package and tells nobody what
// the processes took. So this program stands in for the tool, runs it, and
// notes that.

// wrapped names the tool that this program stands for, and notes the file that
// it writes to.
const (
	wrapped = "SIGRA_BENCH_TOOL"
	notes   = "SIGRA_BENCH_NOTES"
)

// process is what one process of a vet tool took.
type process struct {
	Package string  // its import path; empty when it only answered a question
	CPU     float64 // seconds
	Peak    float64 // bytes of the largest resident set
	Handed  float64 // bytes of types and facts that it read and wrote
}

// vetted runs a vet tool over a tree and returns what its processes took.
func (b *bench) vetted(t tree, tool tool, env ...string) ([]process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.work, "notes")
	defer os.Remove(file)
	cmd := exec.Command("go", append([]string{"vet", "-vettool=" + self}, t.patterns...)...)
	cmd.Dir = t.dir
	cmd.Env = append(append(os.Environ(), wrapped+"="+tool.file, notes+"="+file), env...)
	if out, err := cmd.CombinedOutput(); err != nil && findings(string(out)) == 0 {
		return nil, fmt.Errorf("%s in %s: %w\n%s", cmd, t.dir, err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []process
	for line := range strings.Lines(string(data)) {
		var p process
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// wrap runs a vet tool and notes what it took.
func wrap(tool string, args []string) int {
	cmd := exec.Command(tool, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err == nil || exited {
		err = note(os.Getenv(notes), cmd.ProcessState, args)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench/vet:", err)
		return 2
	}
	return cmd.ProcessState.ExitCode()
}

func note(file string, s *os.ProcessState, args []string) error {
	p := process{CPU: cpu(s), Peak: maxRSS(s)}
	if last := args[len(args)-1]; strings.HasSuffix(last, ".cfg") {
		if err := p.inputs(last); err != nil {
			return err
		}
	}
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	// One short write at the end of a file stays in one piece.
	_, err = io.WriteString(f, string(line)+"\n")
	return errors.Join(err, f.Close())
}

// inputs reads what the go command asked for.
func (p *process) inputs(cfg string) error {
	data, err := os.ReadFile(cfg)
	if err != nil {
		return err
	}
	var unit struct {
		ImportPath  string
		PackageVetx map[string]string
		VetxOutput  string
	}
	if err := json.Unmarshal(data, &unit); err != nil {
		return err
	}
	p.Package = unit.ImportPath
	for _, name := range unit.PackageVetx {
		p.Handed += fileSize(name)
	}
	p.Handed += fileSize(unit.VetxOutput)
	return nil
}

// fileSize is 0 for a file that is not there: a tool that failed wrote none.
func fileSize(name string) float64 {
	fi, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return float64(fi.Size())
}

func cpu(s *os.ProcessState) float64 { return (s.UserTime() + s.SystemTime()).Seconds() }

// maxRSS is the largest resident set, in bytes, of a process or one of its
// children.
func maxRSS(s *os.ProcessState) float64 {
	return float64(s.SysUsage().(*syscall.Rusage).Maxrss) * 1024 // Linux counts in KiB
}
