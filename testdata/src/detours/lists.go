package detours

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

func joinedLeak(ctx context.Context, db *pgxpool.Pool, ids []string) {
	where := []string{"done"}
	for i := range ids {
		where = append(where, fmt.Sprintf("id = $%d", i+1))
	}
	db.Query(ctx, all+" WHERE "+strings.Join(where, " AND ")) // want `"tasks" is not restricted`
}

func joinedOwn(ctx context.Context, db *pgxpool.Pool, ids []string, org uuid.UUID) {
	where := []string{"organization_id = $1"}
	for i := range ids {
		where = append(where, fmt.Sprintf("id = $%d", i+2))
	}
	db.Query(ctx, all+" WHERE "+strings.Join(where, " AND "), org)
}

func concatenatedLeak(ctx context.Context, db *pgxpool.Pool) {
	parts := slices.Concat([]string{"SELECT id"}, []string{"FROM tasks"})
	db.Query(ctx, strings.Join(parts, " ")) // want `"tasks" is not restricted`
}

func concatenatedOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	parts := slices.Concat([]string{"SELECT id", "FROM tasks"}, []string{"WHERE organization_id = $1"})
	db.Query(ctx, strings.Join(parts, " "), org)
}

func insertedLeak(ctx context.Context, db *pgxpool.Pool) {
	parts := slices.Insert([]string{"SELECT id"}, 1, "FROM tasks")
	db.Query(ctx, strings.Join(parts, " ")) // want `cannot be known`
}

func compactLeak(ctx context.Context, db *pgxpool.Pool) {
	parts := slices.Compact([]string{"SELECT id", "FROM tasks"})
	db.Query(ctx, strings.Join(parts, " ")) // want `cannot be known`
}

func grown(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	parts := slices.Grow([]string(nil), 4)
	parts = append(parts, all)
	db.Query(ctx, strings.Join(parts, " ")) // want `"tasks" is not restricted`
	parts = append(slices.Grow([]string(nil), 4), own)
	db.Query(ctx, strings.Join(parts, " "), org)
}

func repeated(ctx context.Context, db *pgxpool.Pool, org uuid.UUID, n int) {
	db.Query(ctx, all+strings.Repeat(" -- x", 3)) // want `"tasks" is not restricted`
	db.Query(ctx, own+" AND id IN ("+strings.TrimSuffix(strings.Repeat("$2,", n), ",")+")", org)
}

func joinParts(parts []string, sep string) string {
	out := ""
	for i, p := range parts {
		if i > 0 {
			out += sep
		}
		out += p
	}
	return out
}

func joinedByHelper(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, joinParts([]string{"SELECT id", "FROM tasks"}, " ")) // want `"tasks" is not restricted`
}

func joinedByHandLeak(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	q := all + " WHERE true"
	for _, c := range []string{"title <> ''", "done"} {
		q += " AND " + c
	}
	db.Query(ctx, q, org) // want `"tasks" is not restricted`
}

// Generic helpers.

type textual interface{ ~string }

type statementText string

func joinAll[S ~[]E, E textual](parts S, sep E) E {
	var out E
	for i, p := range parts {
		if i > 0 {
			out += sep
		}
		out += p
	}
	return out
}

func first[T any](list []T, otherwise T) T {
	if len(list) == 0 {
		return otherwise
	}
	return list[0]
}

func mapped[T, U any](list []T, f func(T) U) []U {
	var out []U
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}

