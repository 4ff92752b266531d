package query_test

import (
	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"

	"github.com/sigrahq/sigra/runtime/query"
)

var lawUpdates = []statement{
	{name: "update without where", sql: `UPDATE projects SET archived = NOT archived`},
	{name: "update with OR", sql: `UPDATE projects SET priority = 0 WHERE archived OR priority = 9`},
	{name: "update by a foreign id", sql: `UPDATE projects SET name = 'hijacked' WHERE id = $1`, args: []any{id("b1", 2)}},
	{name: "update with an alias", sql: `UPDATE projects AS p SET priority = p.priority + 1 WHERE p.archived`},
	{name: "update only", sql: `UPDATE ONLY projects SET priority = 1`},
	{name: "update with a schema", sql: `UPDATE app.notes SET body = 'x'`},
	{name: "update qualified columns of a qualified table", sql: `UPDATE public.projects SET priority = 1 WHERE public.projects.archived OR true`},
	{name: "update of another ownership column", sql: `UPDATE ledger SET amount = 0`},
	{name: "update of a partitioned table", sql: `UPDATE events SET kind = 'x' WHERE kind = 'created'`},
	{name: "update through a view", sql: `UPDATE open_tasks SET title = 'x' RETURNING title`},
	{name: "update, several columns", sql: `UPDATE projects SET (slug, priority) = ROW (slug || '-x', 1), archived = true`},
	{name: "update, several columns from a subquery", sql: `UPDATE projects SET (priority, budget) = (SELECT max(points), sum(points) FROM tasks)`},
	{name: "update from a scalar subquery", sql: `UPDATE projects p SET name = p.name || (SELECT count(*) FROM tasks t WHERE t.project_id = p.id)`},
	{name: "update, default", sql: `UPDATE projects SET priority = DEFAULT, (archived, tags) = (DEFAULT, DEFAULT)`},
	{name: "update, array element", sql: `UPDATE projects SET tags[1] = 'x'`},
	{name: "update, json subscript", sql: `UPDATE projects SET meta['k'] = '7'`},
	{name: "update from", sql: `UPDATE tasks SET title = p.name FROM projects p WHERE p.id = tasks.project_id`},
	{name: "update from, alias of the target", sql: `UPDATE tasks t SET title = p.name FROM projects p WHERE p.id = t.project_id OR p.slug = 'bravo'`},
	{name: "update from two", sql: `UPDATE comments c SET body = p.name FROM tasks t, projects p WHERE t.id = c.task_id AND p.id = t.project_id`},
	{name: "update from a join", sql: `UPDATE comments c SET body = p.name FROM tasks t JOIN projects p ON p.id = t.project_id WHERE t.id = c.task_id`},
	{name: "update from a left join", sql: `UPDATE comments c SET body = coalesce(p.name, 'none') FROM tasks t LEFT JOIN projects p ON p.id = t.project_id WHERE t.id = c.task_id`},
	{name: "update from a full join", sql: `UPDATE handles h SET note = coalesce(p.name, t.title) FROM projects p FULL JOIN tasks t ON t.project_id = p.id WHERE t.title = 'stray' AND p.id IS NULL`},
	{name: "update from itself", sql: `UPDATE projects SET name = b.name || '!' FROM projects b WHERE b.id = projects.parent_id`},
	{name: "update from, names swapped", sql: `UPDATE projects AS tasks SET name = projects.title || tasks.slug FROM tasks AS projects WHERE projects.project_id = tasks.id AND projects.done`},
	{name: "update from a subquery", sql: `UPDATE projects p SET priority = x.n FROM (SELECT project_id, count(*) AS n FROM tasks GROUP BY project_id) x WHERE x.project_id = p.id`},
	{name: "update from a lateral", sql: `UPDATE handles h SET note = x.title FROM projects p, LATERAL (SELECT title FROM tasks t WHERE t.project_id = p.id ORDER BY title LIMIT 1) x WHERE p.slug = 'alpha'`},
	{name: "update from shared", sql: `UPDATE projects p SET name = p.name || u.name FROM users u WHERE u.id = p.owner_id`},
	{name: "update where exists", sql: `UPDATE projects p SET archived = true WHERE EXISTS (SELECT 1 FROM tasks t WHERE t.project_id = p.id AND t.done)`},
	{name: "update returning", sql: `UPDATE projects SET priority = priority * 2 RETURNING *`},
	{name: "update returning expressions", sql: `UPDATE projects p SET archived = false RETURNING p.id AS organization_id, (SELECT count(*) FROM tasks), p.name || 'x' AS from`},
	{name: "update from, returning star of both", sql: `UPDATE tasks t SET done = true FROM projects p WHERE p.id = t.project_id RETURNING t.title, p.*`},
	{name: "update with a parameter before and after", sql: `UPDATE projects SET name = name || $1 WHERE priority > $2 OR slug = $3`, args: []any{"!", 4, "alpha"}},
	{name: "update sets the organization to its own", sql: `UPDATE projects SET organization_id = $1, priority = 3`, args: []any{orgA}},
	{name: "update that breaks a key", sql: `UPDATE projects SET name = 'same'`, state: "23505"},
	{name: "update shared from owned", sql: `UPDATE users SET name = p.name FROM projects p WHERE p.owner_id = users.id AND p.priority IN (9, 7) AND p.slug <> 'alpha'`},
	{name: "update of the only comment with a trailing comment", sql: "UPDATE comments SET body = 'x' WHERE body = 'nice' -- AND false"},
}

