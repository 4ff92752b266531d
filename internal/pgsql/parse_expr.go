package pgsql

// Binding strengths, weakest first, as in gram.y's table of precedences.
const (
	bindOr = iota + 1
	bindAnd
	bindNot
	bindIs
	bindCompare // not associative
	bindBetween // BETWEEN, IN, LIKE, SIMILAR; not associative
	bindOther   // all other operators
	bindAdd
	bindMultiply
	bindPower
	bindAt
	bindCollate
	bindUnary
)

// expr reads gram.y's a_expr.
func (p *parser) expr() *Expr { return p.operand(bindOr, false) }

// simpleExpr reads gram.y's b_expr: no AND, OR, NOT, IN, LIKE, BETWEEN or IS
// NULL outside brackets.
func (p *parser) simpleExpr() *Expr { return p.operand(bindOr, true) }

// operand reads what is a part of an expression, or all of one.
func (p *parser) operand(least int, simple bool) *Expr {
	// Most are one parameter or one column, with which there is no work.
	switch {
	case p.kind == tokParam && p.endsBefore(1):
		return p.parameter()
	case p.kind == tokIdent && lone[p.key] && (p.endsBefore(1) || p.isQualified() && p.endsBefore(3)):
		before := p.work
		e := p.column()
		e.work.varies, e.work.fixed, e.work.placed = 1, p.work.fixed-before.fixed, p.work.placed-before.placed
		return e
	}
	e := p.binary(least, simple)
	p.settle(e)
	return e
}

// isQualified tells whether a dot and a word stand behind the current token, which
// is not the last.
func (p *parser) isQualified() bool {
	return p.tokens[p.i+1].kind == tokDot && p.tokens[p.i+2].kind == tokIdent
}

// endsBefore tells whether the token n behind the current one, which must be
// there, can be no part of an expression that ends in front of it.
func (p *parser) endsBefore(n int) bool {
	t := &p.tokens[p.i+n]
	return enders[t.kind] && infixWords[t.key] == 0
}

// lone are the words that are a column where they stand alone.
var lone = func() (lone [len(words)]bool) {
	for k, w := range words {
		lone[k] = w.class == unreserved && keyword(k) != kDouble // DOUBLE PRECISION '1'
	}
	return lone
}()

var enders = [...]bool{tokEOF: true, tokIdent: true, tokComma: true, tokSemicolon: true, tokClose: true, tokCloseIndex: true}

func (p *parser) exprList() { p.commaList(func() { p.expr() }) }

// binary reads an expression whose operators bind at least as strongly as
// least.
func (p *parser) binary(least int, simple bool) *Expr {
	p.enter()
	start, before := p.offset(), p.work
	left := p.prefix(simple)
	chained := 0 // strength of a non-associative operator that ended just now
	for {
		bind := p.infix(simple)
		left.work = p.work.since(before)
		if left.isTest() {
			if left.Eager() {
				p.work.hasty++
			}
			if left.work.isIdle() {
				p.work.idle++
			}
		}
		if bind < least {
			p.leave()
			return left
		}
		if bind == chained {
			fail(p.offset(), "operators in a row need brackets")
		}
		var open bool
		left, open = p.operator(left, bind, simple)
		left.Start, left.test = start, left.test || bind < bindOther
		chained = 0
		if open && (bind == bindIs || bind == bindCompare || bind == bindBetween) {
			chained = bind
		}
	}
}

// prefix reads what begins an expression.
func (p *parser) prefix(simple bool) *Expr {
	start := p.offset()
	switch t := p.tok(); {
	case t.kind == tokIdent && t.key == notKeyword:
		return p.suffix(p.nameOrCall(), start)
	case t.kind == tokParam:
		return p.suffix(p.indirections(p.parameter(), start), start)
	case t.key == kNot && !simple:
		p.advance()
		operand := p.binary(bindNot, simple)
		e := p.newExpr(Test, start)
		e.Left, e.test = operand, true
		return e
	case t.kind == tokPlus, t.kind == tokMinus:
		p.advance()
		p.works(true)
		p.binary(bindUnary, simple)
		return p.newExpr(Other, start)
	case t.kind == tokOp && p.loose && p.text[t.start:t.end] == "?":
		return p.suffix(p.placeholder(), start)
	case t.kind == tokOp, t.key == kOperator && p.ahead(1).kind == tokOpen:
		p.operatorName()
		p.works(true)
		p.binary(bindOther+1, simple)
		return p.newExpr(Other, start)
	}
	return p.suffix(p.primary(), start)
}

