package query_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/query"
)

// Two organizations may render statements over one slice of arguments: neither may write into the other's.
func TestArgumentsAreNotShared(t *testing.T) {
	t.Parallel()
	shared := append(make([]any, 0, 8), 1)
	const text = "SELECT name FROM projects WHERE priority > $1"

	_, argsA, err := query.ForOrg(query.Text(text, shared...), orgA).SQL()
	if err != nil {
		t.Fatal(err)
	}
	_, argsB, err := query.ForOrg(query.Text(text, shared...), orgB).SQL()
	if err != nil {
		t.Fatal(err)
	}
	if argsA[1] != any(orgA) || argsB[1] != any(orgB) {
		t.Errorf("arguments of A %v and of B %v", argsA, argsB)
	}
	if beyond := shared[:2][1]; beyond != nil {
		t.Errorf("the caller's slice was written to: %v", beyond)
	}
}

// One statement, many goroutines, two organizations: each rendering is its own.
func TestRendersOfOneTextFromManyGoroutines(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for n := range 200 {
				owner := []uuid.UUID{orgA, orgB}[(i+n)%2]
				text := fmt.Sprintf("SELECT name FROM projects WHERE priority > $1 -- %d", n%7)
				sql, args, err := query.ForOrg(query.Text(text, n), owner).SQL()
				if err != nil || len(args) != 2 || args[0] != any(n) || args[1] != any(owner) || !strings.Contains(sql, "organization_id = $2") {
					t.Errorf("for %s: %s %v %v", owner, sql, args, err)
				}
			}
		})
	}
	group.Wait()
}

// The memory of plans is keyed by text: what was allowed for one origin or one argument must not be allowed for the next.
func TestPlanOfATextIsNoPassForItsArguments(t *testing.T) {
	t.Parallel()
	t.Run("foreign after own", func(t *testing.T) {
		t.Parallel()
		const text = "INSERT INTO tasks (id, organization_id, title) VALUES ($1, $2, 'plan of a text')"
		insert := func(owner uuid.UUID, value any) error {
			_, _, err := query.ForOrg(query.Text(text, id("a2", 9), value), owner).SQL()
			return err
		}
		for _, step := range []struct {
			owner uuid.UUID
			value any
			want  error
		}{
			{orgA, orgA, nil}, {orgA, orgB, query.ErrForeignOrg}, {orgB, orgB, nil}, {orgB, orgA, query.ErrForeignOrg},
			{orgA, nil, nil}, {orgA, orgB, query.ErrForeignOrg}, {orgA, uuid.Nil, nil}, {orgA, orgB.String(), query.ErrForeignOrg},
		} {
			if err := insert(step.owner, step.value); !errors.Is(err, step.want) {
				t.Errorf("for %s with %v: %v, want %v", step.owner, step.value, err, step.want)
			}
		}
	})
	t.Run("lost argument after the same text by hand", func(t *testing.T) {
		t.Parallel()
		lost := func() *sqlbuilder.SelectBuilder {
			sb := selectFrom("projects p", "p.id")
			sb.Join("tasks t", "t.project_id = p.id", sb.EQ("t.title", "draft"))
			sb.AddWhereClause(nil)
			return sb.GroupBy("p.id").Having(sb.EQ("max(p.name)", "alpha"))
		}
		text, args := lost().Build()
		if _, _, err := query.ForOrg(query.Text(text, args...), orgA).SQL(); err != nil {
			t.Fatalf("by hand: %v", err)
		}
		if _, _, err := query.ForOrg(lost(), orgA).SQL(); !errors.Is(err, query.ErrStatement) {
			t.Errorf("from the builder that lost an argument: %v, want %v", err, query.ErrStatement)
		}
	})
}

// twoFaced is A for whoever asks in Go and B for whoever asks on behalf of the wire.
type twoFaced struct{}

