package pgsql

// primary reads gram.y's c_expr.
func (p *parser) primary() *Expr {
	t := p.tok()
	start := int(t.start)
	switch t.kind {
	case tokInt, tokFloat, tokBits, tokNational:
		p.advance()
		return p.newExpr(Literal, start)
	case tokString:
		p.stringConstant()
		return p.newExpr(Literal, start)
	case tokParam:
		return p.indirections(p.parameter(), start)
	case tokOpen:
		return p.inBrackets()
	case tokOp:
		if p.loose && p.text[t.start:t.end] == "?" {
			return p.placeholder()
		}
	case tokQuoted:
		return p.nameOrCall()
	case tokIdent:
		return p.word()
	}
	p.unexpected("an expression")
	return nil
}

// indirections reads fields and subscripts behind e.
func (p *parser) indirections(e *Expr, start int) *Expr {
	if !p.at(tokOpenIndex) && !p.at(tokDot) {
		return e
	}
	return p.parts(e, start)
}

func (p *parser) parts(e *Expr, start int) *Expr {
	found := false
	for p.at(tokOpenIndex) || p.at(tokDot) {
		if p.indirection() {
			all := p.newExpr(AllColumns, start)
			if !found && e.Kind == Column && e.Qualifier == "" {
				all.Qualifier = e.Name
			}
			return all
		}
		found = true
	}
	return p.newExpr(Other, start)
}

// indirection reads .name, .*, [expr] or [from:to]; star tells that it was .*.
func (p *parser) indirection() (star bool) {
	if p.accept(tokDot) {
		if p.accept(tokStar) {
			return true
		}
		at := p.offset()
		p.attribute(p.colLabel(), at)
		return false
	}
	p.expect(tokOpenIndex, "[")
	if !p.at(tokColon) {
		p.expr()
	}
	if p.accept(tokColon) && !p.at(tokCloseIndex) {
		p.expr()
	}
	p.expect(tokCloseIndex, "]")
	return false
}

// inBrackets reads ( … ): a subquery, a row or an expression.
func (p *parser) inBrackets() *Expr {
	start := p.offset()
	if p.isQuery(p.i) {
		p.subquery()
		return p.indirections(p.newExpr(SubQuery, start), start)
	}
	p.advance()
	open := p.exprLists.open()
	for more := true; more; more = p.accept(tokComma) {
		p.exprLists.add(p.rowItem())
	}
	p.expect(tokClose, ")")
	items := p.exprLists.close(open)
	if len(items) > 1 {
		e := p.newExpr(RowOf, start)
		e.Items = items
		return p.overlaps(e)
	}
	e := p.indirections(items[0], start)
	if e.Kind == Default {
		fail(e.Start, "unexpected DEFAULT")
	}
	e.Span = p.spanFrom(start) // brackets included
	return e
}

// rowItem is an expression, or DEFAULT in the row of a multiple assignment.
func (p *parser) rowItem() *Expr {
	if !p.defaults {
		return p.expr()
	}
	p.defaults = false
	e := p.exprOrDefault()
	p.defaults = true
	return e
}

// overlaps reads OVERLAPS behind a row.
func (p *parser) overlaps(row *Expr) *Expr {
	if !p.acceptKey(kOverlaps) {
		return row
	}
	at, next := p.tok(), p.ahead(1)
	doubled := at.kind == tokOpen && next.kind == tokOpen && next.match == at.match-1
	right := p.primary()
	if doubled || len(row.Items) != 2 || right.Kind != RowOf || len(right.Items) != 2 {
		fail(row.Start, "OVERLAPS needs a row of two on each side")
	}
	return p.newExpr(Other, row.Start)
}

// word reads an expression that begins with an unquoted word.
func (p *parser) word() *Expr {
	t := p.tok()
	if t.key == notKeyword {
		return p.nameOrCall()
	}
	start := int(t.start)
	next := p.ahead(1).kind
	switch t.key {
	case kTrue, kFalse:
		p.advance()
		return p.newExpr(Literal, start)
	case kNull:
		p.advance()
		return p.newExpr(Null, start)
	case kCase:
		return p.caseExpr()
	case kArray:
		return p.array()
	case kExists:
		if next == tokOpen {
			p.advance()
			if !p.isQuery(p.i) {
				p.unexpected("a subquery")
			}
			p.subquery()
			p.searches(false)
			return p.newExpr(Other, start)
		}
	case kRow:
		if next == tokOpen {
			return p.explicitRow()
		}
	}
	if (words[t.key].class == columnName || t.key == kDouble) && next != tokDot {
		if e := p.typedConstant(); e != nil {
			return e
		}
	}
	if e := p.specialFunction(); e != nil {
		return e
	}
	return p.nameOrCall()
}

