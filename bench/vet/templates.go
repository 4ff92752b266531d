package main

import (
	"fmt"
	"strings"
)

// The texts of a generated application. NNN is the number of the domain, PPP
// that of the one before, QQQ that of the statement.

const words = `package wordsNNN

import (
	"sort"
	"strings"
)

// Title writes each word with a capital.
func Title(s string) string {
	fields := strings.Fields(s)
	for i, f := range fields {
		fields[i] = strings.ToUpper(f[:1]) + f[1:]
	}
	return strings.Join(fields, " ")
}

// Count counts words.
func Count(s string) map[string]int {
	n := map[string]int{}
	for _, f := range strings.Fields(s) {
		n[strings.ToLower(f)]++
	}
	return n
}

// Common lists the words of s, the most frequent first.
func Common(s string) []string {
	n := Count(s)
	list := make([]string, 0, len(n))
	for w := range n {
		list = append(list, w)
	}
	sort.Slice(list, func(i, j int) bool { return n[list[i]] > n[list[j]] || n[list[i]] == n[list[j]] && list[i] < list[j] })
	return list
}
`

func modelOf(d int) string {
	if handWritten(d) {
		return strings.NewReplacer(
			"\n\t\"github.com/sigrahq/sigra/runtime/query\"", "",
			"var ItemsNNN = query.Declare[ItemNNN](\"itemsNNN\")", "// TableName names the table.\nfunc (ItemNNN) TableName() string { return \"itemsNNN\" }",
		).Replace(model)
	}
	return model
}

const model = `package modelNNN

import (
	"time"

	"github.com/google/uuid"
	"github.com/sigrahq/sigra/runtime/query"
)

// ItemNNN is a row of itemsNNN.
type ItemNNN struct {
	ID             uuid.UUID  ` + "`db:\"id\" json:\"id\"`" + `
	OrganizationID uuid.UUID  ` + "`db:\"organization_id\" json:\"-\"`" + `
	ParentID       *uuid.UUID ` + "`db:\"parent_id\" json:\"parent_id\"`" + `
	Name           string     ` + "`db:\"name\" json:\"name\"`" + `
	State          string     ` + "`db:\"state\" json:\"state\"`" + `
	Priority       int        ` + "`db:\"priority\" json:\"priority\"`" + `
	Cents          int64      ` + "`db:\"cents\" json:\"cents\"`" + `
	DueOn          *time.Time ` + "`db:\"due_on\" json:\"due_on\"`" + `
	CreatedAt      time.Time  ` + "`db:\"created_at\" json:\"created_at\"`" + `
}

var ItemsNNN = query.Declare[ItemNNN]("itemsNNN")

// Open tells whether an item is waited for.
func (i *ItemNNN) Open() bool { return i.State == "open" }
`

func storeOf(d int) string {
	if handWritten(d) {
		return handWrittenStore
	}
	return scopedStore
}

func storeHead(d int) string {
	if handWritten(d) {
		return `package storeNNN

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"example.test/app/modelNNN"
)

var _, _ = fmt.Sprint, strings.Join
`
	}
	return `package storeNNN

import (
	"context"

	"example.test/app/modelNNN"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

var _ pgx.Batch
var _ uuid.UUID
`
}

const scopedStore = `package storeNNN

import (
	"example.test/app/modelNNN"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Store keeps items.
type Store struct{ db *pgxpool.Pool }

func New(db *pgxpool.Pool) *Store { return &Store{db} }

type Filter struct {
	Name, State string
	Priority    int
	Limit       int
}

// where adds the conditions of a filter.
func where(sb *sqlbuilder.SelectBuilder, f Filter) *sqlbuilder.SelectBuilder {
	if f.Name != "" {
		sb.Where(sb.Like("name", "%"+f.Name+"%"))
	}
	if f.State != "" {
		sb.Where(sb.EQ("state", f.State))
	}
	if f.Priority > 0 {
		sb.Where(sb.GE("priority", f.Priority))
	}
	return sb.OrderByDesc("priority").Limit(f.Limit)
}

func open() *sqlbuilder.SelectBuilder {
	sb := modelNNN.ItemsNNN.SelectFrom()
	return sb.Where("state = 'open'")
}
`