func (twoFaced) String() string                  { return orgA.String() }
func (twoFaced) MarshalText() ([]byte, error)    { return []byte(orgA.String()), nil }
func (twoFaced) Value() (driver.Value, error)    { return orgA.String(), nil }
func (twoFaced) UUIDValue() (pgtype.UUID, error) { return pgtype.UUID{Bytes: orgB, Valid: true}, nil }
func (twoFaced) TextValue() (pgtype.Text, error) {
	return pgtype.Text{String: orgB.String(), Valid: true}, nil
}
func (twoFaced) ScanUUID(pgtype.UUID) error { return nil }

// fickle names A the first time it is asked, and B from then on.
type fickle struct{ asked int }

func (f *fickle) Value() (driver.Value, error) {
	f.asked++
	if f.asked == 1 {
		return orgA.String(), nil
	}
	return orgB.String(), nil
}

type ownID uuid.UUID

type ownText string

// Whatever Go type carries the organization, a row of B never appears and a row of A goes to A.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestOwnershipValueOfAnyType(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	own, foreign := orgA, orgB
	pointer := &own
	for name, value := range map[string]any{
		"uuid of B":                orgB,
		"pointer to B":             &foreign,
		"bytes of B":               orgB[:],
		"array of B":               [16]byte(orgB),
		"text of B":                orgB.String(),
		"text of B, upper case":    strings.ToUpper(orgB.String()),
		"text of B, braces":        "{" + orgB.String() + "}",
		"text of B, no hyphens":    strings.ReplaceAll(orgB.String(), "-", ""),
		"text of B, odd hyphens":   "b000-0000-0000-4000-8000-0000-0000-0000",
		"pgtype of B":              pgtype.UUID{Bytes: orgB, Valid: true},
		"pointer to pgtype of B":   &pgtype.UUID{Bytes: orgB, Valid: true},
		"null of B":                uuid.NullUUID{UUID: orgB, Valid: true},
		"sql null of B":            sql.Null[uuid.UUID]{V: orgB, Valid: true},
		"sql text of B":            sql.NullString{String: orgB.String(), Valid: true},
		"pgtype text of B":         pgtype.Text{String: orgB.String(), Valid: true},
		"type over B":              ownID(orgB),
		"type over text of B":      ownText(orgB.String()),
		"two faces":                twoFaced{},
		"pointer to two faces":     &twoFaced{},
		"fickle":                   &fickle{},
		"pointer to a pointer":     &pointer,
		"uuid of A":                orgA,
		"bytes of A":               orgA[:],
		"text of A, upper case":    strings.ToUpper(orgA.String()),
		"pgtype of A":              pgtype.UUID{Bytes: orgA, Valid: true},
		"pgtype null":              pgtype.UUID{},
		"sql null":                 sql.Null[uuid.UUID]{},
		"null uuid":                uuid.NullUUID{},
		"empty text":               "",
		"zero text":                uuid.Nil.String(),
		"nil bytes":                []byte(nil),
		"type over A":              ownID(orgA),
		"number":                   7,
		"expression for a builder": sqlbuilder.Raw("'" + orgB.String() + "'"),
	} {
		for way, b := range map[string]sqlbuilder.Builder{
			"text":    query.Text("INSERT INTO tasks (id, organization_id, title) VALUES ($1, $2, 'typed')", id("a2", 9), value),
			"builder": pg.NewInsertBuilder().InsertInto("tasks").Cols("id", "organization_id", "title").Values(id("a2", 9), value, "typed"),
			"update":  query.Text("UPDATE tasks SET organization_id = $2 WHERE id = $1", id("a2", 1), value),
		} {
			tx, err := conn.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, execErr := query.Exec(t.Context(), tx, query.ForOrg(b, orgA))
			var rowsOfB int
			if execErr == nil {
				if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM tasks WHERE organization_id = $1", orgB).Scan(&rowsOfB); err != nil {
					t.Fatal(err)
				}
				if rowsOfB != 6 {
					t.Errorf("%s through %s: B has %d rows, want 6", name, way, rowsOfB)
				}
			}
			if err := tx.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The same for rows that are copied.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestCopiedOwnershipValueOfAnyType(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	foreign := orgB
	for _, value := range []any{
		orgB, &foreign, orgB[:], [16]byte(orgB), orgB.String(), "{" + orgB.String() + "}", pgtype.UUID{Bytes: orgB, Valid: true},
		uuid.NullUUID{UUID: orgB, Valid: true}, ownID(orgB), ownText(orgB.String()), twoFaced{}, &twoFaced{}, &fickle{}, nil, uuid.Nil, orgA, 7,
	} {
		rows := pgx.CopyFromRows([][]any{{uuid.New(), value, "copied"}})
		_, err := query.CopyForOrg(t.Context(), conn, orgA, "tasks", []string{"id", "organization_id", "title"}, rows)
		var rowsOfB int
		if scanErr := conn.QueryRow(t.Context(), "SELECT count(*) FROM tasks WHERE organization_id = $1", orgB).Scan(&rowsOfB); scanErr != nil {
			t.Fatal(scanErr)
		}
		if rowsOfB != 6 {
			t.Fatalf("%T %v: B has %d rows, want 6; %v", value, value, rowsOfB, err)
		}
	}
}

// A scoped statement inside a plain builder keeps its own parameters apart from those around it.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestScopedNestsInPlainBuilders(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	owners := selectFrom("projects p", "p.owner_id").Join("tasks t", "t.project_id = p.id")
	scoped := query.ForOrg(owners.Where(owners.GT("p.priority", 0), owners.NE("t.title", "x")), orgA)

	outer := selectFrom("users u", "u.name", "x.n")
	counted := selectFrom("projects", "count(*) AS n")
	counted.Where(counted.LT("priority", 1000))
	outer.Join(outer.BuilderAs(query.ForOrg(counted, memberOfA(t)), "x"), outer.GT("x.n", 0))
	outer.Where(outer.NE("u.email", "nobody"), outer.In("u.id", scoped), outer.NE("u.name", "Zed")).OrderByAsc("u.name")

	sql, args := outer.Build()
	rows, err := conn.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Name string
		N    int
	}
	got, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if want := []row{{"Ada", 4}, {"Bob", 4}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v\n%s %v", got, err, want, sql, args)
	}
}

