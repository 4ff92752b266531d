-- union
SELECT id FROM projects UNION SELECT id FROM tasks;
-- union all
SELECT id FROM projects UNION ALL SELECT id FROM tasks;
-- union distinct
SELECT id FROM projects UNION DISTINCT SELECT id FROM tasks;
-- intersect
SELECT id FROM projects INTERSECT SELECT project_id FROM tasks;
-- intersect all
SELECT id FROM projects INTERSECT ALL SELECT project_id FROM tasks;
-- except
SELECT id FROM projects EXCEPT SELECT project_id FROM tasks;
-- except all
SELECT id FROM projects EXCEPT ALL SELECT project_id FROM tasks;
-- precedence of intersect
SELECT id FROM projects UNION SELECT id FROM tasks INTERSECT SELECT id FROM comments EXCEPT SELECT id FROM users;
-- brackets change precedence
(SELECT id FROM projects UNION SELECT id FROM tasks) INTERSECT SELECT id FROM comments;
-- brackets on the right
SELECT id FROM projects EXCEPT (SELECT id FROM tasks EXCEPT SELECT id FROM comments);
-- arms with where
SELECT id FROM projects WHERE status = $1 UNION ALL SELECT id FROM tasks WHERE done AND project_id = $2;
-- order, limit and offset over a union
SELECT id, name FROM projects UNION ALL SELECT id, title FROM tasks ORDER BY 2, id DESC LIMIT 10 OFFSET 2;
-- arm with its own order and limit
(SELECT id FROM projects ORDER BY id LIMIT 1) UNION ALL (SELECT id FROM tasks ORDER BY id LIMIT 1) ORDER BY 1;
-- union with VALUES
SELECT id FROM projects UNION VALUES (1), (2);
-- VALUES first
VALUES (1) UNION ALL SELECT id FROM projects;
-- union with TABLE
TABLE projects UNION ALL TABLE tasks;
-- union of grouped selects
SELECT status, count(*) FROM projects GROUP BY status HAVING count(*) > 1 UNION SELECT title, count(*) FROM tasks GROUP BY title;
-- union in IN
SELECT name FROM projects WHERE id IN (SELECT project_id FROM tasks UNION SELECT id FROM comments);
-- union in EXISTS with brackets
SELECT name FROM projects WHERE EXISTS ((SELECT 1 FROM tasks) UNION ALL (SELECT 1 FROM comments));
-- union in a scalar subquery
SELECT (SELECT id FROM projects UNION SELECT id FROM tasks LIMIT 1);
-- union of empty target lists
SELECT FROM projects UNION ALL SELECT FROM tasks;
-- union of selects without FROM
SELECT 1 UNION SELECT 2 UNION ALL SELECT id FROM projects;
-- brackets around each arm and the whole
((SELECT id FROM projects) UNION (SELECT id FROM tasks));
-- many arms
SELECT 1 FROM projects UNION ALL SELECT 2 FROM tasks UNION ALL SELECT 3 FROM comments UNION ALL SELECT 4 FROM invoices UNION ALL SELECT 5 FROM billing.accounts;
-- lock inside a bracketed arm
(SELECT id FROM projects FOR UPDATE) UNION ALL SELECT id FROM tasks;
-- subqueries in both arms
SELECT (SELECT max(id) FROM tasks) FROM projects UNION SELECT (SELECT min(id) FROM comments) FROM invoices;
-- fetch first over an except
SELECT id FROM projects EXCEPT SELECT id FROM tasks ORDER BY id FETCH FIRST 2 ROWS ONLY;
