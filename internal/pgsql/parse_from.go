package pgsql

func (p *parser) fromList() []*FromItem {
	items := p.itemLists.open()
	for more := true; more; more = p.accept(tokComma) {
		p.itemLists.add(p.tableRef())
	}
	return p.itemLists.close(items)
}

// tableRef reads a table or a chain of joins. A join binds to the left; a
// join that still waits for its ON takes the next one into its right side.
func (p *parser) tableRef() *FromItem {
	p.enter()
	left := p.tablePrimary()
	for p.atJoin() {
		kind, natural := p.joinType()
		j := p.joins.new()
		j.Kind, j.Left, j.Natural = kind, left, natural
		if kind == CrossJoin || natural {
			j.Right = p.tablePrimary()
		} else {
			j.Right = p.tableRef()
			p.joinQual(j)
		}
		item := p.items.new()
		item.Join, item.Span = j, p.spanFrom(left.Start)
		left = item
	}
	p.leave()
	return left
}

func (p *parser) atJoin() bool {
	switch p.key {
	case kJoin, kInner, kLeft, kRight, kFull, kCross, kNatural:
		return true
	}
	return false
}

func (p *parser) joinType() (kind JoinKind, natural bool) {
	natural = p.acceptKey(kNatural)
	kind = InnerJoin
	switch {
	case !natural && p.acceptKey(kCross):
		kind = CrossJoin
	case p.acceptKey(kInner):
	case p.acceptKey(kLeft):
		kind = LeftJoin
	case p.acceptKey(kRight):
		kind = RightJoin
	case p.acceptKey(kFull):
		kind = FullJoin
	}
	if kind != InnerJoin && kind != CrossJoin {
		p.acceptKey(kOuter)
		p.tree.holders = true
	}
	p.expectKey(kJoin)
	return kind, natural
}

func (p *parser) joinQual(j *Join) {
	if p.acceptKey(kOn) {
		j.On = p.expr()
		return
	}
	if !p.acceptKey(kUsing) {
		p.unexpected("ON or USING")
	}
	p.brackets(func() {
		p.commaList(func() { j.Using = append(j.Using, p.colID()) })
	})
	if p.acceptKey(kAs) {
		j.UsingAlias = p.colID()
	}
}

func (p *parser) tablePrimary() *FromItem {
	p.enter()
	start := p.offset()
	item := p.items.new()
	item.Lateral = p.acceptKey(kLateral)
	switch t := p.tok(); {
	case p.at(tokOpen) && p.isQuery(p.i):
		item.Derived = p.bracketedQuery()
		item.Alias, item.Columns = p.aliasClause()
		p.compute(item.Derived, item.Columns != nil)
		p.tree.derived = append(p.tree.derived, item.Alias)
	case p.at(tokOpen) && !item.Lateral:
		p.brackets(func() { item.Join = p.joinedTable() })
		item.Alias, item.Columns = p.aliasClause()
		p.tree.derived = append(p.tree.derived, item.Alias)
	case t.key == kXmltable:
		p.xmlTable()
		item.Alias, item.Columns = p.aliasClause()
	case t.key == kJsonTable && p.ahead(1).kind == tokOpen:
		p.jsonTable()
		item.Alias, item.Columns = p.aliasClause()
	case t.key == kRows && p.ahead(1).key == kFrom:
		p.seek(p.i + 2)
		p.brackets(func() {
			p.commaList(func() {
				p.tableFunction()
				if p.acceptKey(kAs) {
					p.columnDefs()
				}
			})
		})
		item.Alias = p.functionAlias()
	case p.startsFunction():
		name, varies := p.nameOf(p.tok()), p.work.varies
		p.tableFunction()
		item.Given = rowMakers[name] && p.work.varies == varies
		item.Alias = p.functionAlias()
	case item.Lateral:
		p.unexpected("a subquery or a function after LATERAL")
	default:
		item.Relation = p.relation()
		p.rename(item.Relation.Columns)
	}
	item.Span = p.spanFrom(start)
	p.rename(item.Columns)
	p.leave()
	return item
}

// joinedTable reads what stands in brackets: a join, perhaps in more brackets.
func (p *parser) joinedTable() *Join {
	item := p.tableRef()
	if item.Join == nil || item.Alias != "" {
		fail(item.Start, "brackets in FROM hold a join or a subquery")
	}
	return item.Join
}

