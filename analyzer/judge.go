package analyzer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/pgsql"
	"github.com/sigrahq/sigra/internal/sqlscan"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// verdict is one thing that is wrong with a use.
type verdict struct {
	category string
	message  string
	origin   *valueflow.Expr // where text was changed or lost; may be nil
	moot     bool            // no org-owned table is in reach, so it is not reported
	unread   string          // the text, when it is not SQL that can be read

	// Of an unscoped statement, from which the message is made:
	relations []relation
	remedy    string // what holds for all of them; empty when each has its own
}

// relation is an org-owned table in a statement.
type relation struct {
	verb   orgfilter.Verb
	table  string
	alias  string // the name by which the statement calls it
	column string
}

// judge decides what is wrong with uses of SQL.
type judge struct {
	catalog *orgfilter.Catalog
	owned   bool // some table in reach is org-owned
	raw     string
}

// all lists what is wrong with the uses of one call. Unscoped relations of
// all texts that it can run are one finding.
func (j *judge) all(uses []use) []verdict {
	var out []verdict
	read := false
	for _, u := range uses {
		verdicts := j.judge(u)
		unread := slices.ContainsFunc(verdicts, func(v verdict) bool { return v.unread != "" })
		read = read || !unread
		out = append(out, verdicts...)
	}
	if read {
		out = slices.DeleteFunc(out, func(v verdict) bool { return v.unread != "" && oneOfMany(v, uses) })
	}
	return merged(out)
}

// oneOfMany tells whether a text that cannot be read was put together, or is
// what a loop without a round leaves. When other ways to put it together can
// be read, this one does not happen: somebody would have noticed.
func oneOfMany(v verdict, uses []use) bool {
	if v.origin != nil {
		return true
	}
	return slices.ContainsFunc(uses, func(u use) bool {
		if u.Text == nil || u.Text.Kind != valueflow.Concat {
			return false
		}
		text, _ := plain(valueflow.Flatten(u.Text, true))
		return strings.HasPrefix(text, v.unread)
	})
}

// merged makes one verdict of the unscoped relations that have the same
// remedy, and tells each verdict once.
func merged(verdicts []verdict) []verdict {
	var out []verdict
	for _, v := range verdicts {
		same := func(w verdict) bool {
			if v.relations == nil {
				return v.message == w.message
			}
			return w.relations != nil && v.remedy == w.remedy
		}
		i := slices.IndexFunc(out, same)
		if i < 0 {
			v.relations = slices.Clone(v.relations)
			out = append(out, v)
			continue
		}
		for _, r := range v.relations {
			if !slices.Contains(out[i].relations, r) {
				out[i].relations = append(out[i].relations, r)
			}
		}
	}
	for i := range out {
		if out[i].relations != nil {
			out[i].message = out[i].sentence()
		}
	}
	return out
}

// sentence tells of unscoped relations: the first one in full, the others by
// name.
func (v *verdict) sentence() string {
	first := v.relations[0]
	subject := fmt.Sprintf("%s org-owned table %q", verbOn(first.verb), first.table)
	if v.remedy != "" {
		return subject + others(v.relations, " (with %s)", func(r relation) string { return strconv.Quote(r.table) }) + " " + v.remedy
	}
	return subject + " is not restricted to one organization; add " + first.condition() +
		others(v.relations, ", and likewise %s", relation.condition)
}

