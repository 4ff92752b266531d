package planwitness

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Table is an org-owned table. Names are as the catalog of PostgreSQL has them,
// without quotes. Partitions are tables of their own; see [Partitions].
type Table struct {
	Schema string
	Name   string
	Column string // the ownership column
	// Aliases are the names that lists of column aliases in the statement give
	// the column. A plan calls it by them.
	Aliases []string
}

// Owner is the organization as the plan shows it.
type Owner struct{ term string }

// Value is an organization whose id stands in the plan, in PostgreSQL's text
// form. That is so in the plan that [Explain] gives.
func Value(id string) Owner { return Owner{constant(id)} }

// Parameter is an organization that is parameter $n of a generic plan.
func Parameter(n int) Owner { return Owner{"$" + strconv.Itoa(n)} }

// Scan is a place of a plan where rows of an org-owned table are read, or
// changed by ON CONFLICT DO UPDATE.
type Scan struct {
	Table Table
	Alias string // unique in the plan
	Path  string // the nodes from the root of the plan to this one
	// Cond is the kind of condition that restricts the rows to the organization:
	// "Index Cond", "Recheck Cond", "Filter" or "Conflict Filter", the "Hash Cond",
	// "Merge Cond" or "Join Filter" of a join above, a "One-Time Filter" that is
	// false, or empty. Any of them may be false, which restricts most.
	Cond string
	// Text is that condition, or all that the scan has where none restricts it.
	Text string
}

// Restricted tells whether no row of another organization gets out of the scan,
// or out of the join above it.
func (s Scan) Restricted() bool { return s.Cond != "" }

// Joined tells whether a join restricts the scan, which itself reads all rows.
func (s Scan) Joined() bool {
	return s.Cond == "Hash Cond" || s.Cond == "Merge Cond" || s.Cond == "Join Filter"
}

// String says where the scan is and what restricts it.
func (s Scan) String() string {
	cond := s.Cond
	if cond == "" {
		cond = "nothing compares " + s.Table.Column + " with the organization"
	}
	return fmt.Sprintf("%s: %s: %s", s.Path, cond, s.Text)
}

// returned finds the parameters that stand for results of an InitPlan. Up to
// PostgreSQL 16 they look like those of the statement.
var returned = regexp.MustCompile(`\(returns ([$0-9,]+)\)`)

// Examine judges each scan of the tables in a plan, the output of EXPLAIN
// (FORMAT JSON, VERBOSE). The scans come in the order of the plan. It is an error
// if the output has no plan, or was not VERBOSE, or if the owner is a parameter
// that the plan also uses for something else.
func Examine(plan []byte, owner Owner, tables ...Table) ([]Scan, error) {
	roots, err := read(plan)
	if err != nil {
		return nil, err
	}
	w := witness{owner: owner.term}
	var scans []Scan
	for i := range roots {
		walk(&roots[i], nil, func(n *node, above []*node) {
			if m := returned.FindStringSubmatch(n.Subplan); m != nil && slices.Contains(strings.Split(m[1], ","), owner.term) {
				err = fmt.Errorf("planwitness: %s is also the result of %s; examine a plan with the value of the organization", owner.term, n.Subplan)
			}
			if n.scans() && n.Schema == "" {
				err = fmt.Errorf("planwitness: the plan does not tell the schema of %s; explain it with VERBOSE", n.Relation)
			}
			if n.Alias != "" && n.Type != "ModifyTable" {
				w.learn(n.IndexCond, n.RecheckCond, n.Filter)
			}
		})
	}
	if err != nil {
		return nil, err
	}
	for i := range roots {
		walk(&roots[i], nil, func(n *node, above []*node) {
			at := slices.IndexFunc(tables, func(t Table) bool { return t.Schema == n.Schema && t.Name == n.Relation })
			if at < 0 || !n.scans() && n.Conflict != "UPDATE" {
				return
			}
			scans = append(scans, w.scan(n, above, tables[at]))
		})
	}
	return scans, nil
}

