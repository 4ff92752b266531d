package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Exit statuses.
const (
	nothingFound = 0
	found        = 1
	failed       = 2 // wrong use, or a package that does not load
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	switch {
	case isVersionQuery(args):
		return version(stdout, stderr)
	case isVetUnit(args):
		return vet(stderr)
	case len(args) > 0 && args[0] == "explain":
		return explain(args[1:], stdout, stderr)
	case len(args) > 0 && (args[0] == "help" || args[0] == "-h" || args[0] == "-help" || args[0] == "--help"):
		fmt.Fprint(stdout, usage)
		return nothingFound
	}
	return standalone(args, stdout, stderr)
}

// isVersionQuery tells whether the go command asks which tool this is.
func isVersionQuery(args []string) bool {
	return len(args) == 1 && (args[0] == "-V=full" || args[0] == "--V=full")
}

// isVetUnit tells whether the go command asks for the flags, or wants one
// package looked at.
func isVetUnit(args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	return last == "-flags" || last == "--flags" || strings.HasSuffix(last, ".cfg")
}

const usage = `sigravet finds SQL that reaches the rows of more than one organization.

	go vet -vettool=$(which sigravet) ./...   run under go vet, which caches
	sigravet [flags] [packages]               run alone; the default is ./...
	sigravet explain CATEGORY                 explain a kind of finding
	sigravet help                             print this

Flags:
	-columns list    ownership columns, comma-separated (default organization_id)
	-schema globs    SQL files to learn tables from: migrations, or a dump;
	                 or Go files that hold them
	-raw mode        hand-written SQL on org-owned tables: auto, forbid, prove, off
	-tests=false     leave out test files
	-format form     text, json, or github
	-fix             change the code where the remedy is certain; the findings
	                 that are left are printed

The file .sigravet.yml beside go.mod holds columns, schema and raw; flags win.
Exit status: 0 nothing found, 1 findings, 2 wrong use or a package that does
not load.
`
