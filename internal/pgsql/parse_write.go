package pgsql

func (p *parser) insert() *Statement {
	s, outer := p.begin(Insert)
	p.expectKey(kInsert)
	p.expectKey(kInto)
	r := p.newRelation()
	s.Target = r
	start := p.offset()
	p.qualifiedName(r)
	r.NameSpan = p.spanFrom(start)
	if at := p.offset(); p.acceptKey(kAs) {
		r.Alias = p.colID()
		r.AliasSpan = p.spanFrom(at)
	}
	r.Span = p.spanFrom(start)
	if p.at(tokOpen) && !p.isQuery(p.i) {
		s.Columns, s.ColumnsEnd = p.targetColumns()
	}
	p.overriding()
	at := p.offset()
	if s.Columns == nil && p.acceptKeys(kDefault, kValues) {
		s.SourceSpan = p.spanFrom(at)
	} else {
		s.Source = p.query()
		s.SourceSpan = p.spanFrom(at)
	}
	if p.atKeys(kOn, kConflict) {
		s.Conflict = p.conflict()
	}
	p.returning(s)
	p.end(outer)
	return s
}

// targetColumns reads (column, …) and gives the offset of the closing bracket.
func (p *parser) targetColumns() ([]ColumnName, int) {
	p.expect(tokOpen, "(")
	columns := p.columnLists.open()
	for more := true; more; more = p.accept(tokComma) {
		p.columnLists.add(p.targetColumn())
	}
	end := p.offset()
	p.expect(tokClose, ")")
	return p.columnLists.close(columns), end
}

// targetColumn reads a column that is written to; with an indirection only a
// part of it is.
func (p *parser) targetColumn() ColumnName {
	start := p.offset()
	c := ColumnName{Name: p.colID()}
	for p.at(tokDot) || p.at(tokOpenIndex) {
		c.Part = true
		p.indirection()
	}
	c.Span = p.spanFrom(start)
	return c
}

func (p *parser) overriding() {
	if !p.acceptKey(kOverriding) {
		return
	}
	if !p.acceptOneOf(kUser, kSystem) {
		p.unexpected("USER or SYSTEM")
	}
	p.expectKey(kValue)
}

func (p *parser) conflict() *Conflict {
	c := &Conflict{}
	start := p.offset()
	p.expectKey(kOn)
	p.expectKey(kConflict)
	switch {
	case p.acceptKeys(kOn, kConstraint):
		c.Constraint = p.colID()
	case p.at(tokOpen):
		p.brackets(func() { p.commaList(func() { p.indexElement(c) }) })
		if p.acceptKey(kWhere) {
			p.expr()
		}
	}
	p.expectKey(kDo)
	if p.acceptKey(kNothing) {
		c.Span = p.spanFrom(start)
		return c
	}
	p.expectKey(kUpdate)
	p.expectKey(kSet)
	c.Update = true
	c.Set = p.assignments()
	c.SetEnd = p.lastEnd()
	if p.acceptKey(kWhere) {
		c.Where = p.expr()
	}
	c.Span = p.spanFrom(start)
	return c
}

// indexElement reads one element of a conflict target.
func (p *parser) indexElement(c *Conflict) {
	start := p.offset()
	switch {
	case p.at(tokOpen):
		p.brackets(func() { p.expr() })
	case p.startsFunction():
		p.tableFunction()
	default:
		name := p.colID()
		c.Columns = append(c.Columns, ColumnName{Name: name, Span: p.spanFrom(start)})
	}
	if p.acceptKey(kCollate) {
		p.anyName()
	}
	if isColID(p.tok()) && !p.atKey(kNulls) {
		p.anyName() // operator class
	}
	if !p.acceptKey(kAsc) {
		p.acceptKey(kDesc)
	}
	p.nullsOrder()
}

func (p *parser) update() *Statement {
	s, outer := p.begin(Update)
	p.expectKey(kUpdate)
	s.Target = p.writeTarget()
	p.expectKey(kSet)
	s.Set = p.assignments()
	if p.acceptKey(kFrom) {
		s.From = p.fromList()
	}
	p.writeWhere(s)
	p.end(outer)
	return s
}

func (p *parser) delete() *Statement {
	s, outer := p.begin(Delete)
	p.expectKey(kDelete)
	p.expectKey(kFrom)
	s.Target = p.writeTarget()
	if p.acceptKey(kUsing) {
		s.From = p.fromList()
	}
	p.writeWhere(s)
	p.end(outer)
	return s
}

