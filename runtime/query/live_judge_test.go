package query_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/query"
)

// outcome is the law's verdict on one statement.
type outcome int

const (
	exact     outcome = iota // on everybody's rows it did what the plain statement does on A's rows alone
	refused                  // an error before anything was sent
	contained                // B's rows are neither shown nor touched, but the answer differs from the reference
	leak                     // B's rows are shown or changed
)

func (o outcome) String() string { return [...]string{"exact", "refused", "contained", "LEAK"}[o] }

// wrap is query.ForOrg in the scoped run and does nothing in the reference run, so that a case can scope early and edit late.
type wrap func(sqlbuilder.Builder) sqlbuilder.Builder

func plain(b sqlbuilder.Builder) sqlbuilder.Builder { return b }

// statement is one case of the law.
type statement struct {
	name  string
	sql   string // hand-written, passes through query.Text
	args  []any
	build func(forOrg wrap) sqlbuilder.Builder // instead of sql and args

	want    outcome
	err     error  // the sentinel of a refusal
	state   string // the SQLSTATE that both runs end with, where the plain statement itself fails
	ordered bool   // the statement has a total order, so rows are compared in order
	blunt   bool   // the plain statement gives the same answer on everybody's rows, so the case shows only that nothing breaks
}

// serverVersion is the server's major version.
func serverVersion(conn *pgx.Conn) int {
	major, _, _ := strings.Cut(conn.PgConn().ParameterStatus("server_version"), ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		return 0 // a development version
	}
	return n
}

func (s statement) builder(forOrg wrap) sqlbuilder.Builder {
	if s.build != nil {
		return s.build(forOrg)
	}
	return forOrg(query.Text(s.sql, s.args...))
}

// judge holds the two databases: everybody's rows, and a copy with A's rows only.
type judge struct {
	everybody, alone *pgx.Conn
	sent             *wire
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func newJudge(t *testing.T) *judge {
	t.Helper()
	everybody := pgtest.Pool(t, liveSchema, seedA, seedB)
	alone := pgtest.Pool(t, liveSchema, seedA, ownDatabase)
	sent := new(wire)
	return &judge{
		everybody: acquire(t, tracedPool(t, everybody, sent)),
		alone:     acquire(t, alone),
		sent:      sent,
	}
}

func acquire(t *testing.T, pool *pgxpool.Pool) *pgx.Conn {
	t.Helper()
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatalf("acquire a connection: %v", err)
	}
	t.Cleanup(conn.Release)
	if _, err := conn.Exec(t.Context(), "SET statement_timeout = '10s'"); err != nil {
		t.Fatalf("set the statement timeout: %v", err)
	}
	return conn.Conn()
}

// wire counts what pgx starts to send: queries, batches, copies and prepared statements.
type wire struct{ n atomic.Int64 }

func (w *wire) count() int64 { return w.n.Load() }

func (w *wire) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	w.n.Add(1)
	return ctx
}
func (w *wire) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (w *wire) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	w.n.Add(1)
	return ctx
}
func (w *wire) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (w *wire) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

func (w *wire) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceCopyFromStartData) context.Context {
	w.n.Add(1)
	return ctx
}
func (w *wire) TraceCopyFromEnd(context.Context, *pgx.Conn, pgx.TraceCopyFromEndData) {}

func (w *wire) TracePrepareStart(ctx context.Context, _ *pgx.Conn, _ pgx.TracePrepareStartData) context.Context {
	w.n.Add(1)
	return ctx
}
func (w *wire) TracePrepareEnd(context.Context, *pgx.Conn, pgx.TracePrepareEndData) {}

// tracedPool is a second pool on the same database whose traffic is counted.
func tracedPool(t *testing.T, pool *pgxpool.Pool, sent *wire) *pgxpool.Pool {
	t.Helper()
	config := pool.Config()
	config.ConnConfig.Tracer = sent
	traced, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatalf("open a traced pool: %v", err)
	}
	t.Cleanup(traced.Close)
	return traced
}

