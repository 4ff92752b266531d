// Package fiber has the parts of the real package that the tests call.
package fiber

type Ctx struct{}

func (c *Ctx) Params(key string, defaultValue ...string) string { return "" }
func (c *Ctx) Get(key string, defaultValue ...string) string    { return "" }
func (c *Ctx) BodyParser(out any) error                         { return nil }
func (c *Ctx) Locals(key any, value ...any) any                 { return nil }
