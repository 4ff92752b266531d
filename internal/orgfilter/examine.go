package orgfilter

import (
	"slices"
	"strings"

	"github.com/sigrahq/sigra/internal/pgsql"
)

// Verb is what a statement does to a table.
type Verb uint8

const (
	Read Verb = iota + 1
	Insert
	Update
	Delete
	Merge
)

func (v Verb) String() string {
	return [...]string{"", "read", "insert", "update", "delete", "merge"}[v]
}

// Use is one appearance of a relation in a statement: a table in FROM or
// USING, or the target of a write, at any depth. References to a CTE are not
// uses.
type Use struct {
	Schema, Name string // as written, folded; Schema is empty when unqualified
	Alias        string // the name by which the statement calls it
	Verb         Verb
	Table        Table // zero when the catalog does not know the table
	Known        bool
	Offset, End  int // the name's bytes in the text

	// Of an org-owned table:

	Bound    bool    // restricted to one organization by something that binds
	Operands []Value // what it is compared with, or, for an insert, what fills the ownership column
	Missing  bool    // an insert, also one of MERGE, that leaves the ownership column out
	Moves    bool    // an update that assigns the ownership column
	Moved    []Value // what such an update assigns
	Conflict *Conflict
}

// Conflict is an ON CONFLICT DO UPDATE.
type Conflict struct {
	Offset  int
	Led     bool // the conflict target contains the ownership column
	Guarded bool // its WHERE binds the ownership column
}

// Value is what stands on the other side of an ownership column.
type Value struct {
	Param  int    // n of $n, or the position of a ?; 0 otherwise
	Named  string // name of @name or :name; empty otherwise
	Const  bool   // a literal
	Offset int
}

// Report is what a statement touches, in order of appearance.
type Report struct {
	Uses []Use
	Runs []pgsql.Call // of functions that run SQL text or read a table by its name
}

// Examine reads hand-written SQL and says of each relation how it is
// restricted. Placeholders may be $1, @name, :name or ?; a ? counts as the
// next parameter. It changes nothing, and it never guesses: text it cannot
// read is a *pgsql.SyntaxError or a *pgsql.LimitError.
//
// The text may be a script. A statement that touches no rows (DDL, SET,
// LISTEN, VACUUM) adds nothing to the Report; EXPLAIN, PREPARE, DECLARE CURSOR,
// CREATE TABLE AS and COPY are examined as the statement they hold.
func Examine(text string, c *Catalog) (*Report, error) {
	options := pgsql.Options{Loose: true}
	statements, err := pgsql.Split(text, options)
	if err != nil {
		return nil, err
	}
	report := &Report{}
	for _, span := range statements {
		if err := examineOne(text[span.Start:span.End], span.Start, c, report); err != nil {
			return nil, shifted(err, span.Start)
		}
	}
	return report, nil
}

// examineOne adds the uses of one statement that begins at byte offset.
func examineOne(text string, offset int, c *Catalog, report *Report) error {
	options := pgsql.Options{Loose: true}
	x := &examiner{catalog: c}
	if u, ok := pgsql.ReadUtility(text, options); ok {
		if u.Body != (pgsql.Span{}) {
			return examineOne(text[u.Body.Start:u.Body.End], offset+u.Body.Start, c, report)
		}
		x.utility(u)
	} else {
		tree, err := pgsql.Read(text, options)
		if err != nil {
			return err
		}
		x.tree = tree
		x.statement(tree.Root, nil)
		for _, call := range tree.Calls {
			if denied.hides(call.Name) == runsText {
				call.Offset += offset
				report.Runs = append(report.Runs, call)
			}
		}
	}
	slices.SortStableFunc(x.uses, func(a, b Use) int { return a.Offset - b.Offset })
	for _, use := range x.uses {
		use.shift(offset)
		report.Uses = append(report.Uses, use)
	}
	return nil
}

