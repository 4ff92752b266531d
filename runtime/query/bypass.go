package query

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
)

// Bypass is a statement that is not restricted to an organization.
type Bypass struct {
	b      sqlbuilder.Builder
	reason string
	err    *Error
	pc     [1]uintptr // of the call of Unscoped
}

var (
	_ sqlbuilder.Builder = (*Bypass)(nil)
	_ pgx.QueryRewriter  = (*Bypass)(nil)
	_ Statement          = (*Bypass)(nil)
)

// Unscoped lets a statement run as it is, on everybody's rows. The reason, in a
// few words, is for those who audit the code and the trail; a blank one is
// [ErrReason] when the statement is rendered. A nil builder is [ErrNilBuilder],
// another flavor than PostgreSQL [ErrFlavor].
//
// Every rendering is an event for the hook that [OnBypass] set, before anything
// is sent.
func Unscoped(b sqlbuilder.Builder, reason string) *Bypass {
	u := &Bypass{b: b, reason: strings.TrimSpace(reason)}
	runtime.Callers(2, u.pc[:])
	if u.reason == "" {
		u.err = refuse(ErrReason, "Unscoped needs a reason; say in a few words why the statement is about everybody's rows")
		return u
	}
	u.err = usable(b)
	return u
}

// BypassEvent is one use of [Unscoped].
type BypassEvent struct {
	Reason string
	SQL    string // as it will be sent; arguments stay out of it
	File   string // where Unscoped was called
	Line   int
}

// BypassHook is told of every use of [Unscoped], before the statement is sent.
// When it returns an error, the statement is not sent, and the caller gets that
// error. The context is the executor's; renderings that have none get
// [context.Background]. A hook may be called by several goroutines at once, and
// must not use Unscoped itself.
type BypassHook func(ctx context.Context, e BypassEvent) error

var bypassHook atomic.Pointer[BypassHook]

// OnBypass sets the hook for the whole process, in place of the one before. With
// nil it is the default again, which logs the event with [slog.Default] at level
// info. Set it before the first statement runs.
func OnBypass(hook BypassHook) {
	if hook == nil {
		bypassHook.Store(nil)
		return
	}
	bypassHook.Store(&hook)
}

func audit(ctx context.Context, e BypassEvent) error {
	if hook := bypassHook.Load(); hook != nil {
		return (*hook)(ctx, e)
	}
	slog.InfoContext(ctx, "unscoped statement", "reason", e.Reason, "sql", e.SQL, "file", e.File, "line", e.Line)
	return nil
}

// Err returns what was wrong already when [Unscoped] was called, or nil.
func (u *Bypass) Err() error {
	if u == nil || u.err == nil && u.b == nil {
		return refuse(ErrNilBuilder, "statement is a nil or zero query.Bypass; make it with query.Unscoped")
	}
	if u.err != nil {
		return u.err
	}
	return nil
}

// SQL renders the statement and reports the bypass. The error is an [*Error], or
// the hook's.
func (u *Bypass) SQL() (string, []any, error) { return u.render(context.Background()) }

func (u *Bypass) render(ctx context.Context) (string, []any, error) {
	if err := u.Err(); err != nil {
		return "", nil, err
	}
	text, args, _, err := build(u.b, nil)
	if err != nil {
		return "", nil, err
	}
	return u.report(ctx, text, args)
}

func (u *Bypass) report(ctx context.Context, text string, args []any) (string, []any, error) {
	at := place(u.pc)
	if err := audit(ctx, BypassEvent{Reason: u.reason, SQL: text, File: at.File, Line: at.Line}); err != nil {
		return "", nil, err
	}
	return text, args, nil
}

// places are those that called Unscoped, of which a program has only so many. To
// find one out takes longer than all the rest.
var places sync.Map // pc -> runtime.Frame

func place(pc [1]uintptr) runtime.Frame {
	if at, ok := places.Load(pc); ok {
		return at.(runtime.Frame)
	}
	at, _ := runtime.CallersFrames(pc[:]).Next()
	places.Store(pc, at)
	return at
}

// Build is [Bypass.SQL] for those who expect a sqlbuilder.Builder. When there is
// an error, the text is one that PostgreSQL cannot parse.
func (u *Bypass) Build() (string, []any) {
	text, args, err := u.SQL()
	if err != nil {
		return poison(err, nil)
	}
	return text, args
}

// BuildWithFlavor is [Bypass.Build] for a statement that is nested in another
// one. Inside a statement that goes through [ForOrg] it is restricted like the
// rest.
func (u *Bypass) BuildWithFlavor(flavor sqlbuilder.Flavor, initial ...any) (string, []any) {
	text, args, err := u.nested(flavor, initial)
	if err != nil {
		return poison(err, initial)
	}
	return text, args
}

func (u *Bypass) nested(flavor sqlbuilder.Flavor, initial []any) (string, []any, error) {
	if err := u.Err(); err != nil {
		return "", nil, err
	}
	if flavor != sqlbuilder.PostgreSQL {
		return "", nil, refuse(ErrFlavor, "an unscoped statement is nested in one of flavor %v, not PostgreSQL; make the outer one with sqlbuilder.PostgreSQL", flavor)
	}
	text, args, err := buildAfter(u.b, slices.Clip(initial))
	if err != nil {
		return "", nil, err
	}
	return u.report(context.Background(), endLine(text), args)
}

// Format prints the text of the statement, or why there is none, whatever the
// verb: arguments stay out of logs. It is no use of the bypass, so no hook is told.
func (u *Bypass) Format(f fmt.State, _ rune) {
	text, err := "", u.Err()
	if err == nil {
		text, _, _, err = build(u.b, nil)
	}
	if err != nil {
		text = err.Error()
	}
	_, _ = io.WriteString(f, text)
}

// Flavor is PostgreSQL.
func (u *Bypass) Flavor() sqlbuilder.Flavor { return sqlbuilder.PostgreSQL }

// RewriteQuery lets pgx render the statement: db.Query(ctx, "", bypass). Text or
// arguments beside it are [ErrStatement], because they would be lost.
func (u *Bypass) RewriteQuery(ctx context.Context, _ *pgx.Conn, sql string, args []any) (string, []any, error) {
	if err := alone(sql, args); err != nil {
		return "", nil, err
	}
	return u.render(ctx)
}
