package pgsql

func (p *parser) parameter() *Expr {
	p.tree.Params = append(p.tree.Params, p.param(p.tok()))
	p.advance()
	return p.lastParam()
}

// param reads the number or the name in a token.
func (l *lexer) param(t *token) Param {
	param := Param{Number: int(t.match), Span: Span{int(t.start), int(t.end)}}
	if s := l.text[t.start:t.end]; s[0] != '$' {
		param.Name = s[1:]
	} else if t.match < 1 || t.match > maxParam {
		fail(int(t.start), "parameter number %s is out of range 1 to %d", s, maxParam)
	}
	return param
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
			params = append(params, l.param(t))
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
