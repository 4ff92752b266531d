// Package gin has the names and signatures of gin that the corpus uses.
package gin

import (
	"net/http"
)

type HandlerFunc func(*Context)

type Context struct {
	Request *http.Request
	params  map[string]string
	keys    map[string]any
}

func (c *Context) Param(key string) string               { return c.params[key] }
func (c *Context) Query(key string) string               { return c.Request.URL.Query().Get(key) }
func (c *Context) DefaultQuery(key, value string) string { return value }
func (c *Context) PostForm(key string) string            { return c.Request.PostFormValue(key) }
func (c *Context) GetHeader(key string) string           { return c.Request.Header.Get(key) }
func (c *Context) Cookie(name string) (string, error)    { return name, nil }
func (c *Context) ShouldBindJSON(obj any) error          { return nil }
func (c *Context) BindJSON(obj any) error                { return nil }
func (c *Context) ShouldBindUri(obj any) error           { return nil }
func (c *Context) Set(key string, value any)             { c.keys[key] = value }
func (c *Context) MustGet(key string) any                { return c.keys[key] }
func (c *Context) JSON(code int, obj any)                {}
func (c *Context) AbortWithStatus(code int)              {}
