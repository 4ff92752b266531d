package schema

import "maps"

// parser reads the tokens of one statement.
type parser struct {
	tokens []token
	i      int
	schema *Schema
}

func (p *parser) tok() token {
	if p.i < len(p.tokens) {
		return p.tokens[p.i]
	}
	return token{}
}

// accept passes the words, if they come next.
func (p *parser) accept(words ...string) bool {
	for n, w := range words {
		if p.i+n >= len(p.tokens) || p.tokens[p.i+n].quoted || p.tokens[p.i+n].text != w {
			return false
		}
	}
	p.i += len(words)
	return true
}

func (p *parser) statement() {
	switch {
	case p.accept("create"):
		p.create()
	case p.accept("alter", "table"):
		p.alter()
	case p.accept("drop", "table"):
		p.accept("if", "exists")
		for {
			name, ok := p.name()
			if !ok {
				return
			}
			p.schema.drop(name)
			if !p.accept(",") {
				return
			}
		}
	}
}

// name reads a table's name.
func (p *parser) name() (key [2]string, ok bool) {
	if !p.tok().word {
		return key, false
	}
	key[1] = p.tok().text
	p.i++
	for p.accept(".") {
		key[0], key[1] = key[1], p.tok().text
		p.i++
	}
	if key[0] == "public" {
		key[0] = ""
	}
	return key, true
}

func (p *parser) create() {
	for p.accept("or", "replace") || p.accept("global") || p.accept("local") || p.accept("unlogged") || p.accept("foreign") {
	}
	if p.accept("temp") || p.accept("temporary") || !p.accept("table") {
		return // a temporary table is nobody's but the session's
	}
	p.accept("if", "not", "exists")
	name, ok := p.name()
	if !ok {
		return
	}
	if old := p.schema.tables[name]; old != nil && !old.gone && p.tok().text != "" {
		return // IF NOT EXISTS: the first definition counts
	}
	t := p.schema.table(name)
	if p.accept("partition", "of") {
		p.inherit(t)
		return
	}
	if p.accept("(") {
		p.columns(t)
	}
	if p.accept("inherits", "(") {
		for p.inherit(t); p.accept(","); {
			p.inherit(t)
		}
	}
}

func (p *parser) inherit(t *Table) {
	if name, ok := p.name(); ok {
		if parent := p.schema.tables[name]; parent != nil {
			maps.Copy(t.columns, parent.columns)
		}
	}
}

// columns reads the elements of CREATE TABLE up to the closing bracket.
func (p *parser) columns(t *Table) {
	for p.i < len(p.tokens) {
		switch first := p.tok(); {
		case first.text == ")" && !first.quoted:
			p.i++
			return
		case p.accept("like"):
			p.inherit(t)
		case first.word && (first.quoted || !constraint[first.text]):
			t.columns[first.text] = true
			p.i++
		}
		if p.element() {
			return
		}
	}
}

var constraint = map[string]bool{
	"constraint": true, "primary": true, "unique": true, "check": true, "foreign": true,
	"exclude": true, "key": true, "index": true, "period": true,
}

// element passes the rest of an element; it returns true at the bracket that
// closes the list.
func (p *parser) element() (last bool) {
	depth := 0
	for ; p.i < len(p.tokens); p.i++ {
		switch p.tokens[p.i].text {
		case "(":
			depth++
		case ")":
			if depth == 0 {
				p.i++
				return true
			}
			depth--
		case ",":
			if depth == 0 {
				p.i++
				return false
			}
		}
	}
	return true
}

func (p *parser) alter() {
	p.accept("if", "exists")
	p.accept("only")
	name, ok := p.name()
	if !ok {
		return
	}
	p.accept("*")
	for p.i < len(p.tokens) {
		p.action(&name)
		if p.element() && p.i >= len(p.tokens) {
			return
		}
	}
}

// action is one part of ALTER TABLE.
func (p *parser) action(name *[2]string) {
	switch {
	case p.accept("add"):
		p.add(*name)
	case p.accept("drop"):
		p.accept("column")
		p.accept("if", "exists")
		if t := p.schema.tables[*name]; t != nil && p.tok().word {
			delete(t.columns, p.tok().text)
		}
	case p.accept("rename", "to"):
		if to, ok := p.name(); ok {
			to[0] = name[0]
			p.schema.rename(*name, to)
			*name = to
		}
	case p.accept("rename"):
		if p.accept("constraint") {
			return
		}
		p.accept("column")
		from := p.tok().text
		p.i++
		if t := p.schema.tables[*name]; t != nil && p.accept("to") && t.columns[from] {
			delete(t.columns, from)
			t.columns[p.tok().text] = true
		}
	case p.accept("set", "schema"):
		to := [2]string{p.tok().text, name[1]}
		if to[0] == "public" {
			to[0] = ""
		}
		p.schema.rename(*name, to)
		*name = to
	}
}

func (p *parser) add(name [2]string) {
	column := p.accept("column")
	p.accept("if", "not", "exists")
	first := p.tok()
	if !first.word || !column && !first.quoted && constraint[first.text] {
		return
	}
	p.schema.table(name).columns[first.text] = true
}
