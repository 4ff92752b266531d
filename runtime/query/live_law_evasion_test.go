package query_test

import (
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/query"
)

// attackEvaluation is about the order in which PostgreSQL evaluates conditions. An equality with a parameter is put behind the
// other conditions of equal cost, so one operator or function call of the caller's may see B's rows first. When it fails on one,
// the error shows that the row is there, and some messages quote it.
var attackEvaluation = []statement{
	// What a query computes weighs nothing below an outer join and beside grouping sets.
	{name: "test of what a query computes below a left join", sql: `SELECT x.c FROM users u LEFT JOIN (SELECT coalesce(100 / points, 1) AS c, assignee_id FROM tasks) x ON x.assignee_id = u.id WHERE x.c < 50`},
	{name: "test for NULL of what a query computes below a left join", sql: `SELECT x.c FROM users u LEFT JOIN (SELECT coalesce(100 / points + 3, 1) AS c, assignee_id FROM tasks) x ON x.assignee_id = u.id WHERE x.c IS NOT NULL`},
	{name: "comparison with NULL of what a query computes below a left join", sql: `SELECT x.c FROM users u LEFT JOIN (SELECT coalesce(100 / points, 1) AS c, assignee_id FROM tasks) x ON x.assignee_id = u.id WHERE $1::int IS NOT DISTINCT FROM x.c AND x.assignee_id IS NOT NULL`, args: []any{33}},
	{name: "either of two tests of what a query computes below a full join", sql: `SELECT x.c FROM users u FULL JOIN (SELECT coalesce(100 / points, 1) AS c, assignee_id FROM tasks) x ON x.assignee_id = u.id WHERE NOT (x.c < 50 OR x.c > 900)`},
	{name: "test of what a WITH query computes below a left join", sql: `WITH x AS (SELECT coalesce(100 / points, 1) AS c, assignee_id AS i FROM tasks) SELECT x.c FROM users u LEFT JOIN x ON x.i = u.id WHERE x.c < 50`},
	{name: "test of what a query computes, in the ON above a left join", sql: `SELECT x.c FROM users v LEFT JOIN (users u LEFT JOIN (SELECT coalesce(100 / points, 1) AS c, assignee_id FROM tasks) x ON x.assignee_id = u.id) ON x.c = 33`},
	{name: "test of what a query computes, beside grouping sets", sql: `SELECT x.c FROM (SELECT 100 / points AS c FROM tasks) x WHERE x.c < 50 GROUP BY CUBE (x.c)`},
	{name: "test of what a query computes with more work, beside grouping sets", sql: `SELECT x.c FROM (SELECT 100 / points + 1 AS c FROM tasks) x WHERE x.c BETWEEN 1 AND 50 OR x.c IS NULL GROUP BY ROLLUP (x.c)`},
	{name: "test for NULL of what a query computes, beside grouping sets", sql: `SELECT x.c FROM (SELECT 100 / points + 1 AS c FROM tasks) x WHERE x.c IS NOT NULL GROUP BY GROUPING SETS ((x.c), ())`},
	{name: "test of what a query in EXISTS computes, beside grouping sets", sql: `SELECT u.name FROM users u WHERE EXISTS (SELECT 1 FROM (SELECT 100 / points AS c, assignee_id FROM tasks) x WHERE x.c < 50 AND x.assignee_id = u.id) GROUP BY CUBE (u.name)`},
	{name: "error message that quotes B's JSON, computed below a left join", sql: `SELECT u.name FROM users u LEFT JOIN (SELECT coalesce(jsonb_path_exists(extra, '$.s.datetime()'), true) AS c, assignee_id FROM tasks) x ON x.assignee_id = u.id WHERE x.c`},
	{name: "comparison of what a query computes with itself", sql: `SELECT x.c FROM (SELECT DISTINCT coalesce('draft' ~ title, true) AS c FROM tasks) x WHERE c = x.c`},
	{name: "range of what a query computes below a left join", sql: `SELECT x.c FROM users u LEFT JOIN (SELECT coalesce(100 / points, 1) AS c, assignee_id FROM tasks) x ON x.assignee_id = u.id WHERE x.c BETWEEN 1 AND 50`},
	{name: "test of a subquery that a query computes below a left join", sql: `SELECT x.c FROM users u LEFT JOIN (SELECT (SELECT t.name FROM users t WHERE t.id = k.assignee_id AND 100 / k.points < 50) AS c, assignee_id FROM tasks k) x ON x.assignee_id = u.id WHERE x.c = ANY ($1)`, args: []any{[]string{}}},
	{name: "regular expression from a joined row", sql: `SELECT p.name, t.title FROM projects p JOIN tasks t ON p.name ~ t.title`},
	{name: "regular expression over one joined table", sql: `SELECT p.name FROM projects p JOIN tasks t ON 'draft' ~ t.title`},
	{name: "regular expression in a left join's ON", sql: `SELECT p.name, t.title FROM projects p LEFT JOIN tasks t ON 'draft' ~ t.title`},
	{name: "cast in ON that fails on B's rows with their text", sql: `SELECT p.name FROM projects p JOIN tasks t ON CASE WHEN t.title IN ('draft', 'review', 'ship', 'stray', 'loose') THEN 1 ELSE t.title::int END = 1`},
	{name: "regular expression in where", sql: `SELECT title FROM tasks WHERE 'draft' ~ title`},
	{name: "regular expression in where of a join", sql: `SELECT p.name, t.title FROM projects p, tasks t WHERE 'draft' ~ t.title`},
	{name: "regular expression in having", sql: `SELECT title FROM tasks GROUP BY title HAVING 'draft' ~ title`},
	{name: "regular expression in an update's from", sql: `UPDATE projects SET archived = true FROM tasks t WHERE 'draft' ~ t.title`},
	{name: "regular expression in a join of an update's from", sql: `UPDATE projects SET archived = true FROM users u JOIN tasks t ON 'draft' ~ t.title`},
	{name: "error message that quotes B's JSON", sql: `SELECT title FROM tasks WHERE jsonb_path_exists(extra, '$.s.datetime()')`},
	{name: "error message that quotes B's JSON, joined", sql: `SELECT u.name FROM users u LEFT JOIN tasks t ON jsonb_path_exists(t.extra, '$.s.datetime()')`},
	{name: "error message that quotes B's JSON, update", sql: `UPDATE tasks SET done = true WHERE jsonb_path_exists(extra, '$.s.datetime()')`},
	{name: "error message that quotes B's JSON, delete", sql: `DELETE FROM tasks WHERE jsonb_path_exists(extra, '$.s.datetime()')`},
	{name: "error message that quotes B's JSON, full join", sql: `SELECT t.title, h.handle FROM tasks t FULL JOIN handles h ON h.note = t.title WHERE jsonb_path_exists(t.extra, '$.s.datetime()') OR t.id IS NULL`},
	{name: "error message that quotes B's JSON, insert", sql: `INSERT INTO comments (id, body) SELECT md5(title)::uuid, title FROM tasks WHERE jsonb_path_exists(extra, '$.s.datetime()')`},
	{name: "error message that quotes B's JSON, outside a subquery", sql: `SELECT x.title FROM (SELECT title, extra FROM tasks WHERE points < 100) x WHERE jsonb_path_exists(x.extra, '$.s.datetime()')`},
	{name: "error message that quotes B's JSON, exists", sql: `SELECT name FROM projects p WHERE EXISTS (SELECT 1 FROM tasks t WHERE jsonb_path_exists(t.extra, '$.s.datetime()'))`},
	{name: "NOT over a pattern", sql: `SELECT title FROM tasks WHERE NOT 'x' ~ title`},
	{name: "pattern inside coalesce", sql: `SELECT title FROM tasks WHERE coalesce('draft' ~ title, false)`},
	{name: "pattern inside case", sql: `SELECT title FROM tasks WHERE CASE WHEN done THEN true ELSE 'draft' ~ title END`},
	// The planner takes conditions apart and puts others in their place.
	{name: "pattern in an OR under NOT", sql: `SELECT title FROM tasks WHERE NOT ('draft' ~ title OR points > 1)`},
	{name: "pattern in both arms of an OR", sql: `SELECT title FROM tasks WHERE ('draft' ~ title AND done) OR ('draft' ~ title AND points > 1)`},
	{name: "pattern compared with true", sql: `SELECT title FROM tasks WHERE ('draft' ~ title) = true`},
	{name: "pattern compared with false", sql: `SELECT title FROM tasks WHERE false <> ('draft' ~ title)`},
	{name: "pattern in a list of true", sql: `SELECT title FROM tasks WHERE ('draft' ~ title) IN (true)`},
	{name: "pattern compared with a parameter", sql: `SELECT title FROM tasks WHERE ('draft' ~ title) = $1::boolean`, args: []any{true}},
	{name: "pattern in a row", sql: `SELECT title FROM tasks WHERE ('draft' ~ title, NOT done) = (true, true)`},
	{name: "pattern or what is false for every row", sql: `SELECT title FROM tasks WHERE 'draft' ~ title OR 1 = 2`},
	{name: "pattern or a parameter", sql: `SELECT title FROM tasks WHERE $1::text IS NULL AND 1 = 1 OR 'draft' ~ title`, args: []any{"x"}},
	{name: "pattern in a CASE of a parameter", sql: `SELECT title FROM tasks WHERE CASE WHEN $1::boolean THEN 'draft' ~ title ELSE points > 1 END`, args: []any{true}},
	{name: "division tested for NULL in an OR under NOT", sql: `SELECT title FROM tasks WHERE NOT (1 / points IS NULL OR points > 3)`},
	{name: "division tested for NULL, compared with false", sql: `SELECT title FROM tasks WHERE (1 / points IS NULL) = false`},
	{name: "division not distinct from NULL", sql: `SELECT title FROM tasks WHERE 1 / points IS NOT DISTINCT FROM NULL`},
	{name: "row of divisions tested for NULL", sql: `SELECT title FROM tasks WHERE (1 / points, 2 / points) IS NOT NULL`},
	{name: "pattern as a function of another name", sql: `SELECT title FROM tasks WHERE bpcharregexeq('draft', title)`},
	{name: "privilege on a table that a column names", sql: `SELECT name FROM projects WHERE has_schema_privilege(CASE WHEN name LIKE 'a%' THEN 'public' ELSE name END, 'usage')`},
	// What a derived table computes stands, to the planner, where its column is tested.
	{name: "computed column tested for NULL", sql: `SELECT x.title FROM (SELECT title, 100 / points AS ratio FROM tasks) x WHERE x.ratio IS NOT NULL`},
	{name: "computed condition", sql: `SELECT x.title FROM (SELECT title, 'draft' ~ title AS m FROM tasks) x WHERE x.m`},
	{name: "computed condition under NOT", sql: `SELECT title FROM (SELECT title, 'draft' ~ title AS m FROM tasks) x WHERE NOT m`},
	{name: "computed condition compared with a parameter", sql: `SELECT title FROM (SELECT title, 'draft' ~ title AS m FROM tasks) x WHERE m = $1`, args: []any{true}},
	{name: "computed column of a WITH query", sql: `WITH x AS (SELECT title, 100 / points AS ratio FROM tasks) SELECT title FROM x AS y WHERE y.ratio IS NOT NULL`},
	{name: "computed column of a WITH query, renamed", sql: `WITH x (t, r) AS (SELECT title, 100 / points FROM tasks) SELECT t FROM x WHERE r IS NOT NULL`},
	{name: "computed column handed on", sql: `WITH x AS (SELECT title, 100 / points AS ratio FROM tasks), y AS (SELECT title, z.ratio AS r FROM x z) SELECT title FROM y WHERE y.r IS NOT NULL`},
	{name: "test of a computed column handed on", sql: `SELECT title FROM (SELECT title, ratio IS NOT NULL AS ok FROM (SELECT title, 100 / points AS ratio FROM tasks) x) y WHERE ok`},
	{name: "computed column in a join's ON", sql: `SELECT u.name, x.title FROM users u LEFT JOIN (SELECT title, 100 / points AS ratio FROM tasks) x ON x.ratio IS NOT NULL`},
	{name: "computed column in a lateral", sql: `SELECT t.title FROM tasks t, LATERAL (SELECT 100 / t.points AS y) x WHERE y IS NOT NULL`},
	{name: "computed column in a lateral list of values", sql: `SELECT t.title FROM tasks t, LATERAL (VALUES (100 / t.points)) x(y) WHERE NOT (y IS NULL OR t.points > 5)`},
	{name: "computed column of a second arm", sql: `SELECT title FROM (SELECT name AS title, priority AS n FROM projects UNION ALL SELECT title, 100 / points AS m FROM tasks) x WHERE n IS NOT NULL`},
	{name: "computed column tested in a subquery", sql: `SELECT x.title FROM (SELECT title, 100 / points AS ratio FROM tasks) x WHERE EXISTS (SELECT 1 FROM users u WHERE x.ratio IS NOT NULL AND u.name = 'Ada')`},
	{name: "computed column in a row", sql: `SELECT x.title FROM (SELECT title, 100 / points AS ratio FROM tasks) x WHERE (x.ratio, x.title) IS NOT NULL`},
	{name: "computed column in a row of all", sql: `SELECT x.title FROM (SELECT title, 100 / points AS ratio FROM tasks) x WHERE ROW(x.*) IS NOT NULL`},
	{name: "computed column not distinct from NULL", sql: `SELECT x.title FROM (SELECT title, 100 / points AS ratio FROM tasks) x WHERE x.ratio IS NOT DISTINCT FROM NULL`},
	{name: "computed column in a coalesce", sql: `SELECT x.title FROM (SELECT title, 100 / points AS ratio FROM tasks) x WHERE coalesce(x.ratio, 1) IS NOT NULL`},
	{name: "computed column in a CASE", sql: `SELECT x.title FROM (SELECT title, 100 / points AS ratio FROM tasks) x WHERE CASE WHEN x.ratio IS NULL THEN false ELSE true END`},
	{name: "computed condition compared with false", sql: `SELECT x.title FROM (SELECT title, 'draft' ~ title AS m FROM tasks) x WHERE x.m <> false`},
	{name: "computed condition in a list of true", sql: `SELECT x.title FROM (SELECT title, 'draft' ~ title AS m FROM tasks) x WHERE x.m IN (true)`},
	{name: "computed column of a name that a function gave", sql: `SELECT x.title FROM (SELECT title, int2(points * 1000) FROM tasks) x WHERE x.int2 IS NOT NULL`},
	// What is the same for all rows is worked out once, and is no work for each row.
	{name: "constant call and pattern", sql: `SELECT title FROM tasks WHERE lower('DRAFT') ~ title`},
	{name: "call over a parameter and pattern", sql: `SELECT title FROM tasks WHERE lower($1) ~ title`, args: []any{"DRAFT"}},
	{name: "constant sum and division", sql: `SELECT title FROM tasks WHERE (99 + 1) / points IS NOT NULL`},
	{name: "product of parameters and division", sql: `SELECT title FROM tasks WHERE $1::int * $2 / points IS NOT NULL`, args: []any{10, 10}},
	{name: "subquery and pattern", sql: `SELECT title FROM tasks WHERE (SELECT lower(min(name)) FROM users) ~ title`},
	{name: "subquery and division", sql: `SELECT title FROM tasks WHERE (SELECT count(*) FROM projects) / points IS NOT NULL`},
	{name: "sum over a column of a derived table and division", sql: `SELECT t.title FROM (SELECT 99 AS k) x, tasks t WHERE (x.k + 1) / t.points IS NOT NULL`},
	{name: "call over a column of a WITH query and pattern", sql: `WITH a AS (SELECT $1::text AS q) SELECT t.title FROM a, tasks t WHERE lower(a.q) ~ t.title`, args: []any{"DRAFT"}},
	{name: "call over a value and pattern", sql: `SELECT t.title FROM (VALUES ('DRAFT')) AS v(q) JOIN tasks t ON lower(q) ~ t.title`},
	{name: "call over a column of a lateral and pattern", sql: `SELECT t.title FROM tasks t, LATERAL (SELECT q FROM (SELECT 'DRAFT' AS q) y) x WHERE lower(x.q) ~ t.title`},
	{name: "call over a function in FROM and pattern", sql: `SELECT t.title FROM tasks t, upper('draft') AS q WHERE lower(q) ~ t.title`},
	{name: "division in a CASE of a parameter", sql: `SELECT title FROM tasks WHERE CASE WHEN $1 THEN 100 / points ELSE points * 2 END IS NOT NULL`, args: []any{true}},
	{name: "division in a CASE of a subquery", sql: `SELECT title FROM tasks WHERE CASE WHEN EXISTS (SELECT 1 FROM projects) THEN 100 / points ELSE 0 END IS NOT NULL`},
	{name: "division in a coalesce of a parameter", sql: `SELECT title FROM tasks WHERE 100 / coalesce($1, points * 2) IS NOT NULL OR points IS NULL`, args: []any{nil}},
	{name: "division compared with an empty list", sql: `SELECT title FROM tasks WHERE 100 / points = ANY ($1::int[])`, args: []any{[]int{}}},
	{name: "division unlike an empty list", sql: `SELECT title FROM tasks WHERE 100 / points <> ALL ('{}')`},
	{name: "computed column compared with an empty list", sql: `SELECT title FROM (SELECT title, 100 / points AS ratio FROM tasks) x WHERE ratio = ANY ('{}')`},
	{name: "computed condition compared with a constant call", sql: `SELECT title FROM (SELECT title, 'draft' ~ title AS m FROM tasks) x WHERE m = (lower('A') = 'a')`},
	{name: "pattern over a primary key look-up", sql: `SELECT title FROM tasks WHERE id = $1 AND 'draft' ~ title`, args: []any{id("b2", 4)}},
}

