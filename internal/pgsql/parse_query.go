package pgsql

// statement reads what may stand at the top, in a CTE, or behind EXPLAIN.
func (p *parser) statement() *Statement {
	if p.at(tokOpen) {
		return p.query()
	}
	p.enter()
	start := p.offset()
	with := p.with()
	var s *Statement
	switch p.key {
	case kInsert:
		s = p.insert()
	case kUpdate:
		s = p.update()
	case kDelete:
		s = p.delete()
	case kMerge:
		s = p.merge()
	default:
		s = p.queryAfter()
	}
	s.With, s.Span = with, p.spanFrom(start)
	p.leave()
	return s
}

// begin starts a statement, which then owns what the expressions hold. end
// gives that back to the outer one.
func (p *parser) begin(kind Kind) (s, outer *Statement) {
	s, outer = p.statements.new(), p.block
	s.Kind, s.Into = kind, -1
	p.block = s
	return s, outer
}

func (p *parser) end(outer *Statement) { p.block = outer }

func (p *parser) with() *With {
	start := p.offset()
	if !p.acceptKey(kWith) {
		return nil
	}
	w := &With{}
	p.ctes = true
	// A CTE may be called "recursive".
	if p.atKey(kRecursive) && p.ahead(1).key != kAs && p.ahead(1).kind != tokOpen {
		p.advance()
		w.Recursive = true
	}
	p.commaList(func() { w.CTEs = append(w.CTEs, p.cte()) })
	w.Span = p.spanFrom(start)
	return w
}

func (p *parser) cte() *CTE {
	c := &CTE{}
	start := p.offset()
	c.Name = p.colID()
	c.Span = p.spanFrom(start)
	if p.at(tokOpen) {
		c.Columns = p.nameList()
	}
	p.expectKey(kAs)
	if p.acceptKey(kNot) {
		p.expectKey(kMaterialized)
	} else {
		p.acceptKey(kMaterialized)
	}
	p.brackets(func() { c.Body = p.statement() })
	p.compute(c.Body, c.Columns != nil)
	if p.acceptKey(kSearch) {
		if !p.acceptOneOf(kDepth, kBreadth) {
			p.unexpected("DEPTH or BREADTH")
		}
		p.expectKey(kFirst)
		p.expectKey(kBy)
		p.commaList(func() { p.colID() })
		p.expectKey(kSet)
		p.colID()
	}
	if p.acceptKey(kCycle) {
		p.commaList(func() { p.colID() })
		p.expectKey(kSet)
		p.colID()
		if p.acceptKey(kTo) {
			p.constant()
			p.expectKey(kDefault)
			p.constant()
		}
		p.expectKey(kUsing)
		p.colID()
	}
	return c
}

// constant reads a literal, as gram.y's AexprConst.
func (p *parser) constant() {
	e := p.primary()
	if e.Kind != Literal && e.Kind != Null {
		fail(e.Start, "constant expected")
	}
}

// query reads a query with its WITH, ORDER BY and LIMIT. Brackets around the
// whole are the caller's.
func (p *parser) query() *Statement {
	p.enter()
	start := p.offset()
	with := p.with()
	s := p.queryAfter()
	s.With, s.Span = with, p.spanFrom(start)
	p.leave()
	return s
}

// queryAfter reads a query whose WITH has been read.
func (p *parser) queryAfter() *Statement {
	s, bracketed := p.setOperation(0)
	if bracketed {
		// What follows the brackets is not the inner query's.
		inner := s
		s = p.statements.new()
		s.Kind, s.Into, s.Arms = SetOperation, -1, p.arms(inner)
	}
	outer := p.block
	p.block = s
	p.tail(s)
	p.block = outer
	return s
}

// bracketedQuery reads ( query ), perhaps with more brackets around it.
func (p *parser) bracketedQuery() *Statement {
	var s *Statement
	p.brackets(func() { s = p.query() })
	return s
}

// isQuery tells whether the bracket at token i opens a query rather than an
// expression or a join: gram.y's select_with_parens.
func (p *parser) isQuery(i int) bool {
	for {
		t := &p.tokens[i+1]
		switch t.key {
		case kSelect, kWith, kTable:
			return true
		case kValues: // also the name of a column
			return p.tokens[i+2].kind == tokOpen
		}
		if t.kind != tokOpen {
			return false
		}
		after := &p.tokens[t.match+1]
		switch after.key {
		case kUnion, kIntersect, kExcept, kOrder, kLimit, kOffset, kFetch, kFor:
			return true
		}
		if after.kind != tokClose {
			return false
		}
		i++
	}
}

