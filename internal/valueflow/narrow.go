package valueflow

import (
	"slices"
	"strings"
)

// widest leaves out, of what a builder can be, what is another one of the set
// with conditions added to it: what holds for the rows of the wider one holds
// for fewer rows too. Without that, a loop that adds one of seven conditions in
// each round would make hundreds of statements.
func widest(s Set) Set {
	if len(s) < 2 {
		return s
	}
	var out Set
	for _, e := range s {
		if !slices.ContainsFunc(s, func(wide *Expr) bool { return narrows(wide, e) }) {
			out = append(out, e)
		}
	}
	return out
}

// narrows tells whether e is wide with nothing but conditions added.
func narrows(wide, e *Expr) bool {
	from, to := callsOn(wide), callsOn(e)
	if len(from) == 0 || len(from) >= len(to) {
		return false
	}
	for i, c := range from {
		if c.key != to[i].key {
			return false
		}
	}
	return !slices.ContainsFunc(to[len(from):], func(c *Expr) bool {
		return c.Kind != Event || c.Text != "Where" && c.Text != "Having" || !isPlain(c)
	})
}

// callsOn is the calls on a builder, after what they were made on.
func callsOn(e *Expr) []*Expr {
	switch e.Kind {
	case Builder:
		return e.Sub
	case Param:
		return []*Expr{e}
	}
	return nil
}

// isPlain tells whether a condition is known and reads no table.
func isPlain(condition *Expr) bool {
	plain := true
	condition.walk(func(x *Expr) {
		switch x.Kind {
		case Concat, List, Event, Number, Origin, Origins:
		case Text:
			plain = plain && !strings.Contains(strings.ToLower(x.Text), "select")
		case Param:
			plain = plain && strings.HasSuffix(x.Path, originPath)
		default:
			plain = false
		}
	})
	return plain
}