// attackStandIns is about what a relation loses, or a name means, when something stands in for the relation.
var attackStandIns = []statement{
	{name: "group by primary key of a right join's null side", sql: `SELECT p.id, p.name, p.slug, count(*) FROM projects p RIGHT JOIN tasks t ON t.project_id = p.id GROUP BY p.id`},
	{name: "group by primary key in a full join", sql: `SELECT p.id, p.name, t.id, t.title FROM projects p FULL JOIN tasks t ON t.project_id = p.id GROUP BY p.id, t.id`},
	{name: "group by primary key with column aliases", sql: `SELECT p.a, p.c FROM projects AS p(a, b, c) GROUP BY p.a`},
	{name: "group by primary key under using", sql: `SELECT p.id, p.name, ap.label FROM projects p LEFT JOIN app.projects ap USING (id) GROUP BY p.id, ap.id`},
	{name: "system columns in a full join", sql: `SELECT p.tableoid::regclass::text, t.title FROM projects p FULL JOIN tasks t ON t.project_id = p.id`},
	{name: "row number in a right join", sql: `SELECT p.ctid IS NULL, t.title FROM projects p RIGHT JOIN tasks t ON t.project_id = p.id`},
	{name: "system column with column aliases", sql: `SELECT p.tableoid::regclass::text, p.c FROM projects AS p(a, b, c)`},
	{name: "function over a whole row in a full join", sql: `SELECT label(p), t.title FROM projects p FULL JOIN tasks t ON t.project_id = p.id`},
	{name: "function in column notation in a full join", sql: `SELECT p.label, t.title FROM projects p FULL JOIN tasks t ON t.project_id = p.id`},
	{name: "whole row in a full join", sql: `SELECT p, t.title FROM projects p FULL JOIN tasks t ON t.project_id = p.id`},
	{name: "whole row compared in a full join", sql: `SELECT t.title FROM projects p FULL JOIN tasks t ON t.project_id = p.id WHERE p IS DISTINCT FROM NULL`},
	{name: "whole row with column aliases", sql: `SELECT p FROM projects AS p(a)`},
	{name: "whole row as JSON with column aliases", sql: `SELECT to_json(p) FROM projects AS p(a)`},
	{name: "cast of a whole row in a full join", sql: `SELECT (p::projects).name FROM projects p FULL JOIN tasks t ON t.project_id = p.id`},
	{name: "lock in a right join using", sql: `SELECT ap.label FROM projects p RIGHT JOIN app.projects ap USING (id) WHERE ap.label = 'app only' FOR UPDATE OF ap`},
	{name: "lock in a left join using", sql: `SELECT p.name FROM projects p LEFT JOIN app.projects ap USING (id) WHERE p.name = 'alpha' FOR UPDATE OF p`},
	{name: "lock with column aliases", sql: `SELECT p.c FROM projects AS p(a, b, c) WHERE p.c = 'alpha' FOR UPDATE`},
	{name: "lock with column aliases, named", sql: `SELECT p.c FROM projects AS p(a, b, c) WHERE p.c = 'alpha' FOR UPDATE OF p`},
	{name: "lock with column aliases, order by no index, and limit", sql: `SELECT p.c FROM projects AS p(a, b, c, d, e, f) ORDER BY p.f LIMIT 1 FOR UPDATE`, ordered: true},
	{name: "lock with column aliases and limit", sql: `SELECT p.c FROM projects AS p(a, b, c) ORDER BY p.c LIMIT 1 FOR UPDATE SKIP LOCKED`, ordered: true},
	{name: "lock of an aliased tree's members", sql: `SELECT j.name FROM (projects p JOIN tasks t ON t.project_id = p.id) AS j WHERE j.title IN ('ship', 'b-task SECRET') FOR UPDATE`},
	{name: "lock of an aliased tree's left join", sql: `SELECT j.name FROM (projects p LEFT JOIN tasks t ON t.project_id = p.id) AS j WHERE j.name = 'axis' FOR SHARE`, state: "0A000"},
	{name: "lock by schema-qualified name", sql: `SELECT name FROM public.projects FOR UPDATE OF projects`},
	{name: "qualified names in a full join", sql: `SELECT public.projects.name, public.tasks.title FROM public.projects FULL JOIN public.tasks ON public.tasks.project_id = public.projects.id`},
	{name: "qualified names in a join using", sql: `SELECT public.projects.name FROM public.projects LEFT JOIN public.tasks USING (organization_id)`},
	{name: "qualified star in a right join", sql: `SELECT public.projects.* FROM public.projects RIGHT JOIN tasks ON tasks.project_id = public.projects.id`},
	{name: "qualified name over an outer reference", sql: `SELECT (SELECT public.projects.name) FROM public.projects`},
	{name: "qualified name where the table has an alias", sql: `SELECT public.projects.name FROM public.projects p`, state: "42P01"},
	{name: "array of whole rows", sql: `SELECT (array_agg(p ORDER BY p.name))[1].name FROM projects p`},
	{name: "array of whole rows in brackets", sql: `SELECT ((array_agg(p ORDER BY p.name))[1]).name FROM projects p`},
	{name: "names of the rewriter's own relations", sql: `SELECT sigra_1.name, sigra_2.title FROM projects sigra_1 FULL JOIN tasks sigra_2 ON sigra_2.project_id = sigra_1.id`},
	{name: "a name of the rewriter's on the other side", sql: `SELECT p.name, sigra_1.title FROM projects p FULL JOIN tasks sigra_1 ON sigra_1.project_id = p.id`},
	{name: "a name of the rewriter's on a shared table", sql: `SELECT p.name, sigra_1.name FROM projects p FULL JOIN users sigra_1 ON sigra_1.id = p.owner_id`},
	{name: "a name of the rewriter's in the outer query", sql: `SELECT sigra_1.name FROM users sigra_1 WHERE EXISTS (SELECT 1 FROM projects p FULL JOIN tasks t ON t.project_id = p.id AND p.owner_id = sigra_1.id WHERE p.priority = 7 AND sigra_1.name = 'Cyd')`},
	{name: "a name of the rewriter's in the outer query's condition", sql: `SELECT sigra_1.name FROM users sigra_1 WHERE EXISTS (SELECT 1 FROM projects p FULL JOIN tasks t ON t.project_id = p.id WHERE p.owner_id = sigra_1.id)`},
	{name: "a WITH query of the rewriter's name", sql: `WITH sigra_1 AS (SELECT name FROM projects) SELECT p.slug, sigra_1.name FROM sigra_1, projects p FULL JOIN tasks t ON t.project_id = p.id`},
}