// verdict is what happened to one statement, and why it is not exact.
type verdict struct {
	outcome outcome
	err     error  // of a refusal
	state   string // SQLSTATE that the scoped statement ended with
	plain   string // SQLSTATE that the reference ended with
	detail  string
	sql     string // as it was sent
	bites   bool   // the plain statement on everybody's rows gives another answer
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func (j *judge) try(t *testing.T, s statement) verdict {
	t.Helper()
	sql, args, err := j.render(t, s)
	if err != nil {
		return verdict{outcome: refused, err: err}
	}

	scoped := perform(t, j.everybody, sql, args)
	plainSQL, plainArgs := s.builder(plain).Build()
	reference := perform(t, j.alone, plainSQL, plainArgs)
	unscoped := perform(t, j.everybody, plainSQL, plainArgs)

	v := verdict{
		sql:    sql,
		state:  scoped.state,
		plain:  reference.state,
		detail: difference(reference, scoped, s.ordered),
		bites:  difference(reference, unscoped, s.ordered) != "" || unscoped.foreign != "" || unscoped.locks != "",
	}
	switch {
	case scoped.foreign != "":
		v.outcome, v.detail = leak, scoped.foreign
	case scoped.shows(secret) && !reference.shows(secret):
		v.outcome = leak
	case v.detail != "" || scoped.locks != "":
		v.outcome, v.detail = contained, v.detail+scoped.locks
	}
	return v
}

// render gives the scoped text. Whatever the state of the plan memory, and whoever used the text before, it must be the same;
// every way to render must agree; and a refusal must reach the caller of an executor before a byte is sent.
func (j *judge) render(t *testing.T, s statement) (string, []any, error) {
	t.Helper()
	scope := func(b sqlbuilder.Builder) sqlbuilder.Builder { return query.ForOrg(b, memberOfA(t)) }
	scoped, ok := s.builder(scope).(*query.Scoped)
	if !ok {
		t.Fatalf("the case does not end in ForOrg")
	}
	sql, args, err := scoped.SQL()

	other := func(b sqlbuilder.Builder) sqlbuilder.Builder { return query.ForOrg(b, orgB) }
	s.builder(other).(*query.Scoped).SQL() // warms the plan for somebody else; the outcome is theirs

	again := s.builder(func(b sqlbuilder.Builder) sqlbuilder.Builder { return query.ForOrg(b, orgA) }).(*query.Scoped)
	warmSQL, warmArgs, warmErr := again.SQL()
	if warmSQL != sql || !cmp.Equal(fmt.Sprint(warmArgs...), fmt.Sprint(args...)) || (warmErr == nil) != (err == nil) {
		t.Errorf("a second rendering differs\nfirst:  %s %v %v\nsecond: %s %v %v", sql, args, err, warmSQL, warmArgs, warmErr)
	}

	before := j.sent.count()
	if err != nil {
		if _, execErr := query.Exec(t.Context(), j.everybody, scoped); execErr == nil || s.err != nil && !errors.Is(execErr, s.err) {
			t.Errorf("Exec of a refused statement: %v, want %v", execErr, err)
		}
		if sent := j.sent.count() - before; sent != 0 {
			t.Errorf("a refused statement reached the server %d times", sent)
		}
		if text, _ := scoped.Build(); text == "" || !isPoison(t, j.alone, text) {
			t.Errorf("Build of a refused statement gives text that PostgreSQL accepts: %q", text)
		}
		return "", nil, err
	}
	if text, _ := scoped.Build(); text != sql {
		t.Errorf("Build and SQL disagree\nBuild: %s\nSQL:   %s", text, sql)
	}
	if text, _, err := scoped.RewriteQuery(t.Context(), j.everybody, "", nil); err != nil || text != sql {
		t.Errorf("RewriteQuery and SQL disagree: %v\nRewriteQuery: %s\nSQL:          %s", err, text, sql)
	}
	return sql, args, nil
}

// isPoison reports whether the server cannot even parse the text.
func isPoison(t *testing.T, conn *pgx.Conn, text string) bool {
	t.Helper()
	_, err := conn.PgConn().Prepare(t.Context(), "", text, nil)
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && refusal.Code == "42601" && !strings.Contains(refusal.Message, "multiple commands")
}

// effect is everything that a statement did, as text.
type effect struct {
	columns []string
	rows    []string
	tag     string
	state   string   // SQLSTATE
	message string   // of the error
	own     []string // A's and the shared rows after the statement, with which of them it locked
	foreign string   // what it changed in B's rows, "" for nothing
	locks   string   // which of B's rows it locked, "" for none
}

func (e effect) shows(word string) bool {
	return strings.Contains(e.message, word) || slices.ContainsFunc(e.rows, func(row string) bool { return strings.Contains(row, word) })
}

func difference(want, got effect, ordered bool) string {
	if !ordered {
		want.rows, got.rows = slices.Sorted(slices.Values(want.rows)), slices.Sorted(slices.Values(got.rows))
	}
	var b strings.Builder
	if want.state != got.state {
		fmt.Fprintf(&b, "error: want %q (%s), got %q (%s)\n", want.state, want.message, got.state, got.message)
	}
	for _, part := range []struct {
		name      string
		want, got []string
	}{
		{"columns", want.columns, got.columns},
		{"rows", want.rows, got.rows},
		{"tag", []string{want.tag}, []string{got.tag}},
		{"rows of A afterwards", want.own, got.own},
	} {
		if !slices.Equal(part.want, part.got) {
			fmt.Fprintf(&b, "%s (-want +got):\n%s", part.name, cmp.Diff(part.want, part.got))
		}
	}
	return b.String()
}

// perform runs one statement in a transaction that is rolled back.
func perform(t *testing.T, conn *pgx.Conn, sql string, args []any) effect {
	t.Helper()
	ctx := t.Context()
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	defer func() {
		if err := tx.Rollback(ctx); err != nil {
			t.Fatalf("roll back: %v", err)
		}
	}()
	before := snapshot(t, tx)

	e := run(ctx, tx, sql, args)
	if e.state != "" {
		return e // nothing is left of a failed statement
	}
	after := snapshot(t, tx)
	e.own = after.own
	if !slices.Equal(before.foreign, after.foreign) {
		e.foreign = "rows of B (-before +after):\n" + cmp.Diff(before.foreign, after.foreign)
	}
	if len(after.locks) > 0 {
		e.locks = "locks rows of B: " + strings.Join(after.locks, ", ")
	}
	return e
}

func run(ctx context.Context, tx pgx.Tx, sql string, args []any) effect {
	rows, err := tx.Query(ctx, sql, append([]any{pgx.QueryResultFormats{pgx.TextFormatCode}}, args...)...)
	if err != nil {
		return failure(err)
	}
	defer rows.Close()
	var e effect
	for rows.Next() {
		cells := make([]string, 0, len(rows.RawValues()))
		for _, v := range rows.RawValues() {
			if v == nil {
				cells = append(cells, "NULL")
				continue
			}
			cells = append(cells, fmt.Sprintf("%q", v))
		}
		e.rows = append(e.rows, strings.Join(cells, " | "))
	}
	if rows.Err() != nil {
		return failure(rows.Err())
	}
	for _, column := range rows.FieldDescriptions() {
		e.columns = append(e.columns, fmt.Sprintf("%s %d", column.Name, builtin(column.DataTypeOID)))
	}
	e.tag = rows.CommandTag().String()
	return e
}

// builtin hides the numbers of types that differ from database to database.
func builtin(oid uint32) uint32 { return min(oid, 16384) }

func failure(err error) effect {
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) {
		return effect{state: refusal.Code, message: refusal.Message + " " + refusal.Detail + " " + refusal.Where}
	}
	return effect{state: "client", message: err.Error()}
}

