-- json_object with colons
SELECT JSON_OBJECT('id': id, 'name': name) FROM projects;
-- json_object with VALUE
SELECT JSON_OBJECT('id' VALUE id, KEY 'name' VALUE name) FROM projects;
-- json_object with clauses
SELECT JSON_OBJECT('a': 1, 'b': NULL ABSENT ON NULL WITH UNIQUE KEYS RETURNING jsonb) FROM projects;
-- json_object with formats
SELECT JSON_OBJECT('a': meta FORMAT JSON, 'b': raw FORMAT JSON ENCODING UTF8 NULL ON NULL WITHOUT UNIQUE KEYS RETURNING text FORMAT JSON) FROM projects;
-- json_object empty
SELECT JSON_OBJECT(), JSON_OBJECT(RETURNING jsonb) FROM projects;
-- json_object as an ordinary function
SELECT JSON_OBJECT('{a, b}'), json_object(ARRAY['a'], ARRAY['b']) FROM projects;
-- json_object with a subquery
SELECT JSON_OBJECT('n': (SELECT count(*) FROM tasks), (SELECT max(title) FROM tasks): 1) FROM projects;
-- json_array of values
SELECT JSON_ARRAY(id, name, NULL NULL ON NULL RETURNING jsonb), JSON_ARRAY(), JSON_ARRAY(meta FORMAT JSON, 1 ABSENT ON NULL) FROM projects;
-- json_array of a query
SELECT JSON_ARRAY(SELECT title FROM tasks t WHERE t.project_id = p.id RETURNING jsonb) FROM projects p;
-- json_array of a query with a format
SELECT JSON_ARRAY(SELECT title FROM tasks UNION SELECT body FROM comments FORMAT JSON) FROM projects;
-- json_array returning only
SELECT JSON_ARRAY(RETURNING text) FROM projects;
-- json_objectagg
SELECT JSON_OBJECTAGG('id': name), JSON_OBJECTAGG(p.id: name), JSON_OBJECTAGG(id VALUE name ABSENT ON NULL WITH UNIQUE RETURNING jsonb) FROM projects p;
-- json_objectagg with filter and over
SELECT JSON_OBJECTAGG(p.id: name) FILTER (WHERE id > 1) OVER (PARTITION BY status) FROM projects p;
-- json_arrayagg
SELECT JSON_ARRAYAGG(name), JSON_ARRAYAGG(name ORDER BY id DESC NULL ON NULL RETURNING jsonb), JSON_ARRAYAGG(meta FORMAT JSON) FILTER (WHERE done) FROM projects;
-- json constructor and scalar
SELECT JSON('{}'), JSON(raw FORMAT JSON ENCODING UTF8 WITH UNIQUE KEYS), JSON(name WITHOUT UNIQUE), JSON_SCALAR(id), JSON_SERIALIZE(meta), JSON_SERIALIZE(meta RETURNING bytea FORMAT JSON ENCODING UTF8) FROM projects;
-- is json
SELECT name IS JSON, name IS NOT JSON, name IS JSON VALUE, name IS JSON SCALAR, name IS JSON ARRAY, name IS JSON OBJECT WITH UNIQUE KEYS, name IS NOT JSON OBJECT WITHOUT UNIQUE KEYS, name IS JSON WITH UNIQUE FROM projects;
-- is json in a condition
SELECT id FROM projects WHERE name IS JSON AND meta IS NOT NULL OR name IS JSON ARRAY;
-- json_exists
SELECT 1 FROM projects WHERE JSON_EXISTS(meta, '$.a') AND JSON_EXISTS(meta, '$.a ? (@ > $x)' PASSING 1 AS x, name AS "Y" TRUE ON ERROR);
-- json_value
SELECT JSON_VALUE(meta, '$.a'), JSON_VALUE(meta, '$.a' RETURNING int DEFAULT 0 ON EMPTY ERROR ON ERROR), JSON_VALUE(meta, '$.b' PASSING id AS i RETURNING date NULL ON EMPTY) FROM projects;
-- json_query
SELECT JSON_QUERY(meta, '$.a'), JSON_QUERY(meta, '$.a' RETURNING jsonb WITH CONDITIONAL ARRAY WRAPPER), JSON_QUERY(meta, '$' WITHOUT WRAPPER KEEP QUOTES EMPTY ARRAY ON EMPTY EMPTY OBJECT ON ERROR) FROM projects;
-- json_query wrappers and quotes
SELECT JSON_QUERY(meta, '$' WITH WRAPPER), JSON_QUERY(meta, '$' WITH UNCONDITIONAL WRAPPER), JSON_QUERY(meta, '$' RETURNING text FORMAT JSON OMIT QUOTES ON SCALAR STRING), JSON_QUERY(meta, '$' EMPTY ON EMPTY) FROM projects;
-- json_query over a subquery
SELECT JSON_QUERY((SELECT meta FROM projects LIMIT 1), '$.a' DEFAULT (SELECT '1' FROM tasks) ON EMPTY);
-- json_table
SELECT j.* FROM projects p, JSON_TABLE(p.meta, '$.items[*]' COLUMNS (n FOR ORDINALITY, id int PATH '$.id', name text)) AS j;
-- json_table with every kind of column
SELECT j.id FROM projects p CROSS JOIN LATERAL JSON_TABLE(p.meta FORMAT JSON, '$[*]' AS root PASSING p.id AS pid, 2 AS two COLUMNS (id int PATH '$.id' DEFAULT 0 ON EMPTY ERROR ON ERROR, ok bool EXISTS PATH '$.ok' FALSE ON ERROR, sub jsonb FORMAT JSON PATH '$.sub' WITH WRAPPER KEEP QUOTES NULL ON EMPTY) EMPTY ARRAY ON ERROR) j;
-- json_table nested
SELECT j.id FROM projects p, JSON_TABLE(p.meta, '$' COLUMNS (id int, NESTED PATH '$.a[*]' AS a COLUMNS (x text, NESTED '$.b[*]' COLUMNS (y text)), NESTED PATH '$.c' COLUMNS (z text EXISTS))) AS j (id, x, y, z);
-- json_table over a subquery
SELECT j.a FROM JSON_TABLE((SELECT meta FROM projects LIMIT 1), '$' COLUMNS (a int)) AS j;
-- json_table left joined
SELECT p.id, j.a FROM projects p LEFT JOIN JSON_TABLE(p.meta, '$.a' COLUMNS (a int PATH '$')) j ON j.a = p.id;
-- json functions that are no keywords
SELECT json_build_object('a', 1), jsonb_agg(p), to_jsonb(p), json_strip_nulls(meta), jsonb_path_query(meta, '$.a'), row_to_json(p) FROM projects p;
-- json subscripting
SELECT meta['a'], meta['a']['b'][0], (meta -> 'a')['b'] FROM projects;
-- json keywords as plain names
SELECT absent, conditional, empty, error, format, indent, keep, keys, nested, omit, path, plan, quotes, scalar, source, string, target, unconditional FROM projects;
-- json keyword functions in quotes
SELECT "json_value"(meta), "json_array"(1), pg_catalog.json_object('{}') FROM projects;
