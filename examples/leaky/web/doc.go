// Package web is the board's JSON over HTTP.
//
//	http.ListenAndServe(addr, web.Handler(store.New(pool), slog.Default()))
//
// A request says who is signed in, and may say which organization it is about:
//
//	Authorization: Bearer 7d3c…   the token of a session
//	X-Organization: acme          slug of the organization that the user acts in
//
// Signing up answers with a token, because passwords and passkeys are not what this example is about. Without the second
// header it is the session's organization. Both are a wish, never authority: each request reads the user's membership
// again and gets its scope from that row; without a membership there is no scope, and no handler runs.
package web
