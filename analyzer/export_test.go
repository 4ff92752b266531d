package analyzer

import "golang.org/x/tools/go/analysis"

// NewFollowing returns an analyzer that follows the values of a package even if
// it cannot reach a database.
func NewFollowing(path string) *analysis.Analyzer { return newAnalyzer(&config{follow: path}) }
