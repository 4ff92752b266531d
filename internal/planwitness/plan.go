package planwitness

import (
	"encoding/json"
	"errors"
	"fmt"
)

// node is one node of a plan, by the names of EXPLAIN (FORMAT JSON).
type node struct {
	Type           string `json:"Node Type"`
	Relationship   string `json:"Parent Relationship"`
	Subplan        string `json:"Subplan Name"`
	Schema         string `json:"Schema"`
	Relation       string `json:"Relation Name"`
	Alias          string `json:"Alias"`
	JoinType       string `json:"Join Type"`
	Operation      string `json:"Operation"`
	IndexCond      string `json:"Index Cond"`
	RecheckCond    string `json:"Recheck Cond"`
	Filter         string `json:"Filter"`
	OneTimeFilter  string `json:"One-Time Filter"`
	HashCond       string `json:"Hash Cond"`
	MergeCond      string `json:"Merge Cond"`
	JoinFilter     string `json:"Join Filter"`
	Conflict       string `json:"Conflict Resolution"`
	ConflictFilter string `json:"Conflict Filter"`
	Plans          []node `json:"Plans"`
}

// scans tells whether a node reads the rows of a table.
func (n *node) scans() bool { return n.Relation != "" && n.Type != "ModifyTable" }

// always tells whether a child runs only if its parent's One-Time Filter holds.
// What belongs to the parent's own expressions may run before.
func (n *node) always() bool {
	switch n.Relationship {
	case "Outer", "Inner", "Member", "Subquery":
		return true
	}
	return false
}

// String is how a path names a node.
func (n *node) String() string {
	name := n.Type
	if n.Operation != "" {
		name = n.Operation
	}
	if n.Subplan != "" {
		name = n.Subplan + ": " + name
	}
	if n.Relation != "" {
		name += " on " + n.Schema + "." + n.Relation
		if n.Alias != n.Relation {
			name += " " + n.Alias
		}
	}
	return name
}

// read gives the roots of a plan. There are several where a rule adds
// statements.
func read(plan []byte) ([]node, error) {
	var statements []struct {
		Plan *node
	}
	if err := json.Unmarshal(plan, &statements); err != nil {
		return nil, fmt.Errorf("planwitness: a plan is the output of EXPLAIN (FORMAT JSON, VERBOSE): %w", err)
	}
	var roots []node
	for _, s := range statements {
		if s.Plan == nil {
			continue // a utility statement has none
		}
		roots = append(roots, *s.Plan)
	}
	if len(roots) == 0 {
		return nil, errors.New("planwitness: the output of EXPLAIN has no plan")
	}
	return roots, nil
}

// walk calls visit for each node, with the nodes above it, root first.
func walk(n *node, above []*node, visit func(n *node, above []*node)) {
	visit(n, above)
	above = append(above[:len(above):len(above)], n)
	for i := range n.Plans {
		walk(&n.Plans[i], above, visit)
	}
}
