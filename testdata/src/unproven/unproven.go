// Package unproven has statements that cannot be known.
package unproven

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

type Anything interface {
	Query(text string, args ...any) []string
}

func opaque(ctx context.Context, db *pgxpool.Pool, order string, any Anything, f func() string) {
	text, _ := os.ReadFile("query.sql")
	db.Query(ctx, string(text))                                                      // want `SQL of Query cannot be known here \(the result of os.ReadFile\) and may touch an org-owned table`
	db.Query(ctx, "SELECT id FROM tasks WHERE organization_id = $1 ORDER BY "+order) // want `SQL on org-owned table "tasks" cannot be known here \(parameter order of unproven.opaque\)`
	db.Query(ctx, fmt.Sprintf("SELECT id FROM %s", os.Args[1]))                      // want `may touch an org-owned table`
	db.Query(ctx, "SELECT id FROM users ORDER BY "+order)
	db.Query(ctx, "SET application_name = '"+order+"'")
	db.Query(ctx, "SELECT id FROM tasks WHERE") // want `SQL that names org-owned table "tasks" cannot be read`
	db.Query(ctx, "SELECT id FROM users WHERE")
	db.Query(ctx, f())                // want `cannot be known here \(the result of a function value\)`
	any.Query(order)                  // what this queries, nobody knows
	any.Query("SELECT id FROM tasks") // want `"tasks" is not restricted`

	sql, args := unknown().Build()
	db.Query(ctx, sql, args...) // want `SQL of Query cannot be known here \(the result of a function value\)`
	sb := sqlbuilder.Select("id").From(order)
	sql, args = sb.Build()
	db.Query(ctx, sql, args...) // want `tables of a builder cannot be known here \(parameter order of unproven.opaque\)`
}

var made = map[string]func() sqlbuilder.Builder{}

func unknown() sqlbuilder.Builder { return made["x"]() }

func blocks(ctx context.Context, db *pgxpool.Pool, cond string) {
	db.Exec(ctx, "DO $$ BEGIN DELETE FROM tasks; END $$")                       // want `DO block that names org-owned table "tasks" cannot be read`
	db.Exec(ctx, "DO $$ BEGIN DELETE FROM "+cond+"; DELETE FROM tasks; END $$") // want `SQL on org-owned table "tasks" cannot be known here`
	db.Exec(ctx, "DO $$ BEGIN CREATE TYPE state AS ENUM (); END $$")
	db.Exec(ctx, "BEGIN; DELETE FROM tasks WHERE "+cond) // want `SQL on org-owned table "tasks" cannot be known here`
	db.Exec(ctx, "CREATE TABLE x (); DELETE FROM tasks") // want `"tasks" is not restricted`
}

// What is put into a template leaves the rest of it known.
func templates(ctx context.Context, db *pgxpool.Pool, name string) {
	db.Exec(ctx, strings.ReplaceAll("CREATE SEQUENCE {name}", "{name}", name))
	db.Query(ctx, strings.ReplaceAll("SELECT id FROM users ORDER BY {name}", "{name}", name))
	db.Query(ctx, strings.ReplaceAll("SELECT id FROM tasks ORDER BY {name}", "{name}", name)) // want `SQL on org-owned table "tasks" cannot be known here \(parameter name of unproven.templates\)`
	db.Query(ctx, strings.Replace("SELECT id FROM {name}", "{name}", name, 1))                // want `may touch an org-owned table`
}

// What runs migrations is told how to say so.
func migrate(ctx context.Context, db *pgxpool.Pool) {
	text, _ := os.ReadFile("migrations/0001.up.sql")
	db.Exec(ctx, string(text)) // want `\(the result of os.ReadFile\) .* or, if it runs migrations, write //sigra:allow migration -- reason on the line above`
	//sigra:allow migration -- runs the files of migrations/, which are ours
	db.Exec(ctx, string(text))
}
