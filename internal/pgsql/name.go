package pgsql

import "strings"

// ParseName reads a table's SQL name: one or two identifiers with a dot
// between them. Unquoted ones are folded to lower case. The error is a
// *SyntaxError.
func ParseName(s string) (schema, name string, err error) {
	p := parser{lexer: lexer{text: s}}
	defer func() {
		if e, ok := recover().(*SyntaxError); ok {
			schema, name, err = "", "", e
		}
	}()
	p.scan()
	// A comment or a space around the name is a slip.
	if n := len(p.tokens); n > 1 && (p.tokens[0].start != 0 || int(p.tokens[n-2].end) != len(s)) {
		fail(0, "space or comment around the name")
	}
	first := p.colID()
	if p.accept(tokDot) {
		schema, name = first, p.colLabel()
	} else {
		name = first
	}
	if !p.at(tokEOF) {
		p.unexpected("the end of the name")
	}
	return schema, name, nil
}

// QuoteName writes an identifier so that it is read back as it is: quoted
// only where it has to be.
func QuoteName(name string) string {
	if plainName(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// QuoteTable is [QuoteName] for a name as [ParseName] gives it; schema is empty for
// one that stands alone.
func QuoteTable(schema, name string) string {
	if schema == "" {
		return QuoteName(name)
	}
	return QuoteName(schema) + "." + QuoteName(name)
}

func plainName(name string) bool {
	if name == "" || !(name[0] == '_' || 'a' <= name[0] && name[0] <= 'z') {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if !(c == '_' || 'a' <= c && c <= 'z' || isDigit(c)) {
			return false
		}
	}
	k := lookup(name)
	return k == notKeyword || words[k].class == unreserved && words[k].bare
}

// fold is what PostgreSQL makes of an unquoted identifier in a UTF-8
// database: ASCII letters in lower case, the rest as it is.
func fold(s string) string {
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if 'A' <= b[i] && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// nameOf is the identifier in a token.
func (p *parser) nameOf(t *token) string {
	s := p.text[t.start:t.end]
	switch {
	case t.kind == tokQuoted:
		return unquote(s)
	case t.upper:
		return fold(s)
	}
	return s
}

// unquote is the identifier that "…" or U&"…" stands for.
func unquote(s string) string {
	if s[0] != '"' {
		return nameInToken(s)
	}
	s = s[1 : len(s)-1]
	if strings.Contains(s, `"`) {
		s = strings.ReplaceAll(s, `""`, `"`)
	}
	return s
}

// classOf tells how a token may serve as a name; ok is false for what is no
// identifier at all.
func classOf(t *token) (c class, ok bool) {
	switch t.kind {
	case tokQuoted:
		return unreserved, true
	case tokIdent:
		return words[t.key].class, true
	}
	return 0, false
}

func isColID(t *token) bool {
	c, ok := classOf(t)
	return ok && (c == unreserved || c == columnName)
}

func isFunctionName(t *token) bool {
	c, ok := classOf(t)
	return ok && (c == unreserved || c == typeOrFunction)
}

// colID reads the name of a table, a column or an alias.
func (p *parser) colID() string {
	if !isColID(p.tok()) {
		p.unexpected("a name")
	}
	p.advance()
	return p.nameOf(&p.tokens[p.i-1])
}

// colLabel reads a name that may be any word, as after AS or a dot.
func (p *parser) colLabel() string {
	if _, ok := classOf(p.tok()); !ok {
		p.unexpected("a name")
	}
	p.advance()
	return p.nameOf(&p.tokens[p.i-1])
}

// bareLabel reads a column label that has no AS; it is empty for none.
func (p *parser) bareLabel() string {
	t := p.tok()
	if t.kind == tokQuoted || t.kind == tokIdent && (t.key == notKeyword || words[t.key].bare) {
		p.advance()
		return p.nameOf(t)
	}
	return ""
}

// anyName reads name{.name}, as of a collation or an operator class.
func (p *parser) anyName() {
	for p.colID(); p.accept(tokDot); {
		p.colLabel()
	}
}

func (p *parser) nameList() (names []string) {
	p.brackets(func() { p.commaList(func() { names = append(names, p.colID()) }) })
	return names
}
