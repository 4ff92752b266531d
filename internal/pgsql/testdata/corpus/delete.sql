-- where
DELETE FROM projects WHERE id = $1;
-- everything
DELETE FROM projects;
-- alias
DELETE FROM projects AS p WHERE p.id = $1;
-- only
DELETE FROM ONLY projects WHERE id = 1;
-- only with brackets
DELETE FROM ONLY (projects) p WHERE p.id = 1;
-- star
DELETE FROM projects * WHERE id = 1;
-- schema-qualified
DELETE FROM billing.accounts WHERE billing.accounts.id = 1;
-- using
DELETE FROM tasks USING projects p WHERE p.id = tasks.project_id;
-- using several
DELETE FROM tasks t USING projects p, users AS u WHERE p.id = t.project_id AND u.id = p.owner_id;
-- using a join
DELETE FROM tasks t USING projects p LEFT JOIN users u ON u.id = p.owner_id WHERE p.id = t.project_id;
-- using itself
DELETE FROM tasks a USING tasks b WHERE a.id < b.id AND a.title = b.title;
-- using a derived table
DELETE FROM tasks USING (SELECT id FROM projects WHERE status = $1) p WHERE p.id = tasks.project_id;
-- using without where
DELETE FROM tasks USING projects;
-- subquery
DELETE FROM projects WHERE id NOT IN (SELECT project_id FROM tasks);
-- correlated exists
DELETE FROM projects p WHERE NOT EXISTS (SELECT 1 FROM tasks t WHERE t.project_id = p.id);
-- returning
DELETE FROM projects WHERE id = $1 RETURNING *;
-- returning with a subquery
DELETE FROM projects WHERE id = $1 RETURNING id, (SELECT count(*) FROM tasks) AS n;
-- with
WITH old AS (SELECT id FROM projects WHERE created_at < $1) DELETE FROM tasks USING old WHERE old.id = tasks.project_id;
-- from a chain of writes
WITH t AS (DELETE FROM tasks WHERE done RETURNING id, project_id), c AS (DELETE FROM comments USING t WHERE comments.task_id = t.id RETURNING comments.id) SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM c);
-- where current of with an alias
DELETE FROM projects p WHERE CURRENT OF c;
-- or in where
DELETE FROM projects WHERE id = $1 OR status = $2 OR false;
-- shared table using an owned one
DELETE FROM users USING projects WHERE projects.owner_id = users.id;
-- limited through ctid
DELETE FROM tasks WHERE ctid IN (SELECT ctid FROM tasks WHERE done ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED);
