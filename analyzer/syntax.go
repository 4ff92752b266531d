package analyzer

import (
	"go/ast"
	"go/token"
)

// callSyntax is the source of a call.
type callSyntax struct {
	pos, end token.Pos
	stmt     token.Pos
	call     *ast.CallExpr // nil for a field
}

// callsOf finds the calls of files by the position that SSA gives them: the
// opening bracket. A composite literal's field is found by its colon.
func callsOf(files []*ast.File) map[token.Pos]callSyntax {
	found := map[token.Pos]callSyntax{}
	for _, file := range files {
		var stmts []token.Pos
		var stack []ast.Node
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				if _, ok := stack[len(stack)-1].(ast.Stmt); ok {
					stmts = stmts[:len(stmts)-1]
				}
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			if s, ok := n.(ast.Stmt); ok {
				stmts = append(stmts, s.Pos())
			}
			stmt := token.NoPos
			if len(stmts) > 0 {
				stmt = stmts[len(stmts)-1]
			}
			switch n := n.(type) {
			case *ast.CallExpr:
				found[n.Lparen] = callSyntax{n.Pos(), n.End(), stmt, n}
			case *ast.GoStmt:
				found[n.Go] = callSyntax{n.Call.Pos(), n.Call.End(), n.Pos(), n.Call}
			case *ast.DeferStmt:
				found[n.Defer] = callSyntax{n.Call.Pos(), n.Call.End(), n.Pos(), n.Call}
			case *ast.KeyValueExpr:
				found[n.Colon] = callSyntax{n.Pos(), n.End(), stmt, nil}
			}
			return true
		})
	}
	return found
}
