// Package connect has the parts of the real package that the tests call.
package connect

import "net/http"

type Request[T any] struct{ Msg *T }

func (r *Request[T]) Header() http.Header { return nil }
