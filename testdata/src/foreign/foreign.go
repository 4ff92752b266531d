// Package foreign takes organizations from requests.
package foreign

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"

	"connectrpc.com/connect"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
	"google.golang.org/grpc/metadata"

	"board"

	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

type server struct{ db *pgxpool.Pool }

func (s *server) list(ctx context.Context, org uuid.UUID) ([]board.Task, error) {
	return query.All[board.Task](ctx, s.db, query.ForOrg(board.Tasks.SelectFrom(), org))
}

func (s *server) partsOfRequest(w http.ResponseWriter, r *http.Request) {
	a, _ := uuid.Parse(r.PathValue("org"))
	query.ForOrg(board.Tasks.SelectFrom(), a) // want `organization of query.ForOrg comes from request input \(Request.PathValue\), so a client chooses it; take it from the caller's \*scope.Scope`
	b := uuid.MustParse(r.URL.Query().Get("org"))
	query.ForOrg(board.Tasks.SelectFrom(), b) // want `comes from request input \(Request.URL\)`
	c := uuid.MustParse(r.FormValue("org"))
	query.ForOrg(board.Tasks.SelectFrom(), c) // want `comes from request input \(Request.FormValue\)`
	d := uuid.MustParse(r.Header.Get("X-Org"))
	query.ForOrg(board.Tasks.SelectFrom(), d) // want `comes from request input \(Request.Header\)`
	cookie, _ := r.Cookie("org")
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(cookie.Value)) // want `comes from request input \(Request.Cookie\)`
	r.ParseForm()
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(r.PostForm["org"][0])) // want `comes from request input \(Request.PostForm\)`
	r.ParseMultipartForm(1 << 20)
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(r.MultipartForm.Value["org"][0])) // want `comes from request input`
	parts := strings.Split(r.URL.Path, "/")
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(parts[2])) // want `comes from request input`
}

type order struct {
	Org   uuid.UUID `json:"org"`
	Title string    `json:"title"`
	Owner uuid.UUID `json:"-"`
}

func (s *server) decodedBody(w http.ResponseWriter, r *http.Request) {
	var in order
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return
	}
	query.ForOrg(board.Tasks.SelectFrom(), in.Org) // want `comes from request input \(Request.Body\)`
	query.ForOrg(board.Tasks.SelectFrom(), in.Owner)
	data, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	var again order
	json.Unmarshal(data, &again)
	query.ForOrg(board.Tasks.SelectFrom(), again.Org) // want `comes from request input`
	var third struct{ Org uuid.UUID }
	xml.NewDecoder(r.Body).Decode(&third)
	query.ForOrg(board.Tasks.SelectFrom(), third.Org) // want `comes from request input`
	m := map[string]uuid.UUID{}
	json.NewDecoder(r.Body).Decode(&m)
	query.ForOrg(board.Tasks.SelectFrom(), m["org"]) // want `comes from request input`
	p := new(order)
	json.NewDecoder(r.Body).Decode(p)
	query.ForOrg(board.Tasks.SelectFrom(), p.Org) // want `comes from request input`
	h, err := decode[order](r)
	_ = err
	query.ForOrg(board.Tasks.SelectFrom(), h.Org) // want `comes from request input`
	var scanned string
	fmt.Sscan(r.Header.Get("X-Org"), &scanned)
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(scanned)) // want `comes from request input`
}

func decode[T any](r *http.Request) (T, error) {
	var v T
	err := json.NewDecoder(r.Body).Decode(&v)
	return v, err
}

func (s *server) ginContext(c *gin.Context) {
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(c.Param("org")))             // want `request input \(Context.Param\)`
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(c.Query("org")))             // want `request input \(Context.Query\)`
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(c.GetHeader("org")))         // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(c.Request.FormValue("org"))) // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), c.MustGet("org").(uuid.UUID))
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(c.GetString("org")))
	var in order
	c.ShouldBindJSON(&in)
	query.ForOrg(board.Tasks.SelectFrom(), in.Org) // want `request input \(Context.ShouldBindJSON\)`
	var q order
	c.BindQuery(&q)
	query.ForOrg(board.Tasks.SelectFrom(), q.Org) // want `request input`
}

