// Package gin has the parts of the real package that the tests call.
package gin

import "net/http"

type Context struct{ Request *http.Request }

func (c *Context) Param(key string) string            { return "" }
func (c *Context) Query(key string) string            { return "" }
func (c *Context) GetHeader(key string) string        { return "" }
func (c *Context) ShouldBindJSON(obj any) error       { return nil }
func (c *Context) BindQuery(obj any) error            { return nil }
func (c *Context) Set(key string, value any)          {}
func (c *Context) MustGet(key string) any             { return nil }
func (c *Context) GetString(key string) string        { return "" }
func (c *Context) Cookie(name string) (string, error) { return "", nil }