// suffix reads casts, which bind more strongly than anything else.
func (p *parser) suffix(e *Expr, start int) *Expr {
	if !p.at(tokCast) {
		return e
	}
	return p.casts(e, start)
}

func (p *parser) casts(e *Expr, start int) *Expr {
	given := isGiven(e)
	for p.accept(tokCast) {
		at := p.offset()
		p.typeName()
		cast := p.newExpr(Cast, start)
		cast.Left, cast.Name = e, fold(p.text[at:cast.End])
		p.converts(given, cast.Name)
		e = cast
	}
	return e
}

// infixKinds are the strengths of the operators that are no words.
var infixKinds = [...]uint8{
	tokEqual: bindCompare, tokLess: bindCompare, tokGreater: bindCompare,
	tokLessEq: bindCompare, tokGreaterEq: bindCompare, tokNotEq: bindCompare,
	tokOp: bindOther, tokPlus: bindAdd, tokMinus: bindAdd,
	tokStar: bindMultiply, tokSlash: bindMultiply, tokPercent: bindMultiply,
	tokCaret: bindPower, tokCloseIndex: 0,
}

// infixWords are the strengths of the operators that are words. Those that are
// operators only in front of certain words or a bracket are in infixWord.
var infixWords = [len(words)]uint8{
	kOr: bindOr, kAnd: bindAnd, kIs: bindIs, kIsnull: bindIs, kNotnull: bindIs,
	kBetween: bindBetween, kIn: bindBetween, kLike: bindBetween, kIlike: bindBetween,
	kSimilar: bindBetween, kNot: bindBetween, kOperator: bindOther, kAt: bindAt, kCollate: bindCollate,
}

// infix is the strength of the operator at the current token, or 0.
func (p *parser) infix(simple bool) int {
	if p.key == notKeyword {
		return int(infixKinds[p.kind])
	}
	bind := int(infixWords[p.key])
	if bind == 0 || simple && p.key != kIs && p.key != kOperator || !p.isInfix() {
		return 0
	}
	return bind
}

// isInfix tells whether the word at the current token, which may be an operator,
// is one.
func (p *parser) isInfix() bool {
	next := p.ahead(1)
	switch p.key {
	case kOperator:
		return next.kind == tokOpen
	case kSimilar:
		// SUBSTRING (… SIMILAR … ESCAPE …) is no operator.
		return next.key == kTo
	case kNot:
		switch next.key {
		case kBetween, kIn, kLike, kIlike, kSimilar:
			return true
		}
		return false
	case kAt:
		return next.key == kTime || next.key == kLocal
	}
	return true
}

// operator reads an infix or postfix operator and its right side. open tells
// that an operand stands last, so that an equally strong operator cannot
// follow a non-associative one.
func (p *parser) operator(left *Expr, bind int, simple bool) (e *Expr, open bool) {
	start := left.Start
	if bind >= bindCompare {
		p.settle(left)
	}
	switch bind {
	case bindOr, bindAnd:
		kind := And
		if bind == bindOr {
			kind = Or
		}
		p.advance()
		right := p.binary(bind+1, simple)
		e = p.newExpr(kind, start)
		e.Left, e.Right = left, right
		return e, false
	case bindIs:
		return p.isOperator(left, simple)
	case bindCompare:
		return p.compare(left, simple)
	case bindBetween:
		return p.betweenInLike(left)
	case bindAt:
		p.advance()
		p.works(true)
		if !p.acceptKey(kLocal) {
			p.expectKey(kTime)
			p.expectKey(kZone)
			p.operand(bindAt+1, simple)
		}
		return p.newExpr(Other, start), false
	case bindCollate:
		p.advance()
		p.anyName()
		return p.newExpr(Other, start), false
	}
	at := p.tok()
	if bind == bindOther {
		p.operatorName()
	} else {
		p.advance()
	}
	pattern := bind == bindOther && isPatternOperator(p.text[at.start:at.end])
	if simple || !p.quantified(nil, pattern) {
		right := p.operand(bind+1, simple)
		p.works(bind != bindOther || pattern && right.Varies())
	}
	e = p.newExpr(Other, start)
	e.test = pattern
	return e, false
}

