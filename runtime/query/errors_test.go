package query

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

// Without a catalog the filter fails on every statement.
func TestAFaultOfOursSaysSoAndSendsNothing(t *testing.T) {
	t.Parallel()
	faulty := newKnowledge(nil, defaultLimits)
	for range 2 { // it is not remembered either
		_, err := faulty.plan(planKey{text: "SELECT size FROM gears WHERE owner = $1", args: 1})
		if !errors.Is(err, ErrFault) || !errors.Is(err, ErrStatement) || errors.Is(err, ErrUndeclared) {
			t.Fatalf("error is %v, want ErrFault", err)
		}
		if _, ok := errors.AsType[runtime.Error](err); !ok {
			t.Errorf("the cause is lost: %v", err)
		}
		if e, ok := errors.AsType[*Error](err); !ok || e.Offset != -1 {
			t.Errorf("error is %#v, want one about no place in the text", err)
		}
		for _, want := range []string{"nil pointer dereference", "catalog.go:", "please report it"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error does not say %q: %v", want, err)
			}
		}
	}
}

func TestEverySentinelIsWrappedByItsKind(t *testing.T) {
	t.Parallel()
	for _, sentinel := range sentinels[1:] {
		if err := refuse(sentinel, "x"); !errors.Is(err, sentinel) {
			t.Errorf("%v does not wrap %v", err, sentinel)
		}
	}
}
