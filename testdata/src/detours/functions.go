package detours

import (
	"context"
	"iter"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

func closureMapLeak(ctx context.Context, db *pgxpool.Pool, kind string) {
	texts := map[string]func() string{
		"a": func() string { return "SELECT 1" },
		"b": func() string { return all },
	}
	db.Query(ctx, texts[kind]()) // want `"tasks" is not restricted`
}

func closureMapOwn(ctx context.Context, db *pgxpool.Pool, kind string, org uuid.UUID) {
	texts := map[string]func() string{
		"a": func() string { return "SELECT 1" },
		"b": func() string { return own },
	}
	db.Query(ctx, texts[kind](), org)
}

func closureMapOkLeak(ctx context.Context, db *pgxpool.Pool, kind string) {
	texts := map[string]func() string{"b": func() string { return all }}
	if f, ok := texts[kind]; ok {
		db.Query(ctx, f()) // want `"tasks" is not restricted`
	}
}

func closureMapOkOwn(ctx context.Context, db *pgxpool.Pool, kind string, org uuid.UUID) {
	texts := map[string]func() string{"b": func() string { return own }}
	if f, ok := texts[kind]; ok {
		db.Query(ctx, f(), org)
	}
}

var byKind = map[string]func(string) string{
	"count": func(q string) string { return "SELECT count(*) FROM (" + q + ") q" },
	"plain": func(q string) string { return q },
}

func globalClosuresLeak(ctx context.Context, db *pgxpool.Pool, kind string) {
	db.Query(ctx, byKind[kind](all)) // want `"tasks" is not restricted`
}

func globalClosuresOwn(ctx context.Context, db *pgxpool.Pool, kind string, org uuid.UUID) {
	db.Query(ctx, byKind[kind](own), org)
}

type book struct{ table string }

func (b book) everything() string { return "SELECT id FROM " + b.table }
func (b *book) mine() string {
	return "SELECT id FROM " + b.table + " WHERE organization_id = $1"
}

func methodMapLeak(ctx context.Context, db *pgxpool.Pool, kind string) {
	b := book{"tasks"}
	texts := map[string]func() string{"all": b.everything, "mine": b.mine}
	db.Query(ctx, texts[kind]()) // want `"tasks" is not restricted`
}

func methodMapOwn(ctx context.Context, db *pgxpool.Pool, kind string, org uuid.UUID) {
	b := &book{"tasks"}
	texts := map[string]func() string{"mine": b.mine}
	db.Query(ctx, texts[kind](), org)
}

func closureSliceLeak(ctx context.Context, db *pgxpool.Pool) {
	for _, f := range []func() string{func() string { return all }} {
		db.Query(ctx, f()) // want `"tasks" is not restricted`
	}
}

func closureSliceOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	for _, f := range []func() string{func() string { return own }, (&book{"tasks"}).mine} {
		db.Query(ctx, f(), org)
	}
}

type step struct {
	name string
	text func() string
}

func closureTableLeak(ctx context.Context, db *pgxpool.Pool) {
	for _, s := range []step{{"a", func() string { return all }}} {
		db.Query(ctx, s.text()) // want `"tasks" is not restricted`
	}
}

func closureTableOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	for _, s := range []step{{"a", func() string { return own }}} {
		db.Query(ctx, s.text(), org)
	}
}

func runners(ctx context.Context, db *pgxpool.Pool, kind string, org uuid.UUID) {
	runs := map[string]func(string, ...any){
		"query": func(q string, args ...any) { db.Query(ctx, q, args...) },
		"exec":  func(q string, args ...any) { db.Exec(ctx, q, args...) },
	}
	runs[kind](all) // want `"tasks" is not restricted`
	runs[kind](own, org)
}

// Iterators.

func texts(qs ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, q := range qs {
			if !yield(q) {
				return
			}
		}
	}
}

func iteratorLeak(ctx context.Context, db *pgxpool.Pool) {
	for q := range texts("SELECT 1", all) {
		db.Query(ctx, q) // want `"tasks" is not restricted`
	}
}

func iteratorOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	for q := range texts("SELECT 1", own) {
		db.Query(ctx, q, org)
	}
}

func pairs(qs map[string]string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for name, q := range qs {
			if !yield(name, q) {
				return
			}
		}
	}
}

func pairsLeak(ctx context.Context, db *pgxpool.Pool) {
	for _, q := range pairs(map[string]string{"all": all}) {
		db.Query(ctx, q) // want `"tasks" is not restricted`
	}
}

func pairsOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	for _, q := range pairs(map[string]string{"own": own}) {
		db.Query(ctx, q, org)
	}
}

type shelf struct{ texts []string }

func (s *shelf) each(yield func(int, string) bool) {
	for i, q := range s.texts {
		if !yield(i, q) {
			return
		}
	}
}

func (s *shelf) All() iter.Seq2[int, string] { return s.each }

func methodIteratorLeak(ctx context.Context, db *pgxpool.Pool) {
	s := &shelf{texts: []string{all}}
	for _, q := range s.each {
		db.Query(ctx, q) // want `"tasks" is not restricted`
	}
}

type tidy struct{ texts []string }

func (s *tidy) each(yield func(int, string) bool) {
	for i, q := range s.texts {
		if !yield(i, q) {
			return
		}
	}
}

func methodIteratorOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	s := &tidy{texts: []string{own}}
	for _, q := range s.each {
		db.Query(ctx, q, org)
	}
}

func pulledLeak(ctx context.Context, db *pgxpool.Pool) {
	next, stop := iter.Pull(texts(all))
	defer stop()
	q, _ := next()
	db.Query(ctx, q) // want `cannot be known`
}

func builtByIterator(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	q := own
	for part := range texts(" AND title = 'a'", " AND title = 'b'") {
		q += part
	}
	db.Query(ctx, q, org)
	p := own
	for part := range texts(" AND title = 'a'", " OR true") {
		p += part
	}
	db.Query(ctx, p, org) // want `"tasks" is not restricted`
}
