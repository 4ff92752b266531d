package pgsql

import (
	"slices"
	"strings"
)

// Tree is a statement that has been read.
type Tree struct {
	Text      string
	Root      *Statement
	Relations []*Relation // every table, view or CTE reference, in order of appearance
	Params    []Param     // in order of appearance
	Calls     []Call      // in order of appearance
	Explain   bool        // the statement stood behind EXPLAIN
	// Escapes are plain strings with a backslash in front of a quote; they
	// would end elsewhere if standard_conforming_strings were off.
	Escapes []Span
	// Apart are tokens that pgx reads otherwise when it writes arguments into
	// the text itself, as it does in the simple protocol: names with a $, which
	// it takes for a parameter or a dollar quote; E'…' strings that are
	// continued on another line with a backslash in front of a quote; and
	// dollar quotes with U+FFFD in the tag.
	Apart []Span

	// Effortless tells of something that may fail and costs PostgreSQL nothing:
	// IS JSON, a constructor of JSON, or an array of columns
	// (cost_qual_eval_walker in costsize.c).
	Effortless bool

	computed []computed // columns of derived tables and WITH queries
	derived  []string   // names of derived tables
	failing  []string   // columns of both that may fail; empty for any name
	holders  bool       // has an outer join or grouping sets: see Haste
	fixed    []string   // columns of FROM with the same value in all rows; empty for what is not known

	parser *parser // to be used again
}

// Mentions tells whether the text has word, which is in lower case, anywhere in
// it, whatever the case and however a name is written.
func (t *Tree) Mentions(word string) bool {
	found := func(s string) bool { return strings.Contains(strings.ToLower(s), word) }
	return found(t.Text) || slices.ContainsFunc(t.parser.decoded, found)
}

// Param is one appearance of a parameter.
type Param struct {
	Number int    // of $n, from 1; for a loose ? its position among them
	Name   string // of a loose @name or :name
	Span
}

// Call is one appearance of a function's name with its arguments, or of a name
// behind a dot, which may be a function's as well: x.f for f(x).
type Call struct {
	Schema, Name string
	Offset       int
}

// Kind is the form of a statement.
type Kind uint8

const (
	Select Kind = iota + 1
	Values
	Table // TABLE name
	SetOperation
	Insert
	Update
	Delete
	Merge
)

func (k Kind) String() string {
	return [...]string{"", "SELECT", "VALUES", "TABLE", "set operation", "INSERT", "UPDATE", "DELETE", "MERGE"}[k]
}

// Statement is a query or a write, at the top or nested. Fields are set as
// its Kind has the clause.
type Statement struct {
	Kind Kind
	Span // without surrounding brackets
	With *With

	// Arms of a SetOperation: two, or one that stood in brackets.
	Arms []*Statement

	Into     int      // offset of INTO in a SELECT INTO, else -1
	Outputs  []Output // SELECT list, or what RETURNING gives
	Distinct bool
	From     []*FromItem // FROM, USING; the single table of TABLE; the source of MERGE
	FromEnd  int         // end of the last token in front of the place of a WHERE
	Where    *Expr       // also the ON of MERGE
	Current  bool        // WHERE CURRENT OF
	Having   *Expr
	// GroupingSets tells of ROLLUP, CUBE, GROUPING SETS or () in GROUP BY.
	GroupingSets bool

	Rows []Row // of VALUES

	Target  *Relation    // of a write
	Columns []ColumnName // INSERT (…)
	// ColumnsEnd is the offset of the bracket that closes Columns; without a
	// list it is 0.
	ColumnsEnd int
	Source     *Statement // of an INSERT; nil for DEFAULT VALUES
	SourceSpan Span       // of the source with its brackets, or of DEFAULT VALUES
	Set        []Assignment
	Conflict   *Conflict
	Actions    []*Action // of MERGE

	// Tail tells of ORDER BY, LIMIT, OFFSET, FETCH or a locking clause.
	Tail bool

	// Subqueries are the statements inside this one's expressions, CTEs and
	// derived tables excluded.
	Subqueries []*Statement
}

// With is a WITH clause.
type With struct {
	Span
	Recursive bool
	CTEs      []*CTE
}

// CTE is one query of a WITH clause.
type CTE struct {
	Name    string
	Span             // of the name
	Columns []string // that name (column, …) gives, the first ones if there are fewer
	Body    *Statement
}

// Output is one item of a SELECT list.
type Output struct {
	Span
	Expr  *Expr  // nil for *
	Star  bool   // * or name.*
	Label string // as written, with AS or without
}

