-- function call forms
SELECT f(), f(1), f(1, 2), pg_catalog.lower(name), app.public.f(id) FROM projects;
-- named arguments
SELECT f(a => 1, b := 2, 3), f(1, "C" => (SELECT max(id) FROM tasks)) FROM projects;
-- variadic
SELECT f(VARIADIC ARRAY[1, 2]), f(1, VARIADIC tags), concat_ws(',', VARIADIC tags ORDER BY id) FROM projects;
-- function called like a keyword
SELECT left(name, 1), right(name, 2), replace(name, 'a', 'b'), repeat(name, 2), "substring"(name, 1, 2), year(created_at), month(1), values_of(1) FROM projects;
-- function names that are type names
SELECT date(created_at), text(id), point(1, 2), int4(id), "numeric"(id), timestamptz(created_at), name(id) FROM projects;
-- count star and its kin
SELECT count(*), count(ALL id), count(DISTINCT id), pg_catalog.count(*) FROM projects;
-- field of a function's result
SELECT (f(id)).*, (f(id)).a, (f(id))[1], f(id) AS g FROM projects;
-- functional notation for a column
SELECT name(p), p.lower FROM projects p;
-- extract
SELECT EXTRACT(year FROM created_at), EXTRACT('month' FROM created_at), EXTRACT(epoch FROM now() - created_at), EXTRACT("dow" FROM created_at) FROM projects;
-- extract every keyword field
SELECT extract(month FROM a), extract(day FROM a), extract(hour FROM a), extract(minute FROM a), extract(second FROM a), extract(century FROM a) FROM projects;
-- extract from a subquery
SELECT extract(year FROM (SELECT max(created_at) FROM tasks)) FROM projects;
-- normalize
SELECT NORMALIZE(name), NORMALIZE(name, NFC), NORMALIZE(name, NFKD) FROM projects;
-- overlay
SELECT OVERLAY(name PLACING 'x' FROM 2), OVERLAY(name PLACING 'x' FROM 2 FOR 3), OVERLAY(name, 'x', 2, 3) FROM projects;
-- position
SELECT POSITION('a' IN name), POSITION(lower(name) IN name || 'x') FROM projects;
-- substring
SELECT SUBSTRING(name FROM 1), SUBSTRING(name FROM 1 FOR 2), SUBSTRING(name FOR 2), SUBSTRING(name FOR 2 FROM 1), SUBSTRING(name, 1, 2), SUBSTRING(name SIMILAR 'a#"b#"c' ESCAPE '#'), SUBSTRING() FROM projects;
-- substring from a subquery's column
SELECT substring(name FROM (SELECT min(id) FROM tasks) FOR (SELECT max(id) FROM comments)) FROM projects;
-- trim
SELECT TRIM(name), TRIM(BOTH FROM name), TRIM(LEADING 'x' FROM name), TRIM(TRAILING FROM name), TRIM('x' FROM name), TRIM(BOTH 'x' FROM name, 'y'), TRIM(FROM name), TRIM(name, 'x'), TRIM(LEADING name) FROM projects;
-- trim from a subquery
SELECT trim(both FROM (SELECT title FROM tasks LIMIT 1)) FROM projects;
-- treat
SELECT TREAT(id AS bigint) FROM projects;
-- collation for
SELECT COLLATION FOR (name), collation for ((SELECT 'x' FROM tasks)) FROM projects;
-- coalesce, nullif, greatest, least
SELECT COALESCE(name, $1, 'x'), NULLIF(name, ''), GREATEST(1, id), LEAST(id, 2, (SELECT 1 FROM tasks)) FROM projects;
-- value functions
SELECT CURRENT_DATE, CURRENT_TIME, CURRENT_TIME(2), CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(3), LOCALTIME, LOCALTIME(1), LOCALTIMESTAMP, LOCALTIMESTAMP(0) FROM projects;
-- session functions
SELECT CURRENT_ROLE, CURRENT_USER, SESSION_USER, USER, CURRENT_CATALOG, CURRENT_SCHEMA, SYSTEM_USER FROM projects;
-- current_schema as a function
SELECT current_schema(), pg_catalog.current_user FROM projects;
-- user with a label
SELECT user u, current_date today FROM projects WHERE current_user = name;
-- aggregate with order by and filter and over
SELECT string_agg(name, ',' ORDER BY id DESC NULLS LAST) FILTER (WHERE id > 1) OVER (PARTITION BY status) FROM projects;
-- within group with arguments
SELECT rank(1, 'x') WITHIN GROUP (ORDER BY id, name DESC), f() WITHIN GROUP (ORDER BY id USING <) FROM projects;
-- function with an interval argument
SELECT date_bin(INTERVAL '15 minutes', created_at, TIMESTAMP '2001-01-01') FROM projects;
-- nested calls
SELECT upper(trim(both ' ' FROM coalesce(nullif(substring(name FROM 2), ''), 'x'))) FROM projects;
-- function with a row argument
SELECT f((1, 2)), f(ROW(1)), f(p.*), f(p) FROM projects p;
-- subquery as the only argument
SELECT f((SELECT count(*) FROM tasks)) FROM projects;
-- keyword functions of type position
SELECT pg_catalog.timestamp(a), pg_catalog."position"(a, b), "left"(a, 1), "extract"('x', a) FROM projects;
-- functions in WHERE, GROUP BY, ORDER BY
SELECT lower(name) FROM projects WHERE upper(name) = $1 GROUP BY lower(name) HAVING bool_and(done) ORDER BY max(id);
-- schema-qualified function with a star argument and filter
SELECT pg_catalog.count(*) FILTER (WHERE done) FROM tasks;
-- set-returning function in the target list
SELECT unnest(tags), generate_series(1, 3) FROM projects;
-- sequence functions
SELECT nextval('projects_id_seq'), currval('projects_id_seq'::regclass), 'projects'::regclass FROM projects;
-- over on a schema-qualified function
SELECT pg_catalog.row_number() OVER (ORDER BY id) FROM projects;
-- function in FROM and in the list of the same name
SELECT projects.id, projects(1) FROM projects;
-- xmlconcat
SELECT XMLCONCAT(a, b, '<x/>') FROM projects;
-- xmlelement
SELECT XMLELEMENT(NAME item), XMLELEMENT(NAME "Item", name, 'x'), XMLELEMENT(NAME item, XMLATTRIBUTES(id AS key, name), (SELECT title FROM tasks LIMIT 1)) FROM projects;
-- xmlelement with attributes only
SELECT XMLELEMENT(NAME item, XMLATTRIBUTES(id)) FROM projects;
-- xmlforest
SELECT XMLFOREST(id, name AS "Name", (SELECT 1 FROM tasks) AS n) FROM projects;
-- xmlexists
SELECT 1 FROM projects WHERE XMLEXISTS('//a' PASSING body) OR XMLEXISTS('//a' PASSING BY REF body) OR XMLEXISTS('//a' PASSING BY VALUE body BY REF);
-- xmlparse
SELECT XMLPARSE(DOCUMENT body), XMLPARSE(CONTENT body PRESERVE WHITESPACE), XMLPARSE(CONTENT '<a/>' STRIP WHITESPACE) FROM projects;
-- xmlpi
SELECT XMLPI(NAME php), XMLPI(NAME "Php", 'echo') FROM projects;
-- xmlroot
SELECT XMLROOT(body, VERSION '1.0'), XMLROOT(body, VERSION NO VALUE, STANDALONE YES), XMLROOT(body, VERSION '1', STANDALONE NO), XMLROOT(body, VERSION '1', STANDALONE NO VALUE) FROM projects;
-- xmlserialize
SELECT XMLSERIALIZE(CONTENT body AS text), XMLSERIALIZE(DOCUMENT body AS varchar(10) INDENT), XMLSERIALIZE(CONTENT body AS text NO INDENT) FROM projects;
-- xmltable
SELECT x.* FROM projects p, XMLTABLE('/rows/row' PASSING p.body COLUMNS id int PATH '@id', n FOR ORDINALITY, name text PATH 'name' DEFAULT 'x' NOT NULL, note text NULL) AS x;
-- xmltable with namespaces
SELECT x.a FROM projects p CROSS JOIN LATERAL XMLTABLE(XMLNAMESPACES('http://example.com/x' AS x, DEFAULT 'http://example.com/y'), '/x:a' PASSING BY REF p.body COLUMNS a text PATH 'x:b') x;
-- xmltable passing a subquery
SELECT x.a FROM XMLTABLE('/a' PASSING (SELECT body FROM projects LIMIT 1) COLUMNS a text PATH 'b') AS x (a);
