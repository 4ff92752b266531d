// Package metadata has the names and signatures of grpc's metadata that the corpus uses.
package metadata

import "context"

type MD map[string][]string

func (md MD) Get(key string) []string { return md[key] }

type key struct{}

func FromIncomingContext(ctx context.Context) (MD, bool) {
	md, ok := ctx.Value(key{}).(MD)
	return md, ok
}

func ValueFromIncomingContext(ctx context.Context, name string) []string {
	md, _ := FromIncomingContext(ctx)
	return md[name]
}
