package scope

import "context"

type contextKey struct{}

// NewContext returns a context that carries s. It is meant for the HTTP edge;
// repositories take the *Scope as an argument. A nil s hides a scope that ctx
// already carries.
func NewContext(ctx context.Context, s *Scope) context.Context {
	return context.WithValue(ctx, contextKey{}, s)
}

// FromContext returns the scope that ctx carries. It is false when there is
// none or a nil one; the scope is then nil, which fails closed.
func FromContext(ctx context.Context) (*Scope, bool) {
	s, _ := ctx.Value(contextKey{}).(*Scope)
	return s, s != nil
}
