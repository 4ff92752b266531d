-- values
INSERT INTO projects (name) VALUES ('x');
-- values with parameters
INSERT INTO projects (id, name, status) VALUES ($1, $2, $3);
-- several rows
INSERT INTO projects (id, name) VALUES ($1, $2), ($3, $4), (DEFAULT, DEFAULT);
-- with the ownership column
INSERT INTO projects (id, organization_id, name) VALUES ($1, $2, $3);
-- with the ownership column last
INSERT INTO projects (id, name, organization_id) VALUES ($1, $2, $3), ($4, $5, $6);
-- with the ownership column in quotes
INSERT INTO projects ("organization_id", name) VALUES ($1, $2);
-- with a default ownership column
INSERT INTO projects (organization_id, name) VALUES (DEFAULT, $1);
-- with a null ownership column
INSERT INTO projects (organization_id, name) VALUES (NULL, $1);
-- without a column list
INSERT INTO projects VALUES ($1, $2, $3);
-- default values
INSERT INTO projects DEFAULT VALUES;
-- default values with returning
INSERT INTO projects DEFAULT VALUES RETURNING id;
-- alias
INSERT INTO projects AS p (name) VALUES ('x') RETURNING p.id, p.*;
-- schema-qualified
INSERT INTO billing.accounts (name) VALUES ('x');
-- returning star
INSERT INTO projects (name) VALUES ('x') RETURNING *;
-- returning expressions
INSERT INTO projects (name) VALUES ('x') RETURNING id AS new_id, lower(name) lowered, (SELECT count(*) FROM tasks), xmax = 0;
-- overriding system value
INSERT INTO projects (id, name) OVERRIDING SYSTEM VALUE VALUES (1, 'x');
-- overriding user value with a query
INSERT INTO projects (id, name) OVERRIDING USER VALUE SELECT id, title FROM tasks;
-- overriding without columns
INSERT INTO projects OVERRIDING SYSTEM VALUE VALUES (1);
-- select
INSERT INTO comments (task_id, body) SELECT id, title FROM tasks WHERE done;
-- select without FROM
INSERT INTO projects (name, status) SELECT $1, $2;
-- select star
INSERT INTO projects (id, name) SELECT * FROM tasks;
-- select in brackets
INSERT INTO projects (name) (SELECT title FROM tasks ORDER BY id LIMIT 1);
-- select in brackets without columns
INSERT INTO projects (SELECT * FROM tasks);
-- select from itself
INSERT INTO projects (name, status) SELECT name || ' (copy)', status FROM projects WHERE id = $1 RETURNING id;
-- select distinct, grouped and ordered
INSERT INTO comments (task_id, body) SELECT DISTINCT t.id, max(p.name) FROM tasks t JOIN projects p ON p.id = t.project_id GROUP BY t.id HAVING count(*) > 1 ORDER BY 1 LIMIT 5;
-- union
INSERT INTO projects (name) SELECT title FROM tasks UNION SELECT body FROM comments;
-- union all in brackets with limit
INSERT INTO projects (name) (SELECT title FROM tasks) UNION ALL (SELECT body FROM comments LIMIT 1) LIMIT 2;
-- table
INSERT INTO projects (id) TABLE tasks;
-- values with subqueries
INSERT INTO tasks (project_id, title) VALUES ((SELECT id FROM projects WHERE name = $1), $2);
-- values with expressions
INSERT INTO projects (name, created_at, tags, meta) VALUES (lower($1) || 'x', now() + interval '1 day', ARRAY['a', $2], '{"a": 1}'::jsonb);
-- values as an ordered query
INSERT INTO projects (name) VALUES ('b'), ('a') ORDER BY 1 LIMIT 1;
-- array element columns
INSERT INTO projects (tags[1], tags[2]) VALUES ('a', 'b');
-- composite field columns
INSERT INTO projects (address.city, address.geo.lat, items[1].name) VALUES ('x', 1, 'y');
-- on conflict do nothing
INSERT INTO projects (name) VALUES ($1) ON CONFLICT DO NOTHING;
-- on conflict with columns do nothing
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id;
-- on conflict do update
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name;
-- on conflict do update with where
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name, status = projects.status WHERE projects.name <> excluded.name OR projects.status IS NULL;
-- on conflict led by the ownership column
INSERT INTO projects (organization_id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (organization_id, slug) DO UPDATE SET name = excluded.name RETURNING *;
-- on conflict on a constraint
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT projects_pkey DO UPDATE SET name = excluded.name;
-- on conflict on a constraint do nothing
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT "Projects Key" DO NOTHING;
-- on conflict with expressions, collations and operator classes
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (lower(name), (id + 1), name COLLATE "C" text_pattern_ops, status public.my_ops) DO NOTHING;
-- on conflict with a predicate
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (name) WHERE deleted_at IS NULL AND status = 'x' DO UPDATE SET name = excluded.name WHERE projects.id > 1;
-- on conflict with an alias
INSERT INTO projects AS p (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = p.name || excluded.name WHERE p.id = excluded.id;
-- on conflict with several columns
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET (name, status) = (excluded.name, DEFAULT), position = DEFAULT;
-- on conflict with a subquery
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = (SELECT title FROM tasks WHERE id = $3), (status, position) = (SELECT status, position FROM invoices) WHERE EXISTS (SELECT 1 FROM comments);
-- on conflict with ROW
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET (name, status) = ROW(excluded.name, 'x'), tags[1] = 'a';
-- on conflict behind a select
INSERT INTO projects (id, name) SELECT id, title FROM tasks WHERE done ON CONFLICT (id) DO NOTHING;
-- on conflict behind a join
INSERT INTO projects (id, name) SELECT t.id, t.title FROM tasks t JOIN comments c ON c.task_id = t.id ON CONFLICT (id) DO UPDATE SET name = excluded.name;
-- on conflict do update ending in a comment
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name -- done
;
-- on conflict order by
INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (id DESC NULLS LAST) DO NOTHING;
-- on conflict sets the ownership column
INSERT INTO projects (id, organization_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id;
-- insert into a shared table
INSERT INTO users (email) VALUES ($1);
-- insert into a shared table from an owned one
INSERT INTO users (email) SELECT name FROM projects;
-- insert with both WITHs
WITH a AS (SELECT id FROM projects) INSERT INTO tasks (project_id) WITH b AS (SELECT id FROM a) SELECT id FROM b ON CONFLICT DO NOTHING RETURNING (SELECT count(*) FROM a);
