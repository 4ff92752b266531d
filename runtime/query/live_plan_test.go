package query_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/query"
)

// manyOrganizations is what a plan needs to be worth a look: forty organizations, one of them A, and statistics of them.
const manyOrganizations = `
CREATE INDEX projects_parent ON projects (organization_id, parent_id);
CREATE INDEX tasks_project ON tasks (organization_id, project_id);
CREATE INDEX comments_task ON comments (organization_id, task_id);

CREATE FUNCTION key(kind text, org int, n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(kind || org || '/' || n)::uuid $$;
CREATE FUNCTION org(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE n WHEN 1 THEN 'a0000000-0000-4000-8000-000000000000' ELSE md5('org' || n)::uuid END $$;

INSERT INTO projects (id, organization_id, slug, name, archived, priority, parent_id)
	SELECT key('p', o, n), org(o), 's' || n, 'name ' || n, n % 5 = 0, n % 10, CASE WHEN n > 3 THEN key('p', o, n / 3) END
	FROM generate_series(1, 40) o, generate_series(1, 50) n;
INSERT INTO tasks (id, organization_id, project_id, title, done, points)
	SELECT key('t', o, n), org(o), CASE WHEN n % 9 > 0 THEN key('p', o, 1 + n % 45) END, 'task ' || n, n % 3 = 0, n % 7
	FROM generate_series(1, 40) o, generate_series(1, 500) n;
INSERT INTO comments (id, organization_id, task_id, body)
	SELECT key('c', o, n), org(o), key('t', o, 1 + n % 600), 'comment ' || n
	FROM generate_series(1, 40) o, generate_series(1, 1000) n;
INSERT INTO handles (id, organization_id, handle) SELECT key('h', o, n), org(o), 'handle ' || o || ' ' || n
	FROM generate_series(1, 40) o, generate_series(1, 50) n;
ANALYZE;
`