// A refusal is not remembered beyond the declaration that cures it.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestLateDeclarationIsSeen(t *testing.T) {
	t.Parallel()
	scoped := query.ForOrg(query.Text("SELECT id FROM declared_late"), orgA)
	if _, _, err := scoped.SQL(); !errors.Is(err, query.ErrUndeclared) {
		t.Fatalf("before: %v, want %v", err, query.ErrUndeclared)
	}
	query.Owned("declared_late")
	if sql, _, err := scoped.SQL(); err != nil || !strings.Contains(sql, "declared_late.organization_id = $1") {
		t.Errorf("after: %s %v", sql, err)
	}
}

// swap is a query rewriter among the arguments: pgx would let it replace the scoped text.
type swap struct{}

func (swap) RewriteQuery(context.Context, *pgx.Conn, string, []any) (string, []any, error) {
	return "SELECT name FROM projects", nil, nil
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestNoArgumentRewritesTheStatement(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	sb := selectFrom("projects", "name")
	ib := pg.NewInsertBuilder().InsertInto("projects").Cols("slug").Values(swap{})
	for name, b := range map[string]sqlbuilder.Builder{
		"text":              query.Text("SELECT name FROM projects WHERE name <> $1", swap{}),
		"text, second":      query.Text("SELECT name FROM projects WHERE name <> $2 AND slug <> $1", pgx.QueryExecModeExec, swap{}),
		"pointer":           query.Text("SELECT name FROM projects WHERE name <> $1", &swap{}),
		"builder":           sb.Where(sb.NE("name", swap{})),
		"insert":            ib.Returning("name"),
		"nested text":       sb.Where(sb.In("id", query.Text("SELECT id FROM projects WHERE name <> $1", swap{}))),
		"Buildf":            sqlbuilder.WithFlavor(sqlbuilder.Buildf("SELECT name FROM projects WHERE name <> %v", swap{}), pg),
		"strict names":      query.Text("SELECT name FROM projects WHERE $1 IS NULL OR id <> @a AND id <> @b", pgx.StrictNamedArgs{"a": orgA, "b": orgB}),
		"formats by number": query.Text("SELECT name FROM projects WHERE name <> $1", pgx.QueryResultFormatsByOID{25: 1}),
	} {
		names, err := query.All[string](t.Context(), conn, query.ForOrg(b, orgA))
		if err == nil || len(names) > 0 {
			t.Errorf("%s: %v, %v; want a refusal", name, names, err)
		}
		if !errors.Is(err, query.ErrStatement) {
			t.Errorf("%s: %v, want %v", name, err, query.ErrStatement)
		}
	}
}

// shifty renders another text each time it is asked.
type shifty struct{ asked *int }

func (s shifty) Flavor() sqlbuilder.Flavor { return sqlbuilder.PostgreSQL }
func (s shifty) Build() (string, []any)    { return s.BuildWithFlavor(sqlbuilder.PostgreSQL) }
func (s shifty) BuildWithFlavor(_ sqlbuilder.Flavor, initial ...any) (string, []any) {
	*s.asked++
	return []string{"SELECT name FROM projects WHERE archived", "SELECT name FROM projects WHERE true OR true"}[*s.asked%2], initial
}

// What was proven is what is sent, whatever the builder would say next.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestWhatIsProvenIsSent(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	scoped := query.ForOrg(shifty{new(int)}, orgA)
	for range 6 {
		names, err := query.All[string](t.Context(), conn, scoped)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(names, secret.MatchString) {
			t.Errorf("shown: %v", names)
		}
		rows, err := conn.Query(t.Context(), "", scoped)
		if err != nil {
			t.Fatal(err)
		}
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || slices.ContainsFunc(names, secret.MatchString) {
			t.Errorf("shown through the rewriter: %v, %v", names, err)
		}
	}
}

