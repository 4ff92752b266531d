package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/pgsql"
)

// CopyForOrg copies rows into an org-owned table with COPY FROM and returns how
// many there were. The table is named as in SQL. columns are the names of the
// rows' values, as PostgreSQL stores them; pgx quotes them.
//
// Where the ownership column is not among them it is added. Where it is, each
// row must hold the scope's organization, nil or the zero id; a row that names
// another one ends the copy with [ErrForeignOrg], and none of the rows is
// copied.
//
// Other errors: [ErrNoOrganization] and [ErrNilID] as of [ForOrg],
// [ErrUndeclared], [ErrNotOrgOwned] for a shared table, [ErrStatement] for names
// that cannot be read or columns that repeat, and those of pgx.
func CopyForOrg[O Owner](ctx context.Context, db Copier, owner O, table string, columns []string, rows pgx.CopyFromSource) (int64, error) {
	org, refusal := organization(owner)
	if refusal != nil {
		return 0, refusal
	}
	target, err := copyTarget(table)
	if err != nil {
		return 0, err
	}
	if rows == nil {
		return 0, refuse(ErrStatement, "source of the rows is nil; pass one, as pgx.CopyFromRows makes")
	}
	columns = slices.Clone(columns) // what is checked is what is sent
	at, err := ownerPosition(columns, target.Table)
	if err != nil {
		return 0, err
	}
	source := &ownRows{CopyFromSource: rows, org: org, at: at, width: len(columns), table: target.Table}
	if at < 0 {
		columns = append(columns, target.Column)
	}
	n, err := db.CopyFrom(ctx, target.identifier, columns, source)
	if source.refusal != nil {
		return 0, source.refusal // what is left of it in err is the server's report
	}
	return n, err
}

type copyTable struct {
	orgfilter.Table
	identifier pgx.Identifier
}

func copyTarget(table string) (copyTable, error) {
	schema, name, err := pgsql.ParseName(table)
	if err != nil {
		return copyTable{}, refuse(ErrStatement, "table name %q: %v; write it as in SQL: name, schema.name, or in double quotes", table, err)
	}
	t, ok := declared.now().catalog.Lookup(schema, name)
	if !ok {
		return copyTable{}, &Error{Table: name, Offset: -1, kind: kindOf(ErrUndeclared),
			reason: fmt.Sprintf("table %s is not declared; add query.Declare[T](%[2]q) or query.Owned(%[2]q)", table, table)}
	}
	if t.Kind != orgfilter.Owned {
		return copyTable{}, &Error{Table: name, Offset: -1, kind: kindOf(ErrNotOrgOwned),
			reason: "table " + table + " is shared and has no organization; use CopyFrom of pgx"}
	}
	identifier := pgx.Identifier{name}
	if schema != "" {
		identifier = pgx.Identifier{schema, name}
	}
	return copyTable{Table: t, identifier: identifier}, nil
}

// ownerPosition finds the ownership column among the columns, or returns -1.
func ownerPosition(columns []string, t orgfilter.Table) (int, error) {
	for i, name := range columns {
		if slices.Contains(columns[:i], name) {
			return 0, &Error{Table: t.Name, Column: name, Offset: -1, kind: kindOf(ErrStatement),
				reason: "column " + name + " is named twice; name it once"}
		}
		if name != t.Column && strings.EqualFold(name, t.Column) {
			return 0, &Error{Table: t.Name, Column: t.Column, Offset: -1, kind: kindOf(ErrStatement),
				reason: "column " + name + " is not " + t.Column + " to PostgreSQL, because pgx quotes it; write " + t.Column}
		}
	}
	return slices.Index(columns, t.Column), nil
}

// ownRows puts the organization into each row, or checks that it is there.
type ownRows struct {
	pgx.CopyFromSource
	org   uuid.UUID
	at    int // of the ownership column; -1 when it is added at the end
	width int // columns that the caller named
	table orgfilter.Table
	row   int // rows so far
	buf   []any

	refusal error // why the copy was given up
}

func (r *ownRows) Values() ([]any, error) {
	values, err := r.CopyFromSource.Values()
	if err != nil {
		return nil, err
	}
	r.row++
	if len(values) != r.width {
		r.refusal = refuse(ErrStatement, "row %d has %d values for %d columns", r.row, len(values), r.width)
		return nil, r.refusal
	}
	// The row stays as the caller has it; pgx encodes it before the next.
	r.buf = append(r.buf[:0], values...)
	if r.at < 0 {
		r.buf = append(r.buf, r.org)
		return r.buf, nil
	}
	if identify(r.buf[r.at], r.org) == foreign {
		e := refuse(ErrForeignOrg, "row %d names another organization in %q; leave the column out, or nil", r.row, r.table.Column)
		e.Table, e.Column = r.table.Name, r.table.Column
		r.refusal = e
		return nil, e
	}
	r.buf[r.at] = r.org
	return r.buf, nil
}
