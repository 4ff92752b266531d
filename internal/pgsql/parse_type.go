package pgsql

// typeName reads gram.y's Typename.
func (p *parser) typeName() {
	p.acceptKey(kSetof)
	p.simpleType()
	if p.acceptKey(kArray) {
		if p.accept(tokOpenIndex) {
			p.expect(tokInt, "a number")
			p.expect(tokCloseIndex, "]")
		}
		return
	}
	for p.accept(tokOpenIndex) {
		p.accept(tokInt)
		p.expect(tokCloseIndex, "]")
	}
}

func (p *parser) simpleType() {
	switch k := p.key; k {
	case kInt, kInteger, kSmallint, kBigint, kReal, kBoolean, kJson:
		p.advance()
	case kFloat:
		p.advance()
		p.precision()
	case kDecimal, kDec, kNumeric:
		p.advance()
		p.typeModifiers()
	case kBit:
		p.advance()
		p.acceptKey(kVarying)
		p.typeModifiers()
	case kVarchar:
		p.advance()
		p.precision()
	case kChar, kCharacter, kNchar:
		p.advance()
		p.acceptKey(kVarying)
		p.precision()
	case kNational:
		p.advance()
		if !p.acceptOneOf(kCharacter, kChar) {
			p.unexpected("CHARACTER")
		}
		p.acceptKey(kVarying)
		p.precision()
	case kTime, kTimestamp:
		p.advance()
		p.precision()
		if p.acceptKeys(kWith, kTime, kZone) {
			return
		}
		p.acceptKeys(kWithout, kTime, kZone)
	case kInterval:
		p.advance()
		if p.at(tokOpen) {
			p.precision()
			return
		}
		p.intervalFields()
	case kDouble:
		p.advance()
		if p.acceptKey(kPrecision) {
			return
		}
		p.genericTypeRest()
	default:
		if !isFunctionName(p.tok()) {
			p.unexpected("a type")
		}
		p.advance()
		p.genericTypeRest()
	}
}

func (p *parser) genericTypeRest() {
	for p.accept(tokDot) {
		p.colLabel()
	}
	p.typeModifiers()
}

// precision reads an optional (n).
func (p *parser) precision() {
	if p.at(tokOpen) {
		p.brackets(func() { p.expect(tokInt, "a number") })
	}
}

func (p *parser) typeModifiers() {
	if p.at(tokOpen) {
		p.brackets(func() { p.exprList() })
	}
}

func (p *parser) intervalFields() {
	switch {
	case p.acceptKey(kYear):
		p.acceptKeys(kTo, kMonth)
	case p.acceptKey(kMonth):
	case p.acceptKey(kDay):
		if p.acceptKeys(kTo, kHour) || p.acceptKeys(kTo, kMinute) {
			return
		}
		if p.acceptKeys(kTo, kSecond) {
			p.precision()
		}
	case p.acceptKey(kHour):
		if p.acceptKeys(kTo, kMinute) {
			return
		}
		if p.acceptKeys(kTo, kSecond) {
			p.precision()
		}
	case p.acceptKey(kMinute):
		if p.acceptKeys(kTo, kSecond) {
			p.precision()
		}
	case p.acceptKey(kSecond):
		p.precision()
	}
}

// typedConstant reads a constant that begins with one of the grammar's own
// type names, as in timestamp(3) '2024-01-01'. The names may be columns too,
// so without a string behind the type nothing is read and nil is returned.
func (p *parser) typedConstant() *Expr {
	switch p.key {
	case kInt, kInteger, kSmallint, kBigint, kReal, kBoolean, kFloat, kDecimal, kDec, kNumeric, kBit,
		kVarchar, kChar, kCharacter, kNchar, kNational, kTime, kTimestamp, kInterval, kJson, kDouble:
	default:
		return nil
	}
	start, from := p.offset(), p.i
	if !p.stringFollowsType() {
		return nil
	}
	p.seek(from)
	interval := p.atKey(kInterval)
	p.simpleType()
	p.stringConstant()
	if interval {
		p.intervalFields()
	}
	return p.newExpr(Literal, start)
}

// stringFollowsType looks past the words and the modifiers of a type.
func (p *parser) stringFollowsType() bool {
	for n := 1; ; n++ {
		switch t := p.ahead(n); {
		case t.kind == tokString:
			return true
		case t.kind == tokOpen:
			n = int(t.match) - p.i
		case t.key == kVarying, t.key == kPrecision, t.key == kCharacter, t.key == kChar,
			t.key == kWith, t.key == kWithout, t.key == kTime, t.key == kZone:
		default:
			return false
		}
	}
}
