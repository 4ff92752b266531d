package orgfilter

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sigrahq/sigra/internal/pgsql"
)

func testCatalog(t testing.TB) *Catalog {
	t.Helper()
	c := NewCatalog()
	for _, name := range []string{"projects", "tasks", "comments", "billing.accounts", `"Odd"`} {
		if _, err := c.Add(name, Owned, "organization_id"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Add("legacy", Owned, "org"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Add("users", Shared, ""); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRewritePlacesTheCondition(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sql string
		params    int
		want      string
	}{
		{"no where", "SELECT id FROM projects", 0,
			"SELECT id FROM projects WHERE projects.organization_id = $1"},
		{"disjunction stays in brackets", "SELECT id FROM projects p WHERE a OR b", 0,
			"SELECT id FROM projects p WHERE p.organization_id = $1 AND (a OR b)"},
		{"clauses behind", "SELECT id FROM projects GROUP BY id HAVING true ORDER BY id LIMIT $1 FOR UPDATE", 1,
			"SELECT id FROM projects WHERE projects.organization_id = $2 GROUP BY id HAVING true ORDER BY id LIMIT $1 FOR UPDATE"},
		{"comment behind", "SELECT id FROM projects -- all", 0,
			"SELECT id FROM projects WHERE projects.organization_id = $1 -- all"},
		{"tokens that touch", `SELECT id FROM"Odd"ORDER BY 1`, 0,
			`SELECT id FROM"Odd" WHERE "Odd".organization_id = $1 ORDER BY 1`},
		{"own column", "SELECT 1 FROM legacy, users", 0,
			"SELECT 1 FROM legacy, users WHERE legacy.org = $1"},
		{"inner join", "SELECT 1 FROM projects p JOIN tasks t ON t.p = p.id", 0,
			"SELECT 1 FROM projects p JOIN tasks t ON t.p = p.id WHERE p.organization_id = $1 AND t.organization_id = $1"},
		{"left join", "SELECT 1 FROM projects p LEFT JOIN tasks t ON t.p = p.id", 0,
			"SELECT 1 FROM projects p LEFT JOIN tasks t ON t.organization_id = $1 AND (t.p = p.id) WHERE p.organization_id = $1"},
		{"right join", "SELECT 1 FROM projects p RIGHT JOIN tasks t ON t.p = p.id", 0,
			"SELECT 1 FROM projects p RIGHT JOIN tasks t ON p.organization_id = $1 AND (t.p = p.id) WHERE t.organization_id = $1"},
		{"full join", "SELECT 1 FROM projects p FULL JOIN tasks ON true", 0,
			"SELECT 1 FROM (projects p JOIN (SELECT) AS sigra_1 ON p.organization_id = $1) FULL JOIN (tasks JOIN (SELECT) AS sigra_2 ON tasks.organization_id = $1) ON true"},
		{"full join of a join", "SELECT 1 FROM (projects p JOIN tasks t ON a) FULL JOIN users u ON b", 0,
			"SELECT 1 FROM (projects p JOIN tasks t ON p.organization_id = $1 AND t.organization_id = $1 AND (a)) FULL JOIN users u ON b"},
		{"using under left join", "SELECT 1 FROM users u LEFT JOIN tasks t USING (id)", 0,
			"SELECT 1 FROM users u LEFT JOIN (tasks t JOIN (SELECT) AS sigra_1 ON t.organization_id = $1) USING (id)"},
		{"left join below a right join", "SELECT 1 FROM (projects p LEFT JOIN tasks t ON a) RIGHT JOIN users u ON b", 0,
			"SELECT 1 FROM (projects p LEFT JOIN tasks t ON t.organization_id = $1 AND (a)) RIGHT JOIN users u ON p.organization_id = $1 AND (b)"},
		{"aliased join hides its names", "SELECT 1 FROM (projects p CROSS JOIN tasks t) j", 0,
			"SELECT 1 FROM ((projects p JOIN (SELECT) AS sigra_1 ON p.organization_id = $1) CROSS JOIN (tasks t JOIN (SELECT) AS sigra_2 ON t.organization_id = $1)) j"},
		{"column aliases", "SELECT a FROM projects AS p (a, b)", 0,
			"SELECT a FROM projects AS p (a, b) WHERE (CASE WHEN true THEN p.* END).organization_id = $1"},
		{"column aliases in a full join", `SELECT 1 FROM "Odd" AS "P" (a, b) FULL JOIN users u ON true`, 0,
			`SELECT 1 FROM ("Odd" AS "P" (a, b) JOIN (SELECT) AS sigra_1 ON (CASE WHEN true THEN "P".* END).organization_id = $1) FULL JOIN users u ON true`},
		{"sampled", "SELECT 1 FROM users LEFT JOIN projects p TABLESAMPLE BERNOULLI (10) USING (id)", 0,
			"SELECT 1 FROM users LEFT JOIN (projects p TABLESAMPLE BERNOULLI (10) JOIN (SELECT) AS sigra_1 ON p.organization_id = $1) USING (id)"},
		{"schema", "SELECT 1 FROM billing.accounts", 0,
			"SELECT 1 FROM billing.accounts WHERE accounts.organization_id = $1"},
		{"cte of the same name", "WITH projects AS (SELECT * FROM projects) SELECT * FROM projects", 0,
			"WITH projects AS (SELECT * FROM projects WHERE projects.organization_id = $1) SELECT * FROM projects"},
		{"set operation", "SELECT id FROM projects UNION SELECT id FROM tasks ORDER BY 1", 0,
			"SELECT id FROM projects WHERE projects.organization_id = $1 UNION SELECT id FROM tasks WHERE tasks.organization_id = $1 ORDER BY 1"},
		{"update from", "UPDATE tasks SET a = p.a FROM projects p WHERE p.id = tasks.p OR true RETURNING *", 0,
			"UPDATE tasks SET a = p.a FROM projects p WHERE tasks.organization_id = $1 AND p.organization_id = $1 AND (p.id = tasks.p OR true) RETURNING *"},
		{"update without where", "UPDATE tasks SET a = $1 RETURNING id", 1,
			"UPDATE tasks SET a = $1 WHERE tasks.organization_id = $2 RETURNING id"},
		{"delete using", "DELETE FROM tasks t USING users u", 0,
			"DELETE FROM tasks t USING users u WHERE t.organization_id = $1"},
		{"insert values", "INSERT INTO tasks (a) VALUES ($1), (DEFAULT)", 1,
			"INSERT INTO tasks (a, organization_id) VALUES ($1, $2), (DEFAULT, $2)"},
		{"insert values with clauses", "INSERT INTO tasks (a) WITH u AS (SELECT 1) VALUES (1), (2) ORDER BY 1", 0,
			"INSERT INTO tasks (a, organization_id) WITH u AS (SELECT 1) VALUES (1, $1::uuid), (2, $1::uuid) ORDER BY 1"},
		{"name that is taken", "SELECT 1 FROM projects SIGRA_1 FULL JOIN users u USING (id)", 0,
			"SELECT 1 FROM (projects SIGRA_1 JOIN (SELECT) AS sigra__1 ON sigra_1.organization_id = $1) FULL JOIN users u USING (id)"},
		{"name that is taken in escapes", `SELECT 1 FROM projects U&"\0073igra_1" FULL JOIN users u USING (id)`, 0,
			`SELECT 1 FROM (projects U&"\0073igra_1" JOIN (SELECT) AS sigra__1 ON sigra_1.organization_id = $1) FULL JOIN users u USING (id)`},
		{"term that could fail on a foreign row", "SELECT 1 FROM tasks WHERE a AND 'x' ~ b AND (1 / c) IS NULL AND lower(d) = 'd'", 0,
			"SELECT 1 FROM tasks WHERE tasks.organization_id = $1 AND (a AND ('x' ~ b) >= true AND ((1 / c) IS NULL) >= true AND lower(d) = 'd')"},
		{"term that becomes a test for NULL", "SELECT 1 FROM tasks WHERE 1 / a = 1 / a AND b = b AND c::int = d::int", 0,
			"SELECT 1 FROM tasks WHERE tasks.organization_id = $1 AND ((1 / a = 1 / a) >= true AND b = b AND c::int = d::int)"},
		{"term of one operator when the rest has been worked out", "SELECT 1 FROM tasks WHERE lower($1) ~ a AND ($1 || 'x')::int / b IS NULL AND (SELECT max(id) FROM users) ~ c AND d ILIKE '%' || $1 AND e = lower($1)", 1,
			"SELECT 1 FROM tasks WHERE tasks.organization_id = $2 AND ((lower($1) ~ a) >= true AND (($1 || 'x')::int / b IS NULL) >= true AND ((SELECT max(id) FROM users) ~ c) >= true AND d ILIKE '%' || $1 AND e = lower($1))"},
		{"term of one operator when a column has been worked out", "WITH q AS (SELECT $1::text AS a, 2 AS b) SELECT 1 FROM q JOIN abs($2) n ON true, tasks WHERE lower(q.a) ~ c AND (b + 1) / d IS NULL AND n * 2 / d IS NULL AND lower(q.a) = e AND (c + 1) / d IS NULL", 2,
			"WITH q AS (SELECT $1::text AS a, 2 AS b) SELECT 1 FROM q JOIN abs($2) n ON true, tasks WHERE tasks.organization_id = $3 AND ((lower(q.a) ~ c) >= true AND ((b + 1) / d IS NULL) >= true AND (n * 2 / d IS NULL) >= true AND lower(q.a) = e AND (c + 1) / d IS NULL)"},
		{"term of one operator when a renamed column has been worked out", "SELECT 1 FROM tasks t JOIN (SELECT x.* FROM (SELECT 2 AS a) x) y (b) ON (b + 1) / c IS NULL JOIN (VALUES (1)) z (b) ON (z.b + 1) / c IS NULL", 0,
			"SELECT 1 FROM tasks t JOIN (SELECT x.* FROM (SELECT 2 AS a) x) y (b) ON ((b + 1) / c IS NULL) >= true JOIN (VALUES (1)) z (b) ON ((z.b + 1) / c IS NULL) >= true WHERE t.organization_id = $1"},
		{"term of one operator for an empty array", "SELECT 1 FROM tasks WHERE 1 / a = ANY ($1) AND 1 / b <> ALL ($1) AND lower(c) = ANY ($1) AND d::text = ANY ($1) AND e = ANY ($1)", 1,
			"SELECT 1 FROM tasks WHERE tasks.organization_id = $2 AND ((1 / a = ANY ($1)) >= true AND (1 / b <> ALL ($1)) >= true AND lower(c) = ANY ($1) AND d::text = ANY ($1) AND e = ANY ($1))"},
		{"term of one operator in one of the cases", "SELECT 1 FROM tasks WHERE CASE WHEN $1 THEN 1 / a ELSE b * 2 END IS NULL AND coalesce($1, 1 / a + 1) IS NULL", 1,
			"SELECT 1 FROM tasks WHERE tasks.organization_id = $2 AND ((CASE WHEN $1 THEN 1 / a ELSE b * 2 END IS NULL) >= true AND (coalesce($1, 1 / a + 1) IS NULL) >= true)"},
		{"terms that cost nothing", "SELECT 1 FROM tasks WHERE a IS JSON AND (b OR json(c) IS NULL) AND d", 0,
			"SELECT 1 FROM tasks WHERE tasks.organization_id = $1 AND (((a IS JSON) >= true) >= true AND (((b OR json(c) IS NULL)) >= true) >= true AND d)"},
		{"subqueries beside what a derived table computes", "SELECT 1 FROM (SELECT 1 / a AS r FROM tasks) x WHERE EXISTS (SELECT 1 FROM users) AND NOT EXISTS (SELECT 1 FROM users) AND b IN (SELECT id FROM users)", 0,
			"SELECT 1 FROM (SELECT 1 / a AS r FROM tasks WHERE tasks.organization_id = $1) x WHERE EXISTS (SELECT 1 FROM users) AND NOT EXISTS (SELECT 1 FROM users) AND b IN (SELECT id FROM users)"},
		{"computed column that costs nothing", "SELECT 1 FROM (SELECT ARRAY[a, b] AS c FROM tasks) x WHERE x.c IS NOT NULL", 0,
			"SELECT 1 FROM (SELECT ARRAY[a, b] AS c FROM tasks WHERE tasks.organization_id = $1) x WHERE ((x.c IS NOT NULL) >= true) >= true"},
		{"column with the name of a key word", "SELECT 1 FROM tasks WHERE values = 1 AND (values > 0) OR id IN (VALUES (1))", 0,
			"SELECT 1 FROM tasks WHERE tasks.organization_id = $1 AND (values = 1 AND (values > 0) OR id IN (VALUES (1)))"},
		{"such a term outside of a derived table", "SELECT 1 FROM (SELECT * FROM tasks) x WHERE jsonb_path_exists(x.a, '$')", 0,
			"SELECT 1 FROM (SELECT * FROM tasks WHERE tasks.organization_id = $1) x WHERE (jsonb_path_exists(x.a, '$')) >= true"},
		{"test of what a derived table computes", "SELECT 1 FROM (SELECT 1 / a AS r, count(*) AS n FROM tasks) x JOIN projects p ON p.r IS NULL AND x.n IS NULL WHERE x.r IS NULL AND r = 2", 0,
			"SELECT 1 FROM (SELECT 1 / a AS r, count(*) AS n FROM tasks WHERE tasks.organization_id = $1) x JOIN projects p ON p.r IS NULL AND x.n IS NULL " +
				"WHERE p.organization_id = $1 AND ((x.r IS NULL) >= true AND r = 2)"},
		{"insert default values", "INSERT INTO tasks DEFAULT VALUES", 0,
			"INSERT INTO tasks (organization_id) VALUES ($1)"},
		{"insert select", "INSERT INTO tasks (a) SELECT DISTINCT id FROM projects", 0,
			"INSERT INTO tasks (a, organization_id) SELECT DISTINCT id, $1::uuid FROM projects WHERE projects.organization_id = $1"},
		{"insert union", "INSERT INTO tasks (a) (SELECT 1 UNION SELECT id FROM projects) RETURNING a", 0,
			"INSERT INTO tasks (a, organization_id) SELECT sigra_1.*, $1::uuid FROM ((SELECT 1 UNION SELECT id FROM projects WHERE projects.organization_id = $1)) AS sigra_1 RETURNING a"},
		{"insert select in brackets", "INSERT INTO tasks (a) ((SELECT 1 FROM projects) ORDER BY 1) LIMIT 1", 0,
			"INSERT INTO tasks (a, organization_id) ((SELECT 1, $1::uuid FROM projects WHERE projects.organization_id = $1) ORDER BY 1) LIMIT 1"},
		{"insert null and default", "INSERT INTO tasks (organization_id, a) VALUES (NULL, 1), (DEFAULT, 2), (NULL::uuid, 3)", 0,
			"INSERT INTO tasks (organization_id, a) VALUES ($1, 1), ($1, 2), ($1, 3)"},
		{"insert from the ownership column of a source", "INSERT INTO tasks (organization_id, a) SELECT p.organization_id, u.id FROM users u JOIN projects p ON true", 0,
			"INSERT INTO tasks (organization_id, a) SELECT $1::uuid, u.id FROM users u JOIN projects p ON true WHERE p.organization_id = $1"},
		{"insert from a column of a CTE", "WITH gone AS (DELETE FROM projects p RETURNING *) INSERT INTO tasks (a, organization_id) SELECT id, organization_id FROM gone", 0,
			"WITH gone AS (DELETE FROM projects p WHERE p.organization_id = $1 RETURNING *) INSERT INTO tasks (a, organization_id) SELECT id, $1::uuid FROM gone"},
		{"insert from renamed columns", "INSERT INTO tasks (organization_id) SELECT x.b FROM (SELECT id, organization_id o FROM projects UNION ALL SELECT a, t.organization_id FROM tasks t) x (a, b) JOIN users u ON true", 0,
			"INSERT INTO tasks (organization_id) SELECT $1::uuid FROM (SELECT id, organization_id o FROM projects WHERE projects.organization_id = $1 UNION ALL SELECT a, t.organization_id FROM tasks t WHERE t.organization_id = $1) x (a, b) JOIN users u ON true"},
		{"merge from a column of a query", "MERGE INTO tasks t USING (SELECT p.*, 1 FROM projects p) s ON false WHEN NOT MATCHED THEN INSERT (organization_id, a) VALUES (s.organization_id, s.a)", 0,
			"MERGE INTO tasks t USING (SELECT p.*, 1 FROM projects p WHERE p.organization_id = $1) s ON t.organization_id = $1 AND (false) WHEN NOT MATCHED THEN INSERT (organization_id, a) VALUES ($1, s.a)"},
		{"upsert", "INSERT INTO tasks AS t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = excluded.a WHERE t.b OR c RETURNING *", 0,
			"INSERT INTO tasks AS t (a, organization_id) VALUES (1, $1) ON CONFLICT (a) DO UPDATE SET a = excluded.a WHERE t.organization_id = $1 AND (t.b OR c) RETURNING *"},
		{"merge", "MERGE INTO tasks t USING projects p ON a OR b WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES (p.a)", 0,
			"MERGE INTO tasks t USING (projects p JOIN (SELECT) AS sigra_1 ON p.organization_id = $1) ON t.organization_id = $1 AND (a OR b) WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT (a, organization_id) VALUES (p.a, $1)"},
		{"merge of a join", "MERGE INTO tasks USING projects p JOIN users u ON a ON b WHEN NOT MATCHED BY TARGET THEN INSERT DEFAULT VALUES", 0,
			"MERGE INTO tasks USING projects p JOIN users u ON p.organization_id = $1 AND (a) ON tasks.organization_id = $1 AND (b) WHEN NOT MATCHED BY TARGET THEN INSERT (organization_id) VALUES ($1)"},
		{"merge by source", "MERGE INTO tasks t USING users u ON t.a = u.a WHEN NOT MATCHED BY SOURCE AND b OR c THEN DELETE WHEN NOT MATCHED BY SOURCE -- x\nTHEN UPDATE SET a = 1 RETURNING merge_action()", 0,
			"MERGE INTO tasks t USING users u ON t.organization_id = $1 AND (t.a = u.a) WHEN NOT MATCHED BY SOURCE AND t.organization_id = $1 AND (b OR c) THEN DELETE WHEN NOT MATCHED BY SOURCE -- x\nAND t.organization_id = $1 THEN UPDATE SET a = 1 RETURNING merge_action()"},
		{"merge by source and by target", "MERGE INTO tasks t USING projects p ON t.a = p.a AND t.b WHEN NOT MATCHED THEN INSERT (a) VALUES (p.a) WHEN NOT MATCHED BY SOURCE THEN DO NOTHING", 0,
			"MERGE INTO tasks t USING (projects p JOIN (SELECT) AS sigra_1 ON p.organization_id = $1) ON t.organization_id = $1 AND (t.a = p.a AND t.b) WHEN NOT MATCHED THEN INSERT (a, organization_id) VALUES (p.a, $1) WHEN NOT MATCHED BY SOURCE AND t.organization_id = $1 THEN DO NOTHING"},
		{"merge into a shared table", "MERGE INTO users u USING tasks t ON 'x' ~ u.a WHEN NOT MATCHED BY SOURCE THEN DELETE", 0,
			"MERGE INTO users u USING (tasks t JOIN (SELECT) AS sigra_1 ON t.organization_id = $1) ON ('x' ~ u.a) >= true WHEN NOT MATCHED BY SOURCE THEN DELETE"},
		{"merge in a CTE", "WITH users AS (MERGE INTO tasks USING users ON a WHEN MATCHED THEN DELETE RETURNING tasks.id) SELECT * FROM users", 0,
			"WITH users AS (MERGE INTO tasks USING users ON tasks.organization_id = $1 AND (a) WHEN MATCHED THEN DELETE RETURNING tasks.id) SELECT * FROM users"},
		{"names with a dollar sign", "SELECT 1 AS a$q$ FROM tasks É$1 WHERE É$1.x = T$Y", 0,
			`SELECT 1 AS "a$q$" FROM tasks "É$1" WHERE "É$1".organization_id = $1 AND ("É$1".x = "t$y")`},
		{"continued string with a backslash in front of a quote", `SELECT 1 FROM tasks WHERE a = E'x\\\'' --\'` + "\n" + `'\\\'y'`, 0,
			`SELECT 1 FROM tasks WHERE tasks.organization_id = $1 AND (a = E'x\\''' --''` + "\n" + `'\\''y')`},
		{"backslash in front of a quote", `SELECT 1 FROM tasks WHERE a LIKE'\'`, 0,
			`SELECT 1 FROM tasks WHERE tasks.organization_id = $1 AND (a LIKE E'\\')`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan, err := Rewrite(test.sql, testCatalog(t), test.params)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, plan.Text); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRewriteLeavesChecksForTheArguments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sql string
		params    int
		want      []Check
		repeated  []int
	}{
		{"insert", "INSERT INTO tasks (organization_id) VALUES ($1), ($2::uuid), ('a0')", 2, []Check{
			{Param: 1, Offset: 44, Stamp: true}, {Param: 2, Offset: 50, Stamp: true}, {Const: "a0", Offset: 62, Stamp: true}}, nil},
		{"insert select", "INSERT INTO tasks (organization_id) SELECT $1 FROM projects UNION ALL SELECT $2", 2, []Check{
			{Param: 1, Offset: 43, Stamp: true}, {Param: 2, Offset: 77, Stamp: true}}, nil},
		{"update", "UPDATE tasks SET organization_id = $1, a = $2, b = $2", 2, []Check{{Param: 1, Offset: 17, Moved: true}}, []int{2}},
		{"update of a row", "UPDATE tasks SET (a, organization_id) = ($1, $2)", 2, []Check{{Param: 2, Offset: 21, Moved: true}}, nil},
		{"upsert", "INSERT INTO tasks (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET organization_id = $1", 1, []Check{{Param: 1, Offset: 63, Moved: true}}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan, err := Rewrite(test.sql, testCatalog(t), test.params)
			if err != nil {
				t.Fatal(err)
			}
			for i := range test.want {
				test.want[i].Table, test.want[i].Column = "tasks", "organization_id"
			}
			if diff := cmp.Diff(test.want, plan.Checks); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.repeated, plan.Repeated); diff != "" {
				t.Errorf("repeated (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRewriteRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sql string
		problem   Problem
		offset    int
		reason    string
	}{
		{"undeclared", "SELECT 1 FROM projects, secrets", Undeclared, 24, `add query.Declare[T]("secrets")`},
		{"undeclared schema", "SELECT 1 FROM other.projects", Undeclared, 14, "other.projects"},
		{"catalog", "SELECT 1 FROM projects, pg_class", Undeclared, 24, "pg_class"},
		{"shared only", "SELECT 1 FROM users", NotOwned, 0, "plain builder"},
		{"nothing", "SELECT 1", NotOwned, 0, "plain builder"},
		{"cte only", "WITH projects AS (SELECT 1) SELECT * FROM projects", NotOwned, 0, "plain builder"},
		{"explain", "EXPLAIN SELECT 1 FROM projects", Unreadable, 0, "EXPLAIN"},
		{"table", "TABLE projects", Unreadable, 0, "SELECT * FROM"},
		{"into", "SELECT 1 INTO x FROM projects", Unreadable, 9, "INTO"},
		{"insert of NULL of another type", "INSERT INTO tasks (organization_id, a) VALUES (NULL::id, 1)", ForeignRow, 47, "leave the column out"},
		{"merge without a column list", "MERGE INTO tasks USING users ON true WHEN NOT MATCHED THEN INSERT VALUES (1)", Unreadable, 73, "no column list"},
		{"merge inserts an expression", "MERGE INTO tasks USING users u ON true WHEN NOT MATCHED THEN INSERT (organization_id) VALUES (u.id)", ForeignRow, 94, "leave the column out"},
		{"merge moves", "MERGE INTO tasks USING users u ON true WHEN MATCHED THEN UPDATE SET organization_id = u.id", MovesRow, 68, "move rows"},
		{"merge of two relations of one name", "MERGE INTO tasks t USING projects t ON true WHEN MATCHED THEN DELETE", Unreadable, 25, "alias"},
		{"merge by source that computes", "MERGE INTO tasks t USING users u ON 1 / t.a = u.a WHEN NOT MATCHED BY SOURCE THEN DELETE", Unreadable, 36, "compute in the source"},
		{"merge by source that casts a row", "MERGE INTO tasks t USING users u ON (t.a::int, 1) = (u.a, 1) WHEN NOT MATCHED BY SOURCE THEN DELETE", Unreadable, 36, "compute in the source"},
		{"merge by source and by target on nothing", "MERGE INTO tasks t USING users u ON true WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED THEN INSERT DEFAULT VALUES", Unreadable, 36, "equality of columns"},
		{"merge by source that is never reached", "MERGE INTO tasks t USING users u ON t.a = u.a WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED BY SOURCE THEN DELETE", Unreadable, 85, "never reached"},
		{"copy", "COPY projects TO STDOUT", Unreadable, 0, "COPY"},
		{"cursor", "DELETE FROM tasks WHERE CURRENT OF c", Unreadable, 17, "CURRENT OF"},
		{"sql in a function", "SELECT Query_To_XML('SELECT', true, true, '') FROM projects", Unreadable, 7, "query_to_xml"},
		{"qualified function", `SELECT pg_catalog."table_to_xml"('x') FROM projects`, Unreadable, 7, "table_to_xml"},
		{"function in FROM", "SELECT 1 FROM projects, dblink_exec('x')", Unreadable, 24, "dblink_exec"},
		{"function behind a dot", "SELECT ('x'::text).Ts_Stat FROM projects", Unreadable, 19, "ts_stat"},
		{"names that leave none for the rewriter", "SELECT 1 FROM projects FULL JOIN users ON a = 'Sigra" + strings.Repeat("_", 100) + "'", Unreadable, 0, "choose others"},
		{"move by an expression", "UPDATE tasks SET organization_id = gen_random_uuid()", MovesRow, 17, "move rows"},
		{"move by a subquery", "UPDATE tasks SET (a, organization_id) = (SELECT 1, id FROM users)", MovesRow, 21, "move rows"},
		{"move on conflict", "INSERT INTO tasks (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET organization_id = excluded.organization_id", MovesRow, 63, "move rows"},
		{"insert an expression", "INSERT INTO tasks (organization_id) VALUES (gen_random_uuid())", ForeignRow, 44, "leave the column out"},
		{"insert from a nullable side", "INSERT INTO tasks (organization_id) SELECT p.organization_id FROM users u LEFT JOIN projects p ON true", ForeignRow, 43, "leave the column out"},
		{"insert from a shared table", "INSERT INTO tasks (organization_id) SELECT organization_id FROM users", ForeignRow, 43, "leave the column out"},
		{"insert another column under its label", "INSERT INTO tasks (organization_id) SELECT organization_id FROM (SELECT id AS organization_id FROM projects) p", ForeignRow, 43, "leave the column out"},
		{"insert another column of a column list", "WITH p (organization_id) AS (SELECT id, organization_id FROM projects) INSERT INTO tasks (organization_id) SELECT organization_id FROM p", ForeignRow, 114, "leave the column out"},
		{"insert from arms that swap columns", "INSERT INTO tasks (organization_id) SELECT organization_id FROM (SELECT organization_id, id FROM projects UNION SELECT id, organization_id FROM projects) p", ForeignRow, 43, "leave the column out"},
		{"insert from what RETURNING gives of another table", "WITH d AS (DELETE FROM tasks USING users u RETURNING u.organization_id) INSERT INTO tasks (organization_id) SELECT organization_id FROM d", ForeignRow, 115, "leave the column out"},
		{"insert from a recursive column", "WITH RECURSIVE r AS (SELECT organization_id FROM projects UNION SELECT organization_id FROM r) INSERT INTO tasks (organization_id) SELECT organization_id FROM r", ForeignRow, 138, "leave the column out"},
		{"insert behind a star", "INSERT INTO tasks (a, organization_id) SELECT p.*, $1 FROM projects p", ForeignRow, 39, "does not show"},
		{"insert without columns", "INSERT INTO tasks VALUES (1)", Unreadable, 18, "no column list"},
		{"parameter without argument", "SELECT 1 FROM tasks WHERE a = $2", Unreadable, 30, "$2"},
		{"column aliases beside grouping sets", "SELECT a FROM users u JOIN projects p (a) ON true GROUP BY ROLLUP (a)", Unreadable, 27, "leave the list out"},
		{"column aliases in EXISTS beside grouping sets", "SELECT 1 FROM users u WHERE NOT EXISTS (SELECT 1 FROM projects p (a) WHERE a = 1) GROUP BY ROLLUP (u.id)", Unreadable, 54, "leave the list out"},
		{"column aliases in EXISTS in EXISTS beside grouping sets", "SELECT 1 FROM users WHERE EXISTS (SELECT 1 FROM users WHERE EXISTS (SELECT 1 FROM projects p (a))) GROUP BY CUBE (id)", Unreadable, 82, "leave the list out"},
		{"column aliases beside an empty grouping set", "SELECT 1 FROM (projects p (a) CROSS JOIN users) j GROUP BY ()", Unreadable, 15, "leave the list out"},
		{"alias excluded", "INSERT INTO tasks AS excluded (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 1", Unreadable, 12, "excluded"},
		{"name of a relation and of USING columns", "SELECT 1 FROM projects p JOIN users u USING (id) AS p", Unreadable, 0, "a name of its own"},
		{"same name twice", "SELECT 1 FROM projects, public.projects", Unreadable, 24, "give one of them an alias"},
		{"row that is too short", "INSERT INTO tasks (a, b) VALUES (1)", Unreadable, 0, "one value for each column"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Rewrite(test.sql, testCatalog(t), 1)
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("Rewrite = %v, want an *Error", err)
			}
			if e.Problem != test.problem || e.Offset != test.offset || !strings.Contains(e.Reason, test.reason) {
				t.Errorf("Rewrite: problem %d at byte %d: %s\nwant problem %d at byte %d: %s", e.Problem, e.Offset, e.Reason, test.problem, test.offset, test.reason)
			}
		})
	}
}

// The proof must not depend on the rewriter being right: each text here is
// one that a faulty rewriter could have made.
func TestProofRefusesWhatDoesNotRestrict(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"nothing":                  "SELECT 1 FROM projects",
		"disjunction":              "SELECT 1 FROM projects WHERE projects.organization_id = $1 OR true",
		"negation":                 "SELECT 1 FROM projects WHERE NOT projects.organization_id = $1",
		"other parameter":          "SELECT 1 FROM projects WHERE projects.organization_id = $2",
		"other column":             "SELECT 1 FROM projects WHERE projects.organisation_id = $1",
		"unqualified":              "SELECT 1 FROM projects WHERE organization_id = $1",
		"part of a comparison":     "SELECT 1 FROM projects WHERE (projects.organization_id = $1) = false",
		"below a case":             "SELECT 1 FROM projects WHERE CASE WHEN true THEN projects.organization_id = $1 END",
		"and of a between":         "SELECT 1 FROM projects WHERE a BETWEEN 1 AND projects.organization_id = $1",
		"the other relation":       "SELECT 1 FROM projects p, projects q WHERE p.organization_id = $1",
		"preserved side of a join": "SELECT 1 FROM projects p LEFT JOIN users u ON p.organization_id = $1",
		"full join":                "SELECT 1 FROM projects p FULL JOIN users u ON p.organization_id = $1",
		"hidden name":              "SELECT 1 FROM projects p WHERE p.organization_id = $1 AND EXISTS (SELECT 1 FROM (projects p CROSS JOIN users u) j WHERE p.organization_id = $1)",
		"name of an outer query":   "SELECT 1 FROM projects p WHERE p.organization_id = $1 AND EXISTS (SELECT 1 FROM projects q WHERE p.organization_id = $1)",
		"arm":                      "SELECT 1 FROM projects WHERE projects.organization_id = $1 UNION SELECT 1 FROM projects",
		"having":                   "SELECT 1 FROM projects GROUP BY organization_id HAVING projects.organization_id = $1",
		"renamed columns":          "SELECT 1 FROM projects p (organization_id) WHERE p.organization_id = $1",
		"update target":            "UPDATE tasks SET a = 1 FROM projects WHERE projects.organization_id = $1",
		"update moves":             "UPDATE tasks SET organization_id = $2 WHERE tasks.organization_id = $1",
		"insert":                   "INSERT INTO tasks (a) VALUES (1)",
		"insert second row":        "INSERT INTO tasks (organization_id) VALUES ($1), ($2)",
		"insert without columns":   "INSERT INTO tasks VALUES ($1)",
		"insert arm":               "INSERT INTO tasks (organization_id) SELECT $1 UNION SELECT $2",
		"insert shifted by a star": "INSERT INTO tasks (organization_id, a) SELECT p.*, $1 FROM users p",
		"conflict":                 "INSERT INTO tasks (organization_id) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = 1",
		"conflict on excluded":     "INSERT INTO tasks (organization_id) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = 1 WHERE excluded.organization_id = $1",
		"data-modifying cte":       "WITH x AS (DELETE FROM tasks) SELECT 1 FROM projects WHERE projects.organization_id = $1",
		"merge":                    "MERGE INTO tasks USING users ON true WHEN MATCHED THEN DELETE",
		"merge source in ON":       "MERGE INTO users USING tasks ON tasks.organization_id = $1 WHEN MATCHED THEN DELETE",
		"merge target in a WHEN":   "MERGE INTO tasks USING users ON true WHEN MATCHED AND tasks.organization_id = $1 THEN DELETE",
		"merge by source":          "MERGE INTO tasks USING users ON tasks.organization_id = $1 WHEN NOT MATCHED BY SOURCE THEN DELETE",
		"merge by source, second":  "MERGE INTO tasks USING users ON tasks.organization_id = $1 WHEN NOT MATCHED BY SOURCE AND tasks.organization_id = $1 THEN DELETE WHEN NOT MATCHED BY SOURCE AND (a OR tasks.organization_id = $1) THEN DELETE",
		"merge inserts":            "MERGE INTO tasks USING users ON tasks.organization_id = $1 WHEN NOT MATCHED THEN INSERT (a) VALUES (1)",
		"merge inserts a value":    "MERGE INTO tasks USING users ON tasks.organization_id = $1 WHEN NOT MATCHED THEN INSERT (organization_id) VALUES ($2)",
		"merge inserts defaults":   "MERGE INTO tasks USING users ON tasks.organization_id = $1 WHEN NOT MATCHED THEN INSERT DEFAULT VALUES",
		"merge inserts by place":   "MERGE INTO tasks USING users ON tasks.organization_id = $1 WHEN NOT MATCHED THEN INSERT VALUES ($1)",
		"merge moves":              "MERGE INTO tasks USING users ON tasks.organization_id = $1 WHEN MATCHED THEN UPDATE SET organization_id = users.id",
		"merge source of the name": "MERGE INTO tasks t USING (users JOIN users t ON true) ON t.organization_id = $1 WHEN MATCHED THEN DELETE",
		"merge subquery":           "MERGE INTO tasks USING users ON tasks.organization_id = $1 WHEN MATCHED AND EXISTS (SELECT 1 FROM projects) THEN DELETE",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := prove(&Plan{Text: sql, Org: 1}, testCatalog(t), pgsql.Options{}); err == nil {
				t.Errorf("proved: %s", sql)
			}
		})
	}
}

