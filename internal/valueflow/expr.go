package valueflow

import (
	"bytes"
	"crypto/sha256"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Kind says what an expression stands for.
type Kind uint8

const (
	Text      Kind = iota + 1 // constant text
	Hole                      // text that cannot be known; Text says why
	Number                    // the digits of an integer, or another literal without SQL in it; of a placeholder, Sub holds the Origins of its value
	Param                     // component Path of parameter Index
	Concat                    // the texts Sub, one after the other
	List                      // a slice of the elements Sub
	Call                      // operation Text on Sub, waiting for parameters to be known
	Scoped                    // text that a *query.Scoped rendered
	Edited                    // such text after it was changed; Text says how
	Statement                 // a *query.Scoped
	Bypass                    // a *query.Bypass, or a query.Statement, which is scoped or audited
	Arg                       // an argument of another type; Text is its Class
	Builder                   // a go-sqlbuilder builder with the calls Sub made on it
	Event                     // one such call: method Text with arguments Sub
	Built                     // the text that builder Sub[0] renders
	Origin                    // one source of a value: see Source; Text says more
	Origins                   // all sources of a value, Sub
	concrete                  // the dynamic type typ of an interface
	never                     // what cannot be: it is left out of every Set
)

// Classes of arguments, in the Text of an Arg.
const (
	Plain    = ""         // a value for a placeholder
	Rewriter = "rewriter" // it changes the statement: pgx.NamedArgs and relatives
	Option   = "option"   // it changes how the statement is sent
)

// Expr is one text, slice or builder that a value can be. It is immutable.
type Expr struct {
	Kind  Kind
	Text  string
	Index int
	Path  string
	Sub   []*Expr
	Maybe bool // of an Event: not on every path

	fn                *ssa.Function   // whose Param it is; nil in a fact
	typ               types.Type      // of a concrete
	val               ssa.Value       // of a concrete: what is in the interface, if that is known
	at                ssa.Instruction // where val is looked at
	pos               token.Pos       // where a Hole or Edited arises
	key               string          // a digest, by which equal expressions are recognised
	parts             int             // expressions in it, itself included
	bytes             int             // of the texts in it
	isOpen, isPending bool
}

// Pos is where an unknown or edited text arises; it may be no position.
func (e *Expr) Pos() token.Pos { return e.pos }

// Func is the function that a Param belongs to; nil in a fact.
func (e *Expr) Func() *ssa.Function { return e.fn }

var (
	empty      = text("")
	scopedText = finish(&Expr{Kind: Scoped})
	statement  = finish(&Expr{Kind: Statement})
	bypass     = finish(&Expr{Kind: Bypass})
	number     = finish(&Expr{Kind: Number})
	impossible = finish(&Expr{Kind: never})
)

func text(s string) *Expr { return finish(&Expr{Kind: Text, Text: s}) }

func hole(why string, pos token.Pos) *Expr {
	return finish(&Expr{Kind: Hole, Text: why, pos: pos})
}

// literal is a Number that is made by something that has a name.
func literal(of string) *Expr { return finish(&Expr{Kind: Number, Text: of}) }

func edited(how string, pos token.Pos) *Expr {
	return finish(&Expr{Kind: Edited, Text: how, pos: pos})
}

func param(fn *ssa.Function, index int, path string) *Expr {
	return finish(&Expr{Kind: Param, Index: index, Path: path, fn: fn})
}

func list(elems ...*Expr) *Expr {
	if anyNever(elems) {
		return impossible
	}
	return finish(&Expr{Kind: List, Sub: elems})
}

func anyNever(elems []*Expr) bool {
	return slices.ContainsFunc(elems, func(e *Expr) bool { return e.Kind == never })
}

func argument(class string) *Expr { return finish(&Expr{Kind: Arg, Text: class}) }

func builder(events ...*Expr) *Expr { return finish(&Expr{Kind: Builder, Sub: events}) }

func event(method string, maybe bool, args ...*Expr) *Expr {
	return finish(&Expr{Kind: Event, Text: method, Sub: args, Maybe: maybe})
}

// concat puts texts together. Text that was scoped and then extended is not
// scoped any more.
func concat(pos token.Pos, parts ...*Expr) *Expr {
	if anyNever(parts) {
		return impossible
	}
	var flat []*Expr
	for _, p := range parts {
		switch {
		case p.Kind == Concat:
			flat = append(flat, p.Sub...)
		case p.Kind == Text && p.Text == "":
		default:
			flat = append(flat, p)
		}
	}
	switch len(flat) {
	case 0:
		return empty
	case 1:
		return flat[0]
	}
	for _, p := range flat {
		switch p.Kind {
		case Edited:
			return p
		case Scoped:
			return edited("is extended", pos)
		}
	}
	return finish(&Expr{Kind: Concat, Sub: flat})
}

// built is what a builder renders.
func built(b *Expr) *Expr {
	switch b.Kind {
	case Statement:
		return scopedText
	case Hole, Text, Concat, Number, Edited, Scoped:
		return b
	}
	return finish(&Expr{Kind: Built, Sub: []*Expr{b}})
}

// maxParts bounds what an expression is put together from. Real statements
// have a few dozen parts; a program that generates SQL has no end of them, and
// then the text is not known.
const maxParts = 160

const tooManyParts = "a text of too many parts"

// finish computes the key of an expression. Spelled out, the keys of a large
// expression's parts would take the square of its size.
func finish(e *Expr) *Expr {
	e.parts, e.bytes = 1, len(e.Text)+len(e.Path)
	e.isOpen = e.Kind == Param && !strings.HasSuffix(e.Path, originPath) && !strings.HasSuffix(e.Path, valuePath)
	e.isPending = e.Kind == Call && waits(e.Text)
	for i, s := range e.Sub {
		if e.Kind != Concat || i == 0 || s.Kind != Text || e.Sub[i-1].Kind != Text {
			e.parts += s.parts // a text that was cut into pieces is one part
		}
		e.bytes += s.bytes
		e.isOpen = e.isOpen || s.isOpen
		e.isPending = e.isPending || s.isPending
	}
	if e.parts > maxParts {
		return hole(tooManyParts, e.pos)
	}
	var b bytes.Buffer
	e.writeKey(&b)
	sum := sha256.Sum256(b.Bytes())
	e.key = string(sum[:16])
	return e
}

func (e *Expr) writeKey(b *bytes.Buffer) {
	b.WriteByte('a' + byte(e.Kind))
	switch e.Kind {
	case Concat:
		// Where constant text was cut into pieces does not matter.
		var run strings.Builder
		flush := func() {
			if run.Len() > 0 {
				b.WriteString(strconv.Quote(run.String()))
				run.Reset()
			}
		}
		for _, s := range e.Sub {
			if s.Kind == Text {
				run.WriteString(s.Text)
				continue
			}
			flush()
			b.WriteString(s.key)
		}
		flush()
	case Param:
		if e.fn != nil {
			b.WriteString(strconv.Quote(e.fn.String()))
			b.WriteString(strconv.Itoa(int(e.fn.Pos())))
		}
		b.WriteString(strconv.Itoa(e.Index))
		b.WriteString(e.Path)
	default:
		if e.Text != "" {
			b.WriteString(strconv.Quote(e.Text))
		}
		if e.Kind == Origin {
			b.WriteString(strconv.Itoa(e.Index))
		}
		if e.Maybe {
			b.WriteByte('?')
		}
		if e.Sub != nil {
			b.WriteByte('(')
			for _, s := range e.Sub {
				b.WriteString(s.key)
				b.WriteByte(',')
			}
			b.WriteByte(')')
		}
	}
	b.WriteByte(';')
}

// size is a measure of how much an expression holds.
func (e *Expr) size() int { return e.bytes + 4*e.parts }

// open tells whether the text of the expression depends on parameters. Where
// its values come from is another question.
func (e *Expr) open() bool { return e.isOpen }

// pending tells whether e waits for the result of a method.
func (e *Expr) pending() bool { return e.isPending }

// walk calls f for e and everything in it, outermost first.
func (e *Expr) walk(f func(*Expr)) {
	f(e)
	for _, s := range e.Sub {
		s.walk(f)
	}
}

// Has tells whether e or something in it is of kind k.
func (e *Expr) Has(k Kind) bool {
	found := false
	e.walk(func(x *Expr) { found = found || x.Kind == k })
	return found
}

// String shows an expression, for facts and for the eyes of a developer.
func (e *Expr) String() string {
	switch e.Kind {
	case Text:
		return strconv.Quote(e.Text)
	case Hole:
		return "?"
	case Number:
		return "#"
	case Param:
		return "$" + strconv.Itoa(e.Index) + e.Path
	case Scoped:
		return "scoped"
	case Edited:
		return "edited"
	case Statement:
		return "*Scoped"
	case Bypass:
		return "*Bypass"
	case Arg:
		return "_" + e.Text
	case Origin:
		return [...]string{"", "request", "row", "user", "own", "shared", "named"}[e.Index] + "(" + e.Text + ")"
	}
	var parts []string
	for _, s := range e.Sub {
		parts = append(parts, s.String())
	}
	switch e.Kind {
	case Concat:
		return strings.Join(parts, "+")
	case List, Origins:
		return "[" + strings.Join(parts, " ") + "]"
	case Builder:
		return "builder{" + strings.Join(parts, " ") + "}"
	case Built:
		return parts[0] + ".Build"
	}
	name := e.Text
	if e.Maybe {
		name += "?"
	}
	return name + "(" + strings.Join(parts, ", ") + ")"
}
