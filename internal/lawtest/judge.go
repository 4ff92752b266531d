package lawtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/planwitness"
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
	reduced               // PostgreSQL implements a FULL JOIN only if a condition makes it a plainer one
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
	own       string           // the rows of A and of nobody
	others    string           // the rows of B and C
	planner   string           // settings of everybody
	version   int              // major version of the server
	owned     []planwitness.Table
}

func newJudge(ctx context.Context, w World, fault Fault) (*judge, error) {
	j := &judge{world: w, fault: fault}
	var err error
	if j.catalog, err = catalog(); err != nil {
		return nil, err
	}
	if j.owned, err = ownedTables(ctx, w.Everybody); err != nil {
		return nil, err
	}
	if j.everybody, err = connect(ctx, w.Everybody); err != nil {
		return nil, err
	}
	if j.version, err = major(j.everybody); err != nil {
		j.close()
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
	// Without a transaction id nothing would be looked at.
	look := []request{{sql: "SELECT pg_current_xact_id()", effects: true}}
	all, err := exchange(ctx, j.everybody, look)
	if err != nil {
		return err
	}
	own, err := exchange(ctx, j.alone, look)
	if err != nil {
		return err
	}
	if j.others == "" {
		j.own, j.others = all[0].own, all[0].others
	}
	switch {
	case all[0].own != own[0].own || own[0].others != "":
		return fmt.Errorf("lawtest: the databases hold different rows of organization A: %s", difference(&all[0], &own[0], false))
	case all[0].others == "" || all[0].others != j.others:
		return fmt.Errorf("lawtest: the rows of other organizations changed")
	}
	return nil
}

// exchange runs requests in one round trip. What a statement has not touched is
// as it was.
func (j *judge) exchange(ctx context.Context, conn *pgconn.PgConn, requests []request) ([]outcome, error) {
	outcomes, err := exchange(ctx, conn, requests)
	for i := range outcomes {
		o := &outcomes[i]
		if !requests[i].effects || o.err != nil || o.own != "" {
			continue
		}
		o.own = j.own
		if conn == j.everybody {
			o.others = j.others
		}
	}
	return outcomes, err
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
	sql := plan.Text
	if j.fault != nil {
		sql = j.fault(plan)
	}
	args, ok := bind(plan, s.Args)
	if !ok {
		return t, "a value for the ownership column names another organization"
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
	case scoped.others != "" && scoped.others != j.others:
		return leak
	case scoped.err == nil && difference(scoped, plain, t.statement.Ordered) == "":
		return equal // rows that are the same show the same
	case j.shown(t, scoped, plain) != "":
		return leak
	case difference(scoped, plain, t.statement.Ordered) != "":
		return different
	}
	return failed
}

// shown is a mark of another organization that the scoped statement shows, but
// neither holds itself nor shows when it is plain.
func (j *judge) shown(t trial, scoped *outcome, plain ...*outcome) string {
	for _, mark := range foreignMarks {
		if scoped.shows(mark) && !t.plain.holds(mark) && !slices.ContainsFunc(plain, func(o *outcome) bool { return o.shows(mark) }) {
			return mark.String()
		}
	}
	return ""
}

// confirm runs a suspicious statement again, alone and with variants.
func (j *judge) confirm(ctx context.Context, t trial) (verdict, string, error) {
	scoped, err := j.exchange(ctx, j.everybody, []request{t.scoped})
	if err != nil {
		return 0, "", err
	}
	plain, err := j.exchange(ctx, j.alone, []request{t.plain})
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
		again, err := j.exchange(ctx, conn, []request{t.plain})
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
	case j.shown(t, s, references...) != "":
		return leak, "shows " + j.shown(t, s, references...) + "; " + detail, nil
	case isReduced(t, s, p):
		return reduced, detail, nil
	case detail == "":
		return equal, "", nil
	case isFaulty(t, s, p):
		return indeterminate, detail, nil
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
