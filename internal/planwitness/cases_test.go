package planwitness

// Organizations of the tests; statements belong to ours.
const (
	ours   = "a0000000-0000-4000-8000-00000000000a"
	theirs = "b0000000-0000-4000-8000-00000000000b"
)

var owned = []Table{
	{Schema: "public", Name: "projects", Column: "organization_id"}, {Schema: "public", Name: "tasks", Column: "organization_id"},
	{Schema: "public", Name: "events", Column: "organization_id"}, {Schema: "public", Name: "Odd Items", Column: "Org Id"},
}

const (
	byScan   = "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexonlyscan = off"
	byIndex  = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"
	byBitmap = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off"
)

// cases are statements and what restricts the scans in their plans: the alias,
// and the kind of condition or "-". $1 is ours.
var cases = []struct {
	name, settings, sql string
	generic             bool
	want                []string
}{
	{"filter", byScan, "SELECT name FROM projects WHERE organization_id = $1 AND name > 'a'", false, []string{"projects Filter"}},
	{"filter in a generic plan", byScan, "SELECT name FROM projects WHERE $1 = organization_id", true, []string{"projects Filter"}},
	{"index", byIndex, "SELECT name FROM projects WHERE organization_id = $1", false, []string{"projects Index Cond"}},
	{"index of another column", byIndex, "SELECT name FROM projects WHERE organization_id > $1 AND id = 1", false, []string{"projects -"}},
	{"index only", byIndex, "SELECT min(id) FROM projects p WHERE organization_id = $1", false, []string{"p Index Cond"}},
	{"bitmap", byBitmap, "SELECT name FROM projects WHERE organization_id = $1", true, []string{"projects Recheck Cond"}},
	{"tid", byScan, "SELECT name FROM projects WHERE organization_id = $1 AND ctid = '(0,1)'", false, []string{"projects Filter"}},
	{"sample", byScan, "SELECT name FROM projects TABLESAMPLE SYSTEM (10) WHERE organization_id = $1", false, []string{"projects Filter"}},
	{"nothing", byScan, "SELECT name FROM projects WHERE name = $1::text", false, []string{"projects -"}},
	{"disjunction", byScan, "SELECT name FROM projects WHERE organization_id = $1 OR name = 'x'", false, []string{"projects -"}},
	{"disjunction with a common term", byScan, "SELECT name FROM projects WHERE organization_id = $1 AND id = 1 OR name = 'x' AND organization_id = $1", false, []string{"projects Filter"}},
	{"disjunction of index conditions", byBitmap, "SELECT 1 FROM projects WHERE organization_id = $1 AND (id < 3 OR id > 7)", false, []string{"projects Recheck Cond"}},
	{"disjunction whose second arm is open", byScan, "SELECT 1 FROM projects WHERE organization_id = $1 AND id < 3 OR id > 7", false, []string{"projects -"}},
	{"disjunction of equal values", byScan, "SELECT 1 FROM projects p WHERE p.name = 'x' AND p.organization_id = $1 OR p.id = 3 AND $1 = p.organization_id", true, []string{"p Filter"}},
	{"inequality", byScan, "SELECT name FROM projects WHERE organization_id >= $1", false, []string{"projects -"}},
	{"another organization", byScan, "SELECT name FROM projects WHERE organization_id = '" + theirs + "' AND $1::uuid IS NOT NULL", false, []string{"projects -"}},
	{"list of one", byScan, "SELECT name FROM projects WHERE organization_id = ANY (ARRAY[$1]::uuid[])", false, []string{"projects Filter"}},
	{"list of two", byScan, "SELECT name FROM projects WHERE organization_id IN ($1, '" + theirs + "')", false, []string{"projects -"}},
	{"condition in a CASE", byScan, "SELECT name FROM projects WHERE CASE WHEN name = 'x' THEN organization_id = $1 ELSE true END", false, []string{"projects -"}},
	{"condition in a string", byScan, "SELECT name FROM projects WHERE name = '(projects.organization_id = ''" + ours + "''::uuid) AND ' || $1::text", false, []string{"projects -"}},
	{"condition on another table", byScan, "SELECT 1 FROM projects p, users u WHERE u.organization_id = $1", false, []string{"p -"}},
	{"join that carries the organization on", byScan, "SELECT 1 FROM projects p JOIN tasks t ON t.organization_id = p.organization_id AND t.project_id = p.id WHERE p.organization_id = $1", false, []string{"p Filter", "t Filter"}},
	{"outer join that carries it on", byScan, "SELECT 1 FROM projects p LEFT JOIN tasks t ON t.organization_id = p.organization_id AND t.project_id = p.id WHERE p.organization_id = $1", true, []string{"p Filter", "t Filter"}},
	{"outer join that does not", byScan, "SELECT 1 FROM projects p LEFT JOIN tasks t ON t.project_id = p.id WHERE p.organization_id = $1", false, []string{"p Filter", "t -"}},
	{"condition in the ON of an outer join", byScan, "SELECT 1 FROM projects p LEFT JOIN tasks t ON t.project_id = p.id AND p.organization_id = $1 AND t.organization_id = $1", false, []string{"p -", "t Filter"}},
	{"quoted names and a cast", "", `SELECT 1 FROM "Odd Items" "of all" WHERE "of all"."Org Id" = $1::text`, false, []string{"of all Filter"}},
	{"view", byScan, "SELECT * FROM named WHERE organization_id = $1", false, []string{"tasks Filter"}},
	{"view that groups", byScan, "SELECT * FROM counted WHERE organization_id = $1", false, []string{"tasks Filter"}},
	{"view that numbers everybody's rows", byScan, "SELECT * FROM ranked WHERE organization_id = $1", false, []string{"tasks -"}},
	{"common table expression", byScan, "WITH t AS MATERIALIZED (SELECT * FROM tasks) SELECT * FROM t WHERE organization_id = $1", false, []string{"tasks -"}},
	{"restricted common table expression", byScan, "WITH t AS MATERIALIZED (SELECT * FROM tasks WHERE organization_id = $1) SELECT * FROM t", false, []string{"tasks Filter"}},
	{"subplan", byScan, "SELECT (SELECT max(t.name) FROM tasks t WHERE t.project_id = p.id) FROM projects p WHERE organization_id = $1", false, []string{"p Filter", "t -"}},
	{"subplan that follows the outer row", byScan, "SELECT (SELECT max(t.name) FROM tasks t WHERE t.organization_id = p.organization_id) FROM projects p WHERE organization_id = $1", false, []string{"p Filter", "t Filter"}},
	{"lateral that follows the outer row", byIndex, "SELECT 1 FROM projects p CROSS JOIN LATERAL (SELECT * FROM tasks t WHERE t.organization_id = p.organization_id OFFSET 0) x WHERE p.organization_id = $1", false, []string{"p Index Cond", "t Index Cond"}},
	{"initplan", byScan, "SELECT 1 FROM projects WHERE organization_id = $1 AND EXISTS (SELECT 1 FROM tasks)", false, []string{"tasks -", "projects Filter"}},
	{"union", byScan, "SELECT id FROM projects WHERE organization_id = $1 UNION SELECT id FROM tasks", false, []string{"projects Filter", "tasks -"}},
	{"partitions", byScan, "SELECT id FROM events WHERE organization_id = $1", false, []string{"events Filter"}},
	{"all partitions", byScan, "SELECT id FROM events WHERE id = 1 AND $1::uuid IS NOT NULL", false, []string{"events_1 -", "events_2 -"}},
	{"update", byScan, "UPDATE tasks SET name = p.name FROM projects p WHERE p.id = tasks.project_id AND tasks.organization_id = $1", false, []string{"tasks Filter", "p -"}},
	{"delete", byScan, "DELETE FROM tasks WHERE organization_id = $1 RETURNING id", true, []string{"tasks Filter"}},
	{"upsert", "", "INSERT INTO projects AS p (organization_id, id) VALUES ($1, 1) ON CONFLICT (organization_id, id) DO UPDATE SET name = 'x' WHERE p.organization_id = $1", false, []string{"p Conflict Filter"}},
	{"upsert of everybody's rows", "", "INSERT INTO projects (organization_id, id) VALUES ($1, 1) ON CONFLICT (organization_id, id) DO UPDATE SET name = 'x'", false, []string{"projects -"}},
	{"upsert that never updates", "", "INSERT INTO projects AS p (organization_id, id) VALUES ($1, 1) ON CONFLICT (organization_id, id) DO UPDATE SET name = 'x' WHERE p.organization_id = $1 AND false", false, []string{"p Conflict Filter"}},
	{"merge", byScan, "MERGE INTO tasks t USING (projects p JOIN (SELECT) AS g ON p.organization_id = $1) ON t.organization_id = $1 AND t.project_id = p.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (organization_id, id) VALUES ($1, p.id)", false, []string{"t Filter", "p Filter"}},
	{"merge that restricts its source in ON", byScan, "MERGE INTO tasks t USING projects p ON t.organization_id = $1 AND p.organization_id = $1 WHEN NOT MATCHED THEN INSERT (organization_id, id) VALUES ($1, p.id)", false, []string{"t Filter", "p -"}},
	{"insert", "", "INSERT INTO projects (organization_id, id) VALUES ($1, 1) ON CONFLICT DO NOTHING", false, nil},
	{"false", "", "SELECT 1 FROM projects WHERE false AND organization_id = $1", false, nil},
	{"contradiction", "", "SELECT 1 FROM projects WHERE organization_id = $1 AND organization_id = '" + theirs + "'", false, []string{"projects One-Time Filter"}},
	{"constant instead of the parameter", byScan, "SELECT 1 FROM projects p WHERE organization_id = $1 AND organization_id = '" + theirs + "'", true, []string{"p Filter"}},
	{"constant instead of the parameter, joined", byScan, "SELECT 1 FROM projects p JOIN tasks t USING (organization_id) WHERE p.organization_id = $1 AND t.organization_id = '" + theirs + "'", true, []string{"p Filter", "t Filter"}},
	{"false condition pushed into a subquery", byScan, "SELECT 1 FROM (SELECT id FROM tasks WHERE organization_id = $1 AND 2 > 3 GROUP BY id INTERSECT ALL SELECT 1) t WHERE t.id < 5", false, []string{"tasks One-Time Filter"}},
	{"several values of one column", byScan, "SELECT 1 FROM (VALUES ('" + ours + "'::uuid), ('" + theirs + "')) v (o) JOIN projects p ON p.organization_id = v.o WHERE $1::uuid IS NOT NULL", false, []string{"p -"}},
}

// since are the major versions that a statement needs, where 14 is too old.
var since = map[string]int{"merge": 15, "merge that restricts its source in ON": 15}
