package valueflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// keepsValues tells whether a method of a framework's context puts a value
// beside a request, or takes it from there.
func keepsValues(fn *types.Func, puts bool) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		return false
	}
	plain, _ := typeKeys(recv.Type())
	switch plain {
	case "github.com/gin-gonic/gin.Context":
		return puts && fn.Name() == "Set" || !puts && (fn.Name() == "Get" || fn.Name() == "MustGet" || fn.Name() == "GetString")
	case "github.com/labstack/echo.Context":
		return puts && fn.Name() == "Set" || !puts && fn.Name() == "Get"
	}
	return false
}

// kept is what the package puts into contexts by the key that a call asks for.
func (f *Flow) kept(q query, call ssa.CallInstruction) Set {
	args := callArgs(call)
	if len(args) < 2 {
		return nil
	}
	var sets []Set
	for _, put := range f.puts[keyOf(args[1])] {
		at := callArgs(put)
		sets = append(sets, f.closed(f.component(q, at[len(at)-1], "", put)))
	}
	return one(origins(union(sets...)...).Traveling())
}

// keyOf tells keys of a context from one another: by their type, and by their
// value where that is constant.
func keyOf(v ssa.Value) string {
	if boxed, ok := v.(*ssa.MakeInterface); ok {
		v = boxed.X
	}
	key := types.TypeString(v.Type(), nil)
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil {
			key += v.Value.ExactString()
		}
	case *ssa.UnOp:
		if g, ok := v.X.(*ssa.Global); ok {
			key += g.String()
		}
	}
	return key
}

// indexPuts finds what is put into contexts.
func (f *Flow) indexPuts(instr ssa.Instruction) {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return
	}
	fn, _ := calledObject(call).(*types.Func)
	if fn == nil {
		return
	}
	if args := callArgs(call); (fullName(fn) == "context.WithValue" || keepsValues(fn, true)) && len(args) == 3 {
		key := keyOf(args[1])
		f.puts[key] = append(f.puts[key], call)
	}
}
