package pgsql

import "sync"

// slab hands out zero values side by side. What does not fit goes to a new,
// larger piece; the last piece is used again.
type slab[T any] struct{ piece []T }

func (s *slab[T]) new() *T {
	if len(s.piece) == cap(s.piece) {
		s.piece = make([]T, 0, max(4, 2*cap(s.piece)))
	}
	s.piece = s.piece[:len(s.piece)+1]
	return &s.piece[len(s.piece)-1]
}

func (s *slab[T]) reset() {
	clear(s.piece)
	s.piece = s.piece[:0]
}

var parsers = sync.Pool{New: func() any { return new(parser) }}

// keepTokens bounds what a parser holds on to between statements.
const keepTokens = 4096

// Free lets the memory of the tree be used for another one. Nothing of the
// tree may be looked at afterwards; strings that were taken from it stay. A
// tree that is not freed is garbage like any other.
func (t *Tree) Free() { t.parser.free() }

func (p *parser) free() {
	if cap(p.tokens) > keepTokens {
		return
	}
	p.statements.reset()
	p.items.reset()
	p.joins.reset()
	p.relations.reset()
	p.exprs.reset()
	p.kept.reset()
	p.tree, p.block = nil, nil
	p.i, p.depth, p.marks, p.defaults, p.work = 0, 0, 0, false, work{}
	p.text, p.pos, p.escapes, p.bare = "", 0, nil, nil
	p.tokens, p.open = p.tokens[:0], p.open[:0]
	parsers.Put(p)
}

// reset keeps the lists to be filled again.
func (t *Tree) reset() {
	clear(t.Relations)
	clear(t.Params)
	clear(t.Calls)
	t.Relations, t.Params, t.Calls = t.Relations[:0], t.Params[:0], t.Calls[:0]
	t.Text, t.Root, t.Explain, t.Escapes = "", nil, false, nil
}
