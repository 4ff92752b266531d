package valueflow

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// library knows what functions of other packages return. ok is false when it
// has nothing to say.
func (f *Flow) library(q query, site Site, c Callee, n int, path string) (s Set, ok bool) {
	if c.Obj == nil || c.Obj.Pkg() == nil {
		return nil, false
	}
	switch pkg := unvendored(c.Obj.Pkg().Path()); pkg {
	case QueryPath:
		if path == "" {
			return f.queryResult(q, site, c, n)
		}
	case builderPath:
		return f.builderResult(q, site, c, n)
	case bunPath:
		return f.bunResult(c)
	case squirrelPath:
		return f.squirrelResult(q, site, c, n)
	}
	if isGoqu(c.Obj.Pkg()) {
		return f.goquResult(site, c, n)
	}
	name := fullName(c.Obj)
	if s, ok := f.objectResult(q, site, c, name, n, path); ok {
		return s, true
	}
	if path != "" {
		return f.sliceResult(q, site, c, name, path)
	}
	if op, ok := textFunctions[name]; ok {
		return f.applied(q, op, site, c), true
	}
	switch name {
	case "strings.Replace":
		op := "replace"
		if k, ok := c.Args[3].(*ssa.Const); ok && k.Int64() == 1 {
			op = "replace1"
		}
		return f.applyTo(q, op, site, c.Args[:3]), true
	case "fmt.Sprintf", "fmt.Sprint", "fmt.Sprintln", "fmt.Errorf":
		return f.formatted(q, strings.TrimPrefix(c.Obj.Name(), "Sp"), c.Args, site.Call), true
	case "fmt.Append", "fmt.Appendf", "fmt.Appendln":
		rest := f.formatted(q, strings.ToLower(c.Obj.Name()), c.Args[1:], site.Call)
		return combine([]Set{f.component(q, c.Args[0], "", site.Call), rest}, func(p []*Expr) *Expr {
			return concat(site.Call.Pos(), p...)
		}), true
	case "strconv.Itoa", "strconv.FormatInt", "strconv.FormatUint", "strconv.FormatBool", "strconv.FormatFloat":
		if k, ok := c.Args[0].(*ssa.Const); ok && k.Value != nil {
			return one(text(k.Value.ExactString())), true
		}
		return one(number), true
	case "encoding/hex.EncodeToString", "github.com/google/uuid.NewString":
		return one(literal("the result of " + c.Obj.Name())), true
	case "strings.Replacer.Replace":
		return f.applyTo(q, "replacer", site, []ssa.Value{c.Args[1], c.Args[0]}), true
	case "strings.Clone", "slices.Clone", "slices.Grow", "slices.Clip", "slices.Sorted", "slices.Values", "slices.Collect",
		"bytes.NewBufferString", "bytes.NewBuffer", "bytes.Clone",
		"strings.NewReplacer", "strings.NewReader", "bytes.NewReader":
		return f.component(q, c.Args[0], "", site.Call), true
	case "maps.Keys":
		return combine([]Set{f.mapKeys(q, c.Args[0])}, func(p []*Expr) *Expr { return list(p[0]) }), true
	case "maps.Values":
		return combine([]Set{f.component(q, c.Args[0], "[]", site.Call)}, func(p []*Expr) *Expr { return list(p[0]) }), true
	case "cmp.Or":
		var sets []Set
		for _, l := range f.component(q, c.Args[0], "", site.Call) {
			sets = append(sets, Set(elements(l)))
		}
		return union(sets...), true
	case "io.ReadAll":
		return f.component(q, c.Args[0], "", site.Call), n == 0
	case "github.com/jmoiron/sqlx.Named", "github.com/jmoiron/sqlx.In":
		return f.component(q, c.Args[0], "", site.Call), n == 0
	case "github.com/jmoiron/sqlx.Rebind":
		return f.component(q, c.Args[1], "", site.Call), true
	}
	sig := c.Obj.Signature()
	switch {
	case c.Obj.Name() == "Rebind" && sig.Recv() != nil && len(c.Args) == 2:
		return f.component(q, c.Args[1], "", site.Call), true
	case c.Obj.Name() == "Sanitize" && sig.Recv() != nil && isNamed(sig.Recv().Type(), "github.com/jackc/pgx/v5", "Identifier"):
		return f.applyTo(q, "quote", site, c.Args[:1]), true
	case sig.Recv() != nil && len(c.Args) > 0 && isLiteral(sig.Recv().Type()) && c.Fn == nil && isText(sig.Results().At(0).Type()):
		if s := f.facts.Results(c.Obj, n); s != nil {
			return f.fill(q, s, nil, site), true
		}
		return one(literal("the result of " + qualified(c.Obj))), true
	}
	return nil, false
}

