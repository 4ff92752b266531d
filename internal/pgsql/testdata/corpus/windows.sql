-- over with nothing
SELECT count(*) OVER () FROM projects;
-- over with partition and order
SELECT row_number() OVER (PARTITION BY status, owner_id ORDER BY created_at DESC NULLS LAST, id) FROM projects;
-- named window
SELECT rank() OVER w, sum(position) OVER w FROM projects WINDOW w AS (PARTITION BY status ORDER BY id);
-- window that copies another
SELECT sum(position) OVER (w ORDER BY id) FROM projects WINDOW w AS (PARTITION BY status);
-- window chain
SELECT sum(id) OVER w2 FROM projects WINDOW w1 AS (PARTITION BY status), w2 AS (w1 ORDER BY id ROWS UNBOUNDED PRECEDING);
-- rows frame
SELECT avg(position) OVER (ORDER BY id ROWS 3 PRECEDING) FROM projects;
-- rows between
SELECT avg(position) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM projects;
-- range between with an interval
SELECT count(*) OVER (ORDER BY created_at RANGE BETWEEN '1 day'::interval PRECEDING AND interval '2' day FOLLOWING) FROM projects;
-- groups between
SELECT count(*) OVER (ORDER BY status GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM projects;
-- range current row
SELECT count(*) OVER (ORDER BY status RANGE CURRENT ROW) FROM projects;
-- frame to unbounded following
SELECT last_value(id) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM projects;
-- exclude current row
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM projects;
-- exclude group, ties and no others
SELECT sum(id) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING EXCLUDE GROUP), sum(id) OVER (ORDER BY id GROUPS CURRENT ROW EXCLUDE TIES), sum(id) OVER (ORDER BY id RANGE UNBOUNDED PRECEDING EXCLUDE NO OTHERS) FROM projects;
-- frame offsets are expressions
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN $1 + 1 PRECEDING AND (SELECT count(*) FROM tasks) FOLLOWING) FROM projects;
-- subquery in partition by
SELECT sum(id) OVER (PARTITION BY (SELECT max(t.id) FROM tasks t WHERE t.project_id = p.id)) FROM projects p;
-- window clause with where and having
SELECT status, count(*) OVER w FROM projects WHERE id > $1 GROUP BY status HAVING count(*) > 1 WINDOW w AS (ORDER BY status) ORDER BY 1;
-- partition only
SELECT count(*) OVER (PARTITION BY status) FROM projects;
-- window named by a keyword
SELECT count(*) OVER groups, count(*) OVER "rows" FROM projects WINDOW groups AS (ORDER BY id), "rows" AS ();
-- window copied by a keyword name
SELECT count(*) OVER (value ROWS 1 PRECEDING), count(*) OVER ("groups" GROUPS 1 PRECEDING) FROM projects WINDOW value AS (ORDER BY id), groups AS (ORDER BY id);
-- filter
SELECT count(*) FILTER (WHERE status = 'open') FROM projects;
-- filter with a subquery
SELECT count(*) FILTER (WHERE id IN (SELECT project_id FROM tasks)) FROM projects;
-- filter and over
SELECT sum(id) FILTER (WHERE done) OVER (PARTITION BY project_id) FROM tasks;
-- within group
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY position) FROM projects;
-- within group, filter
SELECT mode() WITHIN GROUP (ORDER BY status DESC) FILTER (WHERE id > $1) FROM projects;
-- distinct aggregate
SELECT count(DISTINCT status), string_agg(DISTINCT name, ', ' ORDER BY name) FROM projects;
-- ordered aggregate
SELECT array_agg(id ORDER BY created_at DESC, id), json_agg(p ORDER BY p.id NULLS FIRST) FROM projects p;
-- ALL in an aggregate
SELECT sum(ALL id ORDER BY id) FROM projects;