// startsFunction tells whether the table reference is a function call.
func (p *parser) startsFunction() bool {
	t := p.tok()
	c, ok := classOf(t)
	if !ok || t.key == kOnly {
		return false
	}
	n := 1
	for p.ahead(n).kind == tokDot {
		n += 2
	}
	if p.ahead(n).kind == tokOpen {
		return true
	}
	return c == reserved && valueFunctions[t.key]
}

// rowMakers are functions of PostgreSQL whose rows hold what their arguments hold.
var rowMakers = map[string]bool{
	"unnest": true, "string_to_table": true, "regexp_split_to_table": true,
	"json_to_record": true, "json_to_recordset": true, "json_array_elements": true, "json_array_elements_text": true,
	"jsonb_to_record": true, "jsonb_to_recordset": true, "jsonb_array_elements": true, "jsonb_array_elements_text": true,
}

// tableFunction reads a function in FROM: gram.y's func_expr_windowless.
func (p *parser) tableFunction() {
	if p.atKey(kGrouping) {
		p.unexpected("a function")
	}
	if p.specialFunction() == nil {
		p.plainCall()
	}
}

// relation reads a table with its alias and TABLESAMPLE.
func (p *parser) relation() *Relation {
	r := p.relationName()
	aliasStart := p.offset()
	r.Alias, r.Columns = p.aliasClause()
	if r.Alias != "" {
		r.AliasSpan = p.spanFrom(aliasStart)
	}
	if p.acceptKey(kTablesample) {
		r.Sampled = true
		p.anyFunctionName()
		p.brackets(func() { p.exprList() })
		if p.acceptKey(kRepeatable) {
			p.brackets(func() { p.expr() })
		}
	}
	r.Span = p.spanFrom(r.NameSpan.Start)
	return r
}

// relationName reads name, name *, ONLY name and ONLY (name).
func (p *parser) relationName() *Relation {
	r := p.newRelation()
	start := p.offset()
	if p.acceptKey(kOnly) {
		if p.accept(tokOpen) {
			p.qualifiedName(r)
			p.expect(tokClose, ")")
		} else {
			p.qualifiedName(r)
		}
	} else {
		p.qualifiedName(r)
		p.accept(tokStar)
	}
	r.NameSpan = p.spanFrom(start)
	return r
}

func (p *parser) qualifiedName(r *Relation) {
	r.NameOffset = p.offset()
	r.Name = p.colID()
	if p.accept(tokDot) {
		r.Schema, r.Name = r.Name, p.colLabel()
	}
	if p.at(tokDot) {
		fail(r.NameOffset, "table name has more than a schema and a name")
	}
}

// aliasClause reads [AS] name [(column, …)].
func (p *parser) aliasClause() (alias string, columns []string) {
	if p.acceptKey(kAs) {
		alias = p.colID()
	} else if isColID(p.tok()) {
		alias = p.colID()
	} else {
		return "", nil
	}
	if p.at(tokOpen) {
		columns = p.nameList()
	}
	return alias, columns
}

// functionAlias reads [WITH ORDINALITY] and an alias that may define columns. The
// planner may put the value of a function in its place
// (pull_up_constant_function in prepjointree.c).
func (p *parser) functionAlias() string {
	if p.acceptKey(kWith) {
		p.expectKey(kOrdinality)
	}
	if p.acceptKey(kAs) {
		if p.at(tokOpen) {
			p.columnDefs()
			return ""
		}
	} else if !isColID(p.tok()) {
		p.tree.fixed = append(p.tree.fixed, "")
		return ""
	}
	alias := p.colID()
	if !p.at(tokOpen) {
		p.tree.fixed = append(p.tree.fixed, alias)
		return alias
	}
	if k := p.ahead(2).kind; k == tokComma || k == tokClose {
		p.tree.fixed = append(p.tree.fixed, p.nameList()...)
	} else {
		p.columnDefs()
	}
	return alias
}

func (p *parser) columnDefs() {
	p.brackets(func() {
		p.commaList(func() {
			p.colID()
			p.typeName()
			if p.acceptKey(kCollate) {
				p.anyName()
			}
		})
	})
}
