package query_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

// brokenBuilder panics, as go-sqlbuilder's builders do when they hold a nil builder.
type brokenBuilder struct{}

func (brokenBuilder) Build() (string, []any)                                    { panic("broken") }
func (brokenBuilder) BuildWithFlavor(sqlbuilder.Flavor, ...any) (string, []any) { panic("broken") }
func (brokenBuilder) Flavor() sqlbuilder.Flavor                                 { return sqlbuilder.PostgreSQL }

func mustScope(t *testing.T, build func() (*scope.Scope, error)) *scope.Scope {
	t.Helper()
	sc, err := build()
	if err != nil {
		t.Fatalf("build a scope: %v", err)
	}
	return sc
}

// badInput is one thing that a caller can get wrong.
type badInput struct {
	name   string
	scoped *query.Scoped
	err    error
	early  bool     // Err knows it already, before anything is rendered
	table  string   // of the *query.Error
	column string   // of the *query.Error
	offset int      // of the *query.Error, -1 where there is no place in a text
	says   []string // the thing, and the remedy
}

//sigra:allow test -- the statements are there to be refused
func badInputs(t *testing.T) []badInput {
	good := selectFrom("projects", "id")
	signedIn := mustScope(t, func() (*scope.Scope, error) { return scope.ForUser(id("c1", 1)) })
	text := func(text string, args ...any) *query.Scoped { return query.ForOrg(query.Text(text, args...), orgA) }
	var noBuilder *sqlbuilder.SelectBuilder
	nested := selectFrom("projects", "id")
	nested.Where(nested.In("id", noBuilder))

	return []badInput{
		{name: "nil scope", scoped: query.ForOrg[*scope.Scope](good, nil), err: query.ErrNoOrganization, early: true, offset: -1, says: []string{"scope"}},
		{name: "zero scope", scoped: query.ForOrg(good, new(scope.Scope)), err: query.ErrNoOrganization, early: true, offset: -1, says: []string{"scope"}},
		{name: "scope without an organization", scoped: query.ForOrg(good, signedIn), err: scope.ErrNoOrganization, early: true, offset: -1, says: []string{"organization"}},
		{name: "zero id", scoped: query.ForOrg(good, uuid.Nil), err: query.ErrNilID, early: true, offset: -1, says: []string{"id"}},
		{name: "nil builder", scoped: query.ForOrg(nil, orgA), err: query.ErrNilBuilder, early: true, offset: -1, says: []string{"nil"}},
		{name: "typed nil builder", scoped: query.ForOrg(noBuilder, orgA), err: query.ErrNilBuilder, early: true, offset: -1, says: []string{"nil"}},
		{name: "nil Scoped", scoped: query.ForOrg((*query.Scoped)(nil), orgA), err: query.ErrNilBuilder, early: true, offset: -1, says: []string{"nil"}},
		{name: "MySQL flavor", scoped: query.ForOrg(sqlbuilder.MySQL.NewSelectBuilder().Select("id").From("projects"), orgA), err: query.ErrFlavor, early: true, offset: -1, says: []string{"MySQL", "PostgreSQL"}},
		{name: "SQLite flavor", scoped: query.ForOrg(sqlbuilder.SQLite.NewSelectBuilder().Select("id").From("projects"), orgA), err: query.ErrFlavor, early: true, offset: -1, says: []string{"SQLite", "PostgreSQL"}},
		{name: "builder that panics", scoped: query.ForOrg(brokenBuilder{}, orgA), err: query.ErrStatement, offset: -1, says: []string{"panic"}},
		{name: "builder that holds a nil builder", scoped: query.ForOrg(nested, orgA), err: query.ErrStatement, offset: -1, says: []string{"panic"}},
		{name: "undeclared table", scoped: text("SELECT entry FROM audit_log"), err: query.ErrUndeclared, table: "audit_log", offset: 18, says: []string{`"audit_log"`, "query.Declare", "query.Shared"}},
		{name: "undeclared table, deep", scoped: text("SELECT id FROM projects WHERE id IN (SELECT id FROM Audit_Log)"), err: query.ErrUndeclared, table: "audit_log", offset: 52, says: []string{`"audit_log"`, "query.Declare"}},
		{name: "undeclared schema", scoped: text("SELECT id FROM other.projects"), err: query.ErrUndeclared, table: "other.projects", offset: 15, says: []string{"other.projects", "query.Declare"}},
		{name: "shared table only", scoped: text("SELECT id FROM users"), err: query.ErrNotOrgOwned, table: "users", offset: 0, says: []string{"users", "Unscoped"}},
		{name: "foreign organization", scoped: text("INSERT INTO tasks (id, organization_id, title) VALUES ($1, $2, 'x')", id("a2", 9), orgB), err: query.ErrForeignOrg, table: "tasks", column: "organization_id", offset: 59, says: []string{`"organization_id"`, `"tasks"`}},
		{name: "moved row", scoped: text("UPDATE tasks SET title = 'x', organization_id = $1", orgB), err: query.ErrMoved, table: "tasks", column: "organization_id", offset: 30, says: []string{`"tasks"`, `"organization_id"`}},
		{name: "moved row of another column", scoped: text("UPDATE ledger SET tenant_id = $1", orgB), err: query.ErrMoved, table: "ledger", column: "tenant_id", offset: 18, says: []string{`"ledger"`, `"tenant_id"`}},
		{name: "text that does not parse", scoped: text("SELECT id FROM projects WHERE )"), err: query.ErrStatement, offset: 30, says: []string{")"}},
		{name: "empty text", scoped: text(""), err: query.ErrStatement, offset: 0, says: []string{"statement"}},
		{name: "two statements", scoped: text("SELECT id FROM projects; DELETE FROM tasks"), err: query.ErrStatement, offset: 25, says: []string{"statement"}},
		{name: "merge without a column list", scoped: text("MERGE INTO projects p USING tasks t ON true WHEN NOT MATCHED THEN INSERT VALUES (1)"), err: query.ErrStatement, table: "projects", column: "organization_id", offset: 80, says: []string{"projects", "no column list"}},
		{name: "function that runs SQL", scoped: text("SELECT query_to_xml('SELECT 1', true, false, '') FROM projects"), err: query.ErrStatement, offset: 7, says: []string{"query_to_xml", "Unscoped"}},
		{name: "missing argument", scoped: text("SELECT id FROM projects WHERE name = $1"), err: query.ErrStatement, offset: 37, says: []string{"$1"}},
		{name: "argument too many", scoped: text("SELECT id FROM projects WHERE name = $1", "a", "b"), err: query.ErrStatement, offset: -1, says: []string{"argument"}},
		{name: "nested in text of another organization", scoped: query.ForOrg(query.ForOrg(good, orgB), orgA), err: query.ErrForeignOrg, early: true, offset: -1, says: []string{"organization"}},
		{name: "one name in two schemas", scoped: text("SELECT label FROM public.projects, app.projects"), err: query.ErrStatement, table: "projects", column: "organization_id", offset: 35, says: []string{"projects", "alias"}},
	}
}