// Column is the name of the column that the item makes, if it is a label or
// that of a column; for other expressions PostgreSQL has names of its own.
func (o *Output) Column() string {
	if o.Label != "" || o.Expr == nil || o.Expr.Kind != Column {
		return o.Label
	}
	return o.Expr.Name
}

// Row is one row of VALUES.
type Row struct {
	Span  // with its brackets
	Items []*Expr
}

// ColumnName is a target column of an INSERT, a SET or a conflict.
type ColumnName struct {
	Name string
	Span
	Part bool // only a field or an element of the column is named
}

// Assignment is one element of SET. Value is nil when the column is assigned
// from a row expression whose parts are not known.
type Assignment struct {
	ColumnName
	Value *Expr
}

// Conflict is ON CONFLICT.
type Conflict struct {
	Span
	Columns    []ColumnName // of the conflict target, simple columns only
	Constraint string
	Update     bool // DO UPDATE, not DO NOTHING
	Set        []Assignment
	SetEnd     int // end of the last token of SET
	Where      *Expr
}

// Action is one WHEN of MERGE.
type Action struct {
	Span
	Matched    bool
	BySource   bool  // NOT MATCHED BY SOURCE
	Condition  *Expr // AND …
	Then       int   // offset of THEN
	Do         Kind  // Insert, Update, Delete; 0 for DO NOTHING
	Columns    []ColumnName
	ColumnsEnd int
	Values     Row
	Default    bool // INSERT DEFAULT VALUES, which is then the span of Values
	Set        []Assignment
}

// FromItem is one table reference.
type FromItem struct {
	Span

	// One of these is set; none for a function.
	Relation *Relation
	Derived  *Statement
	Join     *Join

	Alias   string   // of a derived table, a function, or a join in brackets
	Columns []string // column aliases, the first ones if there are fewer
	Lateral bool
	Given   bool // a function that makes rows of its arguments, which are the same for every row
}

// JoinKind is the type of a join.
type JoinKind uint8

const (
	InnerJoin JoinKind = iota + 1
	CrossJoin
	LeftJoin
	RightJoin
	FullJoin
)

// Join is two table references and what combines them. Without On it is a
// CROSS or NATURAL join or one with USING.
type Join struct {
	Kind        JoinKind
	Left, Right *FromItem
	On          *Expr
	Natural     bool
	Using       []string // columns
	UsingAlias  string   // of USING (…) AS name
}

// Relation is a table, a view or a CTE by its name.
type Relation struct {
	Index        int      // in Tree.Relations
	Schema, Name string   // folded
	Alias        string   // empty without one
	Columns      []string // column aliases, the first ones if there are fewer
	Sampled      bool
	NameSpan     Span // ONLY, name, *
	AliasSpan    Span // with AS and column aliases; empty without
	Span              // everything, TABLESAMPLE included
	NameOffset   int  // of the first part of the name
	CTE          *CTE // what the name refers to, if it is a CTE
}

// Ref is the name by which the rest of the statement calls the relation.
func (r *Relation) Ref() string {
	if r.Alias != "" {
		return r.Alias
	}
	return r.Name
}

// ExprKind is the shape of an expression, as far as a proof needs it.
type ExprKind uint8

const (
	Other  ExprKind = iota // anything else
	And                    // Left AND Right
	Or                     // Left OR Right
	Equal                  // Left = Right
	Column                 // name, qualifier.name, schema.qualifier.name
	Parameter
	Literal // a string, number, TRUE, FALSE
	Null
	Default
	Cast         // Left::type or CAST(Left AS type)
	RowOf        // (a, b, …) and ROW(a, b, …)
	ArrayOf      // ARRAY[a, b, …] of one dimension
	AnyOf        // Left = ANY (Right), an array
	InList       // Left IN (items)
	NotDistinct  // Left IS NOT DISTINCT FROM Right
	InQuery      // Left IN (Query)
	NotNull      // Left IS NOT NULL
	SubQuery     // a scalar subquery
	AllColumns   // name.*; Qualifier is the name, if it is a plain one
	FunctionCall // name(…), and the functions that are written without brackets
	Test         // NOT Left, Left IS NULL, Left IS TRUE and the like
	Unequal      // Left <> Right
)

// Expr is an expression. Only what the proof looks at has children; what is
// below an Other has been checked for syntax and forgotten.
type Expr struct {
	Kind     ExprKind
	test     bool  // an operator that gives a boolean
	InSchema bool  // a Column has a schema in front of its Qualifier
	Param    int32 // of a Parameter: its index in Tree.Params
	Span
	work        work
	Left, Right *Expr
	Items       []*Expr    // of RowOf, ArrayOf and InList
	Query       *Statement // of InQuery

	Qualifier, Name string // of a Column; Name of a FunctionCall, without its schema
}