func (u *Use) shift(by int) {
	u.Offset += by
	u.End += by
	for i := range u.Operands {
		u.Operands[i].Offset += by
	}
	for i := range u.Moved {
		u.Moved[i].Offset += by
	}
	if u.Conflict != nil {
		u.Conflict.Offset += by
	}
}

func shifted(err error, by int) error {
	switch e := err.(type) {
	case *pgsql.SyntaxError:
		return &pgsql.SyntaxError{Offset: e.Offset + by, Msg: e.Msg}
	case *pgsql.LimitError:
		return &pgsql.LimitError{Offset: e.Offset + by, What: e.What, Max: e.Max}
	}
	return err
}

// utility examines COPY and TRUNCATE, which have no condition.
func (x *examiner) utility(u *pgsql.Utility) {
	verb := Read
	switch u.Verb {
	case pgsql.Insert:
		verb = Insert
	case pgsql.Delete:
		verb = Delete
	}
	for _, rel := range u.Tables {
		use := x.use(rel, verb)
		if verb == Insert && use.Table.Kind == Owned && len(u.Columns) > 0 {
			use.Bound = slices.Contains(u.Columns, use.Table.Column)
			use.Missing = !use.Bound
		}
		x.uses = append(x.uses, use)
	}
}

type examiner struct {
	tree    *pgsql.Tree
	catalog *Catalog
	uses    []Use
	joins   map[*pgsql.Join]*pgsql.Expr // what is known of equalities
}

// level is what restricts the rows at one place of a statement: conditions
// that all of them pass, and the names that the conditions can use. Levels
// are searched from the inside outwards, as names are.
type level struct {
	conditions []*pgsql.Expr
	items      []*pgsql.FromItem
	target     *pgsql.Relation
	outer      *level
}

// with gives a level that has one more condition.
func (l *level) with(condition *pgsql.Expr) *level {
	if condition == nil {
		return l
	}
	m := *l
	m.conditions = append(slices.Clip(l.conditions), condition)
	return &m
}

// levelOf is what all rows of a statement pass: its WHERE, and the ON of the
// joins that drop rows of the whole.
func (x *examiner) levelOf(s *pgsql.Statement, outer *level) *level {
	l := (&level{items: s.From, target: s.Target, outer: outer}).with(s.Where)
	var inner func(*pgsql.FromItem)
	inner = func(item *pgsql.FromItem) {
		if item.Join == nil || item.Alias != "" {
			return
		}
		j := item.Join
		if j.Kind == pgsql.InnerJoin {
			l = l.with(x.equalities(j))
		}
		if j.Kind != pgsql.RightJoin && j.Kind != pgsql.FullJoin {
			inner(j.Left)
		}
		if j.Kind != pgsql.LeftJoin && j.Kind != pgsql.FullJoin {
			inner(j.Right)
		}
	}
	for _, item := range s.From {
		inner(item)
	}
	return l
}

func (x *examiner) statement(s *pgsql.Statement, outer *level) {
	if s == nil {
		return
	}
	if s.With != nil {
		for _, cte := range s.With.CTEs {
			x.statement(cte.Body, nil)
		}
	}
	for _, arm := range s.Arms {
		x.statement(arm, outer)
	}
	here := x.levelOf(s, outer)
	switch s.Kind {
	case pgsql.Insert:
		x.insert(s)
	case pgsql.Update:
		x.write(s, Update, here)
	case pgsql.Delete:
		x.write(s, Delete, here)
	case pgsql.Merge:
		here = x.merge(s, here)
	}
	x.statement(s.Source, outer)
	for _, item := range s.From {
		x.item(item, here)
	}
	for _, sub := range s.Subqueries {
		x.statement(sub, here)
	}
}