var lawDeletes = []statement{
	{name: "delete without where", sql: `DELETE FROM tasks`},
	{name: "delete with OR", sql: `DELETE FROM tasks WHERE done OR points > 2`},
	{name: "delete by a foreign id", sql: `DELETE FROM tasks WHERE id = $1`, args: []any{id("b2", 2)}},
	{name: "delete with an alias", sql: `DELETE FROM tasks AS t WHERE t.done`},
	{name: "delete only", sql: `DELETE FROM ONLY tasks WHERE done`},
	{name: "delete using", sql: `DELETE FROM tasks USING projects p WHERE p.id = tasks.project_id`},
	{name: "delete using a join", sql: `DELETE FROM comments c USING tasks t JOIN projects p ON p.id = t.project_id WHERE t.id = c.task_id`},
	{name: "delete using a left join", sql: `DELETE FROM comments c USING tasks t LEFT JOIN projects p ON p.id = t.project_id WHERE t.points = 2 AND p.id IS NULL`},
	{name: "delete using itself", sql: `DELETE FROM projects p USING projects q WHERE q.parent_id = p.id`},
	{name: "delete using a full join", sql: `DELETE FROM handles USING projects p FULL JOIN tasks t ON t.project_id = p.id WHERE p.name IS NULL AND t.points = 2`},
	{name: "delete using a bare full join", sql: `DELETE FROM handles USING projects p FULL JOIN tasks t ON t.project_id = p.id`},
	{name: "delete using lateral", sql: `DELETE FROM handles h USING projects p, LATERAL (SELECT 1 FROM tasks t WHERE t.project_id = p.id) x WHERE p.slug = 'atlas'`},
	{name: "delete where in", sql: `DELETE FROM projects WHERE id IN (SELECT project_id FROM tasks)`},
	{name: "delete where not exists", sql: `DELETE FROM projects p WHERE NOT EXISTS (SELECT 1 FROM tasks t WHERE t.project_id = p.id)`},
	{name: "delete returning", sql: `DELETE FROM tasks WHERE done RETURNING *, (SELECT count(*) FROM projects)`},
	{name: "delete returning without where", sql: `DELETE FROM tasks RETURNING title`},
	{name: "delete of another ownership column", sql: `DELETE FROM ledger WHERE amount = 20`},
	{name: "delete from a partitioned table", sql: `DELETE FROM events`},
	{name: "delete through a view", sql: `DELETE FROM open_tasks`},
	{name: "delete with a schema", sql: `DELETE FROM app.projects USING projects p WHERE app.projects.id = p.id`},
	// As with joins, two relations of one name need an alias.
	{name: "delete with one name in two schemas", want: refused, err: query.ErrStatement, sql: `DELETE FROM app.projects USING projects WHERE app.projects.id = projects.id`},
	{name: "delete shared by owned", sql: `DELETE FROM users WHERE id NOT IN (SELECT owner_id FROM projects WHERE owner_id IS NOT NULL)`},
	{name: "delete with brackets", build: func(forOrg wrap) sqlbuilder.Builder {
		db := pg.NewDeleteBuilder().DeleteFrom("tasks").Using("projects p")
		return forOrg(db.Where("p.id = tasks.project_id", db.Or(db.EQ("tasks.done", true), db.GT("p.priority", 0))))
	}},
}