// TestBadInputIsRefused: the sentinel, the place, the remedy, and nothing on the wire, whichever way the statement would have gone.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestBadInputIsRefused(t *testing.T) {
	t.Parallel()
	sent := new(wire)
	conn := acquire(t, tracedPool(t, pgtest.Pool(t, liveSchema, seedA), sent))
	sent.n.Store(0)

	for _, bad := range badInputs(t) {
		t.Run(bad.name, func(t *testing.T) {
			_, _, err := bad.scoped.SQL()
			if !errors.Is(err, bad.err) {
				t.Fatalf("SQL: %v, want %v", err, bad.err)
			}
			if early := bad.scoped.Err(); (early != nil) != bad.early {
				t.Errorf("Err at the call: %v, want one: %t", early, bad.early)
			}
			checkError(t, err, bad)

			for way, err := range everyWay(t.Context(), conn, bad.scoped) {
				if !errors.Is(err, bad.err) {
					t.Errorf("%s: %v, want %v", way, err, bad.err)
				}
			}
			if n := sent.count(); n != 0 {
				t.Errorf("%d messages reached the server", n)
				sent.n.Store(0)
			}

			// The builder interface and pgx's rewriter have no other place for an error than the text and the query's error.
			if text, _ := bad.scoped.Build(); !isPoison(t, conn, text) {
				t.Errorf("Build gives %q, which PostgreSQL parses", text)
			}
			if text, _ := bad.scoped.BuildWithFlavor(sqlbuilder.PostgreSQL, 1, 2); !isPoison(t, conn, text) {
				t.Errorf("BuildWithFlavor gives %q, which PostgreSQL parses", text)
			}
			if _, err := conn.Exec(t.Context(), "", bad.scoped); !errors.Is(err, bad.err) {
				t.Errorf("as a rewriter: %v, want %v", err, bad.err)
			}
			sent.n.Store(0)
		})
	}
}