// textFunctions of the standard library, whose arguments are those of the
// operation.
var textFunctions = map[string]string{
	"strings.Join":       "join",
	"strings.ReplaceAll": "replace",
	"strings.TrimSpace":  "trimspace",
	"strings.Trim":       "trim",
	"strings.TrimLeft":   "trimleft",
	"strings.TrimRight":  "trimright",
	"strings.TrimPrefix": "trimprefix",
	"strings.TrimSuffix": "trimsuffix",
	"strings.ToLower":    "lower",
	"strings.ToUpper":    "upper",
	"strings.Repeat":     "repeat",
	"strings.Split":      "split",
	"strings.Title":      "title",
	"strings.ToTitle":    "title",
	"strings.Map":        "map",
	"slices.Concat":      "concat",
}

func (f *Flow) applied(q query, op string, site Site, c Callee) Set {
	return f.applyTo(q, op, site, c.Args)
}

func (f *Flow) applyTo(q query, op string, site Site, args []ssa.Value) Set {
	sets := make([]Set, len(args))
	for i, a := range args {
		sets[i] = f.component(query{as: asText}, a, "", site.Call)
		switch a.(type) {
		case *ssa.Const, *ssa.Parameter: // how often, which callers may say
		default:
			if isNumber(a.Type()) {
				sets[i] = one(number)
			}
		}
	}
	return combine(sets, func(p []*Expr) *Expr { return apply(op, site.Call.Pos(), p...) })
}

// objectResult is the text that was written to a buffer, or queued.
func (f *Flow) objectResult(q query, site Site, c Callee, name string, n int, path string) (Set, bool) {
	switch name {
	case "strings.Builder.String", "bytes.Buffer.String", "bytes.Buffer.Bytes":
		root, p := place(c.Args[0])
		return f.content(q, root, p, site.Call), true
	case "sync.Pool.Get":
		return f.pooled(q, c.Args[0], path)
	case "github.com/jackc/pgx/v5.Batch.Queue":
		if sql, ok := FieldPath(site.Call.Common().Signature().Results().At(0).Type(), "SQL"); ok && path == sql {
			return f.component(q, c.Args[1], "", site.Call), true
		}
	case QueryPath + ".Queue":
		if sql, ok := FieldPath(c.Obj.Signature().Results().At(0).Type(), "SQL"); ok && path == sql && n == 0 {
			return one(scopedText), true
		}
	}
	return nil, false
}

// pooled is what New of a sync.Pool makes. What was put back is taken to be
// like new.
func (f *Flow) pooled(q query, pool ssa.Value, path string) (Set, bool) {
	field, ok := FieldPath(pool.Type(), "New")
	if !ok {
		return nil, false
	}
	var sets []Set
	for _, v := range f.functionsAt(pool, field) {
		if made := f.calleeOf(v, nil).Fn; made != nil {
			sets = append(sets, f.closed(f.solver.ask(query{kind: askResult, fn: made, path: path, as: q.as})))
		}
	}
	return union(sets...), sets != nil
}

// sliceResult is an element of a slice that a function made from another.
func (f *Flow) sliceResult(q query, site Site, c Callee, name, path string) (Set, bool) {
	switch name {
	case "slices.Concat":
		return f.component(q, c.Args[0], "[]"+path, site.Call), true
	case "slices.Clone", "slices.Grow", "slices.Clip", "slices.Sorted", "slices.Collect", "slices.Values":
		return f.component(q, c.Args[0], path, site.Call), true
	case "maps.Keys":
		return f.mapKeys(q, c.Args[0]), true
	case "maps.Values":
		return f.component(q, c.Args[0], path, site.Call), true
	case "strings.Split":
		var sets []Set
		for _, l := range f.applied(q, "split", site, c) {
			sets = append(sets, Set(elements(l)))
		}
		return union(sets...), true
	}
	return nil, false
}

// queryResult knows the runtime's query package.
func (f *Flow) queryResult(q query, site Site, c Callee, n int) (Set, bool) {
	switch c.Obj.Name() {
	case "SQL", "Build", "BuildWithFlavor", "String":
		if n == 0 && c.Obj.Signature().Recv() != nil {
			return one(scopedText), true
		}
	case "Text", "Declare":
		return f.component(query{as: asText}, c.Args[0], "", site.Call), true
	case "SelectFrom", "InsertInto", "Update", "DeleteFrom":
		recv := c.Obj.Signature().Recv()
		if recv == nil || !isNamed(recv.Type(), QueryPath, "Table") {
			return nil, false
		}
		return combine([]Set{f.table(site, c.Args[0])}, func(p []*Expr) *Expr {
			if c.Obj.Name() == "InsertInto" && len(c.Args) == 2 {
				return builder(event(c.Obj.Name(), false, p[0], f.rows(site, c.Args[1])))
			}
			return builder(event(c.Obj.Name(), false, p[0]))
		}), true
	case "Name":
		if isNamed(c.Obj.Signature().Recv().Type(), QueryPath, "Table") {
			return f.table(site, c.Args[0]), true
		}
	}
	return nil, false
}

// table is the name of the table that v, a query.Table[M], is declared for.
func (f *Flow) table(site Site, v ssa.Value) Set {
	byType := f.tableOf(v.Type())
	return combine([]Set{f.component(query{as: asText}, v, "", site.Call)}, func(p []*Expr) *Expr {
		if byType != "" && p[0].Kind == Hole {
			return text(byType)
		}
		return p[0]
	})
}