// item examines what is below a table reference; all of its rows pass the
// conditions of l.
func (x *examiner) item(item *pgsql.FromItem, l *level) {
	switch {
	case item.Relation != nil:
		if item.Relation.CTE == nil {
			use := x.use(item.Relation, Read)
			x.bind(&use, item.Relation, l)
			x.uses = append(x.uses, use)
		}
	case item.Derived != nil:
		var outer *level
		if item.Lateral {
			outer = l
		}
		x.statement(item.Derived, outer)
	case item.Join != nil:
		j := item.Join
		left, right, on := l, l, x.equalities(j)
		if j.Kind == pgsql.InnerJoin || j.Kind == pgsql.RightJoin {
			left = l.with(on)
		}
		if j.Kind == pgsql.InnerJoin || j.Kind == pgsql.LeftJoin {
			right = l.with(on)
		}
		if item.Alias != "" {
			// Outside, the names below are hidden.
			inner := &level{items: []*pgsql.FromItem{j.Left, j.Right}, outer: l}
			left, right = inner, inner
			if j.Kind == pgsql.InnerJoin {
				left, right = inner.with(on), inner.with(on)
			}
		}
		x.item(j.Left, left)
		x.item(j.Right, right)
	}
}

func (x *examiner) use(rel *pgsql.Relation, verb Verb) Use {
	use := Use{Schema: rel.Schema, Name: rel.Name, Alias: rel.Ref(), Verb: verb, Offset: rel.NameOffset, End: rel.NameSpan.End}
	use.Table, use.Known = x.catalog.Lookup(rel.Schema, rel.Name)
	return use
}

func (x *examiner) write(s *pgsql.Statement, verb Verb, l *level) {
	use := x.use(s.Target, verb)
	x.bind(&use, s.Target, l)
	x.moves(&use, s.Set)
	x.uses = append(x.uses, use)
}

// merge examines the target of a MERGE, which ON restricts but for rows that are
// NOT MATCHED BY SOURCE, and gives the level of the source, which ON restricts
// only where no row of it can be NOT MATCHED.
func (x *examiner) merge(s *pgsql.Statement, l *level) (source *level) {
	use := x.use(s.Target, Merge)
	x.bind(&use, s.Target, l)
	unmatched := *l
	unmatched.conditions = nil
	source = l
	for _, a := range s.Actions {
		x.moves(&use, a.Set)
		if !a.Matched && !a.BySource {
			source = &unmatched
		}
		if a.BySource && a.Do != 0 && use.Table.Kind == Owned {
			alone := (&level{target: s.Target}).with(a.Condition)
			use.Bound = x.bound(s.Target, use.Table, alone, nil) && use.Bound
		}
		if a.Do == pgsql.Insert && use.Table.Kind == Owned {
			at := ownership(a.Columns, use.Table)
			use.Missing = use.Missing || at < 0 && (a.Columns != nil || a.Default)
			if at >= 0 && at < len(a.Values.Items) {
				use.Operands = append(use.Operands, x.value(a.Values.Items[at], a.Values.Start))
			}
		}
	}
	x.uses = append(x.uses, use)
	return source
}

func (x *examiner) moves(use *Use, set []pgsql.Assignment) {
	if use.Table.Kind != Owned {
		return
	}
	for _, a := range set {
		if a.Name == use.Table.Column {
			use.Moves = true
			use.Moved = append(use.Moved, x.value(a.Value, a.Start))
		}
	}
}

func (x *examiner) insert(s *pgsql.Statement) {
	use := x.use(s.Target, Insert)
	if use.Table.Kind == Owned {
		x.inserted(&use, s)
		if c := s.Conflict; c != nil && c.Update {
			x.moves(&use, c.Set)
			use.Conflict = &Conflict{Offset: c.Start}
			use.Conflict.Led = slices.ContainsFunc(c.Columns, func(n pgsql.ColumnName) bool { return n.Name == use.Table.Column })
			guard := (&level{target: s.Target}).with(c.Where)
			use.Conflict.Guarded = x.bound(s.Target, use.Table, guard, nil) || x.excluded(s.Target, use.Table, c.Where)
		}
	}
	x.uses = append(x.uses, use)
}