// isPatternOperator knows the operators that fail on some patterns, and
// OPERATOR(…), which may be one of them.
func isPatternOperator(op string) bool {
	switch op {
	case "~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*":
		return true
	}
	return len(op) == len("OPERATOR")
}

// isGiven tells whether an expression is the same for every row.
func isGiven(e *Expr) bool {
	for e.Kind == Cast {
		e = e.Left
	}
	return e.Kind == Literal || e.Kind == Parameter || e.Kind == Null
}

// operatorName reads an operator of any spelling, or OPERATOR(schema.op).
func (p *parser) operatorName() {
	if p.acceptKey(kOperator) {
		p.brackets(func() {
			for isColID(p.tok()) {
				p.colID()
				p.expect(tokDot, ".")
			}
			p.anyOperator()
		})
		return
	}
	p.anyOperator()
}

func (p *parser) anyOperator() {
	switch p.kind {
	case tokOp, tokEqual, tokLess, tokGreater, tokLessEq, tokGreaterEq, tokNotEq,
		tokPlus, tokMinus, tokStar, tokSlash, tokPercent, tokCaret:
		p.advance()
	default:
		p.unexpected("an operator")
	}
}

func (p *parser) compare(left *Expr, simple bool) (e *Expr, open bool) {
	equal, unequal := p.at(tokEqual), p.at(tokNotEq)
	start := left.Start
	p.advance()
	var right *Expr
	if !simple && p.quantified(&right, false) {
		e = p.newExpr(Other, start)
		if equal && right != nil {
			e.Kind, e.Left, e.Right = AnyOf, left, right
		}
		return e, false
	}
	right = p.operand(bindCompare+1, simple)
	p.works(false)
	e = p.newExpr(Other, start)
	if equal {
		e.Kind, e.Left, e.Right = Equal, left, right
		if right.work.light() && p.text[left.Start:left.End] == p.text[right.Start:right.End] {
			p.work.hasty++ // x = x becomes x IS NOT NULL (process_equivalence in equivclass.c)
		}
	} else if unequal {
		e.Kind, e.Left, e.Right = Unequal, left, right
	}
	return e, true
}

// quantified reads ANY (…), SOME (…) or ALL (…) behind an operator. For ANY
// and SOME over an array, array is set to it. The operator costs as much as the
// array is long, which is nothing for an empty one.
func (p *parser) quantified(array **Expr, risky bool) bool {
	k := p.key
	if k != kAny && k != kSome && k != kAll {
		return false
	}
	p.advance()
	if p.at(tokOpen) && p.isQuery(p.i) {
		p.subquery()
		p.searches(risky)
		return true
	}
	if risky {
		p.work.risks++
	}
	p.brackets(func() {
		if e := p.expr(); array != nil && k != kAll {
			*array = e
		}
	})
	return true
}

