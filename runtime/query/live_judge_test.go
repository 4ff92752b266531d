package query_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/lawtest"
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
	conn             *pgx.Conn // to everybody's rows, for what must not be sent
	sent             *wire
	everybody, alone *lawtest.Session
}

//sigra:allow test -- the test shows what happens without ForOrg, or runs both
func newJudge(t *testing.T) *judge {
	t.Helper()
	pool := pgtest.Pool(t, liveSchema, seedA, seedB)
	sent := new(wire)
	return &judge{
		conn:      acquire(t, tracedPool(t, pool, sent)),
		sent:      sent,
		everybody: session(t, pool.Config().ConnString()),
		alone:     session(t, pgtest.DSN(t, liveSchema, seedA, ownDatabase)),
	}
}

// session is a connection that sees what its statements do to all tables.
func session(t *testing.T, dsn string) *lawtest.Session {
	t.Helper()
	s, err := lawtest.Open(t.Context(), dsn, liveEffects, "SET statement_timeout = '10s'")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

var liveEffects = lawtest.Effects(orgA.String(), map[string]string{
	"projects": "organization_id", "tasks": "organization_id", "comments": "organization_id", "handles": "organization_id",
	"events": "organization_id", "app.projects": "organization_id", "app.notes": "organization_id",
	"ledger": "tenant_id", `"Odd Table"`: `"Org Id"`, "users": "", "audit_log": "organization_id",
})

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

	bite, _ := j.everybody.Touched(unscoped)
	touched, changed := j.everybody.Touched(scoped)
	v := verdict{
		sql:    sql,
		state:  scoped.State(),
		detail: touched + scoped.Difference(reference, s.ordered),
		bites:  bite != "" || unscoped.Difference(reference, s.ordered) != "",
	}
	switch {
	case changed, scoped.Shows(secret) && !reference.Shows(secret):
		v.outcome = leak
	case v.detail != "":
		v.outcome = contained
	}
	return v
}

// perform runs one statement in a transaction that is rolled back.
func perform(t *testing.T, s *lawtest.Session, sql string, args []any) *lawtest.Outcome {
	t.Helper()
	var b pgx.ExtendedQueryBuilder
	if err := b.Build(pgtype.NewMap(), nil, args); err != nil {
		t.Fatal(err)
	}
	var texts []*string
	for _, value := range b.ParamValues {
		text := string(value)
		if value == nil {
			texts = append(texts, nil)
			continue
		}
		texts = append(texts, &text)
	}
	o, err := s.Run(t.Context(), sql, texts)
	if err != nil {
		t.Fatal(err)
	}
	return o
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
		if _, execErr := query.Exec(t.Context(), j.conn, scoped); execErr == nil || s.err != nil && !errors.Is(execErr, s.err) {
			t.Errorf("Exec of a refused statement: %v, want %v", execErr, err)
		}
		if sent := j.sent.count() - before; sent != 0 {
			t.Errorf("a refused statement reached the server %d times", sent)
		}
		if text, _ := scoped.Build(); text == "" || !isPoison(t, j.conn, text) {
			t.Errorf("Build of a refused statement gives text that PostgreSQL accepts: %q", text)
		}
		return "", nil, err
	}
	if text, _ := scoped.Build(); text != sql {
		t.Errorf("Build and SQL disagree\nBuild: %s\nSQL:   %s", text, sql)
	}
	if text, _, err := scoped.RewriteQuery(t.Context(), j.conn, "", nil); err != nil || text != sql {
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
