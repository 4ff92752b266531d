-- condition with a trailing line comment and order
SELECT id FROM projects WHERE status = 'x' -- why
ORDER BY id;
-- no condition and a trailing line comment
SELECT id FROM projects -- all of them
;
-- no condition, comment, then group
SELECT status FROM projects -- all of them
GROUP BY status;
-- no condition, comment in brackets
SELECT id FROM (SELECT id FROM projects -- inner
) p;
-- derived alias followed by a comment
SELECT p.id FROM projects p -- alias
LEFT JOIN tasks t -- alias too
ON t.project_id = p.id -- condition
WHERE p.id = 1 -- where
LIMIT 1;
-- condition ending in a bracket
SELECT id FROM projects WHERE (status = 'x');
-- condition of two bracketed halves
SELECT id FROM projects WHERE (a) OR (b);
-- condition that ends in a cast
SELECT id FROM projects WHERE a = b::int LIMIT 1;
-- condition that ends in a keyword
SELECT id FROM projects WHERE a IS NOT NULL ORDER BY id;
-- condition that ends in END
SELECT id FROM projects WHERE CASE WHEN a THEN b END GROUP BY id;
-- condition with a window word in quotes
SELECT id FROM projects WHERE "window" = 'order by' AND "limit" = 1;
-- every clause
WITH c AS (SELECT 1 AS id) SELECT DISTINCT p.status AS s, count(*) AS n FROM projects p LEFT JOIN tasks t ON t.project_id = p.id, c WHERE p.id = c.id OR p.id = $1 GROUP BY p.status HAVING count(*) > $2 WINDOW w AS (ORDER BY p.status) ORDER BY n DESC LIMIT 5 OFFSET 1;
-- every clause with a lock
SELECT p.id FROM projects p WHERE p.id = $1 OR p.id = $2 ORDER BY p.id LIMIT 5 OFFSET 1 FOR NO KEY UPDATE OF p SKIP LOCKED;
-- nullable side with a where on it
SELECT p.id FROM users u LEFT JOIN projects p ON p.owner_id = u.id WHERE p.id IS NULL;
-- right join of owned to shared
SELECT p.id FROM projects p RIGHT JOIN users u ON p.owner_id = u.id WHERE u.id = $1;
-- right join of shared to owned
SELECT p.id FROM users u RIGHT JOIN projects p ON p.owner_id = u.id;
-- full join with a shared table
SELECT p.id FROM projects p FULL JOIN users u ON p.owner_id = u.id;
-- nested left joins on the nullable side
SELECT 1 FROM users u LEFT JOIN (projects p JOIN tasks t ON t.project_id = p.id LEFT JOIN comments c ON c.task_id = t.id) ON p.owner_id = u.id;
-- left join using on the nullable side
SELECT id FROM users LEFT JOIN projects USING (id) LEFT JOIN tasks USING (id);
-- natural left join of three
SELECT id FROM users NATURAL LEFT JOIN projects NATURAL JOIN tasks;
-- cross join on the nullable side
SELECT 1 FROM users u LEFT JOIN (projects p CROSS JOIN tasks t) ON p.owner_id = u.id;
-- the same alias at two levels
SELECT p.id FROM projects p WHERE p.id IN (SELECT p.project_id FROM tasks p WHERE p.done);
-- the same table at two levels without an alias
SELECT id FROM projects WHERE id IN (SELECT id FROM projects WHERE status = 'x');
-- alias of one table is the name of another
SELECT tasks.id FROM projects tasks JOIN tasks projects ON projects.project_id = tasks.id;
-- inner alias hides an outer table
SELECT 1 FROM projects WHERE EXISTS (SELECT 1 FROM users projects WHERE projects.id = 1);
-- correlated lateral under a left join
SELECT 1 FROM users u LEFT JOIN LATERAL (SELECT p.id FROM projects p LEFT JOIN tasks t ON t.project_id = p.id WHERE p.owner_id = u.id) x ON true;
-- set operation in a derived table under a full join
SELECT 1 FROM users u FULL JOIN (SELECT id FROM projects UNION ALL SELECT id FROM tasks) x ON x.id = u.id;
-- owned tables in every clause
SELECT (SELECT count(*) FROM tasks) FROM projects p JOIN comments c ON c.id = (SELECT max(id) FROM tasks) WHERE p.id = (SELECT min(id) FROM invoices) GROUP BY p.id, (SELECT 1 FROM tasks LIMIT 1) HAVING count(*) > (SELECT count(*) FROM comments) ORDER BY (SELECT id FROM billing.accounts LIMIT 1) LIMIT (SELECT count(*) FROM tasks) OFFSET (SELECT count(*) FROM projects);
-- a column that is called like the guard
SELECT id FROM projects WHERE organization_id = $1 AND id = $2;
-- a join that compares ownership columns
SELECT p.id FROM projects p JOIN tasks t ON t.organization_id = p.organization_id AND t.project_id = p.id;
-- left join with a condition on both sides
SELECT p.id FROM projects p LEFT JOIN tasks t ON t.project_id = p.id AND p.status = 'x' AND t.done;
-- whole row and system columns under a left join
SELECT t, t.ctid, t.tableoid FROM projects p LEFT JOIN tasks t ON t.project_id = p.id;
-- whole row and system columns under a full join
SELECT t, t.ctid FROM projects p FULL JOIN tasks t ON t.project_id = p.id;
-- locked nullable side
SELECT p.id FROM tasks t RIGHT JOIN projects p ON t.project_id = p.id FOR UPDATE OF p;
