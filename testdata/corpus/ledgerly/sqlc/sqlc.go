// Package sqlc looks like generated code.
package sqlc

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

type DBTX interface {
	Exec(context.Context, string, ...interface{}) (pgconn.CommandTag, error)
	Query(context.Context, string, ...interface{}) (pgx.Rows, error)
	QueryRow(context.Context, string, ...interface{}) pgx.Row
}

func New(db DBTX) *Queries { return &Queries{db: db} }

type Queries struct{ db DBTX }

func (q *Queries) WithTx(tx pgx.Tx) *Queries { return &Queries{db: tx} }

const getInvoice = `-- name: GetInvoice :one
SELECT id, number
FROM invoices
WHERE id = $1 AND organization_id = $2
`

type GetInvoiceParams struct {
	ID             uuid.UUID
	OrganizationID uuid.UUID
}

type GetInvoiceRow struct {
	ID     uuid.UUID
	Number string
}

func (q *Queries) GetInvoice(ctx context.Context, arg GetInvoiceParams) (GetInvoiceRow, error) {
	row := q.db.QueryRow(ctx, getInvoice, arg.ID, arg.OrganizationID) // ok
	var i GetInvoiceRow
	err := row.Scan(&i.ID, &i.Number)
	return i, err
}

const countInvoices = `-- name: CountInvoices :one
SELECT count(*) FROM invoices WHERE organization_id = $1
`

func (q *Queries) CountInvoices(ctx context.Context, organizationID uuid.UUID) (int64, error) {
	row := q.db.QueryRow(ctx, countInvoices, organizationID) // ok
	var count int64
	err := row.Scan(&count)
	return count, err
}

const getInvoiceByID = `-- name: GetInvoiceByID :one
SELECT id, number
FROM invoices
WHERE id = $1
`

func (q *Queries) GetInvoiceByID(ctx context.Context, id uuid.UUID) (GetInvoiceRow, error) {
	row := q.db.QueryRow(ctx, getInvoiceByID, id) // want unscoped
	var i GetInvoiceRow
	err := row.Scan(&i.ID, &i.Number)
	return i, err
}

const deleteLines = `-- name: DeleteLines :exec
DELETE FROM invoice_lines
WHERE invoice_id = $1
`

func (q *Queries) DeleteLines(ctx context.Context, invoiceID uuid.UUID) error {
	_, err := q.db.Exec(ctx, deleteLines, invoiceID) // want unscoped
	return err
}

const listInvoices = `-- name: ListInvoices :many
SELECT id, number FROM invoices
WHERE organization_id = $1
  AND (status = $2 OR $2 IS NULL)
ORDER BY number
LIMIT $3 OFFSET $4
`

type ListInvoicesParams struct {
	OrganizationID uuid.UUID
	Status         *string
	Limit, Offset  int32
}

func (q *Queries) ListInvoices(ctx context.Context, arg ListInvoicesParams) ([]GetInvoiceRow, error) {
	rows, err := q.db.Query(ctx, listInvoices, arg.OrganizationID, arg.Status, arg.Limit, arg.Offset) // ok
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []GetInvoiceRow
	for rows.Next() {
		var i GetInvoiceRow
		if err := rows.Scan(&i.ID, &i.Number); err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	return items, rows.Err()
}

const searchInvoices = `-- name: SearchInvoices :many
SELECT id, number FROM invoices
WHERE (organization_id = $1 OR $1 IS NULL)
  AND (status = $2 OR $2 IS NULL)
`

func (q *Queries) SearchInvoices(ctx context.Context, organizationID *uuid.UUID, status *string) (pgx.Rows, error) {
	return q.db.Query(ctx, searchInvoices, organizationID, status) // want unscoped
}

const createLead = `-- name: CreateLead :one
INSERT INTO leads (id, organization_id, name)
VALUES ($1, $2, $3)
RETURNING id, organization_id, name
`

func (q *Queries) CreateLead(ctx context.Context, id, organizationID uuid.UUID, name string) pgx.Row {
	return q.db.QueryRow(ctx, createLead, id, organizationID, name) // ok
}

const updateLead = `-- name: UpdateLead :exec
UPDATE leads SET
  name = coalesce($1, name),
  organization_id = coalesce($2, organization_id)
WHERE id = $3 AND organization_id = $4
`

func (q *Queries) UpdateLead(ctx context.Context, name *string, org *uuid.UUID, id, organizationID uuid.UUID) error {
	_, err := q.db.Exec(ctx, updateLead, name, org, id, organizationID) // want moved
	return err
}
