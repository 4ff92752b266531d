// Package edits touches SQL after it was scoped, and before.
package edits

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

func scopedText(sc *scope.Scope) (string, []any, error) {
	return query.ForOrg(model.Jobs.SelectFrom(), sc).SQL()
}

func Limit(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	text, args, err := query.ForOrg(model.Jobs.SelectFrom(), sc).SQL()
	if err != nil {
		return nil, err
	}
	return db.Query(ctx, text+" LIMIT 10", args...) // want edited
}

func Append(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, or bool) (pgx.Rows, error) {
	text, args, err := scopedText(sc)
	if err != nil {
		return nil, err
	}
	if or {
		text += " OR done"
	}
	return db.Query(ctx, text, args...) // want edited
}

func Format(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (n int, err error) {
	text, args, err := scopedText(sc)
	if err != nil {
		return 0, err
	}
	err = db.QueryRow(ctx, fmt.Sprintf("SELECT count(*) FROM (%s) x", text), args...).Scan(&n) // want edited
	return n, err
}

func Replace(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	text, args, err := scopedText(sc)
	if err != nil {
		return nil, err
	}
	text = strings.Replace(text, "SELECT", "SELECT DISTINCT", 1)
	return db.Query(ctx, text, args...) // want edited
}

func Cut(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	text, args := query.ForOrg(model.Jobs.SelectFrom(), sc).Build()
	if i := strings.Index(text, "WHERE"); i > 0 {
		text = text[:i]
	}
	return db.Query(ctx, text, args[:0]...) // want edited
}

func Joined(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	text, args, err := scopedText(sc)
	if err != nil {
		return nil, err
	}
	return db.Query(ctx, strings.Join([]string{text, "UNION ALL SELECT * FROM jobs"}, " "), args...) // want edited
}

func WrittenTo(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	text, args, err := scopedText(sc)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("EXPLAIN ANALYZE ")
	b.WriteString(text)
	return db.Query(ctx, b.String(), args...) // want edited
}

func TextBeside(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	return db.Query(ctx, "SELECT * FROM sites", query.ForOrg(model.Jobs.SelectFrom(), sc)) // want edited
}

func SecondRewriter(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, id uuid.UUID) (pgx.Rows, error) {
	return db.Query(ctx, "", query.ForOrg(model.Jobs.SelectFrom(), sc), pgx.NamedArgs{"id": id}) // want edited
}

type tracing struct{}

func (tracing) RewriteQuery(_ context.Context, _ *pgx.Conn, sql string, args []any) (string, []any, error) {
	return "SELECT * FROM jobs", nil, nil
}

func OwnRewriter(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	return db.Query(ctx, "", query.ForOrg(model.Jobs.SelectFrom(), sc), tracing{}) // want edited
}

func ArgsBeside(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	return db.Query(ctx, "", query.ForOrg(model.Jobs.SelectFrom(), sc), 7) // open
}

func QueuedText(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) error {
	b := &pgx.Batch{}
	q, err := query.Queue(b, query.ForOrg(model.Jobs.DeleteFrom(), sc)) // may edited
	if err != nil {
		return err
	}
	q.SQL += " OR true"                 // want edited
	return db.SendBatch(ctx, b).Close() // may edited
}

func comment(text string) string { return "/* jobs */ " + text + " OR true" }

func Commented(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	text, args, err := scopedText(sc)
	if err != nil {
		return nil, err
	}
	return db.Query(ctx, comment(text), args...) // want edited
}

type page struct{ text string }

func (p *page) next() { p.text += " OFFSET 10" }

func Paged(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	text, args, err := scopedText(sc)
	if err != nil {
		return nil, err
	}
	p := &page{text: text}
	p.next()
	return db.Query(ctx, p.text, args...) // want edited|unproven
}

// Before is fine: ForOrg sees the final text.
func Before(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, desc bool) (pgx.Rows, error) {
	text := "SELECT * FROM jobs"
	if desc {
		text += " ORDER BY due_at DESC"
	}
	return db.Query(ctx, "", query.ForOrg(query.Text(text+" LIMIT 10"), sc)) // ok
}

// After changes the builder, not the text.
func After(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	sb := model.Jobs.SelectFrom()
	st := query.ForOrg(sb, sc)
	sb.Where("done OR due_at < now()").Limit(10)
	return db.Query(ctx, "", st) // ok
}

// Logged reads the text and leaves it alone.
func Logged(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, log func(string)) (pgx.Rows, error) {
	text, args, err := scopedText(sc)
	if err != nil {
		return nil, err
	}
	log("running " + text)
	if strings.Contains(text, "jobs") {
		log(strings.ToUpper(text))
	}
	return db.Query(ctx, text, args...) // ok
}

// Stored keeps text and arguments together.
type Stored struct {
	text string
	args []any
}

func Keep(sc *scope.Scope) (st Stored, err error) {
	st.text, st.args, err = query.ForOrg(model.Sites.SelectFrom(), sc).SQL()
	return st, err
}

func (s Stored) Run(ctx context.Context, db *pgxpool.Pool) (pgx.Rows, error) {
	return db.Query(ctx, s.text, s.args...) // ok
}

// Options may stand in front of a Scoped: they rewrite nothing.
func Options(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (pgx.Rows, error) {
	return db.Query(ctx, "", pgx.QueryExecModeExec, query.ForOrg(model.Jobs.SelectFrom(), sc)) // ok
}

// Free text is scoped when it is there.
func Free(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope, cond string, args ...any) (pgx.Rows, error) {
	return db.Query(ctx, "", query.ForOrg(query.Text("SELECT * FROM jobs WHERE "+cond, args...), sc)) // ok
}

func Nested(ctx context.Context, db *pgxpool.Pool, sc *scope.Scope) (n int64, err error) {
	return query.One[int64](ctx, db, query.ForOrg(query.Text("SELECT count(*) FROM (SELECT 1 FROM jobs LIMIT 10) x"), sc)) // ok
}
