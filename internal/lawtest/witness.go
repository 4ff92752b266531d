package lawtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/internal/pgsql"
	"github.com/sigrahq/sigra/internal/planwitness"
)

// The planner is asked about one statement in witnessed, and with a generic plan,
// in which the organization is still a parameter, about one in generic.
const (
	witnessed = 6
	generic   = 30
)

// testify looks at the plans of those of some trials whose turn it is.
func (j *judge) testify(ctx context.Context, trials []trial, r *Report) error {
	var asked []trial
	var requests []request
	for _, t := range trials {
		if t.n%witnessed == 1 {
			asked = append(asked, t)
			requests = append(requests, request{sql: explain + t.scoped.sql, args: t.scoped.args})
		}
	}
	if len(asked) == 0 {
		return nil
	}
	outcomes, err := j.everybody.exchange(ctx, requests)
	if err != nil {
		return err
	}
	for i, t := range asked {
		if o := &outcomes[i]; o.err == nil {
			if err := j.hear(t, "plan", []byte(decodeRow(o.rows[0])[0]), planwitness.Value(orgA), r); err != nil {
				return err
			}
		}
		if t.n%generic != 1 || outcomes[i].err != nil {
			continue
		}
		plan, err := j.generic(ctx, t)
		if err != nil && j.everybody.lost(ctx) {
			plan, err = nil, j.everybody.reopen(ctx)
		}
		if err != nil {
			return err
		}
		if plan == nil {
			continue
		}
		if err := j.hear(t, "generic plan", plan, planwitness.Parameter(len(t.plain.args)+1), r); err != nil {
			return err
		}
	}
	return nil
}

const explain = "EXPLAIN (FORMAT JSON, VERBOSE, COSTS OFF) "

// hear counts what restricts the scans of a plan.
func (j *judge) hear(t trial, kind string, plan []byte, owner planwitness.Owner, r *Report) error {
	scans, err := planwitness.Examine(plan, owner, called(j.owned, t.scoped.sql)...)
	if err != nil {
		if kind != "plan" {
			return nil // a number that the plan uses for something else
		}
		return fmt.Errorf("lawtest: statement %d: %w", t.n, err)
	}
	scans = slices.DeleteFunc(scans, func(s planwitness.Scan) bool { return !s.Restricted() && isSilent(t.scoped.sql, s) })
	r.heard(kind, scans)
	for _, s := range scans {
		if !s.Restricted() {
			r.unwitnessed(Finding{
				Number: t.n, Detail: kind + ": " + s.String(), Mutant: t.statement.Mutant,
				SQL: t.statement.Text, Scoped: t.scoped.sql, Args: t.statement.Args,
			})
		}
	}
	return nil
}

// isSilent tells whether a plan has no witness for a scan although the scan is
// restricted.
func isSilent(sql string, s planwitness.Scan) bool {
	return bySource.MatchString(join(tokenize(sql))) && isTarget(s)
}

// A MERGE that deals with what is NOT MATCHED BY SOURCE reads all rows of its
// target, and what keeps those of others from being touched, a condition of WHEN,
// is in no plan.
var bySource = regexp.MustCompile(`(?i)\bBY\s+SOURCE\b`)

var merged = regexp.MustCompile(`.*\bMerge on (.*?) > `) // the last one

// isTarget tells whether a scan is that of a MERGE's target or of a partition.
// An alias has a number if it is a partition's, or used elsewhere too.
func isTarget(s planwitness.Scan) bool {
	m := merged.FindStringSubmatch(s.Path)
	if m == nil {
		return false
	}
	target, alias := numbered.ReplaceAllString(m[1], ""), numbered.ReplaceAllString(s.Alias, "")
	return strings.HasSuffix(target, " "+alias) || strings.HasSuffix(target, "."+alias)
}

var numbered = regexp.MustCompile(`_[0-9]+$`)

// called gives the tables with the names that a plan has for their ownership
// columns where the statement has lists of column aliases. PostgreSQL numbers a
// name that another column has taken. Partitions bear the names of their table's
// columns, so each table has the aliases of all.
func called(owned []planwitness.Table, sql string) []planwitness.Table {
	tree, err := pgsql.Read(sql, pgsql.Options{})
	if err != nil {
		return owned
	}
	defer tree.Free()
	var aliases []string
	for _, rel := range tree.Relations {
		if rel.Columns == nil {
			continue
		}
		for _, t := range tables {
			if !t.owned() || t.name != rel.Name || t.schema != "" && t.schema != rel.Schema {
				continue
			}
			name := t.owner
			if at := slices.IndexFunc(t.columns, func(c column) bool { return c.name == t.owner }); at < len(rel.Columns) {
				name = rel.Columns[at]
			}
			aliases = append(aliases, name)
			for n := range 9 {
				aliases = append(aliases, name+"_"+strconv.Itoa(n+1))
			}
		}
	}
	if aliases == nil {
		return owned
	}
	owned = slices.Clone(owned)
	for i := range owned {
		owned[i].Aliases = aliases
	}
	return owned
}

// generic is a plan for any arguments, or nil where PostgreSQL gives none.
func (j *judge) generic(ctx context.Context, t trial) ([]byte, error) {
	const name = "generic"
	_, oids := encode(t.scoped)
	if _, err := j.everybody.conn.Prepare(ctx, name, t.scoped.sql, oids); err != nil {
		return nil, ignoreServer(err)
	}
	values := make([]string, len(t.scoped.args))
	for i, a := range t.scoped.args {
		values[i] = "NULL"
		if a != nil {
			values[i] = "'" + strings.ReplaceAll(*a, "'", "''") + "'"
		}
	}
	sql := "SET plan_cache_mode = force_generic_plan; " + explain + "EXECUTE " + name
	if len(values) > 0 {
		sql += " (" + strings.Join(values, ", ") + ")"
	}
	results, err := j.everybody.conn.Exec(ctx, sql).ReadAll()
	if _, err := j.everybody.conn.Exec(ctx, "RESET plan_cache_mode; DEALLOCATE "+name).ReadAll(); err != nil {
		return nil, fmt.Errorf("lawtest: deallocate: %w", err)
	}
	if err != nil {
		return nil, ignoreServer(err)
	}
	return results[len(results)-1].Rows[0][0], nil
}

// ignoreServer drops an error that is the server's answer.
func ignoreServer(err error) error {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return nil
	}
	return err
}

// ownedTables are the org-owned tables and their partitions as a plan names
// them.
func ownedTables(ctx context.Context, dsn string) ([]planwitness.Table, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("lawtest: %w", err)
	}
	defer conn.Close(ctx)
	var owned []planwitness.Table
	for _, t := range tables {
		if t.owned() && !t.view {
			owned = append(owned, planwitness.Table{Schema: cmp.Or(t.schema, "public"), Name: t.name, Column: t.owner})
		}
	}
	return planwitness.Partitions(ctx, conn, owned...)
}
