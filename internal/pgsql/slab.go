package pgsql

import "sync"

// slab hands out zero values side by side. What does not fit goes to a new,
// larger piece; the last piece is used again. It may keep alive what its values
// pointed to until they are handed out again.
type slab[T any] struct{ piece []T }

func (s *slab[T]) new() *T {
	n := len(s.piece)
	if n == cap(s.piece) {
		s.piece, n = make([]T, 0, max(4, 2*n)), 0
	}
	s.piece = s.piece[:n+1]
	item := &s.piece[n]
	*item = *new(T)
	return item
}

// copy hands out a copy of items.
func (s *slab[T]) copy(items []T) []T {
	if len(items) == 0 {
		return nil
	}
	if cap(s.piece)-len(s.piece) < len(items) {
		s.piece = make([]T, 0, max(8, 2*cap(s.piece), len(items)))
	}
	at := len(s.piece)
	s.piece = append(s.piece, items...)
	return s.piece[at:len(s.piece):len(s.piece)]
}

// reset makes room again.
func (s *slab[T]) reset() { s.piece = s.piece[:0] }

// lists cuts finished lists from one store. A list is open while its items are
// read; one that is opened later is closed earlier, as brackets are.
type lists[T any] struct {
	items []T // of the open lists
	store slab[T]
}

// open begins a list; what it gives is for close.
func (l *lists[T]) open() int { return len(l.items) }

func (l *lists[T]) add(item T) { l.items = append(l.items, item) }

// close gives the list that began at from; there is no room behind it. An empty
// list is nil.
func (l *lists[T]) close(from int) []T {
	list := l.store.copy(l.items[from:])
	l.items = l.items[:from]
	return list
}

func (l *lists[T]) reset() {
	l.items = l.items[:0]
	l.store.reset()
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
	p.forget()
	parsers.Put(p)
}

// forget makes p as good as new, but for the memory that it has.
func (p *parser) forget() {
	p.statements.reset()
	p.items.reset()
	p.joins.reset()
	p.relations.reset()
	p.exprs.reset()
	p.outputLists.reset()
	p.itemLists.reset()
	p.exprLists.reset()
	p.rowLists.reset()
	p.columnLists.reset()
	p.assignmentLists.reset()
	p.statementLists.reset()
	p.kept.reset()
	p.tree, p.block = nil, nil
	p.cursor, p.depth, p.marks, p.defaults, p.ctes, p.work = cursor{}, 0, 0, false, false, work{}
	p.text, p.pos, p.most, p.escapes, p.decoded, p.apart = "", 0, 0, nil, nil, nil
	p.tokens, p.open = p.tokens[:0], p.open[:0]
}

// reset keeps the lists to be filled again.
func (t *Tree) reset() {
	t.Relations, t.Params, t.Calls = t.Relations[:0], t.Params[:0], t.Calls[:0]
	t.computed, t.derived, t.fixed, t.failing = t.computed[:0], t.derived[:0], t.fixed[:0], t.failing[:0]
	t.Text, t.Root, t.Explain, t.Effortless, t.holders, t.Escapes, t.Apart = "", nil, false, false, false, nil, nil
}
