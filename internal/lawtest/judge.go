package lawtest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/planwitness"
)

// verdict is what the law says of one statement.
type verdict uint8

const (
	equal         verdict = iota
	failed                // PostgreSQL refused both, in the same way
	timedOut              // at least one of them
	crashed               // the server, by a fault of its own
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
	everybody *Session
	alone     *Session
	variants  []*Session // A's rows in other orders and with other plans; opened when needed
	version   int        // major version of the server
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
	if j.everybody, err = Open(ctx, w.Everybody, effects, ""); err != nil {
		return nil, err
	}
	if j.version, err = major(j.everybody.conn); err != nil {
		j.close()
		return nil, err
	}
	if j.alone, err = Open(ctx, w.Alone, effects, ""); err != nil {
		j.close()
		return nil, err
	}
	if j.everybody.own != j.alone.own || j.alone.others != "" || j.everybody.others == "" {
		j.close()
		return nil, errors.New("lawtest: the databases hold different rows of organization A, or no others")
	}
	return j, nil
}

// unchanged checks that the databases hold what they held at first.
func (j *judge) unchanged(ctx context.Context) error {
	for _, s := range []*Session{j.everybody, j.alone} {
		own, others, err := s.look(ctx)
		if err != nil {
			return err
		}
		if own != s.own || others != s.others {
			return errors.New("lawtest: rows have changed for good")
		}
	}
	return nil
}

func (j *judge) close() {
	for _, s := range append([]*Session{j.everybody, j.alone}, j.variants...) {
		if s != nil {
			s.Close()
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
func (j *judge) at(t trial, scoped, plain *Outcome) verdict {
	touched, _ := j.everybody.Touched(scoped)
	switch {
	case scoped.State() == crash || plain.State() == crash:
		return crashed
	case scoped.State() == timeout || plain.State() == timeout:
		return timedOut
	case touched != "":
		return leak
	case scoped.err == nil && scoped.Difference(plain, t.statement.Ordered) == "":
		return equal // rows that are the same show the same
	case j.shown(t, scoped, plain) != "":
		return leak
	case scoped.Difference(plain, t.statement.Ordered) != "":
		return different
	}
	return failed
}

// shown is a mark of another organization that the scoped statement shows, but
// neither holds itself nor shows when it is plain.
func (j *judge) shown(t trial, scoped *Outcome, plain ...*Outcome) string {
	for _, mark := range foreignMarks {
		if scoped.Shows(mark) && !t.plain.holds(mark) && !slices.ContainsFunc(plain, func(o *Outcome) bool { return o.Shows(mark) }) {
			return mark.String()
		}
	}
	return ""
}

// confirm runs a suspicious statement again, alone and with variants.
func (j *judge) confirm(ctx context.Context, t trial) (verdict, string, error) {
	s, err := j.everybody.Run(ctx, t.scoped.sql, t.scoped.args)
	if err != nil {
		return 0, "", err
	}
	p, err := j.alone.Run(ctx, t.plain.sql, t.plain.args)
	if err != nil {
		return 0, "", err
	}
	v := j.at(t, s, p)
	if v < different {
		return v, "", nil
	}
	references := []*Outcome{p}
	stable := true
	if err := j.openVariants(ctx); err != nil {
		return 0, "", err
	}
	for _, variant := range j.variants {
		again, err := variant.Run(ctx, t.plain.sql, t.plain.args)
		if err != nil {
			return 0, "", err
		}
		references = append(references, again)
		if again.Difference(p, t.statement.Ordered) != "" {
			stable = false
		}
	}
	detail := s.Difference(p, t.statement.Ordered)
	touched, changed := j.everybody.Touched(s)
	switch {
	case touched != "" && (changed || !j.insertsOpen(t)):
		return leak, "others: " + touched, nil
	case j.isEager(ctx, t, s, p):
		return eager, detail, nil
	case j.shown(t, s, references...) != "":
		return leak, "shows " + j.shown(t, s, references...) + "; " + detail, nil
	case isReduced(t, s, p):
		return reduced, detail, nil
	case detail == "":
		return equal, "", nil
	case isFaulty(t, s, p), j.isReordered(ctx, t, s, p):
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
			s, err := Open(ctx, dsn, effects, settings)
			if err != nil {
				return err
			}
			j.variants = append(j.variants, s)
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
	s, settings := j.everybody, planners[n/(batch*16)%uint64(len(planners))]
	if settings == s.settings {
		return nil
	}
	s.settings = settings
	if err := s.set(ctx, reset+settings); err != nil && !s.lost(ctx) {
		return err
	}
	return s.reopen(ctx)
}