func (s *server) otherFrameworks(c echo.Context, f *fiber.Ctx, r *http.Request) {
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(c.Param("org")))             // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(c.Request().PathValue("x"))) // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), c.Get("org").(uuid.UUID))
	var in order
	c.Bind(&in)
	query.ForOrg(board.Tasks.SelectFrom(), in.Org)                          // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(f.Params("org"))) // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(f.Get("X-Org")))  // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), f.Locals("org").(uuid.UUID))
	f.BodyParser(&in)
	query.ForOrg(board.Tasks.SelectFrom(), in.Org)                                 // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(chi.URLParam(r, "org"))) // want `request input \(chi.URLParam\)`
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(mux.Vars(r)["org"]))     // want `request input \(mux.Vars\)`
}

type listRequest struct{ OrgID string }

func (*listRequest) ProtoReflect() any { return nil }

func (s *server) List(ctx context.Context, in *listRequest) (*listRequest, error) {
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(in.OrgID)) // want `request input \(the request message\)`
	md, _ := metadata.FromIncomingContext(ctx)
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(md.Get("org")[0])) // want `request input \(metadata.FromIncomingContext\)`
	return nil, nil
}

func (s *server) Search(ctx context.Context, in *connect.Request[order]) (*order, error) {
	query.ForOrg(board.Tasks.SelectFrom(), in.Msg.Org)                           // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), uuid.MustParse(in.Header().Get("o"))) // want `request input`
	return nil, nil
}

func (s *server) helpers(r *http.Request) {
	org, err := organizationOf(r)
	if err != nil {
		return
	}
	s.list(r.Context(), org)                    // want `organization of query.ForOrg comes from request input`
	query.ForOrg(board.Tasks.SelectFrom(), org) // want `request input`
	run := s.list
	run(r.Context(), org) // want `request input`
	func() {
		query.ForOrg(board.Tasks.SelectFrom(), org) // want `request input`
	}()
	in := input{org: org}
	query.ForOrg(board.Tasks.SelectFrom(), in.org)                // want `request input`
	query.ForOrg(board.Tasks.SelectFrom(), pick(org, uuid.New())) // want `request input`
	in.run(s)
}

type input struct{ org uuid.UUID }

func (in input) run(s *server) { s.list(context.Background(), in.org) } // want `request input`

func pick(a, b uuid.UUID) uuid.UUID {
	if a == uuid.Nil {
		return b
	}
	return a
}

func organizationOf(r *http.Request) (uuid.UUID, error) { return uuid.Parse(r.PathValue("org")) }

// Everywhere that an organization enters.

func (s *server) entrances(r *http.Request, src pgx.CopyFromSource) {
	org, _ := organizationOf(r)
	sc, _ := scope.System(org, "imports") // want `organization of scope.System comes from request input`
	query.ForOrg(board.Tasks.SelectFrom(), sc)
	query.CopyForOrg(r.Context(), s.db, org, "tasks", []string{"id"}, src)                                  // want `organization of query.CopyForOrg comes from request input`
	scope.ForMember(scope.Organization{ID: org}, scope.Membership{OrganizationID: org, UserID: uuid.New()}) // want `organization of scope.ForMember comes from request input`
}

func (s *server) inserts(r *http.Request, sc *scope.Scope) {
	org, _ := organizationOf(r)
	query.ForOrg(query.Text("INSERT INTO tasks (id, organization_id) VALUES ($1, $2)", uuid.New(), org), sc) // want `organization of the rows that are inserted into "tasks" comes from request input`
	query.ForOrg(query.Text("INSERT INTO tasks (id, organization_id) VALUES ($1, $2)", org, sc), sc)
	query.ForOrg(board.Tasks.InsertInto(board.Task{OrganizationID: org}), sc) // want `inserted into "tasks" comes from request input`
	var task board.Task
	json.NewDecoder(r.Body).Decode(&task)
	query.ForOrg(board.Tasks.InsertInto(task), sc) // want `inserted into "tasks" comes from request input`
	task.OrganizationID = uuid.Nil
	query.ForOrg(board.Tasks.InsertInto(task), sc)
	create(sc, task)
	var other board.Task
	json.NewDecoder(r.Body).Decode(&other)
	create(sc, other)           // want `inserted into "tasks" comes from request input`
	add(sc, board.Tasks, other) // want `inserted into "tasks" comes from request input`
}