// setOperation reads arms joined by UNION, EXCEPT (binding 1) and INTERSECT
// (binding 2). bracketed tells that it is a single query in brackets.
func (p *parser) setOperation(binding int) (s *Statement, bracketed bool) {
	p.enter()
	start := p.offset()
	s, bracketed = p.arm()
	for {
		b := 0
		switch p.key {
		case kUnion, kExcept:
			b = 1
		case kIntersect:
			b = 2
		}
		if b <= binding {
			p.leave()
			return s, bracketed
		}
		p.advance()
		if !p.acceptKey(kAll) {
			p.acceptKey(kDistinct)
		}
		right, _ := p.setOperation(b)
		left := s
		s = p.statements.new()
		s.Kind, s.Into, s.Arms, s.Span = SetOperation, -1, p.arms(left, right), p.spanFrom(start)
		bracketed = false
	}
}

func (p *parser) arms(list ...*Statement) []*Statement { return p.statementLists.store.copy(list) }

func (p *parser) arm() (s *Statement, bracketed bool) {
	switch {
	case p.at(tokOpen):
		return p.bracketedQuery(), true
	case p.atKey(kSelect):
		return p.selectArm(), false
	case p.atKey(kValues):
		return p.values(), false
	case p.atKey(kTable):
		return p.table(), false
	}
	p.unexpected("a statement (SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES or WITH)")
	return nil, false
}

func (p *parser) table() *Statement {
	start := p.offset()
	s, outer := p.begin(Table)
	p.expectKey(kTable)
	r := p.relationName()
	r.Span = r.NameSpan
	item := p.items.new()
	item.Relation, item.Span = r, r.Span
	s.From = p.itemLists.store.copy([]*FromItem{item})
	s.FromEnd = p.lastEnd()
	s.Span = p.spanFrom(start)
	p.end(outer)
	return s
}

func (p *parser) values() *Statement {
	start := p.offset()
	s, outer := p.begin(Values)
	p.expectKey(kValues)
	rows := p.rowLists.open()
	for more := true; more; more = p.accept(tokComma) {
		p.rowLists.add(p.row())
	}
	s.Rows = p.rowLists.close(rows)
	s.Span = p.spanFrom(start)
	p.end(outer)
	return s
}

func (p *parser) row() Row {
	start := p.offset()
	p.expect(tokOpen, "(")
	items := p.exprLists.open()
	for more := true; more; more = p.accept(tokComma) {
		p.exprLists.add(p.exprOrDefault())
	}
	p.expect(tokClose, ")")
	return Row{Span: p.spanFrom(start), Items: p.exprLists.close(items)}
}

func (p *parser) exprOrDefault() *Expr {
	if start := p.offset(); p.acceptKey(kDefault) {
		return p.newExpr(Default, start)
	}
	return p.expr()
}

func (p *parser) selectArm() *Statement {
	start := p.offset()
	s, outer := p.begin(Select)
	p.expectKey(kSelect)
	if !p.acceptKey(kAll) && p.acceptKey(kDistinct) {
		s.Distinct = true
		if p.acceptKey(kOn) {
			p.brackets(func() { p.exprList() })
		}
	}
	if s.Distinct || p.startsExpr() {
		s.Outputs = p.outputs()
	}
	if at := p.offset(); p.acceptKey(kInto) {
		s.Into = at
		p.intoTable()
	}
	if p.acceptKey(kFrom) {
		s.From = p.fromList()
	}
	s.FromEnd = p.lastEnd()
	if p.acceptKey(kWhere) {
		s.Where = p.expr()
	}
	p.groupBy(s)
	if p.acceptKey(kHaving) {
		s.Having = p.expr()
	}
	if p.acceptKey(kWindow) {
		p.commaList(func() {
			p.colID()
			p.expectKey(kAs)
			p.windowSpec()
		})
	}
	s.Span = p.spanFrom(start)
	p.end(outer)
	return s
}