// inserted finds what fills the ownership column.
func (x *examiner) inserted(use *Use, s *pgsql.Statement) {
	at := slices.IndexFunc(s.Columns, func(c pgsql.ColumnName) bool { return c.Name == use.Table.Column })
	if s.Columns == nil && s.Source != nil && s.Source.Kind != pgsql.SetOperation {
		// Without a column list the position is not known; that the column
		// is missing is not known either.
		use.Bound = true
		return
	}
	if at < 0 {
		use.Missing = true
		return
	}
	use.Bound = true
	x.sourceValues(use, s.Source, at)
}

func (x *examiner) sourceValues(use *Use, s *pgsql.Statement, at int) {
	if s == nil {
		return
	}
	for _, arm := range s.Arms {
		x.sourceValues(use, arm, at)
	}
	for _, row := range s.Rows {
		if at < len(row.Items) {
			use.Operands = append(use.Operands, x.value(row.Items[at], row.Start))
		}
	}
	if s.Kind == pgsql.Select && at < len(s.Outputs) && s.Outputs[at].Expr != nil {
		use.Operands = append(use.Operands, x.value(s.Outputs[at].Expr, s.Outputs[at].Start))
	}
}

func (x *examiner) value(e *pgsql.Expr, offset int) Value {
	v := Value{Offset: offset}
	for e != nil && e.Kind == pgsql.Cast {
		e = e.Left
	}
	if e == nil {
		return v
	}
	v.Offset = e.Start
	switch e.Kind {
	case pgsql.Parameter:
		p := x.tree.Params[e.Param]
		v.Param, v.Named = p.Number, p.Name
	case pgsql.Literal:
		v.Const = true
	}
	return v
}

func (x *examiner) bind(use *Use, rel *pgsql.Relation, l *level) {
	if use.Table.Kind != Owned {
		return
	}
	if use.Bound = x.bound(rel, use.Table, l, &use.Operands); !use.Bound {
		use.Operands = nil
	}
}

// excluded tells whether a conflict's WHERE compares the row with the one
// that was to be inserted.
func (x *examiner) excluded(target *pgsql.Relation, t Table, where *pgsql.Expr) bool {
	for _, term := range conjuncts(where, nil) {
		if term.Kind != pgsql.Equal {
			continue
		}
		l, r := term.Left, term.Right
		if l.Qualifier == "excluded" {
			l, r = r, l
		}
		if l.Kind == pgsql.Column && l.Name == t.Column && (l.Qualifier == "" || l.Qualifier == target.Ref()) &&
			r.Kind == pgsql.Column && r.Name == t.Column && r.Qualifier == "excluded" {
			return true
		}
	}
	return false
}

// conjuncts lists the terms of a condition that all have to hold.
func conjuncts(e *pgsql.Expr, list []*pgsql.Expr) []*pgsql.Expr {
	if e == nil {
		return list
	}
	if e.Kind == pgsql.And {
		return conjuncts(e.Right, conjuncts(e.Left, list))
	}
	if (e.Kind == pgsql.Equal || e.Kind == pgsql.NotDistinct) && e.Left.Kind == pgsql.RowOf && e.Right.Kind == pgsql.RowOf && len(e.Left.Items) == len(e.Right.Items) {
		for i := range e.Left.Items {
			list = append(list, &pgsql.Expr{Kind: e.Kind, Span: e.Span, Left: e.Left.Items[i], Right: e.Right.Items[i]})
		}
		return list
	}
	return append(list, e)
}

// Mentions is for text that Examine cannot read: whether any word of it is
// the name of an org-owned table.
func (c *Catalog) Mentions(text string) (Table, bool) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return !(r == '_' || r >= 0x80 || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	}) {
		for _, schema := range c.path {
			if t, ok := c.tables[[2]string{schema, strings.ToLower(word)}]; ok && t.Kind == Owned {
				return t, true
			}
		}
	}
	return Table{}, false
}
