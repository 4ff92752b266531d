// Package echo has the parts of the real package that the tests call.
package echo

import "net/http"

type Context interface {
	Request() *http.Request
	Param(name string) string
	QueryParam(name string) string
	Bind(i any) error
	Get(key string) any
}
