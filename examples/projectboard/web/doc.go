// Package web is the board's JSON over HTTP.
//
//	http.ListenAndServe(addr, web.Handler(store.New(pool), slog.Default()))
//
// A request says who is signed in and which organization is active in two headers:
//
//	X-User-ID: 7d3c…          the signed-in user
//	X-Organization: acme      slug of the organization that the user acts in
//
// The first one stands for what a session cookie or a token proves in a real application: whatever sets it must not be
// the client. The second one is a wish, never authority. Each request reads the user's membership of that organization
// again and gets its scope from that row; without a membership there is no scope, and no handler runs.
package web
