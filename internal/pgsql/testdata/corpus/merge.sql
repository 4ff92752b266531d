-- update and insert
MERGE INTO projects p USING users u ON p.owner_id = u.id WHEN MATCHED THEN UPDATE SET name = u.name WHEN NOT MATCHED THEN INSERT (owner_id, name) VALUES (u.id, u.name);
-- without INTO, with AS
MERGE INTO projects AS p USING tasks AS t ON t.project_id = p.id WHEN MATCHED AND t.done THEN DELETE;
-- do nothing
MERGE INTO projects p USING tasks t ON t.project_id = p.id WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN DO NOTHING;
-- only
MERGE INTO ONLY projects p USING ONLY tasks t ON t.project_id = p.id WHEN MATCHED THEN DELETE;
-- source is a query
MERGE INTO projects p USING (SELECT project_id, count(*) AS n FROM tasks GROUP BY project_id) s ON s.project_id = p.id WHEN MATCHED AND s.n > 1 THEN UPDATE SET position = s.n, (name, status) = (SELECT title, 'x' FROM comments LIMIT 1);
-- source is a join
MERGE INTO projects p USING tasks t JOIN comments c ON c.task_id = t.id ON t.project_id = p.id WHEN MATCHED THEN DELETE;
-- source is values
MERGE INTO projects p USING (VALUES ($1, $2)) AS v (id, name) ON p.id = v.id WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.name);
-- not matched by target
MERGE INTO projects p USING users u ON p.owner_id = u.id WHEN NOT MATCHED BY TARGET AND u.id > 1 THEN INSERT (owner_id) OVERRIDING USER VALUE VALUES (u.id);
-- not matched by source
MERGE INTO projects p USING users u ON p.owner_id = u.id WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED BY SOURCE AND p.id = 1 THEN UPDATE SET status = DEFAULT;
-- insert default values
MERGE INTO projects p USING users u ON p.owner_id = u.id WHEN NOT MATCHED THEN INSERT DEFAULT VALUES;
-- overriding without a list
MERGE INTO projects p USING users u ON p.owner_id = u.id WHEN NOT MATCHED THEN INSERT OVERRIDING SYSTEM VALUE VALUES (1, 2);
-- returning merge_action
MERGE INTO projects p USING users u ON p.owner_id = u.id WHEN MATCHED THEN DELETE RETURNING merge_action(), p.*, u.id AS user_id;
-- with
WITH s AS (SELECT id FROM tasks) MERGE INTO projects p USING s ON s.id = p.id WHEN MATCHED THEN DELETE;
-- target is never a CTE
WITH projects AS (SELECT id FROM tasks) MERGE INTO projects USING projects AS s ON s.id = projects.id WHEN MATCHED THEN DELETE;
-- subqueries in conditions and actions
MERGE INTO projects p USING users u ON p.owner_id = u.id AND EXISTS (SELECT 1 FROM tasks) WHEN MATCHED AND p.id IN (SELECT project_id FROM comments) THEN UPDATE SET name = (SELECT number FROM invoices LIMIT 1) WHEN NOT MATCHED THEN INSERT (name) VALUES ((SELECT name FROM billing.accounts LIMIT 1));
-- source called matched
MERGE INTO projects p USING users matched ON p.owner_id = matched.id WHEN MATCHED THEN DO NOTHING;
-- by source alone
MERGE INTO projects p USING users u ON p.owner_id = u.id WHEN NOT MATCHED BY SOURCE AND p.archived OR p.id = 1 THEN DELETE WHEN NOT MATCHED BY SOURCE THEN UPDATE SET status = DEFAULT;
-- by source and by target
MERGE INTO projects AS p USING tasks AS t ON p.id = t.project_id AND t.done WHEN MATCHED THEN UPDATE SET name = t.title WHEN NOT MATCHED BY TARGET THEN INSERT (id) VALUES (t.project_id) WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING merge_action(), p.*, t.title;
-- by source, computed
MERGE INTO projects p USING users u ON p.owner_id = u.id + 1 WHEN NOT MATCHED BY SOURCE THEN DELETE;
-- source is an aliased join
MERGE INTO projects p USING (tasks LEFT JOIN comments c ON c.task_id = tasks.id) AS s ON s.project_id = p.id WHEN NOT MATCHED THEN INSERT (organization_id, name) VALUES (DEFAULT, 'x') WHEN MATCHED THEN DO NOTHING;
-- source with column aliases
MERGE INTO projects p USING tasks AS t (a, b, c) ON t.a = p.id WHEN NOT MATCHED THEN INSERT (name, organization_id) VALUES (t.b, $1);
-- merge of two CTEs
WITH a AS (DELETE FROM tasks RETURNING id), b AS (MERGE INTO projects USING a ON a.id = projects.id WHEN MATCHED THEN DELETE RETURNING projects.name) MERGE INTO comments USING (a CROSS JOIN b) ON true WHEN NOT MATCHED THEN INSERT (body) VALUES (b.name);