// state is every row, sorted. The place of a row shows writes that change nothing. A's rows stand in other places in the two
// databases, so for them it is left out.
type state struct{ own, foreign, locks []string }

var snapshots = func() string {
	owners := map[string]string{
		"projects": "organization_id", "tasks": "organization_id", "comments": "organization_id", "handles": "organization_id",
		"events": "organization_id", "app.projects": "organization_id", "app.notes": "organization_id",
		"ledger": "tenant_id", `"Odd Table"`: `"Org Id"`, "users": "NULL::uuid", "audit_log": "organization_id",
	}
	var parts []string
	for _, table := range slices.Sorted(maps.Keys(owners)) {
		parts = append(parts, fmt.Sprintf(`SELECT '%[1]s', coalesce(%[2]s::text, ''), r::text, concat_ws(' ', xmin, r.tableoid, r.ctid),
			xmax::text::bigint = coalesce(pg_current_xact_id_if_assigned()::text::bigint %% 4294967296, -1) FROM %[1]s AS r`,
			table, owners[table]))
	}
	return strings.Join(parts, "\nUNION ALL\n") + "\nORDER BY 1, 2, 3"
}()

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func snapshot(t *testing.T, tx pgx.Tx) state {
	t.Helper()
	rows, err := tx.Query(t.Context(), snapshots)
	if err != nil {
		t.Fatalf("snapshot: %v", err)
	}
	var (
		s                        state
		table, owner, row, place string
		locked                   bool
	)
	_, err = pgx.ForEachRow(rows, []any{&table, &owner, &row, &place, &locked}, func() error {
		switch {
		case owner != orgB.String():
			s.own = append(s.own, fmt.Sprintf("%s %s locked=%t", table, row, locked))
			return nil
		case locked:
			s.locks = append(s.locks, table+" "+row)
		}
		s.foreign = append(s.foreign, fmt.Sprintf("%s %s %s", table, row, place))
		return nil
	})
	if err != nil {
		t.Fatalf("snapshot: %v", err)
	}
	return s
}