// witness knows what holds for rows wherever they are in the plan: that which
// their own scan demands. A name of a plan is that of one scan only. An outer
// join can make NULL of a row, but NULL equals nothing.
type witness struct {
	owner string
	known []equality
}

func (w *witness) learn(conditions ...string) {
	for _, c := range conditions {
		w.known = append(w.known, equalities(conjuncts(c))...)
	}
}

func (w *witness) scan(n *node, above []*node, t Table) Scan {
	s := Scan{Table: t, Alias: n.Alias, Path: path(n, above)}
	once, dead := oneTime(n, above)
	if dead != "" {
		s.Cond, s.Text = "One-Time Filter", dead
		return s
	}
	var columns []string
	for _, name := range append([]string{t.Column}, t.Aliases...) {
		columns = append(columns, column(n.Alias, name))
	}
	own := []condition{{"Index Cond", n.IndexCond}, {"Recheck Cond", n.RecheckCond}, {"Filter", n.Filter}}
	if !n.scans() {
		own = []condition{{"Conflict Filter", n.ConflictFilter}}
	}
	if s.restrict(w, columns, once, own) {
		return s
	}
	for i := len(above) - 1; i >= 0; i-- {
		child := n
		if i+1 < len(above) {
			child = above[i+1]
		}
		if !passes(child, above[i]) {
			break
		}
		j := above[i]
		if s.restrict(w, columns, once, []condition{{"Hash Cond", j.HashCond}, {"Merge Cond", j.MergeCond}, {"Join Filter", j.JoinFilter}}) {
			return s
		}
	}
	var all []string
	for _, o := range own {
		if o.text != "" {
			all = append(all, o.text)
		}
	}
	s.Text = strings.Join(all, " AND ")
	return s
}

type condition struct{ kind, text string }

// restrict notes the first of some conditions from which it follows, with what
// is known, that the column, by one of its names, is the organization. Two
// conditions of one scan may be needed together; known has those of all.
func (s *Scan) restrict(w *witness, columns []string, once []equality, conditions []condition) bool {
	known := slices.Concat(once, w.known)
	for _, condition := range conditions {
		terms := conjuncts(condition.text)
		if slices.ContainsFunc(columns, func(c string) bool { return implies(terms, c, w.owner, known) }) {
			s.Cond, s.Text = condition.kind, condition.text
			return true
		}
	}
	return false
}

// oneTime are the equalities without which a node does not run, and the
// condition, if there is one, because of which it never does. PostgreSQL keeps a
// scan below a constant that is false where it adds another condition to a
// subquery that it has simplified already.
func oneTime(n *node, above []*node) (once []equality, dead string) {
	child := n
	for _, at := range slices.Backward(append(slices.Clip(above), n)) {
		if at == n || child.always() {
			conditions := conjuncts(at.OneTimeFilter)
			once = append(once, equalities(conditions)...)
			if never(conditions) {
				dead = at.OneTimeFilter
			}
		}
		child = at
	}
	return once, dead
}

// passes tells whether rows of a child leave its parent only if they meet the
// parent's join condition, where it has one.
func passes(child, parent *node) bool {
	if !child.always() {
		return false
	}
	switch parent.Type {
	case "Nested Loop", "Hash Join", "Merge Join":
		switch parent.JoinType {
		case "Inner", "Semi", "Right Semi":
			return true
		case "Left", "Anti":
			return child.Relationship == "Inner"
		case "Right", "Right Anti":
			return child.Relationship == "Outer"
		}
		return false
	case "Hash", "Sort", "Incremental Sort", "Materialize", "Memoize", "Gather", "Gather Merge", "Result", "LockRows":
		return true
	}
	// What aggregates or numbers rows has used them all.
	return false
}

func path(n *node, above []*node) string {
	names := make([]string, 0, len(above)+1)
	for _, a := range append(slices.Clip(above), n) {
		names = append(names, a.String())
	}
	return strings.Join(names, " > ")
}