func (p *parser) isOperator(left *Expr, simple bool) (e *Expr, open bool) {
	start := left.Start
	for _, item := range left.Items {
		if item.work.light() {
			p.work.hasty++ // a test for NULL becomes one of each item
		}
	}
	if p.acceptKey(kIsnull) {
		e = p.newExpr(Test, start)
		e.Left = left
		return e, false
	}
	if p.acceptKey(kNotnull) {
		e = p.newExpr(NotNull, start)
		e.Left = left
		return e, false
	}
	p.expectKey(kIs)
	not := p.acceptKey(kNot)
	if p.acceptKey(kDistinct) {
		p.expectKey(kFrom)
		p.settle(left)
		right := p.operand(bindIs+1, simple)
		e = p.newExpr(Other, start)
		switch {
		case right.Kind == Null:
			e.Kind, e.Left = Test, left // IS [NOT] NULL
		case left.Kind == Null:
			e.Kind, e.Left = Test, right
		case not:
			e.Kind, e.Left, e.Right = NotDistinct, left, right
		}
		if e.Kind != Test {
			p.works(false)
		}
		return e, true
	}
	if p.acceptKey(kDocument) {
		return p.newExpr(Other, start), false
	}
	if simple {
		p.unexpected("DISTINCT or DOCUMENT")
	}
	switch {
	case p.acceptKey(kNull):
		e = p.newExpr(Test, start)
		e.Left = left
		if not {
			e.Kind = NotNull
		}
		return e, false
	case p.acceptOneOf(kTrue, kFalse, kUnknown, kNormalized):
	case p.acceptOneOf(kNfc, kNfd, kNfkc, kNfkd):
		p.expectKey(kNormalized)
	case p.acceptKey(kJson):
		p.effortless() // it fails on what is nested too deeply
		p.acceptOneOf(kValue, kArray, kObject, kScalar)
		p.uniqueKeys()
	default:
		p.unexpected("NULL, TRUE, FALSE, UNKNOWN, DISTINCT FROM, NORMALIZED, DOCUMENT or JSON")
	}
	e = p.newExpr(Test, start)
	e.Left = left
	return e, false
}

func (p *parser) betweenInLike(left *Expr) (e *Expr, open bool) {
	start := left.Start
	not := p.acceptKey(kNot)
	switch {
	case p.acceptKey(kBetween):
		if !p.acceptKey(kSymmetric) {
			p.acceptKey(kAsymmetric)
		}
		least := p.simpleExpr()
		p.expectKey(kAnd)
		most := p.operand(bindBetween+1, false)
		p.works(false)
		p.works(false)
		if left.work.placed+least.work.placed+most.work.placed > 0 && left.work.ops+min(least.work.ops, most.work.ops) == 0 {
			p.work.idle++ // it becomes two conditions
		}
		return p.newExpr(Other, start), true
	case p.acceptKey(kIn):
		p.works(false)
		e = p.inOperator(left)
		if not {
			e.Kind = Other
		}
		return e, false
	case p.acceptKey(kSimilar):
		p.expectKey(kTo)
	default:
		p.advance() // LIKE, ILIKE
		if p.quantified(nil, true) {
			return p.newExpr(Other, start), false
		}
	}
	pattern := p.operand(bindBetween+1, false)
	p.works(pattern.Varies())
	if p.acceptKey(kEscape) {
		if e := p.operand(bindBetween+1, false); pattern.Varies() || e.Varies() {
			p.works(true)
		}
	}
	return p.newExpr(Other, start), true
}

func (p *parser) inOperator(left *Expr) *Expr {
	if !p.at(tokOpen) {
		p.unexpected("(")
	}
	if p.isQuery(p.i) {
		sub := p.subquery()
		p.searches(false)
		e := p.newExpr(InQuery, left.Start)
		e.Left, e.Query = left, sub
		return e
	}
	p.advance()
	items := p.exprLists.open()
	for more := true; more; more = p.accept(tokComma) {
		p.exprLists.add(p.expr())
	}
	p.expect(tokClose, ")")
	e := p.newExpr(InList, left.Start)
	e.Left, e.Items = left, p.exprLists.close(items)
	return e
}

// subquery reads a query in brackets that stands in an expression.
func (p *parser) subquery() *Statement { return p.inner(p.bracketedQuery) }

// inner reads a query that stands in an expression. One that needs nothing from
// outside is worked out once, and then is no work; any other costs more than all
// operators.
func (p *parser) inner(query func() *Statement) *Statement {
	outer := p.work
	s := query()
	inside := p.work.since(outer)
	p.work = outer
	p.work.varies++
	p.work.once += inside.allRisks()
	p.own(s)
	return s
}

// searches counts what is done with the rows of a subquery.
func (p *parser) searches(risky bool) {
	p.works(risky)
	p.works(false)
}

// own makes s part of the statement whose expressions are being read.
func (p *parser) own(s *Statement) {
	if p.block == nil {
		fail(s.Start, "unexpected subquery")
	}
	p.block.Subqueries = append(p.block.Subqueries, s)
}
