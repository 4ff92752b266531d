package orgfilter

import "fmt"

// Plan is a statement that has been rewritten and proven, ready to be used
// with any arguments and any organization.
type Plan struct {
	Text     string  // SQL to send; the organization is parameter Org
	Org      int     // number of the organization's parameter: one past the caller's last
	Checks   []Check // what must hold of the caller's arguments, in order of appearance
	Repeated []int   // parameters that the caller's text names more than once
	Params   int     // highest parameter number of the caller's text
	Used     int     // how many different parameters the caller's text names
	Lowest   int     // lowest parameter number of the caller's text, 0 without any
	// Bound tells that Text has the organization's parameter. An INSERT whose
	// rows bring the organization along has not.
	Bound bool
}

// Check is a demand on one argument, or on a constant in the text: that it is
// the organization.
type Check struct {
	Param  int    // n of $n; 0 when Const holds the value
	Const  string // the constant without its quotes, for Param 0
	Table  string
	Column string
	Offset int  // in the caller's text
	Stamp  bool // an insert: nil or the zero id is replaced by the organization
	Moved  bool // an update: anything but the organization moves the row
}

// Problem classifies why a statement is refused.
type Problem uint8

const (
	Unreadable Problem = iota + 1 // not understood, or a form that is not supported
	Undeclared                    // a relation that the catalog does not know
	NotOwned                      // no org-owned table in the whole statement
	MovesRow                      // assigns the ownership column
	TooLarge                      // over a limit of the reader
	ForeignRow                    // inserts a row whose organization cannot be the scope's
	Failed                        // the filter is at fault, and Cause says how
)

// Error is a refusal. Offset is a byte in the caller's text, from 0; a fault has
// no place there.
type Error struct {
	Problem Problem
	Table   string
	Column  string
	Offset  int
	Reason  string
	Cause   error // of Failed; nil for everything else
}

func (e *Error) Error() string { return e.Reason }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// refuse ends a rewrite; Rewrite recovers it.
func refuse(problem Problem, offset int, format string, args ...any) {
	panic(&Error{Problem: problem, Offset: offset, Reason: fmt.Sprintf(format, args...)})
}

// refuseTable is refuse for what concerns one table.
func refuseTable(problem Problem, t Table, offset int, format string, args ...any) {
	panic(&Error{Problem: problem, Table: t.Name, Column: t.Column, Offset: offset, Reason: fmt.Sprintf(format, args...)})
}
