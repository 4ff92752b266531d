package detours

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"text/template"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

func writerLeak(ctx context.Context, db *pgxpool.Pool) {
	var b strings.Builder
	var w io.Writer = &b
	io.WriteString(w, "SELECT id FROM ")
	fmt.Fprintf(w, "%s", "tasks")
	db.Query(ctx, b.String()) // want `"tasks" is not restricted`
}

func writerOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	var b strings.Builder
	var w io.Writer = &b
	io.WriteString(w, "SELECT id FROM ")
	fmt.Fprintf(w, "%s", "tasks")
	fmt.Fprint(w, " WHERE organization_id = $1")
	db.Query(ctx, b.String(), org)
}

func writeTable(w io.Writer, table string) { fmt.Fprintf(w, "SELECT id FROM %s", table) }

func writeOwn(w io.StringWriter) { w.WriteString(" WHERE organization_id = $1") }

func writersHelperLeak(ctx context.Context, db *pgxpool.Pool) {
	b := new(bytes.Buffer)
	writeTable(b, "tasks")
	db.Query(ctx, b.String()) // want `"tasks" is not restricted`
}

func writersHelperOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	b := new(bytes.Buffer)
	writeTable(b, "tasks")
	writeOwn(b)
	db.Query(ctx, b.String(), org)
}

type sqlWriter interface {
	io.Writer
	io.StringWriter
	fmt.Stringer
}

func stringerLeak(ctx context.Context, db *pgxpool.Pool) {
	var w sqlWriter = &strings.Builder{}
	w.WriteString(all)
	db.Query(ctx, w.String()) // want `"tasks" is not restricted`
}

func stringerOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	var w sqlWriter = &strings.Builder{}
	w.WriteString(own)
	db.Query(ctx, w.String(), org)
}

func bufferFromLeak(ctx context.Context, db *pgxpool.Pool) {
	b := bytes.NewBufferString("SELECT id ")
	b.WriteString("FROM tasks")
	db.Query(ctx, b.String()) // want `"tasks" is not restricted`
}

func bufferFromOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	b := bytes.NewBufferString("SELECT id ")
	b.WriteString("FROM tasks WHERE organization_id = $1")
	db.Query(ctx, b.String(), org)
}

func copyIOLeak(ctx context.Context, db *pgxpool.Pool) {
	var b strings.Builder
	io.Copy(&b, strings.NewReader(all))
	db.Query(ctx, b.String()) // want `"tasks" is not restricted`
}

func copyIOOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	var b strings.Builder
	io.Copy(&b, strings.NewReader(own))
	db.Query(ctx, b.String(), org)
}

func readAllLeak(ctx context.Context, db *pgxpool.Pool) {
	text, err := io.ReadAll(strings.NewReader(all))
	if err == nil {
		db.Query(ctx, string(text)) // want `"tasks" is not restricted`
	}
}

func readAllOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	text, err := io.ReadAll(strings.NewReader(own))
	if err == nil {
		db.Query(ctx, string(text), org)
	}
}

var page = template.Must(template.New("q").Parse("SELECT id FROM {{.}}"))

func templateLeak(ctx context.Context, db *pgxpool.Pool) {
	var b strings.Builder
	page.Execute(&b, "tasks")
	db.Query(ctx, b.String()) // want `cannot be known here`
}

func replacerLeak(ctx context.Context, db *pgxpool.Pool) {
	r := strings.NewReplacer("TABLE", "tasks")
	db.Query(ctx, r.Replace("SELECT id FROM TABLE")) // want `"tasks" is not restricted`
}

func replacerOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	r := strings.NewReplacer("TABLE", "tasks", "MINE", "organization_id = $1")
	db.Query(ctx, r.Replace("SELECT id FROM TABLE WHERE MINE"), org)
}

var names = strings.NewReplacer("TABLE", "tasks", "MINE", "organization_id = $1")

func globalReplacer(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	db.Query(ctx, names.Replace("SELECT id FROM TABLE")) // want `"tasks" is not restricted`
	db.Query(ctx, names.Replace("SELECT id FROM TABLE WHERE MINE"), org)
}

var pool = sync.Pool{New: func() any { return new(strings.Builder) }}

func poolLeak(ctx context.Context, db *pgxpool.Pool) {
	b := pool.Get().(*strings.Builder)
	defer pool.Put(b)
	b.Reset()
	b.WriteString(all)
	db.Query(ctx, b.String()) // want `"tasks" is not restricted`
}

func poolOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	b := pool.Get().(*strings.Builder)
	defer pool.Put(b)
	b.Reset()
	b.WriteString(own)
	db.Query(ctx, b.String(), org)
}

func poolFreshOwn(ctx context.Context, db *pgxpool.Pool, org uuid.UUID) {
	b := pool.Get().(*strings.Builder)
	defer func() {
		b.Reset()
		pool.Put(b)
	}()
	b.WriteString(own)
	db.Query(ctx, b.String(), org)
}
