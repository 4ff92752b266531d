package analyzer

import (
	_ "embed"
	"errors"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
)

// Analyzer is the analyzer with default options.
var Analyzer = New(Options{})

const doc = `report SQL on org-owned tables that is not restricted to one organization

A table is org-owned when each of its rows belongs to one organization. The
analyzer follows the SQL of every call that reaches a database back to where it
comes from and asks what restricts each org-owned table in it. In a package
that uses github.com/sigrahq/sigra/runtime/query the answer has to be
query.ForOrg; elsewhere hand-written SQL is read, and each org-owned table needs
a condition that binds its ownership column.`

// New returns an analyzer with options of its own. Its flags begin with the
// values of o. Options that are not valid are an error when it runs.
func New(o Options) *analysis.Analyzer { return newAnalyzer(&config{Options: o}) }

func newAnalyzer(c *config) *analysis.Analyzer {
	facts := &analysis.Analyzer{
		Name:       "sigravetfacts",
		Doc:        "find what other packages need to know for sigravet",
		Run:        func(pass *analysis.Pass) (any, error) { return gathered(pass, c), nil },
		ResultType: reflect.TypeFor[*unit](),
		FactTypes:  factTypes,
	}
	check := &analysis.Analyzer{
		Name:     "sigravet",
		Doc:      doc,
		URL:      pages + "README.md",
		Requires: []*analysis.Analyzer{facts},
		Run:      func(pass *analysis.Pass) (any, error) { return nil, check(pass, pass.ResultOf[facts].(*unit), c) },
	}
	c.flags(&check.Flags)
	return check
}

// gathered is the result of gather, or its error. Drivers print the error of an
// analyzer that was asked for; of one that it requires they say only that it
// failed.
func gathered(pass *analysis.Pass, c *config) *unit {
	u, err := gather(pass, c)
	if err != nil {
		return &unit{err: err}
	}
	return u
}

const pages = "https://github.com/sigrahq/sigra/blob/main/docs/"

// page is where a category is explained.
func page(category string) string { return pages + category + ".md" }

// config is the options of one analyzer, read once the flags are set.
type config struct {
	Options
	once   sync.Once
	err    error
	schema func() ([]table, error)

	follow string // the package whose values are followed even if it cannot reach a database; for tests
}

// load validates the options when the first package is looked at.
func (c *config) load() error {
	c.once.Do(func() {
		if c.err = c.validate(); c.err != nil {
			return
		}
		c.schema = sync.OnceValues(c.readSchema)
	})
	return c.err
}

var errNoUnit = errors.New("the driver did not run sigravetfacts, which sigravet requires")
