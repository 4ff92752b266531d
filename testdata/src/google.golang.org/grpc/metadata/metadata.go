// Package metadata has the parts of the real package that the tests call.
package metadata

import "context"

type MD map[string][]string

func (md MD) Get(k string) []string { return nil }

func FromIncomingContext(ctx context.Context) (MD, bool) { return nil, false }