// scopedMethods are statements of domains that use the runtime.
var scopedMethods = []string{`
func (s *Store) GetQQQ(ctx context.Context, sc *scope.Scope, id uuid.UUID) (modelNNN.ItemNNN, error) {
	sb := modelNNN.ItemsNNN.SelectFrom()
	sb.Where(sb.EQ("id", id))
	return query.One[modelNNN.ItemNNN](ctx, s.db, query.ForOrg(sb, sc))
}
`, `
func (s *Store) ListQQQ(ctx context.Context, sc *scope.Scope, f Filter) ([]modelNNN.ItemNNN, error) {
	return query.All[modelNNN.ItemNNN](ctx, s.db, query.ForOrg(where(modelNNN.ItemsNNN.SelectFrom(), f), sc))
}
`, `
func (s *Store) CountQQQ(ctx context.Context, sc *scope.Scope) (int64, error) {
	row := s.db.QueryRow(ctx, "", query.ForOrg(query.Text("SELECT count(*) FROM itemsNNN WHERE state = 'open' AND priority > QQQ % 10"), sc))
	var n int64
	err := row.Scan(&n)
	return n, err
}
`, `
func (s *Store) TreeQQQ(ctx context.Context, sc *scope.Scope, root uuid.UUID) ([]modelNNN.ItemNNN, error) {
	return query.All[modelNNN.ItemNNN](ctx, s.db, query.ForOrg(query.Text(` + "`" + `
		WITH RECURSIVE tree AS (
			SELECT i.* FROM itemsNNN i WHERE i.id = $1
			UNION ALL
			SELECT c.* FROM itemsNNN c JOIN tree ON c.parent_id = tree.id)
		SELECT id, organization_id, parent_id, name, state, priority, cents, due_on, created_at FROM tree` + "`" + `, root), sc))
}
`, `
func (s *Store) CloseQQQ(ctx context.Context, sc *scope.Scope, id uuid.UUID) error {
	ub := modelNNN.ItemsNNN.Update(modelNNN.ItemNNN{})
	ub.Set(ub.Assign("state", "closed"), ub.Incr("priority"))
	ub.Where(ub.EQ("id", id))
	_, err := query.Exec(ctx, s.db, query.ForOrg(ub, sc))
	return err
}
`, `
func (s *Store) AddQQQ(ctx context.Context, sc *scope.Scope, items ...modelNNN.ItemNNN) error {
	if len(items) == 0 {
		return nil
	}
	_, err := query.Exec(ctx, s.db, query.ForOrg(modelNNN.ItemsNNN.InsertInto(items...), sc))
	return err
}
`, `
func (s *Store) DropQQQ(ctx context.Context, sc *scope.Scope, ids []uuid.UUID) (int64, error) {
	db := modelNNN.ItemsNNN.DeleteFrom()
	db.Where("id = ANY (" + db.Var(ids) + ")")
	tag, err := query.Exec(ctx, s.db, query.ForOrg(db, sc))
	return tag.RowsAffected(), err
}
`, `
func (s *Store) SortedQQQ(ctx context.Context, sc *scope.Scope, by string, desc bool) ([]modelNNN.ItemNNN, error) {
	sb := open()
	switch by {
	case "name", "due_on", "cents":
	default:
		by = "created_at"
	}
	if desc {
		sb.OrderByDesc(by)
	} else {
		sb.OrderByAsc(by)
	}
	return query.All[modelNNN.ItemNNN](ctx, s.db, query.ForOrg(sb, sc))
}
`, `
func (s *Store) BatchQQQ(ctx context.Context, sc *scope.Scope, names map[uuid.UUID]string) error {
	batch := &pgx.Batch{}
	for id, name := range names {
		if _, err := query.Queue(batch, query.ForOrg(query.Text("UPDATE itemsNNN SET name = $1 WHERE id = $2", name, id), sc)); err != nil {
			return err
		}
	}
	return s.db.SendBatch(ctx, batch).Close()
}
`, `
func (s *Store) ClockQQQ(ctx context.Context) (int64, error) {
	var n int64
	err := s.db.QueryRow(ctx, "SELECT extract(epoch FROM now())::bigint + QQQ").Scan(&n)
	return n, err
}
`}

const handWrittenStore = `package storeNNN

import (
	"context"
	"database/sql"

	"example.test/app/modelNNN"
)

// Store keeps items.
type Store struct{ db *sql.DB }

func New(db *sql.DB) *Store { return &Store{db} }

const columns = "id, organization_id, name, state, priority"

// scan reads an item from a row of columns.
func scan(row *sql.Row) (i modelNNN.ItemNNN, err error) {
	err = row.Scan(&i.ID, &i.OrganizationID, &i.Name, &i.State, &i.Priority)
	return i, err
}

// count runs a statement that returns a number.
func (s *Store) count(ctx context.Context, text string, args ...any) (n int64, err error) {
	err = s.db.QueryRowContext(ctx, text, args...).Scan(&n)
	return n, err
}
`

