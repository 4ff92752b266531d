// Package sqlxrepo uses sqlx.
package sqlxrepo

import (
	"context"

	"github.com/jmoiron/sqlx"
)

type Base struct {
	ID             string `db:"id"`
	OrganizationID string `db:"organization_id"`
}

type Customer struct {
	Base
	Name string `db:"name"`
}

type Repo struct{ db *sqlx.DB }

func (r *Repo) List(ctx context.Context, org string) (out []Customer, err error) {
	err = r.db.SelectContext(ctx, &out, "SELECT id, organization_id, name FROM customers WHERE organization_id = $1", org) // ok
	return out, err
}

func (r *Repo) Get(org, id string) (c Customer, err error) {
	err = r.db.Get(&c, "SELECT id, name FROM customers WHERE id = $2 AND organization_id = $1", org, id) // ok
	return c, err
}

func (r *Repo) Named(ctx context.Context, c Customer) error {
	_, err := r.db.NamedExecContext(ctx, "UPDATE customers SET name = :name WHERE id = :id AND organization_id = :organization_id", c) // ok
	return err
}

func (r *Repo) NamedInsert(c Customer) error {
	_, err := r.db.NamedExec("INSERT INTO customers (id, organization_id, number, name) VALUES (:id, :organization_id, '', :name)", c) // ok
	return err
}

func (r *Repo) Tx(org string) error {
	tx, err := r.db.Beginx()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	tx.MustExec("UPDATE customers SET archived = true WHERE organization_id = $1", org) // ok
	return tx.Commit()
}

func (r *Repo) Queryx(ctx context.Context, org string) (*sqlx.Rows, error) {
	return r.db.QueryxContext(ctx, r.db.Rebind("SELECT id FROM customers WHERE organization_id = ?"), org) // open
}

func (r *Repo) Preparex(org string) (*sqlx.Stmt, error) {
	return r.db.Preparex("SELECT id FROM customers WHERE organization_id = $1") // ok
}

func (r *Repo) Currencies() (codes []string, err error) {
	err = r.db.Select(&codes, "SELECT code FROM currencies") // ok
	return codes, err
}

func (r *Repo) ListAll(ctx context.Context) (out []Customer, err error) {
	err = r.db.SelectContext(ctx, &out, "SELECT id, organization_id, name FROM customers") // want unscoped
	return out, err
}

func (r *Repo) ByID(id string) (c Customer, err error) {
	err = r.db.Get(&c, "SELECT id, name FROM customers WHERE id = $1", id) // want unscoped
	return c, err
}

func (r *Repo) NamedForgot(ctx context.Context, c Customer) error {
	_, err := r.db.NamedExecContext(ctx, "UPDATE customers SET name = :name WHERE id = :id", c) // want unscoped
	return err
}

func (r *Repo) NamedInsertForgot(c Customer) error {
	_, err := r.db.NamedExec("INSERT INTO customers (id, number, name) VALUES (:id, '', :name)", c) // want insert
	return err
}

func (r *Repo) NamedQuery(c Customer) (*sqlx.Rows, error) {
	return r.db.NamedQuery("SELECT id FROM invoices WHERE customer_id = :id", c) // want unscoped
}

func (r *Repo) TxForgot(id string) error {
	tx, err := r.db.Beginx()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	tx.MustExec("DELETE FROM contacts WHERE customer_id = $1", id) // want unscoped
	return tx.Commit()
}

func (r *Repo) Row(id string) *sqlx.Row {
	return r.db.QueryRowx("SELECT name FROM customers WHERE id = $1", id) // want unscoped
}

func (r *Repo) PreparexForgot() (*sqlx.Stmt, error) {
	return r.db.Preparex("SELECT id FROM customers WHERE number = $1") // want unscoped
}

func (r *Repo) PrepareNamedForgot() (*sqlx.NamedStmt, error) {
	return r.db.PrepareNamed("DELETE FROM customers WHERE number = :number") // want unscoped
}

// Package functions take the handle as an argument.
func Function(db sqlx.Queryer, id string) (c Customer, err error) {
	err = sqlx.Get(db, &c, "SELECT id, name FROM customers WHERE id = $1", id) // want unscoped
	return c, err
}

func FunctionScoped(ctx context.Context, db sqlx.QueryerContext, org string) (out []Customer, err error) {
	err = sqlx.SelectContext(ctx, db, &out, "SELECT id, name FROM customers WHERE organization_id = $1", org) // ok
	return out, err
}

func (r *Repo) In(org string, ids []string) (out []Customer, err error) {
	q, args, err := sqlx.In("SELECT id, name FROM customers WHERE id IN (?)", ids)
	if err != nil {
		return nil, err
	}
	err = r.db.Select(&out, r.db.Rebind(q), args...) // want unscoped|unproven
	return out, err
}
