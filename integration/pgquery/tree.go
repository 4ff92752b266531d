package pgquery

import (
	"errors"
	"strings"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// maxText keeps libpg_query well away from the depth at which its C stack
// overflows, which no Go code could recover from.
const maxText = 24 << 10

// errNoVerdict marks text on which libpg_query's answer says nothing about
// PostgreSQL's grammar.
var errNoVerdict = errors.New("libpg_query gives no verdict")

// parse returns PostgreSQL's tree of text. It refuses what libpg_query would
// read differently from a server: a NUL ends the text there, and very long or
// deeply nested text fails in the C or protobuf layer instead of the grammar.
func parse(text string) (*pg.ParseResult, error) {
	if strings.ContainsRune(text, 0) {
		return nil, errors.New("NUL byte")
	}
	if !utf8.ValidString(text) {
		return nil, errors.New("invalid UTF-8")
	}
	if len(text) > maxText {
		return nil, errNoVerdict
	}
	text, err := blankComments(text)
	if err != nil {
		return nil, err
	}
	tree, err := pg.Parse(text)
	if err == nil {
		return tree, nil
	}
	for _, limit := range []string{"recursion", "stack depth", "exceeded max"} {
		if strings.Contains(err.Error(), limit) {
			return nil, errNoVerdict
		}
	}
	return nil, err
}

// blankComments puts spaces where text has comments. To a server a comment is
// white space, but libpg_query makes it a token, and then fails to read NOT
// BETWEEN, WITH TIME ZONE, NULLS FIRST, UESCAPE and strings that continue on
// the next line when a comment stands between their halves.
func blankComments(text string) (string, error) {
	scan, err := pg.Scan(text)
	if err != nil {
		return "", err
	}
	out := []byte(text)
	tokens := scan.GetTokens()
	for i, tok := range tokens {
		switch tok.GetToken() {
		case pg.Token_SQL_COMMENT:
		case pg.Token_C_COMMENT:
			// Unlike -- it does not let a string continue behind it.
			if i > 0 && i+1 < len(tokens) && text[tokens[i-1].GetEnd()-1] == '\'' && text[tokens[i+1].GetStart()] == '\'' {
				continue
			}
		default:
			continue
		}
		for at := tok.GetStart(); at < tok.GetEnd(); at++ {
			out[at] = ' '
		}
	}
	return string(out), nil
}

// statement returns the only statement of a tree, looking through EXPLAIN.
func statement(tree *pg.ParseResult) *pg.Node {
	if len(tree.GetStmts()) != 1 {
		return nil
	}
	stmt := tree.GetStmts()[0].GetStmt()
	if e := stmt.GetExplainStmt(); e != nil {
		return e.GetQuery()
	}
	return stmt
}

// isDML says whether node is a statement that the reader is made for.
func isDML(node *pg.Node) bool {
	switch node.GetNode().(type) {
	case *pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt, *pg.Node_MergeStmt:
		return true
	}
	return false
}

// children calls f for each message directly below m but those in the named
// fields.
func children(m protoreflect.Message, f func(protoreflect.Message), except ...protoreflect.Name) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if fd.Kind() != protoreflect.MessageKind {
			return true
		}
		for _, name := range except {
			if fd.Name() == name {
				return true
			}
		}
		if !fd.IsList() {
			f(v.Message())
			return true
		}
		for i := range v.List().Len() {
			f(v.List().Get(i).Message())
		}
		return true
	})
}

// str is the text of a String node, empty for any other.
func str(n *pg.Node) string { return n.GetString_().GetSval() }
