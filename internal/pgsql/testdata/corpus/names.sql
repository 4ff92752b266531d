-- unreserved keywords as tables, unlisted ones
SELECT 1 FROM abort, absolute, access, action, add, admin;
-- unreserved keywords as aliases without AS
SELECT 1 FROM projects begin, tasks cache, comments called, users cascade, invoices catalog;
-- column-name keywords as columns
SELECT p.between, p.bigint, p.bit, p.boolean, p.char, p.character FROM projects p;
-- column-name keywords as column aliases
SELECT 1 AS between, 2 AS bigint, 3 AS coalesce, 4 AS exists, 5 AS json_table, 6 AS "values" FROM projects;
-- column-name keywords as table names
SELECT 1 FROM "coalesce", grouping, inout, out, setof, precision;
-- column-name keyword as an alias without AS
SELECT 1 FROM projects precision, tasks none, comments national;
-- column-name keywords as bare columns
SELECT precision, none, national, inout, out, nchar, setof FROM projects;
-- table called like a type
SELECT 1 FROM int, text, timestamp, interval, varchar;
-- function-name keywords as functions
SELECT authorization(1), binary(2), collation(3), cross(4), ilike(5), inner(6), is(7), like(8), verbose(9), isnull(10), overlaps(11) FROM projects;
-- function-name keywords as labels
SELECT 1 AS authorization, 2 AS left, 3 AS join, 4 AS natural, 5 AS overlaps FROM projects;
-- function-name keywords as qualified columns
SELECT p.authorization, p.binary, p.is, p.join, p.isnull FROM projects p;
-- non-reserved keyword as a schema
SELECT 1 FROM system.projects, data.tasks d;
-- reserved word after a dot
SELECT 1 FROM public.user, public.order o, public.table, public.select;
-- a table called only in quotes
SELECT 1 FROM "only", "lateral", "rows", "select";
-- a table called rows
SELECT 1 FROM rows, rows r;
-- a table called recursive
SELECT 1 FROM recursive, temp, temporary, unlogged, nothing;
-- a column and table of one name
SELECT status.status FROM projects status;
-- alias set in an update
UPDATE projects AS set SET name = 'x' WHERE set.id = 1;
-- alias using in quotes
DELETE FROM projects "using" USING tasks WHERE tasks.project_id = "using".id;
-- alias called values in an insert
INSERT INTO projects AS values (name) VALUES ('x') RETURNING values.id;
-- alias called select in quotes
INSERT INTO projects AS "select" (name) SELECT title FROM tasks RETURNING "select".id;
-- update alias without AS
UPDATE projects p SET name = 'x' WHERE p.id = 1;
-- update alias that is a keyword
UPDATE projects value SET name = value.name || 'x';
-- delete alias without AS
DELETE FROM projects p WHERE p.id = 1;
-- delete alias that is a keyword
DELETE FROM projects returning_rows WHERE returning_rows.id = 1;
-- column called set, in SET
UPDATE projects SET set = 1, value = 2, "where" = 3;
-- column list of keywords
INSERT INTO projects (value, key, type, name, position, values, row, exists) VALUES (1, 2, 3, 4, 5, 6, 7, 8);
-- window called like a keyword
SELECT sum(id) OVER rows_of FROM projects WINDOW rows_of AS (PARTITION BY id);
-- labels: every AS_LABEL keyword with AS
SELECT 1 AS array, 1 AS as, 1 AS create, 1 AS day, 1 AS except, 1 AS fetch, 1 AS filter, 1 AS for, 1 AS grant, 1 AS having, 1 AS hour, 1 AS intersect, 1 AS into, 1 AS isnull, 1 AS limit, 1 AS minute, 1 AS notnull, 1 AS offset, 1 AS on, 1 AS order, 1 AS precision, 1 AS returning, 1 AS second, 1 AS to, 1 AS window, 1 AS without FROM projects;
-- labels: reserved keywords without AS
SELECT 1 analyse, 1 and, 1 any, 1 asc, 1 both, 1 cast, 1 check, 1 collate_, 1 column, 1 constraint, 1 default, 1 desc, 1 distinct, 1 do, 1 else, 1 false, 1 foreign, 1 in, 1 initially, 1 lateral FROM projects;
-- labels: more reserved keywords without AS
SELECT 1 leading, 1 not, 1 null, 1 only, 1 or, 1 placing, 1 primary, 1 references, 1 some, 1 symmetric, 1 table, 1 then, 1 trailing, 1 true, 1 unique, 1 using, 1 variadic, 1 when FROM projects;