// others lists what is said of the relations after the first, unless it is
// the same.
func others(relations []relation, format string, say func(relation) string) string {
	first := say(relations[0])
	var list []string
	for _, r := range relations[1:] {
		if s := say(r); s != first && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	if list == nil {
		return ""
	}
	return fmt.Sprintf(format, strings.Join(list, ", "))
}

// condition is what is missing, by the relation's name in the statement.
func (r relation) condition() string {
	table, column := pgsql.QuoteName(r.table), pgsql.QuoteName(r.column)
	if r.alias != "" && r.alias != r.table {
		alias := pgsql.QuoteName(r.alias)
		return fmt.Sprintf("%s.%s = $n for relation %s (%s)", alias, column, alias, table)
	}
	return fmt.Sprintf("%s.%s = $n", table, column)
}

// judge lists what is wrong with a use; nothing when it is fine.
func (j *judge) judge(u use) []verdict {
	if u.Table != nil {
		return j.copy(u)
	}
	switch u.Text.Kind {
	case valueflow.Scoped:
		return nil
	case valueflow.Edited:
		return []verdict{{category: edited, message: fmt.Sprintf("SQL text that was scoped %s before it reaches %s; change the builder in front of query.ForOrg instead", u.Text.Text, u.Sink), origin: u.Text}}
	case valueflow.Text:
		if u.Text.Text == "" {
			return j.arguments(u)
		}
	}
	if hasScoped(u.Args) {
		return []verdict{{category: edited, message: fmt.Sprintf("%s has SQL text beside a *query.Scoped; the text has to be \"\"", u.Sink)}}
	}
	if u.Text.Has(valueflow.Built) {
		return j.builder(u)
	}
	if j.raw == rawOff {
		return nil
	}
	text, why := plain(valueflow.Flatten(u.Text, true))
	if why != nil {
		return j.dynamic(u, text, why)
	}
	return j.text(u, text)
}

// arguments judges a statement that is all in its arguments.
func (j *judge) arguments(u use) []verdict {
	if u.Args == nil || u.Args.Kind != valueflow.List {
		return nil
	}
	scoped := -1
	for i, a := range u.Args.Sub {
		if a.Kind == valueflow.Statement {
			scoped = i
			break
		}
	}
	if scoped < 0 {
		return nil
	}
	for i, a := range u.Args.Sub {
		switch {
		case i == scoped, i < scoped && a.Kind == valueflow.Arg && a.Text == valueflow.Option:
		case a.Kind == valueflow.Statement, a.Kind == valueflow.Arg && a.Text == valueflow.Rewriter:
			return []verdict{{category: edited, message: u.Sink + " has a second query rewriter beside a *query.Scoped, and the last one wins; pass the *query.Scoped alone"}}
		default:
			return []verdict{{category: edited, message: u.Sink + " has arguments beside a *query.Scoped, which brings its own; pass it alone"}}
		}
	}
	return nil
}

func hasScoped(args *valueflow.Expr) bool {
	return args != nil && args.Has(valueflow.Statement)
}

// text judges SQL that is known to the last character.
func (j *judge) text(u use, text string) []verdict {
	if _, ok := sqlscan.Block(text); ok {
		if ref, ok := j.namesOwned(text); ok {
			return []verdict{{category: unproven, message: fmt.Sprintf("DO block that names org-owned table %q cannot be read; run its statements one by one", ref)}}
		}
		return nil
	}
	report, err := orgfilter.Examine(text, j.catalog)
	if err != nil {
		if ref, ok := j.namesOwned(text); ok {
			v := verdict{category: unproven, unread: text, message: fmt.Sprintf("SQL that names org-owned table %q cannot be read: %v; write it as PostgreSQL, or pass it through query.ForOrg", ref, err)}
			if u.Text.Kind == valueflow.Concat {
				v.origin = u.Text
			}
			return []verdict{v}
		}
		return nil
	}
	if j.raw == rawForbid {
		return j.forbidden(report, `is not scoped; run it as query.ForOrg(query.Text(sql, args...), sc)`)
	}
	return j.proven(report, text)
}

// forbidden reports the org-owned tables of a statement that did not pass
// through ForOrg.
func (j *judge) forbidden(report *orgfilter.Report, remedy string) []verdict {
	v := verdict{category: unscoped, remedy: remedy}
	for _, u := range report.Uses {
		if isOwned(u) {
			v.relations = append(v.relations, relation{u.Verb, u.Name, "", u.Table.Column})
		}
	}
	if v.relations == nil {
		return nil
	}
	return []verdict{v}
}

func isOwned(u orgfilter.Use) bool { return u.Known && u.Table.Kind == orgfilter.Owned }

func verbOn(v orgfilter.Verb) string {
	switch v {
	case orgfilter.Insert:
		return "insert into"
	case orgfilter.Update:
		return "update of"
	case orgfilter.Delete:
		return "delete from"
	case orgfilter.Merge:
		return "merge into"
	}
	return "query on"
}

// proven reports each org-owned relation that nothing restricts, and writes
// that can put a row into another organization.
func (j *judge) proven(report *orgfilter.Report, text string) []verdict {
	var out []verdict
	add := func(category, format string, args ...any) {
		out = append(out, verdict{category: category, message: fmt.Sprintf(format, args...)})
	}
	for _, u := range report.Uses {
		if !isOwned(u) {
			continue
		}
		column := u.Table.Column
		if u.Missing {
			add(insertion, "insert into org-owned table %q leaves out %s; set it to the caller's organization", u.Name, column)
		}
		if u.Verb != orgfilter.Insert && !u.Bound {
			out = append(out, verdict{category: unscoped, relations: []relation{{u.Verb, u.Name, u.Alias, column}}})
		}
		if u.Moves && !movesNowhere(u, text) {
			add(moved, "update of org-owned table %q sets %s, which can move rows to another organization; leave the column out", u.Name, column)
		}
		if c := u.Conflict; c != nil && !c.Led && !c.Guarded {
			add(conflictKey, "ON CONFLICT on org-owned table %q can update another organization's row; put %s into the conflict target, or guard the update with WHERE %s.%s = EXCLUDED.%s",
				u.Name, column, u.Name, column, column)
		}
	}
	return out
}

// movesNowhere tells whether an update sets the ownership column to what it
// is: the very parameter that the row is found by, or, on a conflict of keys
// that contain the column, that of the row that conflicts.
func movesNowhere(u orgfilter.Use, text string) bool {
	if len(u.Moved) == 0 {
		return false
	}
	sameKey := u.Conflict != nil && (u.Conflict.Led || u.Conflict.Guarded)
	for _, m := range u.Moved {
		found := u.Bound && slices.ContainsFunc(u.Operands, func(o orgfilter.Value) bool {
			return m.Param != 0 && m.Param == o.Param || m.Named != "" && m.Named == o.Named
		})
		if !found && !(sameKey && isExcluded(text, m.Offset)) {
			return false
		}
	}
	return true
}

// isExcluded tells whether the value at offset is a column of the row that an
// INSERT proposed.
func isExcluded(text string, offset int) bool {
	const word = "excluded."
	return offset >= 0 && offset+len(word) <= len(text) && strings.EqualFold(text[offset:offset+len(word)], word)
}

// dynamic judges SQL with holes: what is known of it may name an org-owned
// table, or a hole may be one.
func (j *judge) dynamic(u use, text string, why *valueflow.Expr) []verdict {
	if sqlscan.TouchesNoRows(text) {
		return nil
	}
	reason := why.Text
	if ref, ok := j.namesOwned(text); ok {
		return []verdict{{category: unproven, message: fmt.Sprintf("SQL on org-owned table %q cannot be known here (%s); build it with a builder and query.ForOrg, or choose among constant texts", ref, reason), origin: why}}
	}
	if !u.Sure || !mayNameTable(text) {
		return nil
	}
	return []verdict{{moot: !j.owned, category: unproven, message: fmt.Sprintf("SQL of %s cannot be known here (%s) and may touch an org-owned table; build it with a builder and query.ForOrg, or choose among constant texts", u.Sink, reason), origin: why}}
}

// mayNameTable tells whether a hole stands where a table may: nothing at all
// is known of the text, or it is in table position.
func mayNameTable(text string) bool {
	if sqlscan.FirstWord(text) == "" {
		return true
	}
	for _, ref := range sqlscan.Tables(text) {
		if ref.Unknown {
			return true
		}
	}
	return false
}

// builder judges the text of builders that nobody scoped.
func (j *judge) builder(u use) []verdict {
	full := valueflow.Flatten(u.Text, true)
	text, why := plain(full)
	if j.forbidsBuilders() {
		return j.forbiddenBuilder(u, text, why)
	}
	var out []verdict
	for _, every := range []bool{true, false} {
		text, why := plain(j.withColumns(valueflow.Flatten(u.Text, every)))
		if why != nil && !j.readable(text) {
			return j.unreadableBuilder(u, text, why)
		}
		text = strings.ReplaceAll(text, sqlscan.Hole, "NULL")
		report, err := orgfilter.Examine(text, j.catalog)
		if err != nil {
			return j.unreadableBuilder(u, text, why)
		}
		out = append(out, j.proven(report, text)...)
	}
	return out
}

// withColumns puts the ownership column in place of the columns of a struct,
// which has it: otherwise it would not be the table's model.
func (j *judge) withColumns(pieces []*valueflow.Expr) []*valueflow.Expr {
	i := slices.IndexFunc(pieces, func(p *valueflow.Expr) bool {
		return p.Kind == valueflow.Hole && p.Text == valueflow.StructColumns
	})
	if i < 0 {
		return pieces
	}
	column := defaultColumn
	text, _ := plain(pieces)
	if name, ok := j.namesOwned(text); ok {
		if t, ok := j.lookup(name); ok {
			column = t.Column
		}
	}
	pieces = slices.Clone(pieces)
	pieces[i] = valueflow.Constant("(" + pgsql.QuoteName(column) + ")")
	return pieces
}

// forbidsBuilders tells whether a builder has to pass through ForOrg, which
// it cannot in code that never heard of it.
func (j *judge) forbidsBuilders() bool { return j.raw == rawForbid || j.raw == rawOff }

func (j *judge) forbiddenBuilder(u use, text string, why *valueflow.Expr) []verdict {
	const remedy = "is not scoped; wrap the builder in query.ForOrg(b, sc)"
	if why == nil {
		if report, err := orgfilter.Examine(text, j.catalog); err == nil {
			return j.forbidden(report, remedy)
		}
	}
	if ref, ok := j.namesOwned(text); ok {
		return []verdict{{category: unscoped, message: fmt.Sprintf("query on org-owned table %q %s", ref, remedy)}}
	}
	return j.unreadableBuilder(u, text, why)
}

// readable tells whether the holes of a builder's text are all in places
// where a value may stand.
func (j *judge) readable(text string) bool {
	if mayNameTable(text) {
		return false
	}
	_, err := orgfilter.Examine(strings.ReplaceAll(text, sqlscan.Hole, "NULL"), j.catalog)
	return err == nil
}

func (j *judge) unreadableBuilder(u use, text string, why *valueflow.Expr) []verdict {
	if !j.owned || !u.Sure && why != nil {
		return nil
	}
	reason := "it is not the PostgreSQL that the reader knows"
	if why != nil {
		reason = why.Text
	}
	if ref, ok := j.namesOwned(text); ok {
		return []verdict{{category: unproven, message: fmt.Sprintf("statement of a builder on org-owned table %q cannot be known here (%s); wrap the builder in query.ForOrg(b, sc)", ref, reason), origin: why}}
	}
	if why == nil || !mayNameTable(text) {
		return nil
	}
	return []verdict{{category: unproven, message: fmt.Sprintf("tables of a builder cannot be known here (%s) and may be org-owned; wrap the builder in query.ForOrg(b, sc)", reason), origin: why}}
}

// copy judges a bulk load.
func (j *judge) copy(u use) []verdict {
	if j.raw == rawOff {
		return nil
	}
	name, why := plain(identifier(u.Table))
	if why != nil {
		if !j.owned || !u.Sure {
			return nil
		}
		return []verdict{{category: unproven, message: fmt.Sprintf("table of %s cannot be known here (%s) and may be org-owned; use query.CopyForOrg", u.Sink, why.Text), origin: why}}
	}
	t, ok := j.lookup(name)
	if !ok || t.Kind != orgfilter.Owned {
		return nil
	}
	if j.raw == rawForbid {
		return []verdict{{category: unscoped, message: fmt.Sprintf("copy into org-owned table %q is not scoped; use query.CopyForOrg", t.Name)}}
	}
	if u.Columns.Kind != valueflow.List {
		return []verdict{{category: unproven, message: fmt.Sprintf("columns of a copy into org-owned table %q cannot be known here (%s)", t.Name, u.Columns.Text), origin: u.Columns}}
	}
	for _, c := range u.Columns.Sub {
		if c.Kind != valueflow.Text {
			return []verdict{{category: unproven, message: fmt.Sprintf("columns of a copy into org-owned table %q cannot be known here (%s)", t.Name, c.Text), origin: c}}
		}
		if c.Text == t.Column {
			return nil
		}
	}
	return []verdict{{category: insertion, message: fmt.Sprintf("copy into org-owned table %q leaves out %s; add it to the columns", t.Name, t.Column)}}
}

// identifier writes a pgx.Identifier as SQL names a table.
func identifier(e *valueflow.Expr) []*valueflow.Expr {
	if e.Kind != valueflow.List {
		return valueflow.Flatten(e, true)
	}
	var out []*valueflow.Expr
	for i, s := range e.Sub {
		if i > 0 {
			out = append(out, valueflow.Constant("."))
		}
		if s.Kind == valueflow.Text {
			s = valueflow.Constant(pgsql.QuoteName(s.Text))
		}
		out = append(out, s)
	}
	return out
}

func (j *judge) lookup(name string) (orgfilter.Table, bool) {
	schema, rel, err := pgsql.ParseName(name)
	if err != nil {
		return orgfilter.Table{}, false
	}
	return j.catalog.Lookup(schema, rel)
}

// namesOwned finds an org-owned table among the names in table position, those
// in the code of a DO block included.
func (j *judge) namesOwned(text string) (name string, ok bool) {
	if code, ok := sqlscan.Block(text); ok {
		text = code
	}
	for _, ref := range sqlscan.Tables(text) {
		if ref.Unknown {
			continue
		}
		if t, ok := j.catalog.Lookup(ref.Schema, ref.Name); ok && t.Kind == orgfilter.Owned {
			return ref.Name, true
		}
	}
	return "", false
}

// plain puts the pieces of a text together, with sqlscan.Hole for what is not
// known; why is the first such piece. Numbers, which are mostly the digits of
// placeholders, become numbers that nothing else uses.
func plain(pieces []*valueflow.Expr) (text string, why *valueflow.Expr) {
	var b strings.Builder
	n := 100
	for _, p := range pieces {
		switch p.Kind {
		case valueflow.Text:
			b.WriteString(p.Text)
		case valueflow.Number:
			n++
			b.WriteString(strconv.Itoa(n))
		default:
			b.WriteString(sqlscan.Hole)
			if why == nil {
				why = p
			}
		}
	}
	return b.String(), why
}
