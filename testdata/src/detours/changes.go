// Package detours brings texts to a database by roads that few take: each
// function with a leak has one beside it that is right.
package detours

import (
	"context"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Task struct {
	ID             uuid.UUID `db:"id"`
	OrganizationID uuid.UUID `db:"organization_id"`
}

const (
	all = "SELECT id FROM tasks"
	own = "SELECT id FROM tasks WHERE organization_id = $1"
)

func queuedLeak(ctx context.Context, org uuid.UUID) {
	b := &pgx.Batch{}
	q := b.Queue(own, org)
	q.SQL += " OR true" // want `"tasks" is not restricted`
}

func queuedReplacedLeak(ctx context.Context, org uuid.UUID) {
	b := &pgx.Batch{}
	b.Queue(own, org).SQL = all // want `"tasks" is not restricted`
}

func queuedOwn(ctx context.Context, org uuid.UUID) {
	b := &pgx.Batch{}
	q := b.Queue(own, org)
	q.SQL += " AND title <> ''"
	b.Queue("SELECT 1").SQL = own
}

func copiedLeak(ctx context.Context, db *pgxpool.Pool) {
	b := make([]byte, len(all))
	copy(b, all)
	db.Query(ctx, string(b)) // want `"tasks" is not restricted`
}

func copiedOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	b := make([]byte, len(own))
	copy(b, own)
	db.Query(ctx, string(b), org)
}

func copiedPartLeak(ctx context.Context, db *pgxpool.Pool) {
	b := make([]byte, 100)
	n := copy(b, "SELECT id FROM ")
	n += copy(b[n:], "tasks")
	db.Query(ctx, string(b[:n])) // want `cannot be known`
}

func copiedSliceLeak(ctx context.Context, db *pgxpool.Pool) {
	src := []string{all}
	dst := make([]string, 1)
	copy(dst, src)
	db.Query(ctx, dst[0]) // want `"tasks" is not restricted`
}

func copiedSliceOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	src := []string{own}
	dst := make([]string, 1)
	copy(dst, src)
	db.Query(ctx, dst[0], org)
}

func editedBytesLeak(ctx context.Context, db *pgxpool.Pool) {
	b := []byte("SELECT id FROM xasks")
	b[15] = 't'
	db.Query(ctx, string(b)) // want `cannot be known`
}

func clearedLeak(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	where := []string{" AND organization_id = $1"}
	clear(where)
	db.Query(ctx, all+" WHERE true"+where[0], org) // want `"tasks" is not restricted`
}

func readLeak(ctx context.Context, db *pgxpool.Pool, r io.Reader, size int) {
	b := make([]byte, 512)
	n, _ := r.Read(b)
	db.Query(ctx, string(b[:n])) // want `cannot be known`
	c := make([]byte, size)
	io.ReadFull(r, c)
	db.Query(ctx, string(c)) // want `cannot be known`
	var d [64]byte
	r.Read(d[:])
	db.Query(ctx, string(d[:])) // want `cannot be known`
}

func overwrite(b []byte) { copy(b, all) }

func overwrittenLeak(ctx context.Context, db *pgxpool.Pool) {
	b := []byte("SELECT id FROM users")
	overwrite(b)
	db.Query(ctx, string(b)) // want `cannot be known`
}

func appendedLeak(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	b := append([]byte(nil), "SELECT id FROM "...)
	b = append(b, []byte("tasks")...)
	db.Query(ctx, string(b)) // want `"tasks" is not restricted`
	b = append(b, ' ', 'x')
	db.Query(ctx, string(b)) // want `"tasks" is not restricted`
	b = append(b[:0], own...)
	db.Query(ctx, string(b), org)
	db.Query(ctx, string(append([]byte(own), " AND id = 1"...)), org)
}

func copiedMiddle(ctx context.Context, db *pgxpool.Pool, org uuid.UUID, dst []string) {
	list := []string{"SELECT 1", "SELECT 2"}
	copy(list[1:], []string{all})
	db.Query(ctx, list[1]) // want `"tasks" is not restricted`
	more := []string{"SELECT 1", "SELECT 2"}
	copy(more[1:], []string{own})
	db.Query(ctx, more[1], org)
}

type shelved struct{ parts []string }

func copiedField(ctx context.Context, db *pgxpool.Pool, org uuid.UUID, src []string) {
	s := shelved{parts: make([]string, 2)}
	copy(s.parts, []string{all, "SELECT 1"})
	db.Query(ctx, s.parts[0]) // want `"tasks" is not restricted`
}

type otherShelf struct{ parts []string }

func storedThroughField(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	s := otherShelf{parts: make([]string, 2)}
	s.parts[0] = all
	db.Query(ctx, s.parts[0]) // want `"tasks" is not restricted`
}

type tidyShelf struct{ parts []string }

func storedOwnThroughField(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	s := &tidyShelf{parts: make([]string, 2)}
	s.parts[0] = own
	db.Query(ctx, s.parts[0], org)
}
