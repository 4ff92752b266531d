package pgsql

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Options of Read. Zero limits mean the defaults.
type Options struct {
	// Loose accepts the placeholders of Go libraries too: ?, @name and :name.
	Loose bool

	MaxBytes     int // length of the text
	MaxDepth     int // nesting of statements and expressions
	MaxRelations int // relation references
}

// Default limits. A text over a limit is refused before any work that grows
// with more than its length.
const (
	DefaultMaxBytes     = 1 << 20
	DefaultMaxDepth     = 200
	DefaultMaxRelations = 500
)

// faultPrefix begins the message for a fault of the reader itself.
const faultPrefix = "cannot read statement: "

// ErrLimit is wrapped by the error for a text that exceeds a limit.
var ErrLimit = errors.New("statement exceeds a limit of the reader")

// LimitError tells which limit a text exceeds.
type LimitError struct {
	Offset int
	What   string
	Max    int
}

const nestingLevels = "levels of nesting"

func (e *LimitError) Error() string {
	return fmt.Sprintf("statement has more than %d %s at byte %d", e.Max, e.What, e.Offset)
}

func (e *LimitError) Unwrap() error { return ErrLimit }

// Read reads one statement. The error is a *SyntaxError or a *LimitError.
func Read(text string, o Options) (tree *Tree, err error) {
	o = o.withDefaults()
	if len(text) > o.MaxBytes {
		return nil, &LimitError{Offset: o.MaxBytes, What: "bytes", Max: o.MaxBytes}
	}
	p := parsers.Get().(*parser)
	tree, err = p.read(text, o)
	if err != nil {
		p.free()
		return nil, err
	}
	return tree, nil
}

// read is Read within limits that all have a value. p is new or has forgotten.
func (p *parser) read(text string, o Options) (tree *Tree, err error) {
	// A bracket is a level at least, so text that is nested too deeply is
	// refused while it is cut into tokens.
	p.text, p.loose, p.opts, p.most = text, o.Loose, o, o.MaxDepth
	defer func() {
		switch e := recover().(type) {
		case nil:
			return
		case *SyntaxError:
			err = e
		case *LimitError:
			err = e
		default:
			// A fault of the reader must not take the application down,
			// and must not let the text through.
			err = &SyntaxError{Offset: p.offset(), Msg: faultPrefix + fmt.Sprint(e)}
		}
		tree = nil
	}()
	p.scan()
	p.tree = &p.kept
	p.tree.Text, p.tree.Escapes, p.tree.Apart, p.tree.parser = text, p.escapes, p.apart, p
	p.tree.Root = p.top()
	if p.ctes {
		p.resolve(p.tree.Root, nil)
	}
	return p.tree, nil
}

func (o Options) withDefaults() Options {
	if o.MaxBytes == 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MaxDepth == 0 {
		o.MaxDepth = DefaultMaxDepth
	}
	if o.MaxRelations == 0 {
		o.MaxRelations = DefaultMaxRelations
	}
	// Offsets of tokens are 32 bits wide.
	o.MaxBytes = min(o.MaxBytes, math.MaxInt32-1)
	return o
}

// parser is a recursive descent over the tokens, rule by rule as in gram.y.
type parser struct {
	lexer
	cursor
	opts  Options
	tree  *Tree
	block *Statement // the statement whose expressions are being read
	depth int

	marks    int  // ? placeholders so far
	work     work // of all expressions so far
	defaults bool // DEFAULT may stand in the row being read
	ctes     bool // there is a WITH

	kept Tree // what tree points to

	// A tree is many small things, most of them of these types.
	statements slab[Statement]
	items      slab[FromItem]
	joins      slab[Join]
	relations  slab[Relation]
	exprs      slab[Expr]

	outputLists     lists[Output]
	itemLists       lists[*FromItem]
	exprLists       lists[*Expr]
	rowLists        lists[Row]
	columnLists     lists[ColumnName]
	assignmentLists lists[Assignment]
	statementLists  lists[*Statement]
}

// cursor is where a parser is among the tokens, with what is asked most of the
// current one.
type cursor struct {
	i     int
	kind  tokenKind
	key   keyword
	start int32
	last  int32 // where the token in front of the current one ends
}

// scan cuts the text into tokens and goes to the first one.
func (p *parser) scan() {
	p.lexer.run()
	p.seek(0)
}

// seek goes to token i.
func (p *parser) seek(i int) {
	t := &p.tokens[i]
	p.i, p.kind, p.key, p.start = i, t.kind, t.key, t.start
	if i > 0 {
		p.last = p.tokens[i-1].end
	}
}

// advance goes to the next token. It is called in so many places that the code
// around it stays faster when it is small.
//
//go:noinline
func (p *parser) advance() {
	from := p.tokens[p.i:]
	t := &from[1]
	p.i++
	p.kind, p.key, p.start, p.last = t.kind, t.key, t.start, from[0].end
}

