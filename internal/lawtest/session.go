package lawtest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// request is a statement to run in a transaction that is rolled back.
type request struct {
	sql     string
	args    []*string
	effects bool // look at all tables afterwards if it has written or locked anything
}

func newRequest(sql string, args []*string) request {
	return request{sql: sql, args: args, effects: true}
}

// holds tells whether a mark stands in the statement or its arguments.
func (r request) holds(mark *regexp.Regexp) bool {
	return mark.MatchString(r.sql) || slices.ContainsFunc(r.args, func(a *string) bool { return a != nil && mark.MatchString(*a) })
}

// outcome is what a statement did.
type outcome struct {
	columns string // names and types
	rows    []string
	tag     string
	err     *pgconn.PgError
	own     string // rows of A and of nobody afterwards
	others  string
}

// exchange runs requests in one round trip.
func exchange(ctx context.Context, conn *pgconn.PgConn, requests []request) ([]outcome, error) {
	p := conn.StartPipeline(ctx)
	for _, r := range requests {
		p.SendQueryPrepared("begin", nil, nil, nil)
		values, oids := encode(r)
		p.SendQueryParams(r.sql, values, oids, nil, nil)
		if r.effects {
			p.SendQueryPrepared("effects", nil, nil, nil)
		}
		p.SendPipelineSync()
		p.SendQueryPrepared("rollback", nil, nil, nil)
		p.SendPipelineSync()
	}
	if err := p.Flush(); err != nil {
		return nil, fmt.Errorf("lawtest: send statements: %w", err)
	}
	outcomes := make([]outcome, len(requests))
	for i, r := range requests {
		if err := outcomes[i].receive(p); err != nil {
			p.Close()
			return nil, fmt.Errorf("lawtest: run %s: %w", r.sql, err)
		}
	}
	return outcomes, p.Close()
}

// encode gives the arguments, and text as the type of those that the statement
// does not use: PostgreSQL cannot tell their type.
func encode(r request) (values [][]byte, oids []uint32) {
	const textOID = 25
	if len(r.args) == 0 {
		return nil, nil
	}
	used := map[string]bool{}
	for _, t := range tokenize(r.sql) {
		if t.class == parameterToken {
			used[t.text] = true
		}
	}
	for i, arg := range r.args {
		oid := uint32(0)
		if !used["$"+strconv.Itoa(i+1)] {
			oid = textOID
		}
		oids = append(oids, oid)
		if arg == nil {
			values = append(values, nil)
			continue
		}
		values = append(values, []byte(*arg))
	}
	return values, oids
}

// receive reads what exchange sent for one request.
func (o *outcome) receive(p *pgconn.Pipeline) error {
	// Results come in the order of the requests: BEGIN, the statement, the
	// effects, and the synchronization; then those of ROLLBACK.
	n, syncs := 0, 0
	for syncs < 2 {
		result, err := p.GetResults()
		var failure *pgconn.PgError
		if errors.As(err, &failure) {
			if err := o.fail(failure, n, syncs); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		switch result := result.(type) {
		case *pgconn.PipelineSync:
			syncs++
		case *pgconn.ResultReader:
			read := outcome{}
			tag, err := read.read(result)
			if errors.As(err, &failure) {
				if err := o.fail(failure, n, syncs); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return err
			}
			switch {
			case syncs == 0 && n == 1:
				o.columns, o.rows, o.tag = read.columns, read.rows, tag
			case syncs == 0 && n == 2:
				o.own, o.others = read.own, read.others
			}
			n++
		default:
			return fmt.Errorf("unexpected %T", result)
		}
	}
	return nil
}

// fail notes an error of the statement; one of anything else is ours, unless
// the machine is so busy that looking at the tables takes too long.
func (o *outcome) fail(failure *pgconn.PgError, n, syncs int) error {
	if failure.Code != timeout && (syncs != 0 || n != 1) {
		return failure
	}
	o.err = failure
	o.columns, o.rows, o.tag = "", nil, ""
	return nil
}

// firstOfUser is the lowest OID of what is not built in (FirstNormalObjectId).
const firstOfUser = 16384

func (o *outcome) read(r *pgconn.ResultReader) (tag string, err error) {
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

// state is the SQLSTATE, empty for success.
func (o *outcome) state() string {
	if o.err == nil {
		return ""
	}
	return o.err.Code
}

const timeout = "57014"

// difference says in what two outcomes differ; it is empty when they agree.
func difference(scoped, plain *outcome, ordered bool) string {
	switch {
	case scoped.state() != plain.state():
		return fmt.Sprintf("error: %s, plain %s", describe(scoped.err), describe(plain.err))
	case scoped.err != nil:
		return ""
	case scoped.columns != plain.columns:
		return fmt.Sprintf("columns: %s, plain %s", scoped.columns, plain.columns)
	case !sameRows(scoped.rows, plain.rows, ordered):
		return "rows: " + describeRows(scoped.rows, plain.rows, showRow)
	case scoped.tag != plain.tag:
		return fmt.Sprintf("tag: %s, plain %s", scoped.tag, plain.tag)
	case scoped.own != plain.own:
		same := func(row string) string { return row }
		return "effects: " + describeRows(strings.Split(scoped.own, "\n"), strings.Split(plain.own, "\n"), same)
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

// shows tells whether an outcome has a mark of another organization in what a
// client sees of it.
func (o *outcome) shows(mark *regexp.Regexp) bool {
	if o.err != nil {
		return mark.MatchString(o.err.Message) || mark.MatchString(o.err.Detail)
	}
	return slices.ContainsFunc(o.rows, mark.MatchString)
}
