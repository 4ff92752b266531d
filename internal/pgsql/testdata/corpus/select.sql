-- no FROM
SELECT 1;
-- empty target list
SELECT FROM projects;
-- nothing at all
SELECT;
-- star
SELECT * FROM projects;
-- qualified star
SELECT p.* FROM projects p;
-- schema-qualified star
SELECT billing.accounts.* FROM billing.accounts;
-- stars between columns
SELECT p.id, p.*, t.title, t.* FROM projects p, tasks t;
-- whole row
SELECT p FROM projects p;
-- fields of a whole row
SELECT (p).id, (p).* FROM projects p;
-- column alias with AS
SELECT id AS project_id FROM projects;
-- bare column alias
SELECT id project_id FROM projects;
-- quoted bare alias
SELECT id "Project ""Id""" FROM projects;
-- reserved words as AS labels
SELECT id AS select, name AS from, status AS where, 1 AS group, 2 AS union, 3 AS with FROM projects;
-- bare labels that are keywords
SELECT id value, name key, status type, 1 all, 2 case, 3 user, 4 end FROM projects;
-- bare labels that start a join elsewhere
SELECT id left, name natural, status cross, 1 inner FROM projects;
-- bare label select
SELECT 1 select FROM projects;
-- labels that need AS
SELECT id AS over, name AS filter, status AS within, 1 AS year, 2 AS varying, 3 AS char FROM projects;
-- DISTINCT
SELECT DISTINCT status FROM projects;
-- ALL
SELECT ALL status FROM projects;
-- DISTINCT ON
SELECT DISTINCT ON (project_id) project_id, title FROM tasks ORDER BY project_id, created_at DESC;
-- DISTINCT ON several expressions
SELECT DISTINCT ON (lower(title), project_id + 1) title FROM tasks;
-- WHERE with parameters
SELECT name FROM projects WHERE id = $1 AND status = $2;
-- WHERE with OR needs brackets
SELECT name FROM projects WHERE status = $1 OR owner_id = $2;
-- WHERE ending in a line comment
SELECT name FROM projects WHERE status = $1 -- the rest
;
-- table alias with AS
SELECT p.id FROM projects AS p WHERE p.id = $1;
-- table alias without AS
SELECT p.id FROM projects p WHERE p.id = $1;
-- table alias that is the table's name
SELECT projects.id FROM projects projects;
-- quoted table and alias
SELECT "P".id FROM "projects" AS "P";
-- upper case names are folded
SELECT P.ID FROM PROJECTS P;
-- quoted name that is another table
SELECT 1 FROM "Projects";
-- schema-qualified table
SELECT id FROM billing.accounts;
-- schema-qualified and aliased
SELECT a.id FROM billing.accounts AS a;
-- schema-qualified column reference
SELECT billing.accounts.id FROM billing.accounts WHERE billing.accounts.id = $1;
-- spaces and comments inside a qualified name
SELECT id FROM billing . /* here */ accounts;
-- public schema in quotes
SELECT id FROM "public"."projects";
-- database, schema and table
SELECT id FROM app.public.projects;
-- column aliases of a table
SELECT p.a, p.b FROM projects AS p (a, b);
-- ONLY
SELECT id FROM ONLY projects;
-- ONLY with brackets
SELECT id FROM ONLY (projects) AS p;
-- ONLY with brackets and a schema
SELECT id FROM ONLY (billing.accounts);
-- star for descendants
SELECT id FROM projects * WHERE id = $1;
-- star for descendants with an alias
SELECT p.id FROM projects * AS p;
-- comma list
SELECT p.id, t.id FROM projects p, tasks t WHERE t.project_id = p.id;
-- the same table twice
SELECT a.id, b.id FROM projects a, projects b WHERE a.id < b.id;
-- group by column
SELECT status, count(*) FROM projects GROUP BY status;
-- group by position and expression
SELECT lower(name), date_trunc('day', created_at), count(*) FROM projects GROUP BY 1, date_trunc('day', created_at);
-- having
SELECT status, count(*) FROM projects GROUP BY status HAVING count(*) > $1 AND min(id) IS NOT NULL;
-- having without group by
SELECT count(*) FROM projects HAVING count(*) > 0;
-- where, group by and having
SELECT status FROM projects WHERE owner_id = $1 GROUP BY status HAVING max(created_at) < now();
-- group by distinct
SELECT status, owner_id FROM projects GROUP BY DISTINCT ROLLUP (status, owner_id), CUBE (status);
-- group by all
SELECT status FROM projects GROUP BY ALL status, owner_id;
-- grouping sets
SELECT status, owner_id, count(*) FROM projects GROUP BY GROUPING SETS ((status, owner_id), (status), ());
-- nested grouping sets
SELECT status, count(*) FROM projects GROUP BY GROUPING SETS (ROLLUP (status, owner_id), GROUPING SETS ((id), CUBE (status, (owner_id, id))));
-- empty grouping set
SELECT count(*) FROM projects GROUP BY ();
-- rollup and a plain column
SELECT status, owner_id FROM projects GROUP BY id, ROLLUP (status, owner_id);
-- GROUPING function
SELECT status, GROUPING(status, owner_id) FROM projects GROUP BY CUBE (status, owner_id);
-- cube and rollup as plain function names in quotes
SELECT "cube"(1, 2), "rollup"(3) FROM projects;
-- order by forms
SELECT id FROM projects ORDER BY status ASC, name DESC NULLS LAST, id NULLS FIRST, 1, lower(name) ASC NULLS FIRST;
-- order by using an operator
SELECT id FROM projects ORDER BY name USING ~<~, id USING OPERATOR(pg_catalog.>) NULLS LAST;
-- order by collation
SELECT id FROM projects ORDER BY name COLLATE "C" DESC;
-- order by a subquery
SELECT id FROM projects p ORDER BY (SELECT count(*) FROM tasks t WHERE t.project_id = p.id) DESC;
-- limit
SELECT id FROM projects LIMIT 10;
-- limit with a parameter and an offset
SELECT id FROM projects ORDER BY id LIMIT $1 OFFSET $2;
-- offset before limit
SELECT id FROM projects OFFSET 5 LIMIT 10;
-- limit all
SELECT id FROM projects LIMIT ALL;
-- limit null
SELECT id FROM projects LIMIT NULL OFFSET NULL;
-- limit by an expression with a subquery
SELECT id FROM projects LIMIT (SELECT count(*) / 2 FROM tasks) + 1;
-- offset rows
SELECT id FROM projects OFFSET 5 ROWS;
-- offset row with a bracketed expression
SELECT id FROM projects OFFSET ($1 + 1) ROW FETCH NEXT ROW ONLY;
-- fetch first
SELECT id FROM projects FETCH FIRST 3 ROWS ONLY;
-- fetch first row without a count
SELECT id FROM projects FETCH FIRST ROW ONLY;
-- fetch next with a bracketed count
SELECT id FROM projects FETCH NEXT ($1 * 2) ROWS ONLY;
-- fetch with ties
SELECT id FROM projects ORDER BY status FETCH FIRST 3 ROWS WITH TIES;
-- fetch row with ties
SELECT id FROM projects ORDER BY status OFFSET 1 ROW FETCH NEXT ROW WITH TIES;
-- fetch a signed count
SELECT id FROM projects FETCH FIRST +3 ROWS ONLY;
-- for update
SELECT id FROM projects WHERE id = $1 FOR UPDATE;
-- for no key update of one relation
SELECT p.id FROM projects p JOIN tasks t ON t.project_id = p.id FOR NO KEY UPDATE OF p;
-- for share of several relations
SELECT 1 FROM projects p, tasks t FOR SHARE OF p, t NOWAIT;
-- for key share skip locked
SELECT id FROM tasks WHERE done ORDER BY id LIMIT 1 FOR KEY SHARE SKIP LOCKED;
-- several locking clauses
SELECT 1 FROM projects p, tasks t FOR UPDATE OF p NOWAIT FOR SHARE OF t SKIP LOCKED;
-- locking before limit
SELECT id FROM tasks FOR UPDATE SKIP LOCKED LIMIT 1;
-- for read only
SELECT id FROM tasks FOR READ ONLY;
-- for update behind order and limit
SELECT id FROM tasks ORDER BY id LIMIT 5 OFFSET 1 FOR UPDATE;
-- brackets around the statement
(SELECT id FROM projects);
-- many brackets around the statement
(((SELECT id FROM projects WHERE id = $1)));
-- brackets and an outer order
(SELECT id FROM projects) ORDER BY id LIMIT 1;
-- brackets, order inside and outside
(SELECT id FROM projects ORDER BY name) LIMIT 5;
-- TABLE
TABLE projects;
-- TABLE ONLY with a tail
TABLE ONLY billing.accounts ORDER BY id LIMIT 3;
-- TABLE in a derived table
SELECT p.id FROM (TABLE projects) AS p;
-- VALUES
VALUES (1, 'a'), (2, 'b');
-- VALUES with order and limit
VALUES (1), (2), (3) ORDER BY 1 DESC LIMIT 1;
-- VALUES with a subquery
VALUES ((SELECT count(*) FROM projects)), (2);
-- VALUES as a derived table
SELECT v.id, p.name FROM (VALUES (1, 'x'), (2, 'y')) AS v (id, label), projects p WHERE p.id = v.id;
-- SELECT INTO
SELECT id INTO project_copies FROM projects;
-- SELECT INTO TEMP TABLE
SELECT id, name INTO TEMPORARY TABLE project_copies FROM projects WHERE id > $1;
-- EXPLAIN
EXPLAIN SELECT id FROM projects;
-- EXPLAIN with options
EXPLAIN (ANALYZE, BUFFERS off, FORMAT json) SELECT id FROM projects WHERE id = 1;
-- EXPLAIN ANALYZE VERBOSE of a write
EXPLAIN ANALYZE VERBOSE DELETE FROM projects WHERE id = 1;