// attackFunctions reads tables, files and sessions by name, behind the back of FROM.
var attackFunctions = []statement{
	{name: "set_config", want: refused, err: query.ErrStatement, sql: `SELECT set_config('search_path', 'app', false), name FROM projects`},
	{name: "activity of everybody", want: refused, err: query.ErrStatement, sql: `SELECT a.query FROM projects, pg_stat_get_activity(NULL) a`},
	{name: "large object", want: refused, err: query.ErrStatement, sql: `SELECT lo_import('/etc/passwd') FROM projects`},
	{name: "directory", want: refused, err: query.ErrStatement, sql: `SELECT pg_ls_dir('base') FROM projects`},
	{name: "binary file", want: refused, err: query.ErrStatement, sql: `SELECT pg_read_binary_file('base/1/1259') FROM projects`},
	{name: "page of a table", want: refused, err: query.ErrStatement, sql: `SELECT get_raw_page('projects', 0) FROM projects`},
	{name: "changes of everybody", want: refused, err: query.ErrStatement, sql: `SELECT * FROM projects, pg_logical_slot_peek_changes('s', NULL, NULL)`},
	{name: "size of a table", want: refused, err: query.ErrStatement, sql: `SELECT pg_relation_size('projects') FROM projects`},
	{name: "connectby", want: refused, err: query.ErrStatement, sql: `SELECT c.a FROM projects, connectby('projects', 'id', 'parent_id', 'x', 0) AS c(a text, b text, l int)`},
	{name: "xpath_table", want: refused, err: query.ErrStatement, sql: `SELECT c.a FROM projects, xpath_table('id', 'meta', 'projects', '/', 'true') AS c(a text)`},
	// Where x has no column f, PostgreSQL reads x.f as f(x), and x needs no row type for that.
	{name: "SQL text through a name behind a dot", want: refused, err: query.ErrStatement, sql: `SELECT (('SELECT to_tsvector(title) FROM tasks'::text).ts_stat).word FROM projects`},
	{name: "SQL text through a name behind a dot, of a parameter", want: refused, err: query.ErrStatement, sql: `SELECT ($1::text).ts_stat, name FROM projects`, args: []any{"SELECT to_tsvector(title) FROM tasks"}},
	{name: "SQL text through a name behind a dot, of a function in from", want: refused, err: query.ErrStatement, sql: `SELECT x.ts_stat FROM projects, text('SELECT to_tsvector(title) FROM tasks') x`},
	{name: "file through a name behind a dot", want: refused, err: query.ErrStatement, sql: `SELECT ('PG_VERSION'::text)."pg_read_file" FROM projects`},
	{name: "size through a name behind a dot, in an order", want: refused, err: query.ErrStatement, sql: `SELECT name FROM projects ORDER BY ('tasks'::regclass).pg_relation_size`},
	{name: "a harmless function behind a dot", sql: `SELECT (name::text).length, p.label FROM projects p`},
	{name: "locks of everybody", want: refused, err: query.ErrStatement, sql: `SELECT l.pid FROM projects, pg_lock_status() l`},
	{name: "writing a large object", want: refused, err: query.ErrStatement, sql: `SELECT lo_put(1, 0, 'x') FROM projects`},
	{name: "removing a large object", want: refused, err: query.ErrStatement, sql: `SELECT lo_unlink(1) FROM projects`},
	{name: "another session", want: refused, err: query.ErrStatement, sql: `SELECT name FROM projects WHERE pg_terminate_backend(priority)`},
	{name: "threshold of a later statement", want: refused, err: query.ErrStatement, sql: `SELECT set_limit(0.1) FROM projects`},
	{name: "removing rows by their place", want: refused, err: query.ErrStatement, sql: `SELECT heap_force_kill('tasks', ARRAY['(0,5)']::tid[]) FROM projects`},
	{name: "asynchronous dblink", want: refused, err: query.ErrStatement, sql: `SELECT dblink_send_query('c', 'SELECT 1') FROM projects`},
}