// FuzzRewrite checks what holds for any text: no fault, and a result that
// names the same tables in the same order.
func FuzzRewrite(f *testing.F) {
	for _, s := range []string{
		"SELECT 1 FROM projects p LEFT JOIN (tasks t FULL JOIN comments c USING (id)) ON p.id = t.id WHERE a OR b -- x",
		"INSERT INTO tasks (a, b) SELECT 1, 2 UNION SELECT 1, id FROM projects ON CONFLICT (a) DO UPDATE SET b = 1",
		"WITH x AS (UPDATE tasks SET a = $1 RETURNING *) DELETE FROM projects USING x WHERE projects.id IN (VALUES (1))",
		`SELECT '\', "Odd".* FROM "Odd", legacy AS l(a, b) NATURAL RIGHT JOIN users`,
	} {
		f.Add(s)
	}
	c := testCatalog(f)
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := Rewrite(text, c, 3)
		if err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.Problem == Failed {
				t.Fatalf("%v: %v\n%s", err, e.Cause, text)
			}
			return
		}
		before, err := Examine(text, c)
		if err != nil {
			if strings.ContainsAny(text, "@:?") {
				return // an operator here is a placeholder in hand-written SQL, as in 0@a
			}
			t.Fatal(err)
		}
		after, err := Examine(plan.Text, c)
		if err != nil {
			t.Fatal(err)
		}
		if len(before.Uses) != len(after.Uses) {
			t.Fatalf("%d uses became %d\n%s\n%s", len(before.Uses), len(after.Uses), text, plan.Text)
		}
		renamed := withOtherColumns(t, plan.Text)
		for i, use := range after.Uses {
			if use.Name != before.Uses[i].Name || use.Table.Kind == Owned && !use.Bound && !renamed[use.Offset] {
				t.Fatalf("use %+v of %s\n%s", use, plan.Text, text)
			}
		}
	})
}

// withOtherColumns are the offsets of relations with a list of column aliases,
// whose guard nobody would write by hand and [Examine] does not know.
func withOtherColumns(t *testing.T, text string) map[int]bool {
	tree, err := pgsql.Read(text, pgsql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Free()
	offsets := map[int]bool{}
	for _, rel := range tree.Relations {
		offsets[rel.NameOffset] = rel.Columns != nil
	}
	return offsets
}
