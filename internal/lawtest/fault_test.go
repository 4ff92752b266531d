package lawtest

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// scopedText is a scoped text that a fault changes.
type scopedText struct {
	text string
	org  int // number of the organization's parameter
}

// guards are the places of the guards, and of their columns.
func (s scopedText) guards() [][]int { return guards(s.org).FindAllStringSubmatchIndex(s.text, -1) }

// without puts true in the place of a guard.
func (s scopedText) without(guard []int) string {
	return s.text[:guard[0]] + "true" + s.text[guard[1]:]
}

// behind is the first guard behind a match of the pattern.
func (s scopedText) behind(pattern *regexp.Regexp) []int {
	at := pattern.FindStringIndex(s.text)
	if at == nil {
		return nil
	}
	for _, g := range s.guards() {
		if g[0] >= at[1] {
			return g
		}
	}
	return nil
}

// directly is a guard that follows a match of the pattern at once.
func (s scopedText) directly(pattern *regexp.Regexp) []int {
	for _, at := range pattern.FindAllStringIndex(s.text, -1) {
		for _, g := range s.guards() {
			if g[0] == at[1] {
				return g
			}
		}
	}
	return nil
}

// dropBehind loses the guard behind a word.
func dropBehind(pattern string) func(scopedText) string {
	re := regexp.MustCompile(`(?i)` + pattern)
	return func(s scopedText) string {
		if g := s.behind(re); g != nil {
			return s.without(g)
		}
		return ""
	}
}

// dropDirectly loses a guard that a word introduces.
func dropDirectly(pattern string) func(scopedText) string {
	re := regexp.MustCompile(`(?i)` + pattern)
	return func(s scopedText) string {
		if g := s.directly(re); g != nil {
			return s.without(g)
		}
		return ""
	}
}

// filterFaults are mistakes that a filter could make. Each gives the text that such
// a filter would have sent, or none where it would have made no mistake.
var filterFaults = map[string]func(scopedText) string{
	"first relation is not guarded": func(s scopedText) string {
		if all := s.guards(); len(all) > 1 {
			return s.without(all[0])
		}
		return ""
	},
	"last relation is not guarded": func(s scopedText) string {
		if all := s.guards(); len(all) > 1 {
			return s.without(all[len(all)-1])
		}
		return ""
	},
	"nothing is guarded": func(s scopedText) string {
		if len(s.guards()) == 0 {
			return ""
		}
		return guards(s.org).ReplaceAllString(s.text, "true")
	},
	"relation in a WITH is not guarded":                    dropBehind(`^\s*WITH\b`),
	"relation in EXISTS is not guarded":                    dropBehind(`EXISTS\s*\(`),
	"relation in IN is not guarded":                        dropBehind(`\bIN\s*\(\s*SELECT`),
	"relation in a scalar subquery is not guarded":         dropBehind(`[=<>,]\s*\(\s*SELECT`),
	"relation in LATERAL is not guarded":                   dropBehind(`LATERAL\s*\(`),
	"second arm of a set operation is not guarded":         dropBehind(`\b(UNION|INTERSECT|EXCEPT)\b`),
	"source of an insert is not guarded":                   dropBehind(`INSERT INTO [^;]*?\) ?SELECT`),
	"relation in RETURNING is not guarded":                 dropBehind(`RETURNING\b.*SELECT`),
	"null-extended side of an outer join is not guarded":   dropDirectly(`(LEFT|RIGHT)( OUTER)? JOIN [^()]* ON `),
	"both sides of a FULL JOIN are not guarded":            dropBehind(`\bFULL\b`),
	"relation that is restricted in a join is not guarded": dropDirectly(`JOIN \(SELECT\) AS sigra_[0-9]+ ON `),
	"ON CONFLICT DO UPDATE is not guarded":                 conflict,
	"target of an UPDATE is not guarded":                   dropTarget(`(?i)^UPDATE (?:ONLY )?`),
	"target of a DELETE is not guarded":                    dropTarget(`(?i)^DELETE FROM (?:ONLY )?`),
	"guard of a nullable side stands in WHERE":             nullableInWhere(false),
	"guard of a nullable side in WHERE lets NULL through":  nullableInWhere(true),
	"guard of a preserved side stands in ON":               preservedInOn,
	"guards of a FULL JOIN stand in ON":                    fullInOn,
	"guard names the alias of an outer query":              outerAlias,
	"caller's condition loses its brackets":                brackets,
	"guard is a disjunction": func(s scopedText) string {
		if len(s.guards()) == 0 {
			return ""
		}
		return guards(s.org).ReplaceAllString(s.text, "(${0} OR ${1} IS NOT NULL)")
	},
	"guard admits another organization": func(s scopedText) string {
		if len(s.guards()) == 0 {
			return ""
		}
		return guards(s.org).ReplaceAllString(s.text, "${1} IN (${2}, '"+orgB+"')")
	},
	"new row is not stamped": func(s scopedText) string {
		stamp := ", $" + strconv.Itoa(s.org) + ")"
		if !strings.Contains(s.text, stamp) || !strings.Contains(s.text, "VALUES") {
			return ""
		}
		return strings.Replace(s.text, stamp, ", DEFAULT)", 1)
	},
	"relation with other names for its columns is not guarded": func(s scopedText) string {
		for _, g := range s.guards() {
			if s.text[g[0]] == '(' {
				return s.without(g)
			}
		}
		return ""
	},
	"relation of an aliased join is not guarded": dropBehind(`\(\([^()]* JOIN \(SELECT\) AS sigra_[0-9]+ ON`),
	"relation in ONLY is not guarded":            dropBehind(`FROM ONLY`),
	"sampled relation is not guarded":            dropBehind(`TABLESAMPLE [A-Z]+ ?\([0-9]+\)`),
	"view is not guarded":                        dropBehind(`FROM (?:public\.)?(?:open_tasks|totals)\b`),
	"relation in HAVING is not guarded":          dropBehind(`HAVING\b.*SELECT`),
	"relation in SET is not guarded":             dropBehind(`\bSET\b.*\(SELECT`),
	"relation in USING is not guarded":           dropBehind(`^DELETE FROM .* USING .* WHERE [^()]*? AND `),
	"recursive term is not guarded":              dropBehind(`WITH RECURSIVE .* UNION`),
	"target of a MERGE is not guarded":           mergeTarget,
	"source of a MERGE is not guarded": func(s scopedText) string {
		if g := s.behind(mergeSource); g != nil {
			return s.without(g)
		}
		return dropDirectly(`^MERGE INTO .* JOIN \(SELECT\) AS sigra_[0-9]+ ON `)(s)
	},
	"subquery in a MERGE is not guarded": dropBehind(`^MERGE INTO .* USING \(SELECT`),
	"rows that are locked belong to everybody": func(s scopedText) string {
		if !regexp.MustCompile(`(?i)\bFOR (NO KEY )?UPDATE\b`).MatchString(s.text) || strings.Contains(s.text, "count(") {
			return ""
		}
		all := s.guards()
		if len(all) != 1 {
			return ""
		}
		// The right rows, from a query that locks others as well.
		return s.without(all[0])
	},
}

