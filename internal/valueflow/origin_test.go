package valueflow_test

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/ssa"
)

// originsOf is where the first result of function f comes from.
func originsOf(t *testing.T, src string) string {
	t.Helper()
	flow, pkg := flowOf(t, src)
	i := slices.IndexFunc(pkg.Funcs, func(fn *ssa.Function) bool { return fn.Name() == "f" })
	if i < 0 {
		t.Fatal("no function f")
	}
	return flow.ResultOrigins(pkg.Funcs[i], 0, "").String()
}

func TestOriginsFollowWhatAClientSends(t *testing.T) {
	t.Parallel()
	const head = `
import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"net/http"
	"strings"
)

var (
	_ context.Context
	_ = hmac.Equal
	_ = json.Unmarshal
	_ = strings.Cut
)

type input struct {
	Org    string
	Hidden string ` + "`json:\"-\"`" + `
}

type key struct{}

`
	tests := []struct{ name, src, want string }{
		{"a method", `func f(r *http.Request) string { return r.PathValue("x") }`, "[request(Request.PathValue)]"},
		{"a field of a field", `func f(r *http.Request) string { return r.URL.Path }`, "[request(Request.URL)]"},
		{"not the server's own", `func f(r *http.Request) any { return r.Context().Value("user") }`, "[]"},
		{"not a request that is made here", `func f() string { r, _ := http.NewRequest("GET", "", nil); return r.URL.Path }`, "[]"},
		{"conversions", `func f(r *http.Request) string { a, _, _ := strings.Cut(strings.ToLower(r.Host), ":"); return string([]byte(a)) }`, "[request(Request.Host)]"},
		{"a decoded body", `func f(r *http.Request) string { var v input; json.NewDecoder(r.Body).Decode(&v); return v.Org }`, "[request(Request.Body)]"},
		{"a field that is not decoded", `func f(r *http.Request) string { var v input; json.NewDecoder(r.Body).Decode(&v); return v.Hidden }`, "[]"},
		{"a field that is set afterwards", `func f(r *http.Request, s string) string { var v input; json.NewDecoder(r.Body).Decode(&v); v.Org = s; return v.Org }`, "[$1!]"},
		{"one of two branches", `func f(r *http.Request, a string) string { if a == "" { a = r.Host }; return a }`, "[$1! request(Request.Host)]"},
		{"a parameter that a caller fills", `func g(s string) string { return s }; func f(r *http.Request) string { return g(r.Host) }`, "[request(Request.Host)]"},
		{"the value, and not the key", `var m = map[string]string{"a": "b"}; func f(r *http.Request) string { return m[r.Host] }`, "[]"},
		{"a recursion", `func g(s string, n int) string { if n == 0 { return s }; return g(s, n-1) }; func f(r *http.Request) string { return g(r.Host, 9) }`, "[request(Request.Host)]"},
		{"what a signature vouches for", `func g(s string) string { if hmac.Equal(nil, nil) { return s }; return "" }; func f(r *http.Request) string { return g(r.Host) }`, "[]"},
		{"what was compared", `func f(r *http.Request, own string) string { s := r.Host; if s != own { return "" }; return s }`, "[]"},
		{"what was compared with a constant", `func f(r *http.Request, own string) string { s := r.Host; if s == "" { return "x" }; return s }`, "[request(Request.Host)]"},
		{"what was checked", `func isMember(s string) bool { return true }; func f(r *http.Request) string { s := r.Host; if !isMember(s) { return "" }; return s }`, "[]"},
		{"what was checked in vain", `func isMember(s string) bool { return true }; func f(r *http.Request) string { s := r.Host; isMember(s); return s }`, "[request(Request.Host)]"},
		{"a context", `func g(r *http.Request) context.Context { return context.WithValue(r.Context(), key{}, r.Host) }; func f(ctx context.Context) string { return ctx.Value(key{}).(string) }`, "[request(Request.Host)]"},
		{"a channel", `func f(r *http.Request) string { c := make(chan string, 1); c <- r.Host; return <-c }`, "[request(Request.Host)]"},
		{"a closure", `func f(r *http.Request) string { s := ""; func() { s = r.Host }(); return s }`, "[request(Request.Host)]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := originsOf(t, head+tt.src); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
