-- set
UPDATE projects SET name = $1 WHERE id = $2;
-- set without where
UPDATE projects SET name = 'x';
-- set several
UPDATE projects SET name = $1, status = DEFAULT, position = position + 1, meta = meta || $2 WHERE id = $3;
-- alias
UPDATE projects AS p SET name = p.name || 'x' WHERE p.id = $1;
-- only
UPDATE ONLY projects SET name = 'x';
-- only with brackets and alias
UPDATE ONLY (projects) AS p SET name = 'x';
-- star and alias
UPDATE projects * AS p SET name = 'x' WHERE p.id = 1;
-- schema-qualified
UPDATE billing.accounts SET name = 'x' WHERE billing.accounts.id = 1;
-- from
UPDATE tasks SET title = p.name FROM projects p WHERE tasks.project_id = p.id;
-- from several
UPDATE tasks AS t SET title = u.name FROM projects p, users u WHERE t.project_id = p.id AND u.id = p.owner_id;
-- from a join
UPDATE tasks t SET title = 'x' FROM projects p LEFT JOIN comments c ON c.id = p.id WHERE t.project_id = p.id;
-- from itself
UPDATE tasks t SET title = o.title FROM tasks o WHERE o.id = t.parent_id;
-- from a derived table
UPDATE tasks SET title = s.name FROM (SELECT id, name FROM projects) AS s WHERE s.id = tasks.project_id;
-- from values
UPDATE tasks AS t SET title = v.title FROM (VALUES ($1::bigint, $2), ($3, $4)) AS v (id, title) WHERE t.id = v.id;
-- from lateral
UPDATE tasks t SET title = l.x FROM projects p, LATERAL (SELECT p.name AS x FROM comments LIMIT 1) l WHERE t.project_id = p.id;
-- from unnest
UPDATE tasks t SET title = u.title FROM unnest($1::bigint[], $2::text[]) AS u (id, title) WHERE t.id = u.id;
-- multi-column row
UPDATE projects SET (name, status) = ($1, $2) WHERE id = $3;
-- multi-column ROW keyword
UPDATE projects SET (name, status) = ROW($1, DEFAULT), position = 1;
-- multi-column subquery
UPDATE projects p SET (name, status) = (SELECT t.title, 'x' FROM tasks t WHERE t.project_id = p.id LIMIT 1);
-- multi-column of one
UPDATE projects SET (name) = ('x'), (status) = ROW('y');
-- subquery in set
UPDATE projects p SET position = (SELECT count(*) FROM tasks t WHERE t.project_id = p.id);
-- subquery in where
UPDATE projects SET status = 'x' WHERE id IN (SELECT project_id FROM tasks WHERE done) AND NOT EXISTS (SELECT 1 FROM comments);
-- array element
UPDATE projects SET tags[1] = 'a', tags[2:3] = ARRAY['b', 'c'], tags[:2] = $1 WHERE id = 1;
-- composite field
UPDATE projects SET address.city = 'x', address.geo.lat = 1, items[1].name = 'y';
-- json subscript
UPDATE projects SET meta['a']['b'] = '1';
-- multi-column with indirection
UPDATE projects SET (tags[1], address.city) = ('a', 'b');
-- returning
UPDATE projects SET name = 'x' RETURNING *;
-- returning expressions
UPDATE projects p SET name = 'x' FROM tasks t WHERE t.project_id = p.id RETURNING p.id, t.id AS task_id, (SELECT count(*) FROM comments) n;
-- where current of
UPDATE projects SET name = 'x' WHERE CURRENT OF project_cursor;
-- where with or
UPDATE projects SET name = 'x' WHERE id = 1 OR id = 2;
-- where with a comment at its end
UPDATE projects SET name = 'x' WHERE id = 1 -- one
;
-- no where and a comment at the end
UPDATE projects SET name = 'x' -- all
;
-- sets the ownership column
UPDATE projects SET organization_id = $1 WHERE id = $2;
-- sets the ownership column in a row
UPDATE projects SET (name, organization_id) = ($1, $2);
-- sets the ownership column from a subquery
UPDATE projects SET (organization_id, name) = (SELECT id, name FROM users);
-- with recursive
WITH RECURSIVE r AS (SELECT id FROM tasks WHERE id = $1 UNION ALL SELECT t.id FROM tasks t JOIN r ON t.parent_id = r.id) UPDATE tasks SET done = true FROM r WHERE tasks.id = r.id;
-- case in set
UPDATE tasks SET title = CASE WHEN done THEN 'x' ELSE title END, done = NOT done;
-- set to a row value
UPDATE projects SET address = ROW('x', 1), address = ('y', 2)::address;
-- shared table from an owned one
UPDATE users SET name = p.name FROM projects p WHERE p.owner_id = users.id;
-- owned table from a shared one
UPDATE projects SET name = u.name FROM users u WHERE u.id = projects.owner_id;
-- from with tablesample
UPDATE tasks SET done = true FROM projects p TABLESAMPLE SYSTEM (1) WHERE p.id = tasks.project_id;
