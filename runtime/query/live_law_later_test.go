package query_test

// What PostgreSQL learned after 15. A server that does not know it runs none of these.

var lawIsJSON = []statement{
	{name: "is json", sql: `SELECT id, title IS JSON, title IS NOT JSON OBJECT FROM tasks WHERE title IS NOT JSON WITH UNIQUE KEYS`},
	{name: "is json of a subquery", sql: `SELECT slug FROM projects p WHERE (SELECT max(title) FROM tasks t WHERE t.project_id = p.id) IS NOT JSON SCALAR`},
	{name: "json constructors", sql: `SELECT json_object('n': name, 's': slug ABSENT ON NULL WITH UNIQUE KEYS), json_array(name, priority NULL ON NULL) FROM projects`},
	{name: "json aggregates", sql: `SELECT json_arrayagg(title ORDER BY title RETURNING jsonb), json_objectagg(id: title) FROM tasks WHERE done`},
	{name: "json constructor over a division", sql: `SELECT title FROM tasks WHERE json_array(100 / points) IS NOT NULL`},
	{name: "json constructors in each other over a division", sql: `SELECT title FROM tasks WHERE json_array(json_object('n': 100 / points)) IS JSON ARRAY`},
	{name: "json array of a query", sql: `SELECT json_array(SELECT slug FROM projects ORDER BY slug)`},
}

var lawJSONTable = []statement{
	{name: "json table", sql: `SELECT p.slug, j.n FROM projects p, JSON_TABLE(to_jsonb(p), '$' COLUMNS (n text PATH '$.name', i FOR ORDINALITY)) AS j`},
	{name: "json table of a subquery", sql: `SELECT j.title FROM JSON_TABLE((SELECT jsonb_agg(t) FROM tasks t), '$[*]' COLUMNS (title text, done boolean)) AS j WHERE j.done`},
	{name: "json table under a left join", sql: `SELECT p.slug, j.x FROM projects p LEFT JOIN JSON_TABLE(jsonb '[1]', '$[*]' COLUMNS (x int PATH '$')) AS j ON p.archived`},
	{name: "json query functions", sql: `SELECT JSON_VALUE(to_jsonb(p), '$.name'), JSON_EXISTS(to_jsonb(p), '$.slug'), JSON_QUERY(to_jsonb(p), '$.priority' WITH WRAPPER) FROM projects p`},
}

var lawMergesBySource = []statement{
	{name: "deletes", sql: `MERGE INTO tasks t USING projects p ON t.project_id = p.id WHEN NOT MATCHED BY SOURCE THEN DELETE`},
	{name: "deletes some", sql: `MERGE INTO tasks t USING projects p ON t.project_id = p.id WHEN NOT MATCHED BY SOURCE AND t.done OR t.points > 1 THEN DELETE`},
	{name: "updates, and deletes what is left", sql: `MERGE INTO tasks t USING (SELECT id FROM projects WHERE archived) p ON t.project_id = p.id WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED BY SOURCE AND t.done THEN UPDATE SET title = 'left' WHEN NOT MATCHED BY SOURCE THEN DELETE`},
	{name: "of an empty source", sql: `MERGE INTO comments c USING (SELECT id FROM tasks WHERE false) t ON t.id = c.task_id WHEN NOT MATCHED BY SOURCE THEN DELETE`},
	{name: "all three", sql: `MERGE INTO handles h USING projects p ON h.handle = p.slug WHEN MATCHED THEN UPDATE SET note = p.name WHEN NOT MATCHED BY TARGET THEN INSERT (id, handle, note) VALUES (p.id, p.slug, p.name) WHEN NOT MATCHED BY SOURCE THEN UPDATE SET note = 'alone'`},
	{name: "of a partitioned target", sql: `MERGE INTO events e USING projects p ON e.kind = p.slug WHEN NOT MATCHED BY SOURCE THEN DELETE`},
	{name: "with a subquery", sql: `MERGE INTO projects p USING users u ON u.id = p.owner_id WHEN NOT MATCHED BY SOURCE AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.project_id = p.id) THEN DELETE`},
	{name: "returns rows of both sides", sql: `MERGE INTO tasks t USING projects p ON t.project_id = p.id WHEN MATCHED THEN UPDATE SET done = true WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING merge_action(), t.id, t.title, p.slug`},
	{name: "returns in a with", sql: `WITH m AS (MERGE INTO tasks t USING projects p ON t.project_id = p.id WHEN MATCHED AND t.done THEN DELETE RETURNING t.*) SELECT m.title, p.name FROM m JOIN projects p ON p.id = m.project_id`},
	{name: "returns a subquery", sql: `MERGE INTO tasks t USING projects p ON t.project_id = p.id WHEN MATCHED THEN UPDATE SET points = 0 RETURNING t.id, (SELECT count(*) FROM comments c WHERE c.task_id = t.id)`},
}

var lawOldAndNew = []statement{
	{name: "update", sql: `UPDATE projects SET priority = priority + 1 RETURNING id, old.priority, new.priority`},
	{name: "update, renamed", sql: `UPDATE projects p SET name = upper(name) RETURNING WITH (OLD AS was, NEW AS "is now") p.id, was.name, "is now".name`},
	{name: "delete", sql: `DELETE FROM tasks WHERE done RETURNING old.*, new.id`},
	{name: "insert", sql: `INSERT INTO comments (id, body) VALUES ($1, 'new') RETURNING old.id, new.id, new.organization_id`, args: []any{id("a3", 9)}},
	{name: "conflict", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'alpha', 'renamed') ON CONFLICT (organization_id, slug) DO UPDATE SET name = EXCLUDED.name RETURNING old.name, new.name`, args: []any{id("a1", 9)}},
	{name: "merge", sql: `MERGE INTO tasks t USING projects p ON t.project_id = p.id WHEN MATCHED THEN UPDATE SET title = p.name RETURNING merge_action(), old.title, new.title`},
	{name: "relation named old", sql: `UPDATE projects AS old SET priority = 0 RETURNING old.id, new.priority`},
}