// pointerRow cannot be declared: its ownership column may be nil.
//
//sigra:allow test -- the ownership column is a pointer on purpose
type pointerRow struct {
	ID             uuid.UUID  `db:"id"`
	OrganizationID *uuid.UUID `db:"organization_id"`
	Slug           string     `db:"slug"`
	Name           string     `db:"name"`
}

var lawInserts = []statement{
	{name: "values", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'n', 'n')`, args: []any{id("a1", 9)}},
	{name: "values, several rows", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'm', $2), ($3, 'n', $4)`, args: []any{id("a1", 8), "m", id("a1", 9), "n"}},
	{name: "values with an expression and default", sql: `INSERT INTO projects (id, slug, name, priority) VALUES ($1, lower('N'), 'n' || 1, DEFAULT)`, args: []any{id("a1", 9)}},
	{name: "values with a subquery", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'n', (SELECT max(name) || '!' FROM projects))`, args: []any{id("a1", 9)}},
	{name: "values with a subquery in a list of rows", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'm', 'm'), ($2, 'n', (SELECT max(name) || '!' FROM projects))`, args: []any{id("a1", 8), id("a1", 9)}},
	{name: "own organization as a parameter", sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'n', (SELECT max(name) || '!' FROM projects))`, args: []any{id("a1", 9), orgA}},
	{name: "own organization in every row", sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'm', 'm'), ($3, $4, 'n', 'n')`, args: []any{id("a1", 8), orgA, id("a1", 9), orgA}, blunt: true},
	{name: "own organization, the same parameter twice", sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'm', 'm'), ($3, $2, 'n', 'n')`, args: []any{id("a1", 8), orgA, id("a1", 9)}, blunt: true},
	{name: "own organization as text", sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'n', 'n')`, args: []any{id("a1", 9), orgA.String()}, blunt: true},
	{name: "own organization with a cast", sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2::uuid, 'n', 'n')`, args: []any{id("a1", 9), orgA}, blunt: true},
	{name: "own organization as a pointer", build: func(forOrg wrap) sqlbuilder.Builder {
		own := orgA
		return forOrg(sqlbuilder.NewStruct(new(pointerRow)).For(pg).InsertInto("projects", pointerRow{ID: id("a1", 9), OrganizationID: &own, Slug: "n", Name: "n"}))
	}, blunt: true},
	{name: "zero organization", sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'n', 'n')`, args: []any{id("a1", 9), uuid.Nil}},
	{name: "nil organization", sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'n', 'n')`, args: []any{id("a1", 9), nil}},
	{name: "nil pointer to an organization", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(sqlbuilder.NewStruct(new(pointerRow)).For(pg).InsertInto("projects", pointerRow{ID: id("a1", 9), Slug: "n", Name: "n"}))
	}},
	{name: "ownership column first and in quotes", sql: `INSERT INTO projects ("organization_id", id, slug, name) VALUES ($1, $2, 'n', 'n') RETURNING organization_id`, args: []any{uuid.Nil, id("a1", 9)}},
	{name: "other ownership column absent", sql: `INSERT INTO ledger (id, amount) VALUES (9, 5) RETURNING *`},
	{name: "other ownership column nil", sql: `INSERT INTO ledger (id, tenant_id, amount) VALUES (9, $1, 5) RETURNING *`, args: []any{nil}},
	{name: "partitioned", sql: `INSERT INTO events (id, kind, at) VALUES (9, 'x', '2026-01-01 00:00+00') RETURNING *`},
	{name: "schema-qualified", sql: `INSERT INTO app.notes (id, body) VALUES ($1, 'x') RETURNING *`, args: []any{id("a6", 9)}},
	{name: "alias", sql: `INSERT INTO projects AS p (id, slug, name) VALUES ($1, 'n', 'n') RETURNING p.*`, args: []any{id("a1", 9)}},
	{name: "column in brackets", sql: `INSERT INTO projects (id, slug, name, tags[1]) VALUES ($1, 'n', 'n', 'x') RETURNING *`, args: []any{id("a1", 9)}},
	{name: "returning a subquery", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'n', 'n') RETURNING (SELECT count(*) FROM projects)`, args: []any{id("a1", 9)}},
	{name: "select", sql: `INSERT INTO tasks (id, title) SELECT md5(id::text)::uuid, name FROM projects`},
	{name: "select with where and limit", sql: `INSERT INTO tasks (id, title) SELECT md5(id::text)::uuid, name FROM projects WHERE archived OR true ORDER BY name LIMIT 2`},
	{name: "select distinct", sql: `INSERT INTO tasks (id, title, done) SELECT DISTINCT md5(archived::text)::uuid, 'x', archived FROM projects WHERE priority > 10 OR archived`},
	{name: "select distinct on", sql: `INSERT INTO tasks (id, title) SELECT DISTINCT ON (archived) md5(id::text)::uuid, name FROM projects ORDER BY archived, name DESC`},
	{name: "select group by", sql: `INSERT INTO tasks (id, title, points) SELECT md5(archived::text)::uuid, 'x', count(*) FROM projects GROUP BY archived`},
	{name: "select star of a subquery", sql: `INSERT INTO tasks (id, title) SELECT x.* FROM (SELECT md5(id::text)::uuid, name FROM projects) x`},
	{name: "select with the ownership column", sql: `INSERT INTO tasks (id, organization_id, title) SELECT md5(id::text)::uuid, $1, name FROM projects`, args: []any{orgA}},
	{name: "select with a cast ownership column", sql: `INSERT INTO tasks (id, organization_id, title) SELECT md5(id::text)::uuid, $1::uuid, name FROM projects`, args: []any{orgA}},
	{name: "select of constants", sql: `INSERT INTO tasks (id, title) SELECT $1::uuid, 'x' RETURNING organization_id`, args: []any{id("a2", 9)}},
	{name: "select in brackets", sql: `INSERT INTO tasks (id, title) (SELECT md5(id::text)::uuid, name FROM projects)`},
	{name: "select union", sql: `INSERT INTO tasks (id, title) SELECT md5(id::text)::uuid, name FROM projects UNION ALL SELECT md5(id::text || 'x')::uuid, title FROM tasks`},
	{name: "select union with order", sql: `INSERT INTO tasks (id, title) (SELECT md5(id::text)::uuid, name FROM projects) UNION (SELECT md5(id::text || 'x')::uuid, title FROM tasks) ORDER BY 2 LIMIT 3`},
	{name: "select full join", sql: `INSERT INTO tasks (id, title) SELECT md5(concat(p.id, t.id))::uuid, coalesce(p.name, t.title) FROM projects p FULL JOIN tasks t ON t.project_id = p.id`},
	{name: "select from the target", sql: `INSERT INTO tasks (id, project_id, title) SELECT md5(id::text)::uuid, project_id, title || ' copy' FROM tasks RETURNING *`},
	{name: "select for share", sql: `INSERT INTO tasks (id, title) SELECT md5(id::text)::uuid, name FROM projects FOR SHARE`},
	{name: "values list behind order", sql: `INSERT INTO tasks (id, title) VALUES ($1::uuid, 'b'), ($2::uuid, 'a') ORDER BY 2 LIMIT 1`, args: []any{id("a2", 8), id("a2", 9)}},
	{name: "overriding", sql: `INSERT INTO tasks (id, title) OVERRIDING USER VALUE VALUES ($1, 'x')`, args: []any{id("a2", 9)}},
	{name: "into shared from owned", sql: `INSERT INTO users (id, email, name) SELECT md5(name)::uuid, name, name FROM projects`},
	{name: "do nothing", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'alpha', 'n') ON CONFLICT DO NOTHING RETURNING id`, args: []any{id("a1", 9)}},
	{name: "do nothing on columns", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'alpha', 'n'), ($2, 'fresh', 'fresh') ON CONFLICT (organization_id, slug) DO NOTHING RETURNING id`, args: []any{id("a1", 8), id("a1", 9)}},
	{name: "do update", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'alpha', 'renamed') ON CONFLICT (organization_id, slug) DO UPDATE SET name = excluded.name, priority = projects.priority + 1 RETURNING *`, args: []any{id("a1", 9)}},
	{name: "do update with where", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'alpha', 'renamed') ON CONFLICT (organization_id, slug) DO UPDATE SET name = excluded.name WHERE projects.archived OR excluded.priority = 0 RETURNING *`, args: []any{id("a1", 9)}},
	{name: "do update that does not happen", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'alpha', 'renamed') ON CONFLICT (organization_id, slug) DO UPDATE SET name = excluded.name WHERE projects.archived RETURNING *`, args: []any{id("a1", 9)}},
	{name: "do update on a constraint", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'alpha', 'renamed') ON CONFLICT ON CONSTRAINT projects_slug_key DO UPDATE SET (name, priority) = (excluded.name, 7)`, args: []any{id("a1", 9)}},
	{name: "do update with an alias", sql: `INSERT INTO projects AS p (id, slug, name) VALUES ($1, 'alpha', 'renamed') ON CONFLICT (organization_id, slug) DO UPDATE SET name = p.name || excluded.name RETURNING p.name`, args: []any{id("a1", 9)}},
	{name: "do update from a subquery", sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'alpha', 'n') ON CONFLICT (organization_id, slug) DO UPDATE SET name = (SELECT max(name) || '!' FROM projects) RETURNING name`, args: []any{id("a1", 9)}},
	{name: "do update from select", sql: `INSERT INTO handles (id, handle, note) SELECT id, slug, name FROM projects WHERE slug <> 'alpha' ON CONFLICT (id) DO UPDATE SET note = excluded.note`},
	{name: "do update on the primary key of a foreign row", want: contained, sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'x', 'hijacked') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING *`, args: []any{id("b1", 2)}},
	{name: "do nothing on the primary key of a foreign row", want: contained, sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'x', 'x') ON CONFLICT (id) DO NOTHING RETURNING *`, args: []any{id("b1", 2)}},
	{name: "primary key of a foreign row", want: contained, sql: `INSERT INTO projects (id, slug, name) VALUES ($1, 'x', 'x')`, args: []any{id("b1", 2)}, state: "23505"},
	{name: "do update with comments", sql: "INSERT INTO projects (id, slug, name) VALUES ($1, 'alpha', 'renamed') -- new\nON CONFLICT (organization_id, slug) /* known */ DO UPDATE SET name = excluded.name -- end", args: []any{id("a1", 9)}},
	{name: "builder, several rows", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewInsertBuilder().InsertInto("tasks").Cols("id", "title", "points").
			Values(id("a2", 8), "x", 1).Values(id("a2", 9), "y", 2).Returning("id", "organization_id"))
	}},
	{name: "table helper", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(projects.InsertInto(project{ID: id("a1", 9), Slug: "n", Name: "n"}))
	}},
	{name: "table helper, update", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(projects.Update(project{ID: id("b1", 1), OrganizationID: orgB, Slug: "s", Name: "one name"}).Where("slug = 'alpha'"))
	}},
	{name: "table helper, select", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(tasks.SelectFrom())
	}},
	{name: "table helper, delete", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(comments.DeleteFrom())
	}},
	{name: "default values", sql: `INSERT INTO tasks DEFAULT VALUES`, state: "23502"},
	{name: "no column list", want: refused, err: query.ErrStatement, sql: `INSERT INTO tasks SELECT * FROM tasks`},
	{name: "foreign organization", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'n', 'n')`, args: []any{id("a1", 9), orgB}},
	{name: "foreign organization as text", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'n', 'n')`, args: []any{id("a1", 9), orgB.String()}},
	{name: "foreign organization as a pointer", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'n', 'n')`, args: []any{id("a1", 9), &orgB}},
	{name: "foreign organization as bytes", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'n', 'n')`, args: []any{id("a1", 9), [16]byte(orgB)}},
	{name: "foreign organization in the last row", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, $2, 'm', 'm'), ($3, $4, 'n', 'n')`, args: []any{id("a1", 8), orgA, id("a1", 9), orgB}},
	{name: "foreign organization in a select", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO tasks (id, organization_id, title) SELECT md5(id::text)::uuid, $1, name FROM projects`, args: []any{orgB}},
	{name: "foreign organization in a WITH query", want: refused, err: query.ErrForeignOrg, sql: `WITH x AS (INSERT INTO tasks (id, organization_id, title) VALUES ($1, $2, 'x') RETURNING id) SELECT id FROM x`, args: []any{id("a2", 9), orgB}},
	{name: "foreign organization of another ownership column", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO ledger (id, tenant_id, amount) VALUES (9, $1, 5)`, args: []any{orgB}},
	// What a literal or an expression names is not known before it runs; a parameter is.
	{name: "organization from a literal", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, 'b0000000-0000-4000-8000-000000000000', 'n', 'n')`, args: []any{id("a1", 9)}},
	{name: "organization from a subquery", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, (SELECT id FROM users LIMIT 1), 'n', 'n')`, args: []any{id("a1", 9)}},
	{name: "organization from a select's column", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO tasks (id, organization_id, title) SELECT md5(id::text)::uuid, parent_id, name FROM projects`},
	{name: "organization from a derived table's column", sql: `INSERT INTO tasks (id, organization_id, title) SELECT md5(x.id::text)::uuid, x.organization_id, x.name FROM (SELECT * FROM projects WHERE archived) x`},
	{name: "organization from deleted rows", sql: `WITH gone AS (DELETE FROM tasks WHERE done RETURNING *) INSERT INTO comments (id, organization_id, body) SELECT id, organization_id, title FROM gone RETURNING *`},
	{name: "organization from updated rows under another label", sql: `WITH moved (key, owner) AS (UPDATE projects p SET priority = 1 FROM users u WHERE u.id = p.owner_id RETURNING p.id, p.organization_id AS of) INSERT INTO comments (id, organization_id, body) SELECT md5(m.key::text)::uuid, m.owner, 'x' FROM moved m JOIN projects ON projects.id = m.key`},
	{name: "organization from a union of columns", sql: `INSERT INTO comments (organization_id, id, body) SELECT s.o, md5(s.name)::uuid, s.name FROM (SELECT name, organization_id AS o FROM projects UNION SELECT title, organization_id FROM tasks) s`},
	{name: "organization of another label", want: refused, err: query.ErrForeignOrg, sql: `INSERT INTO comments (organization_id, id, body) SELECT organization_id, id, name FROM (SELECT parent_id AS organization_id, id, name FROM projects) s`},
	{name: "organization by a default", sql: `INSERT INTO projects (id, organization_id, slug, name) VALUES ($1, DEFAULT, 'n', 'n')`, args: []any{id("a1", 9)}},
}
