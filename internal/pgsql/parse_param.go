package pgsql

func (p *parser) parameter() *Expr {
	p.tree.Params = append(p.tree.Params, Param{})
	n := len(p.tree.Params) - 1
	p.setParam(&p.tree.Params[n], p.tok())
	p.advance()
	return p.lastParam()
}

// setParam reads the number or the name in a token.
func (l *lexer) setParam(param *Param, t *token) {
	param.Number, param.Start, param.End = int(t.match), int(t.start), int(t.end)
	if l.text[t.start] != '$' {
		param.Name = l.text[t.start+1 : t.end]
	} else if t.match < 1 || t.match > maxParam {
		fail(param.Start, "parameter number %s is out of range 1 to %d", l.text[t.start:t.end], maxParam)
	}
}

// Params finds the parameters $1, $2, … of a text, which may be a part of a
// statement. The error is a *SyntaxError.
func Params(text string) (params []Param, err error) {
	l := lexer{text: text, part: true}
	defer func() {
		if e, ok := recover().(*SyntaxError); ok {
			params, err = nil, e
		}
	}()
	l.run()
	for i := range l.tokens {
		if t := &l.tokens[i]; t.kind == tokParam {
			params = append(params, Param{})
			l.setParam(&params[len(params)-1], t)
		}
	}
	return params, nil
}

// maxParam is what the wire protocol can bind.
const maxParam = 65535

func (p *parser) placeholder() *Expr {
	start := p.offset()
	p.advance()
	p.marks++
	p.tree.Params = append(p.tree.Params, Param{Number: p.marks, Span: p.spanFrom(start)})
	return p.lastParam()
}

// lastParam is the parameter that was read just now.
func (p *parser) lastParam() *Expr {
	n := len(p.tree.Params) - 1
	e := p.newExpr(Parameter, p.tree.Params[n].Start)
	e.Param = int32(n)
	return e
}
