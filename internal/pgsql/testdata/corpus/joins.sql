-- inner join on
SELECT p.id FROM projects p JOIN tasks t ON t.project_id = p.id;
-- INNER written out
SELECT p.id FROM projects p INNER JOIN tasks t ON t.project_id = p.id WHERE p.id = $1;
-- left join
SELECT p.id, t.id FROM projects p LEFT JOIN tasks t ON t.project_id = p.id;
-- left outer join with a disjunction
SELECT p.id FROM projects p LEFT OUTER JOIN tasks t ON t.project_id = p.id OR t.project_id IS NULL WHERE p.status = $1;
-- right join
SELECT p.id, t.id FROM projects p RIGHT JOIN tasks t ON t.project_id = p.id;
-- right outer join
SELECT p.id FROM projects p RIGHT OUTER JOIN tasks t ON t.project_id = p.id;
-- full join
SELECT p.id, t.id FROM projects p FULL JOIN tasks t ON t.project_id = p.id;
-- full outer join using
SELECT id FROM projects FULL OUTER JOIN tasks USING (id);
-- cross join
SELECT p.id, t.id FROM projects p CROSS JOIN tasks t;
-- natural join
SELECT * FROM projects NATURAL JOIN tasks;
-- natural inner join
SELECT * FROM projects NATURAL INNER JOIN tasks;
-- natural left join
SELECT * FROM projects NATURAL LEFT JOIN tasks;
-- natural right outer join
SELECT * FROM projects NATURAL RIGHT OUTER JOIN tasks;
-- natural full join
SELECT * FROM projects NATURAL FULL OUTER JOIN tasks;
-- join using
SELECT id FROM projects JOIN tasks USING (id, organization_id);
-- left join using
SELECT id FROM projects LEFT JOIN tasks USING (id);
-- right join using
SELECT id FROM projects p RIGHT JOIN tasks t USING (id);
-- join using with an alias
SELECT j.id, p.name FROM projects p JOIN tasks t USING (id) AS j;
-- three joins
SELECT p.id FROM projects p JOIN tasks t ON t.project_id = p.id LEFT JOIN comments c ON c.task_id = t.id JOIN users u ON u.id = c.author_id;
-- left join then inner join
SELECT p.id FROM projects p LEFT JOIN tasks t ON t.project_id = p.id JOIN comments c ON c.task_id = t.id;
-- inner join then right join
SELECT p.id FROM projects p JOIN tasks t ON t.project_id = p.id RIGHT JOIN comments c ON c.task_id = t.id;
-- left join then full join
SELECT 1 FROM projects p LEFT JOIN tasks t ON t.project_id = p.id FULL JOIN comments c ON c.task_id = t.id;
-- conditions nested to the right
SELECT 1 FROM projects p JOIN tasks t JOIN comments c ON c.task_id = t.id ON t.project_id = p.id;
-- left join nested to the right
SELECT 1 FROM projects p LEFT JOIN tasks t LEFT JOIN comments c ON c.task_id = t.id ON t.project_id = p.id;
-- left join of an inner join in brackets
SELECT 1 FROM projects p LEFT JOIN (tasks t JOIN comments c ON c.task_id = t.id) ON t.project_id = p.id;
-- inner join of a left join in brackets
SELECT 1 FROM projects p JOIN (tasks t LEFT JOIN comments c ON c.task_id = t.id) ON t.project_id = p.id;
-- right join of a left join in brackets
SELECT 1 FROM (projects p LEFT JOIN tasks t ON t.project_id = p.id) RIGHT JOIN comments c ON c.task_id = t.id;
-- brackets around one join
SELECT 1 FROM (projects p CROSS JOIN tasks t);
-- several brackets around a join
SELECT 1 FROM (((projects p JOIN tasks t ON true)));
-- aliased join tree
SELECT j.title FROM (projects p JOIN tasks t ON t.project_id = p.id) AS j;
-- aliased join tree with columns
SELECT j.a FROM (projects p CROSS JOIN tasks t) AS j (a, b, c);
-- aliased join tree that hides an outer name
SELECT projects.id FROM (projects JOIN tasks USING (id)) AS j, projects;
-- aliased left join tree under a left join
SELECT 1 FROM users u LEFT JOIN (projects p LEFT JOIN tasks t ON t.project_id = p.id) AS j ON j.owner_id = u.id;
-- join of a derived table
SELECT p.id, c.n FROM projects p JOIN (SELECT task_id, count(*) AS n FROM comments GROUP BY task_id) c ON c.task_id = p.id;
-- left join of a derived table
SELECT p.id FROM projects p LEFT JOIN (SELECT * FROM tasks) t ON t.project_id = p.id;
-- comma and join
SELECT 1 FROM projects p, tasks t JOIN comments c ON c.task_id = t.id, users u WHERE u.id = c.author_id;
-- comma and left join
SELECT 1 FROM users u, projects p LEFT JOIN tasks t ON t.project_id = p.id;
-- join on a subquery
SELECT 1 FROM projects p JOIN tasks t ON t.project_id = p.id AND EXISTS (SELECT 1 FROM comments c WHERE c.task_id = t.id);
-- join on a constant
SELECT 1 FROM projects JOIN tasks ON TRUE;
-- join condition ending in a comment
SELECT 1 FROM projects p LEFT JOIN tasks t ON t.project_id = p.id -- and so on
WHERE p.id = $1;
-- self join
SELECT a.id FROM tasks a LEFT JOIN tasks b ON b.parent_id = a.id;
-- shared table left joined to an owned one
SELECT u.email FROM users u LEFT JOIN projects p ON p.owner_id = u.id;
-- owned table left joined to a shared one
SELECT u.email FROM projects p LEFT JOIN users u ON u.id = p.owner_id;
-- full join under a left join
SELECT 1 FROM users u LEFT JOIN (projects p FULL JOIN tasks t ON t.project_id = p.id) ON p.owner_id = u.id;
-- cross join before a left join
SELECT 1 FROM users u CROSS JOIN projects p LEFT JOIN tasks t ON t.project_id = p.id;
-- schema-qualified tables in a join
SELECT billing.accounts.id FROM billing.accounts JOIN public.projects ON projects.id = billing.accounts.project_id;
-- ONLY in a join
SELECT 1 FROM ONLY projects p LEFT JOIN ONLY (tasks) t ON t.project_id = p.id;
-- lateral derived table
SELECT p.id, l.title FROM projects p, LATERAL (SELECT t.title FROM tasks t WHERE t.project_id = p.id ORDER BY t.id LIMIT 1) l;
-- left join lateral
SELECT p.id, l.n FROM projects p LEFT JOIN LATERAL (SELECT count(*) AS n FROM tasks t WHERE t.project_id = p.id) AS l (n) ON true;
-- cross join lateral function
SELECT p.id, x FROM projects p CROSS JOIN LATERAL unnest(p.tags) AS x;
-- function in FROM
SELECT g FROM generate_series(1, 10) AS g, projects;
-- function in FROM without an alias
SELECT * FROM projects, unnest(tags);
-- schema-qualified function in FROM
SELECT * FROM projects p, pg_catalog.generate_series(1, p.position) n;
-- function with ordinality
SELECT p.id, x.tag, x.n FROM projects p, unnest(p.tags) WITH ORDINALITY AS x (tag, n);
-- lateral function with ordinality
SELECT 1 FROM projects p LEFT JOIN LATERAL jsonb_array_elements(p.meta) WITH ORDINALITY e (item, n) ON e.n < 3;
-- function with column definitions
SELECT r.a FROM projects p, jsonb_to_record(p.meta) AS r (a int, b text COLLATE "C", c numeric(10, 2)[]);
-- function with column definitions and no alias
SELECT a FROM projects p, jsonb_to_record(p.meta) AS (a int, b text);
-- function with column definitions and a bare alias
SELECT r.a FROM projects p, jsonb_to_recordset(p.meta) r (a int, b timestamp with time zone);
-- rows from
SELECT * FROM projects p, ROWS FROM (unnest(p.tags), generate_series(1, 3)) AS r (tag, n);
-- rows from with column definitions and ordinality
SELECT * FROM ROWS FROM (json_to_record('{"a":1}') AS (a int, b text), generate_series(1, 3)) WITH ORDINALITY AS r, projects;
-- lateral rows from
SELECT 1 FROM projects p, LATERAL ROWS FROM (unnest(p.tags)) r;
-- sql-syntax function in FROM
SELECT * FROM current_date AS d, projects p WHERE p.created_at > d.d;
-- cast in FROM
SELECT * FROM CAST(1 AS int) AS one, projects;
-- coalesce in FROM
SELECT * FROM COALESCE(1, 2) AS c (n), projects;
-- function with a subquery argument in FROM
SELECT n FROM generate_series(1, (SELECT count(*) FROM projects)) n;
-- tablesample
SELECT id FROM projects TABLESAMPLE SYSTEM (10);
-- tablesample with an alias and repeatable
SELECT p.id FROM projects AS p TABLESAMPLE BERNOULLI (12.5) REPEATABLE (42) WHERE p.id > $1;
-- tablesample with a schema-qualified method
SELECT 1 FROM ONLY tasks t TABLESAMPLE pg_catalog.bernoulli (1) JOIN projects p ON p.id = t.project_id;
-- keyword aliases of tables
SELECT value.id FROM projects value, tasks key, comments AS type, users data;
-- non-reserved keywords as aliases
SELECT set.id FROM projects set, tasks only_one, comments AS "left", users rows;
-- alias called lateral's neighbour
SELECT ordinality.id FROM projects ordinality, tasks source, comments AS nothing;
-- alias that starts a clause elsewhere
SELECT over.id FROM projects over, tasks filter, comments within, users partition;
-- alias values after AS
SELECT values.id FROM projects AS values, tasks AS row, comments AS int;
-- tables that are called like keywords
SELECT 1 FROM comments, text, "order", "user" AS u;
-- derived table in brackets twice
SELECT x.id FROM ((SELECT id FROM projects)) AS x;
-- derived table without an alias
SELECT id FROM (SELECT id FROM projects);
-- derived table with column aliases
SELECT x.a FROM (SELECT id, name FROM projects) x (a, b);
-- derived set operation
SELECT x.id FROM (SELECT id FROM projects UNION ALL (SELECT id FROM tasks)) x;
-- derived table of brackets around a set operation
SELECT x.id FROM ((SELECT id FROM projects) UNION (SELECT id FROM tasks)) AS x;
-- brackets around a derived table joined
SELECT 1 FROM ((SELECT id FROM projects) AS a JOIN tasks t ON t.project_id = a.id);
-- brackets that hold a join of brackets
SELECT 1 FROM ((projects p JOIN tasks t ON true) JOIN (comments c CROSS JOIN users u) ON c.task_id = t.id);
-- derived tables nested
SELECT 1 FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM projects) a) b) c;
