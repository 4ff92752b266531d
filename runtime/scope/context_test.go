package scope_test

import (
	"context"
	"testing"

	"github.com/sigrahq/sigra/runtime/scope"
)

func TestContextCarriesScope(t *testing.T) {
	t.Parallel()
	want := member(t, scope.Member)
	ctx := scope.NewContext(t.Context(), want)
	if got, ok := scope.FromContext(ctx); got != want || !ok {
		t.Errorf("got %s, %t, want %s", got, ok, want)
	}
}

func TestContextWithoutScope(t *testing.T) {
	t.Parallel()
	outer := scope.NewContext(t.Context(), member(t, scope.Owner))
	for name, ctx := range map[string]context.Context{
		"never set":             t.Context(),
		"nil":                   scope.NewContext(t.Context(), nil),
		"nil over an outer one": scope.NewContext(outer, nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, ok := scope.FromContext(ctx); got != nil || ok {
				t.Errorf("got %s, %t", got, ok)
			}
		})
	}
}
