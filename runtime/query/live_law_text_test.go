package query_test

import (
	"strings"

	"github.com/huandu/go-sqlbuilder"

	"github.com/sigrahq/sigra/runtime/query"
)

// lawText is about how the text is cut into words.
var lawText = []statement{
	{name: "line comment", sql: "SELECT name -- FROM tasks\nFROM projects"},
	{name: "line comment at the end without newline", sql: "SELECT name FROM projects WHERE archived -- OR true"},
	{name: "line comment at the end without where", sql: "SELECT name FROM projects --"},
	{name: "line comment ends at a carriage return", sql: "SELECT name FROM projects -- x\r, tasks"},
	{name: "block comment", sql: "SELECT/* FROM tasks */name/**/FROM/* */projects"},
	{name: "nested block comment", sql: "SELECT name FROM projects /* a /* b */ WHERE organization_id = 1 */ WHERE archived OR true"},
	{name: "comment between alias and column", sql: "SELECT p /* x */ . /* y */ name FROM projects p"},
	{name: "comment after a join's ON", sql: "SELECT p.name, t.title FROM projects p LEFT JOIN tasks t ON t.project_id = p.id -- all\nWHERE true -- more"},
	{name: "comment marks inside a string", sql: "SELECT '/* -- ' || name FROM projects WHERE name <> '*/'"},
	{name: "quote inside a comment", sql: "SELECT name FROM projects /* it's */ WHERE archived OR true -- it's"},
	{name: "comment holds a parameter", sql: "SELECT name FROM projects /* $1 */ WHERE priority > $1", args: []any{1}},
	{name: "string holds SQL", sql: "SELECT 'x'' FROM tasks; DELETE FROM tasks --' FROM projects"},
	{name: "escape string holds SQL", sql: `SELECT E'it\'s FROM tasks \\', name FROM projects`},
	{name: "escape string, lower case prefix", sql: `SELECT e'a\'b' || name FROM projects`},
	{name: "string goes on over a newline", sql: "SELECT 'a'\n'b' || name FROM projects"},
	{name: "escape string goes on over a newline", sql: "SELECT E'a'\n'\\' FROM tasks --' || name FROM projects"},
	{name: "unicode string", sql: `SELECT U&'\0041 FROM tasks' || name FROM projects`},
	{name: "unicode string with its own escape", sql: `SELECT U&'!0041' UESCAPE '!' || name FROM projects`},
	{name: "unicode name", sql: `SELECT name FROM U&"proj\0065cts"`},
	{name: "unicode name with its own escape", sql: `SELECT u&"!0070" UESCAPE '!'.U&"na!+00006De" uescape '!' FROM projects p -- UESCAPE '?'`},
	{name: "bit string and national string", sql: `SELECT B'101', X'1F', N'x', name FROM projects`},
	{name: "dollar quote", sql: "SELECT $$ FROM tasks ' -- $$ || name FROM projects"},
	{name: "dollar quote with a tag", sql: "SELECT $q$ $$ ' $1 $Q$ $q$ || name FROM projects"},
	{name: "dollar inside a name is no quote", sql: "SELECT a$b$.name FROM projects a$b$ WHERE a$b$.archived OR true"},
	{name: "parameter next to a word", want: refused, err: query.ErrStatement, sql: "SELECT name FROM projects WHERE priority>$1OR archived", args: []any{5}},
	{name: "parameter next to an operator", sql: "SELECT name FROM projects WHERE priority>$1::int+$2", args: []any{1, 1}},
	{name: "minus minus is a comment, minus blank minus is not", sql: "SELECT priority - -1 FROM projects"},
	{name: "operator runs into a comment", sql: "SELECT priority *-- FROM tasks\n2 FROM projects"},
	{name: "operator runs into a block comment", sql: "SELECT priority +/* FROM tasks */2 FROM projects"},
	{name: "numbers", sql: "SELECT 1.5e3, .5, 1., 1e-3, priority FROM projects"},
	{name: "range dots", sql: "SELECT tags[1 : 2] FROM projects"},
	{name: "quoted names", sql: `SELECT "projects"."name" FROM "public"."projects"`},
	{name: "names fold to lower case", sql: `SELECT Projects.NAME FROM PROJECTS WHERE pRoJeCtS.Archived OR TRUE`},
	{name: "keywords in mixed case", sql: `SeLeCt name fRoM projects wHeRe archived oR true oRdEr bY name`, ordered: true},
	{name: "blanks of every kind", sql: "SELECT\tname\fFROM\r\nprojects\r\tWHERE\n\narchived\tOR\ftrue"},
	{name: "semicolon at the end", sql: `SELECT name FROM projects;`},
	{name: "semicolon and comment at the end", sql: "SELECT name FROM projects WHERE archived OR true ; -- done"},
	{name: "leading comment and blanks", sql: "\n /* list */ -- x\n SELECT name FROM projects"},
	{name: "long text", sql: "SELECT name FROM projects WHERE priority IN (" + strings.Repeat("5, ", 3000) + "9)"},
	{name: "long alias", sql: "SELECT " + strings.Repeat("p", 63) + ".name FROM projects " + strings.Repeat("p", 63)},
	{name: "deep brackets", sql: "SELECT name FROM projects WHERE " + strings.Repeat("(", 40) + "archived OR true" + strings.Repeat(")", 40)},
	{name: "letters outside ASCII", sql: `SELECT name AS "größe", 'ſelect — ' || slug AS ﬁeld FROM projects`},
	{name: "keywords as aliases", sql: `SELECT over.name, filter.title, values.body FROM projects over, tasks AS filter, comments values WHERE filter.project_id = over.id AND values.task_id = filter.id`},
	{name: "more keywords as aliases", sql: `SELECT set.name, update.title, share.body FROM projects set JOIN tasks update ON update.project_id = set.id LEFT JOIN comments share ON share.task_id = update.id`},
	{name: "keywords as columns", sql: `SELECT x.from, x.where FROM (SELECT name AS from, slug AS where FROM projects) x`},
	{name: "question marks are operators", sql: `SELECT name FROM projects WHERE meta ? 's' AND meta ->> 's' <> '?'`},
	{name: "at signs and colons", sql: `SELECT '@name :x'::text || name FROM projects WHERE meta @> '{}'::jsonb`},
	{name: "backslash inside a plain string", sql: `SELECT 'a\b' || name FROM projects`},
}

