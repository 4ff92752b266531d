-- arithmetic precedence
SELECT 1 + 2 * 3 - 4 / 5 % 6 ^ 7, -id, +id, - - id FROM projects;
-- comparison operators
SELECT id < 1, id > 1, id <= 1, id >= 1, id = 1, id <> 1, id != 1 FROM projects;
-- and, or, not
SELECT 1 FROM projects WHERE NOT a AND b OR NOT (c AND NOT d);
-- boolean columns alone
SELECT 1 FROM tasks WHERE done;
-- boolean literals
SELECT 1 FROM tasks WHERE TRUE AND NOT FALSE OR NULL;
-- is null
SELECT 1 FROM projects WHERE a IS NULL AND b IS NOT NULL AND c ISNULL AND d NOTNULL;
-- is true
SELECT a IS TRUE, a IS NOT TRUE, a IS FALSE, a IS NOT FALSE, a IS UNKNOWN, a IS NOT UNKNOWN FROM projects;
-- is distinct from
SELECT 1 FROM projects WHERE a IS DISTINCT FROM b AND c IS NOT DISTINCT FROM $1;
-- is document
SELECT x IS DOCUMENT, x IS NOT DOCUMENT FROM projects;
-- is normalized
SELECT name IS NORMALIZED, name IS NOT NORMALIZED, name IS NFC NORMALIZED, name IS NOT NFKD NORMALIZED FROM projects;
-- between
SELECT 1 FROM projects WHERE id BETWEEN 1 AND 2 AND position NOT BETWEEN $1 AND $2 + 1;
-- between symmetric
SELECT 1 FROM projects WHERE id BETWEEN SYMMETRIC 2 AND 1 OR id NOT BETWEEN SYMMETRIC 3 AND 4 OR id BETWEEN ASYMMETRIC 1 AND 2;
-- between with an expression and a conjunction
SELECT 1 FROM projects WHERE id BETWEEN position - 1 AND position + 1 AND status = 'x' OR id = 3;
-- between without brackets around operators
SELECT 1 FROM projects WHERE a || b BETWEEN 'a' || c AND 'b' AND d;
-- like
SELECT 1 FROM projects WHERE name LIKE 'a%' AND name NOT LIKE $1 ESCAPE '!' OR name LIKE 'x' ESCAPE NULL;
-- ilike
SELECT 1 FROM projects WHERE name ILIKE 'a%' OR name NOT ILIKE '%b' ESCAPE '\';
-- similar to
SELECT 1 FROM projects WHERE name SIMILAR TO 'a|b' OR name NOT SIMILAR TO 'c' ESCAPE '#';
-- in list
SELECT 1 FROM projects WHERE id IN (1, 2, $1) AND status NOT IN ('a', lower('B'));
-- in list with one item in brackets
SELECT 1 FROM projects WHERE id IN ((1)) AND id IN ((1), (2));
-- in subquery
SELECT 1 FROM projects WHERE id IN (SELECT project_id FROM tasks);
-- not in subquery
SELECT 1 FROM projects WHERE id NOT IN (SELECT project_id FROM tasks WHERE project_id IS NOT NULL);
-- in subquery with more brackets
SELECT 1 FROM projects WHERE id IN ((SELECT project_id FROM tasks));
-- in list of subqueries
SELECT 1 FROM projects WHERE id IN ((SELECT max(project_id) FROM tasks), (SELECT 2), 3);
-- in VALUES
SELECT 1 FROM projects WHERE id IN (VALUES (1), (2));
-- row in subquery
SELECT 1 FROM projects WHERE (id, owner_id) IN (SELECT project_id, author_id FROM comments);
-- row in list of rows
SELECT 1 FROM projects WHERE (id, status) IN ((1, 'a'), ROW(2, 'b'));
-- any array
SELECT 1 FROM projects WHERE id = ANY ($1) OR id <> ALL (ARRAY[1, 2]) OR id = SOME ($2::bigint[]);
-- any subquery
SELECT 1 FROM projects WHERE id = ANY (SELECT project_id FROM tasks) AND id > ALL (SELECT project_id FROM comments) AND id < SOME (VALUES (1));
-- any subquery in brackets is an array
SELECT 1 FROM projects WHERE id = ANY ((SELECT array_agg(project_id) FROM tasks)::bigint[]);
-- like any
SELECT 1 FROM projects WHERE name LIKE ANY (ARRAY['a', 'b']) OR name NOT ILIKE ALL (SELECT title FROM tasks);
-- operator keyword any
SELECT 1 FROM projects WHERE id OPERATOR(pg_catalog.=) ANY ($1);
-- exists
SELECT 1 FROM projects p WHERE EXISTS (SELECT 1 FROM tasks t WHERE t.project_id = p.id) AND NOT EXISTS (SELECT FROM comments);
-- exists over TABLE and VALUES
SELECT 1 FROM projects WHERE EXISTS (TABLE tasks) OR EXISTS (VALUES (1));
-- scalar subquery
SELECT (SELECT count(*) FROM tasks t WHERE t.project_id = p.id) AS n FROM projects p;
-- scalar subquery with indirection
SELECT ((SELECT t FROM tasks t LIMIT 1)).title, (SELECT tags FROM projects)[1], (SELECT tags FROM projects)[1:2];
-- scalar subquery compared
SELECT 1 FROM projects WHERE (SELECT max(id) FROM tasks) > id AND id = (SELECT min(id) FROM comments);
-- row compared with a subquery
SELECT 1 FROM projects WHERE (id, name) = (SELECT project_id, title FROM tasks LIMIT 1);
-- subqueries nested four deep
SELECT 1 FROM projects WHERE id IN (SELECT project_id FROM tasks WHERE id IN (SELECT task_id FROM comments WHERE author_id IN (SELECT id FROM users WHERE id = (SELECT max(owner_id) FROM billing.accounts))));
-- array constructors
SELECT ARRAY[1, 2], ARRAY[]::int[], ARRAY[[1, 2], [3, 4]], ARRAY[ARRAY[1], ARRAY[2]] FROM projects;
-- array of a subquery
SELECT ARRAY(SELECT title FROM tasks t WHERE t.project_id = p.id ORDER BY 1) FROM projects p;
-- array of VALUES
SELECT ARRAY(VALUES (1), (2)) FROM projects;
-- subscripts and slices
SELECT tags[1], tags[1:2], tags[:2], tags[1:], tags[:], tags[$1:$2], (ARRAY[1, 2])[1] FROM projects;
-- subscripts of a qualified column
SELECT p.tags[p.position + 1], p.meta['a']['b'], p.tags[(SELECT 1)] FROM projects p;
-- slices with names that look like parameters
SELECT tags[a:b], tags[position:position + 1], tags[:position], tags[a :b] FROM projects;
-- composite fields
SELECT (p.address).city, (p.address).geo.lat, (ROW(1, 2)).*, (p.items[1]).name FROM projects p;
-- field and subscript chains
SELECT ((p.a).b[1]).c, (p.a[1].b), $1[1], ($1).x FROM projects p;
-- row constructors
SELECT ROW(1, name), ROW(), (1, name), ROW(p.*), (p.*, 1) FROM projects p;
-- row comparison
SELECT 1 FROM projects WHERE (id, position) > ($1, $2) AND ROW(id) = ROW(1);
-- row is null
SELECT 1 FROM projects p WHERE (id, name) IS NOT NULL AND ROW(p.*) IS NULL;
-- overlaps
SELECT 1 FROM projects WHERE (starts, ends) OVERLAPS (DATE '2024-01-01', INTERVAL '1 day');
-- overlaps with ROW
SELECT 1 FROM projects WHERE ROW(starts, ends) OVERLAPS ROW(now(), now());
-- simple case
SELECT CASE status WHEN 'a' THEN 1 WHEN $1 THEN 2 ELSE 3 END FROM projects;
-- searched case
SELECT CASE WHEN id > 1 THEN 'x' WHEN id IS NULL AND done THEN 'y' END FROM tasks;
-- case with subqueries
SELECT CASE WHEN EXISTS (SELECT 1 FROM tasks) THEN (SELECT max(id) FROM comments) ELSE (SELECT 0 FROM invoices) END FROM projects;
-- nested case
SELECT CASE WHEN a THEN CASE b WHEN 1 THEN 2 END ELSE CASE WHEN c THEN d END END AS "end" FROM projects;
-- casts
SELECT id::text, CAST(id AS text), id::text::varchar(10)::"char", -1::int, (-1)::int FROM projects;
-- casts to types with modifiers
SELECT a::numeric(10, 2), a::decimal, a::dec(3), a::float(24), a::double precision, a::bit(3), a::bit varying(5), a::char(3), a::character varying(3), a::national character varying(4), a::nchar(2), a::varchar FROM projects;
-- casts to time types
SELECT a::time, a::time(3), a::time with time zone, a::timestamp(3) without time zone, a::timestamptz, a::timestamp with time zone, a::interval, a::interval(3), a::interval day to second(2), a::interval year FROM projects;
-- casts to integer types
SELECT a::int, a::integer, a::smallint, a::bigint, a::real, a::boolean, a::json, a::jsonb, a::xml FROM projects;
-- casts to arrays
SELECT a::int[], a::int[][], a::int[3], a::int ARRAY, a::text ARRAY[4], a::public.mood[] FROM projects;
-- cast to setof
SELECT CAST(a AS SETOF int) FROM projects;
-- cast to a qualified type
SELECT a::pg_catalog.int4, a::billing.account_kind, a::"Odd Type"(1, 2), a::public."T"[] FROM projects;
-- collate
SELECT name COLLATE "de_DE", (name || 'x') COLLATE pg_catalog."C" FROM projects ORDER BY name COLLATE "C";
-- at time zone
SELECT created_at AT TIME ZONE 'UTC', created_at AT TIME ZONE $1 AT TIME ZONE 'CET', created_at + interval '1 day' AT TIME ZONE 'UTC' FROM projects;
-- at local
SELECT created_at AT LOCAL FROM projects;
-- json operators
SELECT meta -> 'a' ->> 'b', meta #> '{a,b}', meta #>> ARRAY['a'], meta @> '{"a":1}', '{}' <@ meta, meta || '{}', meta - 'a', meta #- '{a}', meta @? '$.a', meta @@ '$.a > 1' FROM projects;
-- json existence operators
SELECT 1 FROM projects WHERE meta ? 'a' OR meta ?| ARRAY['a'] OR meta ?& ARRAY['b'];
-- range and geometric operators
SELECT a && b, a -|- b, a << b, a >> b, a &< b, a &> b, a <-> b, a <#> b, a ~= b, a |>> b, a <<| b, a ## b, @@ a, @-@ a, # a, !! a, ~ a, |/ a, ||/ a FROM projects;
-- regular expression operators
SELECT name ~ 'a', name ~* 'a', name !~ 'a', name !~* 'b', name ~~ 'a', name !~~* 'b', name ^@ 'x' FROM projects;
-- operator with a minus sign
SELECT a @-b, a @ -b, a <-b, a+-b, a*-b, a !=-1, a=-1, a>=-1 FROM projects;
-- operators next to comments
SELECT a+/* plus */b, a*--times
b, a /* slash */ / b FROM projects;
-- long operator spelled from every symbol
SELECT a +-*/<>=~!@#%^&|`? b FROM projects;
-- OPERATOR syntax
SELECT a OPERATOR(pg_catalog.+) b, OPERATOR(pg_catalog.-) a, a OPERATOR(public.@@@) b, a OPERATOR(+) b, a OPERATOR(s.t.*) b FROM projects;
-- prefix operator chain
SELECT - + - @ ~ a, NOT NOT a FROM projects;
-- unary minus and power
SELECT -2 ^ 2, - a % b, a - -1, a- -1 FROM projects;
-- concatenation and null
SELECT name || NULL || 'x' || (id)::text FROM projects;
-- comparison of not
SELECT 1 FROM tasks WHERE (NOT done) = true AND NOT done = false;
-- is binds looser than comparison
SELECT 1 FROM projects WHERE a = b IS NULL AND a < b IS NOT TRUE AND a + b IS DISTINCT FROM c * d;
-- in after an operator
SELECT 1 FROM projects WHERE a + b IN (1, 2) AND a || b NOT IN ('x');
-- current of
DELETE FROM tasks WHERE CURRENT OF task_cursor;
-- parameters adjacent to symbols
SELECT $1+$2,$1::int,($1),-$1,tags[$1],f($1,$2)FROM projects WHERE id=$3;
-- default as a name in quotes
SELECT "default", "null", "true" FROM projects;
-- columns named by keywords
SELECT value, key, type, name, position, year, month, day, data, text, date, time_zone, action, rank, level, role FROM projects;
-- qualified columns named by reserved words
SELECT p.select, p.from, p.where, p.order, p.group, p.union, p.all FROM projects p;
-- column called like a function keyword
SELECT p.left, p.right, p.coalesce, p.row, p.values, p.exists, p.extract FROM projects p;
-- labels after expressions that end in keywords
SELECT a IS NULL b, c ISNULL d, e NOTNULL f, g::int h, CASE WHEN i THEN 1 END j, k COLLATE "C" l FROM projects;
-- at the edge of a type name
SELECT a::timestamp at, b::varchar c, d::int array_of, e::time "zone", f::double precision g, h::interval "day", i::bit j FROM projects;
-- unique predicate is not there but OVERLAPS of columns is
SELECT (a, b) OVERLAPS (c, d) FROM projects;
-- merge_action is a name in quotes
SELECT "merge_action" FROM projects;
-- deep brackets
SELECT ((((((((((1 + (2 * (3 - (4))))))))))))) FROM projects WHERE ((((id = $1))));
-- subquery with FROM in its alias
SELECT (SELECT 1 AS "FROM tasks") FROM projects;