func mappedAgain[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, x := range list {
		out[i] = f(x)
	}
	return out
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func choose(mine bool) (string, error) {
	if mine {
		return own, nil
	}
	return "", fmt.Errorf("nothing")
}

func chooseAll() (string, error) { return all, nil }

func genericLeak(ctx context.Context, db *pgxpool.Pool, list []string) {
	db.Query(ctx, string(joinAll([]statementText{"SELECT id", "FROM tasks"}, " "))) // want `"tasks" is not restricted`
	db.Query(ctx, first(nil, all))                                                  // want `"tasks" is not restricted`
	db.Query(ctx, must(chooseAll()))                                                // want `"tasks" is not restricted`
	db.Query(ctx, cmp.Or("", all))                                                  // want `"tasks" is not restricted`
	for _, q := range mapped([]string{"tasks"}, func(t string) string { return "SELECT id FROM " + t }) {
		db.Query(ctx, q) // want `"tasks" is not restricted`
	}
}

func genericOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, first([]string{own}, own), org)
	db.Query(ctx, must(choose(true)), org)
	for _, q := range mappedAgain([]string{"tasks"}, func(t string) string { return "SELECT id FROM " + t + " WHERE organization_id = $1" }) {
		db.Query(ctx, q, org)
	}
}

// Enumerations.

type kind int

const (
	listAll kind = iota
	listOwn
	listUsers
	kinds
)

var statements = [...]string{
	listAll:   all,
	listOwn:   own,
	listUsers: "SELECT id FROM users",
}

var tidyStatements = [kinds]string{
	listOwn:   own,
	listUsers: "SELECT id FROM users",
}

var byEnum = map[kind]string{listAll: all, listUsers: "SELECT id FROM users"}

var tidyByEnum = map[kind]string{listOwn: own, listUsers: "SELECT id FROM users"}

func enumsLeak(ctx context.Context, db *pgxpool.Pool, k kind) {
	db.Query(ctx, statements[k])       // want `"tasks" is not restricted`
	db.Query(ctx, statements[listAll]) // want `"tasks" is not restricted`
	db.Query(ctx, byEnum[k])           // want `"tasks" is not restricted`
	if q, ok := byEnum[k]; ok {
		db.Query(ctx, q) // want `"tasks" is not restricted`
	}
	db.Query(ctx, k.text()) // want `"tasks" is not restricted`
}

func enumsOwn(ctx context.Context, db *pgxpool.Pool, k kind, org uuid.UUID) {
	db.Query(ctx, statements[listOwn], org)
	db.Query(ctx, statements[listUsers])
	db.Query(ctx, tidyStatements[k], org)
	db.Query(ctx, tidyByEnum[k], org)
	if q, ok := tidyByEnum[k]; ok {
		db.Query(ctx, q, org)
	}
}

func (k kind) text() string { return statements[k] }

// Tables of structs.

type entry struct {
	list, count string
}

var entries = map[kind]entry{listAll: {list: all}, listOwn: {list: own, count: own}}

func entriesUse(ctx context.Context, db *pgxpool.Pool, k kind, org uuid.UUID) {
	db.Query(ctx, entries[k].list, org) // want `"tasks" is not restricted`
	db.Query(ctx, entries[k].count, org)
}

// Struct copies and arrays.

func copiesLeak(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	a := entry{list: own}
	b := a
	b.list = all
	db.Query(ctx, a.list, org)
	db.Query(ctx, b.list) // want `"tasks" is not restricted`
	c := &b
	d := *c
	c.list = own
	db.Query(ctx, d.list) // want `"tasks" is not restricted`
	db.Query(ctx, c.list, org)
	x := [2]string{own, own}
	y := x
	y[1] = all
	db.Query(ctx, x[1], org)
	db.Query(ctx, y[1]) // want `"tasks" is not restricted`
	db.Query(ctx, y[0], org)
	z := &y
	for _, q := range z {
		db.Query(ctx, q, org) // want `"tasks" is not restricted`
	}
}

func made[S ~[]E, E any](n int, f func(int) E) S {
	out := make(S, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

func blank[S ~[]E, E any](n int) S { return make(S, n) }

func madeByHelper(ctx context.Context, db *pgxpool.Pool) {
	for _, q := range made[[]string](2, func(int) string { return all }) {
		db.Query(ctx, q) // want `"tasks" is not restricted`
	}
	db.Query(ctx, all+blank[[]string](3)[1]) // want `"tasks" is not restricted`
}
