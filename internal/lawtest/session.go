package lawtest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// request is a statement to run in a transaction that is rolled back.
type request struct {
	sql     string
	args    []*string
	effects bool // look at all tables afterwards if it has written or locked anything
}

func newRequest(sql string, args []*string) request {
	return request{sql: sql, args: args, effects: true}
}

// holds tells whether a mark stands in the statement or its arguments.
func (r request) holds(mark *regexp.Regexp) bool {
	return mark.MatchString(r.sql) || slices.ContainsFunc(r.args, func(a *string) bool { return a != nil && mark.MatchString(*a) })
}

// Session is a connection on which statements run in transactions that are
// rolled back. It is opened again when the server crashes.
type Session struct {
	dsn, effects string
	settings     string
	conn         *pgconn.PgConn
	own, others  string // the rows of the organization and of nobody, and all others
}

// bounds keep a statement from running for long, and results from depending on
// the machine.
const bounds = "SET statement_timeout = '1s'; SET jit = off; SET max_parallel_workers_per_gather = 0; SET client_min_messages = error; "

// Open connects to a database. effects is a query as [Effects] gives it; settings
// are SET commands.
func Open(ctx context.Context, dsn, effects, settings string) (*Session, error) {
	s := &Session{dsn: dsn, effects: effects, settings: settings}
	if err := s.reopen(ctx); err != nil {
		return nil, err
	}
	var err error
	if s.own, s.others, err = s.look(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the connection.
func (s *Session) Close() { s.conn.Close(context.Background()) }

func (s *Session) connect(ctx context.Context) error {
	conn, err := pgconn.Connect(ctx, s.dsn)
	if err != nil {
		return fmt.Errorf("lawtest: %w", err)
	}
	s.conn = conn
	if err := s.set(ctx, bounds+s.settings); err != nil {
		return err
	}
	for name, sql := range map[string]string{"begin": "BEGIN", "rollback": "ROLLBACK", "effects": s.effects} {
		if _, err := conn.Prepare(ctx, name, sql, nil); err != nil {
			s.Close()
			return fmt.Errorf("lawtest: prepare %s: %w", name, err)
		}
	}
	return nil
}

func (s *Session) set(ctx context.Context, settings string) error {
	if _, err := s.conn.Exec(ctx, settings).ReadAll(); err != nil {
		s.Close()
		return fmt.Errorf("lawtest: prepare a connection: %w", err)
	}
	return nil
}

// look gives what the tables hold.
func (s *Session) look(ctx context.Context) (own, others string, err error) {
	// Without a transaction id nothing would be looked at.
	o, err := s.pipeline(ctx, []request{{sql: "SELECT pg_current_xact_id()", effects: true}})
	if err != nil {
		return "", "", err
	}
	return o[0].own, o[0].others, nil
}

// Run runs one statement, with arguments in PostgreSQL's text form; nil is NULL.
// What a statement ends with is in the outcome. The error is about the connection.
func (s *Session) Run(ctx context.Context, sql string, args []*string) (*Outcome, error) {
	outcomes, err := s.exchange(ctx, []request{newRequest(sql, args)})
	if err != nil {
		return nil, err
	}
	return &outcomes[0], nil
}

// Touched says how a statement has left the rows of others otherwise than they
// were, and whether it has changed them or only locked some.
func (s *Session) Touched(o *Outcome) (detail string, changed bool) {
	if o.others == "" || o.others == s.others {
		return "", false
	}
	same := func(row string) string { return row }
	return describeRows(strings.Split(o.others, "\n"), strings.Split(s.others, "\n"), same), unlocked(o.others) != s.others
}

// exchange runs requests in one round trip, or one by one if the server crashes.
// What a statement has not touched is as it was.
func (s *Session) exchange(ctx context.Context, requests []request) ([]Outcome, error) {
	outcomes, err := s.pipeline(ctx, requests)
	if err != nil && s.lost(ctx) {
		outcomes, err = s.oneByOne(ctx, requests)
	}
	for i := range outcomes {
		if o := &outcomes[i]; requests[i].effects && o.err == nil && o.own == "" {
			o.own, o.others = s.own, s.others
		}
	}
	return outcomes, err
}

// lost tells whether the server has closed the connection.
func (s *Session) lost(ctx context.Context) bool { return s.conn.IsClosed() && ctx.Err() == nil }

// recovery lets one session at a time find out what crashes the server. A crash
// ends all of them.
var recovery sync.Mutex

const crash = "57P02"

// oneByOne runs requests of which one has crashed the server.
func (s *Session) oneByOne(ctx context.Context, requests []request) ([]Outcome, error) {
	recovery.Lock()
	defer recovery.Unlock()
	outcomes := make([]Outcome, len(requests))
	for i := range requests {
		one, err := s.alone(ctx, requests[i:i+1])
		if err != nil && s.lost(ctx) {
			// A connection that is made before the server has noticed the last
			// crash goes the same way, so one loss proves nothing.
			one, err = s.alone(ctx, requests[i:i+1])
		}
		switch {
		case err == nil:
			outcomes[i] = one[0]
		case s.lost(ctx):
			outcomes[i].err = &pgconn.PgError{Code: crash, Message: "the server crashed"}
		default:
			return nil, err
		}
	}
	return outcomes, s.reopen(ctx)
}

// alone runs a request, in a new connection if the last one is lost.
func (s *Session) alone(ctx context.Context, one []request) ([]Outcome, error) {
	if err := s.reopen(ctx); err != nil {
		return nil, err
	}
	return s.pipeline(ctx, one)
}

// reopen connects if there is no connection, to a server that may have to recover
// first.
func (s *Session) reopen(ctx context.Context) error {
	const patience, pause = time.Minute, 50 * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for s.conn == nil || s.conn.IsClosed() {
		err := s.connect(ctx)
		if err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
	return nil
}

// pipeline runs requests in one round trip.
func (s *Session) pipeline(ctx context.Context, requests []request) ([]Outcome, error) {
	p := s.conn.StartPipeline(ctx)
	for _, r := range requests {
		p.SendQueryPrepared("begin", nil, nil, nil)
		values, oids := encode(r)
		p.SendQueryParams(r.sql, values, oids, nil, nil)
		if r.effects {
			p.SendQueryPrepared("effects", nil, nil, nil)
		}
		p.SendPipelineSync()
		p.SendQueryPrepared("rollback", nil, nil, nil)
		p.SendPipelineSync()
	}
	if err := p.Flush(); err != nil {
		s.Close() // what cannot be written to is lost
		return nil, fmt.Errorf("lawtest: send statements: %w", err)
	}
	outcomes := make([]Outcome, len(requests))
	for i, r := range requests {
		if err := outcomes[i].receive(p); err != nil {
			p.Close()
			return nil, fmt.Errorf("lawtest: run %s: %w", r.sql, err)
		}
	}
	return outcomes, p.Close()
}

var parameters = regexp.MustCompile(`\$0*([0-9]+)`)

// encode gives the arguments, and text as the type of those that the statement
// does not mention: PostgreSQL cannot tell their type.
func encode(r request) (values [][]byte, oids []uint32) {
	const textOID = 25
	used := map[string]bool{}
	for _, m := range parameters.FindAllStringSubmatch(r.sql, -1) {
		used[m[1]] = true
	}
	for i, arg := range r.args {
		oid := uint32(0)
		if !used[strconv.Itoa(i+1)] {
			oid = textOID
		}
		oids = append(oids, oid)
		if arg == nil {
			values = append(values, nil)
			continue
		}
		values = append(values, []byte(*arg))
	}
	return values, oids
}

// receive reads what exchange sent for one request.
func (o *Outcome) receive(p *pgconn.Pipeline) error {
	// Results come in the order of the requests: BEGIN, the statement, the
	// effects, and the synchronization; then those of ROLLBACK.
	n, syncs := 0, 0
	for syncs < 2 {
		result, err := p.GetResults()
		var failure *pgconn.PgError
		if errors.As(err, &failure) {
			if err := o.fail(failure, n, syncs); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		switch result := result.(type) {
		case *pgconn.PipelineSync:
			syncs++
		case *pgconn.ResultReader:
			read := Outcome{}
			tag, err := read.read(result)
			if errors.As(err, &failure) {
				if err := o.fail(failure, n, syncs); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return err
			}
			switch {
			case syncs == 0 && n == 1:
				o.columns, o.rows, o.tag = read.columns, read.rows, tag
			case syncs == 0 && n == 2:
				o.own, o.others = read.own, read.others
			}
			n++
		default:
			return fmt.Errorf("unexpected %T", result)
		}
	}
	return nil
}

// fail notes an error of the statement; one of anything else is ours, unless
// the machine is so busy that looking at the tables takes too long.
func (o *Outcome) fail(failure *pgconn.PgError, n, syncs int) error {
	if failure.Code != timeout && (syncs != 0 || n != 1) {
		return failure
	}
	o.err = failure
	o.columns, o.rows, o.tag = "", nil, ""
	return nil
}
