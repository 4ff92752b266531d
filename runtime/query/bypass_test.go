package query

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"github.com/huandu/go-sqlbuilder"
)

type contextKey struct{}

// The hook is the process's, so these cases do not run beside others.
func TestEveryBypassIsReported(t *testing.T) {
	var events []BypassEvent
	var contexts []context.Context
	OnBypass(func(ctx context.Context, e BypassEvent) error {
		events, contexts = append(events, e), append(contexts, ctx)
		return nil
	})
	defer OnBypass(nil)

	ctx := context.WithValue(t.Context(), contextKey{}, "request")
	db, _ := widgetPool(t)
	_, file, line, _ := runtime.Caller(0)
	st := Unscoped(Text("SELECT count(*) FROM widgets WHERE name <> $1", "secret"), "  count everybody's \n")
	if n, err := One[int](ctx, db, st); err != nil || n != 3 {
		t.Fatalf("One: %d %v", n, err)
	}
	if _, err := Exec(ctx, db, st); err != nil {
		t.Fatal(err)
	}
	if _, _, err := st.RewriteQuery(ctx, nil, "", nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := st.SQL(); err != nil {
		t.Fatal(err)
	}
	if text, args := st.Build(); text == "" || len(args) != 1 {
		t.Fatalf("Build: %q %v", text, args)
	}
	sb := selectWidgets("id")
	sb.Where(sb.EQ("name", "axle"), sb.In("id", st)).Build()

	if len(events) != 6 {
		t.Fatalf("%d events, want 6", len(events))
	}
	for i, e := range events {
		if e.Reason != "count everybody's" || !strings.HasPrefix(e.SQL, "SELECT count(*)") || strings.Contains(e.SQL, "secret") {
			t.Errorf("event %d: %+v", i, e)
		}
		if e.File != file || e.Line != line+1 {
			t.Errorf("event %d is at %s:%d, want the call of Unscoped", i, e.File, e.Line)
		}
		if i < 3 && contexts[i].Value(contextKey{}) != "request" {
			t.Errorf("event %d has another context than its executor", i)
		}
	}
	mustRefuse(t, Unscoped(selectWidgets("id"), " \t"), ErrReason)
	mustRefuse(t, Unscoped(nil, "test"), ErrNilBuilder)
	mustRefuse(t, Unscoped((*sqlbuilder.SelectBuilder)(nil), "test"), ErrNilBuilder)
	mustRefuse(t, Unscoped(sqlbuilder.Select("id").From("widgets"), "test"), ErrFlavor)
	mustRefuse(t, Unscoped(custom{build: func([]any) (string, []any) { panic("no text") }}, "test"), ErrStatement)
	if len(events) != 6 {
		t.Errorf("a bypass that was refused is reported: %+v", events[6:])
	}
}

func TestAHookCanStopABypass(t *testing.T) {
	full := errors.New("audit trail is full")
	OnBypass(func(context.Context, BypassEvent) error { return full })
	defer OnBypass(nil)

	db, traced := widgetPool(t)
	st := Unscoped(widgets.DeleteFrom(), "test")
	if _, err := Exec(t.Context(), db, st); !errors.Is(err, full) {
		t.Errorf("Exec: %v, want the hook's error", err)
	}
	if text, _ := st.Build(); !strings.HasPrefix(text, poisonMark) {
		t.Errorf("Build: %q is no poison", text)
	}
	if n := traced.n.Load(); n != 0 {
		t.Errorf("%d statements were sent", n)
	}
}

func TestBypassesAreLoggedWithoutAHook(t *testing.T) {
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	defer slog.SetDefault(before)

	mustRender(t, Unscoped(Text("SELECT id FROM widgets WHERE name = $1", "secret"), "nightly sweep"))
	for _, want := range []string{"level=INFO", `reason="nightly sweep"`, "FROM widgets", "bypass_test.go", "line="} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: no %s", out.String(), want)
		}
	}
	if strings.Contains(out.String(), "secret") {
		t.Errorf("%s: an argument is logged", out.String())
	}
}

func TestBypassInsideForOrgIsRestrictedToo(t *testing.T) {
	t.Parallel()
	text, args := mustRender(t, ForOrg(Unscoped(selectWidgets("id"), "test"), us))
	if !strings.Contains(text, "organization_id = $1") || len(args) != 1 {
		t.Errorf("%s %v", text, args)
	}
}