// attackArguments puts statements and pgx options among the arguments.
var attackArguments = []statement{
	{name: "bypass inside a scoped statement", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("tasks", "title")
		return forOrg(sb.Where(sb.In("project_id", query.Unscoped(selectFrom("projects", "id"), "inner statement of a test"))))
	}},
	{name: "another organization's statement inside a scoped one", want: refused, err: query.ErrForeignOrg, build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("tasks", "title")
		return forOrg(sb.Where(sb.In("project_id", query.ForOrg(selectFrom("projects", "id"), orgC))))
	}},
	{name: "bypass itself, scoped", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(query.Unscoped(selectFrom("projects", "name"), "inner statement of a test"))
	}},
	{name: "options for pgx among the arguments", want: refused, err: query.ErrStatement, sql: `SELECT name FROM projects WHERE slug <> $1`, args: []any{pgx.QueryExecModeSimpleProtocol}},
	{name: "named arguments among the arguments", want: refused, err: query.ErrStatement, sql: `SELECT name FROM projects WHERE $1 IS NOT NULL AND id <> @a AND id <> @b`, args: []any{pgx.NamedArgs{"a": id("a1", 1), "b": orgB}}},
	{name: "a statement among the arguments", want: refused, err: query.ErrStatement, sql: `SELECT name FROM projects WHERE slug <> $1`, args: []any{query.Unscoped(query.Text(`SELECT name FROM projects`), "test")}},
	{name: "named arguments through a builder", want: refused, err: query.ErrStatement, build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "name")
		return forOrg(sb.Where(sb.NE("slug", pgx.NamedArgs{"a": "x"})))
	}},
	{name: "result formats through a builder", want: refused, err: query.ErrStatement, build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "name")
		return forOrg(sb.Where(sb.NE("slug", pgx.QueryResultFormats{1})))
	}},
}