func create(sc *scope.Scope, t board.Task) { query.ForOrg(board.Tasks.InsertInto(t), sc) }

func add[M any](sc *scope.Scope, table query.Table[M], row M) {
	query.ForOrg(table.InsertInto(row), sc)
}

// What cleans.

type store struct{}

func (store) Membership(ctx context.Context, user, org uuid.UUID) (scope.Membership, error) {
	return query.One[scope.Membership](ctx, nil, nil)
}

func (s *server) cleaned(w http.ResponseWriter, r *http.Request, members store, user uuid.UUID) {
	sc, ok := scope.FromContext(r.Context())
	if !ok {
		return
	}
	query.ForOrg(board.Tasks.SelectFrom(), sc)
	current, _ := sc.OrganizationID()
	query.ForOrg(board.Tasks.SelectFrom(), current)

	asked, err := organizationOf(r)
	if err != nil {
		return
	}
	m, err := members.Membership(r.Context(), user, asked)
	if err != nil {
		return
	}
	query.ForOrg(board.Tasks.SelectFrom(), m.OrganizationID)
	entered, _ := scope.ForMember(scope.Organization{ID: m.OrganizationID}, m)
	query.ForOrg(board.Tasks.SelectFrom(), entered)
}

func (s *server) compared(r *http.Request, sc *scope.Scope) {
	asked, _ := organizationOf(r)
	current, _ := sc.OrganizationID()
	if asked != current {
		return
	}
	query.ForOrg(board.Tasks.SelectFrom(), asked)
}

func (s *server) comparedWithNothing(r *http.Request, sc *scope.Scope) {
	asked, _ := organizationOf(r)
	if asked == uuid.Nil {
		return
	}
	query.ForOrg(board.Tasks.SelectFrom(), asked) // want `request input`
}

func (s *server) overwritten(r *http.Request, sc *scope.Scope) {
	var in order
	json.NewDecoder(r.Body).Decode(&in)
	in.Org, _ = sc.OrganizationID()
	query.ForOrg(board.Tasks.SelectFrom(), in.Org)
}

func (s *server) onlyTheKey(r *http.Request) {
	known := map[string]uuid.UUID{"eu": uuid.New(), "us": uuid.New()}
	query.ForOrg(board.Tasks.SelectFrom(), known[r.Header.Get("X-Region")])
}

// The victim's own.

func (s *server) ofTheRow(ctx context.Context, id uuid.UUID) {
	var org uuid.UUID
	s.db.QueryRow(ctx, "SELECT organization_id FROM tasks WHERE id = $1", id).Scan(&org) // want `"tasks" is not scoped`
	query.ForOrg(board.Tasks.DeleteFrom(), org)                                          // want `organization of query.ForOrg is that of a row of "tasks" that was read for every organization, so whoever names the row chooses it`
	s.db.QueryRow(ctx, "SELECT organization_id FROM users WHERE id = $1", id).Scan(&org)
	query.ForOrg(board.Tasks.DeleteFrom(), org)
	//sigra:allow token-keyed -- nobody guesses the token
	s.db.QueryRow(ctx, "SELECT organization_id FROM tasks WHERE token = $1", id).Scan(&org)
	query.ForOrg(board.Tasks.DeleteFrom(), org)
}

func (s *server) ofTheRowThroughHelper(ctx context.Context, sc *scope.Scope, id uuid.UUID) {
	task, err := s.load(ctx, id)
	if err != nil {
		return
	}
	query.ForOrg(board.Tasks.SelectFrom(), task.OrganizationID) // want `is that of a row of "tasks"`
	own, _ := query.One[board.Task](ctx, s.db, query.ForOrg(board.Tasks.SelectFrom(), sc))
	query.ForOrg(board.Tasks.SelectFrom(), own.OrganizationID)
}

