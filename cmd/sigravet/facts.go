package main

import (
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
)

// facts are what analyzers say of packages and objects. The packages of a run
// share one world of types, so nothing has to be encoded.
type facts struct {
	mu    sync.RWMutex
	known map[factKey]analysis.Fact
}

type factKey struct {
	of   any // a types.Object or a *types.Package
	kind reflect.Type
}

func newFacts() *facts { return &facts{known: map[factKey]analysis.Fact{}} }

func (f *facts) add(of any, fact analysis.Fact) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known[factKey{of, reflect.TypeOf(fact)}] = fact
}

// get fills fact, if there is one of its type.
func (f *facts) get(of any, fact analysis.Fact) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	stored, ok := f.known[factKey{of, reflect.TypeOf(fact)}]
	if ok {
		reflect.ValueOf(fact).Elem().Set(reflect.ValueOf(stored).Elem())
	}
	return ok
}