// Each construct with the predicates that a careful author writes by hand; $1 is the organization there.
var plans = []struct{ name, sql, hand string }{
	{"one table by its key", `SELECT name FROM projects WHERE slug = 's7'`,
		`SELECT name FROM projects WHERE organization_id = $1 AND slug = 's7'`},
	{"order and limit", `SELECT slug FROM projects ORDER BY slug LIMIT 5`,
		`SELECT slug FROM projects WHERE organization_id = $1 ORDER BY slug LIMIT 5`},
	{"condition that waits", `SELECT title FROM tasks WHERE 10 / (points + 1) > 2`,
		`SELECT title FROM tasks WHERE organization_id = $1 AND 10 / (points + 1) > 2`},
	{"inner join", `SELECT p.name, t.title FROM projects p JOIN tasks t ON t.project_id = p.id`,
		`SELECT p.name, t.title FROM projects p JOIN tasks t ON t.project_id = p.id WHERE p.organization_id = $1 AND t.organization_id = $1`},
	{"three inner joins", `SELECT p.name, c.body FROM projects p JOIN tasks t ON t.project_id = p.id JOIN comments c ON c.task_id = t.id WHERE p.slug = 's9'`,
		`SELECT p.name, c.body FROM projects p JOIN tasks t ON t.project_id = p.id AND t.organization_id = $1 JOIN comments c ON c.task_id = t.id AND c.organization_id = $1
		WHERE p.slug = 's9' AND p.organization_id = $1`},
	{"left join", `SELECT p.name, t.title FROM projects p LEFT JOIN tasks t ON t.project_id = p.id AND t.done`,
		`SELECT p.name, t.title FROM projects p LEFT JOIN tasks t ON t.project_id = p.id AND t.done AND t.organization_id = $1 WHERE p.organization_id = $1`},
	{"left join that is an anti join", `SELECT p.name FROM projects p LEFT JOIN tasks t ON t.project_id = p.id WHERE t.id IS NULL`,
		`SELECT p.name FROM projects p LEFT JOIN tasks t ON t.project_id = p.id AND t.organization_id = $1 WHERE t.id IS NULL AND p.organization_id = $1`},
	{"chain of left joins", `SELECT p.name, c.body FROM projects p LEFT JOIN tasks t ON t.project_id = p.id LEFT JOIN comments c ON c.task_id = t.id`,
		`SELECT p.name, c.body FROM projects p LEFT JOIN tasks t ON t.project_id = p.id AND t.organization_id = $1
		LEFT JOIN comments c ON c.task_id = t.id AND c.organization_id = $1 WHERE p.organization_id = $1`},
	{"right join", `SELECT p.name, t.title FROM projects p RIGHT JOIN tasks t ON t.project_id = p.id`,
		`SELECT p.name, t.title FROM projects p RIGHT JOIN tasks t ON t.project_id = p.id AND p.organization_id = $1 WHERE t.organization_id = $1`},
	{"full join", `SELECT p.name, t.title FROM projects p FULL JOIN tasks t ON t.project_id = p.id`,
		`SELECT p.name, t.title FROM (SELECT * FROM projects p WHERE organization_id = $1) p FULL JOIN (SELECT * FROM tasks t WHERE organization_id = $1) t ON t.project_id = p.id`},
	{"using", `SELECT id, p.name, h.handle FROM projects p JOIN handles h USING (id)`,
		`SELECT id, p.name, h.handle FROM projects p JOIN handles h USING (id) WHERE p.organization_id = $1 AND h.organization_id = $1`},
	{"using of an outer join", `SELECT id, p.name, h.handle FROM projects p LEFT JOIN handles h USING (id)`,
		`SELECT id, p.name, h.handle FROM projects p LEFT JOIN (SELECT * FROM handles h WHERE organization_id = $1) h USING (id) WHERE p.organization_id = $1`},
	{"aliased tree", `SELECT j.title, j.name FROM (tasks t JOIN projects p ON p.id = t.project_id) AS j`,
		`SELECT j.title, j.name FROM (tasks t JOIN projects p ON p.id = t.project_id AND p.organization_id = $1 AND t.organization_id = $1) AS j`},
	{"aliased cross join", `SELECT j.handle, j.name FROM (handles h CROSS JOIN projects p) AS j WHERE j.slug = 's3'`,
		`SELECT h.handle, p.name FROM handles h CROSS JOIN projects p WHERE p.slug = 's3' AND h.organization_id = $1 AND p.organization_id = $1`},
	{"column aliases", `SELECT c FROM projects AS p (a, b, c)`,
		`SELECT c FROM projects AS p (a, b, c) WHERE p.b = $1`},
	{"lateral", `SELECT p.name, x.title FROM projects p CROSS JOIN LATERAL (SELECT title FROM tasks t WHERE t.project_id = p.id ORDER BY points DESC, id LIMIT 2) x`,
		`SELECT p.name, x.title FROM projects p CROSS JOIN LATERAL (SELECT title FROM tasks t WHERE t.project_id = p.id AND t.organization_id = $1 ORDER BY points DESC, id LIMIT 2) x
		WHERE p.organization_id = $1`},
	{"exists", `SELECT name FROM projects p WHERE EXISTS (SELECT 1 FROM tasks t WHERE t.project_id = p.id AND t.done)`,
		`SELECT name FROM projects p WHERE organization_id = $1 AND EXISTS (SELECT 1 FROM tasks t WHERE t.project_id = p.id AND t.done AND t.organization_id = $1)`},
	{"not in", `SELECT title FROM tasks WHERE id NOT IN (SELECT task_id FROM comments WHERE task_id IS NOT NULL)`,
		`SELECT title FROM tasks WHERE organization_id = $1 AND id NOT IN (SELECT task_id FROM comments WHERE organization_id = $1 AND task_id IS NOT NULL)`},
	{"scalar subquery", `SELECT p.name, (SELECT count(*) FROM tasks t WHERE t.project_id = p.id) FROM projects p`,
		`SELECT p.name, (SELECT count(*) FROM tasks t WHERE t.project_id = p.id AND t.organization_id = $1) FROM projects p WHERE p.organization_id = $1`},
	{"aggregate", `SELECT p.id, p.name, count(t.id) FROM projects p LEFT JOIN tasks t ON t.project_id = p.id GROUP BY p.id`,
		`SELECT p.id, p.name, count(t.id) FROM projects p LEFT JOIN tasks t ON t.project_id = p.id AND t.organization_id = $1 WHERE p.organization_id = $1 GROUP BY p.id`},
	{"window", `SELECT title, rank() OVER (PARTITION BY project_id ORDER BY points) FROM tasks`,
		`SELECT title, rank() OVER (PARTITION BY project_id ORDER BY points) FROM tasks WHERE organization_id = $1`},
	{"WITH query", `WITH open AS (SELECT * FROM tasks WHERE NOT done) SELECT p.name, o.title FROM projects p JOIN open o ON o.project_id = p.id`,
		`WITH open AS (SELECT * FROM tasks WHERE NOT done AND organization_id = $1) SELECT p.name, o.title FROM projects p JOIN open o ON o.project_id = p.id WHERE p.organization_id = $1`},
	{"materialized WITH query", `WITH m AS MATERIALIZED (SELECT * FROM tasks) SELECT count(*) FROM m`,
		`WITH m AS MATERIALIZED (SELECT * FROM tasks WHERE organization_id = $1) SELECT count(*) FROM m`},
	{"recursive WITH query", `WITH RECURSIVE tree AS (SELECT id, 1 AS depth FROM projects WHERE slug = 's1' UNION ALL
		SELECT p.id, depth + 1 FROM tree JOIN projects p ON p.parent_id = tree.id) SELECT depth, count(*) FROM tree GROUP BY depth`,
		`WITH RECURSIVE tree AS (SELECT id, 1 AS depth FROM projects WHERE slug = 's1' AND organization_id = $1 UNION ALL
		SELECT p.id, depth + 1 FROM tree JOIN projects p ON p.parent_id = tree.id AND p.organization_id = $1) SELECT depth, count(*) FROM tree GROUP BY depth`},
	{"set operation", `SELECT name FROM projects UNION SELECT title FROM tasks ORDER BY 1 LIMIT 20`,
		`SELECT name FROM projects WHERE organization_id = $1 UNION SELECT title FROM tasks WHERE organization_id = $1 ORDER BY 1 LIMIT 20`},
	{"for update", `SELECT name FROM projects WHERE archived ORDER BY id FOR UPDATE`,
		`SELECT name FROM projects WHERE organization_id = $1 AND archived ORDER BY id FOR UPDATE`},
	{"update", `UPDATE tasks SET done = true WHERE points = 6 RETURNING id`,
		`UPDATE tasks SET done = true WHERE organization_id = $1 AND points = 6 RETURNING id`},
	{"update from", `UPDATE tasks t SET title = p.name FROM projects p WHERE p.id = t.project_id AND p.slug = 's4' RETURNING t.id, t.title`,
		`UPDATE tasks t SET title = p.name FROM projects p WHERE p.id = t.project_id AND p.slug = 's4' AND t.organization_id = $1 AND p.organization_id = $1 RETURNING t.id, t.title`},
	{"update from a left join", `UPDATE tasks t SET title = coalesce(q.name, '') FROM projects p LEFT JOIN projects q ON q.id = p.parent_id WHERE p.id = t.project_id RETURNING t.id, t.title`,
		`UPDATE tasks t SET title = coalesce(q.name, '') FROM projects p LEFT JOIN projects q ON q.id = p.parent_id AND q.organization_id = $1
		WHERE p.id = t.project_id AND t.organization_id = $1 AND p.organization_id = $1 RETURNING t.id, t.title`},
	{"delete", `DELETE FROM comments WHERE task_id IS NULL OR body = 'comment 9' RETURNING id`,
		`DELETE FROM comments WHERE organization_id = $1 AND (task_id IS NULL OR body = 'comment 9') RETURNING id`},
	{"delete using", `DELETE FROM comments c USING tasks t WHERE t.id = c.task_id AND t.done RETURNING c.id`,
		`DELETE FROM comments c USING tasks t WHERE t.id = c.task_id AND t.done AND c.organization_id = $1 AND t.organization_id = $1 RETURNING c.id`},
	{"insert", `INSERT INTO projects (id, slug, name) VALUES (key('x', 1, 1), 'x', 'x') RETURNING *`,
		`INSERT INTO projects (id, slug, name, organization_id) VALUES (key('x', 1, 1), 'x', 'x', $1) RETURNING *`},
	{"upsert", `INSERT INTO projects (id, slug, name) VALUES (key('x', 1, 1), 's1', 'x') ON CONFLICT (organization_id, slug) DO UPDATE SET name = excluded.name RETURNING *`,
		`INSERT INTO projects (id, slug, name, organization_id) VALUES (key('x', 1, 1), 's1', 'x', $1) ON CONFLICT (organization_id, slug)
		DO UPDATE SET name = excluded.name WHERE projects.organization_id = $1 RETURNING *`},
	{"insert from a select", `INSERT INTO comments (id, task_id, body) SELECT md5(t.id::text)::uuid, t.id, p.name FROM tasks t JOIN projects p ON p.id = t.project_id RETURNING *`,
		`INSERT INTO comments (id, task_id, body, organization_id) SELECT md5(t.id::text)::uuid, t.id, p.name, $1::uuid FROM tasks t JOIN projects p ON p.id = t.project_id
		WHERE t.organization_id = $1 AND p.organization_id = $1 RETURNING *`},
	{"insert from a union", `INSERT INTO handles (id, handle) SELECT id, name || id FROM projects UNION ALL SELECT id, title || id FROM tasks RETURNING *`,
		`INSERT INTO handles (id, handle, organization_id) SELECT u.*, $1::uuid FROM (SELECT id, name || id FROM projects WHERE organization_id = $1
		UNION ALL SELECT id, title || id FROM tasks WHERE organization_id = $1) u RETURNING *`},
	{"merge, matched", `MERGE INTO tasks t USING projects p ON p.id = t.project_id WHEN MATCHED AND p.archived THEN UPDATE SET done = true WHEN MATCHED THEN DELETE`,
		`MERGE INTO tasks t USING (SELECT * FROM projects p WHERE organization_id = $1) p ON p.id = t.project_id AND t.organization_id = $1
		WHEN MATCHED AND p.archived THEN UPDATE SET done = true WHEN MATCHED THEN DELETE`},
	{"merge, not matched", `MERGE INTO comments c USING tasks t ON c.task_id = t.id WHEN NOT MATCHED THEN INSERT (id, body) VALUES (t.id, t.title)`,
		`MERGE INTO comments c USING (SELECT * FROM tasks t WHERE organization_id = $1) t ON c.task_id = t.id AND c.organization_id = $1
		WHEN NOT MATCHED THEN INSERT (id, body, organization_id) VALUES (t.id, t.title, $1)`},
	{"merge of a join", `MERGE INTO comments c USING tasks t JOIN projects p ON p.id = t.project_id ON c.task_id = t.id AND p.slug = 's2' WHEN NOT MATCHED AND t.done THEN INSERT (id, body) VALUES (t.id, p.name)`,
		`MERGE INTO comments c USING (tasks t JOIN projects p ON p.id = t.project_id AND p.organization_id = $1 AND t.organization_id = $1) ON c.task_id = t.id AND p.slug = 's2' AND c.organization_id = $1
		WHEN NOT MATCHED AND t.done THEN INSERT (id, body, organization_id) VALUES (t.id, p.name, $1)`},
}

