package analyzer

import (
	"cmp"
	"fmt"
	"regexp"
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
	entrance bool            // it is about where an organization comes from
	wholeRow bool            // it writes all columns of a struct
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
	columns map[string]bool // the ownership columns
	owned   bool            // some table in reach is org-owned
	runtime bool            // the package uses it
	raw     string
}

// newJudge knows some tables and what the options ask for in a package that
// uses the runtime, or does not.
func newJudge(tables []table, c *config, runtime bool) *judge {
	j := &judge{catalog: catalog(tables), columns: map[string]bool{}, runtime: runtime, raw: c.Raw}
	for _, name := range c.Columns {
		j.columns[name] = true
	}
	for _, t := range tables {
		if t.Column != "" {
			j.owned = true
			j.columns[t.Column] = true
		}
	}
	if j.raw == rawAuto {
		j.raw = rawProve
		if runtime {
			j.raw = rawForbid
		}
	}
	return j
}

// Conditions that name a row: by its own id, and by its own or a related one.
var (
	byOwnID = regexp.MustCompile(`(?i)\b(?:where|and)\s+\(*(?:"?\w+"?\.)?"?id"?\s*=\s*[$@:?]`)
	byAnyID = regexp.MustCompile(`(?i)\b(?:where|and)\s+\(*(?:"?\w+"?\.)?"?(?:\w+_)?id"?\s*=\s*[$@:?]`)
	byUser  = regexp.MustCompile(`(?i)\b(?:where|and)\s+\(*(?:"?\w+"?\.)?"?(?:user|member|account|session|token|client|installation|external)_id"?\s*=\s*[$@:?]`)

	// tables whose rows say who somebody is, and so where they belong
	identities = regexp.MustCompile(`user|member|session|token|credential|invit|api_key|account|login|installation`)
)

// unrestricted is an org-owned table of which a text reads a row that somebody
// names, whatever organization that is of; empty when there is none, or when
// the text is a sweep over all of them.
func (j *judge) unrestricted(e *valueflow.Expr, named *regexp.Regexp) string {
	c := compose(j.withColumns(valueflow.Flatten(e, true)))
	if !named.MatchString(c.text) || byUser.MatchString(c.text) {
		return ""
	}
	report, err := j.examine(c)
	if err != nil {
		return ""
	}
	found := ""
	for _, x := range report.Uses {
		switch {
		case !isOwned(x):
		case x.Bound:
			return ""
		case identities.MatchString(x.Name):
			return ""
		case found == "":
			found = x.Name
		}
	}
	return found
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
	switch {
	case !j.owned && (u.Org != nil || u.Shared != nil):
		return nil // no organization in sight
	case u.Org != nil:
		return j.organization(u)
	case u.Shared != nil:
		return j.shared(u)
	case u.Scoping:
		return j.scoping(u)
	}
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
	c := compose(valueflow.Flatten(u.Text, true))
	if c.why != nil {
		return j.dynamic(u, c.text, c.why)
	}
	return j.text(u, c)
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
func (j *judge) text(u use, c composed) []verdict {
	text := c.text
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
		return j.forbidden(report, c.text, `is not scoped; run it as query.ForOrg(query.Text(sql, args...), sc)`)
	}
	return j.proven(report, c)
}

// forbidden reports the org-owned tables of a statement that did not pass
// through ForOrg.
func (j *judge) forbidden(report *orgfilter.Report, text, remedy string) []verdict {
	out := j.runs(report, text)
	v := verdict{category: unscoped, remedy: remedy}
	for _, u := range report.Uses {
		if isOwned(u) {
			v.relations = append(v.relations, relation{u.Verb, u.Name, "", u.Table.Column})
		}
	}
	if v.relations == nil {
		return out
	}
	return append(out, v)
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
func (j *judge) proven(report *orgfilter.Report, c composed) []verdict {
	out := j.runs(report, c.text)
	add := func(category, format string, args ...any) {
		out = append(out, verdict{category: category, message: fmt.Sprintf(format, args...)})
	}
	for _, u := range report.Uses {
		if !isOwned(u) {
			continue
		}
		column := u.Table.Column
		switch {
		case u.Missing:
			add(insertion, "insert into org-owned table %q leaves out %s; set it to the caller's organization", u.Name, column)
		case u.Verb != orgfilter.Insert:
		case nobodys(u, c.text):
			add(insertion, "insert into org-owned table %q sets %s to NULL or a default; set it to the caller's organization", u.Name, column)
		case c.formats(u.Operands):
			add(insertion, "insert into org-owned table %q has %s written into its text; pass it as a parameter", u.Name, column)
		}
		if u.Verb != orgfilter.Insert && (!u.Bound || c.formats(u.Operands)) {
			out = append(out, verdict{category: unscoped, relations: []relation{{u.Verb, u.Name, u.Alias, column}}})
		}
		if u.Moves && !c.fromRow(u) && !movesNowhere(u, c.text) {
			out = append(out, j.moves(u))
		}
		if c := u.Conflict; c != nil && !c.Led && !c.Guarded {
			add(conflictKey, "ON CONFLICT on org-owned table %q can update another organization's row; put %s into the conflict target, or guard the update with WHERE %s.%s = EXCLUDED.%s",
				u.Name, column, u.Name, column, column)
		}
	}
	return out
}

// nobodys tells whether an insert fills the ownership column with nothing.
func nobodys(u orgfilter.Use, text string) bool {
	return slices.ContainsFunc(u.Operands, func(v orgfilter.Value) bool {
		word := sqlscan.FirstWord(text[min(v.Offset, len(text)):])
		return word == "null" || word == "default"
	})
}

// movesNowhere tells whether an update sets the ownership column to what it
// is: the very parameter that the row is found by, or, on a conflict, that of
// the row that conflicts. Where the keys do not contain the column, that is
// what the finding about the conflict says.
func movesNowhere(u orgfilter.Use, text string) bool {
	if len(u.Moved) == 0 {
		return false
	}
	for _, m := range u.Moved {
		found := u.Bound && slices.ContainsFunc(u.Operands, func(o orgfilter.Value) bool {
			return m.Param != 0 && m.Param == o.Param || m.Named != "" && m.Named == o.Named
		})
		if !found && !(u.Conflict != nil && isExcluded(text, m.Offset)) {
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
	reason := cmp.Or(why.Text, "a value that is no text")
	if ref, ok := j.namesOwned(text); ok {
		return []verdict{{category: unproven, message: fmt.Sprintf("SQL on org-owned table %q cannot be known here (%s); build it with a builder and query.ForOrg, or choose among constant texts", ref, reason), origin: why}}
	}
	if !u.Sure || !mayNameTable(text) {
		return nil
	}
	message := fmt.Sprintf("SQL of %s cannot be known here (%s) and may touch an org-owned table; build it with a builder and query.ForOrg, or choose among constant texts", u.Sink, reason)
	if text == sqlscan.Hole && strings.Contains(u.Sink, "Exec") {
		message += ", or, if it runs migrations, write //sigra:allow migration -- reason on the line above"
	}
	return []verdict{{moot: !j.owned, category: unproven, message: message, origin: why}}
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
