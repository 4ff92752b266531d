package analyzer

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/sigrahq/sigra/internal/valueflow"
)

// Under go vet, facts about packages, functions and variables are seen by
// direct importers only. What has to go further is exported again by each
// package on the way.

// packageFact says why a package's importers have to be looked at.
type packageFact struct {
	Database bool    // its imports reach a database or a builder
	Traced   bool    // its values were followed, so where a fact is missing there is nothing to say
	Runtime  bool    // its imports reach runtime/query
	Tables   []table // known here or below, sorted
}

// functionFact is on functions and methods.
type functionFact struct {
	Sinks   []use    // what it does with SQL that it is given
	Results []result // the texts and builders that it returns
	Objects []object // the texts in what it returns or gets a pointer to
	Origins []from   // where what may be an organization in its results comes from
}

// from is the sources of component Path of result Index.
type from struct {
	Index int
	Path  string
	From  *valueflow.Expr
}

// object is a text that is collected in a struct.
type object struct {
	Result bool // of result Index, else of what parameter Index points to when the function returns
	Index  int
	Path   string
	Alts   []*valueflow.Expr
}

// result is what one result of a function can be.
type result struct {
	Index int
	Alts  []*valueflow.Expr
}

// variableFact is on package-level variables that hold text, or a declared
// table.
type variableFact struct {
	Alts []*valueflow.Expr
}

func (*packageFact) AFact()  {}
func (*functionFact) AFact() {}
func (*variableFact) AFact() {}

var factTypes = []analysis.Fact{new(packageFact), new(functionFact), new(variableFact)}

func (f *packageFact) String() string {
	var parts []string
	if f.Database {
		parts = append(parts, "database")
	}
	if f.Runtime {
		parts = append(parts, "runtime")
	}
	for _, t := range f.Tables {
		parts = append(parts, t.String())
	}
	return strings.Join(parts, " ")
}

func (f *functionFact) String() string {
	var parts []string
	for _, s := range f.Sinks {
		parts = append(parts, s.String())
	}
	for _, r := range f.Results {
		parts = append(parts, fmt.Sprintf("result %d is %s", r.Index, alternatives(r.Alts)))
	}
	for _, o := range f.Objects {
		parts = append(parts, fmt.Sprintf("%d%s is %s", o.Index, o.Path, alternatives(o.Alts)))
	}
	for _, o := range f.Origins {
		parts = append(parts, fmt.Sprintf("result %d%s comes from %s", o.Index, o.Path, o.From))
	}
	return strings.Join(parts, "; ")
}

func (f *variableFact) String() string { return alternatives(f.Alts) }

func alternatives(alts []*valueflow.Expr) string {
	parts := make([]string, len(alts))
	for i, e := range alts {
		parts[i] = e.String()
	}
	return strings.Join(parts, " | ")
}
