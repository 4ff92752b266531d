package pgsql

// anyFunctionName reads the name of a function, qualified or not.
func (p *parser) anyFunctionName() (schema, name string) {
	t := p.tok()
	if p.ahead(1).kind == tokDot {
		schema = p.colID()
		for p.accept(tokDot) {
			if name != "" {
				fail(int(t.start), "function name has more than a schema and a name")
			}
			name = p.colLabel()
		}
		return schema, name
	}
	if !isFunctionName(t) && !(t.kind == tokIdent && laterKeywords[t.key]) {
		p.unexpected("an expression")
	}
	p.advance()
	return "", p.nameOf(t)
}

// laterKeywords became key words after PostgreSQL 14; before that they are
// names of functions.
var laterKeywords = [len(words)]bool{
	kJson: true, kJsonArray: true, kJsonArrayagg: true, kJsonExists: true, kJsonObject: true, kJsonObjectagg: true,
	kJsonQuery: true, kJsonScalar: true, kJsonSerialize: true, kJsonValue: true, kMergeAction: true,
}

// functionCall reads a call with what may follow it in an expression.
func (p *parser) functionCall() *Expr {
	e, plain := p.plainCall()
	if p.atKeys(kWithin, kGroup) && !plain && p.tokens[p.i-2].kind != tokOpen && p.tokens[p.i-2].kind != tokStar {
		fail(p.offset(), "WITHIN GROUP after arguments with DISTINCT, VARIADIC, ORDER BY or names")
	}
	if p.at(tokString) && plain && !laterKeywords[lookup(e.Name)] {
		// A type with modifiers in front of a constant.
		p.stringConstant()
		return p.newExpr(Literal, e.Start)
	}
	p.callSuffix()
	e.End = p.lastEnd()
	return e
}

// plainCall reads name(…); plain tells that there are arguments and that all
// of them are just expressions.
func (p *parser) plainCall() (e *Expr, plain bool) {
	start := p.offset()
	schema, name := p.anyFunctionName()
	p.tree.Calls = append(p.tree.Calls, Call{Schema: schema, Name: name, Offset: start})
	hasty := p.work.hasty
	p.brackets(func() { plain = p.arguments() })
	p.work.hasty = hasty
	p.works(name != "lower" && name != "upper") // which have indexes more often than others
	if failing[name] {
		p.work.varies++ // it may do something each time
	}
	e = p.newExpr(FunctionCall, start)
	e.Name = name
	return e, plain
}

// callSuffix reads WITHIN GROUP, FILTER and OVER.
func (p *parser) callSuffix() {
	if p.acceptKeys(kWithin, kGroup) {
		p.brackets(p.orderBy)
	}
	if p.atKey(kFilter) && p.ahead(1).kind == tokOpen {
		p.advance()
		p.brackets(func() {
			p.expectKey(kWhere)
			p.expr()
		})
	}
	if p.acceptKey(kOver) {
		if p.at(tokOpen) {
			p.windowSpec()
		} else {
			p.colID()
		}
	}
}

// arguments reads what stands in the brackets of a call; plain tells that it
// is a list of expressions and nothing else.
func (p *parser) arguments() (plain bool) {
	if p.at(tokClose) || p.accept(tokStar) {
		return false
	}
	plain = true
	if p.acceptOneOf(kAll, kDistinct) {
		plain = false
		p.commaList(func() { p.argument() })
	} else {
		variadic := false
		p.commaList(func() {
			if variadic {
				fail(p.offset(), "argument after VARIADIC")
			}
			variadic = p.acceptKey(kVariadic)
			plain = !p.argument() && !variadic && plain
		})
	}
	if p.atKey(kOrder) {
		plain = false
		p.orderBy()
	}
	return plain
}

// argument reads an expression, perhaps behind its parameter's name.
func (p *parser) argument() (named bool) {
	if k := p.ahead(1).kind; (k == tokColonEq || k == tokEqGreater) && isFunctionName(p.tok()) {
		named = true
		p.seek(p.i + 2)
	}
	p.expr()
	return named
}

// valueFunctions need no brackets.
var valueFunctions = [len(words)]bool{
	kCurrentDate: true, kCurrentTime: true, kCurrentTimestamp: true, kLocaltime: true, kLocaltimestamp: true,
	kCurrentRole: true, kCurrentUser: true, kSessionUser: true, kSystemUser: true, kUser: true, kCurrentCatalog: true,
}

