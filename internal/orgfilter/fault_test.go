package orgfilter

import (
	"errors"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// A rewriter without a catalog is a faulty one.
func TestAFaultIsARefusalThatTellsOfItself(t *testing.T) {
	t.Parallel()
	plan, err := Rewrite("SELECT name FROM projects WHERE id = $1", nil, 1)
	if plan != nil {
		t.Errorf("the statement is let through: %s", plan.Text)
	}
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Problem != Failed || e.Offset != -1 {
		t.Fatalf("error is %#v", err)
	}
	if _, ok := errors.AsType[runtime.Error](err); !ok {
		t.Errorf("the cause is lost: %v", e.Cause)
	}
	if text := e.Cause.Error(); !strings.Contains(text, "nil pointer dereference") || !regexp.MustCompile(`\(catalog\.go:\d+\)$`).MatchString(text) {
		t.Errorf("the cause says %q, want what happened and where", text)
	}
}

func TestAFaultNamesThePlaceOfItsPanic(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func(){
		"value":      func() { panic("a part is written twice") },
		"error":      func() { panic(errors.New("boom")) },
		"index":      func() { var none []int; _ = none[len(t.Name())] },
		"assertion":  func() { var v any = 1; _ = v.(string) },
		"channel":    func() { c := make(chan int); close(c); close(c) },
		"in a defer": func() { defer func() { panic("late") }(); panic("early") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := caught(recover()); !strings.HasPrefix(got.place, "fault_test.go:") {
					t.Errorf("place is %s: %v", got.place, got)
				}
			}()
			f()
		})
	}
}
