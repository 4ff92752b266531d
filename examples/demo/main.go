// Demo shows what sigravet finds. It builds sigravet and runs go vet with it on two applications: examples/leaky, where
// leaks between organizations are planted and marked, and examples/projectboard, the same application without them.
//
//	go run ./examples/demo
//
// It prints every finding and, for each application, how many leaks are planted, found and missed, and how many
// findings nobody planted. The exit status is 0 when exactly the planted leaks were found, 1 when not, and 2 when the
// tools could not run.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/sigrahq/sigra/examples/internal/planted"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	exact, err := run(ctx, os.Stdout)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(2)
	case !exact:
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) (exact bool, err error) {
	root, err := moduleRoot(ctx)
	if err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp("", "sigravet")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	tool, err := build(ctx, root, dir)
	if err != nil {
		return false, err
	}

	exact = true
	for _, app := range []string{"leaky", "projectboard"} {
		leaks, err := planted.Read(filepath.Join(root, "examples", app))
		if err != nil {
			return false, err
		}
		findings, err := vet(ctx, root, tool, "./examples/"+app+"/...")
		if err != nil {
			return false, err
		}
		c := compare(leaks, findings)
		c.write(out, root, app)
		exact = exact && c.exact()
	}
	return exact, nil
}
