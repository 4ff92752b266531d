-- one CTE
WITH recent AS (SELECT id FROM projects WHERE created_at > $1) SELECT * FROM recent;
-- CTE and a table
WITH recent AS (SELECT id FROM projects) SELECT t.title FROM tasks t JOIN recent r ON r.id = t.project_id;
-- CTE with columns
WITH r (a, b) AS (SELECT id, name FROM projects) SELECT a FROM r WHERE b = $1;
-- two CTEs, the second reads the first
WITH a AS (SELECT id FROM projects), b AS (SELECT a.id FROM a JOIN tasks ON tasks.project_id = a.id) SELECT * FROM b;
-- materialized
WITH a AS MATERIALIZED (SELECT id FROM projects) SELECT * FROM a;
-- not materialized
WITH a AS NOT MATERIALIZED (SELECT id FROM projects) SELECT * FROM a x, a y;
-- CTE that shadows a table
WITH projects AS (SELECT 1 AS id) SELECT * FROM projects;
-- CTE that shadows a table and reads it
WITH projects AS (SELECT * FROM projects WHERE status = 'open') SELECT id FROM projects;
-- CTE does not shadow a qualified name
WITH projects AS (SELECT 1 AS id) SELECT p.id FROM public.projects p, projects;
-- CTE is not visible before its definition
WITH a AS (SELECT * FROM tasks), tasks AS (SELECT 1 AS id) SELECT a.id FROM a, tasks;
-- CTE is visible in later CTEs
WITH tasks AS (SELECT 1 AS id), a AS (SELECT * FROM tasks) SELECT * FROM a;
-- recursive with sees all its names
WITH RECURSIVE a AS (SELECT * FROM tasks), tasks AS (SELECT 1 AS id) SELECT a.id FROM a;
-- CTE scope ends with its subquery
SELECT * FROM (WITH tasks AS (SELECT 1 AS id) SELECT * FROM tasks) x, tasks;
-- inner CTE shadows an outer one
WITH x AS (SELECT id FROM projects) SELECT * FROM x WHERE id IN (WITH x AS (SELECT id FROM tasks) SELECT id FROM x);
-- CTE visible in a nested subquery
WITH x AS (SELECT id FROM projects) SELECT (SELECT count(*) FROM (SELECT * FROM x) y) FROM tasks;
-- CTE visible in a CTE's own WITH
WITH x AS (SELECT id FROM projects), y AS (WITH z AS (SELECT * FROM x) SELECT * FROM z) SELECT * FROM y;
-- inner CTE not visible outside
WITH y AS (WITH tasks AS (SELECT 1) SELECT * FROM tasks) SELECT * FROM y, tasks;
-- quoted CTE name differs by case
WITH "Tasks" AS (SELECT 1 AS id) SELECT * FROM tasks, "Tasks";
-- quoted CTE name that is the folded name
WITH "tasks" AS (SELECT 1 AS id) SELECT * FROM TASKS;
-- keyword as a CTE name
WITH values_of AS (SELECT 1), data AS (SELECT id FROM projects), source AS (SELECT 2) SELECT * FROM data, source;
-- CTE called recursive
WITH "recursive" AS (SELECT id FROM projects) SELECT * FROM "recursive";
-- CTE called materialized
WITH materialized AS (SELECT id FROM projects) SELECT * FROM materialized;
-- recursive
WITH RECURSIVE tree AS (SELECT id, parent_id FROM tasks WHERE id = $1 UNION ALL SELECT t.id, t.parent_id FROM tasks t JOIN tree ON t.parent_id = tree.id) SELECT * FROM tree;
-- recursive with columns and union distinct
WITH RECURSIVE n (i) AS (VALUES (1) UNION SELECT i + 1 FROM n WHERE i < 10) SELECT n.i, p.id FROM n LEFT JOIN projects p ON p.position = n.i;
-- recursive named like a table
WITH RECURSIVE tasks AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM tasks WHERE id < 5) SELECT * FROM tasks;
-- recursive term in brackets
WITH RECURSIVE r AS ((SELECT id FROM tasks) UNION ALL (SELECT r.id FROM r, projects p WHERE p.id = r.id)) SELECT * FROM r;
-- search depth first
WITH RECURSIVE r AS (SELECT id, parent_id FROM tasks UNION ALL SELECT t.id, t.parent_id FROM tasks t, r WHERE t.parent_id = r.id) SEARCH DEPTH FIRST BY id, parent_id SET ord SELECT * FROM r ORDER BY ord;
-- search breadth first
WITH RECURSIVE r (id) AS (SELECT id FROM tasks UNION ALL SELECT t.id FROM tasks t, r WHERE t.parent_id = r.id) SEARCH BREADTH FIRST BY id SET ord SELECT * FROM r;
-- cycle
WITH RECURSIVE r AS (SELECT id FROM tasks UNION ALL SELECT t.id FROM tasks t, r WHERE t.parent_id = r.id) CYCLE id SET is_cycle USING path SELECT * FROM r;
-- cycle with mark values
WITH RECURSIVE r AS (SELECT id FROM tasks UNION ALL SELECT t.id FROM tasks t, r WHERE t.parent_id = r.id) CYCLE id SET is_cycle TO 'Y' DEFAULT 'N' USING path SELECT * FROM r;
-- search and cycle
WITH RECURSIVE r AS (SELECT id FROM tasks UNION ALL SELECT t.id FROM tasks t, r WHERE t.parent_id = r.id) SEARCH DEPTH FIRST BY id SET ord CYCLE id SET c USING p SELECT * FROM r;
-- insert in a CTE
WITH added AS (INSERT INTO tasks (project_id, title) VALUES ($1, $2) RETURNING id) SELECT id FROM added;
-- update in a CTE
WITH changed AS (UPDATE tasks SET done = true WHERE id = $1 RETURNING *) SELECT c.id, p.name FROM changed c JOIN projects p ON p.id = c.project_id;
-- delete in a CTE
WITH gone AS (DELETE FROM tasks WHERE done RETURNING id, title) INSERT INTO comments (task_id, body) SELECT id, title FROM gone;
-- merge in a CTE
WITH m AS (MERGE INTO tasks t USING users u ON t.owner_id = u.id WHEN MATCHED THEN DELETE RETURNING t.id) SELECT * FROM m;
-- write in a CTE without returning
WITH gone AS (DELETE FROM comments) SELECT count(*) FROM projects;
-- write target is never a CTE
WITH tasks AS (SELECT 1 AS id) UPDATE tasks SET done = true;
-- insert target is never a CTE
WITH tasks AS (SELECT 'x' AS title) INSERT INTO tasks (title) SELECT title FROM tasks;
-- delete target is never a CTE but its USING is
WITH tasks AS (SELECT 1 AS id), projects AS (SELECT 2 AS id) DELETE FROM tasks USING projects WHERE tasks.id = projects.id;
-- with on an update
WITH p AS (SELECT id FROM projects WHERE status = $1) UPDATE tasks SET done = true FROM p WHERE tasks.project_id = p.id;
-- with inside an insert
INSERT INTO tasks (project_id) WITH p AS (SELECT id FROM projects) SELECT id FROM p;
-- with in front of an insert and inside
WITH projects AS (SELECT 1 AS id) INSERT INTO tasks (project_id) WITH p AS (SELECT id FROM projects) SELECT id FROM p RETURNING (SELECT count(*) FROM projects);
-- with over a set operation
WITH p AS (SELECT id FROM projects) SELECT id FROM p UNION SELECT id FROM p, tasks;
-- with inside brackets
(WITH p AS (SELECT id FROM projects) SELECT * FROM p) UNION ALL SELECT id FROM tasks;
-- with inside brackets does not reach the other arm
(WITH tasks AS (SELECT 1 AS id) SELECT * FROM tasks) UNION ALL SELECT id FROM tasks;
-- with over a bracketed statement
WITH p AS (SELECT id FROM projects) (SELECT id FROM p) ORDER BY id;
-- with over VALUES
WITH p AS (SELECT id FROM projects) VALUES ((SELECT count(*) FROM p));
-- with over TABLE
WITH p AS (SELECT id FROM projects) TABLE p;
-- TABLE in a CTE
WITH p AS (TABLE projects) SELECT id FROM p;
-- VALUES in a CTE
WITH v (id) AS (VALUES (1), (2)) SELECT p.id FROM projects p NATURAL JOIN v;
-- unused CTE
WITH p AS (SELECT id FROM projects) SELECT 1;
-- deep nesting of WITH
WITH a AS (WITH b AS (WITH c AS (SELECT id FROM projects) SELECT * FROM c) SELECT * FROM b) SELECT * FROM a;
-- CTE referenced as a column qualifier only
WITH p AS (SELECT id FROM projects) SELECT p.id, (SELECT p.id) FROM p;