func (p *parser) explicitRow() *Expr {
	start := p.offset()
	p.advance()
	items := p.exprLists.open()
	p.brackets(func() {
		if !p.at(tokClose) {
			p.commaList(func() { p.exprLists.add(p.rowItem()) })
		}
	})
	e := p.newExpr(RowOf, start)
	e.Items = p.exprLists.close(items)
	return p.overlaps(e)
}

func (p *parser) caseExpr() *Expr {
	start, ops := p.offset(), p.work.ops
	p.expectKey(kCase)
	if !p.atKey(kWhen) {
		p.expr()
	}
	if !p.atKey(kWhen) {
		p.unexpected("WHEN")
	}
	for p.acceptKey(kWhen) {
		p.expr()
		p.expectKey(kThen)
		p.expr()
	}
	if p.acceptKey(kElse) {
		p.expr()
	}
	p.expectKey(kEnd)
	p.work.ops = ops // what it has to work out may turn out to be a column
	return p.newExpr(Other, start)
}

func (p *parser) array() *Expr {
	start := p.offset()
	p.expectKey(kArray)
	if p.at(tokOpen) && p.isQuery(p.i) {
		p.subquery()
		return p.newExpr(Other, start)
	}
	varies := p.work.varies
	items := p.arrayElements()
	if len(items) != 1 && p.work.varies > varies {
		p.effortless() // it fails on arrays that are not of one size
	}
	e := p.newExpr(Other, start)
	if items != nil {
		e.Kind, e.Items = ArrayOf, items
	}
	return e
}

// arrayElements reads [a, b] and [[a], [b]], and returns the elements of the
// first.
func (p *parser) arrayElements() (items []*Expr) {
	p.enter()
	defer p.leave()
	p.expect(tokOpenIndex, "[")
	switch {
	case p.at(tokCloseIndex):
	case p.at(tokOpenIndex):
		p.commaList(func() { p.arrayElements() })
	default:
		p.commaList(func() { items = append(items, p.expr()) })
	}
	p.expect(tokCloseIndex, "]")
	return items
}

// nameOrCall reads a column, a function call, or a constant that begins with
// the name of its type.
func (p *parser) nameOrCall() *Expr {
	switch p.ahead(1).kind {
	case tokDot, tokOpen, tokString:
	default:
		return p.column()
	}
	start := p.offset()
	n := 1
	for p.ahead(n).kind == tokDot && p.ahead(n+1).kind != tokStar {
		n += 2
	}
	switch p.ahead(n).kind {
	case tokOpen:
		return p.functionCall()
	case tokString:
		if laterKeywords[p.key] {
			p.unexpected("an expression")
		}
		p.anyFunctionName()
		p.stringConstant()
		return p.newExpr(Literal, start)
	}
	return p.column()
}

// attribute notes a name behind a dot: where x has no such column, x.f is f(x).
// (PostgreSQL: ParseFuncOrColumn in parse_func.c, which asks for no row type.)
func (p *parser) attribute(name string, offset int) {
	p.tree.Calls = append(p.tree.Calls, Call{Name: name, Offset: offset})
}

func (p *parser) column() *Expr {
	e := p.columnName()
	p.work.varies++
	if p.mayBeFixed(e.Name) {
		p.work.fixed++
	}
	if p.mayFail(e) {
		p.work.placed++
	}
	return p.indirections(e, e.Start)
}

func (p *parser) columnName() *Expr {
	e := p.newExpr(Column, p.offset())
	e.Name = p.colID()
	for n := 1; n < 3 && p.at(tokDot) && p.ahead(1).kind != tokStar; n++ {
		p.advance()
		at := p.offset()
		e.InSchema, e.Qualifier, e.Name = n == 2, e.Name, p.colLabel()
		p.attribute(e.Name, at)
	}
	e.End = p.lastEnd()
	return e
}