func (s *server) load(ctx context.Context, id uuid.UUID) (board.Task, error) {
	var t board.Task
	row := s.db.QueryRow(ctx, "SELECT id, organization_id FROM tasks WHERE id = $1", id) // want `"tasks" is not scoped`
	err := row.Scan(&t.ID, &t.OrganizationID)
	return t, err
}

func (s *server) ofTheRowThatMayBeRead(ctx context.Context, user, id, other uuid.UUID) error {
	if err := s.authorize(ctx, user, id); err != nil {
		return err
	}
	task, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	query.ForOrg(board.Tasks.SelectFrom(), task.OrganizationID)
	if task, err = s.load(ctx, other); err != nil {
		return err
	}
	query.ForOrg(board.Tasks.SelectFrom(), task.OrganizationID) // want `is that of a row of "tasks"`
	return nil
}

func (s *server) authorize(ctx context.Context, user, id uuid.UUID) error { return nil }

func (s *server) ofTheNamedRow(ctx context.Context, id uuid.UUID, hash string) {
	sb := board.Tasks.SelectFrom()
	sb.Where(sb.Equal("id", id))
	task, _ := query.One[board.Task](ctx, s.db, query.Unscoped(sb, "to find its organization"))
	query.ForOrg(board.Tasks.DeleteFrom(), task.OrganizationID)                                     // want `organization of query.ForOrg is that of a row of "tasks" that was read by its id, whosever it is`
	query.ForOrg(board.Tasks.InsertInto(board.Task{OrganizationID: task.OrganizationID}), uuid.Nil) // want `inserted into "tasks" is that of a row of "tasks" that was read by its id`
	scope.System(task.OrganizationID, "works on the task")

	sb = board.Tasks.SelectFrom()
	sb.Where(sb.Equal("token_hash", hash))
	invited, _ := query.One[board.Task](ctx, s.db, query.Unscoped(sb, "whoever has the token"))
	query.ForOrg(board.Tasks.DeleteFrom(), invited.OrganizationID)

	due, _ := query.All[board.Task](ctx, s.db, query.Unscoped(board.Tasks.SelectFrom(), "nightly sweep"))
	for _, d := range due {
		query.ForOrg(board.Tasks.DeleteFrom(), d.OrganizationID)
	}
}

type orgKey struct{}

type otherKey struct{}

func middleware(next http.Handler, find func(*http.Request) uuid.UUID) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), orgKey{}, uuid.MustParse(r.Header.Get("X-Org")))
		ctx = context.WithValue(ctx, otherKey{}, find(r))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (s *server) throughContext(ctx context.Context) {
	org, _ := ctx.Value(orgKey{}).(uuid.UUID)
	query.ForOrg(board.Tasks.SelectFrom(), org) // want `comes from request input \(Request.Header\)`
	other, _ := ctx.Value(otherKey{}).(uuid.UUID)
	query.ForOrg(board.Tasks.SelectFrom(), other)
}

func ginMiddleware(c *gin.Context) { c.Set("claimed", uuid.MustParse(c.GetHeader("X-Org"))) }

func afterMiddleware(c *gin.Context) {
	query.ForOrg(board.Tasks.SelectFrom(), c.MustGet("claimed").(uuid.UUID)) // want `comes from request input`
	query.ForOrg(board.Tasks.SelectFrom(), c.MustGet("verified").(uuid.UUID))
}

// An interface is judged by what it declares.

type Tasks interface {
	ListIn(ctx context.Context, orgID uuid.UUID) ([]board.Task, error)
	ListFor(ctx context.Context, userID, orgID uuid.UUID) ([]board.Task, error)
	ByID(ctx context.Context, id uuid.UUID) (board.Task, error)
}

type Organizations interface {
	Get(ctx context.Context, orgID uuid.UUID) (scope.Organization, error)
}

func interfaces(r *http.Request, tasks Tasks, orgs Organizations, user uuid.UUID, sc *scope.Scope) {
	org := uuid.MustParse(r.PathValue("org"))
	tasks.ListIn(r.Context(), org) // want `organization of Tasks.ListIn comes from request input`
	tasks.ListFor(r.Context(), user, org)
	tasks.ByID(r.Context(), org)
	orgs.Get(r.Context(), org)
	own, _ := sc.OrganizationID()
	tasks.ListIn(r.Context(), own)
}