// TestScopedPlansAreThoseOfHandWrittenPredicates: where a guard stands must not cost a plan.
//
//sigra:allow test -- the test compares with predicates that are written by hand
func TestScopedPlansAreThoseOfHandWrittenPredicates(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, liveSchema, manyOrganizations)
	conn, s := acquire(t, pool), session(t, pool.Config().ConnString())
	for _, p := range plans {
		t.Run(p.name, func(t *testing.T) {
			if have := serverVersion(conn); have < 15 && strings.HasPrefix(p.sql, "MERGE") {
				t.Logf("PostgreSQL %d does not know MERGE", have)
				return
			}
			sql, args, err := query.ForOrg(query.Text(p.sql), orgA).SQL()
			if err != nil {
				t.Fatal(err)
			}
			scoped, hand := explain(t, conn, sql, args), explain(t, conn, p.hand, []any{orgA})
			if diff := cmp.Diff(shape(hand), shape(scoped)); diff != "" {
				t.Errorf("plan (-by hand +scoped):\n%s\nscoped: %s\n%s\n\nby hand:\n%s", diff, sql, strings.Join(scoped, "\n"), strings.Join(hand, "\n"))
			}
			if want, have := mentions(hand), mentions(scoped); want != have {
				t.Errorf("the organization stands %d times in the plan, by hand %d times\n%s", have, want, strings.Join(scoped, "\n"))
			}
			if diff := perform(t, s, sql, args).Difference(perform(t, s, p.hand, []any{orgA}), false); diff != "" {
				t.Errorf("by hand it does something else: %s\nscoped: %s", diff, sql)
			}
		})
	}
}

func mentions(plan []string) int { return strings.Count(strings.Join(plan, "\n"), orgA.String()) }

//sigra:allow test -- the test explains what ForOrg made
func explain(t *testing.T, conn *pgx.Conn, sql string, args []any) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), "EXPLAIN (COSTS OFF) "+sql, args...)
	if err != nil {
		t.Fatalf("explain: %v\n%s", err, sql)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("explain: %v\n%s", err, sql)
	}
	return lines
}

// What a node does, without the terms of its conditions, whose order is free.
var detail = regexp.MustCompile(`^( *(?:[A-Z][a-z-]* )*[A-Z][A-Za-z-]*:) .*`)

func shape(plan []string) []string {
	lines := make([]string, len(plan))
	for i, line := range plan {
		lines[i] = detail.ReplaceAllString(line, "$1")
	}
	return lines
}
