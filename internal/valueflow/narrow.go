package valueflow

import (
	"slices"
	"strings"
	"unicode"
)

// A statement that a program puts together from optional conditions has more
// forms than can be looked at, and most of them are alike: which rows they are
// of is decided by few.

// widest leaves out, of what a builder can be, what says no more than another
// one of the set: that has the same calls but for conditions on other columns
// than the owner's, or fewer conditions. What holds for the rows of the wider
// one holds for fewer rows too.
func (f *Flow) widest(s Set) Set {
	if len(s) < 2 {
		return s
	}
	var out Set
	seen := map[string]bool{}
	for _, e := range s {
		if slices.ContainsFunc(s, func(wide *Expr) bool { return narrows(wide, e) }) {
			continue
		}
		if k := f.gist(e); !seen[k] {
			seen[k] = true
			out = append(out, e)
		}
	}
	return out
}

// gist is the key of a builder without the conditions that do not matter.
func (f *Flow) gist(e *Expr) string {
	if e.Kind != Builder {
		return e.key
	}
	var k strings.Builder
	for _, c := range e.Sub {
		if !isCondition(c) || !f.minor(c) {
			k.WriteString(c.key)
		}
	}
	return k.String()
}

// telling is the alternatives of a condition, of those that do not matter only
// the first.
func (f *Flow) telling(conditions Set) Set {
	var out Set
	had := false
	for _, e := range conditions {
		minor := f.minor(e)
		if !minor || !had {
			out = append(out, e)
		}
		had = had || minor
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
		if !isCondition(c) {
			return true
		}
		_, plain := spelledOut(c)
		return !plain
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

func isCondition(e *Expr) bool {
	return e.Kind == Event && (e.Text == "Where" || e.Text == "Having")
}

// minor tells whether a condition is known, reads no table, and is not about
// the column of an owner.
func (f *Flow) minor(condition *Expr) bool {
	words, plain := spelledOut(condition)
	if !plain || strings.Contains(words, openColumn) {
		return false
	}
	return !slices.ContainsFunc(strings.FieldsFunc(words, func(c rune) bool {
		return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}), f.facts.Owns)
}

// openColumn stands for a column that a parameter chooses.
const openColumn = "\x00"

// spelledOut is the text of a condition; plain is false when it is not known,
// or reads a table.
func spelledOut(condition *Expr) (words string, plain bool) {
	var b strings.Builder
	plain = true
	var write func(e *Expr)
	write = func(e *Expr) {
		switch e.Kind {
		case Text:
			b.WriteString(e.Text)
		case Concat, List, Event:
			for _, s := range e.Sub {
				write(s)
			}
			if e.Kind == List {
				b.WriteByte(' ')
			}
		case Number:
		case Call:
			plain = plain && e.Text == "column"
			b.WriteString(openColumn)
		default:
			plain = false
		}
	}
	write(condition)
	return b.String(), plain && !strings.Contains(strings.ToLower(b.String()), "select")
}