// writeTarget reads the table of an UPDATE, DELETE or MERGE. Its alias takes
// no column names, and SET is one only after AS.
func (p *parser) writeTarget() *Relation {
	r := p.relationName()
	at := p.offset()
	if p.acceptKey(kAs) || isColID(p.tok()) && !p.atKey(kSet) {
		r.Alias = p.colID()
		r.AliasSpan = p.spanFrom(at)
	}
	r.Span = p.spanFrom(r.NameSpan.Start)
	return r
}

// writeWhere reads WHERE and RETURNING of an UPDATE or DELETE.
func (p *parser) writeWhere(s *Statement) {
	s.FromEnd = p.lastEnd()
	if p.acceptKey(kWhere) {
		if p.acceptKeys(kCurrent, kOf) {
			s.Current = true
			p.colID()
		} else {
			s.Where = p.expr()
		}
	}
	p.returning(s)
}

func (p *parser) returning(s *Statement) {
	if !p.acceptKey(kReturning) {
		return
	}
	if p.acceptKey(kWith) {
		p.brackets(func() {
			p.commaList(func() {
				if !p.acceptOneOf(kOld, kNew) {
					p.unexpected("OLD or NEW")
				}
				p.expectKey(kAs)
				p.colID()
			})
		})
	}
	s.Outputs = p.outputs()
}

func (p *parser) assignments() []Assignment {
	list := p.assignmentLists.open()
	for more := true; more; more = p.accept(tokComma) {
		if p.at(tokOpen) {
			p.multipleAssignment()
			continue
		}
		c := p.targetColumn()
		p.expect(tokEqual, "=")
		p.assignmentLists.add(Assignment{ColumnName: c, Value: p.exprOrDefault()})
	}
	return p.assignmentLists.close(list)
}

// multipleAssignment reads (column, …) = row.
func (p *parser) multipleAssignment() {
	columns, _ := p.targetColumns()
	p.expect(tokEqual, "=")
	value := p.rowOrDefaults()
	for i, c := range columns {
		a := Assignment{ColumnName: c}
		if value.Kind == RowOf && len(value.Items) == len(columns) {
			a.Value = value.Items[i]
		} else if len(columns) == 1 && value.Kind != SubQuery {
			a.Value = value
		}
		p.assignmentLists.add(a)
	}
}

// rowOrDefaults reads the right side of a multiple assignment, in which a
// row may hold DEFAULT.
func (p *parser) rowOrDefaults() *Expr {
	p.defaults = true
	e := p.expr()
	p.defaults = false
	return e
}

func (p *parser) merge() *Statement {
	s, outer := p.begin(Merge)
	p.expectKey(kMerge)
	p.expectKey(kInto)
	s.Target = p.writeTarget()
	p.expectKey(kUsing)
	s.From = []*FromItem{p.tableRef()}
	s.FromEnd = p.lastEnd()
	p.expectKey(kOn)
	s.Where = p.expr()
	for p.atKey(kWhen) {
		s.Actions = append(s.Actions, p.mergeAction())
	}
	if s.Actions == nil {
		p.unexpected("WHEN")
	}
	p.returning(s)
	p.end(outer)
	return s
}

func (p *parser) mergeAction() *Action {
	a := &Action{}
	start := p.offset()
	p.expectKey(kWhen)
	if p.acceptKey(kMatched) {
		a.Matched = true
	} else {
		p.expectKey(kNot)
		p.expectKey(kMatched)
		if p.acceptKey(kBy) {
			if p.acceptKey(kSource) {
				a.BySource = true
			} else {
				p.expectKey(kTarget)
			}
		}
	}
	if p.acceptKey(kAnd) {
		a.Condition = p.expr()
	}
	a.Then = p.offset()
	p.expectKey(kThen)
	onTarget := a.Matched || a.BySource
	switch {
	case p.acceptKeys(kDo, kNothing):
	case onTarget && p.acceptKey(kUpdate):
		a.Do = Update
		p.expectKey(kSet)
		a.Set = p.assignments()
	case onTarget && p.acceptKey(kDelete):
		a.Do = Delete
	case !onTarget && p.acceptKey(kInsert):
		a.Do = Insert
		p.mergeInsert(a)
	default:
		p.unexpected("an action that fits the WHEN")
	}
	a.Span = p.spanFrom(start)
	return a
}

func (p *parser) mergeInsert(a *Action) {
	start := p.offset()
	if p.acceptKeys(kDefault, kValues) {
		a.Default = true
		a.Values.Span = p.spanFrom(start)
		return
	}
	if p.at(tokOpen) {
		a.Columns, a.ColumnsEnd = p.targetColumns()
	}
	p.overriding()
	p.expectKey(kValues)
	a.Values = p.row()
}
