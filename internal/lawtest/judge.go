package lawtest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// verdict is what the law says of one statement.
type verdict uint8

const (
	equal         verdict = iota
	failed                // PostgreSQL refused both, in the same way
	timedOut              // at least one of them
	indeterminate         // PostgreSQL leaves the result open, and nothing leaked
	oracle                // a key that is not led by the organization, and nothing leaked
	stamped               // the plain statement fails for want of the organization that the scoped one fills in
	eager                 // a condition failed on a row before the organization was compared
	unreduced             // PostgreSQL can run a FULL JOIN only if a condition reduces it, which the filter has hidden
	different             // the law is broken, though nothing leaked
	leak                  // another organization's rows were shown, changed or locked
)

// judge holds the connections to one world.
type judge struct {
	world     World
	catalog   *orgfilter.Catalog
	fault     Fault
	everybody *pgconn.PgConn
	alone     *pgconn.PgConn
	variants  []*pgconn.PgConn // A's rows in other orders and with other plans; opened when needed
	others    string           // the rows of B and C
	planner   string           // settings of everybody
}

func newJudge(ctx context.Context, w World, fault Fault) (*judge, error) {
	j := &judge{world: w, fault: fault}
	var err error
	if j.catalog, err = catalog(); err != nil {
		return nil, err
	}
	if j.everybody, err = connect(ctx, w.Everybody); err != nil {
		return nil, err
	}
	if j.alone, err = connect(ctx, w.Alone); err != nil {
		j.close()
		return nil, err
	}
	if err := j.baseline(ctx); err != nil {
		j.close()
		return nil, err
	}
	return j, nil
}

// baseline remembers the rows that no statement may touch, and checks that the
// worlds agree on all others.
func (j *judge) baseline(ctx context.Context) error {
	look := []request{{sql: "SELECT 1", effects: true}}
	all, err := exchange(ctx, j.everybody, look)
	if err != nil {
		return err
	}
	own, err := exchange(ctx, j.alone, look)
	if err != nil {
		return err
	}
	if j.others == "" {
		j.others = all[0].others
	}
	switch {
	case all[0].own != own[0].own || own[0].others != "":
		return fmt.Errorf("lawtest: the databases hold different rows of organization A: %s", difference(&all[0], &own[0], false))
	case all[0].others == "" || all[0].others != j.others:
		return fmt.Errorf("lawtest: the rows of other organizations changed")
	}
	return nil
}

func (j *judge) close() {
	for _, conn := range append([]*pgconn.PgConn{j.everybody, j.alone}, j.variants...) {
		if conn != nil {
			conn.Close(context.Background())
		}
	}
}

// trial is a statement that the filter has accepted.
type trial struct {
	n         uint64
	statement Statement
	scoped    request
	plain     request
}

// prepare scopes a statement. The refusal is empty when it was accepted.
func (j *judge) prepare(n uint64, s Statement) (t trial, refusal string) {
	plan, err := orgfilter.Rewrite(s.Text, j.catalog, len(s.Args))
	if err != nil {
		return t, err.Error()
	}
	args, ok := bind(plan, s.Args)
	if !ok {
		return t, "a value for the ownership column names another organization"
	}
	sql := plan.Text
	if j.fault != nil {
		sql = j.fault(plan)
	}
	scoped := args
	if plan.Bound {
		organization := orgA
		scoped = append(slices.Clip(args), &organization)
	}
	return trial{n: n, statement: s, scoped: newRequest(sql, scoped), plain: newRequest(s.Text, args)}, ""
}

// bind makes of the arguments what the runtime makes of them: nil and the zero
// id become the organization where they fill the ownership column of a new
// row, and every other value there must be the organization.
func bind(plan *orgfilter.Plan, args []*string) ([]*string, bool) {
	organization := orgA
	args = slices.Clone(args)
	for _, c := range plan.Checks {
		value := &c.Const
		if c.Param > 0 {
			value = args[c.Param-1]
		}
		blank := value == nil || *value == "00000000-0000-0000-0000-000000000000"
		switch {
		case !blank && strings.EqualFold(*value, orgA):
		case blank && c.Stamp && c.Param > 0 && !slices.Contains(plan.Repeated, c.Param):
			args[c.Param-1] = &organization
		default:
			return nil, false
		}
	}
	return args, true
}

// at is a first verdict from one run on each side. What is not equal needs
// confirmation.
func (j *judge) at(t trial, scoped, plain *outcome) verdict {
	switch {
	case scoped.state() == timeout || plain.state() == timeout:
		return timedOut
	case scoped.others != "" && scoped.others != j.others, j.shown(t, scoped, plain) != "":
		return leak
	case difference(scoped, plain, t.statement.Ordered) != "":
		return different
	case scoped.err != nil:
		return failed
	}
	return equal
}

// shown is a mark of another organization that the scoped statement shows, but
// neither holds itself nor shows when it is plain.
func (j *judge) shown(t trial, scoped *outcome, plain ...*outcome) string {
	for _, marks := range foreignMarks {
		if slices.ContainsFunc(marks, t.plain.holds) {
			continue
		}
		for _, mark := range marks {
			if scoped.shows(mark) && !slices.ContainsFunc(plain, func(o *outcome) bool { return o.shows(mark) }) {
				return mark
			}
		}
	}
	return ""
}