// startsExpr tells whether the current token can begin an output expression;
// SELECT may have none.
func (p *parser) startsExpr() bool {
	switch t := p.tok(); t.kind {
	case tokEOF, tokClose, tokSemicolon:
		return false
	case tokIdent:
		switch t.key {
		case kInto, kFrom, kWhere, kGroup, kHaving, kWindow, kUnion, kIntersect, kExcept,
			kOrder, kLimit, kOffset, kFetch, kFor, kOn, kReturning:
			return false
		}
	}
	return true
}

func (p *parser) intoTable() {
	p.acceptOneOf(kLocal, kGlobal)
	if !p.acceptOneOf(kTemporary, kTemp) {
		p.acceptKey(kUnlogged)
	}
	p.acceptKey(kTable)
	p.anyName()
}

// outputs reads a SELECT list or what RETURNING gives.
func (p *parser) outputs() []Output {
	list := p.outputLists.open()
	for more := true; more; more = p.accept(tokComma) {
		start := p.offset()
		if p.accept(tokStar) {
			p.outputLists.add(Output{Span: p.spanFrom(start), Star: true})
			continue
		}
		o := Output{Expr: p.expr()}
		o.Star = o.Expr.Kind == AllColumns
		if p.acceptKey(kAs) {
			o.Label = p.colLabel()
		} else if !p.takenForOperator(o.Expr) {
			o.Label = p.bareLabel()
		}
		o.Span = p.spanFrom(start)
		p.outputLists.add(o)
	}
	return p.outputLists.close(list)
}

// takenForOperator tells of a word behind e that begins operators too, and that
// is no label behind an operand: in a + b AT the parser has gone on to AT TIME
// ZONE before it could see the end of the sum.
func (p *parser) takenForOperator(e *Expr) bool {
	switch p.key {
	case kAt, kSimilar, kNot, kOperator:
	default:
		return false
	}
	switch e.Kind {
	case Column, Literal, Parameter, Null, Cast, FunctionCall, SubQuery, RowOf:
		return false
	}
	return true
}

func (p *parser) groupBy(s *Statement) {
	if !p.acceptKeys(kGroup, kBy) {
		return
	}
	if !p.acceptKey(kAll) {
		p.acceptKey(kDistinct)
	}
	p.commaList(p.groupItem)
}

func (p *parser) groupItem() {
	p.enter()
	defer p.leave()
	switch {
	case p.at(tokOpen) && p.ahead(1).kind == tokClose:
		p.seek(p.i + 2)
	case (p.atKey(kRollup) || p.atKey(kCube)) && p.ahead(1).kind == tokOpen:
		p.advance()
		p.brackets(func() { p.exprList() })
	case p.acceptKeys(kGrouping, kSets):
		p.brackets(func() { p.commaList(p.groupItem) })
	default:
		p.expr()
		return
	}
	p.block.GroupingSets, p.tree.holders = true, true
}

// windowSpec reads ( [name] [PARTITION BY …] [ORDER BY …] [frame] ).
func (p *parser) windowSpec() {
	p.brackets(func() {
		if t := p.tok(); isColID(t) {
			switch t.key {
			case kPartition, kRange, kRows, kGroups:
			default:
				p.advance()
			}
		}
		if p.acceptKey(kPartition) {
			p.expectKey(kBy)
			p.exprList()
		}
		if p.atKey(kOrder) {
			p.orderBy()
		}
		if p.acceptOneOf(kRange, kRows, kGroups) {
			p.frame()
		}
	})
}

func (p *parser) frame() {
	at := p.offset()
	from, to := frameBound(0), currentRow
	if p.acceptKey(kBetween) {
		if p.atKey(kBetween) {
			p.unexpected("a bound") // a column of that name needs brackets here
		}
		from = p.frameBound()
		p.expectKey(kAnd)
		to = p.frameBound()
	} else {
		from = p.frameBound()
	}
	// gram.y: frame_extent.
	if from == unboundedFollowing || to == unboundedPreceding || from > to {
		fail(at, "window frame ends before it begins")
	}
	if !p.acceptKey(kExclude) {
		return
	}
	switch {
	case p.acceptKeys(kCurrent, kRow), p.acceptKey(kGroup), p.acceptKey(kTies), p.acceptKeys(kNo, kOthers):
	default:
		p.unexpected("CURRENT ROW, GROUP, TIES or NO OTHERS")
	}
}

