// Package corpustest judges sigravet by code that was written without it.
//
// The modules below testdata/corpus are applications as teams write them, half
// of them careful and half of them hurried. Comments say what sigravet owes:
//
//	// want CATEGORY     a finding of this category on this line
//	// want A|B          a finding of either category
//	// want+1 CATEGORY   on the next line, where the line is a directive
//	// may CATEGORY      the wanted finding of the same function may stand here
//	// ok                a statement that is right: no finding
//	// open              the contract leaves it open: not counted
//
// A line is that of the whole statement when a call takes several. The unit of
// counting is the function, or the type or variable where the comment stands at
// one. A function with a want is a leak, and is found when one of its wanted
// findings is there; one with an ok and no want is right. Lines without a
// comment must have no finding.
package corpustest
