package audit_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/migrations"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

var _ = query.Owned("projects")

// A change and its event are one transaction, and the organization's trail shows
// it.
func Example() {
	ctx, pool, sc, id := exampleProject()
	defer pool.Close()

	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		archive := query.Text("UPDATE projects SET archived = true WHERE id = $1", id)
		if _, err := query.Exec(ctx, tx, query.ForOrg(archive, sc)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, sc, audit.Event{
			Action: "project.archived", TargetType: "project", TargetID: &id,
			Details: map[string]any{"name": "Apollo"},
		})
	})
	if err != nil {
		log.Fatal(err)
	}

	trail, err := audit.List(ctx, pool, sc, audit.Page{})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range trail {
		fmt.Println(e.Action, e.TargetType, *e.TargetID == id, *e.ActorID == sc.UserID(), e.Details["name"])
	}
	// Output:
	// project.archived project true true Apollo
}

// A client asks for one page after the other, with the cursor that it was given.
func ExampleList() {
	ctx, pool, sc, _ := exampleProject()
	defer pool.Close()
	for _, action := range []string{"project.created", "project.renamed", "project.archived"} {
		if err := audit.Record(ctx, pool, sc, audit.Event{Action: action}); err != nil {
			log.Fatal(err)
		}
	}

	page := func(cursor string) (next string) {
		after, err := audit.ParseCursor(cursor) // "" is the first page
		if err != nil {
			log.Fatal(err)
		}
		events, err := audit.List(ctx, pool, sc, audit.Page{Limit: 2, After: after})
		if err != nil {
			log.Fatal(err)
		}
		for _, e := range events {
			fmt.Println(e.Action)
			next = e.Cursor().String()
		}
		return next
	}
	next := page("")
	fmt.Println("--")
	page(next)
	// Output:
	// project.archived
	// project.renamed
	// --
	// project.created
}

// Background work leaves its reason, also when it only reads.
func ExampleSystem() {
	ctx, pool, sc, _ := exampleProject()
	defer pool.Close()
	organization, err := sc.OrganizationID()
	if err != nil {
		log.Fatal(err)
	}

	job, err := audit.System(ctx, pool, organization, "send the monthly statements")
	if err != nil {
		log.Fatal(err)
	}
	open, err := query.One[int](ctx, pool, query.ForOrg(query.Text("SELECT count(*) FROM projects WHERE NOT archived"), job))
	if err != nil {
		log.Fatal(err)
	}
	trail, err := audit.List(ctx, pool, job, audit.Page{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(open, trail[0].Action, *trail[0].Reason, trail[0].ActorID)
	// Output:
	// 1 scope.system send the monthly statements <nil>
}

// Every way around the scope is on record before it is taken. Set the hook once,
// when the program starts.
func ExampleHook() {
	ctx, pool, _, _ := exampleProject()
	defer pool.Close()

	query.OnBypass(audit.Hook(pool, slog.Default()))
	defer query.OnBypass(nil)

	all := query.Unscoped(query.Text("SELECT count(*) FROM projects"), "the operator counts")
	n, err := query.One[int](ctx, pool, all)
	if err != nil {
		log.Fatal(err)
	}
	recorded, err := query.One[string](ctx, pool, query.Unscoped(query.Text(
		"SELECT reason FROM audit_events WHERE action = 'query.unscoped' ORDER BY occurred_at LIMIT 1"), "the auditor reads"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n, recorded)
	// Output:
	// 1 the operator counts
}

// exampleProject is a database with the tables of package migrations and one
// project, and a member of its organization.
//
//sigra:allow test -- the schema's own scripts
func exampleProject() (context.Context, pool, *scope.Scope, uuid.UUID) {
	ctx := context.Background()
	dsn, drop, err := pgtest.Database(migrations.All().Up(), `CREATE TABLE projects
		(organization_id uuid NOT NULL, id uuid NOT NULL, archived boolean NOT NULL DEFAULT false, PRIMARY KEY (organization_id, id))`)
	if err != nil {
		log.Fatal(err)
	}
	db, err := pgxpool.New(ctx, dsn)
	if err != nil {
		log.Fatal(err)
	}
	org := scope.Organization{ID: uuid.New(), Name: "Blue Bakery", Slug: "blue-bakery"}
	sc, err := scope.ForMember(org, scope.Membership{ID: uuid.New(), OrganizationID: org.ID, UserID: uuid.New(), Role: scope.Member})
	if err != nil {
		log.Fatal(err)
	}
	id := uuid.New()
	if _, err := query.Exec(ctx, db, query.ForOrg(query.Text("INSERT INTO projects (id) VALUES ($1)", id), sc)); err != nil {
		log.Fatal(err)
	}
	return ctx, pool{db, drop}, sc, id
}

// pool is a pool whose database goes when it is closed.
type pool struct {
	*pgxpool.Pool
	drop func()
}

func (p pool) Close() {
	p.Pool.Close()
	p.drop()
}