// check holds a case against its record.
func (j *judge) check(t *testing.T, s statement) verdict {
	t.Helper()
	v := j.try(t, s)
	switch {
	case v.outcome != s.want:
		t.Errorf("outcome %s, want %s\n%v\nsent: %s\n%s", v.outcome, s.want, v.err, v.sql, v.detail)
	case v.outcome == refused && s.err == nil:
		t.Errorf("refused with %v: record the sentinel", v.err)
	case v.outcome == refused && !errors.Is(v.err, s.err):
		t.Errorf("refused with %v, want %v", v.err, s.err)
	case v.outcome != refused && v.state != s.state:
		t.Errorf("ended with SQLSTATE %q, want %q\nsent: %s\n%s", v.state, s.state, v.sql, v.detail)
	case v.outcome == exact && s.state == "" && v.bites == s.blunt:
		t.Errorf("the plain statement on everybody's rows gives another answer: %t, recorded: %t", v.bites, !s.blunt)
	}
	return v
}

// tally counts outcomes and prints them when the test ends.
type tally map[outcome]int

func (j *judge) all(t *testing.T, cases []statement) tally {
	t.Helper()
	counts, biting := tally{}, 0
	names := map[string]bool{}
	for _, s := range cases {
		if names[s.name] {
			t.Fatalf("two cases are called %q", s.name)
		}
		names[s.name] = true
		t.Run(s.name, func(t *testing.T) {
			v := j.check(t, s)
			counts[v.outcome]++
			if v.bites {
				biting++
			}
		})
	}
	t.Logf("%d statements: %d exact, %d refused, %d contained, %d leaks; %d would have reached B unscoped",
		len(cases), counts[exact], counts[refused], counts[contained], counts[leak], biting)
	return counts
}
