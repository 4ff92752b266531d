package detours

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

func selectedLeak(ctx context.Context, db *pgxpool.Pool) {
	a, b := make(chan string, 1), make(chan string, 1)
	a <- "SELECT 1"
	b <- all
	select {
	case q := <-a:
		db.Query(ctx, q)
	case q, ok := <-b:
		if ok {
			db.Query(ctx, q) // want `"tasks" is not restricted`
		}
	case <-ctx.Done():
	}
}

func selectedOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	a, b := make(chan string, 1), make(chan string, 1)
	select {
	case a <- own:
	default:
	}
	b <- own
	var q string
	select {
	case q = <-a:
	case q = <-b:
	}
	db.Query(ctx, q, org)
}

func sentBySelectLeak(ctx context.Context, db *pgxpool.Pool) {
	a := make(chan string, 1)
	select {
	case a <- all:
	case <-ctx.Done():
	}
	db.Query(ctx, <-a) // want `"tasks" is not restricted`
}

func sentBySelectOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	a := make(chan string, 1)
	select {
	case a <- own:
	case <-ctx.Done():
	}
	db.Query(ctx, <-a, org)
}

func mixedSendsLeak(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	a := make(chan string, 2)
	a <- own
	select {
	case a <- all:
	default:
	}
	for q := range a {
		db.Query(ctx, q, org) // want `"tasks" is not restricted`
	}
}

func labelledLeak(ctx context.Context, db *pgxpool.Pool, n int) {
	q := "SELECT id FROM users"
outer:
	for i := range n {
		for j := range i {
			switch {
			case j == 3:
				q = all
				continue outer
			case j == 4:
				break outer
			}
		}
	}
	db.Query(ctx, q) // want `"tasks" is not restricted`
}

func labelledOwn(ctx context.Context, db *pgxpool.Pool, n int, org uuid.UUID) {
	q := "SELECT id FROM users"
outer:
	for i := range n {
		for j := range i {
			switch {
			case j == 3:
				q = own
				continue outer
			case j == 4:
				break outer
			}
		}
	}
	db.Query(ctx, q, org)
}

func gotoLeak(ctx context.Context, db *pgxpool.Pool, n int) {
	q := "SELECT 1"
again:
	db.Query(ctx, q) // want `"tasks" is not restricted`
	if n > 0 {
		n--
		q = all
		goto again
	}
}

func nested(n int, q string) string {
	if n == 0 {
		return q
	}
	return nested(n-1, "SELECT id FROM ("+q+") x")
}

func recursion(ctx context.Context, db *pgxpool.Pool, n int, org uuid.UUID) {
	db.Query(ctx, nested(n, all)) // want `"tasks" is not restricted`
	db.Query(ctx, nested(n, own), org)
}

func even(n int) string {
	if n == 0 {
		return own
	}
	return odd(n - 1)
}

func odd(n int) string {
	if n == 0 {
		return "SELECT id FROM users"
	}
	return even(n - 1)
}

func mutualRecursion(ctx context.Context, db *pgxpool.Pool, n int, org uuid.UUID) {
	db.Query(ctx, even(n), org)
}

type tree struct {
	left, right *tree
	cond        string
}

func (t *tree) String() string {
	if t == nil {
		return "true"
	}
	return "(" + t.left.String() + " OR " + t.right.String() + ")"
}

func trees(ctx context.Context, db *pgxpool.Pool, t *tree, org uuid.UUID) {
	db.Query(ctx, own+" AND "+t.String(), org)
	db.Query(ctx, all+" WHERE "+t.String()) // want `"tasks" is not restricted`
}

func deferredResult() (q string, err error) {
	defer func() {
		if recover() != nil {
			q = all
		}
	}()
	q = "SELECT 1"
	if q == "" {
		return "", errors.New("empty")
	}
	return q, nil
}

func named(ctx context.Context, db *pgxpool.Pool) {
	q, _ := deferredResult()
	db.Query(ctx, q) // want `"tasks" is not restricted`
}

func tidyResult() (q string) {
	defer func() { q += " AND true" }()
	q = own
	return q
}

func namedOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, tidyResult(), org)
}

func switched(ctx context.Context, db *pgxpool.Pool, v any, org uuid.UUID) {
	var q string
	switch v := v.(type) {
	case statementText:
		q = string(v)
	case kind:
		q = tidyByEnum[v]
	case nil:
		q = own
	}
	db.Query(ctx, q, org) // want `cannot be known here`
}

// Package variables that are set by others, in whatever order.

var (
	whole   = head + tail
	head    = "SELECT id FROM tasks"
	tail    = restricted()
	rest, _ = choose(true)
	swapped = [...]string{head, whole}
)

func restricted() string { return " WHERE organization_id = $1" }

func initialised(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, whole, org)
	db.Query(ctx, head) // want `"tasks" is not restricted`
	db.Query(ctx, rest, org)
	db.Query(ctx, swapped[1], org)
	db.Query(ctx, swapped[0]) // want `"tasks" is not restricted`
}

var late string

func init() {
	for _, q := range []string{own} {
		late = q
	}
}

func lateUse(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) { db.Query(ctx, late, org) }

// Closures that run later than they are made.

func setLaterLeak(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	var q string
	widen := func() { q = all }
	q = own
	db.Query(ctx, q, org)
	widen()
	db.Query(ctx, q, org) // want `"tasks" is not restricted`
}

func setLaterOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	var q string
	widen := func() { q = own }
	q = "SELECT id FROM users"
	db.Query(ctx, q)
	widen()
	db.Query(ctx, q, org)
}

func keptClosureLeak(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	var q string
	steps := map[string]func(){"widen": func() { q = all }}
	q = own
	steps["widen"]()
	db.Query(ctx, q, org) // want `"tasks" is not restricted`
}

func keptClosureOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	var q string
	steps := map[string]func(){"narrow": func() { q += " AND true" }}
	q = own
	steps["narrow"]()
	db.Query(ctx, q, org)
}

func withTx(db *pgxpool.Pool, fn func() error) error { return fn() }

func callbackLeak(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	q := own
	set := func() error { q = all; return nil }
	q = own + " AND true"
	if err := withTx(db, set); err != nil {
		return
	}
	db.Query(ctx, q, org) // want `"tasks" is not restricted`
}
