package lawtest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// Config says what to run.
type Config struct {
	Seed       uint64
	Start      uint64        // number of the first statement
	Statements uint64        // how many; 0 for no limit
	Duration   time.Duration // how long; 0 for no limit
	Worlds     []World       // as many statements run at a time
	Fault      Fault         // nil for the filter as it is
	Enough     int           // findings that end the run; 0 for a dozen
}

// Fault makes a faulty scoped text of a plan, to see whether it is noticed. It
// returns an empty text where it does not apply. It may also drop the plan's
// checks. The proof is over by then: what it would have said makes no difference.
type Fault func(*orgfilter.Plan) string

// batch is how many statements share a round trip.
const batch = 16

// Run generates statements and holds them to the law. The error is about the
// run itself; what the law says is in the report, which there always is.
func Run(ctx context.Context, c Config) (*Report, error) {
	if len(c.Worlds) == 0 || c.Statements == 0 && c.Duration == 0 {
		return newReport(c.Seed), errors.New("lawtest: a run needs a world, and a number of statements or a duration")
	}
	if c.Enough == 0 {
		c.Enough = 12
	}
	start := time.Now()
	r := newReport(c.Seed)
	var next atomic.Uint64
	next.Store(c.Start)
	var wait sync.WaitGroup
	failures := make([]error, len(c.Worlds))
	done := func() bool {
		return ctx.Err() != nil || c.Duration > 0 && time.Since(start) > c.Duration || len(r.Findings()) >= c.Enough
	}
	for i, w := range c.Worlds {
		wait.Go(func() {
			failures[i] = work(ctx, c, w, &next, r, done)
		})
	}
	wait.Wait()
	r.Elapsed = time.Since(start)
	return r, errors.Join(failures...)
}

func work(ctx context.Context, c Config, w World, next *atomic.Uint64, r *Report, done func() bool) error {
	j, err := newJudge(ctx, w, c.Fault)
	if err != nil {
		return err
	}
	defer j.close()
	r.on(j.version)
	for !done() {
		n := next.Add(batch) - batch
		size := uint64(batch)
		if c.Statements > 0 {
			if n >= c.Start+c.Statements {
				break
			}
			size = min(size, c.Start+c.Statements-n)
		}
		if err := j.batch(ctx, c.Seed, n, size, r); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return j.unchanged(ctx)
}

// batch tries the statements from number n on.
func (j *judge) batch(ctx context.Context, seed, n, size uint64, r *Report) error {
	if err := j.plan(ctx, n); err != nil {
		return err
	}
	var trials []trial
	var refused []request
	var refusals []string
	for i := n; i < n+size; i++ {
		s := Generate(seed, i, j.version)
		t, refusal := j.prepareSafely(i, s, r)
		r.generated(s)
		switch {
		case refusal != "":
			if s.Mutant {
				r.refusedMutant()
				continue
			}
			refused = append(refused, newRequest(s.Text, s.Args))
			refusals = append(refusals, refusal)
		case t.scoped.sql != "": // a fault may not apply
			trials = append(trials, t)
		}
	}
	if j.fault != nil {
		refused, refusals = nil, nil
	}

	// Scoped and plain on everybody's rows; plain, and what was refused, on
	// A's rows.
	onAll := make([]request, 0, 2*len(trials))
	onOwn := make([]request, 0, len(trials)+len(refused))
	for _, t := range trials {
		onAll = append(onAll, t.scoped)
		if t.looksUnscoped() {
			onAll = append(onAll, t.plain)
		}
		onOwn = append(onOwn, t.plain)
	}
	onOwn = append(onOwn, refused...)
	var all, own []Outcome
	var errAll, errOwn error
	var wait sync.WaitGroup
	wait.Go(func() { all, errAll = j.everybody.exchange(ctx, onAll) })
	wait.Go(func() { own, errOwn = j.alone.exchange(ctx, onOwn) })
	wait.Wait()
	if err := errors.Join(errAll, errOwn); err != nil {
		return err
	}
	for i, t := range trials {
		scoped, unscoped := &all[0], (*Outcome)(nil)
		all = all[1:]
		if t.looksUnscoped() {
			unscoped, all = &all[0], all[1:]
		}
		if err := j.settle(ctx, t, scoped, &own[i], unscoped, r); err != nil {
			return err
		}
	}
	if j.fault == nil {
		if err := j.testify(ctx, trials, r); err != nil {
			return err
		}
	}
	for i, refusal := range refusals {
		r.refused(refusal, refused[i].sql, own[len(trials)+i].err == nil)
	}
	return nil
}

// looksUnscoped tells whether to run the plain statement on everybody's rows
// too: one statement in four is enough to know how many need the filter.
func (t trial) looksUnscoped() bool { return t.n%4 == 0 }

// settle counts a statement, and looks closer where something is wrong.
// unscoped is nil where the plain statement was not run on everybody's rows.
func (j *judge) settle(ctx context.Context, t trial, scoped, plain, unscoped *Outcome, r *Report) error {
	v := j.at(t, scoped, plain)
	if v < different {
		r.settled(t, v, plain, "")
		if v == equal && unscoped != nil {
			touched, _ := j.everybody.Touched(unscoped)
			r.lookedUnscoped(touched != "" || unscoped.Difference(plain, t.statement.Ordered) != "")
		}
		return nil
	}
	v, detail, err := j.confirm(ctx, t)
	if err != nil {
		return err
	}
	if v < different {
		r.settled(t, v, plain, detail)
		return nil
	}
	f := Finding{
		Leak: v == leak, Number: t.n, Detail: detail, Mutant: t.statement.Mutant,
		SQL: t.statement.Text, Scoped: t.scoped.sql, Args: t.statement.Args,
	}
	if r.novel(signature(v, detail)) && j.fault == nil {
		small := j.minimise(ctx, t, v, detail)
		f.Minimised, f.MinimisedScoped = small.statement.Text, small.scoped.sql
		if _, detail, err := j.confirm(ctx, small); err == nil {
			f.Detail = detail
		}
	}
	r.found(f)
	return nil
}

// prepareSafely is prepare; a panic of the filter is counted, not passed on.
func (j *judge) prepareSafely(n uint64, s Statement, r *Report) (t trial, refusal string) {
	defer func() {
		if fault := recover(); fault != nil {
			refusal = fmt.Sprint(fault)
			r.fault(n, s.Text, refusal)
		}
	}()
	t, refusal = j.prepare(n, s)
	if faults.MatchString(refusal) {
		r.fault(n, s.Text, refusal)
	}
	return t, refusal
}

// faults are refusals that stand for a panic inside the filter, or for a
// rewrite that its own proof rejects because it cannot be read.
var faults = regexp.MustCompile(`^statement cannot be scoped$|^cannot read statement: |cannot be read again|is written twice`)
