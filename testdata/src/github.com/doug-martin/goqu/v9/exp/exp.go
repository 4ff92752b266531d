// Package exp has the parts of the real package that the tests call.
package exp

type (
	Expression interface{ Expression() Expression }

	BooleanExpression interface {
		Expression
		Op() int
	}
	OrderedExpression interface {
		Expression
		IsAsc() bool
	}
	AliasedExpression interface {
		Expression
		Aliased() Expression
	}
	Comparable interface {
		Eq(any) BooleanExpression
		Neq(any) BooleanExpression
	}
	Inable interface {
		In(...any) BooleanExpression
	}
	Isable               interface{ IsNull() BooleanExpression }
	IdentifierExpression interface {
		Expression
		Comparable
		Inable
		Isable
		As(any) AliasedExpression
		Desc() OrderedExpression
	}
	LiteralExpression interface {
		Expression
		Comparable
		Literal() string
	}
	SQLFunctionExpression interface {
		Expression
		Comparable
		As(any) AliasedExpression
	}
	ExpressionList interface {
		Expression
		IsEmpty() bool
	}
	JoinCondition      interface{ IsEmpty() bool }
	ConflictExpression interface {
		Expression
		Action() int
	}
	ConflictUpdateExpression interface {
		ConflictExpression
		Where(...Expression) ConflictUpdateExpression
	}

	Ex     map[string]any
	ExOr   map[string]any
	Op     map[string]any
	Record map[string]any
	Vals   []any
)

func (Ex) Expression() Expression   { return nil }
func (ExOr) Expression() Expression { return nil }