// specialFunction reads what gram.y's func_expr_common_subexpr and the
// aggregates of SQL/JSON add to plain calls; nil when it is none of them.
func (p *parser) specialFunction() *Expr {
	t := p.tok()
	start := int(t.start)
	if valueFunctions[t.key] || t.key == kCurrentSchema && p.ahead(1).kind != tokOpen {
		p.advance()
		switch t.key {
		case kCurrentTime, kCurrentTimestamp, kLocaltime, kLocaltimestamp:
			p.precision()
		}
		return p.newExpr(FunctionCall, start)
	}
	if t.key == kCollation && p.ahead(1).key == kFor {
		p.seek(p.i + 2)
		p.brackets(func() { p.expr() })
		return p.newExpr(FunctionCall, start)
	}
	if p.ahead(1).kind != tokOpen {
		return nil
	}
	if t.key == kCast || t.key == kTreat {
		return p.castCall()
	}
	inner := p.specialArguments(t.key)
	if inner == nil {
		return nil
	}
	p.advance()
	ops := p.work.ops
	p.brackets(inner)
	switch t.key {
	case kCoalesce:
		p.work.ops = ops // as of CASE
	case kJson, kJsonScalar, kJsonSerialize, kJsonArray, kJsonObject:
		p.effortless()
	default:
		p.works(true)
	}
	if t.key == kJsonObjectagg || t.key == kJsonArrayagg {
		p.callSuffix()
	}
	return p.newExpr(FunctionCall, start)
}

func (p *parser) castCall() *Expr {
	start := p.offset()
	kind := FunctionCall
	if p.atKey(kCast) {
		kind = Cast
	}
	p.advance()
	var inner *Expr
	var to string
	p.brackets(func() {
		inner = p.expr()
		p.expectKey(kAs)
		at := p.offset()
		p.typeName()
		to = fold(p.text[at:p.lastEnd()])
		p.converts(isGiven(inner), to)
	})
	e := p.newExpr(kind, start)
	e.Left, e.Name = inner, to
	return e
}

// specialArguments gives the rule for what stands in the brackets.
func (p *parser) specialArguments(k keyword) func() {
	switch k {
	case kCoalesce, kGreatest, kLeast, kGrouping, kXmlconcat:
		return p.exprList
	case kNullif:
		return func() {
			p.expr()
			p.expect(tokComma, ",")
			p.expr()
		}
	case kExtract:
		return func() {
			p.field()
			p.expectKey(kFrom)
			p.expr()
		}
	case kNormalize:
		return func() {
			p.expr()
			if p.accept(tokComma) && !p.acceptOneOf(kNfc, kNfd, kNfkc, kNfkd) {
				p.unexpected("a normal form")
			}
		}
	case kOverlay:
		return p.overlay
	case kPosition:
		return func() {
			p.simpleExpr()
			p.expectKey(kIn)
			p.simpleExpr()
		}
	case kSubstring:
		return p.substring
	case kTrim:
		return p.trim
	case kMergeAction:
		return func() {}
	}
	if inner := p.xmlArguments(k); inner != nil {
		return inner
	}
	return p.jsonArguments(k)
}

// field reads what EXTRACT takes: no key word but the six that are fields.
func (p *parser) field() {
	switch t := p.tok(); {
	case t.kind == tokString, t.kind == tokQuoted,
		t.kind == tokIdent && t.key == notKeyword && !otherKeywords[p.nameOf(t)]:
		p.advance()
	case !p.acceptOneOf(kYear, kMonth, kDay, kHour, kMinute, kSecond):
		p.unexpected("a field")
	}
}

func (p *parser) overlay() {
	if p.at(tokClose) {
		return
	}
	p.argument()
	if p.acceptKey(kPlacing) {
		p.expr()
		p.expectKey(kFrom)
		p.expr()
		if p.acceptKey(kFor) {
			p.expr()
		}
		return
	}
	p.moreArguments()
}

func (p *parser) moreArguments() {
	for p.accept(tokComma) {
		p.argument()
	}
}

func (p *parser) substring() {
	if p.at(tokClose) {
		return
	}
	p.argument()
	switch {
	case p.acceptKey(kFrom):
		p.expr()
		if p.acceptKey(kFor) {
			p.expr()
		}
	case p.acceptKey(kFor):
		p.expr()
		if p.acceptKey(kFrom) {
			p.expr()
		}
	case p.acceptKey(kSimilar):
		p.expr()
		p.expectKey(kEscape)
		p.expr()
	default:
		p.moreArguments()
	}
}

func (p *parser) trim() {
	p.acceptOneOf(kBoth, kLeading, kTrailing)
	if p.acceptKey(kFrom) {
		p.exprList()
		return
	}
	p.expr()
	if p.acceptKey(kFrom) {
		p.exprList()
		return
	}
	for p.accept(tokComma) {
		p.expr()
	}
}