// everyWay runs a statement through each executor.
func everyWay(ctx context.Context, conn *pgx.Conn, st query.Statement) map[string]error {
	ways := map[string]error{}
	_, ways["All"] = query.All[uuid.UUID](ctx, conn, st)
	_, ways["One"] = query.One[uuid.UUID](ctx, conn, st)
	_, ways["Exec"] = query.Exec(ctx, conn, st)
	var batch pgx.Batch
	_, ways["Queue"] = query.Queue(&batch, st)
	if batch.Len() != 0 {
		ways["Queue"] = errors.New("the batch holds the refused statement")
	}
	return ways
}

func checkError(t *testing.T, err error, bad badInput) {
	t.Helper()
	refusal, ok := errors.AsType[*query.Error](err)
	if !ok {
		t.Fatalf("%v is no *query.Error", err)
	}
	if refusal.Table != bad.table || refusal.Column != bad.column || refusal.Offset != bad.offset {
		t.Errorf("%v\nis about table %q, column %q, byte %d; want %q, %q, %d",
			err, refusal.Table, refusal.Column, refusal.Offset, bad.table, bad.column, bad.offset)
	}
	message := err.Error()
	for _, word := range bad.says {
		if !strings.Contains(message, word) {
			t.Errorf("%q does not say %q", message, word)
		}
	}
	if !strings.HasPrefix(message, "query: ") || strings.HasSuffix(message, ".") || strings.Contains(message, "\n") {
		t.Errorf("%q is not one line of the form \"query: …\"", message)
	}
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestNilStatementsAreRefused(t *testing.T) {
	t.Parallel()
	sent := new(wire)
	conn := acquire(t, tracedPool(t, pgtest.Pool(t, liveSchema), sent))
	sent.n.Store(0)

	for name, st := range map[string]query.Statement{
		"nil":         nil,
		"nil Scoped":  (*query.Scoped)(nil),
		"nil Bypass":  (*query.Bypass)(nil),
		"zero Scoped": new(query.Scoped),
		"zero Bypass": new(query.Bypass),
		"no builder":  query.Unscoped(nil, "maintenance"),
		"typed nil":   query.Unscoped((*sqlbuilder.SelectBuilder)(nil), "maintenance"),
		"nested nil":  query.ForOrg((*query.Bypass)(nil), orgA),
	} {
		for way, err := range everyWay(t.Context(), conn, st) {
			if !errors.Is(err, query.ErrNilBuilder) {
				t.Errorf("%s through %s: %v, want %v", name, way, err, query.ErrNilBuilder)
			}
		}
	}
	if n := sent.count(); n != 0 {
		t.Errorf("%d messages reached the server", n)
	}
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestUnscopedWantsAReason(t *testing.T) {
	t.Parallel()
	sent := new(wire)
	conn := acquire(t, tracedPool(t, pgtest.Pool(t, liveSchema), sent))
	sent.n.Store(0)

	for _, reason := range []string{"", " ", "\t\n", "\u00a0"} {
		for way, err := range everyWay(t.Context(), conn, query.Unscoped(selectFrom("projects", "id"), reason)) {
			if !errors.Is(err, query.ErrReason) {
				t.Errorf("reason %q through %s: %v, want %v", reason, way, err, query.ErrReason)
			}
		}
	}
	mysql := query.Unscoped(sqlbuilder.MySQL.NewSelectBuilder().Select("id").From("projects"), "maintenance")
	if _, err := query.Exec(t.Context(), conn, mysql); !errors.Is(err, query.ErrFlavor) {
		t.Errorf("MySQL flavor: %v, want %v", err, query.ErrFlavor)
	}
	if n := sent.count(); n != 0 {
		t.Errorf("%d messages reached the server", n)
	}
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestRewriterStandsAlone(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	scoped := query.ForOrg(selectFrom("projects", "name"), orgA)

	for name, run := range map[string]func() (pgx.Rows, error){
		"text beside it":     func() (pgx.Rows, error) { return conn.Query(t.Context(), "SELECT name FROM projects", scoped) },
		"an argument behind": func() (pgx.Rows, error) { return conn.Query(t.Context(), "", scoped, 1) },
	} {
		rows, err := run()
		if err == nil {
			rows.Close()
			err = rows.Err()
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestOneWithoutRows(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	sb := selectFrom("projects", "name")
	_, err := query.One[string](t.Context(), conn, query.ForOrg(sb.Where(sb.EQ("id", id("b1", 2))), memberOfA(t)))
	for _, want := range []error{query.ErrNotFound, pgx.ErrNoRows, sql.ErrNoRows} {
		if !errors.Is(err, want) {
			t.Errorf("a foreign row: %v, want %v", err, want)
		}
	}
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestCopyForOrgRefuses(t *testing.T) {
	t.Parallel()
	sent := new(wire)
	conn := acquire(t, tracedPool(t, pgtest.Pool(t, liveSchema, seedA, seedB), sent))

	own := []any{id("a2", 9), orgA, "x"}
	for _, bad := range []struct {
		name    string
		run     func(rows pgx.CopyFromSource) (int64, error)
		rows    [][]any
		err     error
		started bool // the copy has to start before its rows can be looked at
	}{
		{name: "nil scope", err: query.ErrNoOrganization, rows: [][]any{own}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg[*scope.Scope](t.Context(), conn, nil, "tasks", []string{"id", "organization_id", "title"}, rows)
		}},
		{name: "zero id", err: query.ErrNilID, rows: [][]any{own}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg(t.Context(), conn, uuid.Nil, "tasks", []string{"id", "organization_id", "title"}, rows)
		}},
		{name: "undeclared", err: query.ErrUndeclared, rows: [][]any{{1}}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg(t.Context(), conn, orgA, "audit_log", []string{"id"}, rows)
		}},
		{name: "shared", err: query.ErrNotOrgOwned, rows: [][]any{{id("c1", 9)}}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg(t.Context(), conn, orgA, "users", []string{"id"}, rows)
		}},
		{name: "no table", err: query.ErrStatement, rows: [][]any{own}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg(t.Context(), conn, orgA, "", []string{"id"}, rows)
		}},
		{name: "a query for a table", err: query.ErrStatement, rows: [][]any{own}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg(t.Context(), conn, orgA, "tasks; DROP TABLE users", []string{"id"}, rows)
		}},
		{name: "column twice", err: query.ErrStatement, rows: [][]any{{id("a2", 9), orgA, orgB}}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg(t.Context(), conn, orgA, "tasks", []string{"id", "organization_id", "organization_id"}, rows)
		}},
		{name: "foreign row", err: query.ErrForeignOrg, started: true, rows: [][]any{own, {id("a2", 8), orgB, "y"}}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg(t.Context(), conn, orgA, "tasks", []string{"id", "organization_id", "title"}, rows)
		}},
		{name: "foreign row as text", err: query.ErrForeignOrg, started: true, rows: [][]any{{id("a2", 8), orgB.String(), "y"}}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg(t.Context(), conn, orgA, "tasks", []string{"id", "organization_id", "title"}, rows)
		}},
		{name: "foreign row of another column", err: query.ErrForeignOrg, started: true, rows: [][]any{{9, orgB, 1}}, run: func(rows pgx.CopyFromSource) (int64, error) {
			return query.CopyForOrg(t.Context(), conn, orgA, "ledger", []string{"id", "tenant_id", "amount"}, rows)
		}},
	} {
		t.Run(bad.name, func(t *testing.T) {
			sent.n.Store(0)
			n, err := bad.run(pgx.CopyFromRows(bad.rows))
			if !errors.Is(err, bad.err) || n != 0 {
				t.Errorf("%d rows, %v; want none and %v", n, err, bad.err)
			}
			if sent.count() != 0 && !bad.started {
				t.Errorf("%d messages reached the server", sent.count())
			}
			var left int
			if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM tasks WHERE id IN ($1, $2)", id("a2", 8), id("a2", 9)).Scan(&left); err != nil || left != 0 {
				t.Errorf("%d rows stayed, %v", left, err)
			}
		})
	}
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestCopyForOrgStamps(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	for name, copied := range map[string]struct {
		table   string
		columns []string
		rows    [][]any
	}{
		"column absent":        {"tasks", []string{"id", "title"}, [][]any{{id("a2", 8), "copied"}, {id("a2", 9), "copied"}}},
		"own, nil and zero":    {"public.tasks", []string{"organization_id", "id", "title"}, [][]any{{orgA, id("a2", 6), "copied"}, {nil, id("a2", 7), "copied"}, {uuid.Nil, uuid.New(), "copied"}}},
		"table in upper case":  {"TASKS", []string{"id", "title"}, [][]any{{uuid.New(), "copied"}}},
		"another column":       {"ledger", []string{"id", "amount"}, [][]any{{77, 1}}},
		"schema":               {"app.notes", []string{"id", "body"}, [][]any{{uuid.New(), "copied"}}},
		"partitioned, no rows": {"events", []string{"id", "kind", "at"}, nil},
	} {
		n, err := query.CopyForOrg(t.Context(), conn, memberOfA(t), copied.table, copied.columns, pgx.CopyFromRows(copied.rows))
		if err != nil || n != int64(len(copied.rows)) {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
	}
	var foreign int
	err := conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM tasks WHERE title = 'copied' AND organization_id <> $1)
		+ (SELECT count(*) FROM ledger WHERE id = 77 AND tenant_id <> $1) + (SELECT count(*) FROM app.notes WHERE body = 'copied' AND organization_id <> $1)`,
		orgA).Scan(&foreign)
	if err != nil || foreign != 0 {
		t.Errorf("%d copied rows belong to somebody else, %v", foreign, err)
	}
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestDeclareRefusesWhatCannotBeScoped(t *testing.T) {
	t.Parallel()
	type base struct {
		OrganizationID uuid.UUID `db:"organization_id"`
	}
	type shadowed struct {
		base
		OrganizationID string `db:"organization_id"`
	}
	type hidden struct {
		ID             uuid.UUID `db:"id"`
		organizationID uuid.UUID `db:"organization_id"`
	}
	type pointer struct {
		OrganizationID *uuid.UUID `db:"organization_id"`
	}
	type ignored struct {
		OrganizationID uuid.UUID `db:"-"`
	}
	_ = hidden{organizationID: orgA}.organizationID

	for name, test := range map[string]struct {
		declare func()
		says    []string
	}{
		"no ownership column": {func() { query.Declare[struct{ ID uuid.UUID }]("bad_1") }, []string{"bad_1", "organization_id"}},
		"no struct":           {func() { query.Declare[int]("bad_2") }, []string{"bad_2", "struct"}},
		"text for an id": {func() {
			query.Declare[struct {
				OrganizationID string `db:"organization_id"`
			}]("bad_3")
		}, []string{"bad_3", "uuid.UUID"}},
		"pointer to an id":         {func() { query.Declare[pointer]("bad_4") }, []string{"bad_4", "uuid.UUID"}},
		"unexported":               {func() { query.Declare[hidden]("bad_5") }, []string{"bad_5", "organization_id"}},
		"left out":                 {func() { query.Declare[ignored]("bad_6") }, []string{"bad_6", "organization_id"}},
		"shadowed":                 {func() { query.Declare[shadowed]("bad_7") }, []string{"bad_7", "organization_id"}},
		"column that is not there": {func() { query.Declare[project]("bad_8", query.Column("tenant_id")) }, []string{"bad_8", "tenant_id"}},
		"empty column":             {func() { query.Declare[project]("bad_9", query.Column("")) }, []string{"bad_9"}},
		"empty name":               {func() { query.Declare[project]("") }, []string{"name"}},
		"name with a blank":        {func() { query.Declare[project]("bad 10") }, []string{"bad 10"}},
		"name with three parts":    {func() { query.Declare[project]("a.b.c") }, []string{"a.b.c"}},
		"two names":                {func() { query.Declare[project]("a, b") }, []string{"a, b"}},
		"a statement":              {func() { query.Declare[project]("a; DROP TABLE b") }, []string{"DROP"}},
		"another ownership column": {func() { query.Declare[ledgerEntry]("projects", query.Column("tenant_id")) }, []string{"projects", "tenant_id", "organization_id", "live_schema_test.go"}},
		"owned and shared":         {func() { query.Shared("projects") }, []string{"projects", "live_schema_test.go", "badinput_test.go"}},
		"shared and owned":         {func() { query.Owned("users") }, []string{"users", "live_schema_test.go", "badinput_test.go"}},
		"shared and declared":      {func() { query.Declare[project]("users") }, []string{"users", "live_schema_test.go", "badinput_test.go"}},
		"shared, with its schema":  {func() { query.Owned("public.users") }, []string{"users", "live_schema_test.go"}},
		"shared, in other letters": {func() { query.Owned("USERS") }, []string{"users", "live_schema_test.go"}},
		"shared, quoted":           {func() { query.Owned(`"users"`) }, []string{"users", "live_schema_test.go"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				message := fmt.Sprint(recover())
				for _, word := range append(test.says, "query: ") {
					if !strings.Contains(message, word) {
						t.Errorf("panic %q does not say %q", message, word)
					}
				}
			}()
			test.declare()
		})
	}
}

// TestHostileTextIsRefusedQuickly bounds the work, not the time: a reader that goes quadratic runs into the test's deadline.
//
//sigra:allow test -- the statements are there to be refused
func TestHostileTextIsRefusedQuickly(t *testing.T) {
	t.Parallel()
	for _, s := range lawRefusals {
		if !strings.HasPrefix(s.name, "many ") {
			continue
		}
		done := make(chan error, 1)
		go func() {
			_, _, err := query.ForOrg(query.Text(s.sql), orgA).SQL()
			done <- err
		}()
		select {
		case err := <-done:
			if !errors.Is(err, query.ErrStatement) {
				t.Errorf("%s: %v, want %v", s.name, err, query.ErrStatement)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%s: still reading after 30 seconds", s.name)
		}
	}
}

var _ query.Execer = execer(nil)

// execer lets a function stand for a connection.
type execer func(sql string) (pgconn.CommandTag, error)

func (f execer) Exec(_ context.Context, sql string, _ ...any) (pgconn.CommandTag, error) {
	return f(sql)
}

// A refused statement does not reach a connection of any kind, not even one that takes empty text.
func TestRefusedStatementReachesNoConnection(t *testing.T) {
	t.Parallel()
	db := execer(func(sql string) (pgconn.CommandTag, error) {
		t.Errorf("sent %q", sql)
		return pgconn.CommandTag{}, nil
	})
	for _, bad := range badInputs(t) {
		if _, err := query.Exec(t.Context(), db, bad.scoped); err == nil {
			t.Errorf("%s: no error", bad.name)
		}
	}
}
