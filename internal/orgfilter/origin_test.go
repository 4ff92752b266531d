package orgfilter

import (
	"fmt"
	"strings"
	"testing"
)

// A query that names the one before it twice would be followed twice as often
// at each step: with so many steps the test would not end.
func TestQueriesThatNameOthersTwiceAreFollowedOnce(t *testing.T) {
	t.Parallel()
	const steps = 60
	for _, body := range []string{
		"SELECT x.*, y.id AS other FROM c%d x, c%d y",
		"SELECT organization_id FROM c%d UNION SELECT organization_id FROM c%d",
		"SELECT x.organization_id FROM c%d x JOIN c%d y ON x.organization_id = y.organization_id",
	} {
		for _, base := range []string{
			"c0 AS (SELECT id, organization_id FROM projects WHERE organization_id = $1)",
			"c0 AS (SELECT id, organization_id FROM projects WHERE organization_id = $1 UNION ALL SELECT id, organization_id FROM c0)",
		} {
			with := "WITH RECURSIVE " + base
			for i := range steps {
				with += fmt.Sprintf(", c%d AS ("+body+")", i+1, i, i)
			}
			report, err := Examine(with+fmt.Sprintf(" SELECT 1 FROM c%d c JOIN tasks t ON t.organization_id = c.organization_id", steps), testCatalog(t))
			if err != nil {
				t.Fatal(err)
			}
			if last := report.Uses[len(report.Uses)-1]; last.Name != "tasks" || !last.Bound {
				t.Errorf("%s over %s: %+v, want tasks bound", body, base, last)
			}
			plan, err := Rewrite(with+fmt.Sprintf(" INSERT INTO tasks (organization_id) SELECT organization_id FROM c%d", steps), testCatalog(t), 1)
			if strings.Contains(base, "FROM c0") {
				if err == nil {
					t.Errorf("a column that comes from itself was stamped: %s", plan.Text)
				}
				continue
			}
			if err != nil || !strings.Contains(plan.Text, "INSERT INTO tasks (organization_id) SELECT $2::uuid FROM") {
				t.Errorf("%s: %v, want the organization", body, err)
			}
		}
	}
}