// handWrittenMethods are statements of domains that do without.
var handWrittenMethods = []string{`
func (s *Store) GetQQQ(ctx context.Context, org, id string) (modelNNN.ItemNNN, error) {
	return scan(s.db.QueryRowContext(ctx, "SELECT "+columns+" FROM itemsNNN WHERE organization_id = $1 AND id = $2", org, id))
}
`, `
func (s *Store) ListQQQ(ctx context.Context, org, name, state string) (*sql.Rows, error) {
	var b strings.Builder
	b.WriteString("SELECT " + columns + " FROM itemsNNN i WHERE i.organization_id = $1")
	args := []any{org}
	if name != "" {
		args = append(args, name)
		fmt.Fprintf(&b, " AND i.name = $%d", len(args))
	}
	if state != "" {
		args = append(args, state)
		fmt.Fprintf(&b, " AND i.state = $%d", len(args))
	}
	b.WriteString(" ORDER BY i.name")
	return s.db.QueryContext(ctx, b.String(), args...)
}
`, `
func (s *Store) CountQQQ(ctx context.Context, org string) (int64, error) {
	return s.count(ctx, "SELECT count(*) FROM itemsNNN WHERE organization_id = $1 AND priority > QQQ % 10", org)
}
`, `
func (s *Store) CloseQQQ(ctx context.Context, org, id string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE itemsNNN SET state = 'closed' WHERE id = $2 AND organization_id = $1", org, id)
	return err
}
`, `
func (s *Store) AddQQQ(ctx context.Context, org, id, name string) error {
	_, err := s.db.ExecContext(ctx, "INSERT INTO itemsNNN (id, organization_id, name, state) VALUES ($1, $2, $3, 'open')", id, org, name)
	return err
}
`}

func serviceOf(d, queries int) string {
	first, argument, item := "sc *scope.Scope", "sc", "for id := range ids {\n\t\tif ids[id] == \"\" {\n\t\t\tcontinue\n\t\t}\n"
	imports := "\t\"github.com/sigrahq/sigra/runtime/scope\"\n"
	if handWritten(d) {
		first, argument, imports = "org string", "org", ""
	}
	below := "0"
	if d > 0 {
		below = "servicePPP.Depth() + 1"
		imports = "\t\"example.test/app/servicePPP\"\n" + imports
	}
	var b strings.Builder
	fmt.Fprintf(&b, `package serviceNNN

import (
	"context"
	"fmt"

	"example.test/app/storeNNN"
	"example.test/app/wordsNNN"
%s)

// Service is what the handlers call.
type Service struct {
	Store *storeNNN.Store
	limit int64
	names map[string][]string
}

// Names groups what it is given by its first word.
func (s *Service) Names(ctx context.Context, ids []string) (map[string][]string, error) {
	out := map[string][]string{}
	%s		words := wordsNNN.Common(ids[id])
		if len(words) == 0 {
			return nil, fmt.Errorf("item %%d has no words", id)
		}
		out[words[0]] = append(out[words[0]], wordsNNN.Title(ids[id]))
	}
	s.names = out
	return out, ctx.Err()
}

// Depth is the number of domains below this one.
func Depth() int { return %s }
`, imports, item, below)
	// One method for each count that the store has, as services are.
	kinds := len(scopedMethods)
	if handWritten(d) {
		kinds = len(handWrittenMethods)
	}
	for q := 2; q < queries; q += kinds {
		fmt.Fprintf(&b, `
// Busy%[1]s tells whether there is more to do than the limit.
func (s *Service) Busy%[1]s(ctx context.Context, %[2]s) (bool, error) {
	n, err := s.Store.Count%[1]s(ctx, %[3]s)
	if err != nil {
		return false, fmt.Errorf("count: %%w", err)
	}
	return n > s.limit, nil
}
`, fmt.Sprintf("%04d", q), first, argument)
	}
	return b.String()
}

const web = `package webNNN

import (
	"encoding/json"
	"net/http"

	"example.test/app/servicePPP"
	"example.test/app/serviceNNN"
	"example.test/app/wordsNNN"
)

// Handler answers requests about items.
type Handler struct {
	Items  *serviceNNN.Service
	Before *servicePPP.Service
	mux    *http.ServeMux
}

func New(items *serviceNNN.Service) *Handler {
	h := &Handler{Items: items, mux: http.NewServeMux()}
	h.mux.HandleFunc("POST /names", h.names)
	h.mux.HandleFunc("GET /words/{text}", h.words)
	return h
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

func (h *Handler) names(w http.ResponseWriter, r *http.Request) {
	var body struct {
		IDs []string ` + "`json:\"ids\"`" + `
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	names, err := h.Items.Names(r.Context(), body.IDs)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	reply(w, names)
}

func (h *Handler) words(w http.ResponseWriter, r *http.Request) {
	reply(w, wordsNNN.Count(r.PathValue("text")))
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
`

const webTest = `package webNNN

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"example.test/app/serviceNNN"
)

func TestWords(t *testing.T) {
	w := httptest.NewRecorder()
	New(&serviceNNN.Service{}).ServeHTTP(w, httptest.NewRequest("GET", "/words/one", nil))
	if w.Code != http.StatusOK {
		t.Errorf("status %d", w.Code)
	}
}
`
