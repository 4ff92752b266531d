package pgsql

// xmlArguments gives the rule for the brackets of an XML function, or nil.
func (p *parser) xmlArguments(k keyword) func() {
	switch k {
	case kXmlelement:
		return func() {
			p.expectKey(kName)
			p.colLabel()
			if p.atKeys(kXmlattributes) && p.ahead(1).kind == tokOpen {
				p.unexpected(",")
			}
			if !p.accept(tokComma) {
				return
			}
			if p.atKey(kXmlattributes) && p.ahead(1).kind == tokOpen {
				p.advance()
				p.brackets(p.labelledList)
				if !p.accept(tokComma) {
					return
				}
			}
			p.exprList()
		}
	case kXmlforest:
		return p.labelledList
	case kXmlexists:
		return func() {
			p.primary()
			p.passing()
		}
	case kXmlparse:
		return func() {
			p.documentOrContent()
			p.expr()
			if p.acceptOneOf(kPreserve, kStrip) {
				p.expectKey(kWhitespace)
			}
		}
	case kXmlpi:
		return func() {
			p.expectKey(kName)
			p.colLabel()
			if p.accept(tokComma) {
				p.expr()
			}
		}
	case kXmlroot:
		return p.xmlRoot
	case kXmlserialize:
		return func() {
			p.documentOrContent()
			p.expr()
			p.expectKey(kAs)
			p.simpleType()
			if !p.acceptKey(kIndent) {
				p.acceptKeys(kNo, kIndent)
			}
		}
	}
	return nil
}

func (p *parser) documentOrContent() {
	if !p.acceptOneOf(kDocument, kContent) {
		p.unexpected("DOCUMENT or CONTENT")
	}
}

func (p *parser) labelledList() {
	p.commaList(func() {
		p.expr()
		if p.acceptKey(kAs) {
			p.colLabel()
		}
	})
}

// passing reads PASSING [BY REF] value [BY REF].
func (p *parser) passing() {
	p.expectKey(kPassing)
	p.byMechanism()
	p.primary()
	p.byMechanism()
}

func (p *parser) byMechanism() {
	if p.acceptKey(kBy) && !p.acceptOneOf(kRef, kValue) {
		p.unexpected("REF or VALUE")
	}
}

func (p *parser) xmlRoot() {
	p.expr()
	p.expect(tokComma, ",")
	p.expectKey(kVersion)
	if !p.acceptKeys(kNo, kValue) {
		p.expr()
	}
	if !p.accept(tokComma) {
		return
	}
	p.expectKey(kStandalone)
	if p.acceptKey(kNo) {
		p.acceptKey(kValue)
		return
	}
	p.expectKey(kYes)
}

func (p *parser) xmlTable() {
	p.expectKey(kXmltable)
	p.brackets(func() {
		if p.acceptKey(kXmlnamespaces) {
			p.brackets(func() {
				p.commaList(func() {
					if p.acceptKey(kDefault) {
						p.simpleExpr()
						return
					}
					p.simpleExpr()
					p.expectKey(kAs)
					p.colLabel()
				})
			})
			p.expect(tokComma, ",")
		}
		p.primary()
		p.passing()
		p.expectKey(kColumns)
		p.commaList(p.xmlColumn)
	})
}

func (p *parser) xmlColumn() {
	p.colID()
	if p.acceptKeys(kFor, kOrdinality) {
		return
	}
	p.typeName()
	for seen := map[keyword]bool{}; ; {
		k := p.key
		at := p.offset()
		switch {
		case p.acceptKey(kDefault), p.acceptKey(kPath):
			p.simpleExpr()
		case p.acceptKeys(kNot, kNull), p.acceptKey(kNull):
			k = kNull
		default:
			return
		}
		if seen[k] {
			fail(at, "column of XMLTABLE has an option twice")
		}
		seen[k] = true
	}
}