// stampFaults lose the organization of new rows, each where another rule fills it
// in.
var stampFaults = map[string]*regexp.Regexp{
	"row of VALUES is not stamped":                      regexp.MustCompile(`(?is)^INSERT\b.*\bVALUES ?\(.*(, \$N)\)`),
	"row of VALUES that are a query is not stamped":     regexp.MustCompile(`(?is)^INSERT\b.*\bVALUES ?\(.*(, \$N::uuid)\)`),
	"row of a SELECT is not stamped":                    regexp.MustCompile(`(?is)^INSERT\b[^()]*\([^()]*\) SELECT .*(, \$N::uuid) FROM [^(]`),
	"row of a set operation is not stamped":             regexp.MustCompile(`(?is)^INSERT\b.* SELECT sigra_[0-9]+\.\*(, \$N::uuid) FROM \(`),
	"row of DEFAULT VALUES is not stamped":              regexp.MustCompile(`(?is)^INSERT\b.*\) VALUES \((\$N)\)`),
	"row that a MERGE inserts is not stamped":           regexp.MustCompile(`(?is)^MERGE\b.*\bINSERT\b.*\bVALUES ?\(.*(, \$N)\)`),
	"row with NULL for the organization is not stamped": regexp.MustCompile(`(?is)^INSERT\b[^()]*\([^()]*(?:organization_id|Org Id)[^()]*, [^()]*\) VALUES \((?:[^()]*, )?(\$N), `),
}

// stamp puts B in the place of the organization that a rule has filled in.
func (s scopedText) stamp(pattern *regexp.Regexp) string {
	re := regexp.MustCompile(strings.ReplaceAll(pattern.String(), `\$N`, `\$`+strconv.Itoa(s.org)+`\b`))
	m := re.FindStringSubmatchIndex(s.text)
	if m == nil {
		return ""
	}
	b := "'" + orgB + "'"
	if strings.HasPrefix(s.text[m[2]:], ", ") {
		b = ", " + b
	}
	if strings.HasSuffix(s.text[:m[3]], "::uuid") {
		b += "::uuid"
	}
	return s.text[:m[2]] + b + s.text[m[3]:]
}

