package lawtest

import (
	"encoding/binary"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Outcome is what a statement did.
type Outcome struct {
	columns string // names and types
	rows    []string
	tag     string
	err     *pgconn.PgError
	own     string // rows of A and of nobody afterwards
	others  string
}

// firstOfUser is the lowest OID of what is not built in (FirstNormalObjectId).
const firstOfUser = 16384

func (o *Outcome) read(r *pgconn.ResultReader) (tag string, err error) {
	var b strings.Builder
	for _, f := range r.FieldDescriptions() {
		oid := f.DataTypeOID
		if oid >= firstOfUser {
			oid = firstOfUser // each database numbers its row types differently
		}
		fmt.Fprintf(&b, "%s %d %d,", f.Name, oid, f.TypeModifier)
	}
	o.columns = b.String()
	for r.NextRow() {
		values := r.Values()
		o.rows = append(o.rows, encodeRow(values))
		if len(values) == 2 {
			o.own, o.others = string(values[0]), string(values[1])
		}
	}
	t, err := r.Close()
	return t.String(), err
}

// encodeRow keeps NULL apart from an empty text, and values from each other.
func encodeRow(values [][]byte) string {
	var b []byte
	for _, v := range values {
		if v == nil {
			b = append(b, 'n')
			continue
		}
		b = append(b, 'v')
		b = binary.AppendUvarint(b, uint64(len(v)))
		b = append(b, v...)
	}
	return string(b)
}

// decodeRow gives the values of an encoded row, NULL as a word.
func decodeRow(row string) []string {
	var values []string
	for b := []byte(row); len(b) > 0; {
		if b[0] == 'n' {
			values, b = append(values, "NULL"), b[1:]
			continue
		}
		size, n := binary.Uvarint(b[1:])
		b = b[1+n:]
		values, b = append(values, string(b[:size])), b[size:]
	}
	return values
}

// showRow writes an encoded row for people.
func showRow(row string) string { return "(" + strings.Join(decodeRow(row), " | ") + ")" }

// State is the SQLSTATE, empty for success.
func (o *Outcome) State() string {
	if o.err == nil {
		return ""
	}
	return o.err.Code
}

const timeout = "57014"

// Difference says in what a scoped statement's outcome differs from that of the
// plain one; it is empty when they agree. ordered tells whether the order of rows
// matters.
func (o *Outcome) Difference(plain *Outcome, ordered bool) string {
	switch {
	case o.State() != plain.State():
		return fmt.Sprintf("error: %s, plain %s", describe(o.err), describe(plain.err))
	case o.err != nil:
		return ""
	case o.columns != plain.columns:
		return fmt.Sprintf("columns: %s, plain %s", o.columns, plain.columns)
	case !sameRows(o.rows, plain.rows, ordered):
		return "rows: " + describeRows(o.rows, plain.rows, showRow)
	case o.tag != plain.tag:
		return fmt.Sprintf("tag: %s, plain %s", o.tag, plain.tag)
	case o.own != plain.own:
		same := func(row string) string { return row }
		return "effects: " + describeRows(strings.Split(o.own, "\n"), strings.Split(plain.own, "\n"), same)
	}
	return ""
}

func sameRows(a, b []string, ordered bool) bool {
	if len(a) != len(b) {
		return false
	}
	if !ordered {
		a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	}
	return slices.Equal(a, b)
}

func describe(err *pgconn.PgError) string {
	if err == nil {
		return "none"
	}
	return err.Code + " " + err.Message
}

// describeRows lists the rows that only one side has.
func describeRows(scoped, plain []string, show func(string) string) string {
	count := map[string]int{}
	for _, r := range scoped {
		count[r]++
	}
	for _, r := range plain {
		count[r]--
	}
	var b strings.Builder
	listed := 0
	for _, r := range slices.Sorted(maps.Keys(count)) {
		if count[r] == 0 {
			continue
		}
		if listed++; listed > 6 {
			b.WriteString(" …")
			break
		}
		fmt.Fprintf(&b, " %+d %s", count[r], show(r))
	}
	if listed == 0 {
		return "another order"
	}
	return fmt.Sprintf("%d, plain %d;%s", len(scoped), len(plain), b.String())
}

// Shows tells whether an outcome has a mark of another organization in what a
// client sees of it.
func (o *Outcome) Shows(mark *regexp.Regexp) bool {
	if o.err != nil {
		return mark.MatchString(o.err.Message + "\n" + o.err.Detail + "\n" + o.err.Hint + "\n" + o.err.Where)
	}
	return slices.ContainsFunc(o.rows, mark.MatchString)
}
