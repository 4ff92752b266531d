package valueflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// query is one question: what can this be?
type query struct {
	kind queryKind
	v    ssa.Value       // the value; nil for askResult
	at   ssa.Instruction // where it is looked at, if that matters
	fn   *ssa.Function   // of askResult
	n    int             // index of a result or parameter
	path string          // the component in question
	as   mode

	field *types.Var // of askField
	later bool       // of askField: only what is stored after an object is made
}

// mode is what a value is wanted for.
type mode uint8

const (
	asText     mode = iota // its text
	asArgument             // its class among the arguments of a statement
	asType                 // the dynamic types that it, an interface, can have
	asOrigin               // where it comes from, as one Origins
	asValue                // its elements' origins, for the arguments of a statement
)

type queryKind uint8

const (
	askValue   queryKind = iota + 1 // component path of v
	askBefore                       // component path of memory v in front of instruction at
	askResult                       // component path of result n of fn
	askBuilder                      // builder v as it is in front of at
	askAfter                        // component path of what parameter n of fn points to, when fn returns
	askCallers                      // what the package's callers pass for parameter n of fn
	askField                        // what the package stores in component path of a field
)

// answer is the state of one query.
type answer struct {
	set   Set
	done  bool
	depth int // place on the stack; 0 when not on it
	low   int // lowest place on the stack that it depends on
	round int // the round in which it was computed last
	limit int // longest expression it may still hold; 0 for no limit
	head  bool
}

// growth is the number of rounds in which a loop may make texts longer, and
// rounds the number after which an answer is taken as it stands. The second
// is out of reach of real code: without growth there are finitely many
// expressions.
const (
	growth = 3
	rounds = 24
)

// solver answers queries by evaluating them once each, and those that depend
// on themselves, round by round, to a fixed point over their strongly
// connected component.
type solver struct {
	eval    func(query) Set
	answers map[query]*answer
	stack   []*answer
	waiting []*answer // left the stack, but their component is not finished
	round   int       // the current round
	last    int       // the number of rounds begun so far
	changed bool
	fuel    int // parts of answers left; an absurd program gets holes, not hours
	reserve int // what the current question has to leave of them
}

// A question may use a quarter of the fuel that is left, so that one absurd
// function does not make others unknown, and always as much as leastFuel.
const (
	allFuel   = 1_000_000
	leastFuel = 1_000
)

func (s *solver) ask(q query) Set {
	a := s.answers[q]
	switch {
	case a == nil:
		a = &answer{}
		s.answers[q] = a
	case a.done:
		return a.set
	case a.depth > 0:
		a.head = true
		s.dependsOn(a.depth)
		return a.set
	case a.round == s.round:
		s.dependsOn(a.low)
		return a.set
	}
	if len(s.stack) == 0 {
		s.reserve = s.fuel - max(s.fuel/4, leastFuel)
	}
	if s.fuel--; s.fuel < s.reserve {
		return one(hole("the program is too large to follow", 0))
	}

	first := len(s.waiting)
	s.evaluate(a, q)
	if a.low < len(s.stack)+1 {
		s.waiting = append(s.waiting, a)
		s.dependsOn(a.low)
		return a.set
	}
	// Have: a is the root of its component, all of which waits above first.
	if a.head {
		outer := s.round
		for n := 1; n <= rounds; n++ {
			s.last++
			s.round = s.last
			s.changed = false
			if n == growth {
				s.freeze(a, first)
			}
			s.evaluate(a, q)
			if a.low < len(s.stack)+1 {
				// It turned out to be part of a larger component.
				s.round = outer
				a.round = outer
				s.waiting = append(s.waiting, a)
				s.dependsOn(a.low)
				s.changed = true
				return a.set
			}
			if !s.changed {
				break
			}
		}
		s.round = outer
	}
	for _, w := range s.waiting[first:] {
		w.done = true
	}
	s.waiting = s.waiting[:first]
	a.done = true
	return a.set
}

func (s *solver) evaluate(a *answer, q query) {
	s.stack = append(s.stack, a)
	a.depth = len(s.stack)
	a.low = a.depth
	a.round = s.round
	set := a.within(s.eval(q))
	s.spend(set)
	if !set.equal(a.set) {
		a.set = set
		s.changed = true
	}
	s.stack = s.stack[:len(s.stack)-1]
	a.depth = 0
}

// spend takes the cost of a set from the fuel.
func (s *solver) spend(set Set) {
	for _, e := range set {
		s.fuel -= e.parts
	}
}

// dependsOn notes that what is being evaluated needs the answer at depth.
func (s *solver) dependsOn(depth int) {
	if n := len(s.stack); n > 0 {
		s.stack[n-1].low = min(s.stack[n-1].low, depth)
	}
}

// freeze stops the answers of a component from growing longer texts.
func (s *solver) freeze(root *answer, first int) {
	for _, a := range append(s.waiting[first:len(s.waiting):len(s.waiting)], root) {
		a.limit = 1
		for _, e := range a.set {
			a.limit = max(a.limit, e.size())
		}
	}
}

// within drops what is longer than the limit, unless nothing would be left.
func (a *answer) within(set Set) Set {
	if a.limit == 0 {
		return set
	}
	var out Set
	for _, e := range set {
		if e.size() <= a.limit || e.Kind == Origins {
			out = append(out, e)
		}
	}
	if out == nil {
		return a.set
	}
	return out
}