var (
	mergeHead   = regexp.MustCompile(`(?i)^MERGE INTO (?:ONLY )?("(?:[^"]|"")+"|[\w.]+)(?: \*)?(?: AS ("(?:[^"]|"")+"|\w+))?`)
	mergeSource = regexp.MustCompile(`(?is)^MERGE INTO .*? USING (?:[^()]* )?\((?:[^()]* )?JOIN \(SELECT\) AS sigra_[0-9]+ ON `)
)

// mergeTarget drops the guard of the target, which stands in ON.
func mergeTarget(s scopedText) string {
	m := mergeHead.FindStringSubmatch(s.text)
	if m == nil {
		return ""
	}
	ref := m[2]
	if ref == "" {
		ref = m[1][strings.LastIndex(m[1], ".")+1:]
	}
	for _, g := range s.guards() {
		if strings.HasPrefix(s.text[g[2]:], ref+".") && strings.HasSuffix(s.text[:g[0]], " ON ") {
			return s.without(g)
		}
	}
	return ""
}

var patience = regexp.MustCompile(`\) >= true`)

// impatient takes off what makes a condition wait.
func impatient(s scopedText) string {
	if !patience.MatchString(s.text) {
		return ""
	}
	return patience.ReplaceAllString(s.text, ")")
}

// targetGuards are those behind a WHERE that bear the name of the statement's
// target.
func (s scopedText) targetGuards(head *regexp.Regexp) [][]int {
	m := head.FindStringSubmatch(s.text)
	if m == nil {
		return nil
	}
	ref := m[2]
	if ref == "" {
		ref = m[1][strings.LastIndex(m[1], ".")+1:]
	}
	var found [][]int
	for _, g := range s.guards() {
		if strings.HasPrefix(s.text[g[2]:], ref+".") && strings.HasSuffix(s.text[:g[0]], " WHERE ") {
			found = append(found, g)
		}
	}
	return found
}

func dropTarget(pattern string) func(scopedText) string {
	head := regexp.MustCompile(pattern + `("(?:[^"]|"")+"|[\w.]+)(?: AS ("(?:[^"]|"")+"|\w+))?`)
	return func(s scopedText) string {
		if found := s.targetGuards(head); len(found) > 0 {
			return s.without(found[0])
		}
		return ""
	}
}

var insertTarget = regexp.MustCompile(`(?i)^INSERT INTO ("(?:[^"]|"")+"|[\w.]+)(?: AS ("(?:[^"]|"")+"|\w+))?`)

// conflict drops the guard behind DO UPDATE.
func conflict(s scopedText) string {
	update := strings.Index(s.text, " DO UPDATE SET ")
	if update < 0 {
		return ""
	}
	for _, g := range s.targetGuards(insertTarget) {
		if g[0] > update {
			return s.without(g)
		}
	}
	return ""
}

var leftOn = regexp.MustCompile(`(?i)LEFT (?:OUTER )?JOIN [^()]* ON `)

// nullableInWhere moves the guard of a LEFT JOIN's right side to the WHERE that
// follows, where it drops rows of the left side.
func nullableInWhere(null bool) func(scopedText) string {
	return func(s scopedText) string {
		g := s.directly(leftOn)
		if g == nil {
			return ""
		}
		guard, column := s.text[g[0]:g[1]], s.text[g[2]:g[3]]
		if null {
			guard = "(" + guard + " OR " + column + " IS NULL)"
		}
		behind := s.text[g[1]:]
		at := strings.Index(behind, " WHERE ")
		if at < 0 || strings.ContainsAny(behind[at:], "(") && strings.Contains(behind[:at], "SELECT") {
			return ""
		}
		return s.text[:g[0]] + "true" + behind[:at] + " WHERE " + guard + " AND " + behind[at+len(" WHERE "):]
	}
}

// preservedInOn moves a guard from WHERE to the ON of the LEFT JOIN in front.
func preservedInOn(s scopedText) string {
	on := leftOn.FindStringIndex(s.text)
	if on == nil {
		return ""
	}
	at := strings.Index(s.text[on[1]:], " WHERE ")
	if at < 0 || strings.Contains(s.text[on[1]:on[1]+at], "SELECT") {
		return ""
	}
	at += on[1] + len(" WHERE ")
	for _, g := range s.guards() {
		if g[0] == at {
			return s.text[:on[1]] + s.text[g[0]:g[1]] + " AND " + s.text[on[1]:g[0]] + "true" + s.text[g[1]:]
		}
	}
	return ""
}

