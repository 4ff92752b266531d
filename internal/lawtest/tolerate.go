package lawtest

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// What the law leaves to the schema and to PostgreSQL. Nothing here excuses a
// row of another organization that is shown or changed.

// openInsert finds an insert into the table with keys of all organizations, in
// a text without comments.
var openInsert = regexp.MustCompile(`(?i)\binto\s+(?:"?public"?\s*\.\s*)?"?labels\b`)

var conflictClause = regexp.MustCompile(`(?i)\bon\s+conflict\b`)

// tolerable tells whether the schema itself shows that another organization
// has a row: by a unique key that is not led by the organization.
func (j *judge) tolerable(t trial, scoped *Outcome) bool {
	if scoped.err != nil && scoped.err.Code == "23505" && strings.HasPrefix(scoped.err.ConstraintName, "labels_") {
		return true
	}
	return j.insertsOpen(t)
}

// insertsOpen tells whether ON CONFLICT may meet a row of another
// organization. PostgreSQL locks that row before it looks at the WHERE that
// spares it.
func (j *judge) insertsOpen(t trial) bool {
	words := join(tokenize(t.scoped.sql))
	return openInsert.MatchString(words) && conflictClause.MatchString(words)
}

// unlocked is what effects are but for locks.
func unlocked(effects string) string { return strings.ReplaceAll(effects, " locked", "") }

// locksVary tells whether PostgreSQL leaves open which rows are locked: a
// subquery runs as often as the plan wants, and of rows that look the same a
// limit takes any.
func locksVary(sql string) bool {
	depth := 0
	tokens := tokenize(sql)
	for i, t := range tokens {
		switch {
		case limits[strings.ToLower(t.text)]:
			return true
		case t.text == "(":
			depth++
		case t.text == ")":
			depth--
		case depth > 0 && strings.EqualFold(t.text, "for") && i+1 < len(tokens) && tokens[i+1].class == wordToken:
			return true
		}
	}
	return false
}

var limits = map[string]bool{"limit": true, "fetch": true, "offset": true}

// isReduced tells whether the filter decides on a FULL JOIN that PostgreSQL does
// not implement, and runs only if a condition that rejects NULL makes a plainer
// join of it. A guard is such a condition, also in a subquery to which an equality
// of USING carries it. Of one that is made to wait PostgreSQL sees only what holds
// of its value, and no longer what holds of rows for which it is true: a test for
// NULL, or an AND below an OR, then rejects NULL no more (find_nonnullable_rels in
// clauses.c).
func isReduced(t trial, scoped, plain *Outcome) bool {
	if lacksFullJoin(plain) {
		return scoped.err == nil
	}
	return lacksFullJoin(scoped) && strings.Contains(t.scoped.sql, ") >= true")
}

func lacksFullJoin(o *Outcome) bool {
	return o.err != nil && o.err.Code == "0A000" && strings.HasPrefix(o.err.Message, "FULL JOIN is only supported")
}

// isFaulty tells whether a statement meets a fault of PostgreSQL: an internal error
// on either side, or a MERGE whose ON is no condition. Version 15 does not look
// at that until a guard is beside it (transformMergeStmt in parse_merge.c).
func isFaulty(t trial, scoped, plain *Outcome) bool {
	const internal = "XX000"
	if plain.State() == internal || scoped.State() == internal {
		return true
	}
	return plain.err == nil && scoped.err != nil && scoped.err.Code == "42804" && strings.HasPrefix(scoped.err.Message, "argument of AND must be type boolean") &&
		strings.Contains(strings.ToUpper(t.plain.sql), "MERGE")
}

// isReordered tells whether only the order of the caller's own terms decides on an
// error that a value of the organization's own rows raises. PostgreSQL leaves open
// in what order it tests terms (the manual, 4.2.14); where one waits, another that
// it would have kept a row from may come first. Then the scoped statement does the
// same on the organization's rows alone, and the same as the plain one there when
// nothing waits.
func (j *judge) isReordered(ctx context.Context, t trial, scoped, plain *Outcome) bool {
	const data = "22" // the class of SQLSTATEs for values
	if !strings.HasPrefix(scoped.State(), data) && !strings.HasPrefix(plain.State(), data) {
		return false
	}
	own, err := j.alone.Run(ctx, t.scoped.sql, t.scoped.args)
	if err != nil || own.Difference(scoped, t.statement.Ordered) != "" {
		return false
	}
	hasty, err := j.alone.Run(ctx, strings.ReplaceAll(t.scoped.sql, ") >= true", ")"), t.scoped.args)
	return err == nil && hasty.Difference(plain, t.statement.Ordered) == ""
}

// isUnstamped tells whether a plain statement fails because NULL or DEFAULT
// stands for the organization in a place where PostgreSQL knows no type for it
// or no default, or in a partitioned table, which cannot be told to fill it in.
func isUnstamped(err *pgconn.PgError) bool {
	if err == nil {
		return false
	}
	return err.Code == "42601" && err.Message == "DEFAULT is not allowed in this context" ||
		err.Code == "23502" && err.ColumnName == "organization_id" ||
		err.Code == "42804" && (strings.HasPrefix(err.Message, `column "organization_id" is of type uuid`) || strings.HasPrefix(err.Message, `column "Org Id" is of type uuid`))
}

// sameKindOfError tells whether two SQLSTATEs say the same: which of several
// violated constraints is reported, or that a row is met a second time, depends
// on the order of rows, and which type error on where PostgreSQL expects a condition.
func sameKindOfError(a, b *pgconn.PgError) bool {
	if a == nil || b == nil {
		return false
	}
	constraint := func(e *pgconn.PgError) bool {
		return strings.HasPrefix(e.Code, "23") || e.Code == "21000" && strings.HasPrefix(e.Message, "ON CONFLICT DO UPDATE")
	}
	mismatch := func(e *pgconn.PgError) bool { return e.Code == "42804" || e.Code == "42883" }
	return constraint(a) && constraint(b) || mismatch(a) && mismatch(b)
}

// isEager tells whether the scoped statement fails only because PostgreSQL
// evaluates one of its conditions on other organizations' rows before the
// guard: an equality with a constant is put behind conditions of the same cost
// (process_equivalence and order_qual_clauses in its source). The same guard
// in a form that costs less is evaluated first.
func (j *judge) isEager(ctx context.Context, t trial, scoped, plain *Outcome) bool {
	if scoped.err == nil || strings.HasPrefix(scoped.err.Code, "23") || isFaulty(t, scoped, plain) {
		return false // which constraint is violated first is another matter, and so is a fault
	}
	first := t.scoped
	first.sql = guards(len(t.plain.args)+1).ReplaceAllString(first.sql, "${1} = ANY (ARRAY[${2}]::uuid[])")
	again, err := j.everybody.Run(ctx, first.sql, first.args)
	return err == nil && again.Difference(plain, t.statement.Ordered) == "" && j.shown(t, again, plain) == ""
}

// guards finds the conditions that the filter has placed: a column, and the
// parameter of the organization.
func guards(org int) *regexp.Regexp {
	const name = `(?:"(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_$]*)`
	const row = `(?:` + name + `|\(CASE WHEN true THEN ` + name + `\.\* END\))`
	return regexp.MustCompile(`(` + row + `\.` + name + `) = (\$` + strconv.Itoa(org) + `)\b`)
}