func (p *parser) tok() *token { return &p.tokens[p.i] }

func (p *parser) ahead(n int) *token {
	if p.i+n < len(p.tokens) {
		return &p.tokens[p.i+n]
	}
	return &p.tokens[len(p.tokens)-1]
}

// offset is where the current token begins.
func (p *parser) offset() int { return int(p.start) }

// lastEnd is the end of the token before the current one.
func (p *parser) lastEnd() int { return int(p.last) }

func (p *parser) spanFrom(start int) Span { return Span{start, p.lastEnd()} }

func (p *parser) at(k tokenKind) bool { return p.kind == k }

func (p *parser) atKey(k keyword) bool { return p.key == k }

func (p *parser) atKeys(keys ...keyword) bool {
	for n, k := range keys {
		if p.ahead(n).key != k {
			return false
		}
	}
	return true
}

func (p *parser) accept(k tokenKind) bool {
	if p.at(k) {
		p.advance()
		return true
	}
	return false
}

// acceptKeys passes all of the key words or none.
func (p *parser) acceptKeys(keys ...keyword) bool {
	if !p.atKeys(keys...) {
		return false
	}
	p.seek(p.i + len(keys))
	return true
}

func (p *parser) acceptKey(k keyword) bool {
	if p.key == k {
		p.advance()
		return true
	}
	return false
}

func (p *parser) acceptOneOf(keys ...keyword) bool {
	for _, k := range keys {
		if p.acceptKey(k) {
			return true
		}
	}
	return false
}

func (p *parser) expect(k tokenKind, what string) {
	if !p.accept(k) {
		p.unexpected(what)
	}
}

func (p *parser) expectKey(k keyword) {
	if !p.acceptKey(k) {
		p.unexpected(strings.ToUpper(words[k].text))
	}
}

func (p *parser) unexpected(want string) {
	t := p.tok()
	if t.kind == tokEOF {
		fail(int(t.start), "statement ends where %s is expected", want)
	}
	fail(int(t.start), "unexpected %q where %s is expected", p.text[t.start:t.end], want)
}

func (p *parser) enter() {
	p.depth++
	if p.depth > p.opts.MaxDepth {
		p.tooDeep()
	}
}

func (p *parser) tooDeep() {
	panic(&LimitError{Offset: p.offset(), What: nestingLevels, Max: p.opts.MaxDepth})
}

func (p *parser) leave() { p.depth-- }

// commaList reads one or more items.
func (p *parser) commaList(item func()) {
	for item(); p.accept(tokComma); {
		item()
	}
}

// brackets reads ( … ).
func (p *parser) brackets(inner func()) {
	p.expect(tokOpen, "(")
	inner()
	p.expect(tokClose, ")")
}

func (p *parser) newExpr(kind ExprKind, start int) *Expr {
	e := p.exprs.new()
	e.Kind, e.Span = kind, Span{start, p.lastEnd()}
	return e
}

func (p *parser) newRelation() *Relation {
	if len(p.tree.Relations) >= p.opts.MaxRelations {
		panic(&LimitError{Offset: p.offset(), What: "relations", Max: p.opts.MaxRelations})
	}
	r := p.relations.new()
	r.Index = len(p.tree.Relations)
	p.tree.Relations = append(p.tree.Relations, r)
	return r
}

// top reads the whole text: one statement, perhaps behind EXPLAIN, perhaps
// with a semicolon after it.
func (p *parser) top() *Statement {
	if p.acceptKey(kExplain) {
		p.tree.Explain = true
		p.explainOptions()
	}
	s := p.statement()
	for p.accept(tokSemicolon) {
		if !p.at(tokSemicolon) && !p.at(tokEOF) {
			fail(p.offset(), "second statement; send one statement at a time")
		}
	}
	if !p.at(tokEOF) {
		p.unexpected("the end of the statement")
	}
	return s
}

func (p *parser) explainOptions() {
	if p.at(tokOpen) && !p.isQuery(p.i) {
		p.brackets(func() {
			p.commaList(func() {
				p.explainOption()
			})
		})
		return
	}
	if !p.acceptKey(kAnalyze) {
		p.acceptKey(kAnalyse)
	}
	p.acceptKey(kVerbose)
}

// explainOption reads a name and perhaps a word, a string or a number.
func (p *parser) explainOption() {
	if words[p.key].class == reserved && !p.atKey(kAnalyze) && !p.atKey(kAnalyse) {
		p.unexpected("an option of EXPLAIN")
	}
	if !p.acceptKey(kFormat) {
		p.colLabel()
	}
	switch t := p.tok(); t.kind {
	case tokString, tokInt, tokFloat, tokQuoted:
		p.advance()
	case tokIdent:
		if words[t.key].class == reserved && t.key != kTrue && t.key != kFalse && t.key != kOn {
			p.unexpected("the value of an option")
		}
		p.advance()
	}
}
