package pgsql

// jsonArguments gives the rule for the brackets of an SQL/JSON function, or
// nil.
func (p *parser) jsonArguments(k keyword) func() {
	switch k {
	case kJsonObject:
		return p.jsonObject
	case kJsonArray:
		return p.jsonArray
	case kJsonObjectagg:
		return func() {
			p.jsonPair()
			p.jsonNulls()
			p.uniqueKeys()
			p.jsonReturning()
		}
	case kJsonArrayagg:
		return func() {
			p.jsonValue()
			if p.atKey(kOrder) {
				p.orderBy()
			}
			p.jsonNulls()
			p.jsonReturning()
		}
	case kJson:
		return func() {
			p.jsonValue()
			p.uniqueKeys()
		}
	case kJsonScalar:
		return func() { p.expr() }
	case kJsonSerialize:
		return func() {
			p.jsonValue()
			p.jsonReturning()
		}
	case kJsonExists:
		return func() {
			p.jsonPath()
			p.jsonOn(false)
		}
	case kJsonValue:
		return func() {
			p.jsonPath()
			p.jsonReturning()
			p.jsonOn(true)
		}
	case kJsonQuery:
		return func() {
			p.jsonPath()
			p.jsonReturning()
			p.jsonWrapper()
			p.jsonQuotes()
			p.jsonOn(true)
		}
	}
	return nil
}

// jsonObject reads the constructor, or the arguments of the function of the
// same name.
func (p *parser) jsonObject() {
	if !p.at(tokClose) && !p.atKey(kReturning) {
		p.argument()
		if !p.atJSONPair() {
			p.moreArguments()
			return
		}
		p.jsonPairRest()
		for p.accept(tokComma) {
			p.jsonPair()
		}
		p.jsonNulls()
		p.uniqueKeys()
	}
	p.jsonReturning()
}

func (p *parser) atJSONPair() bool { return p.at(tokColon) || p.atKey(kValue) }

func (p *parser) jsonPair() {
	p.expr()
	p.jsonPairRest()
}

func (p *parser) jsonPairRest() {
	if !p.accept(tokColon) {
		p.expectKey(kValue)
	}
	p.jsonValue()
}

func (p *parser) jsonArray() {
	switch {
	case p.at(tokClose), p.atKey(kReturning):
	case p.atKey(kSelect), p.atKey(kWith), p.atKey(kValues), p.at(tokOpen) && p.isQuery(p.i) && p.queryFillsBracket():
		p.inner(p.query)
		p.jsonFormat()
	default:
		p.commaList(p.jsonValue)
		p.jsonNulls()
	}
	p.jsonReturning()
}

// queryFillsBracket tells whether the bracketed query at the current token is
// all that the surrounding bracket holds, rather than its first element.
func (p *parser) queryFillsBracket() bool {
	after := &p.tokens[p.tok().match+1]
	switch after.key {
	case kUnion, kIntersect, kExcept, kOrder, kLimit, kOffset, kFetch, kFor:
		return true
	}
	return false
}

// jsonValue reads an expression with FORMAT JSON.
func (p *parser) jsonValue() {
	p.expr()
	p.jsonFormat()
}

func (p *parser) jsonFormat() {
	if !p.acceptKeys(kFormat, kJson) || !p.acceptKey(kEncoding) {
		return
	}
	at := p.offset()
	switch p.colID() {
	case "utf8", "utf16", "utf32":
	default:
		fail(at, "JSON encoding is not UTF8, UTF16 or UTF32")
	}
}

func (p *parser) jsonNulls() {
	if !p.acceptKeys(kNull, kOn, kNull) {
		p.acceptKeys(kAbsent, kOn, kNull)
	}
}

func (p *parser) uniqueKeys() {
	if p.acceptKeys(kWith, kUnique) || p.acceptKeys(kWithout, kUnique) {
		p.acceptKey(kKeys)
	}
}

func (p *parser) jsonReturning() {
	if p.acceptKey(kReturning) {
		p.typeName()
		p.jsonFormat()
	}
}

// jsonPath reads value, path [PASSING value AS name, …].
func (p *parser) jsonPath() {
	p.jsonValue()
	p.expect(tokComma, ",")
	p.expr()
	p.jsonPassing()
}

func (p *parser) jsonPassing() {
	if !p.acceptKey(kPassing) {
		return
	}
	p.commaList(func() {
		p.jsonValue()
		p.expectKey(kAs)
		p.colLabel()
	})
}

func (p *parser) jsonWrapper() {
	switch {
	case p.acceptKey(kWithout):
	case p.acceptKey(kWith):
		p.acceptOneOf(kConditional, kUnconditional)
	default:
		return
	}
	p.acceptKey(kArray)
	p.expectKey(kWrapper)
}

func (p *parser) jsonQuotes() {
	if !p.acceptOneOf(kKeep, kOmit) {
		return
	}
	p.expectKey(kQuotes)
	if p.acceptKeys(kOn, kScalar) {
		p.expectKey(kString)
	}
}

// jsonOn reads what happens ON ERROR, and before that, with empty, what
// happens ON EMPTY.
func (p *parser) jsonOn(empty bool) {
	for {
		switch {
		case p.acceptKey(kDefault):
			p.expr()
		case p.acceptKey(kEmpty):
			p.acceptOneOf(kArray, kObject)
		case p.acceptOneOf(kError, kNull, kTrue, kFalse, kUnknown):
		default:
			return
		}
		p.expectKey(kOn)
		if !empty || !p.acceptKey(kEmpty) {
			p.expectKey(kError)
			return
		}
		empty = false
	}
}

func (p *parser) jsonTable() {
	p.expectKey(kJsonTable)
	p.brackets(func() {
		p.jsonValue()
		p.expect(tokComma, ",")
		p.stringConstant()
		if p.acceptKey(kAs) {
			p.colID()
		}
		p.jsonPassing()
		p.jsonColumns()
		p.jsonOn(false)
	})
}

func (p *parser) jsonColumns() {
	p.enter()
	defer p.leave()
	p.expectKey(kColumns)
	p.brackets(func() { p.commaList(p.jsonColumn) })
}

func (p *parser) jsonColumn() {
	if p.atKey(kNested) && (p.ahead(1).key == kPath || p.ahead(1).kind == tokString) {
		p.advance()
		p.acceptKey(kPath)
		p.stringConstant()
		if p.acceptKey(kAs) {
			p.colID()
		}
		p.jsonColumns()
		return
	}
	p.colID()
	if p.acceptKeys(kFor, kOrdinality) {
		return
	}
	p.typeName()
	if p.acceptKey(kExists) {
		p.jsonColumnPath()
		p.jsonOn(false)
		return
	}
	p.jsonFormat()
	p.jsonColumnPath()
	p.jsonWrapper()
	p.jsonQuotes()
	p.jsonOn(true)
}

func (p *parser) jsonColumnPath() {
	if p.acceptKey(kPath) {
		p.stringConstant()
	}
}