var fullSide = regexp.MustCompile(`\(([^()]*?) JOIN \(SELECT\) AS sigra_[0-9]+ ON ([^()]*?)\) FULL (OUTER )?JOIN ([^()]*|\([^()]*\(SELECT\)[^()]*\)) ON `)

// fullInOn moves the guard of a FULL JOIN's left side to its ON.
func fullInOn(s scopedText) string {
	m := fullSide.FindStringSubmatchIndex(s.text)
	if m == nil {
		return ""
	}
	relation, guard := s.text[m[2]:m[3]], s.text[m[4]:m[5]]
	return s.text[:m[0]] + relation + s.text[m[5]+1:m[1]] + guard + " AND " + s.text[m[1]:]
}

// outerAlias qualifies a guard of a subquery as that of the query around it.
func outerAlias(s scopedText) string {
	all := s.guards()
	for i, outer := range all {
		for _, inner := range all[i+1:] {
			between := s.text[outer[1]:inner[0]]
			a, b := s.text[outer[0]:outer[1]], s.text[inner[0]:inner[1]]
			if a != b && strings.Contains(between, "SELECT") && opens(between) {
				return s.text[:inner[0]] + a + s.text[inner[1]:]
			}
		}
	}
	return ""
}

// opens tells whether a text opens a bracket that it does not close, and
// closes none that it does not open.
func opens(text string) bool {
	depth := 0
	for _, t := range tokenize(text) {
		switch t.text {
		case "(":
			depth++
		case ")":
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth > 1
}

// brackets takes off the brackets around what the caller wrote.
func brackets(s scopedText) string {
	for _, g := range s.guards() {
		rest := s.text[g[1]:]
		if !strings.HasPrefix(rest, " AND (") {
			continue
		}
		open := g[1] + len(" AND ")
		tokens := tokenize(s.text[open:])
		end := closing(tokens, 0)
		if end < 0 || !strings.Contains(strings.ToUpper(join(tokens[1:end])), " OR ") {
			continue
		}
		return s.text[:open] + join(tokens[1:end]) + " " + join(tokens[end+1:])
	}
	return ""
}

// planFaults lose what a plan asks of the arguments.
var planFaults = map[string]Fault{
	"value of another organization is admitted": func(p *orgfilter.Plan) string {
		return without(p, func(c orgfilter.Check) bool { return c.Stamp })
	},
	"rows are moved to another organization": func(p *orgfilter.Plan) string {
		return without(p, func(c orgfilter.Check) bool { return c.Moved })
	},
}

// without drops checks of a plan.
func without(p *orgfilter.Plan, which func(orgfilter.Check) bool) string {
	before := len(p.Checks)
	p.Checks = slices.DeleteFunc(slices.Clone(p.Checks), which)
	if len(p.Checks) == before {
		return ""
	}
	return p.Text
}

// A tester that misses a faulty filter proves nothing. Each fault changes the
// text that the proof has passed, so each is also what would be sent if the
// proof always said yes.
func TestFaultsOfAFilterAreCaught(t *testing.T) {
	world := NewWorld(t)
	faults := maps.Clone(planFaults)
	for name, fault := range filterFaults {
		faults[name] = func(p *orgfilter.Plan) string { return fault(scopedText{p.Text, p.Org}) }
	}
	for name, pattern := range stampFaults {
		faults[name] = func(p *orgfilter.Plan) string { return scopedText{p.Text, p.Org}.stamp(pattern) }
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			caught(t, world, fault, func(r *Report) string {
				for _, f := range append(r.Leaks, r.Differences...) {
					if !strings.HasPrefix(f.Detail, "error") { // it would be noticed without any comparison
						return f.String()
					}
				}
				return ""
			})
		})
	}
	t.Run("conditions do not wait", func(t *testing.T) {
		fault := func(p *orgfilter.Plan) string { return impatient(scopedText{p.Text, p.Org}) }
		caught(t, world, fault, func(r *Report) string {
			if r.Eager == 0 {
				return ""
			}
			return r.String()
		})
	})
}

// caught runs statements with a fault until something is found.
func caught(t *testing.T, world World, fault Fault, found func(*Report) string) {
	t.Helper()
	const most, chunk = 30_000, 1_000
	applied := 0
	for start := uint64(0); start < most; start += chunk {
		report, err := Run(t.Context(), Config{
			Seed: 1, Start: start, Statements: chunk, Worlds: []World{world}, Enough: 1,
			Fault: func(p *orgfilter.Plan) string {
				text := fault(p)
				if text != "" {
					applied++
				}
				return text
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if what := found(report); what != "" {
			t.Logf("caught by the %d. statement to which it applies: %s", applied, what)
			return
		}
	}
	t.Errorf("not caught by %d statements, of which it applies to %d", most, applied)
}