// A connection may have standard_conforming_strings off, where a backslash escapes the quote behind it. What was proven must hold
// on it too.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestBackslashesMeanTheSameEverywhere(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	for _, setting := range []string{"on", "off"} {
		if _, err := conn.Exec(t.Context(), "SET standard_conforming_strings = "+setting); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			`SELECT name FROM projects WHERE name <> '\' OR name <> ' OR true --'`,
			`SELECT name FROM projects WHERE name <> 'x\' AND slug <> ' OR priority > -1000 OR true) --'`,
			`SELECT name FROM projects WHERE name <> 'x\\' OR slug <> 'y\'`,
			`SELECT name FROM projects WHERE name <> E'x\\' OR slug <> E'\''`,
			`SELECT name FROM projects WHERE name <> $$\$$ OR slug <> '\' -- '`,
			`SELECT '\' || name FROM projects p LEFT JOIN tasks t ON t.title <> '\' OR t.title = ' OR true --'`,
			`SELECT name FROM projects WHERE name LIKE '\_%' ESCAPE '\' OR true`,
		} {
			names, err := query.All[string](t.Context(), conn, query.ForOrg(query.Text(text), orgA))
			if len(names) == 0 && err == nil || slices.ContainsFunc(names, secret.MatchString) {
				t.Errorf("standard_conforming_strings %s: %s: %v, %v", setting, text, names, err)
			}
			if err != nil {
				t.Errorf("standard_conforming_strings %s: %s: %v", setting, text, err)
			}
		}
	}
}