// frameBound is a boundary of a window frame, in the order of the rows.
type frameBound uint8

const (
	unboundedPreceding frameBound = iota
	preceding
	currentRow
	following
	unboundedFollowing
)

func (p *parser) frameBound() frameBound {
	switch {
	case p.acceptKeys(kCurrent, kRow):
		return currentRow
	case p.acceptKeys(kUnbounded, kPreceding):
		return unboundedPreceding
	case p.acceptKeys(kUnbounded, kFollowing):
		return unboundedFollowing
	}
	p.expr()
	if p.acceptKey(kPreceding) {
		return preceding
	}
	p.expectKey(kFollowing)
	return following
}

func (p *parser) orderBy() {
	p.expectKey(kOrder)
	p.expectKey(kBy)
	p.commaList(func() {
		p.expr()
		if p.acceptKey(kUsing) {
			p.operatorName()
		} else if !p.acceptKey(kAsc) {
			p.acceptKey(kDesc)
		}
		p.nullsOrder()
	})
}

func (p *parser) nullsOrder() {
	if p.atKey(kNulls) && (p.ahead(1).key == kFirst || p.ahead(1).key == kLast) {
		p.seek(p.i + 2)
	}
}

func (p *parser) atTail() bool {
	switch p.key {
	case kOrder, kLimit, kOffset, kFetch, kFor:
		return true
	}
	return false
}

// tail reads ORDER BY, LIMIT, OFFSET, FETCH and locking clauses.
func (p *parser) tail(s *Statement) {
	if !p.atTail() {
		return
	}
	s.Tail = true
	if p.atKey(kOrder) {
		p.orderBy()
	}
	limited := p.limit()
	for p.atKey(kFor) {
		p.locking()
	}
	if !limited {
		p.limit()
	}
}

func (p *parser) limit() bool {
	limit, offset := false, false
	for {
		switch {
		case !limit && p.acceptKey(kLimit):
			limit = true
			if !p.acceptKey(kAll) {
				p.expr()
			}
			if p.at(tokComma) {
				fail(p.offset(), "LIMIT with a comma is not PostgreSQL; write LIMIT … OFFSET …")
			}
		case !limit && p.acceptKey(kFetch):
			limit = true
			p.fetch()
		case !offset && p.acceptKey(kOffset):
			offset = true
			p.offsetRows()
		default:
			return limit || offset
		}
	}
}

// offsetRows reads any expression, or a simple one in front of ROWS.
func (p *parser) offsetRows() {
	from := p.i
	simple := p.ahead(1)
	if p.at(tokPlus) || p.at(tokMinus) {
		simple = p.ahead(2)
	} else if p.at(tokOpen) {
		simple = &p.tokens[p.tok().match+1]
	}
	p.expr()
	if !p.atKey(kRow) && !p.atKey(kRows) {
		return
	}
	if simple != p.tok() && p.tokens[from].kind != tokIdent {
		fail(p.offset(), "ROWS needs a plain value or brackets in front of it")
	}
	p.advance()
}

func (p *parser) fetch() {
	if !p.acceptOneOf(kFirst, kNext) {
		p.unexpected("FIRST or NEXT")
	}
	next := p.ahead(1).key
	if !(p.atKey(kRow) || p.atKey(kRows)) || next != kOnly && next != kWith {
		if p.accept(tokPlus) || p.accept(tokMinus) {
			if !p.accept(tokInt) {
				p.expect(tokFloat, "a number")
			}
		} else {
			p.primary()
		}
	}
	if !p.acceptOneOf(kRow, kRows) {
		p.unexpected("ROWS")
	}
	if !p.acceptKey(kOnly) {
		p.expectKey(kWith)
		p.expectKey(kTies)
	}
}

func (p *parser) locking() {
	p.expectKey(kFor)
	switch {
	case p.acceptKey(kUpdate), p.acceptKeys(kNo, kKey, kUpdate), p.acceptKey(kShare), p.acceptKeys(kKey, kShare):
	case p.acceptKeys(kRead, kOnly):
		return
	default:
		p.unexpected("UPDATE or SHARE")
	}
	if p.acceptKey(kOf) {
		p.commaList(func() { p.anyName() })
	}
	if !p.acceptKey(kNowait) && p.acceptKey(kSkip) {
		p.expectKey(kLocked)
	}
}