var lawRelations = []statement{
	{name: "odd names", sql: `SELECT "select" FROM "Odd Table"`},
	{name: "odd names, alias", sql: `SELECT o."select", "O O"."Org Id" FROM "Odd Table" o, "Odd Table" AS "O O"`},
	{name: "odd names, left join", sql: `SELECT p.name, o."select" FROM projects p LEFT JOIN "Odd Table" o ON o.id > p.priority`},
	{name: "odd names, full join", sql: `SELECT "Odd Table"."select", l.amount FROM "Odd Table" FULL JOIN ledger l USING (id)`},
	{name: "odd names, update", sql: `UPDATE "Odd Table" SET "select" = 'x'`},
	{name: "odd names, delete", sql: `DELETE FROM "Odd Table" USING ledger WHERE ledger.id = "Odd Table".id OR ledger.amount > 50`},
	{name: "odd names, insert", sql: `INSERT INTO "Odd Table" (id, "select") VALUES (7, 'x') RETURNING *`},
	{name: "odd names, insert select", sql: `INSERT INTO "Odd Table" (id, "select") SELECT id + 20, "select" FROM "Odd Table" RETURNING *`},
	{name: "odd names, do update", want: contained, sql: `INSERT INTO "Odd Table" (id) VALUES (11) ON CONFLICT (id) DO UPDATE SET "select" = 'x'`},
	{name: "odd names, moved", want: refused, err: query.ErrMoved, sql: `UPDATE "Odd Table" SET "Org Id" = $1`, args: []any{orgB}},
	{name: "odd names, foreign", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO "Odd Table" ("Org Id", id) VALUES ($1, 7)`, args: []any{orgB}},
	{name: "odd names, table helpers", build: func(forOrg wrap) sqlbuilder.Builder { return forOrg(oddities.SelectFrom()) }},
	{name: "odd names, insert helper", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(oddities.InsertInto(oddity{ID: 7, Select: "x"}))
	}},
	{name: "odd names, update helper", build: func(forOrg wrap) sqlbuilder.Builder { return forOrg(oddities.Update(oddity{Select: "x"})) }},
	{name: "odd names, delete helper", build: func(forOrg wrap) sqlbuilder.Builder { return forOrg(oddities.DeleteFrom()) }},
	{name: "shared only inside a subquery of an owned one", sql: `SELECT name FROM projects WHERE owner_id = (SELECT id FROM users WHERE name = 'Ada')`},
	{name: "owned only in a subquery of a shared one", sql: `SELECT name FROM users WHERE id = (SELECT owner_id FROM projects WHERE owner_id IS NOT NULL ORDER BY name DESC LIMIT 1) OR id = (SELECT owner_id FROM projects WHERE priority = 7)`},
	{name: "owned only in a constant select", sql: `SELECT 1 WHERE EXISTS (SELECT 1 FROM projects WHERE priority = 100)`},
	{name: "no from, where on a subquery", sql: `SELECT 'x' WHERE (SELECT count(*) FROM projects) > 5`},
	{name: "every table at once", sql: `SELECT p.name, t.title, c.body, h.handle, e.kind, l.amount, n.body, o.title FROM projects p, tasks t, comments c, handles h, events e, ledger l, app.notes n, open_tasks o WHERE t.project_id = p.id AND c.task_id = t.id`},
	{name: "view joined with its table", sql: `SELECT o.title, t.points FROM open_tasks o JOIN tasks t USING (id)`},
	{name: "view in an outer join", sql: `SELECT p.name, o.title FROM projects p LEFT JOIN open_tasks o ON o.project_id = p.id`},
	{name: "view in a full join", sql: `SELECT p.name, o.title FROM projects p FULL JOIN open_tasks o ON o.project_id = p.id`},
	{name: "partitioned in a full join", sql: `SELECT e.kind, l.amount FROM events e FULL JOIN ledger l ON l.id = e.id`},
	{name: "partitioned, locked", sql: `SELECT kind FROM events WHERE kind = 'created' FOR UPDATE`},
	{name: "other ownership column, aliased", sql: `SELECT sum(l.amount) FROM ledger AS l WHERE l.amount > 5 OR l.id = 1`},
	{name: "other ownership column in exists", sql: `SELECT name FROM users WHERE EXISTS (SELECT 1 FROM ledger WHERE amount = 1000)`},
}
