package planwitness_test

import (
	"fmt"
	"log"

	"github.com/sigrahq/sigra/internal/planwitness"
)

func ExampleExamine() {
	// What Explain gives for a statement that forgot the tasks.
	plan := []byte(`[{"Plan": {"Node Type": "Nested Loop", "Join Type": "Inner", "Plans": [
		{"Node Type": "Index Scan", "Parent Relationship": "Outer", "Schema": "public", "Relation Name": "projects", "Alias": "p",
		 "Index Cond": "(p.organization_id = 'a0000000-0000-4000-8000-00000000000a'::uuid)"},
		{"Node Type": "Seq Scan", "Parent Relationship": "Inner", "Schema": "public", "Relation Name": "tasks", "Alias": "t",
		 "Filter": "(t.project_id = p.id)"}]}}]`)
	scans, err := planwitness.Examine(plan, planwitness.Value("a0000000-0000-4000-8000-00000000000a"),
		planwitness.Table{Schema: "public", Name: "projects", Column: "organization_id"},
		planwitness.Table{Schema: "public", Name: "tasks", Column: "organization_id"})
	if err != nil {
		log.Fatal(err)
	}
	for _, scan := range scans {
		fmt.Println(scan.Restricted(), scan.Alias, scan.Cond)
	}
	// Output:
	// true p Index Cond
	// false t
}
