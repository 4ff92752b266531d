package valueflow

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Beside the text of a statement it matters where the organization comes from
// that is bound to it. That question is asked like the one about text, over
// the same memory and the same calls, in mode asOrigin. Its answer is always
// one expression, an Origins with what is known of the value's sources; empty
// where nothing speaks against the value.

// Source is what an Origin, in its Index, says of a value.
type Source int

const (
	Request Source = iota + 1 // it was sent with a request; Text says in which part
	Row                       // it was read from an org-owned table, Text, without a restriction
	User                      // it is the id of a user
	Own                       // it is the organization of a scope
	Shared                    // it is kept in package variable Text
	Named                     // it was read from an org-owned table, Text, by the row's id, in a statement that has a reason to see all rows
)

// Class is the Source of an Origin.
func (e *Expr) Class() Source { return Source(e.Index) }

// From is the first Origin of that class in e; nil when there is none.
func (e *Expr) From(class Source) *Expr {
	if e == nil {
		return nil
	}
	for _, o := range e.Sub {
		if o.Kind == Origin && o.Class() == class {
			return o
		}
	}
	return nil
}

// Says tells whether something in e is of that class.
func (e *Expr) Says(class Source) bool { return e.From(class) != nil }

// Params in these modes end their Path so, which says how a caller's argument
// is to be looked at.
const (
	originPath = "!"
	valuePath  = "%"
)

func origin(class Source, what string) *Expr {
	return finish(&Expr{Kind: Origin, Index: int(class), Text: what})
}

// origins joins all sources that occur anywhere in parts.
func origins(parts ...*Expr) *Expr {
	var found []*Expr
	seen := map[string]bool{}
	for _, p := range parts {
		p.walk(func(x *Expr) {
			if x.Kind == Origin || x.Kind == Param && strings.HasSuffix(x.Path, originPath) {
				if !seen[x.key] {
					seen[x.key] = true
					found = append(found, x)
				}
			}
		})
	}
	return finish(&Expr{Kind: Origins, Sub: found})
}

// Origins is where v comes from, as at sees it.
func (f *Flow) Origins(v ssa.Value, at ssa.Instruction) *Expr { return f.OriginsOf(v, "", at) }

// OriginsOf is where component path of v comes from.
func (f *Flow) OriginsOf(v ssa.Value, path string, at ssa.Instruction) *Expr {
	return origins(f.component(query{as: asOrigin}, v, path, at)...)
}

// ResultOrigins is where component path of result n of fn comes from.
func (f *Flow) ResultOrigins(fn *ssa.Function, n int, path string) *Expr {
	return origins(f.solver.ask(query{kind: askResult, fn: fn, n: n, path: path, as: asOrigin})...)
}

// Traveling is e without what only holds nearby: that a row was read without
// a restriction speaks against code that goes on with it at once. Further away
// it may be the session, the job or the hook that all this is about.
func (e *Expr) Traveling() *Expr {
	var kept []*Expr
	for _, o := range e.Sub {
		if o.Kind != Origin || o.Class() != Row && o.Class() != Named {
			kept = append(kept, o)
		}
	}
	return finish(&Expr{Kind: Origins, Sub: kept})
}

// Single makes one expression of alternatives that do not exclude each other:
// all Origins together, or the longest list of values.
func Single(s Set) Set {
	if len(s) > 0 && s[0].Kind == Origins {
		return one(origins(s...))
	}
	if e := longest(s); e != nil {
		return one(e)
	}
	return nil
}

// FillOne is Fill for the expressions that have no alternatives.
func (f *Flow) FillOne(e *Expr, fn *ssa.Function, site Site) *Expr {
	s := f.fill(query{as: asValue}, Set{e}, fn, site)
	if e.Kind == Origins {
		return origins(s...)
	}
	return longest(s)
}
