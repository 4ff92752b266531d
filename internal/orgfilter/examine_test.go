package orgfilter

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// describe writes a report as "verb name" with the marks that matter.
func describe(r *Report) []string {
	list := []string{}
	for _, u := range r.Uses {
		s := fmt.Sprintf("%s %s", u.Verb, u.Alias)
		switch {
		case !u.Known:
			s += " unknown"
		case u.Table.Kind == Shared:
			s += " shared"
		case u.Missing:
			s += " missing"
		case u.Bound:
			s += " bound"
		}
		for _, v := range u.Operands {
			s += fmt.Sprintf(" %d%s", v.Param, v.Named)
		}
		if u.Moves {
			s += " moves"
		}
		if u.Conflict != nil {
			s += fmt.Sprintf(" conflict led=%t guarded=%t", u.Conflict.Led, u.Conflict.Guarded)
		}
		list = append(list, s)
	}
	return list
}

func TestExamineTellsWhatBinds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sql string
		want      []string
	}{
		{"nothing", "SELECT id FROM tasks WHERE id = $1", []string{"read tasks"}},
		{"parameter", "SELECT id FROM tasks WHERE id = $1 AND organization_id = $2", []string{"read tasks bound 2"}},
		{"other side, cast, brackets", "SELECT id FROM tasks t WHERE ($1::uuid = (t.organization_id))", []string{"read t bound 1"}},
		{"placeholders", "SELECT id FROM tasks WHERE a = ? AND organization_id = ?", []string{"read tasks bound 2"}},
		{"named", "SELECT id FROM tasks WHERE organization_id = @org", []string{"read tasks bound 0org"}},
		{"row", "SELECT id FROM tasks WHERE (id, organization_id) = ($1, $2)", []string{"read tasks bound 2"}},
		{"any and in", "SELECT 1 FROM tasks t, comments c WHERE t.organization_id = ANY ($1) AND c.organization_id IN ($2, $3)", []string{"read t bound 1", "read c bound 2 3"}},
		{"setting", "SELECT id FROM tasks WHERE organization_id = current_setting('app.org')::uuid", []string{"read tasks bound"}},
		{"disjunction", "SELECT id FROM tasks WHERE organization_id = $1 OR a", []string{"read tasks"}},
		{"both arms of a disjunction", "SELECT id FROM tasks WHERE organization_id = $1 AND a OR organization_id = $1 AND b", []string{"read tasks bound 1 1"}},
		{"optional filter", "SELECT id FROM tasks WHERE ($1 IS NULL OR organization_id = $1)", []string{"read tasks"}},
		{"list of values", "UPDATE tasks t SET a = x.a FROM (VALUES ($1::uuid, $2::uuid, $3)) AS x (id, org, a) WHERE t.id = x.id AND t.organization_id = x.org", []string{"update t bound 2"}},
		{"list of values, one of them of a row", "SELECT 1 FROM projects p, LATERAL (VALUES ($1), (p.organization_id)) AS x (org) JOIN tasks t ON t.organization_id = x.org WHERE p.id = $2", []string{"read p", "read t"}},
		{"value in a WITH query", "WITH input AS (SELECT $1::uuid AS org) SELECT t.id FROM tasks t JOIN input ON t.organization_id = input.org", []string{"read t bound 1"}},
		{"value in one arm of a WITH query", "WITH input AS (SELECT $1::uuid AS org UNION SELECT organization_id FROM projects) SELECT t.id FROM tasks t JOIN input ON t.organization_id = input.org", []string{"read projects", "read t"}},
		{"elements of an array", "SELECT t.id FROM tasks t JOIN (SELECT unnest($1::uuid[]) AS id, unnest($2::uuid[]) AS org) x ON t.id = x.id AND t.organization_id = x.org", []string{"read t bound 2"}},
		{"elements of a row's array", "SELECT t.id FROM projects p, LATERAL (SELECT unnest(p.orgs) AS org) x JOIN tasks t ON t.organization_id = x.org", []string{"read p", "read t"}},
		{"rows of arrays", "SELECT t.id FROM tasks t JOIN unnest($1::uuid[], $2::uuid[]) AS x (id, org) ON t.id = x.id AND t.organization_id = x.org", []string{"read t bound"}},
		{"rows of an array", "SELECT t.id FROM tasks t JOIN unnest($1::uuid[]) AS org ON organization_id = org", []string{"read t bound 1"}},
		{"rows of a row's array", "SELECT t.id FROM projects p JOIN unnest(p.orgs) AS x (org) ON true JOIN tasks t ON t.organization_id = x.org", []string{"read p", "read t"}},
		{"rows of JSON", "SELECT t.id FROM tasks t JOIN jsonb_to_recordset($1) AS x (id uuid, org uuid) ON t.id = x.id AND t.organization_id = x.org", []string{"read t bound 1"}},
		{"rows of another function", "SELECT t.id FROM tasks t JOIN everybody($1) AS x (org) ON t.organization_id = x.org", []string{"read t"}},
		{"rows of arrays, preserved side", "SELECT t.id FROM tasks t LEFT JOIN unnest($1::uuid[]) AS x (org) ON t.organization_id = x.org", []string{"read t"}},
		{"rows in a subquery", "SELECT id FROM tasks WHERE (id, organization_id) IN (SELECT a, b FROM unnest($1::uuid[], $2::uuid[]) AS x (a, b))", []string{"read tasks bound"}},
		{"rows not in a subquery", "SELECT id FROM tasks WHERE (id, organization_id) NOT IN (SELECT unnest($1::uuid[]), unnest($2::uuid[]))", []string{"read tasks"}},
		{"own rows and nobody's", "SELECT id FROM tasks t WHERE (t.organization_id = $1 OR t.organization_id is  null)", []string{"read t"}},
		{"negation", "SELECT id FROM tasks WHERE NOT organization_id = $1", []string{"read tasks"}},
		{"unequal", "SELECT id FROM tasks WHERE organization_id <> $1", []string{"read tasks"}},
		{"compared with itself", "SELECT id FROM tasks WHERE organization_id = organization_id", []string{"read tasks"}},
		{"join, one side", "SELECT 1 FROM tasks t JOIN projects p ON p.id = t.p WHERE t.organization_id = $1", []string{"read t bound 1", "read p"}},
		{"join, through equality", "SELECT 1 FROM tasks t JOIN projects p ON p.organization_id = t.organization_id WHERE t.organization_id = $1", []string{"read t bound 1", "read p bound 1"}},
		{"left join, through equality", "SELECT 1 FROM projects p LEFT JOIN tasks t ON t.organization_id = p.organization_id WHERE p.organization_id = $1", []string{"read p bound 1", "read t bound 1"}},
		{"preserved side", "SELECT 1 FROM projects p LEFT JOIN tasks t ON p.organization_id = $1 AND t.organization_id = $1", []string{"read p", "read t bound 1"}},
		{"full join", "SELECT 1 FROM projects p FULL JOIN tasks t ON p.organization_id = $1 AND t.organization_id = $1", []string{"read p", "read t"}},
		{"using, one side", "SELECT 1 FROM projects p JOIN tasks t USING (organization_id) WHERE t.organization_id = $1", []string{"read p bound 1", "read t bound 1"}},
		{"using, merged column", "SELECT 1 FROM projects JOIN tasks USING (id, organization_id) WHERE organization_id = $1", []string{"read projects bound 1", "read tasks bound 1"}},
		{"using, another column", "SELECT 1 FROM projects p JOIN tasks t USING (id) WHERE t.organization_id = $1", []string{"read p", "read t bound 1"}},
		{"using, chain", "SELECT 1 FROM projects JOIN tasks USING (organization_id) JOIN comments c USING (organization_id) WHERE c.organization_id = $1", []string{"read projects bound 1", "read tasks bound 1", "read c bound 1"}},
		{"using, shared table", "SELECT 1 FROM users u JOIN tasks t USING (organization_id) WHERE u.organization_id = $1", []string{"read u shared", "read t bound 1"}},
		{"using, disjunction", "SELECT 1 FROM projects JOIN tasks USING (organization_id) WHERE organization_id = $1 OR a", []string{"read projects", "read tasks"}},
		{"left join using, left side", "SELECT 1 FROM projects p LEFT JOIN tasks t USING (organization_id) WHERE p.organization_id = $1", []string{"read p bound 1", "read t bound 1"}},
		{"left join using, merged column", "SELECT 1 FROM projects p LEFT JOIN tasks t USING (organization_id) WHERE organization_id = $1", []string{"read p bound 1", "read t bound 1"}},
		{"left join using, right side", "SELECT 1 FROM projects p LEFT JOIN tasks t USING (organization_id) WHERE t.organization_id = $1", []string{"read p", "read t bound 1"}},
		{"right join using, merged column", "SELECT 1 FROM projects p RIGHT JOIN tasks t USING (organization_id) WHERE organization_id = $1", []string{"read p bound 1", "read t bound 1"}},
		{"full join using", "SELECT 1 FROM projects p FULL JOIN tasks t USING (organization_id) WHERE organization_id = $1", []string{"read p", "read t"}},
		{"natural join", "SELECT 1 FROM projects NATURAL JOIN tasks t WHERE t.organization_id = $1", []string{"read projects bound 1", "read t bound 1"}},
		{"natural join, another column", "SELECT 1 FROM legacy NATURAL JOIN tasks t WHERE t.organization_id = $1", []string{"read legacy", "read t bound 1"}},
		{"natural join of a derived table", "SELECT 1 FROM projects p NATURAL JOIN (SELECT id, organization_id FROM tasks WHERE organization_id = $1) t", []string{"read p bound 1", "read tasks bound 1"}},
		{"delete using using", "DELETE FROM tasks t USING projects p JOIN comments c USING (organization_id) WHERE t.organization_id = c.organization_id AND p.organization_id = $1", []string{"delete t bound 1", "read p bound 1", "read c bound 1"}},
		{"recursive using", "WITH RECURSIVE r AS (SELECT id, organization_id FROM tasks WHERE organization_id = $1 UNION ALL SELECT t.id, t.organization_id FROM tasks t JOIN r USING (organization_id)) SELECT 1 FROM projects JOIN r USING (organization_id)", []string{"read tasks bound 1", "read t bound 1", "read projects bound 1"}},
		{"chain of equalities", "SELECT 1 FROM projects p JOIN tasks t ON t.organization_id = p.organization_id JOIN comments c ON c.organization_id = t.organization_id WHERE p.organization_id = $1", []string{"read p bound 1", "read t bound 1", "read c bound 1"}},
		{"chain of equalities from its end", "SELECT 1 FROM projects p, tasks t, comments c WHERE p.organization_id = t.organization_id AND t.organization_id = c.organization_id AND c.organization_id = $1", []string{"read p bound 1", "read t bound 1", "read c bound 1"}},
		{"chain through a nullable side", "SELECT 1 FROM projects p LEFT JOIN tasks t ON t.organization_id = p.organization_id JOIN comments c ON c.organization_id = t.organization_id WHERE c.organization_id = $1", []string{"read p", "read t bound 1", "read c bound 1"}},
		{"left join that restricts its left side", "SELECT 1 FROM projects p LEFT JOIN tasks t ON t.organization_id = p.organization_id AND p.organization_id = $1", []string{"read p", "read t bound 1"}},
		{"negated equality of columns", "SELECT 1 FROM projects p JOIN tasks t ON NOT t.organization_id = p.organization_id WHERE p.organization_id = $1", []string{"read p bound 1", "read t"}},
		{"casts", "SELECT 1 FROM tasks WHERE organization_id::text = $1::text AND CAST(organization_id AS uuid) = $1", []string{"read tasks bound 1 1"}},
		{"not distinct from", "SELECT 1 FROM tasks WHERE organization_id IS NOT DISTINCT FROM $1", []string{"read tasks bound 1"}},
		{"rows not distinct from", "SELECT 1 FROM tasks t WHERE (t.organization_id, t.id) IS NOT DISTINCT FROM ($1, $2)", []string{"read t bound 1"}},
		{"rows in", "SELECT 1 FROM tasks t WHERE (t.organization_id, t.id) IN (($1, $2), ($1, $3))", []string{"read t bound 1 1"}},
		{"rows of columns", "SELECT 1 FROM tasks t JOIN projects p ON (t.organization_id, t.project_id) = (p.organization_id, p.id) WHERE p.organization_id = $1", []string{"read t bound 1", "read p bound 1"}},
		{"array", "SELECT 1 FROM tasks WHERE organization_id = ANY (ARRAY[$1, $2]::uuid[])", []string{"read tasks bound 1 2"}},
		{"array with a column", "SELECT 1 FROM tasks WHERE organization_id = ANY (ARRAY[$1, team_id])", []string{"read tasks"}},
		{"array of a subquery", "SELECT 1 FROM tasks WHERE organization_id = ANY (ARRAY(SELECT org FROM users))", []string{"read tasks", "read users shared"}},
		{"correlated", "SELECT 1 FROM projects p WHERE p.organization_id = $1 AND EXISTS (SELECT 1 FROM tasks t WHERE t.organization_id = p.organization_id)", []string{"read p bound 1", "read t bound 1"}},
		{"subquery", "SELECT 1 FROM projects p WHERE p.organization_id = $1 AND EXISTS (SELECT 1 FROM tasks t WHERE t.p = p.id)", []string{"read p bound 1", "read t"}},
		{"through a cte", "WITH p AS (SELECT * FROM projects WHERE organization_id = $1) SELECT 1 FROM tasks t JOIN p ON p.organization_id = t.organization_id", []string{"read projects bound 1", "read t bound 1"}},
		{"recursive cte", "WITH RECURSIVE r AS (SELECT id, organization_id FROM projects WHERE organization_id = $1 UNION ALL SELECT p.id, p.organization_id FROM projects p JOIN r ON r.id = p.parent AND p.organization_id = r.organization_id) SELECT 1 FROM r", []string{"read projects bound 1", "read p bound 1"}},
		{"cte that hides the table", "WITH projects AS (SELECT 1) SELECT * FROM projects", []string{}},
		{"cte that renames", "WITH p (organization_id, id) AS (SELECT id, organization_id FROM projects WHERE organization_id = $1) SELECT 1 FROM tasks t JOIN p ON p.organization_id = t.organization_id", []string{"read projects bound 1", "read t"}},
		{"cte that renames the column", "WITH p (a, b) AS (SELECT id, organization_id FROM projects WHERE organization_id = $1) SELECT 1 FROM tasks t JOIN p ON p.b = t.organization_id", []string{"read projects bound 1", "read t bound 1"}},
		{"derived table that renames", "SELECT 1 FROM tasks t JOIN (SELECT id, organization_id FROM projects WHERE organization_id = $1) AS p (organization_id) ON p.organization_id = t.organization_id", []string{"read t", "read projects bound 1"}},
		{"label of another column", "SELECT 1 FROM tasks t JOIN (SELECT id AS organization_id, organization_id AS id FROM projects WHERE organization_id = $1) p ON p.organization_id = t.organization_id", []string{"read t", "read projects bound 1"}},
		{"label of the column", "SELECT 1 FROM tasks t JOIN (SELECT id, organization_id AS org FROM projects WHERE organization_id = $1) p ON p.org = t.organization_id", []string{"read t bound 1", "read projects bound 1"}},
		{"arms that swap columns", "WITH p AS (SELECT id, organization_id FROM projects WHERE organization_id = $1 UNION SELECT organization_id, id FROM projects WHERE organization_id = $1) SELECT 1 FROM tasks t JOIN p ON p.organization_id = t.organization_id", []string{"read projects bound 1", "read projects bound 1", "read t"}},
		{"arms with other names", "WITH p AS (SELECT id, organization_id FROM projects WHERE organization_id = $1 UNION SELECT t.p, t.organization_id AS o FROM tasks t WHERE organization_id = $1) SELECT 1 FROM tasks t JOIN p ON p.organization_id = t.organization_id", []string{"read projects bound 1", "read t bound 1", "read t bound 1 1"}},
		{"column behind a star", "WITH p AS (SELECT u.*, organization_id FROM projects, users u WHERE organization_id = $1) SELECT 1 FROM tasks t JOIN p ON p.organization_id = t.organization_id", []string{"read projects bound 1", "read u shared", "read t bound 1"}},
		{"values beside", "SELECT 1 FROM tasks, (VALUES (1)) AS v (x) WHERE organization_id = $1", []string{"read tasks bound 1"}},
		{"values that take the name", "SELECT 1 FROM tasks, (VALUES (1)) AS v (organization_id) WHERE organization_id = $1", []string{"read tasks"}},
		{"arms", "SELECT 1 FROM tasks WHERE organization_id = $1 UNION SELECT 1 FROM tasks", []string{"read tasks bound 1", "read tasks"}},
		{"organizations of a user", "SELECT 1 FROM tasks WHERE organization_id IN (SELECT org FROM users WHERE id = $1)", []string{"read tasks bound", "read users shared"}},
		{"unknown table", "SELECT 1 FROM elsewhere", []string{"read elsewhere unknown"}},
		{"own column", "SELECT 1 FROM legacy WHERE organization_id = $1 OR org = $1", []string{"read legacy"}},
		{"update", "UPDATE tasks SET organization_id = $1 WHERE id = $2", []string{"update tasks moves"}},
		{"delete using", "DELETE FROM tasks USING projects p WHERE p.id = tasks.p AND p.organization_id = $1", []string{"delete tasks", "read p bound 1"}},
		{"insert", "INSERT INTO tasks (id, organization_id) VALUES (?, ?), (?, ?)", []string{"insert tasks bound 2 4"}},
		{"insert without", "INSERT INTO tasks (id) SELECT id FROM projects", []string{"insert tasks missing", "read projects"}},
		{"conflict", "INSERT INTO tasks (id, organization_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET a = 1", []string{"insert tasks bound 2 conflict led=false guarded=false"}},
		{"conflict with a guard", "INSERT INTO tasks (id, organization_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET a = 1 WHERE tasks.organization_id = excluded.organization_id", []string{"insert tasks bound 2 conflict led=false guarded=true"}},
		{"conflict on a led key", "INSERT INTO tasks (id, organization_id) VALUES ($1, $2) ON CONFLICT (organization_id, id) DO UPDATE SET a = 1", []string{"insert tasks bound 2 conflict led=true guarded=false"}},
		{"merge", "MERGE INTO tasks t USING users u ON t.organization_id = $1 WHEN MATCHED THEN DELETE", []string{"merge t bound 1", "read u shared"}},
		{"merge by source", "MERGE INTO tasks t USING users u ON t.organization_id = $1 WHEN NOT MATCHED BY SOURCE THEN DELETE", []string{"merge t 1", "read u shared"}},
		{"merge by source with a guard", "MERGE INTO tasks t USING users u ON t.organization_id = $1 WHEN NOT MATCHED BY SOURCE AND t.organization_id = $1 THEN DELETE", []string{"merge t bound 1", "read u shared"}},
		{"merge whose ON restricts the source", "MERGE INTO tasks t USING projects p ON t.organization_id = $1 AND p.organization_id = $1 WHEN MATCHED THEN DELETE", []string{"merge t bound 1", "read p bound 1"}},
		{"merge whose ON does not", "MERGE INTO tasks t USING projects p ON t.organization_id = $1 AND p.organization_id = $1 WHEN NOT MATCHED THEN INSERT (id, organization_id) VALUES (1, $2)", []string{"merge t bound 1 2", "read p"}},
		{"merge that inserts without", "MERGE INTO tasks t USING users u ON t.organization_id = $1 WHEN NOT MATCHED THEN INSERT (id) VALUES (1)", []string{"merge t missing 1", "read u shared"}},
		{"merge that moves", "MERGE INTO tasks t USING users u ON t.organization_id = $1 WHEN MATCHED THEN UPDATE SET organization_id = u.org", []string{"merge t bound 1 moves", "read u shared"}},
		{"script", "SET x = 1; DELETE FROM projects; SELECT 1 FROM tasks WHERE organization_id = $1;", []string{"delete projects", "read tasks bound 1"}},
		{"definitions", "CREATE TABLE tasks (id int); CREATE VIEW v AS SELECT * FROM tasks; VACUUM tasks", []string{}},
		{"create table as", "CREATE TABLE x AS SELECT * FROM tasks WITH NO DATA", []string{"read tasks"}},
		{"prepare", "PREPARE x (int) AS DELETE FROM tasks WHERE id = $1", []string{"delete tasks"}},
		{"cursor", "DECLARE c CURSOR FOR SELECT * FROM tasks", []string{"read tasks"}},
		{"truncate", "TRUNCATE tasks, users", []string{"delete tasks", "delete users shared"}},
		{"copy", "COPY tasks (id) FROM STDIN", []string{"insert tasks missing"}},
		{"copy a query", "COPY (SELECT * FROM tasks) TO STDOUT", []string{"read tasks"}},
		{"explain", "EXPLAIN ANALYZE DELETE FROM tasks", []string{"delete tasks"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			report, err := Examine(test.sql, testCatalog(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, describe(report)); diff != "" {
				t.Errorf("uses (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExamineGivesOffsetsInTheWholeScript(t *testing.T) {
	t.Parallel()
	const script = "SET x = 1;\nPREPARE p AS SELECT 1 FROM tasks"
	report, err := Examine(script, testCatalog(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Uses) != 1 || report.Uses[0].Offset != strings.Index(script, "tasks") {
		t.Errorf("uses = %+v", report.Uses)
	}
	_, err = Examine("SET x = 1; SELECT FROM FROM", testCatalog(t))
	if err == nil || !strings.Contains(err.Error(), "byte 23") {
		t.Errorf("error = %v, want one at byte 23", err)
	}
}

func TestMentionsLooksForWholeWords(t *testing.T) {
	t.Parallel()
	c := testCatalog(t)
	if table, ok := c.Mentions("frobnicate TASKS;"); !ok || table.Name != "tasks" {
		t.Errorf("Mentions = %v, %t", table, ok)
	}
	if _, ok := c.Mentions("subtasks users tasks_done"); ok {
		t.Error("part of a word is a mention")
	}
}

func TestExamineTellsWhatRunsTextOutOfSight(t *testing.T) {
	t.Parallel()
	const script = "SELECT 1; SELECT query_to_xml('SELECT 1', true, true, ''), lower('x'), set_config('a', 'b', true) FROM users"
	report, err := Examine(script, testCatalog(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Runs) != 1 || report.Runs[0].Name != "query_to_xml" || !strings.HasPrefix(script[report.Runs[0].Offset:], "query_to_xml") {
		t.Errorf("runs = %+v", report.Runs)
	}
	for name, want := range map[string]hiding{
		"table_to_xmlschema": runsText, "dblink_exec": runsText, "crosstab": runsText, "crosstab4": runsText, "ts_stat": runsText,
		"pg_background_launch": runsText, "run_command_on_workers": runsText,
		"pg_relation_size": reachesBeyond, "pg_read_file": reachesBeyond, "pgstattuple": reachesBeyond,
		"xml_to_query": 0, "now": 0, "pg_statement": 0,
	} {
		if got := denied.hides(name); got != want {
			t.Errorf("%s hides %v, want %v", name, got, want)
		}
	}
}
