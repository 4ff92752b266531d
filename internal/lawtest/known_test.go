package lawtest

import (
	"testing"
)

// Statements that once broke the law, or that look as if they would, in their
// smallest form.
func TestKnownStatementsKeepTheLaw(t *testing.T) {
	j, err := newJudge(t.Context(), NewWorld(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.close)
	tests := []struct{ name, sql string }{
		{"condition that costs as much as the guard fails on rows of B", `SELECT id FROM tasks WHERE (100 / points) IS NOT NULL`},
		{"condition whose error would quote a value of B", `SELECT id FROM tasks WHERE to_date(code, 'YYYY') IS NOT NULL`},
		{"condition that fails on rows of B, in ON", `SELECT u.id FROM users u LEFT JOIN tasks t ON t.user_id = u.id AND 'x' ~ t.name`},
		{"condition that fails on rows of B, in a write", `DELETE FROM tasks WHERE 'x' ~ name`},
		{"condition of which a constant leaves a part that fails on rows of B", `SELECT id FROM tasks WHERE 3 = ANY (ARRAY[1, 2]) AND 100 / points < 60 OR (100 / points) IS NOT NULL`},
		{"condition that is split into one that fails on rows of B", `SELECT id FROM tasks WHERE NOT (('A1' !~ name) IS NOT TRUE OR done)`},
		{"condition that becomes one that fails on rows of B", `SELECT id FROM tasks WHERE (100 / points) = (100 / points)`},
		{"condition that costs more than the guard", `SELECT id FROM tasks WHERE 100 / points > 3 AND code::int > 2`},
		{"VALUES behind a WITH give a parameter no type", `INSERT INTO comments (task_id, id, body) WITH u AS (SELECT FROM users) VALUES (5, 77, 'x')`},
		{"VALUES with ORDER BY give a parameter no type", `INSERT INTO comments (id, organization_id, body) VALUES (70, NULL::uuid, 'x'), (71, NULL, (SELECT name FROM tasks WHERE id = 1)) ORDER BY 1`},
		{"name of an outer query behind an aliased join", `SELECT p.id FROM projects p WHERE EXISTS (SELECT 1 FROM (projects p CROSS JOIN users u) j WHERE p.done)`},
		{"system column of a nullable side", `SELECT p.id FROM tasks p WHERE EXISTS (SELECT 1 FROM users u LEFT JOIN projects x USING (id) WHERE x.ctid = p.ctid)`},
		{"rows locked below an outer join", `SELECT t.id FROM tasks t LEFT JOIN projects p ON p.id = t.project_id ORDER BY 1 FOR UPDATE OF t`},
		{"column determined by the key of a joined table", `SELECT p.name, count(*) FROM projects p JOIN tasks t ON t.project_id = p.id GROUP BY p.organization_id, p.id`},
		{"column determined by the key below a full join", `SELECT p.name, count(*) FROM projects p FULL JOIN tasks t ON t.project_id = p.id GROUP BY p.organization_id, p.id`},
		{"whole row of a nullable side", `SELECT p::text FROM tasks t RIGHT JOIN (projects p JOIN users u USING (id)) ON t.project_id = p.id`},
		{"target that a WITH seems to hide", `WITH tasks AS (SELECT 1 AS id) UPDATE tasks SET points = 2 WHERE id IN (SELECT id FROM tasks) RETURNING name`},
		{"table that a WITH hides", `WITH tasks AS (SELECT * FROM projects) SELECT t.slug FROM tasks t, public.tasks s WHERE t.id = s.project_id`},
		{"column list of an alias", `SELECT x, y FROM projects AS p (x, y) WHERE y IS NOT NULL`},
		{"only the parent of partitions", `SELECT count(*) FROM ONLY events`},
		{"partitions", `UPDATE events SET points = events.points + 1 FROM tasks t WHERE t.id = events.id RETURNING events.*`},
		{"upsert that meets a row of B is skipped", `INSERT INTO labels (id, code) VALUES (77, 'b-1') ON CONFLICT (code) DO UPDATE SET name = excluded.code`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			trial, refusal := j.prepare(0, Statement{Text: test.sql})
			if refusal != "" {
				t.Fatalf("refused: %s", refusal)
			}
			v, detail, err := j.confirm(t.Context(), trial)
			if err != nil {
				t.Fatal(err)
			}
			if v != equal && v != oracle {
				t.Errorf("verdict %d: %s\n%s\n%s", v, detail, test.sql, trial.scoped.sql)
			}
		})
	}
}
