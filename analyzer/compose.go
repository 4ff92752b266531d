package analyzer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/sqlscan"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// composed is the pieces of a text, put together.
type composed struct {
	text   string                  // with sqlscan.Hole for what is not known
	why    *valueflow.Expr         // the first such piece
	values map[int]*valueflow.Expr // origins of the placeholders that a builder made, by number
	rows   map[int]bool            // those among them that are a part of a whole row
	made   []int                   // offsets of the digits that stand for numbers, ids and the like
}

// compose puts pieces together. Numbers, which are mostly the digits of
// placeholders, become numbers that nothing else uses.
func compose(pieces []*valueflow.Expr) composed {
	var b strings.Builder
	c := composed{}
	n := 100
	for _, p := range pieces {
		switch p.Kind {
		case valueflow.Text:
			b.WriteString(p.Text)
		case valueflow.Number:
			if p.Text != valueflow.WholeRow && beforeTable.MatchString(b.String()) {
				c.hole(&b, p) // Have: a name after all, as of a constant of another package
				continue
			}
			n++
			c.made = append(c.made, b.Len())
			b.WriteString(strconv.Itoa(n))
			if len(p.Sub) > 0 {
				if c.values == nil {
					c.values, c.rows = map[int]*valueflow.Expr{}, map[int]bool{}
				}
				c.rows[n] = p.Text == valueflow.WholeRow
				c.values[n] = p.Sub[0]
			}
		default:
			c.hole(&b, p)
		}
	}
	c.text = b.String()
	return c
}

func (c *composed) hole(b *strings.Builder, p *valueflow.Expr) {
	b.WriteString(sqlscan.Hole)
	if c.why == nil {
		c.why = p
	}
}

// beforeTable matches a text that ends where the name of a table has to follow.
var beforeTable = regexp.MustCompile(`(?i)\b(?:from|join|into|update|only|table)\s+(?:\w+\.)?"?$`)

// plain is a text without where its values come from.
func plain(pieces []*valueflow.Expr) (text string, why *valueflow.Expr) {
	c := compose(pieces)
	return c.text, c.why
}

// origins is where a value of a statement comes from; nil when that is not
// known.
func (c composed) origins(v orgfilter.Value, values *valueflow.Expr) *valueflow.Expr {
	switch {
	case v.Named != "":
		return valueflow.ValueNamed(values, v.Named)
	case v.Param == 0:
		return nil
	}
	if from := c.values[v.Param]; from != nil {
		return from
	}
	return valueflow.ValueAt(values, v.Param)
}

// formats tells whether one of the values is a literal that the program makes:
// an organization that is written into the text instead of being bound to it.
func (c composed) formats(values []orgfilter.Value) bool {
	return slices.ContainsFunc(values, func(v orgfilter.Value) bool {
		if !v.Const {
			return false
		}
		start, end := c.literal(v.Offset)
		return slices.ContainsFunc(c.made, func(at int) bool { return start <= at && at < end })
	})
}

// literal is where the first number or quoted text from offset begins and ends.
func (c composed) literal(offset int) (start, end int) {
	i := strings.IndexAny(c.text[offset:], "'0123456789")
	if i < 0 {
		return 0, 0
	}
	start = offset + i
	if c.text[start] != '\'' {
		return start, start + 1
	}
	length := strings.IndexByte(c.text[start+1:], '\'')
	return start, start + 1 + max(length, 0)
}

// fromRow tells whether an update sets the ownership column to that of a
// struct, with all the other columns.
func (c composed) fromRow(x orgfilter.Use) bool {
	return len(x.Moved) == 1 && c.rows[x.Moved[0].Param]
}

// decidesMembership tells whether a statement asks if a user is a member: then
// it is the very check that a foreign organization does not pass.
func decidesMembership(table, text string) bool {
	return strings.Contains(table, "member") && strings.Contains(strings.ToLower(text), "user")
}
