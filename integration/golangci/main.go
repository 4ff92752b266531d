// Command golangci-lint is golangci-lint with sigravet in it: all that a build
// of one's own takes. Pin golangci-lint and Sigra in go.mod.
package main

import (
	"os"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/sigrahq/sigra/gclplugin"
)

func main() {
	// With a version of "(devel)" golangci-lint takes the executable itself
	// for a part of its cache's keys. Any other would go on telling what an
	// older build of the plugin found.
	err := commands.Execute(commands.BuildInfo{GoVersion: "unknown", Version: "(devel)", Commit: "unknown", Date: "unknown"})
	if err != nil {
		os.Exit(exitcodes.Failure) // Have: it is printed already
	}
}