// In the simple protocol pgx looks for parameters itself and writes the arguments into the text. Where it does not see a string
// that PostgreSQL sees, an argument can end that string.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestNoArgumentLeavesItsPlace(t *testing.T) {
	t.Parallel()
	conn := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB))
	for _, c := range []struct {
		text    string
		refused bool
	}{
		{text: "SELECT name FROM projects WHERE slug <> $1 AND name <> (SELECT 'x' AS a$q$) AND name <> '$q$ $1 '"},
		{text: "SELECT name FROM projects a$1 WHERE A$1.slug <> $1 AND a$1.name <> ' $1 '"},
		{text: `SELECT name FROM projects "a$1" WHERE slug <> $1 AND "a$1".name <> ' $1 '`},
		{text: "SELECT name FROM projects WHERE slug <> $1 AND name <> E'x'\n'\\' $1 '"},
		{text: "SELECT name FROM projects WHERE slug <> $1 AND name <> E'\\'x'\n' $1 '"},
		{text: "SELECT name FROM projects WHERE slug <> $1 AND name <> $\ufffd$ ' $\ufffd$ AND name <> ' $1 ' AND name <> $q$'$q$", refused: true},
		{text: "SELECT name FROM projects WHERE slug <> $1 AND name <> $é$ ' $é$ AND name <> ' $1 ' AND name <> $q$'$q$"},
		{text: `SELECT name FROM projects WHERE slug <> $1 AND name <> name'\'' $1 '`},
		{text: `SELECT name FROM projects WHERE slug <> $1 AND name <> U&'\005C' AND name <> $q$ ' $q$ AND name <> ' $1 '`},
		{text: `SELECT name /* /* ' */ $1 */ FROM projects WHERE slug <> $1 AND name <> ' $1 '`},
		{text: "SELECT name -- ' \r , slug FROM projects WHERE slug <> $1 AND name <> ' $1 '"},
	} {
		text, args, err := query.ForOrg(query.Text(c.text, ") OR true --"), orgA).SQL()
		if c.refused {
			if !errors.Is(err, query.ErrStatement) {
				t.Errorf("%s: %v, want %v", c.text, err, query.ErrStatement)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol} {
			rows, err := conn.Query(t.Context(), text, append([]any{mode}, args...)...)
			if err != nil {
				t.Errorf("%s, %s: %v", mode, text, err)
				continue
			}
			n := 0
			for rows.Next() {
				n++
			}
			if rows.Err() != nil || n != 4 {
				t.Errorf("%s, %s: %d rows, %v; want A's 4", mode, text, n, rows.Err())
			}
		}
	}
}

// A condition that does something does it for A's rows only: B's ledger has an entry 3, A's has none.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestConditionsWithEffectsLeaveOthersAlone(t *testing.T) {
	t.Parallel()
	tx, err := acquire(t, pgtest.Pool(t, liveSchema, seedA, seedB)).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	ids, err := query.All[int](t.Context(), tx, query.ForOrg(query.Text("SELECT id FROM ledger WHERE pg_try_advisory_xact_lock(id)"), orgA))
	if err != nil || len(ids) != 2 {
		t.Fatalf("%v, %v; want A's 2 entries", ids, err)
	}
	var locks int
	err = tx.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()").Scan(&locks)
	if err != nil || locks != 2 {
		t.Errorf("%d advisory locks, %v; want 2", locks, err)
	}
}

// Each mode of pgx, and each executor, shows A's rows only.
//
//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func TestEveryWayToTheServerIsScoped(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, liveSchema, seedA, seedB)
	conn := acquire(t, pool)
	want := []string{"alpha", "apex", "atlas", "axis"}
	statement := func() *query.Scoped {
		sb := selectFrom("projects", "name").OrderByAsc("name")
		return query.ForOrg(sb.Where(sb.GT("priority", -100)), memberOfA(t))
	}
	check := func(way string, names []string, err error) {
		t.Helper()
		if err != nil || !slices.Equal(names, want) {
			t.Errorf("%s: %v, %v; want %v", way, names, err, want)
		}
	}

	names, err := query.All[string](t.Context(), pool, statement())
	check("All over a pool", names, err)
	for _, mode := range []pgx.QueryExecMode{
		pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol,
	} {
		rows, err := conn.Query(t.Context(), "", mode, statement())
		if err == nil {
			names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		check("rewriter, "+mode.String(), names, err)

		text, args, err := statement().SQL()
		if err == nil {
			rows, err = conn.Query(t.Context(), text, append([]any{mode}, args...)...)
		}
		if err == nil {
			names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		check("text, "+mode.String(), names, err)
	}

	var batch pgx.Batch
	queued, err := query.Queue(&batch, statement())
	if err != nil {
		t.Fatal(err)
	}
	queued.Query(func(rows pgx.Rows) error {
		var err error
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	batch.Queue("", statement()).Query(func(rows pgx.Rows) error {
		more, err := pgx.CollectRows(rows, pgx.RowTo[string])
		check("rewriter in a batch", more, err)
		return err
	})
	check("batch", names, errors.Join(conn.SendBatch(t.Context(), &batch).Close(), nil))
}
