package schema

import (
	"fmt"
	"go/ast"
	goparser "go/parser"
	gotoken "go/token"
	"strconv"
	"strings"
)

// ApplyGo reads the statements in the string literals of a Go file: one whose
// migrations are lists of texts, or functions that run them. What stands in a
// function, a field or a variable named Down is not applied.
func (s *Schema) ApplyGo(name, src string) error {
	file, err := goparser.ParseFile(gotoken.NewFileSet(), name, src, goparser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return !namesDown(n.Name)
		case *ast.KeyValueExpr:
			return !namesDown(n.Key)
		case *ast.ValueSpec:
			return len(n.Names) != 1 || !namesDown(n.Names[0])
		case *ast.BinaryExpr:
			s.Apply("", literal(n))
			return false
		case *ast.BasicLit:
			s.Apply("", literal(n))
		}
		return true
	})
	return nil
}

// literal is the constant text of an expression, with a space for what is not
// constant in it.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return literal(e.X) + literal(e.Y)
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == gotoken.STRING {
			return text
		}
	}
	return " "
}

// namesDown tells whether a name is that of the way down: Down, downTasks,
// Down0001.
func namesDown(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && strings.HasPrefix(strings.ToLower(id.Name), "down")
}