// confirm runs a suspicious statement again, alone and with variants.
func (j *judge) confirm(ctx context.Context, t trial) (verdict, string, error) {
	scoped, err := exchange(ctx, j.everybody, []request{t.scoped})
	if err != nil {
		return 0, "", err
	}
	plain, err := exchange(ctx, j.alone, []request{t.plain})
	if err != nil {
		return 0, "", err
	}
	s, p := &scoped[0], &plain[0]
	v := j.at(t, s, p)
	if v < different {
		return v, "", nil
	}
	references := []*outcome{p}
	stable := true
	if err := j.openVariants(ctx); err != nil {
		return 0, "", err
	}
	for _, conn := range j.variants {
		again, err := exchange(ctx, conn, []request{t.plain})
		if err != nil {
			return 0, "", err
		}
		references = append(references, &again[0])
		if difference(&again[0], p, t.statement.Ordered) != "" {
			stable = false
		}
	}
	detail := difference(s, p, t.statement.Ordered)
	switch {
	case s.others != "" && s.others != j.others && !(j.insertsOpen(t) && unlocked(s.others) == j.others):
		same := func(row string) string { return row }
		return leak, "others: " + describeRows(strings.Split(s.others, "\n"), strings.Split(j.others, "\n"), same), nil
	case j.isEager(ctx, t, s, p):
		return eager, detail, nil
	case isUnreduced(t, s):
		return unreduced, detail, nil
	case j.shown(t, s, references...) != "":
		return leak, "shows " + j.shown(t, s, references...) + "; " + detail, nil
	case detail == "":
		return equal, "", nil
	case isUnstamped(p.err):
		return stamped, detail, nil
	case j.tolerable(t, s):
		return oracle, detail, nil
	case sameKindOfError(s.err, p.err):
		return failed, "", nil
	case !stable, s.own != p.own && unlocked(s.own) == unlocked(p.own) && locksVary(t.plain.sql):
		return indeterminate, detail, nil
	}
	return different, detail, nil
}

// insertsOpen finds an insert into the table with keys of all organizations,
// once comments and quotes are gone.
var insertsOpen = regexp.MustCompile(`(?i)\binto\s+(?:"?public"?\s*\.\s*)?"?labels\b`)

// tolerable tells whether the schema itself shows that another organization
// has a row: by a unique key that is not led by the organization.
func (j *judge) tolerable(t trial, scoped *outcome) bool {
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
	return insertsOpen.MatchString(words) && conflictClause.MatchString(words)
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

var conflictClause = regexp.MustCompile(`(?i)\bon\s+conflict\b`)

var limits = map[string]bool{"limit": true, "fetch": true, "offset": true}

// isUnreduced tells whether a scoped statement fails because PostgreSQL no
// longer sees that a condition rejects NULL. Then it keeps an outer join that
// it would have turned into another one, and it does not implement every FULL
// JOIN.
func isUnreduced(t trial, scoped *outcome) bool {
	return scoped.err != nil && scoped.err.Code == "0A000" && strings.HasPrefix(scoped.err.Message, "FULL JOIN is only supported") &&
		strings.Contains(t.scoped.sql, "IS NOT DISTINCT FROM true")
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
// violated constraints is reported depends on the order of rows, and which
// type error on where PostgreSQL expects a condition.
func sameKindOfError(a, b *pgconn.PgError) bool {
	if a == nil || b == nil {
		return false
	}
	constraint := func(e *pgconn.PgError) bool { return strings.HasPrefix(e.Code, "23") }
	mismatch := func(e *pgconn.PgError) bool { return e.Code == "42804" || e.Code == "42883" }
	return constraint(a) && constraint(b) || mismatch(a) && mismatch(b)
}

// isEager tells whether the scoped statement fails only because PostgreSQL
// evaluates one of its conditions on other organizations' rows before the
// guard: an equality with a constant is put behind conditions of the same cost
// (process_equivalence and order_qual_clauses in its source). The same guard
// in a form that costs less is evaluated first.
func (j *judge) isEager(ctx context.Context, t trial, scoped, plain *outcome) bool {
	if scoped.err == nil || !strings.HasPrefix(scoped.err.Code, "22") {
		return false
	}
	first := t.scoped
	first.sql = guards(len(t.plain.args)+1).ReplaceAllString(first.sql, "${1} = ANY (ARRAY[${2}]::uuid[])")
	again, err := exchange(ctx, j.everybody, []request{first})
	return err == nil && difference(&again[0], plain, t.statement.Ordered) == "" && j.shown(t, &again[0], plain) == ""
}

// guards finds the conditions that the filter has placed: a column, and the
// parameter of the organization.
func guards(org int) *regexp.Regexp {
	const name = `(?:"(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_$]*)`
	return regexp.MustCompile(`(` + name + `\.` + name + `) = (\$` + strconv.Itoa(org) + `)\b`)
}

// openVariants connects to A's rows with other plans and another physical
// order.
func (j *judge) openVariants(ctx context.Context) error {
	if j.variants != nil {
		return nil
	}
	for _, dsn := range []string{j.world.Shuffled, j.world.Alone} {
		for _, settings := range planners {
			conn, err := connect(ctx, dsn, settings)
			if err != nil {
				return err
			}
			j.variants = append(j.variants, conn)
		}
	}
	return nil
}

// planners are settings under which PostgreSQL plans in different ways.
var planners = []string{
	"SET enable_seqscan = on",
	"SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_hashagg = off; SET from_collapse_limit = 1; SET join_collapse_limit = 1",
	"SET enable_nestloop = off; SET enable_seqscan = off; SET enable_sort = off",
}

// plan sets the planner for everybody's rows as statement n wants it.
func (j *judge) plan(ctx context.Context, n uint64) error {
	const reset = "RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_hashagg; RESET from_collapse_limit; RESET join_collapse_limit; " +
		"RESET enable_nestloop; RESET enable_seqscan; RESET enable_sort; "
	settings := planners[n/(batch*16)%uint64(len(planners))]
	if settings == j.planner {
		return nil
	}
	j.planner = settings
	_, err := j.everybody.Exec(ctx, reset+settings).ReadAll()
	return err
}
