package pgsql

// Split cuts a script at its semicolons; empty statements are left out. The
// error is a *SyntaxError.
func Split(text string, o Options) (statements []Span, err error) {
	tokens, err := tokenize(text, o)
	if err != nil {
		return nil, err
	}
	depth, start := 0, -1
	for _, t := range tokens {
		switch t.kind {
		case tokOpen, tokOpenIndex:
			depth++
		case tokClose, tokCloseIndex:
			depth--
		case tokSemicolon, tokEOF:
			if depth == 0 || t.kind == tokEOF {
				if start >= 0 {
					statements = append(statements, Span{start, int(t.start)})
				}
				start = -1
				continue
			}
		}
		if start < 0 {
			start = int(t.start)
		}
	}
	return statements, nil
}

func tokenize(text string, o Options) (tokens []token, err error) {
	l := lexer{text: text, loose: o.Loose}
	defer func() {
		if e, ok := recover().(*SyntaxError); ok {
			tokens, err = nil, e
		}
	}()
	l.run()
	return l.tokens, nil
}

// Utility is a statement that is not DML itself.
type Utility struct {
	Body    Span        // of the query that it runs, if any
	Tables  []*Relation // what COPY and TRUNCATE name
	Columns []string    // of COPY
	Verb    Kind        // what happens to Tables: Select, Insert or Delete
}

// ReadUtility tells which rows a statement reads or writes that begins with
// none of the words of DML: CREATE TABLE AS, PREPARE, DECLARE CURSOR, COPY and
// TRUNCATE have such, definitions and settings do not. ok is false for text
// that begins with another word.
func ReadUtility(text string, o Options) (u *Utility, ok bool) {
	tokens, err := tokenize(text, o)
	if err != nil || len(tokens) == 1 || tokens[0].kind != tokIdent {
		return nil, false
	}
	p := parser{lexer: lexer{text: text, loose: o.Loose, tokens: tokens}, opts: o.withDefaults(), tree: &Tree{Text: text}}
	defer func() {
		// What is not understood is no utility statement that is known.
		if _, failed := recover().(*SyntaxError); failed {
			u, ok = nil, false
		}
	}()
	u = &Utility{}
	word := fold(text[tokens[0].start:tokens[0].end])
	switch word {
	case "create", "prepare", "declare":
		u.Body = p.body()
	case "copy":
		p.copyTables(u)
	case "truncate":
		u.Verb = Delete
		p.advance()
		p.acceptKey(kTable)
		p.commaList(func() { u.Tables = append(u.Tables, p.relationName()) })
	default:
		return u, touchesNoRows[word]
	}
	return u, true
}

// touchesNoRows are the first words of statements without rows of their own.
var touchesNoRows = wordSet(`alter analyze analyse begin checkpoint close cluster comment commit deallocate discard
	do drop end execute fetch grant import listen load lock move notify reassign refresh reindex release reset revoke rollback
	savepoint security set show start unlisten vacuum abort call`)

// body finds the query behind AS or FOR; a definition without rows (a view,
// a function) has none.
func (p *parser) body() Span {
	for p.seek(1); !p.at(tokEOF); p.advance() {
		t := p.tok()
		switch fold(p.text[t.start:t.end]) {
		case "view":
			if fold(p.text[p.tokens[p.i-1].start:p.tokens[p.i-1].end]) != "materialized" {
				return Span{}
			}
		case "function", "procedure", "policy", "rule", "trigger", "schema", "index":
			return Span{}
		case "as", "for":
			next := p.ahead(1)
			switch next.key {
			case kSelect, kWith, kValues, kTable, kInsert, kUpdate, kDelete, kMerge:
				return Span{int(next.start), p.bodyEnd()}
			}
			if next.kind == tokOpen && p.isQuery(p.i+1) {
				return Span{int(next.start), p.bodyEnd()}
			}
		}
		if t.kind == tokOpen {
			p.seek(int(t.match))
		}
	}
	return Span{}
}

// bodyEnd leaves out WITH [NO] DATA.
func (p *parser) bodyEnd() int {
	n := len(p.tokens) - 1
	word := func(i int) string { return fold(p.text[p.tokens[i].start:p.tokens[i].end]) }
	if n > 3 && word(n-1) == "data" {
		if word(n-2) == "with" {
			return int(p.tokens[n-3].end)
		}
		if word(n-2) == "no" && word(n-3) == "with" {
			return int(p.tokens[n-4].end)
		}
	}
	return int(p.tokens[n-1].end)
}

func (p *parser) copyTables(u *Utility) {
	p.advance()
	if p.at(tokOpen) {
		t := p.tok()
		u.Body = Span{int(t.end), int(p.tokens[t.match].start)}
		return
	}
	u.Tables = []*Relation{p.relationName()}
	if p.at(tokOpen) {
		p.brackets(func() { p.commaList(func() { u.Columns = append(u.Columns, p.colID()) }) })
	}
	u.Verb = Select
	if p.acceptKey(kFrom) {
		u.Verb = Insert
	}
}
